//! The fuzzers' corpora, replayed: none of them may end in a panic.

use crate::checkout::{root, text};
use crate::real_cases::say;
use polc::{SourceFile, look};
use std::path::PathBuf;

fn corpus(name: &str) -> Vec<PathBuf> {
    let folder = root().join("fuzz/corpus").join(name);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no corpus of {name}");
    paths
}

/// Every beginning of a text, so that each unfinished form is tried.
fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, _)| &text[..at]).chain([text])
}

#[test]
fn manifests_of_the_corpus_and_all_their_beginnings_are_read() {
    let (mut texts, mut understood) = (0, 0);
    for path in corpus("manifests") {
        for beginning in beginnings(&text(&path)) {
            let found = look::manifests(vec![SourceFile { name: "a.yaml".into(), text: beginning.to_owned() }]);
            understood += usize::from(found.policies > 0);
            texts += 1;
        }
    }
    say(&format!("manifests of the corpus: {texts} texts, {understood} with policies"));
    assert!(understood > 0, "policies of the corpus are read");
}

#[test]
fn selectors_of_the_corpus_and_all_their_beginnings_are_read() {
    let labels = [("app".to_owned(), "api".to_owned())].into();
    let read: Vec<bool> = corpus("selectors")
        .iter()
        .flat_map(|path| beginnings(&text(path)).map(|it| look::selects(it, &labels).is_some()).collect::<Vec<_>>())
        .collect();
    assert!(read.contains(&true) && read.contains(&false), "some are selectors, and some are not");
}
