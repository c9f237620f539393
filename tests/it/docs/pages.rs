//! The pages of the diagnostics: what they tell to avoid is what gets them, what they prefer builds.

use super::blocks::indented_after;
use super::world::{Place, compile, compile_beside_files, world};
use crate::checkout::{root, text};
use polc::{Compilation, Severity, diagnostic::Code};

/// Codes whose cause is no text one could show here: sizes, very long lists, invisible characters, and what the command
/// line or other manifests say.
const WITHOUT_TEXT: &[&str] = &[
    "calico-limit-exceeded",
    "deny-too-large",
    "empty-policy",
    "file-too-large",
    "forbidden-character",
    "manifest-conflict",
    "manifest-not-judged",
    "manifest-selector-not-plain",
    "manifest-unreadable",
    "name-too-long",
    "nesting-too-deep",
    "no-such-account",
    "no-such-cluster",
    "not-utf-8",
    "object-collision",
    "proof-failed",
    "sentence-too-long",
    "too-many-errors",
];

#[test]
fn what_a_page_avoids_gets_its_code() {
    let mut findings = Vec::new();
    for code in Code::ALL.iter().filter(|code| !WITHOUT_TEXT.contains(&code.as_str())) {
        let blocks = indented_after(code.page(), "Avoid");
        findings.extend(blocks.is_empty().then(|| format!("{}: shows nothing to avoid", code.as_str())));
        for block in blocks {
            let caught = in_any_place(&block, |it| it.diagnostics.iter().any(|it| it.code == *code));
            findings.extend((!caught).then(|| format!("{}: does not come of\n{block}", code.as_str())));
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn what_a_page_prefers_builds() {
    let mut findings = Vec::new();
    for code in Code::ALL.iter().filter(|code| !WITHOUT_TEXT.contains(&code.as_str())) {
        for block in indented_after(code.page(), "Prefer") {
            let fine = in_any_place(&block, |it| !it.has_errors() && it.diagnostics.iter().all(|it| it.code != *code));
            findings.extend((!fine).then(|| format!("{}: does not build\n{block}", code.as_str())));
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn a_page_has_its_code_for_a_title_and_says_why() {
    let mut findings = Vec::new();
    for code in Code::ALL {
        let (name, page) = (code.as_str(), code.page());
        findings.extend((!page.starts_with(&format!("# {name}\n"))).then(|| format!("{name}: another title")));
        findings.extend((!page.contains("**Why")).then(|| format!("{name}: does not say why")));
        findings.extend((!page.contains("**Prefer**")).then(|| format!("{name}: does not say what to prefer")));
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn the_book_lists_every_code_as_its_page_begins() {
    let index = text(&root().join("docs/src/reference/diagnostics.md"));
    let listed: Vec<&str> = index.lines().filter(|line| line.starts_with("| `")).collect();
    let known: Vec<String> = Code::ALL.iter().map(row).collect();
    assert!(listed == known, "docs/src/reference/diagnostics.md should list:\n{}", known.join("\n"));
}

/// A code, its weight and the first paragraph of its page, as the book's index has them.
fn row(code: &Code) -> String {
    let weight = match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let first = code.page().split("\n\n").nth(1).unwrap_or_default().replace('\n', " ");
    format!("| `{}` | {weight} | {} |", code.as_str(), first.trim())
}

/// Whether a piece of policy does something in one of the places it could stand, beside files or alone.
fn in_any_place(piece: &str, does: impl Fn(&Compilation) -> bool) -> bool {
    let places = [Place::Namespace, Place::Bare, Place::Everywhere, Place::Cluster, Place::Workload, Place::Top];
    let set = |calico: bool| places.map(|place| world(place, calico, piece));
    let mut texts = vec![piece.to_owned()];
    texts.extend(set(false));
    texts.extend(set(true));
    texts.iter().any(|text| does(&compile(text)) || does(&compile_beside_files(text)))
}
