//! Text to tree: exactly what was written, every node with its place.
//!
//! pest never leaves this folder.

mod grammar;
mod hygiene;
mod layout;
mod lookalike;
mod matcher;
mod parse;
pub mod place;
#[cfg(test)]
mod print;
pub mod reserved;
pub mod tree;

#[cfg(test)]
mod tests;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// The largest policy file that is read, in bytes.
pub const MAX_FILE: usize = 16 * 1024 * 1024;

/// The longest name, in bytes: what Kubernetes allows for the longest of its names.
pub const MAX_NAME: usize = 253;

/// How many errors of one file are told.
pub const MAX_ERRORS: usize = 50;

/// Reads one policy file. The tree holds every sentence that could be read;
/// the diagnostics tell of every one that could not, in the order of the text.
#[must_use]
pub fn parse(file: FileId, text: &str) -> (tree::File, Vec<Diagnostic>) {
    parse::file(Reader { file, text })
}

/// The paths that a file's `include` sentences name, in the order written.
pub fn includes(file: &tree::File) -> impl Iterator<Item = &tree::Word> {
    let mut found = Vec::new();
    collect_includes(&file.sentences, &mut found);
    found.into_iter()
}

fn collect_includes<'a>(sentences: &'a [tree::Sentence], found: &mut Vec<&'a tree::Word>) {
    for sentence in sentences {
        match &sentence.kind {
            tree::Kind::Include { path, .. } => found.push(path),
            tree::Kind::Namespace(namespace) => collect_includes(&namespace.body, found),
            tree::Kind::Template { body, .. } => collect_includes(body, found),
            _ => {}
        }
    }
}

/// A text with its file's id: makes spans, and texts of spans.
#[derive(Debug, Clone, Copy)]
struct Reader<'a> {
    file: FileId,
    text: &'a str,
}

impl<'a> Reader<'a> {
    /// The span between two bytes; a file is never so long that they do not fit.
    fn span(self, start: usize, end: usize) -> Span {
        let fit = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { file: self.file, start: fit(start), end: fit(end) }
    }

    /// The text of a span.
    fn slice(self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// `end` without the blanks before it.
    fn trimmed_end(self, start: usize, end: usize) -> usize {
        start + self.text.get(start..end).unwrap_or("").trim_end_matches([' ', '\t', '\r']).len()
    }
}
