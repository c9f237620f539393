//! The shape of the project, where a program can check it: ARCHITECTURE.md states the rules.

mod layers;
mod library;
mod text;

/// Fails with every finding at once, one a line.
fn none(findings: &[String], rule: &str) {
    assert!(findings.is_empty(), "{rule}\n{}", findings.join("\n"));
}
