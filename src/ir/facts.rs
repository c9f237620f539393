//! Facts found in manifests of a repository or cluster. Nothing of it is emitted.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::Span;
use crate::surface::Custom;

/// What the manifests given say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Namespaces with their labels.
    pub namespaces: BTreeMap<String, BTreeMap<String, String>>,
    /// Workloads by (namespace, name).
    pub workloads: BTreeMap<(String, String), WorkloadFacts>,
    /// Services by (namespace, name).
    pub services: BTreeMap<(String, String), ServiceFacts>,
    /// Roles by (namespace, name), and by an empty namespace those of the whole cluster.
    pub roles: BTreeSet<(String, String)>,
    /// The roles that somebody is bound to, in the same way.
    pub bound: BTreeSet<(String, String)>,
    /// Custom resources by (group, plural name), from their definitions.
    pub custom: BTreeMap<(String, String), Custom>,
    /// What was read and not used, in the order of files and documents.
    pub unused: Vec<Unused>,
}

/// An object of the manifests given that says nothing polc uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unused {
    /// Where its document begins.
    pub place: Span,
    /// `apiVersion`; empty where there is none.
    pub api_version: String,
    /// `kind`; empty where there is none.
    pub kind: String,
    /// Its namespace, as written.
    pub namespace: Option<String>,
    /// Its name; empty where there is none.
    pub name: String,
    /// Why it was not used.
    pub reason: &'static str,
}

/// A Deployment, StatefulSet, DaemonSet, Job, CronJob, ReplicaSet or bare Pod.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkloadFacts {
    /// The kind, as the manifest has it.
    pub kind: String,
    /// The labels its pods carry.
    pub pod_labels: BTreeMap<String, String>,
    /// What identifies its pods: the object's selector, or the pod's labels.
    pub selector: BTreeMap<String, String>,
    /// Container ports.
    pub ports: Vec<PortFacts>,
    /// Whether its pods use the host's network.
    pub host_network: bool,
    /// Its service account.
    pub service_account: Option<String>,
    /// The manifest file.
    pub file: String,
}

/// A container port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortFacts {
    /// Its name.
    pub name: Option<String>,
    /// Its number.
    pub number: u16,
    /// `TCP`, `UDP`, `SCTP`.
    pub protocol: String,
}

/// A Service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceFacts {
    /// The pods behind it.
    pub selector: BTreeMap<String, String>,
    /// (its port, `targetPort` as number or name, protocol).
    pub ports: Vec<(u16, String, String)>,
}
