//! Where sentences begin and end: line ends, `;`, blocks, continuation, comments.
//!
//! This stage knows no sentence. It splits the text once, in linear time, so
//! that a sentence that cannot be read never takes its neighbors with it.

mod fault;
mod outline;

use super::Reader;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
pub(super) use fault::too_deep;

/// How deep `{ }` and `( )` may be nested.
pub const MAX_NESTING: usize = 64;

/// How long one sentence may be without its block, in bytes.
pub const MAX_SENTENCE: usize = 256 * 1024;

/// Words that go on with the sentence of the line before.
pub(super) const CONTINUATIONS: [&str; 6] = ["->", "except", "because", "owner", "until", "id"];

/// Bytes that are nothing but parts of words.
static IN_WORDS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        table[byte as usize] = !matches!(byte, b'#' | b'"' | b'(' | b')' | b',' | b'-' | b';' | b'{' | b'}');
        byte += 1;
    }
    table
};

/// A sentence as text.
#[derive(Debug)]
pub(super) struct Raw {
    /// From its first word to the last before its block or end.
    pub(super) head: Span,
    /// Whether comments stand between its words.
    pub(super) commented: bool,
    /// Its block.
    pub(super) block: Option<Block>,
    /// What is wrong with its outline; then its words are not looked at.
    pub(super) fault: Option<Box<Diagnostic>>,
}

/// A block with its braces.
#[derive(Debug)]
pub(super) struct Block {
    /// The opening brace.
    pub(super) open: Span,
    /// One past the closing brace.
    pub(super) end: u32,
    /// The sentences inside.
    pub(super) body: Vec<Raw>,
}

/// A text split into sentences.
#[derive(Debug)]
pub(super) struct Layout {
    /// The sentences outside all blocks.
    pub(super) sentences: Vec<Raw>,
    /// Every comment.
    pub(super) comments: Vec<Span>,
    /// The bracket that was nested too deep; nothing behind it was read.
    pub(super) too_deep: Option<Span>,
    /// A brace that is told of as never closed, though a `}` stands where its own would: what follows it stands deeper
    /// than was meant.
    pub(super) blamed: Option<Span>,
}

/// Splits a text.
pub(super) fn split(reader: Reader<'_>) -> Layout {
    let mut scanner = Scanner {
        reader,
        bytes: reader.text.as_bytes(),
        at: 0,
        line: 0,
        comments: Vec::new(),
        too_deep: None,
        unclosed_quote: false,
        suspect: None,
        blamed: None,
    };
    let (sentences, _) = scanner.sentences(0);
    Layout { sentences, comments: scanner.comments, too_deep: scanner.too_deep, blamed: scanner.blamed }
}

/// What ended the sentence before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// Nothing stands before.
    Nothing,
    /// A line end; the byte after it.
    Line(usize),
    /// `;` or a fault.
    Mark,
    /// Its block.
    Block,
}

struct Scanner<'a> {
    reader: Reader<'a>,
    bytes: &'a [u8],
    at: usize,
    /// Where the current line begins.
    line: usize,
    comments: Vec<Span>,
    /// A bracket was nested too deep: nothing more is read.
    too_deep: Option<Span>,
    /// A quote was never closed: what it swallowed may have been a brace.
    unclosed_quote: bool,
    /// The first block whose `}` stands less deep than its header: likely the `}` of the block around it.
    suspect: Option<Span>,
    /// It, once it is told of.
    blamed: Option<Span>,
}

