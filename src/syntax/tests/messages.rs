//! What the messages say, word for word, as a tired person reads them at three in the morning.
//!
//! Each file of `messages/` holds cases: the policy behind `|`, then what is said of it.

use super::{parse, show};
use crate::source::FileId;

/// One wrong policy and what is said of it.
struct Case<'a> {
    policy: String,
    said: Vec<&'a str>,
}

fn cases(text: &str) -> Vec<Case<'_>> {
    text.split("\n\n")
        .map(|case| {
            let (policy, said): (Vec<&str>, Vec<&str>) = case.lines().partition(|line| line.starts_with('|'));
            let policy: Vec<&str> = policy.iter().map(|line| line.strip_prefix("| ").unwrap_or("")).collect();
            Case { policy: policy.join("\n"), said }
        })
        .collect()
}

/// Checks a file of cases, and that there are as many as it is known to hold.
fn check(file: &str, count: usize) {
    let cases = cases(file);
    assert_eq!(cases.len(), count);
    for case in cases {
        let errors = parse(FileId(0), &case.policy).1;
        let said = show(&case.policy, &errors);
        assert_eq!(said.lines().collect::<Vec<_>>(), case.said, "\n{}\n{said}", case.policy);
    }
}

macro_rules! files {
    ($($test:ident $file:literal $count:literal,)*) => {
        $(#[test] fn $test() { check(include_str!(concat!("messages/", $file, ".txt")), $count); })*
    };
}

files! {
    access "access" 6,
    characters "characters" 6,
    clauses "clauses" 11,
    comments_and_manifests_of_other_languages "comments-and-manifests-of-other-languages" 4,
    declarations "declarations" 15,
    flows "flows" 9,
    isolation_and_headers "isolation-and-headers" 8,
    misspelt_words "misspelt-words" 6,
    outline "outline" 11,
    peers "peers" 11,
    places "places" 7,
    slips "slips" 43,
    words_of_other_languages "words-of-other-languages" 25,
}
