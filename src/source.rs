//! Source files, and places in them.
//!
//! Offsets are bytes inside; lines and columns, as people count them (from 1,
//! columns in characters), exist only where a place is shown.

use std::sync::OnceLock;

/// One text handed to the compiler: a policy, or a manifest that gives facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The path as messages show it, with `/` as separator. It is also the file's identity.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// Index of a file in its [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The file the range lies in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The smallest range that covers both; `other` must lie in the same file.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A place as people count: line and column, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// All files of one compilation, sorted by name, so that nothing depends on
/// the order in which they were given. The policies come first.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    /// Where each line of each file begins, once a place in it was asked for: mostly none is.
    lines: Vec<OnceLock<Vec<u32>>>,
    /// How many of the files are policies.
    policies: usize,
}

impl Sources {
    /// Takes the policies in any order.
    #[must_use]
    pub fn new(mut files: Vec<SourceFile>) -> Self {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let lines = files.iter().map(|_| OnceLock::new()).collect();
        Sources { policies: files.len(), files, lines }
    }

    /// This, and manifests that give facts, in any order.
    #[must_use]
    pub fn with_manifests(mut self, mut files: Vec<SourceFile>) -> Self {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        self.lines.extend(files.iter().map(|_| OnceLock::new()));
        self.files.extend(files);
        self
    }

    /// The policies with their ids, by name.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0u32..).map(FileId).zip(&self.files).take(self.policies)
    }

    /// The manifests with their ids, by name.
    pub fn manifests(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0u32..).map(FileId).zip(&self.files).skip(self.policies)
    }

    /// A file's name; empty for an id of another set.
    #[must_use]
    pub fn name(&self, file: FileId) -> &str {
        self.files.get(file.0 as usize).map_or("", |f| &f.name)
    }

    /// A file's text; empty for an id of another set.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        self.files.get(file.0 as usize).map_or("", |f| &f.text)
    }

    /// The text of a range; empty where the range does not fit.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file).get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Where a range begins, as people count.
    #[must_use]
    pub fn position(&self, span: Span) -> Position {
        let lines = self.lines.get(span.file.0 as usize);
        let starts = lines.map_or(&[][..], |lines| lines.get_or_init(|| line_starts(self.text(span.file))));
        let line = starts.partition_point(|start| *start <= span.start);
        let start = line.checked_sub(1).and_then(|at| starts.get(at)).map_or(0, |start| *start as usize);
        let before = self.text(span.file).get(start..span.start as usize).unwrap_or("");
        Position { line: line.max(1), column: before.chars().count() + 1 }
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let after_newline = text.match_indices('\n').filter_map(|(at, _)| u32::try_from(at + 1).ok());
    std::iter::once(0).chain(after_newline).collect()
}

#[cfg(test)]
mod tests {
    use super::{FileId, SourceFile, Sources, Span};

    #[test]
    fn places_are_counted_as_people_count() {
        let sources = Sources::new(vec![SourceFile { name: "a".into(), text: "ab\n\u{e4}c\n".into() }]);
        let at = |start| {
            let position = sources.position(Span { file: FileId(0), start, end: start });
            (position.line, position.column)
        };
        assert_eq!([at(0), at(1), at(3), at(5), at(7)], [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1)]);
    }
}
