//! `assert`.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Claim, PeerKind, Peers, Sides, Verdict};
use crate::syntax::tree::{self, Side};

use super::peer::{At, Resolver};
use super::place::Statement;

impl Resolver<'_, '_> {
    /// The assertion; none if something in it is wrong.
    pub(super) fn assertion(&mut self, statement: &Statement<'_>, claim: &tree::Claim) -> Option<ir::Assertion> {
        let claim = match claim {
            tree::Claim::Deny(flow) => Claim::Deny(self.claimed(statement, flow, Verdict::Deny)?),
            tree::Claim::Allow(flow) => Claim::Allow(self.claimed(statement, flow, Verdict::Allow)?),
            tree::Claim::Only(flow) => Claim::Only(self.claimed(statement, flow, Verdict::Deny)?),
            tree::Claim::Isolated { side, peers } => Claim::Isolated { sides: sides(*side), subject: self.claimed_pods(statement, peers)? },
        };
        Some(ir::Assertion { sentence: statement.id, claim, clusters: statement.clusters.clone() })
    }

    /// Names must be declared: a name that selects nothing would make any claim true.
    fn claimed(&mut self, statement: &Statement<'_>, flow: &tree::Flow, verdict: Verdict) -> Option<ir::Flow> {
        let at = At { home: &statement.home, expansion: statement.node.expansion, implicit: false, only_pods: false, list: None };
        let sources = self.peers(&flow.sources, &at);
        let destinations = self.peers(&flow.destinations, &at);
        let parts = destinations.as_ref().and_then(|peers| self.destinations(&peers.list, &flow.ports, verdict, &statement.home));
        let (sources, destinations) = (sources?, destinations?);
        Some(ir::Flow {
            sentence: statement.id,
            scope: statement.home.scope(),
            verdict,
            sources,
            destinations: parts?.into(),
            except: destinations.except,
            tls: false,
            clusters: statement.clusters.clone(),
        })
    }

    fn claimed_pods(&mut self, statement: &Statement<'_>, peers: &tree::Peers) -> Option<Peers> {
        let at = At { home: &statement.home, expansion: statement.node.expansion, implicit: false, only_pods: true, list: None };
        let peers = self.peers(peers, &at)?;
        let mut sound = true;
        for peer in peers.list.iter().filter(|peer| !is_pods(&peer.kind)) {
            sound = false;
            let headline = format!("`{}` is not pods, so it cannot be isolated", peer.name);
            self.report
                .push(Diagnostic::new(Code::NotIsolable, peer.span, headline).help("assert it of pods: `assert isolated payments/pods`"));
        }
        sound.then_some(peers)
    }
}

fn is_pods(kind: &PeerKind) -> bool {
    matches!(kind, PeerKind::Workload { .. } | PeerKind::Pods { .. } | PeerKind::PodsOf { .. } | PeerKind::ServiceAccount { .. })
}

fn sides(side: Option<Side>) -> Sides {
    Sides { ingress: side != Some(Side::Egress), egress: side != Some(Side::Ingress) }
}
