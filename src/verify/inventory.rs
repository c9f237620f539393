//! Who is there: namespaces, workloads with their pods' labels, account and ports, Services, and
//! what an ingress controller is told to reach.

mod entries;
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
    /// What Ingress, Route and HTTPRoute objects have an ingress controller reach, by their objects' order.
    pub(crate) entries: Vec<Entry>,
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

/// A backend that an ingress controller is told to reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The object that says so, as `Ingress shop/web`.
    pub(crate) object: SmolStr,
    pub(crate) place: Span,
    pub(crate) namespace: SmolStr,
    pub(crate) service: SmolStr,
    /// The Service's port; none: all of them.
    pub(crate) port: Option<BackendPort>,
}

/// A Service's port as a backend names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BackendPort {
    Number(u16),
    Name(SmolStr),
    /// By the pods' own port (OpenShift's Route): number or name.
    Target(Target),
}

impl Inventory {
    /// The labels of a namespace; of one that nobody declares, its name alone.
    pub(crate) fn namespace_labels(&self, name: &str) -> LabelSet {
        self.namespaces.get(name).map_or_else(|| read::forced(name), |namespace| namespace.labels.clone())
    }

    /// The workloads behind a Service.
    pub(crate) fn behind<'i>(&'i self, namespace: &'i str, service: &'i Service) -> impl Iterator<Item = &'i Workload> + 'i {
        let selects = |labels: &LabelSet| service.selector.iter().all(|(key, value)| labels.get(key) == Some(value));
        let all = self.workloads.iter().filter(move |workload| workload.namespace == namespace && selects(&workload.labels));
        all.filter(|_| !service.selector.is_empty())
    }

    /// The ports that an ingress controller reaches, workload by workload.
    pub(crate) fn reached_by_ingress(&self) -> Vec<Reached<'_>> {
        self.entries.iter().flat_map(|entry| self.reached(entry)).collect()
    }

    fn reached<'i>(&'i self, entry: &'i Entry) -> Vec<Reached<'i>> {
        let key = (entry.namespace.clone(), entry.service.clone());
        let Some(service) = self.services.get(&key) else { return Vec::new() };
        let mut found = Vec::new();
        for workload in self.behind(&entry.namespace, service) {
            for port in service.ports.iter().filter(|port| entry.port.as_ref().is_none_or(|wanted| wanted.is(port))) {
                let numbers = workload.numbers(&port.target, port.protocol);
                found.extend(numbers.into_iter().map(|number| Reached { entry, workload, number, protocol: port.protocol }));
            }
        }
        found
    }
}

/// A port of a workload that an ingress controller reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reached<'i> {
    pub(crate) entry: &'i Entry,
    pub(crate) workload: &'i Workload,
    pub(crate) number: u16,
    pub(crate) protocol: Protocol,
}

impl Workload {
    /// The numbers that a target is on its pods.
    pub(crate) fn numbers(&self, target: &Target, protocol: Protocol) -> Vec<u16> {
        match target {
            Target::Number(number) => vec![*number],
            Target::Name(name) => self.named(name, protocol).collect(),
        }
    }

    /// The numbers of the container ports of a name.
    pub(crate) fn named<'i>(&'i self, name: &'i str, protocol: Protocol) -> impl Iterator<Item = u16> + 'i {
        self.ports.iter().filter(move |port| port.name.as_deref() == Some(name) && port.protocol == protocol).map(|port| port.number)
    }
}

impl BackendPort {
    fn is(&self, port: &ServicePort) -> bool {
        match self {
            BackendPort::Number(number) => port.number == *number,
            BackendPort::Name(name) => port.name.as_ref() == Some(name),
            // A Route names the pods' port, or the Service's.
            BackendPort::Target(Target::Name(name)) => port.target == Target::Name(name.clone()) || port.name.as_ref() == Some(name),
            BackendPort::Target(number) => port.target == *number,
        }
    }
}

#[cfg(test)]
mod tests;
