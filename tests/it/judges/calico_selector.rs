//! Calico's own selector parser.

use super::{judge, run};
use std::path::Path;
use std::process::Command;

/// How many selectors of Calico policies in these files the parser accepts. One that it refuses is a failure.
pub(crate) fn calico_selectors(files: &[&Path]) -> usize {
    let stdout = run(Command::new(judge("calico-selector")).arg("-manifests").args(files), &[0, 1]);
    let refused: Vec<&str> = stdout.lines().filter(|line| !line.starts_with("ok\t")).collect();
    assert!(refused.is_empty(), "calico-selector:\n{}", refused.join("\n"));
    stdout.lines().count()
}
