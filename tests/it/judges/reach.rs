//! Cyclonus' matcher, asked about many networks in one run.

use super::{Question, judge, run};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

/// For each question whether each of its probes passes. Objects without a namespace are in `default`, as kubectl has it.
pub(crate) fn reach(folder: &Path, questions: &[Question]) -> Vec<Vec<bool>> {
    let batch = folder.join("reach.jsonl");
    let requests: Vec<String> = questions.iter().map(request).collect();
    fs::write(&batch, requests.concat()).expect("the build folder can be written");
    let mut command = Command::new(judge("reach"));
    let stdout = run(command.args(["-namespace", "default", "-batch"]).arg(&batch), &[0]);
    let answers: Vec<Vec<bool>> = stdout.lines().map(answers).collect();
    let asked = questions.iter().map(|question| question.probes.len());
    assert!(answers.iter().map(Vec::len).eq(asked), "reach did not answer every question:\n{stdout}");
    answers
}

/// One line of the judge's input.
fn request(question: &Question) -> String {
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let manifests = format!("{}\n---\n{}", read(&question.inventory), read(&question.policies));
    let queries: Vec<Value> = question.probes.iter().map(|p| json!([p.source, p.destination, p.protocol, p.port])).collect();
    format!("{}\n", json!({ "manifests": manifests, "queries": queries }))
}

/// One line of its output.
fn answers(line: &str) -> Vec<bool> {
    let response: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("reach wrote `{line}`: {e}"));
    let answers = response["answers"].as_array().unwrap_or_else(|| panic!("reach: {}", response["error"]));
    answers.iter().map(|answer| answer.as_bool().unwrap_or_else(|| panic!("reach wrote `{line}`"))).collect()
}
