//! Objects to what they say, by kind.

use std::collections::BTreeMap;

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::head::Head;
use super::tiers::{self, TierSpec};
use super::words::Words;
use super::{NotUnderstood, ObjectRef, Reach, World, calico, cluster_policy, doubt, network_policy, rbac};
use crate::diagnostic::{Code, Diagnostic};
use crate::manifest::tree::Fault;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::Labels;
use crate::semantics::pods::PodBox;
use crate::source::FileId;
use crate::verify::access::Access;
use crate::verify::inventory::{self, Inventory};
use crate::verify::stack::Policy;
use crate::verify::tiers::{NETWORK_POLICY, Place};

/// One direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Ingress,
    Egress,
}

/// A policy and where it stands among the others of its side.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) side: Side,
    pub(super) tier: SmolStr,
    pub(super) place: Place,
    pub(super) policy: Policy,
}

/// The order that a NetworkPolicy has among Calico's policies of the tier `default` (§2.6).
const NETWORK_POLICY_ORDER: f64 = 1000.0;

impl Placed {
    pub(super) fn calico(head: &Head<'_>, side: Side, tier: &str, order: f64, policy: Policy) -> Self {
        let kind = if head.kind == "NetworkPolicy" { "NetworkPolicy" } else { "GlobalNetworkPolicy" };
        let namespace = if head.kind == "NetworkPolicy" { head.own_namespace() } else { "" };
        let place = Place { order, name: head.name.into(), namespace: namespace.into(), kind };
        Placed { side, tier: tier.into(), place, policy }
    }

    pub(super) fn cluster(head: &Head<'_>, side: Side, tier: &'static str, order: f64, policy: Policy) -> Self {
        let place = Place { order, name: head.name.into(), namespace: SmolStr::default(), kind: "ClusterNetworkPolicy" };
        Placed { side, tier: SmolStr::new_static(tier), place, policy }
    }

    pub(super) fn network_policy((name, namespace): (SmolStr, SmolStr), side: Side, policy: Policy) -> Self {
        let place = Place { order: NETWORK_POLICY_ORDER, name, namespace, kind: NETWORK_POLICY };
        Placed { side, tier: SmolStr::new_static(tiers::DEFAULT), place, policy }
    }
}

/// What was read so far.
#[derive(Default)]
pub(super) struct Reader<'n> {
    /// The last of the files whose objects take the place of others.
    pub(super) ours: Option<FileId>,
    pub(super) words: Words,
    pub(super) tiers: BTreeMap<SmolStr, TierSpec>,
    pub(super) sets: calico::Sets,
    /// Who is there, once all of it is read.
    pub(super) known: Inventory,
    /// Who may do what.
    pub(super) access: Access,
    namespaces: BTreeMap<&'n str, Labels>,
    inventory: inventory::Reader,
    placed: Vec<Placed>,
    objects: Vec<ObjectRef>,
    not_understood: Vec<NotUnderstood>,
    unclear_access: Vec<NotUnderstood>,
    diagnostics: Vec<Diagnostic>,
}

