//! `template`, `use`, `include`, `assert`.

use super::pieces::Pieces;
use super::{Built, access, flow, peer, word};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::grammar::Rule;
use crate::syntax::place::Place;
use crate::syntax::tree::{Claim, Form, Kind, PeerKind, Sentence, Side};

/// `template NAME(…)`.
pub(super) fn template(pieces: &mut Pieces<'_>, body: Vec<Sentence>) -> Built<Kind> {
    let name = pieces.word()?;
    let _open = pieces.need(Rule::open)?;
    let parameters = match pieces.next_if(Rule::words) {
        Some(part) => pieces.context.inside(part).words()?,
        None => Vec::new(),
    };
    if let Some(marked) = parameters.iter().find(|p| p.form != Form::Bare) {
        let text = "a parameter is declared by its bare name";
        return Err(Box::new(
            Diagnostic::new(Code::UnexpectedText, marked.span, text)
                .help(format!("write `{}` here, and `${}` inside", marked.text, marked.text)),
        ));
    }
    let is_word = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if let Some(joined) = parameters.iter().find(|parameter| !is_word(&parameter.text)) {
        let text = "a parameter's name has letters and digits only";
        return Err(Box::new(Diagnostic::new(Code::UnexpectedText, joined.span, text).help("write it like `template web(name, port)`")));
    }
    Ok(Kind::Template { name, parameters, body })
}

/// `use NAME(…)`.
pub(super) fn use_template(pieces: &mut Pieces<'_>) -> Built<Kind> {
    let context = pieces.context;
    let name = pieces.word()?;
    let _open = pieces.need(Rule::open)?;
    let mut arguments = Vec::new();
    for part in pieces.by_ref() {
        match part.as_rule() {
            Rule::close => break,
            Rule::comma => {}
            _ => arguments.push(word::read(context, &part)?),
        }
    }
    Ok(Kind::Use { name, arguments })
}

/// `include "FILE" [unanalysed]`.
pub(super) fn include(pieces: &mut Pieces<'_>) -> Built<Kind> {
    let path = pieces.word()?;
    Ok(Kind::Include { path, unanalysed: pieces.mark(Rule::kw_unanalysed) })
}

/// `assert …`.
pub(super) fn assertion(pieces: &mut Pieces<'_>, place: Place) -> Built<Kind> {
    let claim = match pieces.peek() {
        Some(Rule::kw_nobody) => Claim::Nobody(access::nobody(pieces)?),
        Some(Rule::kw_isolated) => {
            if place == Place::Top {
                check_isolated(&mut pieces.clone())?;
            }
            isolated(pieces)?
        }
        Some(word @ (Rule::kw_deny | Rule::kw_allow | Rule::kw_only)) => {
            let _claim = pieces.next();
            let flow = flow::flow(pieces)?;
            match word {
                Rule::kw_deny => Claim::Deny(flow),
                Rule::kw_allow => Claim::Allow(flow),
                _ => Claim::Only(flow),
            }
        }
        _ => return Err(pieces.context.broken()),
    };
    Ok(Kind::Assert(claim))
}

fn isolated(pieces: &mut Pieces<'_>) -> Built<Claim> {
    let context = pieces.context;
    let _isolated = pieces.need(Rule::kw_isolated)?;
    let side = match pieces.next_if(Rule::side) {
        Some(part) if part.as_str() == "nodeports" => {
            let text = "`nodeports` can be isolated in a `hosts` block only";
            return Err(Box::new(
                Diagnostic::new(Code::UnexpectedText, context.span(&part), text).help("write `assert isolated ingress` or `egress`"),
            ));
        }
        part => part.map(|part| if part.as_str() == "ingress" { Side::Ingress } else { Side::Egress }),
    };
    Ok(Claim::Isolated { side, peers: peer::peers(context, pieces.need(Rule::peers)?)? })
}

/// `assert isolated NAME` outside namespaces: a bare name is no workload there.
fn check_isolated(pieces: &mut Pieces<'_>) -> Built<()> {
    let context = pieces.context;
    if pieces.mark(Rule::kw_isolated).is_none() {
        return Ok(());
    }
    let _side = pieces.next_if(Rule::side);
    let peers = peer::peers(context, pieces.need(Rule::peers)?)?;
    for peer in peers.list.iter().chain(&peers.except) {
        if let PeerKind::Name(name) = &peer.kind {
            let text = format!("`{}` alone names no pods outside a namespace", name.text);
            return Err(Box::new(
                Diagnostic::new(Code::UnexpectedText, name.span, text)
                    .help(format!("say whose pods: `assert isolated {}/pods`", name.text)),
            ));
        }
    }
    Ok(())
}
