//! Sentences that say the same twice.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Clusters, Flow, Peer, PeerKind, Ports, Scope, Verdict};

use super::clauses::Sentences;
use super::report::Report;

type Ends<'f> = Vec<(&'f PeerKind, &'f [Peer])>;

/// What a flow says, without where it is said.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Meaning<'f> {
    scope: &'f Scope,
    verdict: Verdict,
    sources: Ends<'f>,
    source_exceptions: Ends<'f>,
    destinations: Vec<(&'f PeerKind, &'f [Peer], &'f Ports)>,
    exceptions: Ends<'f>,
    clusters: &'f Clusters,
}

/// Warns of every flow that another one says in full.
pub(super) fn repeated(flows: &[Flow], sentences: &Sentences, report: &mut Report) {
    let mut seen: BTreeMap<Meaning<'_>, &Flow> = BTreeMap::new();
    for flow in flows {
        let Some(first) = seen.get(&meaning(flow)) else {
            seen.insert(meaning(flow), flow);
            continue;
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