impl<'n> Reader<'n> {
    /// Reads objects: who is there first, since policies may select by it.
    pub(super) fn read(&mut self, heads: &[Head<'n>]) {
        let heads = self.distinct(heads);
        for head in &heads {
            let read = match kind_of(head) {
                Kind::Tier => calico::read_tier(self, head),
                Kind::Set => calico::read_set(self, head),
                _ => inventory::read(&mut self.inventory, &mut self.words, head),
            };
            if let Err(fault) = read {
                self.invalid(head, &fault);
            }
        }
        self.known = std::mem::take(&mut self.inventory).finish();
        self.sets.in_namespaces(&self.known);
        for head in &heads {
            if let Err(fault) = self.policy(head) {
                self.invalid(head, &fault);
            }
        }
    }

    /// The objects, each once. Of two that disagree the first is taken, and whatever the other may decide is unknown.
    fn distinct(&mut self, heads: &[Head<'n>]) -> Vec<Head<'n>> {
        let mut first: BTreeMap<(&str, &str, &str, &str), Head<'n>> = BTreeMap::new();
        let mut distinct = Vec::with_capacity(heads.len());
        for head in heads {
            let key = (head.group(), head.kind, head.own_namespace(), head.name);
            match first.get(&key) {
                Some(other) if !head.name.is_empty() => {
                    let is_ours = self.ours.is_some_and(|ours| other.place().file <= ours);
                    if !is_ours && !head.node.says_the_same(other.node) {
                        self.conflict(head, other);
                    }
                }
                _ => {
                    first.insert(key, *head);
                    distinct.push(*head);
                }
            }
        }
        distinct
    }

    fn conflict(&mut self, head: &Head<'n>, other: &Head<'n>) {
        let headline = format!("two manifests of {} `{}` disagree", head.kind, head.name);
        let conflict = Diagnostic::new(Code::ManifestConflict, head.place(), headline)
            .label("one of them")
            .also(other.place(), "the other")
            .help("give the manifests of one environment");
        self.diagnostics.push(conflict);
        let why = "another manifest of the same name says otherwise";
        match kind_of(head) {
            Kind::Other => {}
            Kind::Access => self.unclear_access(head, "", why),
            Kind::NetworkPolicy | Kind::Calico if head.kind == "NetworkPolicy" => {
                self.not_understood(head, "", why, Reach::namespace(head.own_namespace()));
            }
            _ => self.not_understood(head, "", why, Reach::everything()),
        }
    }

    fn policy(&mut self, head: &Head<'n>) -> Result<(), Fault> {
        match kind_of(head) {
            Kind::NetworkPolicy => network_policy::read(self, head)?,
            Kind::Calico => calico::read(self, head)?,
            Kind::Cluster => cluster_policy::read(self, head)?,
            Kind::Access => rbac::read(self, head)?,
            Kind::Foreign(why, Touches::Namespace) => self.not_understood(head, "", why, Reach::namespace(head.own_namespace())),
            Kind::Foreign(why, Touches::Everybody) => self.not_understood(head, "", why, Reach::everything()),
            Kind::Tier | Kind::Set | Kind::Other => {}
        }
        Ok(())
    }

    /// Enters an object, and gives its index.
    pub(super) fn object(&mut self, head: &Head<'n>) -> u32 {
        let namespace = (!head.namespace.is_empty()).then(|| self.words.word(head.namespace));
        let reference = ObjectRef {
            place: head.place(),
            api_version: self.words.word(head.api_version),
            kind: self.words.word(head.kind),
            namespace,
            name: self.words.word(head.name),
        };
        // What is not understood of an object is entered right before or after itself.
        match self.objects.last() {
            Some(last) if *last == reference => {}
            _ => self.objects.push(reference),
        }
        u32::try_from(self.objects.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The labels that a namespace's name says.
    pub(super) fn namespace_called(&mut self, name: &'n str) -> Labels {
        let words = &mut self.words;
        self.namespaces.entry(name).or_insert_with(|| PodBox::namespace_called(words.word(name))).clone()
    }

    pub(super) fn place(&mut self, placed: Placed) {
        if !placed.policy.subjects.is_empty() {
            self.placed.push(placed);
        }
    }

    /// Lists something that is not understood.
    pub(super) fn not_understood(&mut self, head: &Head<'n>, field: &str, why: &str, reach: Reach) {
        self.rule_in_doubt(head, field, why, reach, None);
    }

    /// Lists why a rule is in doubt.
    pub(super) fn rule_in_doubt(&mut self, head: &Head<'n>, field: &str, why: &str, reach: Reach, rule: Option<u32>) {
        let object = self.object(head);
        let place = if field.is_empty() { head.place() } else { head.place_of(field) };
        self.not_understood.push(NotUnderstood { object, place, field: field.into(), why: why.into(), reach, rule });
    }

    /// Lists something that may grant access and is not understood.
    pub(super) fn unclear_access(&mut self, head: &Head<'n>, field: &str, why: &str) {
        let object = self.object(head);
        let place = if field.is_empty() { head.place() } else { head.place_of(field) };
        self.unclear_access.push(NotUnderstood {
            object,
            place,
            field: field.into(),
            why: why.into(),
            reach: Reach::nothing(),
            rule: None,
        });
    }

    /// An object that the API server would refuse.
    pub(super) fn invalid(&mut self, head: &Head<'n>, fault: &Fault) {
        let name = if head.name.is_empty() { String::new() } else { format!(" `{}`", head.name) };
        let headline = format!("{}{name} is not a valid object of its kind", head.kind);
        let help = if head.text.contains("{{") {
            "this looks like a template of Helm: give what `helm template` makes of it"
        } else {
            "correct the file, or leave it out"
        };
        let place = if fault.path.is_empty() { head.place() } else { head.place_of(&fault.path) };
        self.diagnostics.push(Diagnostic::new(Code::ManifestUnreadable, place, headline).label(fault.to_string()).help(help));
    }

    pub(super) fn finish(self) -> (World, Vec<Diagnostic>) {
        let (sides, in_doubt) = doubt::apart(tiers::sides(&self.tiers, self.placed));
        let (inventory, objects, not_understood) = (self.known, self.objects, self.not_understood);
        let (access, unclear_access) = (self.access, self.unclear_access);
        let world = World { inventory, sides, in_doubt, objects, not_understood, access, unclear_access };
        (world, self.diagnostics)
    }
}

/// What an object may decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    NetworkPolicy,
    /// A policy of Calico.
    Calico,
    /// One of policy.networking.k8s.io.
    Cluster,
    Tier,
    /// Addresses with labels.
    Set,
    /// It says who may do what, and nothing about connections.
    Access,
    /// It decides about connections in a way that the model does not cover, and why.
    Foreign(&'static str, Touches),
    /// It decides nothing about connections.
    Other,
}

/// Whose connections something may decide about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Touches {
    /// Those of the pods of its own namespace.
    Namespace,
    Everybody,
}

/// Groups whose objects decide about connections and that the model does not cover.
const FOREIGN: [(&str, &str, &str, Touches); 8] = [
    ("extensions", "NetworkPolicy", "an API that no server has any more; write networking.k8s.io/v1", Touches::Namespace),
    ("cilium.io", "CiliumNetworkPolicy", "Cilium's policies are not covered", Touches::Namespace),
    ("cilium.io", "CiliumClusterwideNetworkPolicy", "Cilium's policies are not covered", Touches::Everybody),
    // Those of Istio's root namespace, which may be any, are for the whole mesh.
    ("security.istio.io", "AuthorizationPolicy", "Istio's policies are not covered", Touches::Everybody),
    ("security.istio.io", "PeerAuthentication", "Istio's policies are not covered", Touches::Everybody),
    ("crd.antrea.io", "NetworkPolicy", "Antrea's policies are not covered", Touches::Namespace),
    ("crd.antrea.io", "ClusterNetworkPolicy", "Antrea's policies are not covered", Touches::Everybody),
    ("k8s.ovn.org", "EgressFirewall", "OVN's egress firewalls are not covered", Touches::Namespace),
];

pub(super) fn kind_of(head: &Head<'_>) -> Kind {
    match (head.group(), head.kind) {
        ("networking.k8s.io", "NetworkPolicy") => Kind::NetworkPolicy,
        ("policy.networking.k8s.io", "ClusterNetworkPolicy" | "AdminNetworkPolicy" | "BaselineAdminNetworkPolicy") => Kind::Cluster,
        ("projectcalico.org" | "crd.projectcalico.org", kind) => match kind {
            "NetworkPolicy" | "GlobalNetworkPolicy" => Kind::Calico,
            "Tier" => Kind::Tier,
            "NetworkSet" | "GlobalNetworkSet" | "HostEndpoint" => Kind::Set,
            // Staged policies are reported and never enforced; the rest is Calico's own setting.
            _ => Kind::Other,
        },
        (group, kind) if rbac::is_access(group, kind) => Kind::Access,
        (group, kind) => {
            let foreign = FOREIGN.iter().find(|(own, name, ..)| (*own, *name) == (group, kind));
            foreign.map_or(Kind::Other, |(_, _, why, touches)| Kind::Foreign(why, *touches))
        }
    }
}

/// Pods of one policy as ends.
pub(super) fn ends(boxes: impl IntoIterator<Item = PodBox>) -> SmallVec<[EndBox; 1]> {
    boxes.into_iter().filter(|pods| !pods.is_empty()).map(EndBox::pods).collect()
}
