//! Line and column of many spans, without counting lines from the top each time.

use std::cell::OnceCell;

use crate::source::{FileId, Sources, Span};

/// A span as formats state it. Lines and columns count from 1, columns in
/// characters; the end is the first position after the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
}

/// Finds places; the line starts of a file are found once, when first asked for.
pub(super) struct Places<'a> {
    sources: &'a Sources,
    lines: Vec<OnceCell<Vec<usize>>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Places { sources, lines: sources.iter().map(|_| OnceCell::new()).collect() }
    }

    /// The file's name.
    pub(super) fn file(&self, span: Span) -> &'a str {
        self.sources.name(span.file)
    }

    /// Where the span begins and ends.
    pub(super) fn of(&self, span: Span) -> Place {
        let (line, column) = self.position(span.file, span.start);
        let (end_line, end_column) = self.position(span.file, span.end.max(span.start));
        Place { line, column, end_line, end_column }
    }

    /// The bytes of the whole lines that the span touches, without the last line end.
    pub(super) fn whole_lines(&self, span: Span) -> std::ops::Range<usize> {
        let text = self.sources.text(span.file);
        let starts = self.line_starts(span.file);
        let first = line_of(starts, span.start as usize);
        let last = line_of(starts, span.end.max(span.start) as usize);
        let start = starts.get(first).copied().unwrap_or(0);
        let end = starts.get(last + 1).map_or(text.len(), |next| next.saturating_sub(1));
        start..end.max(start)
    }

    fn position(&self, file: FileId, offset: u32) -> (usize, usize) {
        let text = self.sources.text(file);
        let offset = (offset as usize).min(text.len());
        let starts = self.line_starts(file);
        let line = line_of(starts, offset);
        let start = starts.get(line).copied().unwrap_or(0);
        let before = text.get(start..offset).unwrap_or("");
        (line + 1, before.chars().count() + 1)
    }

    fn line_starts(&self, file: FileId) -> &[usize] {
        let Some(cell) = self.lines.get(file.0 as usize) else { return &[] };
        cell.get_or_init(|| {
            let text = self.sources.text(file);
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
        })
    }
}

/// Index of the line that holds a byte.
fn line_of(starts: &[usize], offset: usize) -> usize {
    starts.partition_point(|start| *start <= offset).saturating_sub(1)
}
