//! Sentences that say the same twice.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{Hash, Hasher};

use crate::diagnostic::{Code, Diagnostic};
use crate::hash::Seeded;
use crate::ir::{Clusters, Flow, Peer, PeerKind};

use super::clauses::Sentences;
use super::report::Report;

/// What a flow says, without where it is said.
#[derive(Debug)]
struct Meaning<'f>(&'f Flow);

impl PartialEq for Meaning<'_> {
    fn eq(&self, other: &Self) -> bool {
        let (own, other) = (self.0, other.0);
        own.scope == other.scope
            && own.verdict == other.verdict
            && same_ends(&own.sources.list, &other.sources.list)
            && own.destinations.len() == other.destinations.len()
            && own.destinations.iter().zip(&other.destinations).all(|(a, b)| a.ports == b.ports && is_same_end(&a.peer, &b.peer))
            && same_ends(&own.sources.except, &other.sources.except)
            && same_ends(&own.except, &other.except)
            && own.clusters == other.clusters
    }
}

impl Eq for Meaning<'_> {}

impl Hash for Meaning<'_> {
    /// Of what mostly differs: a scope is nearly always named by the ends too.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let flow = self.0;
        for peer in flow.sources.list.iter().chain(flow.destinations.iter().map(|destination| &destination.peer)) {
            hash_end(peer, state);
        }
        for destination in &flow.destinations {
            destination.ports.hash(state);
        }
        for peer in flow.sources.except.iter().chain(&flow.except) {
            hash_end(peer, state);
        }
        if let Clusters::Only(names) = &*flow.clusters {
            names.hash(state);
        }
    }
}

/// A workload's name tells its labels too.
fn hash_end<H: Hasher>(peer: &Peer, state: &mut H) {
    match &peer.kind {
        PeerKind::Workload { namespace, name, .. } => {
            state.write(namespace.as_bytes());
            state.write(name.as_bytes());
        }
        kind => kind.hash(state),
    }
}

fn same_ends(a: &[Peer], b: &[Peer]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same_end(a, b))
}

fn is_same_end(a: &Peer, b: &Peer) -> bool {
    a.kind == b.kind && a.except == b.except
}

/// Warns of every flow that another one says in full.
pub(super) fn repeated(flows: &[Flow], sentences: &Sentences, report: &mut Report) {
    let mut seen: HashMap<Meaning<'_>, (), Seeded> = HashMap::with_capacity_and_hasher(flows.len(), Seeded::default());
    for flow in flows.iter().filter(|flow| !flow.implied) {
        let first = match seen.entry(Meaning(flow)) {
            Entry::Occupied(first) => first.key().0,
            Entry::Vacant(place) => {
                place.insert(());
                continue;
            }
        };
        if let (Some(first), Some(second)) = (sentences.get(first.sentence), sentences.get(flow.sentence)) {
            let diagnostic = Diagnostic::new(Code::DuplicateSentence, second.span, "this sentence says what another one says")
                .also(first.span, "the other one");
            report.push(diagnostic.help("remove one of the two"));
        }
    }
}
