//! What is asked: a policy set, manifests, or both, made ready for many questions about one cluster.

use std::cell::OnceCell;
use std::rc::Rc;

use super::cite::Citation;
use super::doubt::Extremes;
use super::known::Known;
use super::lookup::Group;
use super::{Basis, Wrong};
use crate::compile::{Compilation, Files, Options, compiled_beside_others};
use crate::diagnostic::{self, Diagnostic};
use crate::ir;
use crate::resolve;
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::source::{SourceFile, Sources, Span};
use crate::syntax::tree::Builtin;
use crate::verify::access::{self, Access};
use crate::verify::given::{self, Given, OURS, called};
use crate::verify::intent;
use crate::verify::query::{Judge, Keys};
use crate::verify::stack::{Origin, Sides};
use crate::verify::why::Side;
use crate::verify::world::{NotUnderstood, World};

/// Private and other addresses that are never the internet's: where nothing says which addresses pods have,
/// they have some of these.
const NOT_PUBLIC: &[&str] = &["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

/// What was given, read.
#[derive(Debug)]
pub struct Model {
    /// What the compiler said; with an error among it nothing can be asked.
    pub(super) compilation: Compilation,
    pub(super) policy: ir::Policy,
    pub(super) cluster: ir::Cluster,
    pub(super) basis: Basis,
    /// What the policy says, sentence by sentence.
    pub(super) meant: Sides,
    /// What holds in the end.
    pub(super) found: Sides,
    /// The same if what is not understood decides one way or the other; none where all is.
    pub(super) extremes: Option<Extremes<Sides>>,
    /// What the manifests hold, and the policy's own objects among them; none where nothing but the policy was given.
    pub(super) world: Option<World>,
    /// What of the manifests could not be read, beside a policy.
    pub(super) unreadable: Option<Diagnostic>,
    /// The texts that the world's places are in.
    pub(super) sources: Sources,
    /// Who may do what, once somebody asks.
    access: OnceCell<Access>,
}

/// A model with what questions to it have in common.
#[derive(Debug)]
pub(super) struct Cluster<'m> {
    pub(super) model: &'m Model,
    pub(super) known: Known,
    pub(super) keys: Keys,
    pub(super) judge: Judge<'m>,
    /// The same if what is not understood decides one way or the other.
    pub(super) extremes: Option<Extremes<Judge<'m>>>,
    /// The addresses that pods may have.
    pub(super) pod_addresses: AddressSet,
    /// Everyone, once somebody asks for them.
    pub(super) everyone: OnceCell<Vec<Group>>,
    /// Sets of addresses that have a name.
    pub(super) names: Vec<(AddressSet, &'static str)>,
}

impl Model {
    /// Reads what is to be asked about. Policies may be absent; then the manifests alone are.
    ///
    /// # Errors
    ///
    /// There is not exactly one cluster to ask about.
    pub fn new(files: Files, options: &Options) -> Result<Self, Wrong> {
        Self::of(files, options, true)
    }

    /// Reads a policy and manifests that are to be held against each other: what the policy is compiled to is
    /// not among them.
    ///
    /// # Errors
    ///
    /// There is not exactly one cluster to ask about.
    pub fn beside(files: Files, options: &Options) -> Result<Self, Wrong> {
        Self::of(files, options, false)
    }

    fn of(files: Files, options: &Options, with_output: bool) -> Result<Self, Wrong> {
        let basis = Basis { policies: !files.policies.is_empty(), manifests: !files.manifests.is_empty() };
        let manifests = files.manifests.clone();
        let (compilation, policy) = if basis.policies { compiled_beside_others(files, options) } else { nothing_said() };
        let cluster = if compilation.has_errors() { None } else { Some(only_cluster(&policy, &compilation)?) };
        let cluster = cluster.or_else(|| policy.clusters.first().cloned()).ok_or_else(|| Wrong::new("there is no cluster to ask about"))?;
        let meant = if basis.policies { intent::read(&policy, &cluster).sides } else { Sides::default() };
        let mut model = Model {
            compilation,
            policy,
            cluster,
            basis,
            meant,
            found: Sides::default(),
            extremes: None,
            world: None,
            unreadable: None,
            sources: Sources::default(),
            access: OnceCell::new(),
        };
        model.read_world(manifests, with_output);
        Ok(model)
    }

    /// What the compiler said of the policy; with an error there are no answers.
    #[must_use]
    pub fn compilation(&self) -> &Compilation {
        &self.compilation
    }

    /// Reads the manifests and, beside them, what the policy is compiled to.
    fn read_world(&mut self, manifests: Vec<SourceFile>, with_output: bool) {
        if self.compilation.has_errors() {
            return;
        }
        // A policy alone means what it says: every build proves it.
        if manifests.is_empty() && self.policy.includes.is_empty() {
            self.found = self.meant.clone();
            return;
        }
        let here = |cluster: &str| with_output && cluster == self.cluster.name.as_str();
        let own = self.compilation.objects.iter().filter(|output| here(&output.cluster)).map(|output| &output.object);
        let includes = self.policy.includes.iter().filter(|include| with_output && include.clusters.contains(&self.cluster.name));
        let Given { world, sources, found, .. } = Given::read(own, includes, manifests);
        self.found = world.sides.clone();
        self.extremes = Extremes::of(&world);
        if !self.basis.policies {
            self.compilation.sources = sources.clone();
            self.compilation.diagnostics = found;
            diagnostic::settle(&mut self.compilation.diagnostics);
        } else {
            self.unreadable = found.into_iter().find(Diagnostic::is_error);
        }
        self.sources = sources;
        self.world = Some(world);
    }

    /// Who may do what in the end: by the policy's own objects, by what is given, by the roles that every cluster has, and
    /// by what a cloud binds for the policy.
    pub(super) fn access(&self) -> &Access {
        self.access.get_or_init(|| {
            let mut access = match &self.world {
                Some(world) => world.access.clone().with_builtin(self.cluster.kubernetes),
                None => access::intent::read(&self.policy, &self.cluster),
            };
            access.bindings.extend(access::intent::of_service(&self.policy, &self.cluster));
            access
        })
    }

    /// What the answers take for granted.
    pub(super) fn assumptions(&self) -> Vec<String> {
        let mut all = Vec::new();
        if self.cluster.pods.addresses().is_empty() {
            all.push("pods have private addresses: nothing says which (`cluster NAME { pods 10.244.0.0/16 }` would)".to_owned());
        }
        if !self.basis.manifests {
            all.push("no other policy exists in the cluster: none was given (`--manifests DIR`)".to_owned());
        }
        all.push("a node's address may carry anyone's traffic".to_owned());
        all
    }

    /// An object of the manifests; none for one of the policy's own, which its sentences are cited for.
    pub(super) fn object(&self, rule: Origin, side: Side) -> Option<Citation> {
        let Origin::Object { object, rule } = rule else { return None };
        let object = self.world.as_ref()?.objects.get(object as usize)?;
        if self.sources.name(object.place.file) == OURS {
            return None;
        }
        let position = self.sources.position(object.place);
        let side = if side == Side::Egress { "egress" } else { "ingress" };
        let rule = rule.map_or(String::new(), |rule| format!(", {side} rule {}", rule + 1));
        Some(Citation {
            file: self.sources.name(object.place.file).to_owned(),
            line: position.line,
            column: position.column,
            text: format!("{}{rule}", called(object)),
            ..Citation::default()
        })
    }

    /// What is not understood and could matter to pods on one side.
    pub(super) fn not_understood(&self, side: Side, ends: &[EndBox]) -> impl Iterator<Item = &NotUnderstood> {
        let matters = move |what: &&NotUnderstood| {
            let reaches = if side == Side::Egress { what.reach.egress } else { what.reach.ingress };
            reaches && what.reach.subjects.iter().any(|subject| ends.iter().any(|end| !subject.is_disjoint(end)))
        };
        self.world.iter().flat_map(|world| &world.not_understood).filter(matters)
    }

    /// Something that is not understood, with its place.
    pub(super) fn told(&self, what: &NotUnderstood) -> String {
        self.world.as_ref().map(|world| given::told(world, &self.sources, what)).unwrap_or_default()
    }

    /// The sets of addresses that answers call by a word.
    fn names(&self) -> Vec<(AddressSet, &'static str)> {
        let mut names = vec![(AddressSet::all_v4(), "every IPv4 address"), (AddressSet::all_v6(), "every IPv6 address")];
        for word in [Builtin::Internet, Builtin::Metadata, Builtin::Nodes] {
            let ends = peer(word).map(|peer| intent::ends(&self.policy, &self.cluster, &peer)).unwrap_or_default();
            let addresses = ends.iter().filter_map(|end| if let EndBox::Outside(addresses) = end { Some(addresses) } else { None });
            for addresses in addresses {
                names.push((addresses.clone(), word.as_str()));
                names.push((addresses.intersection(&AddressSet::all_v4()), word.as_str()));
            }
        }
        names
    }

    /// Everything whose rules may be asked.
    pub(super) fn stacks(&self) -> impl Iterator<Item = &Sides> {
        let extremes = self.extremes.iter().flat_map(|sides| [&sides.most, &sides.least]);
        [&self.found, &self.meant].into_iter().chain(extremes)
    }

    pub(super) fn cluster(&self) -> Cluster<'_> {
        self.cluster_with(Keys::of(self.stacks()))
    }

    /// As [`Self::cluster`], with pods told apart by these labels.
    pub(super) fn cluster_with(&self, keys: Keys) -> Cluster<'_> {
        let mut known = Known::of_policy(&self.policy, &self.cluster);
        if let Some(world) = &self.world {
            known.add_inventory(&world.inventory);
        }
        let stated = self.cluster.pods.addresses();
        let pod_addresses = if stated.is_empty() { AddressSet::parse_all(NOT_PUBLIC) } else { stated };
        known.close(&keys);
        let extremes = self.extremes.as_ref().map(Extremes::judges);
        let judge = Judge::new(&self.found);
        Cluster { model: self, known, keys, judge, extremes, pod_addresses, everyone: OnceCell::new(), names: self.names() }
    }
}

