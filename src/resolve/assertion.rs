//! `assert`.

use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Claim, PeerKind, Peers, Sides, Verdict};
use crate::syntax::tree::{self, Side};

use super::peer::{At, Resolver, peers_of};
use super::place::Statement;

impl Resolver<'_, '_> {
    /// The assertion; none if something in it is wrong.
    pub(super) fn assertion(&mut self, statement: &Statement<'_>, claim: &tree::Claim) -> Option<ir::Assertion> {
        let claim = match claim {
            tree::Claim::Deny(flow) => Claim::Deny(self.claimed(statement, flow, Verdict::Deny)?),
            tree::Claim::Allow(flow) => Claim::Allow(self.claimed(statement, flow, Verdict::Allow)?),
            tree::Claim::Only(flow) => Claim::Only(self.claimed(statement, flow, Verdict::Deny)?),
            tree::Claim::Isolated { side, peers } => Claim::Isolated { sides: sides(*side), subject: self.claimed_pods(statement, peers)? },
            tree::Claim::Nobody(_) => return None,
        };
        Some(ir::Assertion { sentence: statement.id, claim, clusters: Rc::clone(&statement.block.clusters) })
    }

    /// Names must be declared: a name that selects nothing would make any claim true.
    fn claimed(&mut self, statement: &Statement<'_>, flow: &tree::Flow, verdict: Verdict) -> Option<ir::Flow> {
        let home = &statement.block.home;
        let at = At { home, expansion: statement.node.expansion(), implicit: false, only_pods: false, list: None };
        let sources = self.peers(&flow.sources, &at);
        let (destinations, except) = self.peers(&flow.destinations, &at).unzip();
        let destinations = destinations.and_then(|ends| self.destinations(&ends, &flow.ports, verdict, home));
        let (sources, source_exceptions) = sources?;
        Some(ir::Flow {
            sentence: statement.id,
            scope: home.scope(),
            verdict,
            sources: Peers { list: peers_of(sources), except: source_exceptions },
            destinations: destinations?,
            except: except?,
            tls: false,
            implied: false,
            clusters: Rc::clone(&statement.block.clusters),
        })
    }

    fn claimed_pods(&mut self, statement: &Statement<'_>, peers: &tree::Peers) -> Option<Peers> {
        let home = &statement.block.home;
        let at = At { home, expansion: statement.node.expansion(), implicit: false, only_pods: true, list: None };
        let (list, except) = self.peers(peers, &at)?;
        let mut sound = true;
        for end in list.iter().filter(|end| !is_pods(&end.peer.kind)) {
            sound = false;
            let headline = format!("`{}` is not pods, so it cannot be isolated", end.peer.name);
            let help = "assert it of pods: `assert isolated payments/pods`";
            self.report.push(Diagnostic::new(Code::NotIsolable, end.peer.span, headline).help(help));
        }
        sound.then(|| Peers { list: peers_of(list), except })
    }
}

fn is_pods(kind: &PeerKind) -> bool {
    matches!(kind, PeerKind::Workload { .. } | PeerKind::Pods { .. } | PeerKind::PodsOf { .. } | PeerKind::ServiceAccount { .. })
}

fn sides(side: Option<Side>) -> Sides {
    Sides { ingress: side != Some(Side::Egress), egress: side != Some(Side::Ingress) }
}
