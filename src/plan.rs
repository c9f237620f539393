//! What the policy means in one cluster, still in nobody's dialect: who is isolated
//! where, which end an allow opens, what a deny closes.

pub(crate) mod access;
mod addresses;
mod allow;
mod deny;
mod ends;
mod except;
mod finish;
mod isolation;
mod subtract;
#[cfg(test)]
mod tests;
pub(crate) mod tls;

pub(crate) use ends::held_nowhere;

use std::collections::HashMap;

use smallvec::SmallVec;
use smol_str::SmolStr;

use crate::diagnostic::Diagnostic;
use crate::hash::Seeded;
use crate::ir::{Cluster, Policy, SentenceId, Verdict};
use crate::semantics::addresses::AddressSet;
use crate::semantics::labels::Labels;
use crate::semantics::pods::PodBox;
use crate::semantics::ports::PortSet;

/// The sentences behind a decision, sorted: mostly one.
pub(crate) type Sentences = SmallVec<[SentenceId; 4]>;

/// The other ends of a rule: mostly one.
pub(crate) type Peers = SmallVec<[Peer; 1]>;

/// The decisions for one cluster.
#[derive(Debug, Clone)]
pub(crate) struct Plan<'a> {
    /// The cluster.
    pub(crate) cluster: &'a Cluster,
    /// Pods that are closed but for the rules.
    pub(crate) isolated: Vec<Isolated>,
    /// What is open all the same. Denies are already subtracted where the enforcer has none.
    pub(crate) rules: Vec<Rule>,
    /// What is closed whatever is allowed; empty where denies were subtracted.
    pub(crate) denies: Vec<Deny>,
    /// What is encrypted, and by whose certificate.
    pub(crate) tls: tls::Tls<'a>,
    /// Who may ask what of the API server.
    pub(crate) access: access::Access,
}

/// Pods that are isolated on some sides. Every box is of one namespace by name, unless
/// the enforcer can hold namespaces not yet born.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Isolated {
    /// Whose.
    pub(crate) subject: Subject,
    /// The connections to them are closed.
    pub(crate) ingress: bool,
    /// The connections they open are closed.
    pub(crate) egress: bool,
    /// The sentences that say so.
    pub(crate) sentences: Sentences,
}

impl Isolated {
    /// Whether a side is closed.
    pub(crate) fn closes(&self, side: Side) -> bool {
        match side {
            Side::Ingress => self.ingress,
            Side::Egress => self.egress,
        }
    }
}

/// Pods that an object selects, and how they are called in its name. The box's label
/// tests are such that one LabelSelector says them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Subject {
    /// Which pods.
    pub(crate) pods: PodBox,
    /// How they are called.
    pub(crate) name: SubjectName,
}

/// How a subject is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SubjectName {
    /// Every pod of the namespace, or of the cluster.
    All,
    /// A workload.
    Workload(SmolStr),
    /// Pods that only a selector describes; what it was made from.
    Selected(SmolStr),
}

/// Which side of the subject a rule opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Side {
    /// Connections to it.
    Ingress,
    /// Connections it opens.
    Egress,
}

/// Connections that an isolated side lets through.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rule {
    /// Whose side.
    pub(crate) subject: Subject,
    /// Which side.
    pub(crate) side: Side,
    /// The other ends: one or more.
    pub(crate) peers: Peers,
    /// The ports, at the destination.
    pub(crate) ports: PortSet,
    /// The sentences that say so.
    pub(crate) sentences: Sentences,
}

/// One other end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Peer {
    /// Pods.
    Pods(PodBox),
    /// Addresses.
    Addresses(AddressSet),
    /// Addresses of a declared list, by its name.
    Listed(SmolStr, AddressSet),
    /// Every address and every pod.
    Anyone,
}

/// Connections that no allow opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deny {
    /// Who opens them.
    pub(crate) sources: Vec<Peer>,
    /// To whom.
    pub(crate) destinations: Vec<Peer>,
    /// On which ports.
    pub(crate) ports: PortSet,
    /// A name made of the sentence's own words.
    pub(crate) name: String,
    /// The sentence.
    pub(crate) sentence: SentenceId,
}

/// What the enforcers of a cluster can do; each target states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Capabilities {
    /// Deny rules that beat every allow. Without them denies are subtracted from what is allowed.
    pub(crate) deny: bool,
    /// Pods by service account.
    pub(crate) service_accounts: bool,
    /// ICMP as a protocol of its own.
    pub(crate) icmp: bool,
    /// Pods of namespaces that do not exist yet.
    pub(crate) unborn_namespaces: bool,
    /// What its Ingress controller can do.
    pub(crate) controller: tls::Controller,
}

/// What every step of the planning of one cluster works with.
struct Context<'a> {
    policy: &'a Policy,
    cluster: &'a Cluster,
    capabilities: Capabilities,
    ranges: addresses::Ranges,
    namespaces: ends::Namespaces<'a>,
    /// The labels of workloads without `select`, by the workload's name.
    default_selectors: HashMap<SmolStr, Labels, Seeded>,
    diagnostics: Vec<Diagnostic>,
}

/// Decides for one cluster.
pub(crate) fn plan<'a>(policy: &'a Policy, cluster: &'a Cluster, capabilities: &Capabilities) -> (Plan<'a>, Vec<Diagnostic>) {
    let mut context = Context {
        policy,
        cluster,
        capabilities: *capabilities,
        ranges: addresses::Ranges::of(cluster),
        namespaces: ends::Namespaces::of(policy, cluster),
        default_selectors: HashMap::default(),
        diagnostics: Vec::new(),
    };
    let isolations = isolation::isolations(&mut context);
    let mut rules = isolation::dns_rules(&mut context, &isolations);
    let resolution = rules.len();
    // Most flows open both ends, one rule each.
    rules.reserve(2 * policy.flows.len());
    let isolated = isolation::Index::new(isolations.into_iter().map(|(isolated, _)| isolated).collect());
    let mut denies = Vec::new();
    for flow in policy.flows.iter().filter(|flow| flow.clusters.contains(&cluster.name)) {
        match flow.verdict {
            Verdict::Allow => allow::rules(&mut context, &isolated, flow, &mut rules),
            Verdict::Deny => denies.extend(deny::denies(&mut context, flow)),
        }
    }
    isolation::warn_of_servers(&mut context, &isolated, &rules);
    deny::warn_of_dns(&mut context, rules.get(..resolution).unwrap_or_default(), &denies);
    if !capabilities.deny {
        rules = subtract::all(&mut context, &isolated, rules, &denies);
        denies.clear();
    }
    let tls = tls::tls(&mut context);
    let (access, found) = access::plan(policy, cluster);
    context.diagnostics.extend(found);
    let plan = finish::finish(policy, Plan { cluster, isolated: isolated.into_isolated(), rules, denies, access, tls });
    (plan, context.diagnostics)
}
