//! The parts of a sentence as the grammar found them, taken one by one.
//!
//! They are laid out flat, each behind the one it is part of.

use super::{Built, word};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::Reader;
use crate::syntax::grammar::Rule;
use crate::syntax::matcher::Node;
use crate::syntax::tree::Word;

/// A sentence: where it lies in its file, and its parts.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// The file.
    pub(super) reader: Reader<'a>,
    /// The sentence without its block.
    pub(super) head: Span,
    /// Its text, with blanks for comments.
    pub(super) text: &'a str,
    /// Its parts; none before it was read.
    pub(super) nodes: &'a [Node],
}

impl<'a> Context<'a> {
    /// The outermost parts.
    pub(super) fn pieces(self) -> Pieces<'a> {
        Pieces { context: self, at: 0, end: self.nodes.len() }
    }

    /// The place of a part.
    pub(super) fn span(self, part: &Part<'a>) -> Span {
        let base = self.head.start as usize;
        self.reader.span(base + part.node.start as usize, base + part.node.end as usize)
    }

    /// The parts of a part.
    pub(super) fn inside(self, part: Part<'a>) -> Pieces<'a> {
        Pieces { context: self, at: part.at + 1, end: part.node.next as usize }
    }

    /// The grammar and this folder disagree: told as an error, never hidden.
    pub(super) fn broken(self) -> Box<Diagnostic> {
        Box::new(Diagnostic::new(Code::UnexpectedText, self.head, "this sentence cannot be read"))
    }
}

/// One part, taken.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    node: Node,
    at: usize,
    text: &'a str,
}

impl<'a> Part<'a> {
    /// The rule that found it.
    pub(super) fn as_rule(&self) -> Rule {
        self.node.rule
    }

    /// What it says.
    pub(super) fn as_str(&self) -> &'a str {
        self.text.get(self.node.start as usize..self.node.end as usize).unwrap_or("")
    }
}

/// Parts that are left to take.
#[derive(Clone, Copy)]
pub(super) struct Pieces<'a> {
    /// The sentence they are of.
    pub(super) context: Context<'a>,
    at: usize,
    end: usize,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        if self.at >= self.end {
            return None;
        }
        let part = Part { node: *self.context.nodes.get(self.at)?, at: self.at, text: self.context.text };
        self.at = part.node.next as usize;
        Some(part)
    }
}

impl<'a> Pieces<'a> {
    /// The rule of the next part.
    pub(super) fn peek(&self) -> Option<Rule> {
        if self.at < self.end { self.context.nodes.get(self.at).map(|node| node.rule) } else { None }
    }

    /// The next part, if it is of this rule.
    pub(super) fn next_if(&mut self, rule: Rule) -> Option<Part<'a>> {
        if self.peek() == Some(rule) { self.next() } else { None }
    }

    /// The place of the next part, if it is of this rule.
    pub(super) fn mark(&mut self, rule: Rule) -> Option<Span> {
        let context = self.context;
        self.next_if(rule).map(|part| context.span(&part))
    }

    /// The next part, which must be of this rule.
    pub(super) fn need(&mut self, rule: Rule) -> Built<Part<'a>> {
        self.next_if(rule).ok_or_else(|| self.context.broken())
    }

    /// The parts of the next part, which must be of this rule.
    pub(super) fn enter(&mut self, rule: Rule) -> Built<Pieces<'a>> {
        let part = self.need(rule)?;
        Ok(self.context.inside(part))
    }

    /// The next part as a word.
    pub(super) fn word(&mut self) -> Built<Word> {
        let part = self.next().ok_or_else(|| self.context.broken())?;
        word::read(self.context, &part)
    }

    /// All parts of one rule, whatever stands between them.
    pub(super) fn each<T>(self, rule: Rule, read: impl Fn(Context<'a>, Part<'a>) -> Built<T>) -> Built<Vec<T>> {
        let context = self.context;
        // Most lists have one member; one that grows by itself begins with room for four.
        let mut found = Vec::with_capacity(1);
        for part in self.filter(|part| part.as_rule() == rule) {
            found.push(read(context, part)?);
        }
        Ok(found)
    }

    /// All words, whatever stands between them.
    pub(super) fn words(self) -> Built<Vec<Word>> {
        let context = self.context;
        self.filter(|part| part.as_rule() != Rule::comma).map(|part| word::read(context, &part)).collect()
    }
}
