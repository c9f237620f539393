//! `allow` and `deny`.

use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, PeerKind, Peers, Verdict};
use crate::source::Span;
use crate::syntax::tree::{self, Kind, PortKind};

use super::peer::{At, End, Resolver, peers_of};
use super::place::Statement;

impl Resolver<'_, '_> {
    /// The flow; none if something in it is wrong.
    pub(super) fn flow(&mut self, statement: &Statement<'_>) -> Option<ir::Flow> {
        let (verdict, written) = match &statement.node.sentence.kind {
            Kind::Allow(flow) => (Verdict::Allow, flow),
            Kind::Deny(flow) => (Verdict::Deny, flow),
            _ => return None,
        };
        let home = &statement.block.home;
        let at = At { home, expansion: statement.node.expansion(), implicit: verdict == Verdict::Allow, only_pods: false, list: None };
        let sources = self.peers(&written.sources, &at);
        let destinations = self.peers(&written.destinations, &at);
        let foreign_end = home.namespace().and_then(|own| {
            let (sources, destinations) = sources.as_ref().zip(destinations.as_ref())?;
            Some((outside(&sources.0, own)?, outside(&destinations.0, own)?))
        });
        let (destinations, except) = destinations.unzip();
        let destinations = destinations.and_then(|ends| self.destinations(&ends, &written.ports, verdict, home));
        if let Some((source, destination)) = foreign_end {
            self.report.push(foreign(source, destination, home.namespace().unwrap_or_default()));
            return None;
        }
        let (sources, source_exceptions) = sources?;
        Some(ir::Flow {
            sentence: statement.id,
            scope: home.scope(),
            verdict,
            sources: Peers { list: peers_of(sources), except: source_exceptions },
            destinations: destinations?,
            except: except?,
            tls: asks_for_tls(written),
            implied: false,
            clusters: Rc::clone(&statement.block.clusters),
        })
    }
}

fn asks_for_tls(flow: &tree::Flow) -> bool {
    flow.ports.iter().any(|port| port.kind == PortKind::Tls)
}

/// The first end that is not pods of the namespace by its name.
fn outside(ends: &[End<'_>], namespace: &str) -> Option<Span> {
    ends.iter().find(|end| !is_end_of(&end.peer.kind, namespace)).map(|end| end.peer.span)
}

/// Whether a peer is pods of that namespace by its name.
pub(super) fn is_end_of(kind: &PeerKind, home: &str) -> bool {
    match kind {
        PeerKind::Workload { namespace, .. } | PeerKind::Pods { namespace, .. } | PeerKind::ServiceAccount { namespace, .. } => {
            namespace == home
        }
        _ => false,
    }
}

fn foreign(source: Span, destination: Span, namespace: &str) -> Diagnostic {
    Diagnostic::new(Code::ForeignFlow, source, format!("neither side of this sentence is `{namespace}`'s alone"))
        .label(format!("not of `{namespace}`"))
        .also(destination, format!("not of `{namespace}` either"))
        .note("in a namespace's block all sources or all destinations are pods of that namespace")
        .help("write it in the block of the namespace at one of its ends, one sentence for each namespace")
}
