//! `authority`, `expose`, `redirect`, `require`.

use super::pieces::Pieces;
use super::{Built, port, selector};
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{Backend, Expose, Exposed, Kind, Port, PortKind, Signing, Word};

/// A line of an `authority` block.
pub(super) fn signing(pieces: &mut Pieces<'_>, rule: Rule) -> Built<Kind> {
    Ok(Kind::Signing(match rule {
        Rule::self_signed => Signing::SelfSigned,
        Rule::acme => Signing::Acme(pieces.word()?),
        Rule::email => Signing::Email(pieces.word()?),
        _ => {
            let cluster_wide = pieces.mark(Rule::kw_cluster_issuer).is_some();
            if !cluster_wide {
                let _issuer = pieces.need(Rule::kw_issuer)?;
            }
            Signing::Existing { cluster_wide, name: pieces.word()? }
        }
    }))
}

/// `expose …`, from behind its keyword.
pub(super) fn expose(pieces: &mut Pieces<'_>) -> Built<Kind> {
    let workload = pieces.word()?;
    let port = exposed_port(pieces)?;
    let _at = pieces.need(Rule::kw_at)?;
    let host = match pieces.mark(Rule::kw_any) {
        Some(_) => {
            let _host = pieces.need(Rule::kw_host)?;
            None
        }
        None => Some(pieces.word()?),
    };
    let path = match pieces.mark(Rule::kw_path) {
        Some(_) => Some((pieces.mark(Rule::kw_exact).is_some(), pieces.word()?)),
        None => None,
    };
    let tls = exposed(pieces)?;
    let annotations = if pieces.mark(Rule::kw_with).is_some() { annotations(pieces)? } else { Vec::new() };
    Ok(Kind::Expose(Box::new(Expose { workload, port, host, path, tls, annotations })))
}

fn exposed_port(pieces: &mut Pieces<'_>) -> Built<Option<Port>> {
    let context = pieces.context;
    if pieces.peek() == Some(Rule::kw_at) {
        return Ok(None);
    }
    if let Some(part) = pieces.next_if(Rule::numbers) {
        let numbers = port::numbers(context, part)?;
        return Ok(Some(Port { span: numbers.span, kind: PortKind::Numbers(numbers) }));
    }
    let name = pieces.word()?;
    Ok(Some(Port { span: name.span, kind: PortKind::Name(name) }))
}

fn exposed(pieces: &mut Pieces<'_>) -> Built<Exposed> {
    if let Some(plain) = pieces.mark(Rule::kw_plain) {
        return Ok(Exposed::Plain(plain));
    }
    let tls = pieces.mark(Rule::kw_tls).ok_or_else(|| pieces.context.broken())?;
    if let Some(passthrough) = pieces.mark(Rule::kw_passthrough) {
        return Ok(Exposed::Passthrough(tls.to(passthrough)));
    }
    let secret = after(pieces, Rule::kw_secret)?;
    let authority = after(pieces, Rule::kw_authority)?;
    let backend = match pieces.mark(Rule::kw_backend) {
        Some(backend) => {
            let tls = pieces.mark(Rule::kw_tls).ok_or_else(|| pieces.context.broken())?;
            let (name, authority) = (after(pieces, Rule::kw_name)?, after(pieces, Rule::kw_authority)?);
            Some(Backend { span: backend.to(tls), name, authority, unverified: pieces.mark(Rule::kw_unverified) })
        }
        None => None,
    };
    Ok(Exposed::Terminated { tls, secret, authority, backend })
}

/// The word behind a keyword, where the keyword stands.
fn after(pieces: &mut Pieces<'_>, keyword: Rule) -> Built<Option<Word>> {
    match pieces.mark(keyword) {
        Some(_) => pieces.word().map(Some),
        None => Ok(None),
    }
}

fn annotations(pieces: &mut Pieces<'_>) -> Built<Vec<(Word, Word)>> {
    let context = pieces.context;
    let mut found = Vec::new();
    while pieces.peek() == Some(Rule::key) || pieces.peek() == Some(Rule::comma) {
        let Some(key) = pieces.next_if(Rule::key) else {
            let _comma = pieces.next();
            continue;
        };
        let key = selector::key(context, &key)?;
        let _equals = pieces.need(Rule::equals)?;
        found.push((key, pieces.word()?));
    }
    Ok(found)
}

/// `redirect HOST -> "URL" [tls]`, from behind its keyword.
pub(super) fn redirect(pieces: &mut Pieces<'_>) -> Built<Kind> {
    let host = pieces.word()?;
    let _arrow = pieces.need(Rule::arrow)?;
    let to = pieces.word()?;
    Ok(Kind::Redirect { host, to, tls: pieces.mark(Rule::kw_tls) })
}

/// `require tls on ingress [except NAMESPACES]`, from behind its keyword.
pub(super) fn require(pieces: &mut Pieces<'_>) -> Built<Kind> {
    for keyword in [Rule::kw_tls, Rule::kw_on, Rule::kw_ingress] {
        let _keyword = pieces.need(keyword)?;
    }
    let except = match pieces.mark(Rule::kw_except) {
        Some(_) => pieces.enter(Rule::words)?.words()?,
        None => Vec::new(),
    };
    Ok(Kind::RequireTls { except })
}

/// The authority that a cluster's setting names.
pub(super) fn default_authority(pieces: &mut Pieces<'_>) -> Built<Word> {
    let _authority = pieces.need(Rule::kw_authority)?;
    pieces.word()
}
