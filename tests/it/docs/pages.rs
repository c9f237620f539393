//! The pages of the diagnostics: what they tell to avoid is what gets them, what they prefer builds.

use super::blocks::indented_after;
use super::world::{Place, compile, world};
use crate::checkout::{root, text};
use polc::{Compilation, diagnostic::Code};

/// Codes that are not about a text one could show: files and their sizes, and what the command line asks for.
const WITHOUT_TEXT: &[&str] = &["file-too-large", "no-such-account", "no-such-cluster", "not-utf-8", "too-many-errors"];

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
    for code in Code::ALL {
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
fn the_book_lists_every_code_once() {
    let index = text(&root().join("docs/src/reference/diagnostics.md"));
    let mut listed: Vec<&str> = index.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let mut known: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    listed.sort_unstable();
    known.sort_unstable();
    assert_eq!(listed, known, "docs/src/reference/diagnostics.md lists other codes than there are");
}

/// Whether a piece of policy does something in one of the places it could stand.
fn in_any_place(piece: &str, does: impl Fn(&Compilation) -> bool) -> bool {
    let places = [Place::Namespace, Place::Everywhere, Place::Cluster, Place::Workload, Place::Top];
    does(&compile(piece)) || [false, true].iter().any(|calico| places.iter().any(|place| does(&compile(&world(*place, *calico, piece)))))
}
