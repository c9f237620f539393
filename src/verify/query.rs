//! May it? What passes between two sets of ends: for all of their connections, for some, for none.
//!
//! A connection passes when the source's egress side and the destination's ingress side both let
//! it (docs/src/reference/flows.md, "Meaning"). Each side is asked on its own, over all pods of the
//! set; ends that are no pods have no side.

mod candidates;
mod keys;
mod side;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use smol_str::SmolStr;

use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::ports::{PortSet, Protocol};
use crate::semantics::traffic::{Part, Traffic};

use super::index::Index;
use super::stack::Sides;

pub(crate) use keys::Keys;
pub(crate) use side::{kinds, ports};

/// A set of ends, as an answer speaks of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Ends {
    /// Any of the boxes.
    pub(crate) boxes: Vec<EndBox>,
    /// The names of the pods' ports; none: they are not known.
    pub(crate) ports: Option<Rc<[PortName]>>,
}

/// The name of a container's port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PortName {
    pub(crate) name: SmolStr,
    pub(crate) protocol: Protocol,
    pub(crate) number: u16,
}

/// What passes between two sets of ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Passes {
    /// On these ports every connection passes.
    pub(crate) all: PortSet,
    /// On these some connection passes.
    pub(crate) some: PortSet,
    /// Which ones, where it is not all of them.
    pub(crate) open: Vec<Open>,
    /// Ports by name that are open where the destination's pods have them: their numbers are not known.
    pub(crate) named: Vec<SmolStr>,
    /// Whether there were too many kinds of pods to be looked at one by one.
    pub(crate) too_many: bool,
}

/// Connections that pass.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Open {
    pub(crate) source: EndBox,
    pub(crate) destination: EndBox,
    pub(crate) ports: PortSet,
}

impl Open {
    /// Connections in both.
    pub(crate) fn intersection(&self, other: &Self) -> Option<Self> {
        let source = self.source.intersection(&other.source)?;
        let destination = self.destination.intersection(&other.destination)?;
        let ports = self.ports.intersection(&other.ports);
        (!ports.is_empty()).then_some(Open { source, destination, ports })
    }

    /// Connections in this and not in the other, no two of which are in the same part.
    pub(crate) fn difference(&self, other: &Self) -> Vec<Self> {
        let Some(both) = self.intersection(other) else { return vec![self.clone()] };
        let sources = self.source.difference(&other.source).into_iter().map(|source| Open { source, ..self.clone() });
        let destinations = self.destination.difference(&other.destination).into_iter();
        let destinations = destinations.map(|destination| Open { destination, source: both.source.clone(), ports: self.ports.clone() });
        let ports = self.ports.difference(&other.ports);
        let left = (!ports.is_empty()).then_some(Open { ports, ..both.clone() });
        sources.chain(destinations).chain(left).collect()
    }
}

/// What a side of a kind of pods lets through, by the kind and, where ports have names, the other end's names.
type Known = RefCell<BTreeMap<(EndBox, Option<Rc<[PortName]>>), Rc<Side>>>;

/// One kind of pods' side.
#[derive(Debug, Default)]
struct Side {
    passes: Traffic,
    named: Vec<SmolStr>,
}

/// Whether some rule of a direction names ports.
#[derive(Debug)]
struct Names {
    ingress: bool,
    egress: bool,
}

/// Both directions, asked.
#[derive(Debug)]
pub(crate) struct Judge<'s> {
    ingress: Index<'s>,
    egress: Index<'s>,
    names: Names,
    entering: Known,
    leaving: Known,
}

impl<'s> Judge<'s> {
    /// Over what decides in each direction.
    pub(crate) fn new(sides: &'s Sides) -> Self {
        let names = Names { ingress: side::names_ports(&sides.ingress), egress: side::names_ports(&sides.egress) };
        let (ingress, egress) = (Index::new(&sides.ingress), Index::new(&sides.egress));
        Judge { ingress, egress, names, entering: Known::default(), leaving: Known::default() }
    }

    /// Whether some pods are closed but for what is allowed, as destinations and as sources.
    pub(crate) fn isolates(&self, pods: &EndBox) -> (bool, bool) {
        (side::isolates(&self.ingress, pods), side::isolates(&self.egress, pods))
    }

    /// What passes from some ends to others.
    pub(crate) fn passes(&self, sources: &Ends, destinations: &Ends) -> Passes {
        let mut found = self.passes_anyhow(sources, destinations);
        if found.some != found.all {
            found = self.passes_by_family(sources, destinations, &found).unwrap_or(found);
        }
        found.settle();
        found
    }

    /// The addresses of one connection are both of one family. None: nothing differs by family.
    fn passes_by_family(&self, sources: &Ends, destinations: &Ends, anyhow: &Passes) -> Option<Passes> {
        let families = [AddressSet::all_v4(), AddressSet::all_v6()];
        let ends = families.iter().map(|family| (sources.within(family), destinations.within(family)));
        let connected = ends.filter(|(from, to)| !from.boxes.is_empty() && !to.boxes.is_empty());
        let each: Vec<Passes> = connected.map(|(from, to)| self.passes_anyhow(&from, &to)).collect();
        let differs = each.iter().any(|one| one.all != anyhow.all || one.some != anyhow.some);
        each.into_iter().reduce(Passes::and).filter(|_| differs)
    }

