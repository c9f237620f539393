//! Sentences that their rule cannot read: what was found, and what may stand there.

use pest::error::{Error, ErrorVariant, InputLocation};

use super::pieces::Context;
use super::sentence::first_word;
use super::{expect, foreign, slip};
use crate::diagnostic::{Code, Diagnostic, suggest};
use crate::source::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::place::{Form, Place};

/// A sentence and the place at which its rule gave up.
pub(super) struct Stop<'a> {
    context: Context<'a>,
    /// The whole sentence.
    pub(super) text: &'a str,
    /// The place, in bytes of the sentence.
    pub(super) at: usize,
    /// The word or mark there; empty at the end.
    pub(super) token: &'a str,
    /// The word or mark before it.
    pub(super) previous: &'a str,
    /// What could have stood there.
    pub(super) expected: Vec<&'static str>,
}

impl<'a> Stop<'a> {
    /// The wrong word or mark; at the end of a sentence the one that wants another behind it.
    pub(super) fn span(&self) -> Span {
        if self.token.is_empty() { self.previous_span() } else { self.span_of(self.at, self.token.len()) }
    }

    pub(super) fn previous_span(&self) -> Span {
        let before = self.text.get(..self.at).unwrap_or("").trim_end().len();
        self.span_of(before - self.previous.len(), self.previous.len())
    }

    pub(super) fn span_of(&self, at: usize, length: usize) -> Span {
        let base = self.context.head.start as usize;
        self.context.reader.span(base + at, base + at + length)
    }

    /// What stands before the place.
    pub(super) fn before(&self) -> &'a str {
        self.text.get(..self.at).unwrap_or("")
    }

    /// What stands from the place on.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// What stands behind the wrong word or mark.
    pub(super) fn after(&self) -> &'a str {
        self.text.get(self.at + self.token.len()..).unwrap_or("")
    }
}

/// The message for a sentence that its rule cannot read.
pub(super) fn sentence(context: Context<'_>, form: &Form, place: Place, error: &Error<Rule>) -> Diagnostic {
    let text = context.text;
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at.min(text.len()),
    };
    let rest = text.get(at..).unwrap_or("");
    let before = text.get(..at).unwrap_or("").trim_end();
    let stop = Stop { context, text, at, token: foreign::mark_or_word(rest), previous: last_token(before), expected: expected(error) };
    let help = || match foreign::rewrite(text, place) {
        Some(right) => format!("write `{right}`"),
        None => format!("write it like `{}`", form.example),
    };
    let special = clause(&stop)
        .or_else(|| selector(&stop))
        .or_else(|| header(&stop, form))
        .or_else(|| word(&stop))
        .or_else(|| flow(&stop, form))
        .or_else(|| slip::find(&stop, form));
    if let Some(found) = special {
        return found;
    }
    if let Some(headline) = foreign::habit(stop.token, stop.previous, stop.after()) {
        let about_previous = headline.ends_with(&format!("`{}`", stop.previous)) && !stop.previous.is_empty();
        let span = if about_previous && stop.token != stop.previous { stop.previous_span() } else { stop.span() };
        return Diagnostic::new(Code::ForeignForm, span, headline).help(help());
    }
    if let Some(found) = misspelt(&stop) {
        return found;
    }
    general(&stop, help())
}

/// Nothing special is known: what stands there, and what may.
fn general(stop: &Stop<'_>, help: String) -> Diagnostic {
    let expected = expect::list(&stop.expected, "or");
    let headline =
        if stop.token.is_empty() { "the sentence ends too early".to_owned() } else { format!("`{}` cannot stand here", stop.token) };
    let found = Diagnostic::new(Code::UnexpectedText, stop.span(), headline).help(help);
    match (expected.is_empty(), stop.token.is_empty()) {
        (true, _) => found,
        (false, true) => found.label(format!("expected {expected} behind it")),
        (false, false) => found.label(format!("expected {expected}")),
    }
}

/// A clause that lacks what follows its word.
fn clause(stop: &Stop<'_>) -> Option<Diagnostic> {
    let unexpected = |headline: &str| Diagnostic::new(Code::UnexpectedText, stop.span(), headline);
    match stop.previous {
        "because" if stop.expected == ["a text in quotes"] && stop.token != "'" => {
            Some(unexpected("the reason stands in quotes").help("write it like `because \"checkout reads prices\"`"))
        }
        "owner" if stop.token.is_empty() => Some(unexpected("`owner` needs a name").help("write it like `owner payments-team`")),
        "id" if stop.token.is_empty() => Some(unexpected("`id` needs a name").help("write it like `id pay-01`")),
        "until" if stop.expected.contains(&"a date") => {
            let found = Diagnostic::new(Code::WrongDate, stop.span(), "the last day is written as year, month and day");
            Some(found.help("write it like `until 2027-03-31`"))
        }
        _ => None,
    }
}

