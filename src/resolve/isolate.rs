//! `isolate`: in a header, on a workload, or as a sentence.

use std::rc::Rc;

use smallvec::smallvec;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Peer, PeerKind, Peers, Sides};
use crate::semantics::labels::Labels;
use crate::source::Span;
use crate::syntax::tree::{self, Kind, Side};

use super::flow::is_end_of;
use super::later;
use super::peer::{At, Resolver, peers_of};
use super::place::{Home, Statement};

impl Resolver<'_, '_> {
    /// The isolation that a sentence or header states; none if something in it is wrong.
    pub(super) fn isolation(&mut self, statement: &Statement<'_>) -> Option<ir::Isolation> {
        let sentence = &statement.node.sentence;
        let (words, subject) = match &sentence.kind {
            Kind::Namespace(header) => (header.isolation.as_ref()?, self.own_pods(statement, header.isolation.as_ref()?.span)?),
            Kind::Workload(workload) => {
                let peer = tree::Peer { kind: tree::PeerKind::Name(workload.name.clone()), span: workload.name.span };
                (workload.isolation.as_ref()?, self.subject(&[peer], &[], statement)?)
            }
            Kind::Isolate { isolation, peers: Some(peers) } => (isolation, self.subject(&peers.list, &peers.except, statement)?),
            Kind::Isolate { isolation, peers: None } => {
                if statement.block.home == Home::Everywhere {
                    self.report.push(needs_peers(isolation.span));
                    return None;
                }
                (isolation, self.own_pods(statement, isolation.span)?)
            }
            _ => return None,
        };
        let sides = self.sides(words)?;
        Some(ir::Isolation {
            sentence: statement.id,
            sides,
            subject,
            dns: words.without_dns.is_none(),
            scope: statement.block.home.scope(),
            clusters: Rc::clone(&statement.block.clusters),
        })
    }

    fn sides(&mut self, words: &tree::Isolation) -> Option<Sides> {
        let sides = match words.side {
            None => Sides { ingress: true, egress: true },
            Some(Side::Ingress) => Sides { ingress: true, egress: false },
            Some(Side::Egress) => Sides { ingress: false, egress: true },
            Some(Side::Nodeports) => {
                self.report.push(later::not_yet("isolate nodeports", words.span));
                return None;
            }
        };
        match words.without_dns {
            Some(span) if !sides.egress => {
                self.report.push(dns_without_egress(span));
                None
            }
            _ => Some(sides),
        }
    }

    /// Every pod of the namespace.
    fn own_pods(&self, statement: &Statement<'_>, span: Span) -> Option<Peers> {
        let namespace = self.table.own(&statement.block.home)?.0.clone();
        let pods = self.end(PeerKind::Pods { namespace, pods: Labels::any() }, span, "pods".into(), &statement.block.home);
        Some(Peers { list: smallvec![pods], except: Vec::new() })
    }

    fn subject(&mut self, list: &[tree::Peer], except: &[tree::Peer], statement: &Statement<'_>) -> Option<Peers> {
        let at = At { home: &statement.block.home, expansion: statement.node.expansion(), implicit: false, only_pods: true, list: None };
        let list = self.all(list, &at);
        let except = self.all(except, &at);
        let (list, except) = (peers_of(list?), peers_of(except?).into_vec());
        let wrong = list.iter().filter_map(|peer| self.cannot_be_isolated(peer, &statement.block.home)).collect::<Vec<_>>();
        let sound = wrong.is_empty();
        wrong.into_iter().for_each(|d| self.report.push(d));
        sound.then_some(Peers { list, except })
    }

    fn cannot_be_isolated(&self, peer: &Peer, home: &Home) -> Option<Diagnostic> {
        let diagnostic = |headline: String| Diagnostic::new(Code::NotIsolable, peer.span, headline);
        match &peer.kind {
            PeerKind::Workload { namespace, .. } | PeerKind::Pods { namespace, .. } | PeerKind::ServiceAccount { namespace, .. } => {
                if self.table.is_external(namespace) {
                    return Some(
                        diagnostic(format!("`{}` cannot be isolated: `{namespace}` is external", peer.name))
                            .help("leave its isolation to its owner, or remove `external` if the namespace is yours"),
                    );
                }
                let foreign = home.namespace().filter(|own| !is_end_of(&peer.kind, own))?;
                Some(
                    diagnostic(format!("`{}` is not of `{foreign}`, so it cannot be isolated here", peer.name))
                        .help(format!("write it in the block of `{namespace}`")),
                )
            }
            PeerKind::PodsOf { .. } => {
                let own = home.namespace()?;
                Some(
                    diagnostic(format!("`{}` reaches beyond `{own}`, so it cannot be isolated here", peer.name))
                        .help("write it in `everywhere { }`, or isolate this namespace's `pods`"),
                )
            }
            _ => Some(
                diagnostic(format!("`{}` is not pods, so it cannot be isolated", peer.name))
                    .help("only pods are isolated; to close a way to it, write `deny pods -> …` or isolate the pods at the other end"),
            ),
        }
    }
}

fn needs_peers(span: Span) -> Diagnostic {
    Diagnostic::new(Code::IsolateNeedsPeers, span, "in `everywhere`, `isolate` needs to say which pods")
        .help("write `isolate any/pods except kube-system/pods` (what keeps the cluster running must be left out), or isolate a namespace in its own block")
}

fn dns_without_egress(span: Span) -> Diagnostic {
    Diagnostic::new(Code::DnsWithoutEgress, span, "`without dns` says something of egress, and only ingress is isolated here")
        .label("DNS stays as it is")
        .help("remove `without dns`, or isolate egress too")
}
