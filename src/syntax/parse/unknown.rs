//! Sentences whose first word begins none.

use super::pieces::Context;
use super::sentence::first_word;
use super::{expect, foreign};
use crate::diagnostic::{Code, Diagnostic, suggest};
use crate::source::Span;
use crate::syntax::place::{self, Place};

/// The headline for a line of a manifest; told once a file.
pub(super) const YAML: &str = "this is YAML, not a sentence of a policy";

/// What a sentence that begins with no word of the language may have meant.
pub(super) fn sentence(context: Context<'_>, at: Place) -> Diagnostic {
    let text = context.reader.slice(context.head);
    let start = context.head.start as usize;
    let token = foreign::mark_or_word(text);
    let span = context.reader.span(start, start + token.len());
    if foreign::is_yaml(text) {
        let line = text.lines().next().unwrap_or("").trim_end();
        let span = context.reader.span(start, start + line.len());
        return Diagnostic::new(Code::ForeignForm, span, YAML)
            .help("keep the manifest in a file of its own; to pass it through, write `include \"manifest.yaml\"`");
    }
    if token.starts_with("//") || token.starts_with("/*") || token.starts_with("--") {
        let mark = token.get(..2).unwrap_or(token);
        return Diagnostic::new(Code::ForeignForm, span, format!("a comment begins with `#`, not `{mark}`")).help("write `# …`");
    }
    if token == "-" {
        let rest = text.get(1..).unwrap_or("").trim_start();
        return Diagnostic::new(Code::ForeignForm, span, "sentences stand without `-` before them").help(format!("write `{rest}`"));
    }
    let word = first_word(text);
    let lower = word.to_ascii_lowercase();
    if lower != word && place::find(&lower, at).is_some() {
        let found = Diagnostic::new(Code::ForeignForm, span, format!("words of the language are lower case: `{lower}`, not `{word}`"));
        return found.help(right_form(text, at, &lower));
    }
    if let Some(keyword) = foreign::keyword(&lower) {
        return Diagnostic::new(Code::ForeignForm, span, format!("the word is `{keyword}`, not `{word}`"))
            .help(right_form(text, at, keyword));
    }
    unknown_word(context, span, at, word)
}

fn right_form(text: &str, at: Place, keyword: &str) -> String {
    match foreign::rewrite(text, at) {
        Some(right) => format!("write `{right}`"),
        None => place::find(keyword, at).map_or_else(|| format!("write `{keyword}`"), |form| format!("write it like `{}`", form.example)),
    }
}

fn unknown_word(context: Context<'_>, span: Span, at: Place, word: &str) -> Diagnostic {
    let shown = context.reader.slice(span);
    let found = Diagnostic::new(Code::UnexpectedText, span, format!("`{shown}` begins no sentence"));
    let near = suggest::nearest(word, place::forms_in(at).map(|form| form.word));
    if !near.is_empty() {
        return found.help(format!("did you mean {}?", expect::quoted_list(near, "or")));
    }
    let text = context.reader.slice(context.head);
    if at != Place::Top && text.contains("->") && !text.contains('\n') && text.len() < 80 && !word.is_empty() {
        return found.help(format!("say what holds for it: `allow {text}` or `deny {text}`"));
    }
    let here = expect::quoted_list(place::forms_in(at).map(|form| form.word), "or");
    found
        .help(format!("{} a sentence begins with {here}", at.locative()))
        .note("a sentence ends with its line; it goes on inside `( )`, after `,` and `->`, and on a deeper line that begins with `->`, `except` or a clause")
}
