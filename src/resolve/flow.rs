//! `allow` and `deny`.

use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, PeerKind, Peers, Verdict};
use crate::syntax::tree::{self, Kind, PortKind};

use super::peer::{At, Resolver};
use super::place::Statement;

impl Resolver<'_, '_> {
    /// The flow; none if something in it is wrong.
    pub(super) fn flow(&mut self, statement: &Statement<'_>) -> Option<ir::Flow> {
        let (verdict, written) = match &statement.node.sentence.kind {
            Kind::Allow(flow) => (Verdict::Allow, flow),
            Kind::Deny(flow) => (Verdict::Deny, flow),
            _ => return None,
        };
        let at = At {
            home: &statement.home,
            expansion: statement.node.expansion,
            implicit: verdict == Verdict::Allow,
            only_pods: false,
            list: None,
        };
        let sources = self.peers(&written.sources, &at);
        let destinations = self.peers(&written.destinations, &at);
        let parts = destinations.as_ref().and_then(|peers| self.destinations(&peers.list, &written.ports, verdict, &statement.home));
        let (sources, destinations) = (sources?, destinations?);
        if let Some(namespace) = statement.home.namespace()
            && !is_of(&sources, namespace)
            && !is_of(&destinations, namespace)
        {
            self.report.push(foreign(&sources, &destinations, namespace));
            return None;
        }
        Some(ir::Flow {
            sentence: statement.id,
            scope: statement.home.scope(),
            verdict,
            sources,
            destinations: parts?.into(),
            except: destinations.except,
            tls: asks_for_tls(written),
            clusters: Rc::clone(&statement.clusters),
        })
    }
}

fn asks_for_tls(flow: &tree::Flow) -> bool {
    flow.ports.iter().any(|port| port.kind == PortKind::Tls)
}

fn is_of(peers: &Peers, namespace: &str) -> bool {
    peers.list.iter().all(|peer| is_end_of(&peer.kind, namespace))
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

fn foreign(sources: &Peers, destinations: &Peers, namespace: &str) -> Diagnostic {
    let outside = |peers: &Peers| peers.list.iter().find(|peer| !is_end_of(&peer.kind, namespace)).map(|peer| peer.span);
    let (Some(source), Some(destination)) = (outside(sources), outside(destinations)) else {
        return Diagnostic::new(
            Code::ForeignFlow,
            sources.list.first().map(|p| p.span).unwrap_or_default(),
            "the sentence belongs to another namespace",
        );
    };
    Diagnostic::new(Code::ForeignFlow, source, format!("neither side of this sentence is `{namespace}`'s alone"))
        .label(format!("not of `{namespace}`"))
        .also(destination, format!("not of `{namespace}` either"))
        .note("in a namespace's block all sources or all destinations are pods of that namespace")
        .help("write it in the block of the namespace at one of its ends, one sentence for each namespace")
}
