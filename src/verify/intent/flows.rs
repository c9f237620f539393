//! Allows and denies, side by side.

use smallvec::smallvec;

use crate::ir::{Destination, Flow, Ports};
use crate::semantics::ends::EndBox;
use crate::semantics::ports::PortSet;
use crate::verify::compare::WrittenDeny;
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

/// What an assertion asks about.
pub(in crate::verify) struct Question {
    pub(in crate::verify) sources: Vec<EndBox>,
    /// With the ports that are meant there.
    pub(in crate::verify) destinations: Vec<(Vec<EndBox>, PortSet)>,
}

impl Question {
    /// None: one side is nobody in this cluster.
    pub(in crate::verify) fn new(reader: &Reader<'_>, flow: &Flow, from: Reading, to: Reading) -> Option<Self> {
        let read = Read::new(reader, flow, from, to)?;
        let sources = read.everyone().into_vec();
        let destinations = read.destinations.into_iter().map(|part| (part.ends.into_vec(), part.ports));
        Some(Question { sources, destinations: destinations.collect() })
    }
}

/// An allow opens the sides of the ends it names; the others say who may be there.
pub(super) fn allow(reader: &Reader<'_>, flow: &Flow, draft: &mut Draft) {
    let Some(read) = Read::new(reader, flow, Reading::Narrow, Reading::Narrow) else { return };
    let origin = Origin::Sentence(flow.sentence);
    let opening = read.sources.iter().filter(|part| part.opens).flat_map(|part| &part.ends);
    let subjects = reader.opened(opening);
    if !subjects.is_empty() {
        draft.egress.allows.push(Policy { origin, subjects, rules: read.rules(origin, Action::Allow) });
    }
    let peers = read.everyone();
    for part in read.destinations.iter().filter(|part| part.opens) {
        let subjects = reader.opened(&part.ends);
        if !subjects.is_empty() {
            let rule = rule(origin, Action::Allow, peers.clone(), &part.ports);
            draft.ingress.allows.push(Policy { origin, subjects, rules: vec![rule] });
        }
    }
}

/// A deny closes both sides.
pub(super) fn deny(reader: &Reader<'_>, flow: &Flow, draft: &mut Draft) {
    let Some(read) = Read::new(reader, flow, Reading::Wide, Reading::Wide) else { return };
    let origin = Origin::Sentence(flow.sentence);
    let peers = read.everyone();
    let subjects = reader.subjects(&peers);
    if !subjects.is_empty() {
        draft.egress.denies.push(Policy { origin, subjects, rules: read.rules(origin, Action::Deny) });
    }
    for part in &read.destinations {
        draft.denies.push(WrittenDeny { sources: peers.to_vec(), destinations: part.ends.to_vec(), ports: part.ports.clone() });
        let subjects = reader.subjects(&part.ends);
        if !subjects.is_empty() {
            let rule = rule(origin, Action::Deny, peers.clone(), &part.ports);
            draft.ingress.denies.push(Policy { origin, subjects, rules: vec![rule] });
        }
    }
}

fn rule(origin: Origin, action: Action, peers: Ends, ports: &PortSet) -> Rule {
    Rule { origin, action, peers, ports: ports.clone(), named: smallvec![], doubt: false }
}

impl Read {
    /// None: one side is nobody in this cluster.
    fn new(reader: &Reader<'_>, flow: &Flow, from: Reading, to: Reading) -> Option<Self> {
        let source = |peer| {
            let ends = reader.peer(peer, from, Role::Source);
            Part { ends: reader.without(ends, &flow.sources.except, Role::Source), ports: PortSet::none(), opens: peer.opens }
        };
        let sources: Vec<Part> = flow.sources.list.iter().map(source).filter(|part| !part.ends.is_empty()).collect();
        let all = flow.destinations.iter().flat_map(|destination| destinations(reader, flow, destination, to));
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
