//! Who is there: namespaces, workloads with their pods' labels, account and ports, and Services.

mod group;
mod read;

use std::collections::BTreeMap;
use std::net::IpAddr;

use smol_str::SmolStr;

pub(crate) use read::Reader;
pub(in crate::verify) use read::read;

use crate::semantics::ports::Protocol;
use crate::source::Span;

/// Labels with their values.
pub(crate) type LabelSet = BTreeMap<SmolStr, SmolStr>;

/// Namespace and name.
pub(crate) type Key = (SmolStr, SmolStr);

/// Everything that manifests say is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Inventory {
    /// Namespaces with all of their labels, the one of their name among them.
    pub(crate) namespaces: BTreeMap<SmolStr, Namespace>,
    /// By namespace, name and kind.
    pub(crate) workloads: Vec<Workload>,
    pub(crate) services: BTreeMap<Key, Service>,
    /// The labels of service accounts.
    pub(crate) accounts: BTreeMap<Key, LabelSet>,
    pub(crate) nodes: BTreeMap<SmolStr, Node>,
}

/// A namespace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Namespace {
    pub(crate) labels: LabelSet,
    /// Whether its own object was given; else its labels but for its name are not known.
    pub(crate) declared: bool,
}

/// Pods that are alike: those of one Deployment, or one bare Pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Workload {
    pub(crate) namespace: SmolStr,
    pub(crate) name: SmolStr,
    pub(crate) kind: SmolStr,
    /// Where its object begins.
    pub(crate) place: Span,
    /// The labels of its pods.
    pub(crate) labels: LabelSet,
    /// The service account of its pods.
    pub(crate) account: SmolStr,
    pub(crate) ports: Vec<ContainerPort>,
    /// The addresses of its pods, where a cluster was asked.
    pub(crate) addresses: Vec<IpAddr>,
    /// The addresses of the nodes they run on.
    pub(crate) hosts: Vec<IpAddr>,
    /// Its pods use their node's network: no policy is about them.
    pub(crate) host_network: bool,
}

/// A port of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContainerPort {
    pub(crate) name: Option<SmolStr>,
    pub(crate) number: u16,
    pub(crate) protocol: Protocol,
}

/// A Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) place: Span,
    /// The labels that the pods behind it have; empty: nobody says who is behind it.
    pub(crate) selector: LabelSet,
    pub(crate) ports: Vec<ServicePort>,
}

/// A port of a Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServicePort {
    pub(crate) name: Option<SmolStr>,
    pub(crate) number: u16,
    pub(crate) protocol: Protocol,
    pub(crate) target: Target,
}

/// The port of the pods behind a Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Number(u16),
    /// A container port's, pod by pod.
    Name(SmolStr),
}

/// A node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) labels: LabelSet,
    pub(crate) addresses: Vec<IpAddr>,
}

impl Inventory {
    /// The labels of a namespace; of one that nobody declares, its name alone.
    pub(crate) fn namespace_labels(&self, name: &str) -> LabelSet {
        self.namespaces.get(name).map_or_else(|| read::forced(name), |namespace| namespace.labels.clone())
    }
}

#[cfg(test)]
mod tests;
