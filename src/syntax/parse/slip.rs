//! Slips of people who know other tools: labels without parentheses, two words without the mark between them, names of
//! hosts, `:` and `=` where none stands.

mod access;

use pest::Parser;

use super::explain::{Stop, last_token};
use super::foreign::{self, PROTOCOLS};
use super::sentence::first_word;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::grammar::{Grammar, Rule};
use crate::syntax::place::Form;

/// What was meant, if the place looks like one of these slips.
pub(super) fn find(stop: &Stop<'_>, form: &Form) -> Option<Diagnostic> {
    let peers = matches!(form.rule, Rule::allow | Rule::deny | Rule::isolate | Rule::declare_peers);
    if peers && let Some(found) = label(stop).or_else(|| peer(stop)) {
        return Some(found);
    }
    if matches!(form.rule, Rule::allow | Rule::deny)
        && let Some(found) = order(stop, form).or_else(|| port(stop, form))
    {
        return Some(found);
    }
    if let Some(found) = access::find(stop, form) {
        return Some(found);
    }
    if !peers && let Some(found) = mark(stop, form) {
        return Some(found);
    }
    anywhere(stop)
}

fn wrong(span: Span, headline: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::UnexpectedText, span, headline)
}

fn foreign(span: Span, headline: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::ForeignForm, span, headline)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'-') && text.starts_with(|c: char| c.is_ascii_digit())
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// The sentence with something put at the place where it stopped, if that makes it one.
fn with(stop: &Stop<'_>, form: &Form, mark: &str) -> Option<String> {
    let right = format!("{}{mark}{}", stop.before().trim_end(), stop.rest());
    (right.len() <= 200 && !right.contains('\n') && Grammar::parse(form.rule, &right).is_ok()).then(|| format!("write `{right}`"))
}

/// The URL that begins at the place.
fn url<'a>(stop: &Stop<'a>) -> &'a str {
    let rest = stop.rest();
    rest.get(..rest.find([' ', ',', ';', '\n']).unwrap_or(rest.len())).unwrap_or(rest)
}

/// Labels that stand without their parentheses, or in other brackets.
fn label(stop: &Stop<'_>) -> Option<Diagnostic> {
    let headline = "labels stand in `( )` behind the pods that have them";
    if stop.token == "[" {
        let inner = stop.rest().trim_start_matches('[').split(']').next().unwrap_or("");
        return Some(foreign(stop.span(), headline).help(format!("write `{}({inner})`", stop.previous)));
    }
    let glued = stop.before().ends_with(stop.previous) && stop.after().starts_with(|c: char| c.is_ascii_alphanumeric());
    if stop.token != "=" || !glued || !is_word(stop.previous) || !stop.text.contains("->") {
        return None;
    }
    let value = first_word(stop.after());
    let start = stop.at - stop.previous.len();
    let span = stop.span_of(start, stop.previous.len() + 1 + value.len());
    Some(match stop.previous {
        "namespace" | "ns" => foreign(span, "a namespace's pods are named behind `/`").help(format!("write `{value}/pods`")),
        key => foreign(span, headline).help(format!("write `pods({key}={value})`")),
    })
}

/// Peers as other tools write them.
fn peer(stop: &Stop<'_>) -> Option<Diagnostic> {
    let after = stop.after();
    if stop.token == "*" {
        return Some(
            foreign(stop.span(), "`*` is no peer").help("name who is meant, for example `orders/pods` or `any/pods(app=api)`").note(
                "`orders/pods` is every pod of `orders`, `any/pods` every pod of the cluster, `anywhere` every address and every pod",
            ),
        );
    }
    if stop.previous == "namespace" && is_word(stop.token) {
        let span = stop.previous_span().to(stop.span());
        return Some(foreign(span, "a namespace's pods are named behind `/`").help(format!("write `{}/pods`", stop.token)));
    }
    if is_word(stop.token) && after.starts_with("://") {
        return Some(
            wrong(stop.span_of(stop.at, url(stop).len()), "network policies know addresses, not names of hosts")
                .help("write its addresses, or give them a name: `peers partner = 203.0.113.0/24`"),
        );
    }
    let behind = first_word(after.trim_start_matches(':'));
    if is_word(stop.token) && after.starts_with(':') && !PROTOCOLS.contains(&stop.token) && is_word(behind) && !is_number(behind) {
        let span = stop.span_of(stop.at, stop.token.len() + 1 + behind.len());
        return Some(
            foreign(span, "a namespace and what is in it are joined with `/`, not `:`").help(format!("write `{}/{behind}`", stop.token)),
        );
    }
    if stop.previous == "/" && stop.token.trim().is_empty() {
        let namespace = last_token(stop.before().trim_end().trim_end_matches('/'));
        return Some(
            wrong(stop.previous_span(), "a name must stand behind `/`")
                .help(format!("for one workload write `{namespace}/WORKLOAD`, for every pod of the namespace `{namespace}/pods`")),
        );
    }
    None
}

