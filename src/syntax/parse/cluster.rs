//! The lines of a `cluster` block.

use super::pieces::Pieces;
use super::{Built, peer, port, selector, word};
use crate::source::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{RangeKind, Setting, Word};

/// `enforce networkpolicy, calico 3.31`.
pub(super) fn enforce(pieces: &mut Pieces<'_>) -> Built<Setting> {
    let context = pieces.context;
    let mut found = Vec::new();
    for part in pieces.by_ref() {
        if part.as_rule() != Rule::enforcer {
            continue;
        }
        let mut inner = context.inside(part);
        let name = inner.word()?;
        let version = if inner.peek().is_some() { Some(inner.word()?) } else { None };
        found.push((name, version));
    }
    Ok(Setting::Enforce(found))
}

/// `ingress [gateway] NAME [in NAMESPACE] [select …]`, from its keyword on.
pub(super) fn controller(pieces: &mut Pieces<'_>) -> Built<Setting> {
    let gateway: Option<Span> = pieces.mark(Rule::kw_gateway);
    let name = pieces.word()?;
    let namespace = match pieces.next_if(Rule::in_namespace) {
        Some(part) => {
            let mut inner = pieces.context.inside(part);
            let _keyword = inner.next();
            Some(inner.word()?)
        }
        None => None,
    };
    let select =
        if pieces.mark(Rule::kw_select).is_some() { selector::requirements(pieces.enter(Rule::requirements)?)? } else { Vec::new() };
    Ok(Setting::Ingress { gateway, name, namespace, select })
}

/// `identity KIND [prefix "…"]`.
pub(super) fn identity(pieces: &mut Pieces<'_>) -> Built<Setting> {
    let kind = pieces.word()?;
    let prefix = if pieces.mark(Rule::kw_prefix).is_some() { Some(pieces.word()?) } else { None };
    Ok(Setting::Identity { kind, prefix })
}

/// `pods`, `services` or `nodes` with address ranges.
pub(super) fn ranges(pieces: &mut Pieces<'_>, kind: RangeKind) -> Built<Setting> {
    if pieces.mark(Rule::kw_unknown).is_some() {
        return Ok(Setting::PodsUnknown);
    }
    let mut found: Vec<Word> = Vec::new();
    let context = pieces.context;
    for part in pieces.by_ref() {
        if part.as_rule() == Rule::address {
            found.push(word::read(context, &part)?);
        }
    }
    Ok(Setting::Ranges(kind, found))
}

/// `dns PEER [PORT]`, `dns node-local ADDRESS`.
pub(super) fn dns(pieces: &mut Pieces<'_>) -> Built<Setting> {
    let context = pieces.context;
    if pieces.mark(Rule::kw_node_local).is_some() {
        return Ok(Setting::DnsNodeLocal(pieces.word()?));
    }
    let peer = peer::peer(context, pieces.need(Rule::peer)?)?;
    let numbers = match pieces.next_if(Rule::numbers) {
        Some(part) => Some(port::numbers(context, part)?),
        None => None,
    };
    Ok(Setting::Dns(peer, numbers))
}

/// `apiserver ADDRESS:PORT, … [from PEER]`.
pub(super) fn api_server(pieces: &mut Pieces<'_>) -> Built<Setting> {
    let context = pieces.context;
    let mut endpoints = Vec::new();
    let mut from = None;
    for part in pieces.by_ref() {
        match part.as_rule() {
            Rule::endpoint => {
                let mut inner = context.inside(part);
                endpoints.push((inner.word()?, inner.word()?));
            }
            Rule::peer => from = Some(peer::peer(context, part)?),
            _ => {}
        }
    }
    Ok(Setting::ApiServer { endpoints, from })
}
