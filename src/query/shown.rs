//! Ports and ends in words.

use std::collections::BTreeMap;

use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::Labels;
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::semantics::ports::PortSet;
use crate::verify::proof::words::{bare, value};
pub(super) use crate::verify::proof::words::{peer, ports};
use crate::verify::query::Open;

/// What passes, ends of equal ports together.
pub(super) fn gathered(open: &[Open]) -> Vec<(PortSet, Vec<EndBox>, Vec<EndBox>)> {
    let mut by_ends: BTreeMap<(&EndBox, &EndBox), PortSet> = BTreeMap::new();
    for one in open {
        let ports = by_ends.entry((&one.source, &one.destination)).or_default();
        *ports = ports.union(&one.ports);
    }
    let mut by_destination: BTreeMap<(PortSet, &EndBox), Vec<EndBox>> = BTreeMap::new();
    for ((source, destination), ports) in by_ends {
        by_destination.entry((ports, destination)).or_default().push(source.clone());
    }
    let mut all: BTreeMap<(PortSet, Vec<EndBox>), Vec<EndBox>> = BTreeMap::new();
    for ((ports, destination), sources) in by_destination {
        all.entry((ports, sources)).or_default().push(destination.clone());
    }
    all.into_iter().map(|((ports, sources), destinations)| (ports, sources, destinations)).collect()
}

/// Some ends, by what tells them from all that were asked about; empty: nothing does.
pub(super) fn within(ends: &[EndBox], of: &[EndBox], names: &Names) -> String {
    if of.iter().all(|asked| ends.iter().any(|end| asked.is_subset(end))) {
        return String::new();
    }
    let mut shown: Vec<String> = Vec::new();
    let outside = outside(ends);
    if !outside.is_empty() {
        shown.push(addresses(&outside, &self::outside(of), names));
    }
    for end in ends {
        if let EndBox::Pods { pods, addresses: own } = end {
            let asked = of.iter().find_map(|asked| match asked {
                EndBox::Pods { pods: asked, addresses } if pods.is_subset(asked) => Some((asked.clone(), addresses.clone())),
                _ => None,
            });
            let (asked, all) = asked.unwrap_or((PodBox::default(), AddressSet::all()));
            shown.push(conditions(pods, &asked, (!all.is_subset(own)).then(|| addresses(own, &all, names))));
        }
    }
    shown.sort();
    shown.dedup();
    shown.join(" or ")
}

/// What some pods satisfy besides what was asked of them.
fn conditions(pods: &PodBox, asked: &PodBox, own: Option<String>) -> String {
    let mut all = Vec::new();
    if let Some(name) = pods.namespace.get(NAMESPACE_NAME).filter(|values| asked.namespace.get(NAMESPACE_NAME) != Some(*values)) {
        all.push(value("namespace", name));
    }
    let more = further(&pods.namespace, &asked.namespace);
    if !more.is_empty() {
        all.push(format!("namespaces({more})"));
    }
    let more = further(&pods.pod, &asked.pod);
    if !more.is_empty() {
        all.push(format!("pods({more})"));
    }
    if pods.account != asked.account {
        all.push(value("serviceaccount", &pods.account));
    }
    if let Some(own) = own {
        all.push(format!("address in {own}"));
    }
    all.join(", ")
}

fn further(labels: &Labels, asked: &Labels) -> String {
    let own = labels.iter().filter(|(key, values)| *key != NAMESPACE_NAME && asked.get(key) != Some(*values));
    own.map(|(key, values)| value(key, values)).collect::<Vec<_>>().join(", ")
}

/// Sets of addresses that have a name.
type Names = [(AddressSet, &'static str)];

/// The addresses among some ends.
fn outside(ends: &[EndBox]) -> AddressSet {
    let outside = ends.iter().filter_map(|end| if let EndBox::Outside(addresses) = end { Some(addresses) } else { None });
    outside.fold(AddressSet::none(), |all, one| all.union(one))
}

/// Some of the addresses that were asked about: by words and as networks, or by what is left out where
/// that is shorter.
pub(super) fn addresses(set: &AddressSet, asked: &AddressSet, names: &Names) -> String {
    let (own, left_out) = (worded(set, asked, names), worded(&asked.difference(set), asked, names));
    if left_out.len() < own.len() { format!("all except {}", left_out.join(", ")) } else { own.join(", ") }
}

/// Addresses by words as far as those go, then as networks.
fn worded(set: &AddressSet, asked: &AddressSet, names: &Names) -> Vec<String> {
    let mut rest = set.clone();
    let mut shown = Vec::new();
    for (named, name) in names {
        let named = named.intersection(asked);
        if !rest.is_disjoint(&named) && named.is_subset(set) {
            rest = rest.difference(&named);
            shown.push((*name).to_owned());
        }
    }
    shown.extend(rest.networks().iter().map(bare));
    shown
}
