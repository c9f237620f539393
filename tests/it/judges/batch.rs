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
    all(reach_or_why(networks))
}

/// For each network whether each of its probes passes, by network-config-analyzer.
pub(crate) fn nca(networks: &[Network]) -> Vec<Vec<bool>> {
    all(nca_or_why(networks))
}

/// As [`reach`]; or why a network is not judged.
pub(crate) fn reach_or_why(networks: &[Network]) -> Vec<Result<Vec<bool>, String>> {
    ask("reach", networks.iter().map(request), networks.iter().map(|network| network.probes.len()))
}

/// As [`nca`]; or why a network is not judged.
pub(crate) fn nca_or_why(networks: &[Network]) -> Vec<Result<Vec<bool>, String>> {
    ask("nca-reach", networks.iter().map(request), networks.iter().map(|network| network.probes.len()))
}

/// For each text of manifests, whether each of its probes passes, tier by tier; or why it is not judged.
pub(crate) fn calico_tiers(requests: &[(String, Vec<Value>)]) -> Vec<Result<Vec<bool>, String>> {
    let lines = requests.iter().map(|(manifests, probes)| format!("{}\n", json!({ "manifests": manifests, "probes": probes })));
    ask("calico-tiers", lines, requests.iter().map(|(_, probes)| probes.len()))
}

fn all(answers: Vec<Result<Vec<bool>, String>>) -> Vec<Vec<bool>> {
    answers.into_iter().map(|answers| answers.unwrap_or_else(|why| panic!("a judge does not answer: {why}"))).collect()
}

/// One answer a question, or none to a whole request: a judge that says nothing at all has failed.
fn ask(name: &str, lines: impl Iterator<Item = String>, asked: impl Iterator<Item = usize>) -> Vec<Result<Vec<bool>, String>> {
    let mut batch = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    batch.write_all(lines.collect::<String>().as_bytes()).expect("a temporary file can be written");
    let stdout = run(Command::new(judge(name)).arg("-batch").arg(batch.path()), &[0]);
    let answers: Vec<_> = stdout.lines().map(|line| answers(name, line)).collect();
    let asked: Vec<usize> = asked.collect();
    let is_complete =
        |(answers, asked): (&Result<Vec<bool>, String>, &usize)| answers.as_ref().map_or(true, |answers| answers.len() == *asked);
    assert!(answers.len() == asked.len() && answers.iter().zip(&asked).all(is_complete), "{name} did not answer every question:\n{stdout}");
    answers
}

/// One line of a judge's input.
fn request(network: &Network) -> String {
    let queries: Vec<Value> = network.probes.iter().map(|p| json!([p.source, p.destination, p.protocol, p.port])).collect();
    format!("{}\n", json!({ "manifests": network.manifests, "queries": queries }))
}

/// One line of its output.
fn answers(name: &str, line: &str) -> Result<Vec<bool>, String> {
    let wrong = || -> ! { panic!("{name} wrote `{line}`") };
    let response: Value = serde_json::from_str(line).unwrap_or_else(|_| wrong());
    if let Some(why) = response["error"].as_str() {
        return Err(why.to_owned());
    }
    let passes = |answer: &Value| match answer {
        Value::Bool(passes) => *passes,
        Value::String(word) if word == "allow" => true,
        Value::String(word) if word == "deny" => false,
        _ => wrong(),
    };
    let answers = response["answers"].as_array().or(response["verdicts"].as_array()).unwrap_or_else(|| wrong());
    Ok(answers.iter().map(passes).collect())
}
