//! Where a span begins and ends, as formats state it.

use crate::source::{Sources, Span};

/// Lines and columns count from 1, columns in characters; the end is the first position
/// after the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
}

/// Finds places.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'a> {
    sources: &'a Sources,
}

impl<'a> Places<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Places { sources }
    }

    /// The file's name.
    pub(super) fn file(self, span: Span) -> &'a str {
        self.sources.name(span.file)
    }

    /// Where the span begins and ends.
    pub(super) fn of(self, span: Span) -> Place {
        let start = self.sources.position(span);
        let end = self.sources.position(Span { start: span.end.max(span.start), ..span });
        Place { line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    }

    /// The bytes of the whole lines that the span touches, without the last line end.
    pub(super) fn whole_lines(self, span: Span) -> std::ops::Range<usize> {
        let text = self.sources.text(span.file);
        let start = text.get(..span.start as usize).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let end = span.end.max(span.start) as usize;
        let end = text.get(end..).and_then(|after| after.find('\n')).map_or(text.len(), |length| end + length);
        start..end.max(start)
    }
}
