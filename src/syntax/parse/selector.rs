//! Conditions on labels.

use super::Built;
use super::pieces::{Context, Part, Pieces};
use super::word;
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{Requirement, Test, Word};

/// The conditions of `(…)` or of a `select`.
pub(super) fn requirements(pieces: Pieces<'_>) -> Built<Vec<Requirement>> {
    pieces.each(Rule::requirement, requirement)
}

fn requirement<'a>(context: Context<'a>, part: Part<'a>) -> Built<Requirement> {
    let span = context.span(&part);
    let mut pieces = context.inside(part);
    let (key, test) = match pieces.peek() {
        Some(Rule::has) => (key_after(&mut pieces, Rule::has)?, Test::Has),
        Some(Rule::lacks) => (key_after(&mut pieces, Rule::lacks)?, Test::Lacks),
        _ => (key(context, &pieces.need(Rule::key)?)?, condition(&mut pieces)?),
    };
    Ok(Requirement { key, test, span })
}

fn key_after<'a>(pieces: &mut Pieces<'a>, rule: Rule) -> Built<Word> {
    let mut inner = pieces.enter(rule)?;
    let _keyword = inner.next();
    key(pieces.context, &inner.need(Rule::key)?)
}

/// A label's key.
pub(super) fn key<'a>(context: Context<'a>, part: &Part<'a>) -> Built<Word> {
    word::read(context, part)
}

fn condition(pieces: &mut Pieces<'_>) -> Built<Test> {
    let context = pieces.context;
    let mark = pieces.next().ok_or_else(|| context.broken())?;
    match mark.as_rule() {
        Rule::equals => Ok(Test::Is(pieces.word()?)),
        Rule::differs => Ok(Test::IsNot(pieces.word()?)),
        Rule::is_in => Ok(Test::In(values(context.inside(mark))?)),
        Rule::not_in => Ok(Test::NotIn(values(context.inside(mark))?)),
        _ => Err(context.broken()),
    }
}

fn values(pieces: Pieces<'_>) -> Built<Vec<Word>> {
    let context = pieces.context;
    let marks = [Rule::kw_not, Rule::kw_in, Rule::open, Rule::close, Rule::comma];
    pieces.filter(|part| !marks.contains(&part.as_rule())).map(|part| word::read(context, &part)).collect()
}
