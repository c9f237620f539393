//! Answers about access as JSON: schema `polc.dev/access/v1`.

use serde::Serialize;

use super::super::why_json::{Cited, cited};
use super::{Access, AccessWhy, Permit, Subject};

const SCHEMA: &str = "polc.dev/access/v1";

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    question: &'a str,
    cluster: &'a str,
    verdict: &'static str,
    asked: Vec<Line<'a>>,
    subjects: Vec<Somebody<'a>>,
    notes: &'a [String],
    not_understood: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Reasons<'a>>,
}

#[derive(Serialize)]
struct Somebody<'a> {
    name: &'a str,
    verdict: &'static str,
    permits: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    place: &'a str,
    verbs: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    kinds: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    urls: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    names: &'a [String],
}

#[derive(Serialize)]
struct Reasons<'a> {
    granted_by: Vec<Cited<'a>>,
    nearest: Option<Near<'a>>,
    amounts_to: &'a [String],
    assumptions: &'a [String],
}

#[derive(Serialize)]
struct Near<'a> {
    #[serde(flatten)]
    cited: Cited<'a>,
    but: &'a str,
}

impl Access {
    /// The answer as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, None)
    }
}

impl AccessWhy {
    /// The answer and its reasons as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let nearest = self.nearest.as_ref().map(|(citation, but)| Near { cited: cited(citation), but });
        let granted_by = self.granted_by.iter().map(cited).collect();
        let reasons = Reasons { granted_by, nearest, amounts_to: &self.amounts_to, assumptions: &self.assumptions };
        written(&self.answer, Some(reasons))
    }
}

fn written(answer: &Access, why: Option<Reasons<'_>>) -> String {
    let report = Report {
        schema: SCHEMA,
        question: &answer.question,
        cluster: &answer.cluster,
        verdict: answer.verdict.as_str(),
        asked: answer.asked.iter().map(line).collect(),
        subjects: answer.subjects.iter().map(somebody).collect(),
        notes: &answer.notes,
        not_understood: &answer.not_understood,
        why,
    };
    // Text and lists alone: there is nothing that JSON cannot hold.
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}

fn line(permit: &Permit) -> Line<'_> {
    let none: &[String] = &[];
    let (kinds, urls) = if permit.urls { (none, permit.kinds.as_slice()) } else { (permit.kinds.as_slice(), none) };
    Line { place: &permit.place, verbs: &permit.verbs, kinds, urls, names: &permit.names }
}

fn somebody(it: &Subject) -> Somebody<'_> {
    Somebody { name: &it.name, verdict: it.verdict.as_str(), permits: it.permits.iter().map(line).collect() }
}
