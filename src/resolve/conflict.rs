//! Sentences that say the same twice.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use smallvec::SmallVec;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Clusters, Flow, Peer, PeerKind, Ports, Scope, Verdict};

use super::clauses::Sentences;
use super::report::Report;

type Ends<'f> = SmallVec<[(&'f PeerKind, &'f [Peer]); 1]>;

/// What a flow says, without where it is said.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Meaning<'f> {
    scope: &'f Scope,
    verdict: Verdict,
    sources: Ends<'f>,
    source_exceptions: Ends<'f>,
    destinations: SmallVec<[(&'f PeerKind, &'f [Peer], &'f Ports); 1]>,
    exceptions: Ends<'f>,
    clusters: &'f Clusters,
}

/// Warns of every flow that another one says in full.
pub(super) fn repeated(flows: &[Flow], sentences: &Sentences, report: &mut Report) {
    let mut seen: HashMap<Meaning<'_>, &Flow> = HashMap::with_capacity(flows.len());
    for flow in flows {
        let first = match seen.entry(meaning(flow)) {
            Entry::Occupied(first) => *first.get(),
            Entry::Vacant(place) => {
                place.insert(flow);
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

fn meaning(flow: &Flow) -> Meaning<'_> {
    fn ends(peers: &[Peer]) -> Ends<'_> {
        peers.iter().map(|p| (&p.kind, p.except.as_slice())).collect()
    }
    Meaning {
        scope: &flow.scope,
        verdict: flow.verdict,
        sources: ends(&flow.sources.list),
        source_exceptions: ends(&flow.sources.except),
        destinations: flow.destinations.iter().map(|d| (&d.peer.kind, d.peer.except.as_slice(), &d.ports)).collect(),
        exceptions: ends(&flow.except),
        clusters: &flow.clusters,
    }
}
