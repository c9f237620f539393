//! The book and the README: every policy they show is compiled.
//!
//! A fenced block `polc` is a whole policy that builds. Words after a comma change that:
//!
//! - `error=CODE`: it fails, and every error it has is of that code.
//! - `warning=CODE`: it builds, and has a warning of that code.
//! - `in=PLACE`: sentences of a `namespace`, of `everywhere`, a `cluster` or a `workload`, set into [`world`];
//!   `fragment` is short for `in=namespace`.
//! - `calico`: the world's cluster enforces Calico.
//! - `name=NAME`: a block `yaml,output-of=NAME` further down stands in its output, word for word.
//!
//! In `src/diagnostic/pages/`, an indented block after *Avoid* gets the page's code and one after *Prefer* builds, in
//! one of those places.

mod blocks;
mod citations;
mod pages;
mod world;

pub(crate) use world::{Place, compile, world};

use std::collections::BTreeMap;

use crate::checkout::{files, root, shown, text};
use blocks::Block;
use polc::diagnostic::render;
use polc::{Compilation, Severity};

#[test]
fn every_policy_of_the_book_does_what_the_book_says() {
    let mut findings = Vec::new();
    let mut compiled = 0;
    for path in book() {
        let mut outputs = BTreeMap::new();
        for block in blocks::fenced(&text(&path)) {
            let at = format!("{}:{}", shown(&path), block.line);
            match block.language.as_str() {
                "polc" => {
                    compiled += 1;
                    let compilation = compile_block(&block);
                    findings.extend(judge(&block, &compilation).map(|what| format!("{at}: {what}")));
                    if let Some(name) = block.value("name") {
                        outputs.insert(name.to_owned(), compilation);
                    }
                }
                "yaml" | "text" => findings.extend(compare(&block, &outputs).map(|what| format!("{at}: {what}"))),
                _ => {}
            }
        }
    }
    assert!(compiled >= 50, "only {compiled} policies found: is the book where it was?");
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn every_page_of_the_book_is_in_its_summary_and_every_link_leads_somewhere() {
    let mut findings = Vec::new();
    let summary = text(&root().join("docs/src/SUMMARY.md"));
    for path in book() {
        let name = shown(&path);
        if let Some(page) = name.strip_prefix("docs/src/").filter(|page| *page != "SUMMARY.md") {
            findings.extend((!summary.contains(&format!("({page})"))).then(|| format!("{name}: not in SUMMARY.md")));
        }
        for target in blocks::links(&text(&path)) {
            let file = path.parent().expect("a file in a folder").join(target.split('#').next().unwrap_or_default());
            findings.extend((!file.exists()).then(|| format!("{name}: links to `{target}`, which is not there")));
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn the_program_that_the_book_shows_is_the_one_that_runs() {
    let program = text(&root().join("examples/embed/main.rs"));
    let (_, program) = program.split_once("\n\n").expect("a comment, a blank line, the program");
    for page in ["README.md", "docs/src/guides/embedding.md"] {
        let shown = blocks::fenced(&text(&root().join(page))).into_iter().find(|block| block.language == "rust");
        assert_eq!(shown.map(|block| block.text).as_deref(), Some(program), "the program of {page} is not examples/embed/main.rs");
    }
}

/// The README and all pages.
fn book() -> Vec<std::path::PathBuf> {
    let mut pages = files("docs", &["md"]);
    pages.extend(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|name| root().join(name)));
    pages
}

fn compile_block(block: &Block) -> Compilation {
    match block.value("in").or(block.has("fragment").then_some("namespace")) {
        None => compile(&block.text),
        Some(name) => {
            let place = Place::named(name).unwrap_or_else(|| panic!("line {}: no place `{name}`", block.line));
            compile(&world(place, block.has("calico"), &block.text))
        }
    }
}

/// What is wrong with what came of a block.
fn judge(block: &Block, compilation: &Compilation) -> Option<String> {
    let codes = |severity: Severity| -> Vec<&str> {
        compilation.diagnostics.iter().filter(|it| it.severity == severity).map(|it| it.code.as_str()).collect()
    };
    let errors = codes(Severity::Error);
    if let Some(code) = block.value("error") {
        return (errors.is_empty() || errors.iter().any(|it| *it != code))
            .then(|| format!("should fail with `{code}` alone, has {errors:?}"));
    }
    if !errors.is_empty() {
        let said: Vec<String> =
            compilation.diagnostics.iter().filter(|it| it.is_error()).map(|it| format!("{}: {}", it.code.as_str(), it.headline)).collect();
        return Some(format!("should build: {}", said.join("; ")));
    }
    let warnings = codes(Severity::Warning);
    match block.value("warning") {
        Some(code) => (!warnings.contains(&code)).then(|| format!("should have the warning `{code}`, has {warnings:?}")),
        // A fragment may open an end that its world leaves open; a whole policy should be exemplary.
        None if block.value("in").is_none() && !block.has("fragment") => {
            (!warnings.is_empty()).then(|| format!("has warnings: {warnings:?}"))
        }
        None => None,
    }
}

/// Whether an output or a message is what came of the policy it is said to be of.
fn compare(block: &Block, outputs: &BTreeMap<String, Compilation>) -> Option<String> {
    let (name, of): (&str, fn(&Compilation) -> String) = match (block.value("output-of"), block.value("message-of")) {
        (Some(name), _) => (name, Compilation::to_yaml),
        (None, Some(name)) => (name, |it| render::human::render(&it.diagnostics, &it.sources, &render::Options::default())),
        (None, None) => return None,
    };
    let Some(compilation) = outputs.get(name) else { return Some(format!("no policy `name={name}` stands before it")) };
    let text = of(compilation);
    (!text.contains(&block.text)).then(|| format!("is not in what comes of `{name}`, which is:\n{text}"))
}
