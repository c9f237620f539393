//! Peers: who is at an end of a flow.

use pest::iterators::Pair;

use super::pieces::{Context, Pieces};
use super::{Built, port, selector, word};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::reserved;
use crate::syntax::tree::{Builtin, Form, Peer, PeerKind, Peers, Port, PortKind, Requirement, Word};

/// `PEER, … [except PEER, …]`.
pub(super) fn peers<'a>(context: Context<'a>, pair: Pair<'a, Rule>) -> Built<Peers> {
    let mut found = Peers { list: Vec::new(), except: Vec::new(), except_word: None, span: context.span(&pair) };
    for pair in pair.into_inner() {
        match pair.as_rule() {
            Rule::peer if found.except_word.is_some() => found.except.push(peer(context, pair)?),
            Rule::peer => found.list.push(peer(context, pair)?),
            Rule::kw_except => found.except_word = Some(context.span(&pair)),
            _ => {}
        }
    }
    Ok(found)
}

/// One peer.
pub(super) fn peer<'a>(context: Context<'a>, pair: Pair<'a, Rule>) -> Built<Peer> {
    let span = context.span(&pair);
    let mut pieces = context.inside(pair);
    let first = pieces.next().ok_or_else(|| context.broken())?;
    let kind = match first.as_rule() {
        Rule::address => PeerKind::Address(word::read(context, &first)?),
        Rule::account_peer => account(context.inside(first))?,
        Rule::labelled => labelled(context.inside(first))?,
        Rule::node_ports => PeerKind::Nodeports(context.inside(first).each(Rule::numbers, node_port)?),
        Rule::place => {
            let arguments = pieces.take(Rule::selector);
            let arguments = arguments.map(|pair| (context.span(&pair), pair));
            place(context.inside(first), arguments)?
        }
        _ => return Err(context.broken()),
    };
    Ok(Peer { kind, span })
}

fn node_port<'a>(context: Context<'a>, pair: Pair<'a, Rule>) -> Built<Port> {
    let span = context.span(&pair);
    Ok(Port { kind: PortKind::Numbers(port::numbers(context, pair)?), span })
}

/// `serviceaccount ci`, `serviceaccount orders/ci`.
fn account(mut pieces: Pieces<'_>) -> Built<PeerKind> {
    let _keyword = pieces.next();
    let (first, second) = names(pieces.enter(Rule::place)?)?;
    Ok(match second {
        Some(name) => PeerKind::ServiceAccount(Some(first), name),
        None => PeerKind::ServiceAccount(None, first),
    })
}

/// `namespaces(env=prod)`, `namespaces(env=prod)/pods(…)`.
fn labelled(mut pieces: Pieces<'_>) -> Built<PeerKind> {
    let _keyword = pieces.next();
    let namespaces = selector::requirements(pieces.enter(Rule::selector)?)?;
    let _pods = pieces.take(Rule::pods_there);
    let pods = match pieces.take(Rule::selector) {
        Some(pair) => selector::requirements(pieces.context.inside(pair))?,
        None => Vec::new(),
    };
    Ok(PeerKind::LabelledNamespaces(namespaces, pods))
}

/// The one or two names of a place.
fn names(mut pieces: Pieces<'_>) -> Built<(Word, Option<Word>)> {
    let first = pieces.word()?;
    let second = if pieces.mark(Rule::slash).is_some() { Some(pieces.word()?) } else { None };
    Ok((first, second))
}

fn is_bare(word: &Word, text: &str) -> bool {
    word.form == Form::Bare && word.text == text
}

/// `api`, `orders/api`, `pods(…)`, `orders/pods(…)`, `any/pods(…)`, `internet`.
fn place<'a>(pieces: Pieces<'a>, arguments: Option<(Span, Pair<'a, Rule>)>) -> Built<PeerKind> {
    let context = pieces.context;
    let (first, second) = names(pieces)?;
    let whose = second.as_ref().unwrap_or(&first);
    if is_bare(whose, "pods") {
        let conditions = match arguments {
            Some((_, pair)) => selector::requirements(context.inside(pair))?,
            None => Vec::new(),
        };
        return Ok(pods(first, second.is_some(), conditions));
    }
    if let Some((span, _)) = arguments {
        return Err(Box::new(no_selector(whose, span)));
    }
    match second {
        Some(name) if is_bare(&first, "any") => Err(Box::new(any_workload(&first, &name))),
        Some(name) => {
            word::not_reserved_peer(&name, "workload")?;
            Ok(PeerKind::Qualified(first, name))
        }
        None => single(first),
    }
}

fn pods(first: Word, qualified: bool, conditions: Vec<Requirement>) -> PeerKind {
    if !qualified {
        PeerKind::Pods(conditions)
    } else if is_bare(&first, "any") {
        PeerKind::AnyPods(conditions)
    } else {
        PeerKind::NamespacePods(first, conditions)
    }
}

/// A word alone: one of the language's peers, or a name.
fn single(name: Word) -> Built<PeerKind> {
    if name.form != Form::Bare {
        return Ok(PeerKind::Name(name));
    }
    if let Some(builtin) = builtin(&name.text) {
        return Ok(PeerKind::Builtin(builtin));
    }
    if !reserved::is_peer_word(&name.text) {
        return Ok(PeerKind::Name(name));
    }
    Err(Box::new(match name.text.as_str() {
        "namespaces" => {
            Diagnostic::new(Code::UnexpectedText, name.span, "`namespaces` needs labels").help("say which: `namespaces(env=prod)`")
        }
        "any" => Diagnostic::new(Code::UnexpectedText, name.span, "`any` alone is no peer")
            .help("name a workload of this namespace, or `NAMESPACE/WORKLOAD`")
            .note("`any/pods` is every pod of the cluster, `anywhere` every address and every pod"),
        "because" | "owner" | "until" | "id" | "except" | "without" => {
            Diagnostic::new(Code::UnexpectedText, name.span, format!("a peer must stand before `{}`", name.text))
                .help("name a workload: `allow frontend -> api`")
        }
        _ => word::reserved_name(&name, "workload"),
    }))
}

/// The language's own peers.
fn builtin(text: &str) -> Option<Builtin> {
    Some(match text {
        "anywhere" => Builtin::Anywhere,
        "internet" => Builtin::Internet,
        "metadata" => Builtin::Metadata,
        "ingress" => Builtin::Ingress,
        "nodes" => Builtin::Nodes,
        "nodeports" => Builtin::Nodeports,
        "hosts" => Builtin::Hosts,
        "dns" => Builtin::Dns,
        "apiserver" => Builtin::ApiServer,
        _ => return None,
    })
}

fn any_workload(any: &Word, name: &Word) -> Diagnostic {
    let span = any.span.to(name.span);
    Diagnostic::new(Code::UnexpectedText, span, "a workload belongs to one namespace; `any` is none")
        .help(format!("name the namespace: `orders/{}`", name.text))
}

fn no_selector(whose: &Word, span: Span) -> Diagnostic {
    let text = format!("`{}` takes no labels; only `pods` and `namespaces` do", whose.text);
    Diagnostic::new(Code::UnexpectedText, span, text).help("select pods by their labels: `pods(app=api)`, `orders/pods(app=api)`")
}
