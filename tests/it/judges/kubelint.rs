//! The API server's own decoding, defaulting and validation.

use super::{judge, run};
use std::path::Path;
use std::process::Command;

/// How many documents the judge accepts. One that it refuses, or does not know, is a failure.
pub(crate) fn kubelint(files: &[&Path]) -> usize {
    let stdout = run(Command::new(judge("kubelint")).args(files), &[0, 1]);
    let refused: Vec<&str> = stdout.lines().filter(|line| !line.starts_with("ok\t")).collect();
    assert!(refused.is_empty(), "kubelint:\n{}", refused.join("\n"));
    stdout.lines().count()
}
