//! Differences for programs: schema `polc.dev/verify/v1` (docs/src/reference/formats.md).

use serde::Serialize;

use super::access::AccessDiffering;
use super::verify::{Differing, Verification};
use super::why_json::{Cited, cited};

/// The schema's name.
const SCHEMA: &str = "polc.dev/verify/v1";

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    cluster: &'a str,
    verdict: &'static str,
    unknown: Option<&'a str>,
    differences: Vec<Difference<'a>>,
    access: Vec<Granting<'a>>,
    foreign: &'a [String],
    not_understood: &'a [String],
    assumptions: &'a [String],
}

#[derive(Serialize)]
struct Difference<'a> {
    opened: bool,
    side: &'a str,
    source: &'a str,
    destination: &'a str,
    port: &'a str,
    sentences: Vec<Cited<'a>>,
    objects: Vec<Cited<'a>>,
}

#[derive(Serialize)]
struct Granting<'a> {
    opened: bool,
    text: &'a str,
    sentences: Vec<Cited<'a>>,
    objects: Vec<Cited<'a>>,
}

impl Verification {
    /// All of it as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let verdict = match (self.differences.is_empty() && self.access.is_empty(), &self.unknown) {
            (false, _) => "different",
            (true, Some(_)) => "unknown",
            (true, None) => "equal",
        };
        let report = Report {
            schema: SCHEMA,
            cluster: &self.cluster,
            verdict,
            unknown: self.unknown.as_deref(),
            differences: self.differences.iter().map(difference).collect(),
            access: self.access.iter().map(granting).collect(),
            foreign: &self.foreign,
            not_understood: &self.not_understood,
            assumptions: &self.assumptions,
        };
        serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
    }
}

fn granting(differing: &AccessDiffering) -> Granting<'_> {
    Granting {
        opened: differing.opened,
        text: &differing.text,
        sentences: differing.sentences.iter().map(cited).collect(),
        objects: differing.objects.iter().map(cited).collect(),
    }
}

fn difference(differing: &Differing) -> Difference<'_> {
    Difference {
        opened: differing.opened,
        side: differing.side,
        source: &differing.source,
        destination: &differing.destination,
        port: &differing.port,
        sentences: differing.sentences.iter().map(cited).collect(),
        objects: differing.objects.iter().map(cited).collect(),
    }
}
