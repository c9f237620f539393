//! YAML text to documents.

use serde_json::Value;
use serde_saphyr::Spanned;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// The documents of a file, each with the place where it begins. Empty documents are left out.
pub(super) fn documents(file: FileId, text: &str) -> Result<Vec<(Span, Value)>, Box<Diagnostic>> {
    let options = serde_saphyr::options! {
        // A dump of a cluster is large; nesting and aliases stay bounded.
        budget: serde_saphyr::budget! {
            max_events: usize::MAX,
            max_nodes: usize::MAX,
            max_documents: usize::MAX,
            max_total_scalar_bytes: usize::MAX,
            max_total_comment_bytes: usize::MAX,
        },
        with_snippet: false,
        emit_comments: false,
    };
    match serde_saphyr::from_multiple_with_options::<Spanned<Value>>(text, options) {
        Ok(documents) => Ok(documents.into_iter().map(|document| (place(file, text, document.referenced), document.value)).collect()),
        Err(error) => Err(Box::new(unreadable(file, text, &error))),
    }
}

fn unreadable(file: FileId, text: &str, error: &serde_saphyr::Error) -> Diagnostic {
    let span = error.location().map_or(Span { file, start: 0, end: 0 }, |location| place(file, text, location));
    Diagnostic::new(Code::ManifestUnreadable, span, "this manifest is not valid YAML")
        .label(reason(error))
        .help("correct the file, or do not give it with `--manifests`")
}

/// What the parser says, without the place it repeats.
fn reason(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let text = text.lines().next().unwrap_or_default();
    let end = [" at line ", " (line ", ", set "].iter().filter_map(|rest| text.find(rest)).min().unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim_start_matches("error: ").to_owned()
}

/// The character at a place of the text, or nothing at its end.
fn place(file: FileId, text: &str, location: serde_saphyr::Location) -> Span {
    let offset =
        location.span().byte_offset().and_then(|offset| usize::try_from(offset).ok()).unwrap_or_else(|| line_start(text, location.line()));
    let rest = text.get(offset..).unwrap_or("");
    let start = text.len() - rest.len();
    let end = start + rest.chars().next().map_or(0, char::len_utf8);
    Span { file, start: u32::try_from(start).unwrap_or(u32::MAX), end: u32::try_from(end).unwrap_or(u32::MAX) }
}

/// Where a line, counted from 1, begins.
fn line_start(text: &str, line: impl TryInto<usize>) -> usize {
    let before = line.try_into().unwrap_or(1).saturating_sub(1);
    text.split_inclusive('\n').take(before).map(str::len).sum()
}
