//! Right and wrong sentences, one by one.

use super::show;
use crate::source::FileId;
use crate::syntax::parse;

/// Judges a list of sentences by whether each is right.
fn judge(list: &str, right: bool, count: usize) {
    let lines: Vec<&str> = list.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    assert_eq!(lines.len(), count);
    for line in lines {
        let Some((what, text)) = line.split_once(" | ") else { panic!("no text: {line}") };
        let text = text.replace("\\n", "\n");
        let errors = parse(FileId(0), &text).1;
        assert_eq!(errors.is_empty(), right, "{what}: {text}\n{}", show(&text, &errors));
    }
}

#[test]
fn right_sentences_are_read() {
    judge(include_str!("sentences/right.txt"), true, 54);
}

#[test]
fn wrong_sentences_are_not() {
    judge(include_str!("sentences/wrong.txt"), false, 96);
}

/// The list kept beside the design, where it is present; what it says is the grammar's verdict.
#[test]
#[allow(clippy::disallowed_methods, reason = "a test may read its data")]
fn verdicts_of_the_design() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared").to_owned();
    let root = std::env::var("POLC_SHARED").unwrap_or(beside);
    let Ok(list) = std::fs::read_to_string(format!("{root}/design/sentences.txt")) else {
        println!("SKIP sentences of the design absent: 1 list");
        return;
    };
    let mut judged = 0;
    for line in list.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let mut parts = line.splitn(3, " | ");
        let (Some(verdict), Some(what), Some(text)) = (parts.next(), parts.next(), parts.next()) else { panic!("not a verdict: {line}") };
        let text = text.replace("\\n", "\n").replace("\\r", "\r");
        let errors = parse(FileId(0), &text).1;
        assert_eq!(errors.is_empty(), verdict == "ok", "{what}: {text:?}\n{}", show(&text, &errors));
        judged += 1;
    }
    assert!(judged > 80, "only {judged} verdicts");
}
