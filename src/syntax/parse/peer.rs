//! Peers: who is at an end of a flow.

use super::pieces::{Context, Part, Pieces};
use super::{Built, port, selector, word};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::grammar::Rule;
use crate::syntax::reserved;
use crate::syntax::tree::{Builtin, Form, Peer, PeerKind, Peers, Port, PortKind, Requirement, Word};

/// `PEER, … [except PEER, …]`.
pub(super) fn peers<'a>(context: Context<'a>, part: Part<'a>) -> Built<Peers> {
    let mut found = Peers { list: Vec::with_capacity(1), except: Vec::new(), span: context.span(&part) };
    let mut excepting = false;
    for part in context.inside(part) {
        match part.as_rule() {
            Rule::peer if excepting => found.except.push(peer(context, part)?),
            Rule::peer => found.list.push(peer(context, part)?),
            Rule::kw_except => excepting = true,
            _ => {}
        }
    }
    Ok(found)
}

/// One peer.
pub(super) fn peer<'a>(context: Context<'a>, part: Part<'a>) -> Built<Peer> {
    let span = context.span(&part);
    let mut pieces = context.inside(part);
    let kind = match pieces.peek() {
        Some(Rule::address) => PeerKind::Address(pieces.word()?),
        _ => place(pieces)?,
    };
    Ok(Peer { kind, span })
}

/// A name, or two, with what stands in parentheses behind it.
fn place(mut arguments: Pieces<'_>) -> Built<PeerKind> {
    let context = arguments.context;
    let account = arguments.mark(Rule::kw_serviceaccount).is_some();
    let (first, second) = names(arguments.enter(Rule::qualified)?)?;
    let whose = second.as_ref().unwrap_or(&first);
    let kind = match arguments.peek() {
        None if account => match second {
            Some(name) => PeerKind::ServiceAccount(Some(first), name),
            None => PeerKind::ServiceAccount(None, first),
        },
        None if is_bare(whose, "pods") => pods(first, second.is_some(), Vec::new()),
        None => match second {
            Some(name) => qualified(first, name)?,
            None => single(first)?,
        },
        Some(Rule::selector) if !account && is_bare(whose, "pods") => {
            let conditions = selector::requirements(arguments.enter(Rule::selector)?)?;
            pods(first, second.is_some(), conditions)
        }
        Some(Rule::selector) if !account && second.is_none() && is_bare(&first, "namespaces") => return labelled(arguments),
        Some(Rule::node_ports) if !account && second.is_none() && is_bare(&first, "nodeports") => {
            PeerKind::Nodeports(arguments.enter(Rule::node_ports)?.each(Rule::numbers, node_port)?)
        }
        Some(_) => return Err(no_arguments(whose, arguments)),
    };
    match arguments.next() {
        Some(rest) => {
            let span = context.span(&rest);
            Err(Box::new(
                Diagnostic::new(Code::UnexpectedText, span, "only `namespaces(…)` is followed by `/pods`")
                    .help("write `orders/pods(app=api)`"),
            ))
        }
        None => Ok(kind),
    }
}

fn node_port<'a>(context: Context<'a>, part: Part<'a>) -> Built<Port> {
    let span = context.span(&part);
    Ok(Port { kind: PortKind::Numbers(port::numbers(context, part)?), span })
}

/// `namespaces(env=prod)`, `namespaces(env=prod)/pods(…)`.
fn labelled(mut arguments: Pieces<'_>) -> Built<PeerKind> {
    let namespaces = selector::requirements(arguments.enter(Rule::selector)?)?;
    let _pods = arguments.next_if(Rule::pods_there);
    let pods = match arguments.next_if(Rule::selector) {
        Some(part) => selector::requirements(arguments.context.inside(part))?,
        None => Vec::new(),
    };
    Ok(PeerKind::LabelledNamespaces(namespaces, pods))
}

/// The one or two names of a place.
pub(super) fn names(mut pieces: Pieces<'_>) -> Built<(Word, Option<Word>)> {
    let first = pieces.word()?;
    let second = if pieces.mark(Rule::slash).is_some() { Some(pieces.word()?) } else { None };
    Ok((first, second))
}

fn is_bare(word: &Word, text: &str) -> bool {
    word.form == Form::Bare && word.text == text
}

/// `orders/api`.
fn qualified(namespace: Word, name: Word) -> Built<PeerKind> {
    if is_bare(&namespace, "any") {
        return Err(Box::new(any_workload(&namespace, &name)));
    }
    word::not_reserved_peer(&name, "workload")?;
    Ok(PeerKind::Qualified(namespace, name))
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
    if name.form != Form::Bare || !reserved::is_peer_word(&name.text) {
        return Ok(PeerKind::Name(name));
    }
    if let Some(builtin) = builtin(&name.text) {
        return Ok(PeerKind::Builtin(builtin));
    }
    Err(Box::new(match name.text.as_str() {
        "serviceaccount" => Diagnostic::new(Code::UnexpectedText, name.span, "`serviceaccount` needs a name")
            .help("say which: `serviceaccount ci`, `serviceaccount orders/ci`"),
        "namespaces" => {
            Diagnostic::new(Code::UnexpectedText, name.span, "`namespaces` needs labels").help("say which: `namespaces(env=prod)`")
        }
        "egress" => Diagnostic::new(Code::UnexpectedText, name.span, "`egress` is a side of pods, and no peer")
            .help("a side stands right after `isolate`; without one, `isolate` closes both"),
        "any" => Diagnostic::new(Code::UnexpectedText, name.span, "`any` alone is no peer")
            .help("name a workload of this namespace, or `NAMESPACE/WORKLOAD`")
            .note("`any/pods` is every pod of the cluster, `anywhere` every address and every pod"),
        "because" | "owner" | "until" | "id" | "except" | "without" => {
            Diagnostic::new(Code::UnexpectedText, name.span, format!("a peer must stand before `{}`", name.text))
                .help("name a workload: `allow frontend -> api`")
        }
        text => Diagnostic::new(Code::ReservedName, name.span, format!("`{text}` is a word of the language, but no peer"))
            .help(format!("name the peer: `frontend`, `orders/api`; quote a workload of this name: `\"{text}\"`")),
    }))
}

/// The language's own peers.
fn builtin(text: &str) -> Option<Builtin> {
    Builtin::ALL.into_iter().find(|builtin| builtin.as_str() == text)
}

fn any_workload(any: &Word, name: &Word) -> Diagnostic {
    let span = any.span.to(name.span);
    Diagnostic::new(Code::UnexpectedText, span, "a workload belongs to one namespace; `any` is none")
        .help(format!("name the namespace: `orders/{}`", name.text))
}

/// Parentheses behind a word that takes none.
fn no_arguments(whose: &Word, mut arguments: Pieces<'_>) -> Box<Diagnostic> {
    let context = arguments.context;
    let span = arguments.next().map_or(whose.span, |part| context.span(&part));
    let text = format!("`{}` takes nothing in parentheses", whose.text);
    let found = Diagnostic::new(Code::UnexpectedText, span, text);
    Box::new(found.help("select pods by their labels: `pods(app=api)`, `orders/pods(app=api)`"))
}