/// Conditions on labels, in `( )` and after `select` and `labels`.
fn selector(stop: &Stop<'_>) -> Option<Diagnostic> {
    let before = stop.text.get(..stop.at).unwrap_or("");
    let open = before.rfind('(').is_some_and(|at| !before.get(at..).unwrap_or("").contains(')'));
    if !open && !before.starts_with("select ") && !before.starts_with("labels ") {
        return None;
    }
    let foreign = |headline: &str| Diagnostic::new(Code::ForeignForm, stop.span(), headline);
    let after = stop.after();
    if stop.previous == "(" && stop.token == ")" {
        return Some(
            Diagnostic::new(Code::UnexpectedText, stop.span(), "`( )` without labels selects nothing").help("say which: `pods(app=api)`"),
        );
    }
    if stop.token == "=" && stop.previous == "=" || stop.token == "==" {
        return Some(foreign("labels are compared with one `=`").help(condition(stop)));
    }
    if stop.token == ":" || after.starts_with(':') {
        return Some(foreign("a label's value stands behind `=`, not `:`").help(condition(stop)));
    }
    if ["and", "&&", "&"].contains(&stop.token) {
        return Some(
            foreign(&format!("conditions are joined with `,`, not `{}`", stop.token)).help("write it like `pods(app=api, tier=gold)`"),
        );
    }
    if ["or", "||", "|"].contains(&stop.token) {
        return Some(
            foreign("all conditions of a selector must hold; it has no `or`")
                .help("for one of several values write `app in (api, web)`; for other pods add a peer: `pods(…), pods(…)`"),
        );
    }
    if stop.token == "!" {
        return Some(foreign("a label that must not be there is said with `lacks`").help("write `lacks canary`"));
    }
    if stop.token == "notin" {
        return Some(foreign("the words are `not in`").help("write `track not in (canary, beta)`"));
    }
    None
}

/// The condition that was meant, in the right form.
fn condition(stop: &Stop<'_>) -> String {
    let (before, rest) = (stop.before().trim_end_matches(['=', ':', ' ']), stop.rest());
    let key = if matches!(stop.token, ":" | "=" | "==") { last_token(before) } else { stop.token };
    let behind = rest.strip_prefix(key).unwrap_or(rest).trim_start_matches([':', '=', ' ']);
    match first_word(behind) {
        "" => "write `app=api`".to_owned(),
        value => format!("write `{key}={value}`"),
    }
}

/// Headers of namespaces, and `isolate`.
fn header(stop: &Stop<'_>, form: &Form) -> Option<Diagnostic> {
    let at = |headline: &str| Diagnostic::new(Code::UnexpectedText, stop.span(), headline);
    let before = stop.text.get(..stop.at).unwrap_or("");
    let said = |word: &str| before.split_whitespace().any(|it| it == word);
    let isolated = said("isolate");
    if stop.token == "isolate" && said("external") {
        return Some(
            at("`external` and `isolate` contradict each other")
                .help("keep `isolate` if the pods are yours, `external` if they are somebody else's"),
        );
    }
    if stop.token == "isolate" && isolated {
        return Some(at("`isolate` names one side, or none for both").help("write `isolate` once to close both sides"));
    }
    if !isolated || !matches!(form.rule, Rule::namespace | Rule::namespaces | Rule::isolate | Rule::workload) {
        return None;
    }
    match stop.token {
        "external" => Some(
            at("`external` and `isolate` contradict each other")
                .help("keep `isolate` if the pods are yours, `external` if they are somebody else's"),
        ),
        "in" => Some(at("`in` stands before `isolate`").help("write it like `namespace payments in prod-dal10 isolate { … }`")),
        "," if matches!(stop.previous, "ingress" | "egress") => {
            Some(at("`isolate` names one side, or none for both").help("write `isolate` to close both sides"))
        }
        "ingress" | "egress" if form.rule == Rule::isolate => {
            Some(at("the side stands right after `isolate`").help(format!("write it like `isolate {} pods(tier=data)`", stop.token)))
        }
        _ => None,
    }
}

/// Words of a wrong shape.
fn word(stop: &Stop<'_>) -> Option<Diagnostic> {
    if stop.token == "$" {
        let found = Diagnostic::new(Code::UnexpectedText, stop.span(), "a parameter is a whole word: `$name`, with blanks around it");
        return Some(found.help("give the template a parameter for each whole name it needs"));
    }
    if stop.expected == ["a text in quotes"] && !stop.token.is_empty() && stop.token != "'" {
        let rest = stop.text.get(stop.at..).unwrap_or("");
        let length = rest.find([' ', '\t', '\n', ',', ';']).unwrap_or(rest.len());
        let shown = rest.get(..length).unwrap_or("");
        let found = Diagnostic::new(Code::UnexpectedText, stop.span_of(stop.at, length), format!("`{shown}` must stand in quotes"));
        return Some(found.help(format!("write `\"{shown}\"`")));
    }
    None
}

