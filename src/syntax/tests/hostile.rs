//! Inputs that are made to hurt: an answer in bounded time, and never a panic.

use std::fmt::Write as _;

use super::{parse, right, wrong};
use crate::diagnostic::Code;
use crate::source::FileId;
use crate::syntax::layout::{MAX_NESTING, MAX_SENTENCE};
use crate::syntax::{MAX_ERRORS, MAX_FILE, MAX_NAME};

fn codes(text: &str) -> Vec<Code> {
    parse(FileId(0), text).1.iter().map(|error| error.code).collect()
}

#[test]
fn nothing_is_a_policy() {
    for text in ["", "\n", ";;;", "# only a comment", "  \r\n\t# one\r\n"] {
        assert!(right(text).sentences.is_empty());
    }
}

#[test]
fn a_file_larger_than_the_limit_is_not_read() {
    let text = "#".repeat(100 * 1024 * 1024);
    assert_eq!(codes(&text), [Code::FileTooLarge]);
    assert!(right(&"# x\n".repeat(MAX_FILE / 4)).sentences.is_empty());
}

#[test]
fn brackets_without_end() {
    for text in ["(".repeat(200_000), "{".repeat(200_000), "namespace p {\n".repeat(200_000), "namespace p { allow pods(".repeat(200_000)] {
        let found = codes(&text);
        assert!(found.contains(&Code::NestingTooDeep) || found.contains(&Code::TooManyErrors), "{found:?}");
        assert!(found.len() <= MAX_ERRORS + 2);
    }
    assert_eq!(codes(&format!("namespace p {{ allow pods{}", "(".repeat(200_000))), [Code::NestingTooDeep]);
    wrong(&")".repeat(200_000));
    wrong(&"}".repeat(200_000));
}

#[test]
fn brackets_as_deep_as_may_be() {
    let deep = |depth: usize| format!("namespace p {{ allow pods{}app=x{} -> b }}", "(".repeat(depth), ")".repeat(depth));
    assert!(!codes(&deep(MAX_NESTING)).contains(&Code::NestingTooDeep));
    assert!(codes(&deep(MAX_NESTING + 1)).contains(&Code::NestingTooDeep));
}

#[test]
fn parentheses_forgotten_on_every_line() {
    let text = format!("namespace p {{\n{}}}", "allow pods(app=x -> b\n".repeat(20_000));
    let found = codes(&text);
    assert_eq!(found.len(), MAX_ERRORS + 1);
    assert_eq!(found.last(), Some(&Code::TooManyErrors));
}

#[test]
fn a_hundred_thousand_wrong_sentences() {
    let text = format!("namespace p {{\n{}}}", "allow a => b\n".repeat(100_000));
    let errors = wrong(&text);
    assert_eq!(errors.len(), MAX_ERRORS + 1);
    let last = errors.last().map(|error| error.headline.as_str());
    assert_eq!(last, Some("99950 more sentences of this file cannot be read"));
}

#[test]
fn a_quote_never_closed_on_every_line() {
    let text = format!("namespace p {{\n{}}}", "allow a -> b because \"x\n".repeat(50_000));
    assert_eq!(codes(&text).len(), MAX_ERRORS + 1);
}

#[test]
fn names_as_long_as_may_be() {
    let sentence = |length: usize| format!("namespace p {{ allow {} -> b }}", "a".repeat(length));
    right(&sentence(MAX_NAME));
    assert_eq!(codes(&sentence(MAX_NAME + 1)), [Code::NameTooLong]);
    assert_eq!(codes(&sentence(100_000)), [Code::NameTooLong]);
}

#[test]
fn sentences_as_long_as_may_be() {
    let peers = |count: usize| format!("namespace p {{ allow {} -> b }}", vec!["frontend"; count].join(","));
    right(&peers(MAX_SENTENCE / 9 - 10));
    assert_eq!(codes(&peers(MAX_SENTENCE / 9 + 10)), [Code::SentenceTooLong]);
    assert_eq!(codes(&format!("namespace p {{ allow {} -> b }}", "a,".repeat(4_000_000))), [Code::SentenceTooLong]);
}

#[test]
fn characters_that_stand_nowhere() {
    for character in
        ['\0', '\u{7}', '\u{1b}', '\u{7f}', '\u{85}', '\u{200b}', '\u{200e}', '\u{202e}', '\u{2066}', '\u{2028}', '\u{feff}', '\u{ad}']
    {
        for around in ["namespace p { allow a -> b@ }", "# a comment @", "namespace p { allow a -> b because \"x@y\" }", "@namespace p { }"]
        {
            let text = around.replace('@', &character.to_string());
            assert_eq!(codes(&text), [Code::ForbiddenCharacter], "{text:?}");
        }
    }
    assert_eq!(codes("namespace p isolate\rallow a -> b"), [Code::ForbiddenCharacter]);
    assert_eq!(codes("namespace p {}\r\r\n"), [Code::ForbiddenCharacter]);
    right("namespace p isolate\r\nallow a -> b # größer\r\n");
    right("namespace p { allow a -> b because \"größer, ∞, 日本, 👩‍💻\" }");
}

#[test]
fn a_forbidden_character_on_every_line() {
    let text = "# \u{202e}\n".repeat(100_000);
    assert_eq!(codes(&text).len(), MAX_ERRORS);
    let one_line = "\u{202e}".repeat(1_000_000);
    assert_eq!(codes(&one_line), [Code::ForbiddenCharacter]);
}

#[test]
fn growth_is_not_quadratic() {
    let text = |count: usize| {
        let mut text = String::from("namespace p {\n");
        for n in 0..count {
            let _ = writeln!(text, "  allow a{n} -> b{n} 443 because \"x\" # y\n  alow a -> b(\n");
        }
        text
    };
    // A quadratic part would make this run for minutes.
    assert_eq!(parse(FileId(0), &text(20_000)).1.len(), MAX_ERRORS + 1);
}
