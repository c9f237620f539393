//! `expose`, `redirect`, `mutual tls`, `require tls`: what is encrypted, by whose certificate.

mod acme;
mod authority;
mod host;
mod port;
mod wrong;

use std::rc::Rc;

use smallvec::smallvec;
use smol_str::SmolStr;

use crate::ir::tls::{Backend, Exposed, Exposure, Issued, MutualTls, Path, Redirect, RequireTls, host_secret};
use crate::ir::{self, Destination, PeerKind, Peers, Ports, Verdict, Who};
use crate::semantics::ports::{PortSet, Protocol};
use crate::source::Span;
use crate::syntax::tree::{self, Kind, Sentence, Word};

use super::peer::{At, End, Ends, Resolver};
use super::place::Statement;

pub(super) use acme::flows as acme_flows;
pub(super) use authority::{Authorities, declare, known};

impl<'t> Resolver<'t, '_> {
    /// The exposure that a sentence states, and the flow that it opens; none if something in it is wrong.
    pub(super) fn exposure(&mut self, statement: &Statement<'_>, authorities: &Authorities) -> Option<(Exposure, ir::Flow)> {
        let sentence = &statement.node.sentence;
        let Kind::Expose(written) = &sentence.kind else { return None };
        let end = self.exposed_workload(&written.workload, statement);
        let host = match &written.host {
            Some(word) => Some(host::name(word, self.report)),
            None => None,
        };
        let path = self.path(written);
        let tls = self.exposed(sentence, written, authorities);
        let end = end?;
        let namespace = statement.block.home.namespace().map(SmolStr::from)?;
        let port = self.exposed_port(&namespace, &end, written);
        let host = match host {
            Some(host) => Some(host?),
            None => None,
        };
        let exposure = Exposure {
            sentence: statement.id,
            place: end.peer.span,
            namespace,
            workload: written.workload.text.clone(),
            port: port?,
            host,
            path: path?,
            tls: tls?,
            annotations: self.annotations(&written.annotations)?,
            clusters: Rc::clone(&statement.block.clusters),
        };
        let flow = flow(&exposure, end, statement);
        Some((exposure, flow))
    }

    fn exposed_workload(&mut self, word: &Word, statement: &Statement<'_>) -> Option<End<'t>> {
        let home = &statement.block.home;
        let at = At { home, expansion: statement.node.expansion(), implicit: true, only_pods: true, list: None };
        let mut found = Ends::new();
        self.named(word, &at, &mut found)?;
        match (found.pop(), found.is_empty()) {
            (Some(end), true) if matches!(end.peer.kind, PeerKind::Workload { .. }) => Some(end),
            _ => {
                self.report.push(wrong::no_workload(word));
                None
            }
        }
    }

    fn path(&mut self, written: &tree::Expose) -> Option<Path> {
        let Some((exact, word)) = &written.path else { return Some(Path { exact: false, text: "/".into() }) };
        if matches!(written.tls, tree::Exposed::Passthrough(_)) {
            self.report.push(wrong::path_unseen(word));
            return None;
        }
        host::path(word, *exact, self.report)
    }

    fn exposed(&mut self, sentence: &Sentence, written: &tree::Expose, authorities: &Authorities) -> Option<Exposed> {
        let reasoned = sentence.clauses.as_ref().is_some_and(|clauses| clauses.because.is_some());
        match &written.tls {
            tree::Exposed::Plain(span) => self.reasoned(*span, reasoned, wrong::plain).map(|()| Exposed::Plain),
            tree::Exposed::Passthrough(span) if written.host.is_none() => {
                self.report.push(wrong::passthrough_without_name(*span));
                None
            }
            tree::Exposed::Passthrough(_) => Some(Exposed::Passthrough),
            tree::Exposed::Terminated { tls, secret, authority, backend } => {
                let backend = backend.as_ref().map(|backend| self.backend(backend, reasoned, authorities));
                let issued = match (authority, secret) {
                    (Some(word), _) => known(word, authorities, self.report).map(Issued::By),
                    (None, Some(_)) => Some(Issued::Elsewhere),
                    (None, None) => Some(Issued::ByDefault),
                };
                self.signed_for(&issued, written, reasoned, authorities)?;
                let secret = self.secret(secret.as_ref(), written.host.as_ref(), *tls)?;
                let backend = match backend {
                    Some(backend) => Some(backend?),
                    None => None,
                };
                Some(Exposed::Terminated { secret, issued: issued?, backend })
            }
        }
    }

    fn reasoned(&mut self, span: Span, reasoned: bool, problem: fn(Span) -> crate::diagnostic::Diagnostic) -> Option<()> {
        if !reasoned {
            self.report.push(problem(span));
        }
        reasoned.then_some(())
    }

    fn backend(&mut self, written: &tree::Backend, reasoned: bool, authorities: &Authorities) -> Option<Backend> {
        let name = match &written.name {
            Some(word) => Some(host::name(word, self.report)),
            None => None,
        };
        let authority = match &written.authority {
            Some(word) => Some(known(word, authorities, self.report)),
            None => None,
        };
        if let Some(span) = written.unverified {
            self.reasoned(span, reasoned, wrong::unverified)?;
        }
        if let (Some(span), Some(word)) = (written.unverified, written.authority.as_ref().or(written.name.as_ref())) {
            self.report.push(wrong::verified_and_not(span, word));
            return None;
        }
        let name = match name {
            Some(name) => Some(name?),
            None => None,
        };
        let authority = match authority {
            Some(authority) => Some(authority?),
            None => None,
        };
        Some(Backend { name, authority, verified: written.unverified.is_none() })
    }

    /// Whether the authority can sign for the host, and clients can be expected to trust it.
    fn signed_for(&mut self, issued: &Option<Issued>, written: &tree::Expose, reasoned: bool, authorities: &Authorities) -> Option<()> {
        let (Some(Issued::By(name)), Some(word)) = (issued, &written.host) else { return Some(()) };
        match authority::cannot_sign(authorities.get(name)?, word, reasoned) {
            Some(problem) => {
                self.report.push(problem);
                None
            }
            None => Some(()),
        }
    }

    fn secret(&mut self, written: Option<&Word>, host: Option<&Word>, tls: Span) -> Option<SmolStr> {
        match (written, host) {
            (Some(word), _) => {
                super::names::check(word, super::names::Becomes::Subdomain, "a Secret", self.report).then(|| word.text.clone())
            }
            (None, Some(host)) => Some(host_secret(&host.text)),
            (None, None) => {
                self.report.push(wrong::secret_of_any_host(tls));
                None
            }
        }
    }

    fn annotations(&mut self, written: &[(Word, Word)]) -> Option<Vec<(SmolStr, SmolStr)>> {
        let mut found: Vec<(SmolStr, SmolStr)> = Vec::with_capacity(written.len());
        for (key, value) in written {
            if !super::names::check(key, super::names::Becomes::LabelKey, "an annotation's key", self.report) {
                return None;
            }
            if found.iter().any(|(other, _)| *other == key.text) {
                self.report.push(wrong::annotation_twice(key));
                return None;
            }
            found.push((key.text.clone(), value.text.clone()));
        }
        found.sort();
        Some(found)
    }

    /// The redirect that a sentence states.
    pub(super) fn redirect(&mut self, statement: &Statement<'_>) -> Option<Redirect> {
        let Kind::Redirect { host, to, tls } = &statement.node.sentence.kind else { return None };
        let name = host::name(host, self.report);
        let to = host::target(to, self.report);
        Some(Redirect {
            sentence: statement.id,
            namespace: statement.block.home.namespace()?.into(),
            host: name?,
            to: to?,
            tls: tls.is_some(),
            clusters: Rc::clone(&statement.block.clusters),
        })
    }

    /// `mutual tls`.
    pub(super) fn mutual_tls(&self, statement: &Statement<'_>) -> MutualTls {
        MutualTls { sentence: statement.id, scope: statement.block.home.scope(), clusters: Rc::clone(&statement.block.clusters) }
    }

    /// `require tls on ingress`.
    pub(super) fn required_tls(&mut self, statement: &Statement<'_>) -> Option<RequireTls> {
        let sentence = &statement.node.sentence;
        let Kind::RequireTls { except } = &sentence.kind else { return None };
        let reasoned = sentence.clauses.as_ref().is_some_and(|clauses| clauses.because.is_some());
        if let Some(first) = except.first() {
            self.reasoned(first.span, reasoned, wrong::exception)?;
        }
        let known: Vec<_> = except.iter().map(|word| Some((self.known_namespace(word)?.0.clone(), word.span))).collect();
        Some(RequireTls { sentence: statement.id, except: known.into_iter().collect::<Option<_>>()? })
    }
}

/// The controller's pods, as a flow's source.
fn controller(span: Span) -> ir::Peer {
    ir::Peer { who: Rc::new(Who { kind: PeerKind::Ingress, name: "ingress".into() }), except: Vec::new(), opens: true, span }
}

/// The flow that an exposure opens: from the controller to that port, at both ends.
fn flow(exposure: &Exposure, end: End<'_>, statement: &Statement<'_>) -> ir::Flow {
    let ports = PortSet::range(Protocol::Tcp, exposure.port.number, exposure.port.number);
    ir::Flow {
        sentence: statement.id,
        scope: statement.block.home.scope(),
        verdict: Verdict::Allow,
        sources: Peers { list: smallvec![controller(end.peer.span)], except: Vec::new() },
        destinations: smallvec![Destination { peer: end.peer, ports: Ports::These(ports) }],
        except: Vec::new(),
        tls: exposure.port.tls,
        implied: true,
        clusters: Rc::clone(&exposure.clusters),
    }
}
