//! Sentences that cannot be read: what was found, what may stand there, and the
//! right form where the words are those of another language.

use pest::error::{Error, ErrorVariant, InputLocation};

use super::expect;
use super::pieces::Context;
use super::sentence::first_word;
use crate::diagnostic::{Code, Diagnostic, suggest};
use crate::source::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::place::{self, Form, Place};

/// A sentence whose first word begins none.
pub(super) fn unknown_sentence(context: Context<'_>, at: Place) -> Diagnostic {
    let text = context.reader.slice(context.head);
    let word = first_word(text);
    let start = context.head.start as usize;
    let length = if word.is_empty() { text.chars().next().map_or(0, char::len_utf8) } else { word.len() };
    let span = context.reader.span(start, start + length);
    let shown = context.reader.slice(span);
    let found = Diagnostic::new(Code::UnexpectedText, span, format!("`{shown}` begins no sentence"));
    let near = suggest::nearest(word, place::forms_in(at).map(|form| form.word));
    if near.is_empty() {
        return found;
    }
    let near: Vec<String> = near.iter().map(|word| format!("`{word}`")).collect();
    let near: Vec<&str> = near.iter().map(String::as_str).collect();
    found.help(format!("did you mean {}?", expect::list(&near, "or")))
}

/// How to move a sentence to where it may stand.
pub(super) fn where_to_put(form: &Form) -> String {
    match form.places.first() {
        Some(Place::Top) => format!("move it out of the block: `{}`", form.example),
        Some(Place::Namespace) => format!("put it into a namespace: `namespace payments {{ {} }}`", form.example),
        Some(Place::Workload) => format!("put it into a workload: `workload api {{ {} }}`", form.example),
        Some(Place::Cluster) => format!("put it into a cluster: `cluster default {{ {} }}`", form.example),
        Some(place) => format!("put it into {}: `{}`", place.describe(), form.example),
        None => String::new(),
    }
}

/// A sentence that its rule cannot read.
pub(super) fn explain(context: Context<'_>, form: &Form, error: &Error<Rule>) -> Diagnostic {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let span = token(context, at);
    let found = context.reader.slice(span);
    let expected = expected(error);
    let shown = if found.is_empty() { "the sentence ends too early".to_owned() } else { format!("`{found}` cannot stand here") };
    let message = Diagnostic::new(Code::UnexpectedText, span, shown);
    if expected.is_empty() {
        return message.help(format!("write it like `{}`", form.example));
    }
    message.label(format!("expected {expected}")).help(format!("write it like `{}`", form.example))
}

/// The word or mark at a place of the sentence; at its end, the empty place behind it.
fn token(context: Context<'_>, at: usize) -> Span {
    let base = context.head.start as usize;
    let rest = context.reader.slice(context.head).get(at..).unwrap_or("");
    let length = match first_word(rest).len() {
        0 => rest.chars().next().map_or(0, char::len_utf8),
        length => length,
    };
    context.reader.span(base + at, base + at + length)
}

/// What could have stood there, in words.
fn expected(error: &Error<Rule>) -> String {
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else { return String::new() };
    let mut words: Vec<&str> = positives.iter().filter_map(|rule| expect::words(*rule)).collect();
    words.sort_unstable();
    words.dedup();
    expect::list(&words, "or")
}
