//! From the first word of a sentence to its end.

use std::ops::ControlFlow::{self, Break, Continue};

use super::fault::too_deep;
use super::{Ended, MAX_NESTING, Scanner};
use crate::diagnostic::Diagnostic;
use crate::syntax::{hygiene, lookalike};

/// How one sentence ended, and what it looks like.
pub(super) struct Outline {
    /// One past its last word.
    pub(super) end: usize,
    /// What ended it.
    pub(super) ended: Ended,
    /// What is wrong with it.
    pub(super) fault: Option<Box<Diagnostic>>,
    /// Whether its block follows.
    pub(super) opens_block: bool,
    /// Whether comments stand between its words.
    pub(super) commented: bool,
}

/// What ends a sentence, and whether its block follows.
type End = (Ended, bool);

struct Walk<'s, 'a> {
    scanner: &'s mut Scanner<'a>,
    start: usize,
    /// The blanks before the line on which the sentence begins.
    indent: &'a [u8],
    /// One past the last word so far.
    end: usize,
    /// Parentheses still open: place, and beginning of their line.
    open: Vec<(usize, usize)>,
    fault: Option<Box<Diagnostic>>,
    /// Whether the last thing was `,` or `->`.
    goes_on: bool,
}

/// Walks to the end of the sentence that begins here.
pub(super) fn walk(scanner: &mut Scanner<'_>) -> Outline {
    let (start, indent, comments) = (scanner.at, scanner.indent(scanner.line), scanner.comments.len());
    let mut walk = Walk { scanner, start, indent, end: start, open: Vec::new(), fault: None, goes_on: false };
    let (ended, opens_block) = walk.walk_on();
    let Walk { scanner, end, fault, .. } = walk;
    let commented = scanner.comments.get(comments).is_some_and(|first| (first.start as usize) < end);
    Outline { end, ended, fault, opens_block, commented }
}

impl Walk<'_, '_> {
    fn walk_on(&mut self) -> End {
        while !self.scanner.done() {
            if let Break(end) = self.step() {
                return end;
            }
        }
        if self.open.is_empty() || self.scanner.too_deep.is_some() { (Ended::Mark, false) } else { self.give_up() }
    }

    fn step(&mut self) -> ControlFlow<End> {
        match self.scanner.peek(0) {
            b' ' | b'\t' => self.scanner.at += 1,
            b'\r' if self.scanner.peek(1) == b'\n' => self.scanner.at += 1,
            b'\n' => return self.line_end(),
            b'#' => self.comment(),
            b';' | b'}' => return Break(if self.open.is_empty() { (Ended::Mark, false) } else { self.give_up() }),
            b'{' => return Break(if self.open.is_empty() { (Ended::Mark, true) } else { self.give_up() }),
            b'"' => {
                let unclosed = self.scanner.quoted();
                self.fault = self.fault.take().or(unclosed);
                self.word(0, false);
            }
            b'(' => return self.open(),
            b')' => {
                self.open.pop();
                self.word(1, false);
            }
            b',' => self.word(1, true),
            b'-' if self.scanner.peek(1) == b'>' => self.word(2, true),
            b'!'..=b'~' => {
                let length = self.scanner.plain_length();
                self.word(length.max(1), false);
            }
            _ => self.odd_character(),
        }
        Continue(())
    }

    /// A character that stands in no word.
    fn odd_character(&mut self) {
        let (reader, at) = (self.scanner.reader, self.scanner.at);
        if self.fault.is_none() {
            let found = hygiene::at(reader, at).unwrap_or_else(|| lookalike::explain(reader, at));
            self.fault = Some(Box::new(found));
        }
        self.word(self.scanner.character_length(), false);
    }

    /// Takes a piece of the sentence.
    fn word(&mut self, length: usize, goes_on: bool) {
        self.scanner.at += length;
        self.end = self.scanner.at;
        self.goes_on = goes_on;
    }

    fn line_end(&mut self) -> ControlFlow<End> {
        let next = self.scanner.at + 1;
        if self.open.is_empty() && !self.goes_on && !self.scanner.next_line_continues(self.indent) {
            return Break((Ended::Line(next), false));
        }
        self.scanner.newline();
        Continue(())
    }

    fn comment(&mut self) {
        if !self.scanner.comment_may_start() && self.fault.is_none() {
            self.fault = Some(Box::new(self.scanner.glued_comment(self.start)));
        }
        self.scanner.comment();
    }

    /// Opens a parenthesis. More than may be nested are too deep where they stand on one
    /// line, else forgotten ones.
    fn open(&mut self) -> ControlFlow<End> {
        self.open.push((self.scanner.at, self.scanner.line));
        self.word(1, false);
        if self.open.len() <= MAX_NESTING {
            return Continue(());
        }
        if self.open.first().is_some_and(|first| first.1 != self.scanner.line) {
            return Break(self.give_up());
        }
        let place = self.scanner.reader.span(self.scanner.at - 1, self.scanner.at);
        self.scanner.too_deep = Some(place);
        self.fault = Some(Box::new(too_deep(place)));
        Break((Ended::Mark, false))
    }

    /// Ends a sentence whose parenthesis nothing closes: with the line it stands on, so that
    /// the lines behind it are read as if it had been closed.
    fn give_up(&mut self) -> End {
        let Some(&(place, line)) = self.open.first() else { return (Ended::Mark, false) };
        if self.fault.is_none() {
            self.fault = Some(Box::new(self.scanner.unclosed(place)));
        }
        if line == self.scanner.line {
            return (Ended::Mark, self.scanner.peek(0) == b'{');
        }
        self.scanner.rewind(place, line);
        self.end = self.scanner.at;
        (Ended::Line(self.scanner.at + 1), false)
    }
}
