//! Namespaces and the workloads in them.

use std::collections::{BTreeMap, BTreeSet};

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::SentenceId;
use crate::semantics::labels::Labels;
use crate::semantics::ports::PortSet;
use crate::source::Span;

/// A namespace that the policy may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    /// Its name.
    pub name: SmolStr,
    /// Whose it is.
    pub held: Held,
    /// Labels: for our own those that are written, for others those found in manifests.
    /// The name's label is not among them.
    pub labels: BTreeMap<String, String>,
    /// `pod-security`.
    pub pod_security: Option<PodSecurity>,
    /// The clusters it is in.
    pub clusters: Clusters,
    /// Its workloads: declared, or found in the manifests given.
    pub workloads: BTreeMap<SmolStr, Box<Workload>>,
    /// The sentences that declare it.
    pub sentences: Vec<SentenceId>,
}

/// Whose a namespace is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Held {
    /// The policy's own: its Namespace object is written, and objects into it.
    Ours,
    /// Somebody else's: it may be named, nothing is written into it.
    External,
    /// One that every cluster has, or that the manifests given hold. It may be named and
    /// isolated, but its Namespace object is not written.
    Known,
}

/// Pod Security Standards level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the word itself")]
pub enum PodSecurity {
    Privileged,
    Baseline,
    Restricted,
}

impl PodSecurity {
    /// The level as its label has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            PodSecurity::Privileged => "privileged",
            PodSecurity::Baseline => "baseline",
            PodSecurity::Restricted => "restricted",
        }
    }
}

/// The clusters something is in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clusters {
    /// All of them.
    All,
    /// These.
    Only(BTreeSet<SmolStr>),
}

impl Clusters {
    /// Whether a cluster is among them.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        match self {
            Clusters::All => true,
            Clusters::Only(names) => names.contains(name),
        }
    }
}

/// Pods that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// Its name.
    pub name: SmolStr,
    /// Its pods' labels. None: by the workload-label of each cluster, with its name as value.
    pub selector: Option<Labels>,
    /// Its pods' ports; empty: none declared.
    pub ports: SmallVec<[WorkloadPort; 1]>,
    /// The Services in front of them that the policy names.
    pub services: Vec<SmolStr>,
    /// Its service account.
    pub service_account: Option<SmolStr>,
    /// Where it is declared; none if found in a manifest.
    pub declared: Option<Span>,
}

/// A port of a workload's pods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkloadPort {
    /// Its name, if it has one.
    pub name: Option<SmolStr>,
    /// Protocol and numbers.
    pub ports: PortSet,
    /// Whether TLS is spoken there.
    pub tls: bool,
}
