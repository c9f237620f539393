//! Answers for programs: schema `polc.dev/query/v1` (docs/src/reference/formats.md).

use serde::Serialize;

use super::answer::{Answer, Pair, Piece};

/// The schema's name.
const SCHEMA: &str = "polc.dev/query/v1";

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    question: &'a str,
    cluster: &'a str,
    verdict: &'static str,
    asked: Option<&'a str>,
    connections: Vec<Connection<'a>>,
    not_understood: &'a [String],
    notes: &'a [String],
}

/// One source and one destination.
#[derive(Serialize)]
pub(super) struct Connection<'a> {
    source: &'a str,
    destination: &'a str,
    verdict: &'static str,
    ports: Vec<&'a str>,
    partly: Vec<Part<'a>>,
}

/// What passes between some of them.
#[derive(Serialize)]
pub(super) struct Part<'a> {
    ports: Vec<&'a str>,
    source: Option<&'a str>,
    destination: Option<&'a str>,
}

impl Answer {
    /// The answer as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let report = Report {
            schema: SCHEMA,
            question: &self.question,
            cluster: &self.cluster,
            verdict: self.verdict.as_str(),
            asked: self.asked.as_deref(),
            connections: self.pairs.iter().map(connection).collect(),
            not_understood: &self.not_understood,
            notes: &self.notes,
        };
        // Text and lists alone: there is nothing that JSON cannot hold.
        serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
    }
}

pub(super) fn connection(pair: &Pair) -> Connection<'_> {
    Connection {
        source: &pair.source,
        destination: &pair.destination,
        verdict: pair.verdict.as_str(),
        ports: split(&pair.ports),
        partly: pair.partly.iter().map(part).collect(),
    }
}

fn part(piece: &Piece) -> Part<'_> {
    let some = |text: &'_ str| !text.is_empty();
    Part {
        ports: split(&piece.ports),
        source: Some(piece.source.as_str()).filter(|text| some(text)),
        destination: Some(piece.destination.as_str()).filter(|text| some(text)),
    }
}

/// Ports, one each.
pub(super) fn split(ports: &str) -> Vec<&str> {
    ports.split(", ").filter(|port| !port.is_empty()).collect()
}
