//! One pod, one address: ends of a connection as they are, not as they could be.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::pods::PodBox;
use crate::semantics::ports::Protocol;

/// An end of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Concrete {
    /// A pod.
    Pod(Pod),
    /// No pod: the address, or any one of the addresses.
    Outside(AddressSet),
}

/// A pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pod {
    /// Its namespace's name.
    pub(crate) namespace: SmolStr,
    /// Its namespace's labels, the name among them as [`crate::semantics::pods::NAMESPACE_NAME`].
    pub(crate) namespace_labels: BTreeMap<String, String>,
    /// Its labels.
    pub(crate) labels: BTreeMap<String, String>,
    /// Its service account's name.
    pub(crate) account: SmolStr,
    /// Its address; where that is not known, those that it may have.
    pub(crate) addresses: AddressSet,
    /// Its containers' ports by name.
    pub(crate) ports: Vec<ContainerPort>,
}

/// A container's port that has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContainerPort {
    pub(crate) name: SmolStr,
    pub(crate) protocol: Protocol,
    pub(crate) number: u16,
}

/// Whether something holds, where part of what it depends on may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
    Unknown,
}

impl Truth {
    /// Whether both hold.
    pub(crate) fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::No, _) | (_, Truth::No) => Truth::No,
            (Truth::Yes, Truth::Yes) => Truth::Yes,
            _ => Truth::Unknown,
        }
    }

    /// Whether any of them holds.
    pub(crate) fn any(all: impl IntoIterator<Item = Truth>) -> Truth {
        let mut found = Truth::No;
        for truth in all {
            match truth {
                Truth::Yes => return Truth::Yes,
                Truth::Unknown => found = Truth::Unknown,
                Truth::No => {}
            }
        }
        found
    }
}

impl Concrete {
    /// Whether the end is in a box.
    pub(crate) fn is_in(&self, ends: &EndBox) -> Truth {
        match (self, ends) {
            (Concrete::Pod(pod), EndBox::Pods { pods, addresses }) if pod.is_in(pods) => are_in(&pod.addresses, addresses),
            (Concrete::Outside(own), EndBox::Outside(addresses)) => are_in(own, addresses),
            _ => Truth::No,
        }
    }
}

impl Pod {
    /// Whether the pod is in a box.
    pub(crate) fn is_in(&self, pods: &PodBox) -> bool {
        pods.namespace.admits(&self.namespace_labels) && pods.pod.admits(&self.labels) && pods.account.admits(Some(&self.account))
    }

    /// The port that a name is here.
    pub(crate) fn port(&self, name: &str, protocol: Option<Protocol>) -> impl Iterator<Item = (Protocol, u16)> {
        let named = self.ports.iter().filter(move |port| port.name == name && protocol.is_none_or(|wanted| wanted == port.protocol));
        named.map(|port| (port.protocol, port.number))
    }
}

/// Whether an address of which these are possible is one of the others.
fn are_in(own: &AddressSet, others: &AddressSet) -> Truth {
    if own.is_disjoint(others) {
        Truth::No
    } else if own.is_subset(others) {
        Truth::Yes
    } else {
        Truth::Unknown
    }
}
