//! SARIF 2.1.0, for code scanning: places are in the policy, not in what it compiles to.

mod fingerprint;
mod log;

use std::collections::BTreeMap;

use fingerprint::Fingerprints;
use log::{
    ArtifactChange, ArtifactLocation, Configuration, Content, Driver, Fix, Location, Log, PhysicalLocation, Region, Replacement,
    ResultEntry, Rule, Run, Text, Tool,
};

use super::place::Places;
use crate::diagnostic::{self, Code, Diagnostic, Severity};
use crate::source::{Sources, Span};

/// One log with one run, with a line end.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let places = Places::new(sources);
    let mut codes: Vec<Code> = diagnostics.iter().map(|d| d.code).collect();
    codes.sort_by_key(|code| code.as_str());
    codes.dedup();
    let mut fingerprints = Fingerprints::new(sources, places);
    let results = diagnostics.iter().map(|d| result(d, places, fingerprints.of(d))).collect();
    let driver = Driver { name: "polc", version: env!("CARGO_PKG_VERSION"), rules: codes.into_iter().map(rule).collect() };
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    super::text::json(&Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: vec![run] })
}

fn rule(code: Code) -> Rule {
    let page = code.page();
    let first = page.split("\n\n").find(|paragraph| !paragraph.starts_with('#')).unwrap_or(page);
    Rule {
        id: code.as_str(),
        short_description: Text { text: first.trim().replace('\n', " "), markdown: None },
        help: Text { text: page.into(), markdown: Some(page.into()) },
        default_configuration: Configuration { level: level(code.severity()) },
    }
}

fn result(diagnostic: &Diagnostic, places: Places<'_>, fingerprint: String) -> ResultEntry {
    let mut message = vec![diagnostic.headline.clone()];
    message.extend(diagnostic.notes.iter().map(|text| format!("note: {text}")));
    message.extend(diagnostic.help.iter().map(|text| format!("help: {text}")));
    ResultEntry {
        rule_id: diagnostic.code.as_str(),
        level: level(diagnostic.severity),
        message: Text { text: message.join("\n"), markdown: None },
        locations: diagnostic.primary.iter().map(|label| location(label.span, None, places)).collect(),
        related_locations: diagnostic.secondary.iter().map(|label| location(label.span, Some(label.text.clone()), places)).collect(),
        partial_fingerprints: BTreeMap::from([("polc/v1", fingerprint)]),
        fixes: diagnostic.fix.iter().map(|found| fix(found, places)).collect(),
    }
}

fn location(span: Span, text: Option<String>, places: Places<'_>) -> Location {
    let physical_location = PhysicalLocation { artifact_location: artifact(span, places), region: region(span, places) };
    Location { physical_location, message: text.map(|text| Text { text, markdown: None }) }
}

fn fix(fix: &diagnostic::Fix, places: Places<'_>) -> Fix {
    let replacement = Replacement { deleted_region: region(fix.span, places), inserted_content: Content { text: fix.replacement.clone() } };
    Fix { artifact_changes: vec![ArtifactChange { artifact_location: artifact(fix.span, places), replacements: vec![replacement] }] }
}

fn region(span: Span, places: Places<'_>) -> Region {
    let place = places.of(span);
    Region { start_line: place.line, start_column: place.column, end_line: place.end_line, end_column: place.end_column }
}

fn artifact(span: Span, places: Places<'_>) -> ArtifactLocation {
    ArtifactLocation { uri: uri(places.file(span)) }
}

/// A path as a relative URI reference.
fn uri(path: &str) -> String {
    let path = path.trim_start_matches("./");
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

#[cfg(test)]
mod tests;
