//! Allows and denies, side by side.

use smallvec::{SmallVec, smallvec};

use crate::ir::{Destination, Flow, Ports};
use crate::semantics::ends::EndBox;
use crate::semantics::ports::PortSet;
use crate::verify::stack::{Action, Origin, Policy, Rule};

use super::Draft;
use super::ends::{Ends, Reader, Role};
use super::sets::Reading;

/// Some ends, on the ports that the sentence means there.
struct Part {
    ends: Ends,
    ports: PortSet,
    opens: bool,
}

/// A sentence's two sides, read.
struct Read {
    sources: Vec<Part>,
    destinations: Vec<Part>,
}

/// An allow opens the sides of the ends it names; the others say who may be there.
pub(super) fn allow(reader: &Reader<'_>, flow: &Flow, draft: &mut Draft) {
    let Some(read) = Read::new(reader, flow, Reading::Narrow) else { return };
    let origin = Origin::Sentence(flow.sentence);
    let opening = read.sources.iter().filter(|part| part.opens).flat_map(|part| &part.ends);
    let subjects: SmallVec<_> = reader.subjects(opening).flatten().collect();
    if !subjects.is_empty() {
        draft.egress.allows.push(Policy { origin, subjects, rules: read.rules(origin, Action::Allow) });
    }
    let peers = read.everyone();
    for part in read.destinations.iter().filter(|part| part.opens) {
        let subjects: SmallVec<_> = reader.subjects(&part.ends).flatten().collect();
        if !subjects.is_empty() {
            let rule = rule(origin, Action::Allow, peers.clone(), &part.ports);
            draft.ingress.allows.push(Policy { origin, subjects, rules: vec![rule] });
        }
    }
}

/// A deny closes both sides. Pods that are meant by an address that only some of them may have
/// are closed from the other end, which then has to be pods.
pub(super) fn deny(reader: &Reader<'_>, flow: &Flow, draft: &mut Draft) {
    let Some(read) = Read::new(reader, flow, Reading::Wide) else { return };
    let origin = Origin::Sentence(flow.sentence);
    let outside = |ends: &Ends| ends.iter().any(|end| matches!(end, EndBox::Outside(_)));
    let peers = read.everyone();
    let mut vague = Vague::default();
    let (subjects, unknown) = settled(reader, &peers);
    vague.sources = unknown;
    if !subjects.is_empty() {
        draft.egress.denies.push(Policy { origin, subjects, rules: read.rules(origin, Action::Deny) });
    }
    for part in &read.destinations {
        let (subjects, unknown) = settled(reader, &part.ends);
        vague.destinations |= unknown;
        vague.outside_destinations |= outside(&part.ends);
        if !subjects.is_empty() {
            let rule = rule(origin, Action::Deny, peers.clone(), &part.ports);
            draft.ingress.denies.push(Policy { origin, subjects, rules: vec![rule] });
        }
    }
    vague.outside_sources = outside(&peers);
    if vague.is_lost() {
        draft.unstated.push(flow.sentence);
    }
}

/// Which ends of a deny have pods of whom only some are meant.
#[derive(Default)]
struct Vague {
    sources: bool,
    destinations: bool,
    outside_sources: bool,
    outside_destinations: bool,
}

impl Vague {
    /// Whether such pods have no side at the other end that would hold the deny.
    fn is_lost(&self) -> bool {
        (self.sources && (self.outside_destinations || self.destinations)) || (self.destinations && self.outside_sources)
    }
}

/// The pods that are surely meant, and whether there are others that may be.
fn settled(reader: &Reader<'_>, ends: &Ends) -> (SmallVec<[crate::semantics::pods::PodBox; 1]>, bool) {
    let subjects: Vec<_> = reader.subjects(ends).collect();
    let unknown = subjects.iter().any(Option::is_none);
    (subjects.into_iter().flatten().collect(), unknown)
}

fn rule(origin: Origin, action: Action, peers: Ends, ports: &PortSet) -> Rule {
    Rule { origin, action, peers, ports: ports.clone(), named: smallvec![] }
}

impl Read {
    /// None: one side is nobody in this cluster.
    fn new(reader: &Reader<'_>, flow: &Flow, reading: Reading) -> Option<Self> {
        let source = |peer| {
            let ends = reader.peer(peer, reading, Role::Source);
            Part { ends: reader.without(ends, &flow.sources.except, Role::Source), ports: PortSet::none(), opens: peer.opens }
        };
        let sources: Vec<Part> = flow.sources.list.iter().map(source).filter(|part| !part.ends.is_empty()).collect();
        let all = flow.destinations.iter().flat_map(|destination| destinations(reader, flow, destination, reading));
        let destinations: Vec<Part> = all.filter(|part| !part.ends.is_empty() && !part.ports.is_empty()).collect();
        (!sources.is_empty() && !destinations.is_empty()).then_some(Read { sources, destinations })
    }

    fn everyone(&self) -> Ends {
        self.sources.iter().flat_map(|part| part.ends.iter().cloned()).collect()
    }

    fn rules(&self, origin: Origin, action: Action) -> Vec<Rule> {
        self.destinations.iter().map(|part| rule(origin, action, part.ends.clone(), &part.ports)).collect()
    }
}

fn destinations(reader: &Reader<'_>, flow: &Flow, destination: &Destination, reading: Reading) -> Vec<Part> {
    let peer = &destination.peer;
    let parts = match &destination.ports {
        Ports::These(ports) => vec![(reader.peer(peer, reading, Role::Destination), ports.clone())],
        Ports::AsTheClusterSays => {
            let own = reader.as_the_cluster_says(&peer.kind).into_iter();
            own.map(|(ends, ports)| (reader.without(ends, &peer.except, Role::Destination), ports)).collect()
        }
    };
    let cut = |(ends, ports)| Part { ends: reader.without(ends, &flow.except, Role::Destination), ports, opens: peer.opens };
    parts.into_iter().map(cut).collect()
}