impl<'a> Scanner<'a> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn done(&self) -> bool {
        self.too_deep.is_some() || self.at >= self.bytes.len()
    }

    /// The sentences up to the end of the block or text, and whether a `}` ended them.
    fn sentences(&mut self, depth: usize) -> (Vec<Raw>, bool) {
        let mut found: Vec<Raw> = Vec::new();
        let mut before = Ended::Nothing;
        while !self.done() {
            match self.peek(0) {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' => self.newline(),
                b';' => {
                    self.at += 1;
                    before = Ended::Mark;
                }
                b'#' => self.comment(),
                b'}' if depth > 0 => {
                    self.at += 1;
                    return (found, true);
                }
                b'}' => {
                    let brace = self.reader.span(self.at, self.at + 1);
                    self.at += 1;
                    let fault = Diagnostic::new(Code::UnbalancedBracket, brace, "this `}` closes nothing")
                        .help("remove it, or add the `{` it belongs to");
                    found.push(Raw { head: brace, commented: false, block: None, fault: Some(Box::new(fault)) });
                }
                _ => {
                    let raw = self.sentence(depth, &mut before, found.last());
                    found.push(raw);
                }
            }
        }
        (found, false)
    }

    fn sentence(&mut self, depth: usize, before: &mut Ended, last: Option<&Raw>) -> Raw {
        let start = self.at;
        let early = self.misplaced_start(*before, last);
        let outline = outline::walk(self);
        let commented = outline.commented;
        *before = outline.ended;
        let head = self.reader.span(start, outline.end.max(start));
        let mut fault = early.or(outline.fault);
        if outline.end - start > MAX_SENTENCE && fault.is_none() {
            let first = self.reader.span(start, self.word_end(start));
            let text = format!("this sentence is longer than {} KiB", MAX_SENTENCE / 1024);
            fault = Some(Box::new(Diagnostic::new(Code::SentenceTooLong, first, text).help("split it into several sentences")));
        }
        let block = if outline.opens_block { Some(self.block(depth, &mut fault)) } else { None };
        if block.is_some() {
            *before = Ended::Block;
        }
        Raw { head, commented, block, fault }
    }

    /// Reads `{ … }`; a brace never closed becomes the sentence's fault.
    fn block(&mut self, depth: usize, fault: &mut Option<Box<Diagnostic>>) -> Block {
        let open = self.reader.span(self.at, self.at + 1);
        self.at += 1;
        if depth + 1 > MAX_NESTING {
            self.too_deep = Some(open);
            *fault = Some(Box::new(too_deep(open)));
            return Block { open, end: open.end, body: Vec::new() };
        }
        let indent = self.indent(self.line).len();
        let (body, closed) = self.sentences(depth + 1);
        if closed && self.suspect.is_none() && self.indent(self.line).len() < indent {
            self.suspect = Some(open);
        }
        if !closed && !self.unclosed_quote && self.too_deep.is_none() && fault.is_none() {
            let text = "this `{` is never closed";
            self.blamed = self.blamed.or(self.suspect.take());
            let open = self.blamed.unwrap_or(open);
            *fault = Some(Box::new(Diagnostic::new(Code::UnbalancedBracket, open, text).help("add the `}` that ends the block")));
        }
        Block { open, end: u32::try_from(self.at).unwrap_or(u32::MAX), body }
    }

    /// Goes back to the end of an earlier line, which holds `place`.
    fn rewind(&mut self, place: usize, line: usize) {
        let rest = self.bytes.get(place..).unwrap_or_default();
        self.at = place + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        self.line = line;
        let limit = u32::try_from(self.at).unwrap_or(u32::MAX);
        while self.comments.last().is_some_and(|comment| comment.start >= limit) {
            self.comments.pop();
        }
    }

    /// Reads a text in quotes; it ends with its line at the latest.
    fn quoted(&mut self) -> Option<Box<Diagnostic>> {
        let start = self.at;
        self.at += 1;
        while !self.done() {
            match self.peek(0) {
                b'"' => {
                    self.at += 1;
                    return None;
                }
                b'\n' => break,
                b'\\' if self.peek(1) != b'\n' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at = self.at.min(self.bytes.len());
        self.unclosed_quote = true;
        let open = self.reader.span(start, start + 1);
        let text = "this quote is never closed";
        let fault = Diagnostic::new(Code::UnclosedQuote, open, text)
            .help("end the text with `\"` on the same line; write a line end inside it as `\\n`");
        Some(Box::new(fault))
    }

    /// The bytes of the character that begins here.
    fn character_length(&self) -> usize {
        self.reader.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    }

    /// How many bytes from here on are nothing but parts of words.
    fn plain_length(&self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let ends = |byte: &u8| !IN_WORDS.get(usize::from(*byte)).copied().unwrap_or(false);
        rest.iter().position(ends).unwrap_or(rest.len())
    }

    /// Records a comment and stands at the end of its line.
    fn comment(&mut self) {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        self.at = start + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        let end = self.reader.trimmed_end(start, self.at);
        self.comments.push(self.reader.span(start, end));
    }

    fn newline(&mut self) {
        self.at += 1;
        self.line = self.at;
    }

    fn comment_may_start(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.bytes.get(at)).copied().unwrap_or(b'\n');
        matches!(before, b' ' | b'\t' | b'\n' | b'\r' | b';' | b'{' | b'}' | b'(' | b')' | b',')
    }

    /// The blanks a line begins with.
    fn indent(&self, line: usize) -> &'a [u8] {
        let rest = self.bytes.get(line..).unwrap_or_default();
        let width = rest.iter().position(|b| !matches!(b, b' ' | b'\t')).unwrap_or(rest.len());
        rest.get(..width).unwrap_or_default()
    }

    /// Whether the very next line begins with a word that goes on, and stands deeper.
    fn next_line_continues(&self, indent: &[u8]) -> bool {
        let next = self.indent(self.at + 1);
        next.len() > indent.len() && next.starts_with(indent) && self.continuation_at(self.at + 1 + next.len()).is_some()
    }

    /// The word at a place that goes on with a sentence.
    fn continuation_at(&self, at: usize) -> Option<&'static str> {
        let rest = self.bytes.get(at..)?;
        if rest.starts_with(b"->") {
            return Some("->");
        }
        let word = CONTINUATIONS.into_iter().find(|word| rest.starts_with(word.as_bytes()))?;
        (self.word_end(at) == at + word.len()).then_some(word)
    }

    /// Where the word that begins at a place ends.
    fn word_end(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let length = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))).unwrap_or(rest.len());
        at + length
    }
}
