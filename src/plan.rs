//! What the policy means in one cluster, still in nobody's dialect: who is isolated
//! where, which end an allow opens, what a deny closes.

use crate::ir::{Cluster, SentenceId};
use crate::semantics::addresses::AddressSet;
use crate::semantics::pods::PodBox;
use crate::semantics::ports::PortSet;

/// The decisions for one cluster.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    /// The cluster.
    pub cluster: &'a Cluster,
    /// Pods that are closed but for the rules.
    pub isolated: Vec<Isolated>,
    /// What is open all the same. Denies are already subtracted where the enforcer has none.
    pub rules: Vec<Rule>,
    /// What is closed whatever is allowed; empty where denies were subtracted.
    pub denies: Vec<Deny>,
}

/// Pods that are isolated on some sides. Every box is of one namespace by name, unless
/// the enforcer can hold namespaces not yet born.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Isolated {
    /// Whose.
    pub subject: Subject,
    /// The connections to them are closed.
    pub ingress: bool,
    /// The connections they open are closed.
    pub egress: bool,
    /// The sentences that say so.
    pub sentences: Vec<SentenceId>,
}

/// Pods that an object selects, and how they are called in its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// Which pods: a union of boxes; a NetworkPolicy's is exactly one.
    pub pods: PodBox,
    /// `api`; none: every pod of its namespace (or of the cluster); otherwise
    /// made of the selector.
    pub name: SubjectName,
}

/// How a subject is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectName {
    /// Every pod of the namespace, or of the cluster.
    All,
    /// A workload.
    Workload(String),
    /// Pods that only a selector describes; what it was made from.
    Selected(String),
}

/// Which side of the subject a rule opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Connections to it.
    Ingress,
    /// Connections it opens.
    Egress,
}

/// Connections that an isolated side lets through.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// Whose side.
    pub subject: Subject,
    /// Which side.
    pub side: Side,
    /// The other ends: one or more.
    pub peers: Vec<Peer>,
    /// The ports, at the destination.
    pub ports: PortSet,
    /// The sentences that say so.
    pub sentences: Vec<SentenceId>,
}

/// One other end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// Pods.
    Pods(PodBox),
    /// Addresses.
    Addresses(AddressSet),
    /// Addresses of a declared list, by its name.
    Listed(String, AddressSet),
    /// Every address and every pod.
    Anyone,
}

/// Connections that no allow opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deny {
    /// Who opens them.
    pub sources: Vec<Peer>,
    /// To whom.
    pub destinations: Vec<Peer>,
    /// On which ports.
    pub ports: PortSet,
    /// A name made of the sentence's own words.
    pub name: String,
    /// The sentence.
    pub sentence: SentenceId,
}

/// What the enforcers of a cluster can do; each target states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Deny rules that beat every allow. Without them denies are subtracted from what is allowed.
    pub deny: bool,
    /// Pods by service account.
    pub service_accounts: bool,
    /// ICMP as a protocol of its own.
    pub icmp: bool,
    /// Pods of namespaces that do not exist yet.
    pub unborn_namespaces: bool,
}

/// Decides for one cluster.
pub(crate) fn plan<'a>(policy: &crate::ir::Policy, cluster: &'a Cluster, capabilities: &Capabilities) -> (Plan<'a>, Vec<crate::diagnostic::Diagnostic>) {
    let _ = (policy, capabilities);
    (Plan { cluster, isolated: Vec::new(), rules: Vec::new(), denies: Vec::new() }, Vec::new())
}