    /// As if any address could connect to any other.
    fn passes_anyhow(&self, sources: &Ends, destinations: &Ends) -> Passes {
        let (from, too_many_sources) = pieces(&self.egress, &sources.boxes);
        let (to, too_many_destinations) = pieces(&self.ingress, &destinations.boxes);
        let mut found = Passes { too_many: too_many_sources || too_many_destinations, ..Passes::default() };
        let mut stopped = PortSet::none();
        let leaving: Vec<_> = from.iter().map(|end| (end, self.leaves(end, destinations))).collect();
        let entering: Vec<_> = to.iter().map(|end| (end, self.enters(end, destinations))).collect();
        for (source, out) in &leaving {
            stopped = stopped.union(&out.as_ref().map_or(PortSet::none(), |side| lost(side, &to)));
            for (destination, into) in &entering {
                found.add(source, destination, out.as_deref(), into.as_deref());
            }
        }
        for (_, into) in &entering {
            stopped = stopped.union(&into.as_ref().map_or(PortSet::none(), |side| lost(side, &from)));
        }
        found.all = found.some.difference(&stopped);
        found
    }

    /// The egress side of a source; none if it is no pod.
    fn leaves(&self, source: &EndBox, destinations: &Ends) -> Option<Rc<Side>> {
        // Only pods have ports with names.
        let known = if destinations.boxes.iter().any(is_pods) { destinations.ports.clone() } else { Some(Rc::default()) };
        let names = if self.names.egress { known } else { None };
        is_pods(source).then(|| remembered(&self.leaving, &self.egress, source, names))
    }

    /// The ingress side of a destination; none if it is no pod.
    fn enters(&self, destination: &EndBox, destinations: &Ends) -> Option<Rc<Side>> {
        let names = if self.names.ingress { destinations.ports.clone() } else { None };
        is_pods(destination).then(|| remembered(&self.entering, &self.ingress, destination, names))
    }
}

fn is_pods(end: &EndBox) -> bool {
    matches!(end, EndBox::Pods { .. })
}

fn remembered(known: &Known, index: &Index<'_>, kind: &EndBox, names: Option<Rc<[PortName]>>) -> Rc<Side> {
    let key = (kind.clone(), names);
    if let Some(side) = known.borrow().get(&key) {
        return Rc::clone(side);
    }
    let (passes, named) = side::passes(index, kind, key.1.as_deref());
    let side = Rc::new(Side { passes, named });
    known.borrow_mut().insert(key, Rc::clone(&side));
    side
}

/// The ends, pods cut into kinds that the policies of a direction treat alike; and whether that went too far.
fn pieces(index: &Index<'_>, ends: &[EndBox]) -> (Vec<EndBox>, bool) {
    let cut: Vec<Option<Vec<EndBox>>> =
        ends.iter().map(|end| if is_pods(end) { kinds(index, end) } else { Some(vec![end.clone()]) }).collect();
    let too_many = cut.iter().any(Option::is_none);
    (cut.into_iter().flatten().flatten().collect(), too_many)
}

/// Ports on which a side stops a connection with some of the other ends.
fn lost(side: &Side, others: &[EndBox]) -> PortSet {
    let asked: Traffic = others.iter().map(|end| Part { end: end.clone(), ports: PortSet::all() }).collect();
    asked.difference(&side.passes).iter().fold(PortSet::none(), |all, part| all.union(&part.ports))
}

impl Ends {
    /// Those with an address among these.
    fn within(&self, addresses: &AddressSet) -> Ends {
        let boxes = self.boxes.iter().map(|end| match end {
            EndBox::Pods { pods, addresses: own } => EndBox::Pods { pods: pods.clone(), addresses: own.intersection(addresses) },
            EndBox::Outside(own) => EndBox::Outside(own.intersection(addresses)),
        });
        Ends { boxes: boxes.filter(|end| !end.is_empty()).collect(), ports: self.ports.clone() }
    }
}

impl Passes {
    /// What passes between these ends and between others.
    fn and(mut self, other: Passes) -> Passes {
        self.all = self.all.intersection(&other.all);
        self.some = self.some.union(&other.some);
        self.open.extend(other.open);
        self.named.extend(other.named);
        self.too_many |= other.too_many;
        self
    }

    fn add(&mut self, source: &EndBox, destination: &EndBox, out: Option<&Side>, into: Option<&Side>) {
        let leaving = met(out, destination);
        let entering = met(into, source);
        for leave in &leaving {
            for enter in &entering {
                let ports = leave.ports.intersection(&enter.ports);
                if ports.is_empty() {
                    continue;
                }
                self.some = self.some.union(&ports);
                self.open.push(Open { source: enter.end.clone(), destination: leave.end.clone(), ports });
            }
        }
        // An address that no pod has has no names of ports (network-targets.md §1.4.8).
        if is_pods(destination) {
            self.named.extend(out.iter().chain(&into).flat_map(|side| side.named.iter().cloned()));
        }
    }

    /// What passes for all is not told again as what passes for some; and all in one order.
    fn settle(&mut self) {
        for open in &mut self.open {
            open.ports = open.ports.difference(&self.all);
        }
        self.open.retain(|open| !open.ports.is_empty());
        self.open.sort();
        self.open.dedup();
        self.named.sort();
        self.named.dedup();
    }
}

/// What of a side concerns one other end; all of it where there is no side.
fn met(side: Option<&Side>, other: &EndBox) -> Vec<Part> {
    let whole = Part { end: other.clone(), ports: PortSet::all() };
    match side {
        None => vec![whole],
        Some(side) => side.passes.iter().filter_map(|part| part.intersection(&whole)).collect(),
    }
}

#[cfg(test)]
mod tests;
