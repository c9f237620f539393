//! Ports, as flows name them and as workloads declare them.

use super::Built;
use super::pieces::{Context, Part};
use super::word;
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{Form, Port, PortDeclaration, PortKind, PortNumbers, Protocol};

/// One port of a flow.
pub(super) fn port<'a>(context: Context<'a>, part: Part<'a>) -> Built<Port> {
    let span = context.span(&part);
    let inner = context.inside(part).next().ok_or_else(|| context.broken())?;
    if inner.as_rule() == Rule::numbers {
        return Ok(Port { kind: PortKind::Numbers(numbers(context, inner)?), span });
    }
    let name = word::read(context, &inner)?;
    let kind = match (name.form, name.text.as_str()) {
        (Form::Bare, "tls") => PortKind::Tls,
        (Form::Bare, "icmp") => PortKind::Icmp,
        (Form::Bare, text) => protocol(text).map_or(PortKind::Name(name), PortKind::Protocol),
        _ => PortKind::Name(name),
    };
    Ok(Port { kind, span })
}

/// A protocol by its word.
fn protocol(text: &str) -> Option<Protocol> {
    match text {
        "tcp" => Some(Protocol::Tcp),
        "udp" => Some(Protocol::Udp),
        "sctp" => Some(Protocol::Sctp),
        _ => None,
    }
}

/// `5432`, `8000-8100`, `53/tcp+udp`.
pub(super) fn numbers<'a>(context: Context<'a>, part: Part<'a>) -> Built<PortNumbers> {
    let span = context.span(&part);
    let mut pieces = context.inside(part);
    let numbers = pieces.word()?;
    let mut protocols = Vec::new();
    for part in pieces {
        protocols.extend(protocol(part.as_str()));
    }
    Ok(PortNumbers { numbers, protocols, span })
}

/// `https 8443 tls`.
pub(super) fn declaration<'a>(context: Context<'a>, part: Part<'a>) -> Built<PortDeclaration> {
    let span = context.span(&part);
    let mut pieces = context.inside(part);
    let name = if pieces.peek() == Some(Rule::numbers) { None } else { Some(pieces.word()?) };
    if let Some(name) = &name {
        super::word::not_reserved_port(name)?;
    }
    let numbers = numbers(context, pieces.need(Rule::numbers)?)?;
    Ok(PortDeclaration { name, numbers, tls: pieces.mark(Rule::kw_tls), span })
}
