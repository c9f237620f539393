//! `because`, `owner`, `until`, `id`: kept for every answer, and checked.

use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::civil::Date;
use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, SentenceId};
use crate::source::Span;
use crate::syntax::tree::{Kind, Sentence, Word};

use super::names::shortened;
use super::place::Used;
use super::report::Report;

/// From how many days before the last one a warning reminds of it.
const REMIND_DAYS: i32 = 14;

/// All sentences that something of the policy comes from.
#[derive(Debug)]
pub(super) struct Sentences {
    all: Vec<ir::Sentence>,
    /// Sentences of the block being read, where it is read more than once.
    known: Option<BTreeMap<(Span, Vec<Span>), SentenceId>>,
    ids: BTreeMap<SmolStr, Span>,
    today: Option<Date>,
}

impl Sentences {
    /// None so far; `until` is judged on `today`.
    pub(super) fn new(today: Option<Date>) -> Self {
        Sentences { all: Vec::new(), known: None, ids: BTreeMap::new(), today }
    }

    /// Begins a block, which is one of several namespaces or not.
    pub(super) fn begin(&mut self, shared: bool) {
        self.known = shared.then(BTreeMap::new);
    }

    /// Takes a sentence with its clauses. One that stands in several namespaces is one sentence.
    pub(super) fn add(&mut self, sentence: &Sentence, used: Option<&Rc<Used>>, report: &mut Report) -> SentenceId {
        let used_at = used.map(|used| used.at.as_slice()).unwrap_or_default();
        let Some(known) = &self.known else { return self.enter(sentence, used_at, report) };
        let key = (sentence.span, used_at.to_vec());
        if let Some(id) = known.get(&key) {
            return *id;
        }
        let id = self.enter(sentence, used_at, report);
        if let Some(known) = &mut self.known {
            known.insert(key, id);
        }
        id
    }

    fn enter(&mut self, sentence: &Sentence, used_at: &[Span], report: &mut Report) -> SentenceId {
        let clauses = sentence.clauses.as_ref().map(|clauses| {
            let until = clauses.until.as_ref().and_then(|word| self.until(word, &sentence.kind, report));
            if let Some(id) = &clauses.id {
                self.unique(id, report);
            }
            let text = |word: &Option<Word>| word.as_ref().map(|w| w.text.clone());
            ir::Clauses { because: text(&clauses.because), owner: text(&clauses.owner), id: text(&clauses.id), until }
        });
        let clauses = clauses.filter(|said| *said != ir::Clauses::default()).map(Box::new);
        let entry = ir::Sentence { span: citation(sentence), used_at: used_at.into(), clauses };
        let id = SentenceId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(entry);
        id
    }

    /// The sentence of an id.
    pub(super) fn get(&self, id: SentenceId) -> Option<&ir::Sentence> {
        self.all.get(id.0 as usize)
    }

    /// All of them, by id.
    pub(super) fn finish(self) -> Vec<ir::Sentence> {
        self.all
    }

    fn unique(&mut self, id: &Word, report: &mut Report) {
        match self.ids.get(&id.text) {
            Some(first) => report.push(
                Diagnostic::new(Code::DuplicateId, id.span, format!("the id `{}` is taken", id.text))
                    .also(*first, "first used here")
                    .help("give each sentence an id of its own"),
            ),
            None => {
                self.ids.insert(id.text.clone(), id.span);
            }
        }
    }

    fn until(&self, word: &Word, kind: &Kind, report: &mut Report) -> Option<SmolStr> {
        if !matches!(kind, Kind::Allow(_) | Kind::Grant(_) | Kind::Include { .. }) {
            report.push(until_misplaced(word));
            return None;
        }
        let Ok(last) = word.text.parse::<Date>() else {
            report.push(no_such_day(word));
            return None;
        };
        if let Some(today) = self.today {
            let left = (last - today).get_days();
            if left < 0 {
                report.push(expired(word, today));
            } else if left <= REMIND_DAYS {
                report.push(expires_soon(word, left));
            }
        }
        Some(word.text.clone())
    }
}

/// The day that `until` is judged by; one that cannot be read is told of, since no sentence would expire by it.
pub(super) fn today(text: Option<&str>, report: &mut Report) -> Option<Date> {
    let text = text?;
    let day = text.parse::<Date>().ok();
    if day.is_none() {
        let headline = format!("the calendar has no day `{}`, by which to judge `until`", shortened(text));
        let unplaced = Diagnostic { primary: None, ..Diagnostic::new(Code::WrongDate, Span::default(), headline) };
        report.push(unplaced.help("write year, month and day: `2027-03-31`"));
    }
    day
}

/// The place that answers cite: a header without its block, every other sentence whole.
fn citation(sentence: &Sentence) -> Span {
    let to = |words: &[&[Word]], isolation: Option<Span>, start: Span| {
        let ends = words.iter().flat_map(|w| w.iter().map(|word| word.span)).chain(isolation);
        ends.filter(|span| span.file == start.file).fold(start, Span::to)
    };
    match &sentence.kind {
        Kind::Namespace(ns) => {
            let isolation = ns.isolation.as_ref().map(|i| i.span).or(ns.external);
            to(&[&ns.names, &ns.clusters], isolation, sentence.keyword)
        }
        Kind::Workload(w) => to(&[std::slice::from_ref(&w.name)], w.isolation.as_ref().map(|i| i.span), sentence.keyword),
        Kind::Role(role) => {
            let joined: Vec<&Word> = role.joins.iter().chain(&role.joined_by).collect();
            let end = joined.last().map_or(role.name.span, |word| word.span);
            to(&[std::slice::from_ref(&role.name)], Some(end), sentence.keyword)
        }
        _ => sentence.span,
    }
}

fn until_misplaced(word: &Word) -> Diagnostic {
    Diagnostic::new(Code::MisplacedClause, word.span, "`until` stands only on what opens something")
        .note("a closing that ends by itself would open the policy on a day when nobody looks")
        .help("remove `until` here, or put it on the `allow` that is to end")
}

fn no_such_day(word: &Word) -> Diagnostic {
    Diagnostic::new(Code::WrongDate, word.span, format!("`{}` is not a day of the calendar", word.text))
        .help("write the last valid day as year, month and day: `until 2027-03-31`")
}

fn expired(word: &Word, today: Date) -> Diagnostic {
    Diagnostic::new(Code::Expired, word.span, format!("this sentence was valid until {}", word.text))
        .label(format!("today is {today}"))
        .help("remove the sentence; if it is still needed, have a new last day reviewed")
}

fn expires_soon(word: &Word, left: i32) -> Diagnostic {
    let when = match left {
        0 => "today is its last day".to_owned(),
        1 => "tomorrow is its last day".to_owned(),
        days => format!("{days} days are left"),
    };
    Diagnostic::new(Code::ExpiresSoon, word.span, "this sentence expires soon")
        .label(when)
        .help("remove the sentence in time, or have a new last day reviewed")
}
