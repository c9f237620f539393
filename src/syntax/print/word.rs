//! Words and lists as text.

use crate::syntax::tree::{Form, Word};

/// A word as it is written.
pub(super) fn word(word: &Word) -> String {
    match word.form {
        Form::Bare => word.text.to_string(),
        Form::Parameter => format!("${}", word.text),
        Form::Quoted => quoted(&word.text),
    }
}

/// A text in quotes, with the escapes it needs.
fn quoted(text: &str) -> String {
    let mut said = String::with_capacity(text.len() + 2);
    said.push('"');
    for character in text.chars() {
        match character {
            '"' => said.push_str("\\\""),
            '\\' => said.push_str("\\\\"),
            '\n' => said.push_str("\\n"),
            '\t' => said.push_str("\\t"),
            other => said.push(other),
        }
    }
    said.push('"');
    said
}

/// Several things, joined as lists are.
pub(super) fn list<T>(items: &[T], print: impl Fn(&T) -> String) -> String {
    items.iter().map(print).collect::<Vec<_>>().join(", ")
}

/// Several words.
pub(super) fn words(items: &[Word]) -> String {
    list(items, word)
}
