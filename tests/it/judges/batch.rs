//! Many networks in one run: one JSON request a line goes in, one response a line comes out.

use super::{Probe, judge, run};
use serde_json::{Value, json};
use std::io::Write;
use std::process::Command;

/// Manifests of policies and pods, and what to try there.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    /// Namespaces, Pods and NetworkPolicies, as one stream.
    pub(crate) manifests: String,
    pub(crate) probes: Vec<Probe>,
}

/// For each network whether each of its probes passes, by Cyclonus' matcher.
pub(crate) fn reach(networks: &[Network]) -> Vec<Vec<bool>> {
    ask("reach", networks)
}

/// For each network whether each of its probes passes, by network-config-analyzer.
pub(crate) fn nca(networks: &[Network]) -> Vec<Vec<bool>> {
    ask("nca-reach", networks)
}

fn ask(name: &str, networks: &[Network]) -> Vec<Vec<bool>> {
    let mut batch = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    let requests: Vec<String> = networks.iter().map(request).collect();
    batch.write_all(requests.concat().as_bytes()).expect("a temporary file can be written");
    let stdout = run(Command::new(judge(name)).arg("-batch").arg(batch.path()), &[0]);
    let answers: Vec<Vec<bool>> = stdout.lines().map(|line| answers(name, line)).collect();
    let asked = networks.iter().map(|network| network.probes.len());
    assert!(answers.iter().map(Vec::len).eq(asked), "{name} did not answer every question:\n{stdout}");
    answers
}

/// One line of a judge's input.
fn request(network: &Network) -> String {
    let queries: Vec<Value> = network.probes.iter().map(|p| json!([p.source, p.destination, p.protocol, p.port])).collect();
    format!("{}\n", json!({ "manifests": network.manifests, "queries": queries }))
}

/// One line of its output.
fn answers(name: &str, line: &str) -> Vec<bool> {
    let wrong = || -> ! { panic!("{name} wrote `{line}`") };
    let response: Value = serde_json::from_str(line).unwrap_or_else(|_| wrong());
    let answers = response["answers"].as_array().unwrap_or_else(|| wrong());
    answers.iter().map(|answer| answer.as_bool().unwrap_or_else(|| wrong())).collect()
}
