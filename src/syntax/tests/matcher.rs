//! The compiled grammar and pest's reading of it say the same of every sentence.

use proptest::prelude::*;

use super::{generate, roundtrip};
use crate::source::FileId;
use crate::syntax::grammar::{self, Rule};
use crate::syntax::layout::{self, Raw};
use crate::syntax::place::{FORMS, Form};
use crate::syntax::print::print;
use crate::syntax::{Reader, matcher};

/// Holds the two readings of a sentence against each other, and says whether it is right.
fn compare(rule: Rule, text: &str) -> bool {
    let (mut ours, mut pests) = (Vec::new(), Vec::new());
    let right = matcher::matches(rule, text, &mut ours);
    let known = grammar::parse(rule, text, &mut pests).is_ok();
    // Of letters that are not ASCII only pest knows the class.
    assert!(right == known || !right && !text.is_ascii(), "{rule:?} {text:?}: {right} here, {known} by pest");
    assert!(!right || ours == pests, "{rule:?} {text:?}\n{ours:?}\n{pests:?}");
    right
}

/// Compares every sentence of a text, and counts the right ones.
fn compare_all(text: &str) -> usize {
    let layout = layout::split(Reader { file: FileId(0), text });
    heads(&layout.sentences).into_iter().filter_map(|raw| text.get(raw.head.start as usize..raw.head.end as usize)).map(compare_any).sum()
}

/// Compares a sentence by every rule that its first letters could begin.
fn compare_any(text: &str) -> usize {
    FORMS.iter().filter(|form| text.starts_with(form.word)).filter(|form| compare(form.rule, text)).count()
}

fn heads(sentences: &[Raw]) -> Vec<&Raw> {
    let mut found = Vec::new();
    for raw in sentences {
        found.push(raw);
        found.extend(raw.block.iter().flat_map(|block| heads(&block.body)));
    }
    found
}

/// A right sentence of each form, without its block.
fn example(form: &Form) -> &'static str {
    form.example.split(" {").next().unwrap_or(form.example)
}

#[test]
fn every_form_has_a_right_example() {
    for form in FORMS {
        assert!(compare(form.rule, example(form)), "{}", form.example);
    }
}

#[test]
fn the_lists_of_sentences() {
    let lists = [include_str!("sentences/right.txt"), include_str!("sentences/wrong.txt")];
    let sentences = lists.into_iter().flat_map(str::lines).filter_map(|line| line.split_once(" | "));
    let right: usize = sentences.map(|(_, text)| compare_all(&text.replace("\\n", "\n"))).sum();
    assert!(right > 100, "only {right} right sentences");
}

#[test]
fn classes_of_characters() {
    for byte in 0..128_u8 {
        let text = char::from(byte).to_string();
        for shape in ["namespace a{}", "namespace {}a", "pod-security{}baseline", "peers a = {}", "ports {}443", "labels a={}b"] {
            let text = shape.replace("{}", &text);
            compare_any(&text);
        }
    }
}

/// An example with a piece of it replaced.
fn damaged() -> impl Strategy<Value = String> {
    let form = prop::sample::select(FORMS.iter().map(example).collect::<Vec<_>>());
    (form, any::<prop::sample::Index>(), 0..4_usize, roundtrip::garbled(), any::<bool>()).prop_map(|(text, at, length, piece, keep)| {
        let at = at.index(text.len() + 1);
        let end = (at + length).min(text.len());
        let piece = if keep { piece.as_str() } else { piece.split(' ').next().unwrap_or("") };
        match (text.get(..at), text.get(end..)) {
            (Some(before), Some(after)) => format!("{before}{piece}{after}"),
            _ => text.to_owned(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn damaged_sentences(text in damaged()) {
        compare_any(&text);
    }

    #[test]
    fn garbled_sentences(text in roundtrip::garbled(), form in prop::sample::select(FORMS.iter().collect::<Vec<_>>())) {
        compare(form.rule, &format!("{} {text}", form.word));
        compare_all(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn right_sentences(tree in generate::file()) {
        let text = print(&tree);
        let right = compare_all(&text);
        prop_assert!(right >= tree.sentences.len(), "{right} of\n{text}");
    }
}
