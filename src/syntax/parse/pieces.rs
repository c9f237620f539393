//! The parts of a sentence as the grammar found them, taken one by one.

use pest::iterators::{Pair, Pairs};

use super::Built;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::Reader;
use crate::syntax::grammar::Rule;
use crate::syntax::tree::Word;

/// Where the text of the pairs lies in its file.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// The file.
    pub(super) reader: Reader<'a>,
    /// The sentence.
    pub(super) head: Span,
}

impl<'a> Context<'a> {
    /// The place of a pair, without the blanks that a rule may take behind it.
    pub(super) fn span(self, pair: &Pair<'a, Rule>) -> Span {
        let start = self.head.start as usize + pair.as_span().start();
        self.reader.span(start, start + pair.as_str().trim_end().len())
    }

    /// The parts of a pair.
    pub(super) fn inside(self, pair: Pair<'a, Rule>) -> Pieces<'a> {
        Pieces::new(self, pair.into_inner())
    }

    /// The grammar and this folder disagree: told as an error, never hidden.
    pub(super) fn broken(self) -> Box<Diagnostic> {
        Box::new(Diagnostic::new(Code::UnexpectedText, self.head, "this sentence cannot be read"))
    }
}

/// Parts that are left to take.
pub(super) struct Pieces<'a> {
    /// Where they come from.
    pub(super) context: Context<'a>,
    /// The next part, already looked at.
    ahead: Option<Pair<'a, Rule>>,
    /// The parts behind it.
    pairs: Pairs<'a, Rule>,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Pair<'a, Rule>;

    fn next(&mut self) -> Option<Pair<'a, Rule>> {
        let next = self.ahead.take();
        self.ahead = self.pairs.next();
        next
    }
}

impl<'a> Pieces<'a> {
    /// The parts of a sentence or a pair.
    pub(super) fn new(context: Context<'a>, mut pairs: Pairs<'a, Rule>) -> Self {
        Pieces { context, ahead: pairs.next(), pairs }
    }

    /// The rule of the next part.
    pub(super) fn peek(&self) -> Option<Rule> {
        self.ahead.as_ref().map(Pair::as_rule)
    }

    /// The next part, if it is of this rule.
    pub(super) fn next_if(&mut self, rule: Rule) -> Option<Pair<'a, Rule>> {
        if self.peek() == Some(rule) { self.next() } else { None }
    }

    /// The place of the next part, if it is of this rule.
    pub(super) fn mark(&mut self, rule: Rule) -> Option<Span> {
        let context = self.context;
        self.next_if(rule).map(|pair| context.span(&pair))
    }

    /// The next part, which must be of this rule.
    pub(super) fn need(&mut self, rule: Rule) -> Built<Pair<'a, Rule>> {
        self.next_if(rule).ok_or_else(|| self.context.broken())
    }

    /// The parts of the next part, which must be of this rule.
    pub(super) fn enter(&mut self, rule: Rule) -> Built<Pieces<'a>> {
        let pair = self.need(rule)?;
        Ok(self.context.inside(pair))
    }

    /// The next part as a word.
    pub(super) fn word(&mut self) -> Built<Word> {
        let pair = self.next().ok_or_else(|| self.context.broken())?;
        super::word::read(self.context, &pair)
    }

    /// All parts of one rule, whatever stands between them.
    pub(super) fn each<T>(self, rule: Rule, read: impl Fn(Context<'a>, Pair<'a, Rule>) -> Built<T>) -> Built<Vec<T>> {
        let context = self.context;
        self.filter(|pair| pair.as_rule() == rule).map(|pair| read(context, pair)).collect()
    }

    /// All words, whatever stands between them.
    pub(super) fn words(self) -> Built<Vec<Word>> {
        let context = self.context;
        self.filter(|pair| pair.as_rule() != Rule::comma).map(|pair| super::word::read(context, &pair)).collect()
    }
}