/// Mistakes in the order of a flow's parts.
fn flow(stop: &Stop<'_>, form: &Form) -> Option<Diagnostic> {
    let at = |headline: &str| Diagnostic::new(Code::UnexpectedText, stop.span(), headline);
    let before = stop.text.get(..stop.at).unwrap_or("");
    if stop.token == "except" && before.contains("->") && !before.contains("except") {
        return Some(at("`except` stands before the ports").help("write it like `allow any/pods -> payments/pods except payments/db 443`"));
    }
    if stop.token == "except" && before.contains("except") {
        return Some(at("each side of a flow has one `except`").help("join what is left out with `,`: `except a, b`"));
    }
    if stop.token == "->" && before.contains("->") {
        return Some(at("a flow has one arrow").help("write a sentence of its own for each arrow"));
    }
    if stop.token.is_empty() && stop.expected.contains(&"`->`") && !before.contains("->") {
        let found = at("a flow needs `->` and a destination").help(format!("write it like `{} frontend -> api`", form.word));
        return Some(if form.rule == Rule::deny { found.help("to close all of a namespace's pods, write `isolate`") } else { found });
    }
    if stop.token == "-" && stop.after().trim_start().starts_with('>') {
        return Some(Diagnostic::new(Code::ForeignForm, stop.span(), "the arrow is written `->`, without a blank").help("write `->`"));
    }
    if stop.token == "->" && stop.expected.contains(&"a peer") {
        let headline = if stop.previous == "," { "a peer must stand between `,` and `->`" } else { "a peer must stand before `->`" };
        return Some(at(headline).help("write it like `allow frontend -> api`"));
    }
    let blank = stop.before().ends_with(' ') || stop.after().starts_with(' ');
    if stop.token == "/"
        && blank
        && stop.previous != "url"
        && !foreign::PROTOCOLS.contains(&stop.previous)
        && !stop.after().starts_with('/')
    {
        return Some(at("a name and its namespace are written without blanks").help("write it like `orders/api`"));
    }
    None
}

/// A keyword in capitals, or one letter away from one.
fn misspelt(stop: &Stop<'_>) -> Option<Diagnostic> {
    let keywords = || stop.expected.iter().filter_map(|word| word.strip_prefix('`')?.strip_suffix('`')).chain(CLAUSES);
    let candidates = [(stop.token, stop.span()), (stop.previous, stop.previous_span())];
    for (word, span) in candidates {
        let lower = word.to_ascii_lowercase();
        if lower != word && keywords().any(|keyword| keyword == lower) {
            let headline = format!("words of the language are lower case: `{lower}`, not `{word}`");
            return Some(Diagnostic::new(Code::ForeignForm, span, headline).help(format!("write `{lower}`")));
        }
        if keywords().any(|keyword| keyword == word) || word.len() < 3 {
            continue;
        }
        let near = suggest::nearest(word, keywords());
        if !near.is_empty() {
            let headline = format!("`{word}` is no word of the language here");
            return Some(
                Diagnostic::new(Code::UnexpectedText, span, headline).help(format!("did you mean {}?", expect::quoted_list(near, "or"))),
            );
        }
    }
    None
}

/// Marks that only go on with the word before them.
const GLUED: [&str; 3] = ["`(`", "`/`", "`+`"];

/// The clauses, which may stand behind nearly everything.
const CLAUSES: [&str; 4] = ["because", "owner", "until", "id"];

/// The word or mark that a text ends with.
pub(super) fn last_token(text: &str) -> &str {
    let start = text.rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).map_or(0, |at| at + 1);
    match text.get(start..) {
        Some(word) if !word.is_empty() => word,
        _ => text.char_indices().next_back().and_then(|(at, _)| text.get(at..)).unwrap_or(""),
    }
}

/// What could have stood there, in words; the clauses are one thing.
fn expected(error: &Error<Rule>) -> Vec<&'static str> {
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else { return Vec::new() };
    let clause = |rule: &Rule| {
        matches!(
            rule,
            Rule::kw_because | Rule::kw_owner | Rule::kw_until | Rule::kw_id | Rule::because | Rule::owner | Rule::until | Rule::id
        )
    };
    let mut words: Vec<&str> = positives
        .iter()
        .map(|rule| if clause(rule) { Some("a clause") } else { expect::words(*rule) })
        .collect::<Vec<_>>()
        .into_iter()
        .flatten()
        .collect();
    words.sort_unstable_by_key(|word| (word.starts_with("a clause"), word.starts_with("the "), !word.starts_with('`'), *word));
    words.dedup();
    if words.iter().any(|word| !GLUED.contains(word)) {
        words.retain(|word| !GLUED.contains(word));
    }
    if words.iter().any(|word| word.starts_with("a name")) {
        words.retain(|word| !matches!(*word, "a parameter" | "a text in quotes"));
    }
    words
}
