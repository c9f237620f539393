//! The API server's own authorizer.

use super::{judge, run};
use polc::look::Asked;
use serde_json::{Value, json};
use std::io::Write;
use std::process::Command;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) user: String,
    pub(crate) groups: Vec<String>,
}

/// Manifests of roles and bindings, and what is asked.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) manifests: String,
    pub(crate) requests: Vec<(Caller, Asked)>,
}

/// What the authorizer answers.
#[derive(Debug, Clone)]
pub(crate) struct Authorized {
    /// One answer a request.
    pub(crate) answers: Vec<bool>,
    /// Objects that the API server would not take, with its reasons.
    pub(crate) refused: Vec<String>,
}

/// Asks about many sets of manifests in one run. A set that is not answered is a failure.
pub(crate) fn authorized(questions: &[Question]) -> Vec<Authorized> {
    let mut batch = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    for question in questions {
        let requests: Vec<Value> = question.requests.iter().map(request).collect();
        writeln!(batch, "{}", json!({ "manifests": question.manifests, "requests": requests })).expect("a temporary file can be written");
    }
    let stdout = run(Command::new(judge("rbac")).arg("-batch").arg(batch.path()), &[0]);
    let answers: Vec<Authorized> = stdout.lines().map(answer).collect();
    assert_eq!(answers.len(), questions.len(), "rbac did not answer every line");
    for (question, answer) in questions.iter().zip(&answers) {
        assert_eq!(question.requests.len(), answer.answers.len(), "rbac did not answer every request");
    }
    answers
}

fn request((caller, asked): &(Caller, Asked)) -> Value {
    json!({
        "user": caller.user, "groups": caller.groups, "verb": asked.verb, "group": asked.group, "resource": asked.resource,
        "subresource": asked.subresource, "namespace": asked.namespace, "name": asked.name, "url": asked.url,
    })
}

fn answer(line: &str) -> Authorized {
    let response: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("rbac wrote `{line}`: {e}"));
    assert!(response["error"].is_null(), "rbac: {}", response["error"]);
    let list = |key: &str| response[key].as_array().unwrap_or_else(|| panic!("rbac wrote `{line}`")).clone();
    let answers = list("answers").iter().map(|it| it.as_bool().expect("an answer is true or false")).collect();
    let refused = list("refused").iter().map(|it| it.as_str().expect("a refusal is a text").to_owned()).collect();
    Authorized { answers, refused }
}
