//! Sets of ends of connections: pods that could exist, and addresses that no pod has.

use super::addresses::AddressSet;
use super::pods::PodBox;

/// One conjunction of ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndBox {
    /// Pods, which have an address too: rules by address may match them.
    Pods {
        /// Which pods.
        pods: PodBox,
        /// Which addresses they may have.
        addresses: AddressSet,
    },
    /// Ends that are no pod, by their address: the world outside, nodes and what runs in their network.
    Outside(AddressSet),
}

impl EndBox {
    /// Pods, whatever their address.
    #[must_use]
    pub fn pods(pods: PodBox) -> Self {
        EndBox::Pods { pods, addresses: AddressSet::all() }
    }

    /// Every end: every pod and every address.
    #[must_use]
    pub fn everyone() -> [Self; 2] {
        [Self::pods(PodBox::default()), EndBox::Outside(AddressSet::all())]
    }

    /// Whoever holds one of the addresses: a pod or not.
    #[must_use]
    pub fn holders(addresses: AddressSet) -> [Self; 2] {
        [EndBox::Pods { pods: PodBox::default(), addresses: addresses.clone() }, EndBox::Outside(addresses)]
    }

    /// Whether no end could be in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            EndBox::Pods { pods, addresses } => pods.is_empty() || addresses.is_empty(),
            EndBox::Outside(addresses) => addresses.is_empty(),
        }
    }

    /// Ends in both; none if there is none.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let both = match (self, other) {
            (EndBox::Pods { pods, addresses }, EndBox::Pods { pods: others, addresses: other }) => {
                EndBox::Pods { pods: pods.intersection(others), addresses: addresses.intersection(other) }
            }
            (EndBox::Outside(own), EndBox::Outside(other)) => EndBox::Outside(own.intersection(other)),
            _ => return None,
        };
        (!both.is_empty()).then_some(both)
    }

    /// Whether no end could be in both.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        match (self, other) {
            (EndBox::Pods { pods, addresses }, EndBox::Pods { pods: others, addresses: other }) => {
                pods.is_disjoint(others) || addresses.is_disjoint(other)
            }
            (EndBox::Outside(own), EndBox::Outside(other)) => own.is_disjoint(other),
            _ => true,
        }
    }

    /// Whether every end of this is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        if self.is_empty() {
            return true;
        }
        match (self, other) {
            (EndBox::Pods { pods, addresses }, EndBox::Pods { pods: others, addresses: other }) => {
                pods.is_subset(others) && addresses.is_subset(other)
            }
            (EndBox::Outside(own), EndBox::Outside(other)) => own.is_subset(other),
            _ => false,
        }
    }

    /// Ends in this and not in the other, as disjoint boxes.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Vec<Self> {
        if self.is_disjoint(other) {
            return if self.is_empty() { Vec::new() } else { vec![self.clone()] };
        }
        match (self, other) {
            (EndBox::Pods { pods, addresses }, EndBox::Pods { pods: others, addresses: other }) => {
                let unlike = pods.difference(others).into_iter().map(|pods| EndBox::Pods { pods, addresses: addresses.clone() });
                let elsewhere = addresses.difference(other);
                let alike = (!elsewhere.is_empty()).then(|| EndBox::Pods { pods: pods.intersection(others), addresses: elsewhere });
                unlike.chain(alike).filter(|part| !part.is_empty()).collect()
            }
            (EndBox::Outside(own), EndBox::Outside(other)) => {
                let rest = EndBox::Outside(own.difference(other));
                if rest.is_empty() { Vec::new() } else { vec![rest] }
            }
            _ => vec![self.clone()],
        }
    }
}
