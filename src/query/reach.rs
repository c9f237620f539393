//! Everything that passes between those who are there, as a set of connections: of two models it says what one
//! lets through and the other does not.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::everyone::OUTSIDE;
use super::lookup::Group;
use super::model::{Cluster, Model};
use super::shown;
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::pods::PodBox;
use crate::semantics::ports::PortSet;
use crate::verify::query::{Ends, Keys, Open};
use crate::verify::why::Side;

/// Connections between workloads, and between them and the addresses outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// By source and destination; none where nothing passes.
    pairs: BTreeMap<(SmolStr, SmolStr), Vec<Open>>,
    workloads: BTreeMap<SmolStr, Closed>,
    unknown: Vec<String>,
}

/// On which sides a workload is closed but for what is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// For connections that it receives.
    pub ingress: bool,
    /// For connections that it opens.
    pub egress: bool,
}

impl Model {
    /// What passes by each of some models. Pods that only one of them knows are among its own connections alone.
    #[must_use]
    pub fn reach(models: &[&Model]) -> Vec<Reach> {
        // What a pod's labels are not matters as soon as one of the models asks for it.
        let keys = Keys::of(models.iter().flat_map(|model| model.stacks()));
        models.iter().map(|model| model.cluster_with(keys.clone()).reach()).collect()
    }
}

impl Cluster<'_> {
    fn reach(&self) -> Reach {
        let everywhere = PodBox::default();
        let known = self.known.among(&everywhere).filter(|(_, workload)| !workload.host_network);
        let mut groups: Vec<Group> = known.map(|(name, workload)| self.listed(name, workload)).collect();
        let closed = |group: &Group| {
            let (ingress, egress) = group.ends.boxes.first().map_or((false, false), |end| self.judge.isolates(end));
            (group.name.clone(), Closed { ingress, egress })
        };
        let mut reach = Reach { pairs: BTreeMap::new(), workloads: groups.iter().map(closed).collect(), unknown: Vec::new() };
        let outside = EndBox::Outside(AddressSet::all().difference(&self.stated_pod_addresses()));
        groups.push(Group {
            name: OUTSIDE.into(),
            ends: Ends { boxes: vec![outside], ports: None },
            workload: None,
            home: None,
            listed: true,
        });
        for (source, destination) in self.may_pass(&groups, &groups) {
            if let (Some(source), Some(destination)) = (groups.get(source), groups.get(destination)) {
                self.add(&mut reach, source, destination);
            }
        }
        // Whether a workload is closed may be in doubt where nothing passes either way.
        let whole = |side| {
            groups.iter().flat_map(move |group| self.model.not_understood(side, &group.ends.boxes)).filter(|what| what.rule.is_none())
        };
        reach.unknown.extend([Side::Egress, Side::Ingress].into_iter().flat_map(whole).map(|what| self.model.told(what)));
        reach.unknown.sort();
        reach.unknown.dedup();
        reach
    }

    fn add(&self, reach: &mut Reach, source: &Group, destination: &Group) {
        if !source.has_pods() && !destination.has_pods() {
            return;
        }
        let found = self.found(source, destination);
        if !found.is_certain() {
            reach.unknown.extend(self.not_understood(source, destination));
        }
        let passes = found.passes;
        if passes.too_many || !passes.named.is_empty() {
            reach.unknown.push(format!("{} -> {}: the ports are not known", source.name, destination.name));
        }
        let ends = |group: &Group| group.ends.boxes.clone();
        let whole = ends(source).into_iter().flat_map(|source| ends(destination).into_iter().map(move |end| (source.clone(), end)));
        let whole = whole.map(|(source, destination)| Open { source, destination, ports: passes.all.clone() });
        let open: Vec<Open> = whole.chain(passes.open).flat_map(|open| by_family(&open)).collect();
        if !open.is_empty() {
            reach.pairs.insert((source.name.clone(), destination.name.clone()), open);
        }
    }
}

