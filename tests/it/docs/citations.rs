//! The rules of the targets are cited by number; the book has each of them.

use std::collections::BTreeSet;

use crate::checkout::{files, root, shown, text};

/// What a citation begins with, and how many there are at least. Put together here, so that this file does not cite.
const PAPERS: [(&str, usize); 2] = [(concat!("network", "-targets"), 60), (concat!("access", "-targets"), 20)];

#[test]
fn every_rule_that_is_cited_is_in_the_book() {
    for (paper, least) in PAPERS {
        let rules = rules(&text(&root().join("docs/src/reference").join(paper).with_extension("md")));
        let (mut cited, mut findings) = (0, Vec::new());
        for path in [files("src", &["rs"]), files("tests", &["rs"]), files("conformance", &["go", "py"])].concat() {
            for (number, line) in text(&path).lines().enumerate() {
                for rule in line.split(paper).skip(1).flat_map(citations) {
                    cited += 1;
                    findings.extend((!rules.contains(&rule)).then(|| format!("{}:{}: {paper} {rule}", shown(&path), number + 1)));
                }
            }
        }
        assert!(cited >= least, "only {cited} citations of {paper} found: is this how they are written?");
        assert!(findings.is_empty(), "not in docs/src/reference/{paper}.md:\n{}", findings.join("\n"));
    }
}

/// The numbers that a text begins with: `.md §1.4.17, §2.2`, ` 2.6b, 6.9 N016, N021: …` or ` R12–R16`, which are the two.
fn citations(rest: &str) -> Vec<String> {
    let rest = rest.strip_prefix(".md").unwrap_or(rest);
    let list = rest.split([':', ')', '"']).next().unwrap_or_default();
    let words = list.split([' ', ',', ';', '\u{2013}']).filter(|word| !word.is_empty() && *word != "and");
    let number = |word: &str| {
        let word = word.trim_start_matches('\u{a7}').trim_end_matches(['.', ']']);
        let is_code = word.len() == 4 && word.starts_with('N') && word.chars().skip(1).all(|c| c.is_ascii_digit());
        let is_number = word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
        let is_rule = word.strip_prefix('R').is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()));
        (is_code || is_number || is_rule).then(|| word.to_owned())
    };
    words.map_while(number).collect()
}

/// The numbers of headings, of items in bold, of numbered lists, and codes in parentheses.
fn rules(page: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut section = String::new();
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("### ").or_else(|| line.strip_prefix("## ")) {
            section = heading.split(' ').next().unwrap_or_default().to_owned();
            all.insert(section.clone());
        } else if let Some((number, _)) = line.split_once(". ").filter(|(number, _)| number.chars().all(|c| c.is_ascii_digit())) {
            all.insert(format!("{section}.{number}"));
        } else if let Some((number, _)) = line.strip_prefix("- **").and_then(|rest| rest.split_once("**")) {
            all.insert(number.to_owned());
        }
        all.extend(line.split(['(', ')', ',', ' ']).filter(|word| word.len() == 4 && word.starts_with('N')).map(str::to_owned));
    }
    all
}
