//! What a YAML text says, by readers that polc has no part in.

use super::{judge, run};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// The documents of a file as sigs.k8s.io/yaml reads them: the reader of kubectl and of the API server.
pub(crate) fn read_by_kubectl(file: &Path) -> Vec<Value> {
    documents(&run(Command::new(judge("yamlread")).arg(file), &[0]))
}

/// The documents of a file as PyYAML reads them, which holds to YAML 1.1.
pub(crate) fn read_by_python(file: &Path) -> Vec<Value> {
    documents(&run(Command::new(judge("pyread")).arg(file), &[0]))
}

fn documents(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("a judge writes JSON: {e}\n{line}"))).collect()
}
