//! Cyclonus' matcher, asked about many networks in one run.

use super::{Probe, Question, judge, run};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Manifests of policies and pods, and what to try there.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    /// Namespaces, Pods and NetworkPolicies, as one stream.
    pub(crate) manifests: String,
    pub(crate) probes: Vec<Probe>,
}

/// For each question whether each of its probes passes. It needs no folder of its own; nca does.
pub(crate) fn reach(_folder: &Path, questions: &[Question]) -> Vec<Vec<bool>> {
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let network = |question: &Question| Network {
        manifests: format!("{}\n---\n{}", read(&question.inventory), read(&question.policies)),
        probes: question.probes.clone(),
    };
    permitted(&questions.iter().map(network).collect::<Vec<_>>())
}

/// For each network whether each of its probes passes. Objects without a namespace are in `default`, as kubectl has it.
pub(crate) fn permitted(networks: &[Network]) -> Vec<Vec<bool>> {
    let mut batch = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    let requests: Vec<String> = networks.iter().map(request).collect();
    batch.write_all(requests.concat().as_bytes()).expect("a temporary file can be written");
    let mut command = Command::new(judge("reach"));
    let stdout = run(command.args(["-namespace", "default", "-batch"]).arg(batch.path()), &[0]);
    let answers: Vec<Vec<bool>> = stdout.lines().map(answers).collect();
    let asked = networks.iter().map(|network| network.probes.len());
    assert!(answers.iter().map(Vec::len).eq(asked), "reach did not answer every question:\n{stdout}");
    answers
}

/// One line of the judge's input.
fn request(network: &Network) -> String {
    let queries: Vec<Value> = network.probes.iter().map(|p| json!([p.source, p.destination, p.protocol, p.port])).collect();
    format!("{}\n", json!({ "manifests": network.manifests, "queries": queries }))
}

/// One line of its output.
fn answers(line: &str) -> Vec<bool> {
    let response: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("reach wrote `{line}`: {e}"));
    let answers = response["answers"].as_array().unwrap_or_else(|| panic!("reach: {}", response["error"]));
    answers.iter().map(|answer| answer.as_bool().unwrap_or_else(|| panic!("reach wrote `{line}`"))).collect()
}