/// A policy that says nothing, for manifests that are asked alone.
fn nothing_said() -> (Compilation, ir::Policy) {
    let (sources, facts) = (Sources::default(), ir::facts::Facts::default());
    let input = resolve::Input { sources: &sources, trees: &[], included: &[], facts: &facts, today: None, incomplete: false };
    let (policy, _) = resolve::resolve(&input);
    let mut compilation = Compilation::default();
    compilation.clusters = policy.clusters.iter().map(|cluster| (cluster.name.clone(), cluster.account.clone())).collect();
    (compilation, policy)
}

/// The one cluster that is asked about.
fn only_cluster(policy: &ir::Policy, compilation: &Compilation) -> Result<ir::Cluster, Wrong> {
    let names: Vec<&str> = compilation.clusters.iter().map(|(name, _)| name.as_str()).collect();
    match names.as_slice() {
        [only] => {
            policy.clusters.iter().find(|cluster| cluster.name == *only).cloned().ok_or_else(|| Wrong::new("there is no such cluster"))
        }
        [] => Err(Wrong::new("no cluster is left to ask about")),
        several => Err(Wrong::new(format!("the policy is for {} clusters: `{}`", several.len(), several.join("`, `")))
            .help(format!("say which one is asked about: `--cluster {}`", several.first().unwrap_or(&"NAME")))),
    }
}

