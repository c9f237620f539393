//! `because`, `owner`, `until`, `id`.

use super::Built;
use super::pieces::Pieces;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{Clauses, Form, Word};

/// The clauses at the end of a sentence, if it has any; `opens` says whether it may end some day.
pub(super) fn clauses(pieces: &mut Pieces<'_>, opens: bool) -> Built<Option<Box<Clauses>>> {
    match pieces.peek() {
        Some(Rule::because | Rule::owner | Rule::until | Rule::id) => Ok(Some(Box::new(some(pieces, opens)?))),
        _ => Ok(None),
    }
}

fn some(pieces: &mut Pieces<'_>, opens: bool) -> Built<Clauses> {
    let context = pieces.context;
    let mut found = Clauses::default();
    while let Some(rule) = pieces.peek() {
        let (slot, keyword) = match rule {
            Rule::because => (&mut found.because, "because"),
            Rule::owner => (&mut found.owner, "owner"),
            Rule::until => (&mut found.until, "until"),
            Rule::id => (&mut found.id, "id"),
            _ => break,
        };
        let part = pieces.need(rule)?;
        let span = context.span(&part);
        let mut inner = context.inside(part);
        let word_span = inner.next().map_or(span, |part| context.span(&part));
        let mut word = inner.word()?;
        if let Some(first) = slot {
            let text = format!("`{keyword}` is said twice");
            let found = Diagnostic::new(Code::DuplicateClause, word_span, text).also(first.span, "said here first");
            return Err(Box::new(found.help(format!("keep one `{keyword}`"))));
        }
        if rule == Rule::until {
            check_date(&word)?;
            if !opens {
                return Err(Box::new(never_ends(span)));
            }
            word.span = span;
        }
        *slot = Some(word);
    }
    Ok(found)
}

fn never_ends(span: crate::source::Span) -> Diagnostic {
    Diagnostic::new(Code::MisplacedClause, span, "`until` stands only on what opens something")
        .note("what closes or declares must not end silently")
        .help("remove it; `allow`, `grant`, `expose` and `include` may have an end")
}

fn check_date(word: &Word) -> Built<()> {
    if word.form != Form::Bare || word.text.parse::<jiff::civil::Date>().is_ok() {
        return Ok(());
    }
    let text = format!("the calendar has no day `{}`", word.text);
    Err(Box::new(Diagnostic::new(Code::WrongDate, word.span, text).help("write year, month and day: `2027-03-31`")))
}
