//! Reasons for programs: schema `polc.dev/why/v1` (docs/src/reference/formats.md).

use serde::Serialize;

use super::cite::Citation;
use super::json::{Connection, connection, split};
use super::why::{SideReasons, Why};

/// The schema's name.
const SCHEMA: &str = "polc.dev/why/v1";

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    question: &'a str,
    cluster: &'a str,
    verdict: &'static str,
    asked: Option<&'a str>,
    connections: Vec<Explained<'a>>,
    not_understood: &'a [String],
    notes: &'a [String],
    never_stopped: &'a [String],
    assumptions: &'a [String],
}

#[derive(Serialize)]
struct Explained<'a> {
    #[serde(flatten)]
    connection: Connection<'a>,
    sides: Vec<Side<'a>>,
}

#[derive(Serialize)]
struct Side<'a> {
    side: &'a str,
    end: &'a str,
    is_pod: bool,
    isolated_by: Vec<Cited<'a>>,
    denied_by: Vec<Cited<'a>>,
    allowed_by: Vec<Cited<'a>>,
    nearest: Option<Near<'a>>,
}

#[derive(Serialize)]
struct Near<'a> {
    #[serde(flatten)]
    cited: Cited<'a>,
    but: &'a str,
}

/// What says something.
#[derive(Serialize)]
pub(super) struct Cited<'a> {
    file: Option<&'a str>,
    line: usize,
    column: usize,
    text: &'a str,
    ports: Vec<&'a str>,
    because: Option<&'a str>,
    owner: Option<&'a str>,
    objects: &'a [String],
}

impl Why {
    /// The answer and its reasons as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let explained = self.answer.pairs.iter().zip(&self.reasons);
        let report = Report {
            schema: SCHEMA,
            question: &self.answer.question,
            cluster: &self.answer.cluster,
            verdict: self.answer.verdict.as_str(),
            asked: self.answer.asked.as_deref(),
            connections: explained
                .map(|(pair, sides)| Explained { connection: connection(pair), sides: sides.iter().map(side).collect() })
                .collect(),
            not_understood: &self.answer.not_understood,
            notes: &self.answer.notes,
            never_stopped: &self.never_stopped,
            assumptions: &self.assumptions,
        };
        serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
    }
}

fn side(side: &SideReasons) -> Side<'_> {
    Side {
        side: side.side,
        end: &side.end,
        is_pod: side.is_pod,
        isolated_by: side.isolated_by.iter().map(cited).collect(),
        denied_by: side.denied_by.iter().map(cited).collect(),
        allowed_by: side.allowed_by.iter().map(cited).collect(),
        nearest: side.nearest.as_ref().map(|(citation, but)| Near { cited: cited(citation), but }),
    }
}

/// A citation.
pub(super) fn cited(citation: &Citation) -> Cited<'_> {
    Cited {
        file: Some(citation.file.as_str()).filter(|file| !file.is_empty()),
        line: citation.line,
        column: citation.column,
        text: &citation.text,
        ports: split(&citation.ports),
        because: citation.because.as_deref(),
        owner: citation.owner.as_deref(),
        objects: &citation.objects,
    }
}