impl Reach {
    /// Whether nothing passes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// What passes here and not there.
    #[must_use]
    pub fn without(&self, other: &Reach) -> Reach {
        self.each(other, |open, others| {
            // Mostly it is the same, and is not cut into pieces to be found out.
            let open: Vec<Open> = open.into_iter().filter(|open| !others.contains(open)).collect();
            others.iter().fold(open, |rest, cut| rest.iter().flat_map(|open| open.difference(cut)).collect())
        })
    }

    /// What passes here and there.
    #[must_use]
    pub fn common(&self, other: &Reach) -> Reach {
        self.each(other, |open, others| open.iter().flat_map(|one| others.iter().filter_map(|other| one.intersection(other))).collect())
    }

    /// What some policy allows: of what passes, that which has a closed side.
    #[must_use]
    pub fn allowed(&self) -> Reach {
        let is = |name: &SmolStr, side: fn(&Closed) -> bool| self.workloads.get(name).is_some_and(side);
        let closed = |(source, destination): &(SmolStr, SmolStr)| is(source, |it| it.egress) || is(destination, |it| it.ingress);
        let pairs = self.pairs.iter().filter(|(ends, _)| closed(ends)).map(|(ends, open)| (ends.clone(), open.clone())).collect();
        Reach { pairs, ..self.clone() }
    }

    /// The workloads, `NAMESPACE/NAME`, and which of their sides are closed but for what is allowed.
    pub fn workloads(&self) -> impl Iterator<Item = (&str, Closed)> {
        self.workloads.iter().map(|(name, closed)| (name.as_str(), *closed))
    }

    /// What could matter and is not known; while there is something, the set may be another one.
    #[must_use]
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }

    fn each(&self, other: &Reach, change: impl Fn(Vec<Open>, &[Open]) -> Vec<Open>) -> Reach {
        let of_other = |ends| other.pairs.get(ends).map(Vec::as_slice).unwrap_or_default();
        let pairs = self.pairs.iter().map(|(ends, open)| (ends.clone(), change(open.clone(), of_other(ends))));
        let pairs = pairs.filter(|(_, open)| !open.is_empty()).collect();
        let mut unknown = [self.unknown.clone(), other.unknown.clone()].concat();
        unknown.sort();
        unknown.dedup();
        Reach { pairs, workloads: self.workloads.clone(), unknown }
    }

    /// One line a pair and set of ports, sorted: `shop/web -> shop/db  5432/tcp`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut lines = Vec::new();
        for ((source, destination), open) in &self.pairs {
            // Only one end of a pair has addresses outside.
            let mut by_ports: BTreeMap<String, AddressSet> = BTreeMap::new();
            for (ports, sources, destinations) in shown::gathered(open) {
                let addresses = by_ports.entry(shown::ports(&ports)).or_default();
                *addresses = addresses.union(&outside(&sources)).union(&outside(&destinations));
            }
            for (ports, addresses) in by_ports {
                let word = if source == OUTSIDE { "from" } else { "to" };
                let all = addresses.is_empty() || addresses == AddressSet::all();
                let of = if all { String::new() } else { format!(" {word} {}", shown::addresses(&addresses, &AddressSet::all(), &[])) };
                lines.push(format!("{source} -> {destination}  {ports}{of}\n"));
            }
        }
        lines.concat()
    }
}

/// Connections whose two addresses are of one family; there are no others.
fn by_family(open: &Open) -> Vec<Open> {
    let families = [AddressSet::all_v4(), AddressSet::all_v6()];
    let ends = |family: &AddressSet| EndBox::holders(family.clone());
    let pairs = families.iter().flat_map(|family| ends(family).into_iter().flat_map(|from| ends(family).map(|to| (from.clone(), to))));
    pairs.filter_map(|(source, destination)| open.intersection(&Open { source, destination, ports: PortSet::all() })).collect()
}

/// The addresses among some ends.
fn outside(ends: &[EndBox]) -> AddressSet {
    let addresses = ends.iter().filter_map(|end| if let EndBox::Outside(addresses) = end { Some(addresses) } else { None });
    addresses.fold(AddressSet::none(), |all, one| all.union(one))
}

#[cfg(test)]
mod tests;
