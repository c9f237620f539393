//! `allow`, `deny`, `isolate`.

use super::pieces::Pieces;
use super::{Built, peer, port};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::grammar::Rule;
use crate::syntax::place::Place;
use crate::syntax::tree::{Flow, Isolation, Kind, Side};

/// `PEERS -> PEERS [PORTS]`.
pub(super) fn flow(pieces: &mut Pieces<'_>) -> Built<Flow> {
    let context = pieces.context;
    let sources = peer::peers(context, pieces.need(Rule::peers)?)?;
    let _arrow = pieces.need(Rule::arrow)?;
    let destinations = peer::peers(context, pieces.need(Rule::peers)?)?;
    let ports = match pieces.next_if(Rule::ports) {
        Some(part) => context.inside(part).each(Rule::port, port::port)?,
        None => Vec::new(),
    };
    Ok(Flow { sources, destinations, ports })
}

/// `isolate [SIDE] [PEERS] [without dns]` as a sentence.
pub(super) fn isolate(pieces: &mut Pieces<'_>, place: Place) -> Built<Kind> {
    let context = pieces.context;
    let mut isolation = header(pieces, place)?;
    let peers = match pieces.next_if(Rule::peers) {
        Some(part) => Some(peer::peers(context, part)?),
        None => None,
    };
    if let Some(words) = pieces.mark(Rule::without_dns) {
        isolation.without_dns = Some(words);
        isolation.span = isolation.span.to(words);
    }
    if place == Place::Everywhere && peers.is_none() {
        let text = "`isolate` in `everywhere` must say whose pods";
        return Err(Box::new(
            Diagnostic::new(Code::UnexpectedText, isolation.span, text).help("name them: `isolate any/pods except kube-system/pods`"),
        ));
    }
    Ok(Kind::Isolate { isolation, peers })
}

/// `isolate [SIDE] [without dns]` from its first word.
pub(super) fn header(pieces: &mut Pieces<'_>, place: Place) -> Built<Isolation> {
    let context = pieces.context;
    let mut span = pieces.mark(Rule::kw_isolate).ok_or_else(|| context.broken())?;
    let mut side = None;
    if let Some(part) = pieces.next_if(Rule::side) {
        let word = context.span(&part);
        span = span.to(word);
        side = Some(match part.as_str() {
            "ingress" => Side::Ingress,
            "egress" => Side::Egress,
            _ => Side::Nodeports,
        });
        if side == Some(Side::Nodeports) && place != Place::Hosts {
            let text = "`nodeports` can be isolated in a `hosts` block only";
            return Err(Box::new(
                Diagnostic::new(Code::UnexpectedText, word, text).help("write `isolate ingress` or `isolate egress` here"),
            ));
        }
    }
    let without_dns = pieces.mark(Rule::without_dns);
    Ok(Isolation { span: without_dns.map_or(span, |words| span.to(words)), side, without_dns })
}