impl Cluster<'_> {
    /// The ends that a word of the language means.
    pub(super) fn word(&self, word: Builtin) -> Result<Vec<EndBox>, Wrong> {
        if let Some(peer) = peer(word) {
            let ends = intent::ends(&self.model.policy, &self.model.cluster, &peer);
            let ends = self.only(word, ends);
            if !ends.is_empty() {
                return Ok(ends);
            }
        }
        let wrong = Wrong::new(format!("nothing says who `{}` is", word.as_str()));
        let line = match word {
            Builtin::Ingress => "ingress nginx in ingress-nginx select app.kubernetes.io/name=ingress-nginx",
            Builtin::Nodes => "nodes 192.168.0.0/24",
            Builtin::ApiServer => "apiserver 192.168.0.10:6443",
            _ => return Err(Wrong::new(format!("`{}` cannot be asked about yet", word.as_str()))),
        };
        Err(wrong
            .help("ask by what they are: `NAMESPACE/pods(LABEL=VALUE)`, or an address")
            .help(format!("or let the policy say it: `cluster {} {{ {line} }}`", self.model.cluster.name)))
    }
}

impl Cluster<'_> {
    /// Of whoever holds some addresses, those that the word is about: controllers and name servers are
    /// pods, the others are not.
    fn only(&self, word: Builtin, ends: Vec<EndBox>) -> Vec<EndBox> {
        let pods = matches!(word, Builtin::Ingress | Builtin::Dns);
        let narrowed = |end| match end {
            EndBox::Pods { pods: own, addresses } => {
                let addresses = addresses.intersection(&self.pod_addresses);
                pods.then_some(EndBox::Pods { pods: self.known.at_home(&own), addresses })
            }
            outside => Some(outside),
        };
        ends.into_iter().filter_map(narrowed).filter(|end| !end.is_empty()).collect()
    }

    /// The addresses that pods are said to have; none where nothing says it.
    pub(super) fn stated_pod_addresses(&self) -> AddressSet {
        self.model.cluster.pods.addresses()
    }
}

/// A word of the language as a flow's peer.
fn peer(word: Builtin) -> Option<ir::Peer> {
    use ir::PeerKind;
    let kind = match word {
        Builtin::Internet => PeerKind::Addresses(ir::Address::Internet),
        Builtin::Metadata => PeerKind::Addresses(ir::Address::Metadata),
        Builtin::Ingress => PeerKind::Ingress,
        Builtin::Nodes => PeerKind::Nodes,
        Builtin::Dns => PeerKind::Dns,
        Builtin::ApiServer => PeerKind::ApiServer,
        Builtin::Anywhere | Builtin::Hosts | Builtin::Nodeports => return None,
    };
    let who = Rc::new(ir::flow::Who { kind, name: word.as_str().into() });
    Some(ir::Peer { who, except: Vec::new(), opens: false, span: Span::default() })
}