/// Words of a flow in a wrong order, or without the mark between them.
fn order(stop: &Stop<'_>, form: &Form) -> Option<Diagnostic> {
    let (token, previous) = (stop.token, stop.previous);
    let arrow = |text: &str| text.contains("->");
    if ["because", "owner", "until", "id"].contains(&token) && arrow(stop.after()) {
        return Some(
            wrong(stop.span(), format!("`{token}` stands at the end of the sentence"))
                .help(format!("write it like `{} because \"checkout reads prices\"`", form.example)),
        );
    }
    if previous == "not" || ["but", "not"].contains(&token) {
        let span = if previous == "not" { stop.previous_span() } else { stop.span() };
        return Some(foreign(span, "whom a sentence leaves out is said with `except`").help("write it like `pods except api`"));
    }
    if ["allow", "deny", "workload", "isolate"].contains(&previous) && arrow(stop.before()) {
        return Some(
            wrong(stop.previous_span(), format!("`{previous}` begins a new sentence, and the one before has not ended"))
                .help(format!("put `;` or a line end before `{previous}`")),
        );
    }
    let habit = foreign::habit(token, previous, stop.after()).is_some();
    if habit || !is_word(token) || !is_word(previous) || arrow(stop.before()) || !stop.expected.contains(&"`->`") {
        return None;
    }
    if arrow(stop.after()) {
        let help = with(stop, form, ", ");
        return help.map(|help| wrong(stop.span(), "peers are joined with `,`").help(help));
    }
    let help = with(stop, form, " -> ").unwrap_or_else(|| format!("write it like `{}`", form.example));
    Some(wrong(stop.span(), "a flow needs `->` between who connects and who listens").help(help))
}

/// Ports as other tools write them.
fn port(stop: &Stop<'_>, form: &Form) -> Option<Diagnostic> {
    let (token, previous, after) = (stop.token, stop.previous, stop.after());
    let behind_arrow = stop.before().contains("->");
    if is_word(token) && after.starts_with(':') && !behind_arrow && stop.text.contains("->") {
        let number = first_word(after.trim_start_matches(':'));
        let span = stop.span_of(stop.at + token.len(), 1 + number.len());
        return Some(
            wrong(span, "who connects has no port; ports stand behind the destination").help(format!("write it like `{}`", form.example)),
        );
    }
    if token == "/" && behind_arrow && !PROTOCOLS.contains(&previous) && is_number(first_word(after)) {
        let number = first_word(after);
        let span = stop.previous_span().to(stop.span_of(stop.at, 1 + number.len()));
        return Some(foreign(span, "a port is its number, or number and protocol").help(format!("write `{number}` or `{number}/tcp`")));
    }
    if token == "-" && is_number(previous) && is_number(first_word(after.trim_start())) {
        let high = first_word(after.trim_start());
        return Some(wrong(stop.span(), "a range of ports is written without blanks").help(format!("write `{previous}-{high}`")));
    }
    let habit = foreign::habit(token, previous, after).is_some();
    if is_number(token) && behind_arrow && is_word(previous) && !habit {
        let help = with(stop, form, ", ");
        return help.map(|help| wrong(stop.span(), "ports are joined with `,`").help(help));
    }
    None
}

/// `:`, `=`, `(` and order in what is declared.
fn mark(stop: &Stop<'_>, form: &Form) -> Option<Diagnostic> {
    let (token, previous, after) = (stop.token, stop.previous, stop.after());
    let like = format!("write it like `{}`", form.example);
    if form.rule == Rule::workload && matches!(token, "=" | "(") {
        return Some(
            wrong(stop.span(), "the labels of a workload's pods stand in its block")
                .help("write it like `workload api { select app=api }`"),
        );
    }
    if form.rule == Rule::service && token == ":" {
        return Some(foreign(stop.span(), "`->` leads from the Service's port to the pods', not `:`").help(like));
    }
    if form.rule == Rule::namespace && token == "," {
        return Some(
            wrong(stop.span(), "several namespaces are said with `namespaces`")
                .help("write it like `namespaces team-a, team-b isolate { … }`"),
        );
    }
    if form.rule == Rule::declare_ports && is_number(previous) && is_word(token) && !is_number(token) {
        let span = stop.span();
        return Some(wrong(span, "a port's name stands before its number").help(format!("write `{token} {previous}`")));
    }
    let place = if token == ":" || token == "=" {
        (stop.span(), token)
    } else if after.starts_with(':') && is_word(token) {
        (stop.span_of(stop.at + token.len(), 1), ":")
    } else {
        return None;
    };
    Some(
        foreign(place.0, format!("no `{}` stands here", place.1))
            .help(foreign::rewrite_as(stop.text, form).map_or(like, |it| format!("write `{it}`"))),
    )
}

/// What can stand in any sentence.
fn anywhere(stop: &Stop<'_>) -> Option<Diagnostic> {
    if stop.token == "@" {
        let (name, host) = (stop.previous, first_word(stop.after()));
        let span = stop.span_of(stop.at.saturating_sub(name.len()), name.len() + 1 + host.len());
        return Some(wrong(span, "an e-mail address stands in quotes").help(format!("write `\"{name}@{host}\"`")));
    }
    if stop.after().starts_with("://") {
        let url = url(stop);
        return Some(wrong(stop.span_of(stop.at, url.len()), "a URL stands in quotes").help(format!("write `\"{url}\"`")));
    }
    (stop.token == "--").then(|| foreign(stop.span(), "a comment begins with `#`, not `--`").help("write `# …`"))
}
