//! One connection out of a set of them: a pod, another end, a port.

use std::collections::BTreeMap;
use std::net::IpAddr;

use smol_str::SmolStr;

use super::concrete::{Concrete, Pod};
use super::decide::Port;
use super::index::names;
use super::universe::{Piece, Universe};
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::{Labels, NoExample, Values, Word};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};

/// A connection as it could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Witness {
    /// The pod whose side was looked at.
    pub(crate) pod: Concrete,
    /// The other end.
    pub(crate) other: Concrete,
    /// The destination's port.
    pub(crate) port: Port,
}

/// A connection of a piece of which everything could be ([`Universe::narrow`]); none if there is none.
pub(crate) fn witness(universe: &Universe, piece: &Piece) -> Option<Witness> {
    let own = namespace(universe, &piece.pods, "other-namespace", None)?;
    let other = namespace(universe, &piece.part.end, "another-namespace", Some(&own));
    let (protocol, detail) = piece.part.ports.witness()?;
    let pod = concrete(&piece.pods, Some(own), 0)?;
    let other = concrete(&piece.part.end, other, 1)?;
    Some(Witness { pod, other, port: Port { protocol, detail } })
}

/// A namespace: its name and labels.
type Namespace = (Word, BTreeMap<String, String>);

/// A namespace of some pods. One that nobody named is another one than `not`, and no known one; the
/// same one has the same labels.
fn namespace(universe: &Universe, end: &EndBox, fresh: &str, not: Option<&Namespace>) -> Option<Namespace> {
    let EndBox::Pods { pods, .. } = end else { return None };
    let known = |name: &Word| universe.namespaces.get(name).cloned().unwrap_or_default();
    if let Some(names) = names(end) {
        return names.iter().find_map(|name| match not {
            Some((own, labels)) if own == name => pods.namespace.admits(labels).then(|| (own.clone(), labels.clone())),
            _ => Some((name.clone(), labels(&pods.namespace.intersection(&known(name)), Some(name)).ok()?)),
        });
    }
    let taken = universe.namespaces.keys().chain(not.map(|(name, _)| name)).cloned();
    let free = pods.namespace.get(NAMESPACE_NAME).map_or_else(Values::present, |names| names.intersection(&Values::present()));
    let name = free.intersection(&Values::none_of(taken)).example(fresh).ok()??;
    Some((name.clone(), labels(&pods.namespace, Some(&name)).ok()?))
}

fn concrete(end: &EndBox, namespace: Option<Namespace>, turn: usize) -> Option<Concrete> {
    match (end, namespace) {
        (EndBox::Outside(addresses), _) => Some(Concrete::Outside(single(addresses.first()?))),
        (EndBox::Pods { pods: PodBox { pod, account, .. }, addresses }, Some((name, namespace_labels))) => {
            let account = account.intersection(&Values::present()).example(["some-account", "another-account"].get(turn)?).ok()??;
            Some(Concrete::Pod(Pod {
                namespace: name,
                namespace_labels,
                labels: labels(pod, None).ok()?,
                account,
                addresses: single(addresses.first()?),
                ports: Vec::new(),
            }))
        }
        (EndBox::Pods { .. }, None) => None,
    }
}

fn single(address: IpAddr) -> AddressSet {
    AddressSet::network(address.into())
}

/// Labels that satisfy a predicate, the fewest there are.
fn labels(predicate: &Labels, name: Option<&SmolStr>) -> Result<BTreeMap<String, String>, NoExample> {
    let mut labels = BTreeMap::new();
    for (key, values) in predicate.iter() {
        if let Some(value) = values.example("other")? {
            labels.insert(key.to_owned(), value.to_string());
        }
    }
    labels.extend(name.map(|name| (NAMESPACE_NAME.to_owned(), name.to_string())));
    Ok(labels)
}
