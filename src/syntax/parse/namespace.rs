//! Namespaces, workloads and what they declare.

use super::pieces::Pieces;
use super::{Built, flow, peer, port, selector, word};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::grammar::Rule;
use crate::syntax::place::Place;
use crate::syntax::tree::{Kind, Namespace, Sentence, Workload};

/// `namespace …` and `namespaces …`.
pub(super) fn namespace(pieces: &mut Pieces<'_>, several: bool, body: Option<Vec<Sentence>>) -> Built<Kind> {
    let names = if several { pieces.enter(Rule::words)?.words()? } else { vec![pieces.word()?] };
    let clusters = match pieces.next_if(Rule::in_clusters) {
        Some(part) => {
            let mut inner = pieces.context.inside(part);
            let _keyword = inner.next();
            inner.enter(Rule::words)?.words()?
        }
        None => Vec::new(),
    };
    let external = pieces.mark(Rule::kw_external);
    let isolation = match pieces.next_if(Rule::isolation) {
        Some(part) => Some(flow::header(&mut pieces.context.inside(part), Place::Namespace)?),
        None => None,
    };
    let opens_file = body.is_none();
    if let Some(word) = external.filter(|_| opens_file) {
        let text = "an external namespace cannot hold a whole file";
        let found = Diagnostic::new(Code::MisplacedSentence, word, text);
        return Err(Box::new(found.help("give it a block in braces: `namespace monitoring external { workload prometheus }`")));
    }
    Ok(Kind::Namespace(Namespace { names, clusters, external, isolation, body: body.unwrap_or_default(), opens_file }))
}

/// `workload NAME [isolate …]`.
pub(super) fn workload(pieces: &mut Pieces<'_>, body: Option<Vec<Sentence>>) -> Built<Kind> {
    let name = pieces.word()?;
    word::not_reserved_peer(&name, "workload")?;
    let isolation = match pieces.next_if(Rule::isolation) {
        Some(part) => Some(flow::header(&mut pieces.context.inside(part), Place::Namespace)?),
        None => None,
    };
    Ok(Kind::Workload(Workload { name, isolation, body }))
}

/// `labels K=V, …`.
pub(super) fn labels(pieces: &mut Pieces<'_>) -> Built<Kind> {
    let context = pieces.context;
    let mut found = Vec::new();
    for part in pieces.by_ref() {
        if part.as_rule() != Rule::label {
            continue;
        }
        let mut inner = context.inside(part);
        let key = selector::key(context, &inner.need(Rule::key)?)?;
        let _equals = inner.need(Rule::equals)?;
        found.push((key, inner.word()?));
    }
    Ok(Kind::Labels(found))
}

/// `ports https 8443 tls, …`.
pub(super) fn ports(pieces: &mut Pieces<'_>) -> Built<Kind> {
    let context = pieces.context;
    let mut found = Vec::with_capacity(1);
    for part in pieces.by_ref() {
        if part.as_rule() == Rule::port_declaration {
            found.push(port::declaration(context, part)?);
        }
    }
    Ok(Kind::Ports(found))
}

/// `service NAME [443 -> https, …]`.
pub(super) fn service(pieces: &mut Pieces<'_>) -> Built<Kind> {
    let context = pieces.context;
    let name = pieces.word()?;
    let mut ports = Vec::new();
    for part in pieces.by_ref() {
        if part.as_rule() != Rule::service_port {
            continue;
        }
        let mut inner = context.inside(part);
        let outside = port::numbers(context, inner.need(Rule::numbers)?)?;
        let _arrow = inner.need(Rule::arrow)?;
        ports.push((outside, port::port(context, inner.need(Rule::port)?)?));
    }
    Ok(Kind::Service { name, ports })
}

/// `peers NAME = …`.
pub(super) fn peers(pieces: &mut Pieces<'_>) -> Built<Kind> {
    let name = pieces.word()?;
    word::not_reserved_peer(&name, "peer list")?;
    let _equals = pieces.need(Rule::equals)?;
    let peers = peer::peers(pieces.context, pieces.need(Rule::peers)?)?;
    Ok(Kind::Peers { name, peers })
}
