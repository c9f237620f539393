//! What is taken for true of pods, namespaces and addresses: only ends that could be are compared.

use std::collections::BTreeMap;

use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::{Labels, Values, Word};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::semantics::ports::{ICMP, PortSet};
use crate::semantics::traffic::Part;

use super::index::names;

/// What could be.
#[derive(Debug, Clone)]
pub(crate) struct Universe {
    /// The addresses that pods may have.
    pub(crate) pods: AddressSet,
    /// The addresses that ends may have which are no pods.
    pub(crate) outside: AddressSet,
    /// The connections that are defined at all; on NetworkPolicy alone TCP, UDP and SCTP.
    pub(crate) ports: PortSet,
    /// What is known of the labels of namespaces, by name: a namespace of that name has labels that
    /// satisfy this. Nothing is known of the others.
    pub(crate) namespaces: BTreeMap<Word, Labels>,
    /// Whether sides of pods in namespaces are compared that no policy names. As the other ends of
    /// connections such pods count in any case.
    pub(crate) unborn: bool,
}

impl Default for Universe {
    /// Everything could be.
    fn default() -> Self {
        Universe { pods: AddressSet::all(), outside: AddressSet::all(), ports: PortSet::all(), namespaces: BTreeMap::new(), unborn: true }
    }
}

/// Connections that could be, of one class of pods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The pods whose side it is.
    pub(crate) pods: EndBox,
    /// The other ends and ports.
    pub(crate) part: Part,
}

impl Universe {
    /// Pods of one namespace.
    pub(crate) fn namespace(&self, name: &Word) -> EndBox {
        let called = PodBox::namespace_called(name.clone());
        let namespace = self.namespaces.get(name).map_or(called.clone(), |known| called.intersection(known));
        EndBox::Pods { pods: PodBox { namespace, account: Values::present().into(), ..PodBox::default() }, addresses: self.pods.clone() }
    }

    /// Pods of every namespace but some.
    pub(crate) fn other_namespaces<'a>(&self, named: impl IntoIterator<Item = &'a Word>) -> EndBox {
        let other = Values::none_of(named.into_iter().cloned()).intersection(&Values::present());
        let namespace = Labels::any().and(NAMESPACE_NAME, other);
        EndBox::Pods { pods: PodBox { namespace, account: Values::present().into(), ..PodBox::default() }, addresses: self.pods.clone() }
    }

    /// The part of a piece that could be, as pieces of which everything could be: a namespace has
    /// its name and known labels, a pod an account, both ends addresses of one family, and ICMP
    /// goes with IPv4 as ICMPv6 does with IPv6. Pods of one namespace agree on its labels.
    pub(crate) fn narrow(&self, piece: &Piece) -> Vec<Piece> {
        let ends = self.ends(&piece.part.end, own_namespace(&piece.pods));
        let mut pieces = Vec::new();
        for (family, ports) in families(&piece.part.ports.intersection(&self.ports)) {
            let own = EndBox::Pods { pods: PodBox::default(), addresses: family.intersection(&self.pods) };
            let Some(pods) = piece.pods.intersection(&own).filter(|_| !ports.is_empty()) else { continue };
            let holders = EndBox::holders(family);
            for end in ends.iter().flat_map(|end| holders.iter().filter_map(|holder| end.intersection(holder))) {
                pieces.push(Piece { pods: pods.clone(), part: Part { end, ports: ports.clone() } });
            }
        }
        pieces
    }

    /// The ends of a box that could be. `own` is the namespace at the other end, with its labels.
    fn ends(&self, end: &EndBox, own: Option<(&Word, &Labels)>) -> Vec<EndBox> {
        let possible = match end {
            EndBox::Outside(_) => EndBox::Outside(self.outside.clone()),
            EndBox::Pods { .. } => {
                let namespace = Labels::any().and(NAMESPACE_NAME, Values::present());
                EndBox::Pods {
                    pods: PodBox { namespace, account: Values::present().into(), ..PodBox::default() },
                    addresses: self.pods.clone(),
                }
            }
        };
        let Some(end) = end.intersection(&possible) else { return Vec::new() };
        match names(&end) {
            Some(names) => names.iter().filter_map(|name| end.intersection(&self.known(name, own))).collect(),
            None if !has_labels(&end) => vec![end],
            None => {
                let mut known: Vec<&Word> = self.namespaces.keys().chain(own.map(|(name, _)| name)).collect();
                known.sort_unstable();
                known.dedup();
                let others = end.intersection(&self.other_namespaces(known.iter().copied()));
                others.into_iter().chain(known.iter().filter_map(|name| end.intersection(&self.known(name, own)))).collect()
            }
        }
    }

    fn known(&self, name: &Word, own: Option<(&Word, &Labels)>) -> EndBox {
        let mut end = self.namespace(name);
        if let (EndBox::Pods { pods, .. }, Some((_, labels))) = (&mut end, own.filter(|(own, _)| *own == name)) {
            pods.namespace = pods.namespace.intersection(labels);
        }
        end
    }
}

/// The namespace of some pods and its labels, where it is one.
fn own_namespace(pods: &EndBox) -> Option<(&Word, &Labels)> {
    match (names(pods)?, pods) {
        ([only], EndBox::Pods { pods, .. }) => Some((only, &pods.namespace)),
        _ => None,
    }
}

/// Whether ends are chosen by labels of namespaces besides their names.
fn has_labels(end: &EndBox) -> bool {
    match end {
        EndBox::Pods { pods, .. } => pods.namespace.iter().any(|(key, _)| key != NAMESPACE_NAME),
        EndBox::Outside(_) => false,
    }
}

/// Ports by the family of addresses with which they go.
fn families(ports: &PortSet) -> [(AddressSet, PortSet); 2] {
    let [v4, v6] = ICMP.map(PortSet::numbered);
    [(AddressSet::all_v4(), ports.difference(&v6)), (AddressSet::all_v6(), ports.difference(&v4))]
}
