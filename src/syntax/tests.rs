//! Tests of the whole stage: text in, tree and messages out.

mod generate;
mod hostile;
mod matcher;
mod messages;
mod place;
mod roundtrip;
mod sentences;
mod text;

use super::{parse, tree};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// The tree of a text that must be right.
fn right(text: &str) -> tree::File {
    let (tree, errors) = parse(FileId(0), text);
    assert!(errors.is_empty(), "{text:?} should be right, but: {}", show(text, &errors));
    tree
}

/// The errors of a text that must be wrong.
fn wrong(text: &str) -> Vec<Diagnostic> {
    let (_, errors) = parse(FileId(0), text);
    assert!(!errors.is_empty(), "{text:?} should be wrong");
    errors
}

/// The text a span covers.
fn covered(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or("<no text>")
}

/// Errors as a test compares them: headline, covered text, label, help.
fn show(text: &str, errors: &[Diagnostic]) -> String {
    let mut said = String::new();
    for error in errors {
        let (place, label) = error.primary.as_ref().map_or(("", ""), |label| (covered(text, label.span), label.text.as_str()));
        said.push_str(format!("{}: {}\n  at {place:?} {label}", error.code.as_str(), error.headline).trim_end());
        said.push('\n');
        for label in &error.secondary {
            said.push_str(&format!("  also {:?} {}\n", covered(text, label.span), label.text));
        }
        for help in &error.help {
            said.push_str(&format!("  help: {help}\n"));
        }
    }
    said
}
