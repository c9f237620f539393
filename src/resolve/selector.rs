//! Selectors: conditions on labels, all of which must hold.

use crate::diagnostic::{Code, Diagnostic};
use crate::semantics::labels::{Labels, Values};
use crate::source::Span;
use crate::syntax::tree::{Requirement, Test, Word};

use super::names::{Becomes, check};
use super::report::Report;

/// The labels that satisfy every condition; none if one is wrong or no labels do.
pub(super) fn labels(requirements: &[Requirement], report: &mut Report) -> Option<Labels> {
    let mut all = Labels::any();
    let mut sound = true;
    for requirement in requirements {
        if !check(&requirement.key, Becomes::LabelKey, "a label's key", report) {
            sound = false;
            continue;
        }
        match values(&requirement.test, report) {
            Some(values) => all = all.and(requirement.key.text.clone(), values),
            None => sound = false,
        }
        if sound && all.is_empty() {
            report.push(contradiction(requirement, requirements));
            return None;
        }
    }
    sound.then_some(all)
}

fn values(test: &Test, report: &mut Report) -> Option<Values> {
    let mut fit = |words: &[Word]| words.iter().filter(|w| !check(w, Becomes::LabelValue, "a label's value", report)).count() == 0;
    let texts = |words: &[Word]| words.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
    match test {
        Test::Is(word) => fit(std::slice::from_ref(word)).then(|| Values::one_of([word.text.clone()])),
        Test::IsNot(word) => fit(std::slice::from_ref(word)).then(|| Values::none_of([word.text.clone()])),
        Test::In(words) => fit(words).then(|| Values::one_of(texts(words))),
        Test::NotIn(words) => fit(words).then(|| Values::none_of(texts(words))),
        Test::Has => Some(Values::present()),
        Test::Lacks => Some(Values::absent()),
    }
}

fn contradiction(last: &Requirement, all: &[Requirement]) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::ContradictorySelector, last.span, format!("no label `{}` satisfies every condition", last.key.text))
            .help("remove the condition that is wrong; for one of several values write `KEY in (A, B)`");
    let earlier = all.iter().filter(|r| r.key.text == last.key.text && r.span != last.span).map(|r| r.span);
    earlier.fold(diagnostic, |d, span: Span| d.also(span, "contradicts this"))
}

/// A selector as names and messages show it.
pub(super) fn shown(requirements: &[Requirement]) -> String {
    let list = |words: &[Word]| words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(", ");
    let one = |r: &Requirement| match &r.test {
        Test::Is(word) => format!("{}={}", r.key.text, word.text),
        Test::IsNot(word) => format!("{}!={}", r.key.text, word.text),
        Test::In(words) => format!("{} in ({})", r.key.text, list(words)),
        Test::NotIn(words) => format!("{} not in ({})", r.key.text, list(words)),
        Test::Has => format!("has {}", r.key.text),
        Test::Lacks => format!("lacks {}", r.key.text),
    };
    requirements.iter().map(one).collect::<Vec<_>>().join(", ")
}
