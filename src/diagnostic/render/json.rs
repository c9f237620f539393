//! JSON for programs: schema `polc.dev/diagnostics/v1`.

use serde::Serialize;

use super::place::Places;
use crate::diagnostic::{Diagnostic, Label};
use crate::source::{Sources, Span};

/// Name and version of the schema; fields are only ever added to a version.
pub const SCHEMA: &str = "polc.dev/diagnostics/v1";

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    diagnostics: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'static str,
    severity: &'static str,
    headline: &'a str,
    primary: Option<Marked<'a>>,
    secondary: Vec<Marked<'a>>,
    notes: &'a [String],
    help: &'a [String],
    fix: Option<Replacement<'a>>,
    page: &'static str,
}

#[derive(Serialize)]
struct Marked<'a> {
    #[serde(flatten)]
    place: Range<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct Replacement<'a> {
    #[serde(flatten)]
    place: Range<'a>,
    replacement: &'a str,
}

#[derive(Serialize)]
struct Range<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    start: u32,
    end: u32,
}

/// One document, indented, with a line end.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let places = Places::new(sources);
    let report = Report { schema: SCHEMA, diagnostics: diagnostics.iter().map(|d| entry(d, places)).collect() };
    super::text::json(&report)
}

fn entry<'a>(diagnostic: &'a Diagnostic, places: Places<'a>) -> Entry<'a> {
    Entry {
        code: diagnostic.code.as_str(),
        severity: diagnostic.severity.as_str(),
        headline: &diagnostic.headline,
        primary: diagnostic.primary.as_ref().map(|label| marked(label, places)),
        secondary: diagnostic.secondary.iter().map(|label| marked(label, places)).collect(),
        notes: &diagnostic.notes,
        help: &diagnostic.help,
        fix: diagnostic.fix.as_ref().map(|fix| Replacement { place: range(fix.span, places), replacement: &fix.replacement }),
        page: diagnostic.code.page(),
    }
}

fn marked<'a>(label: &'a Label, places: Places<'a>) -> Marked<'a> {
    Marked { place: range(label.span, places), text: &label.text }
}

fn range<'a>(span: Span, places: Places<'a>) -> Range<'a> {
    let place = places.of(span);
    Range {
        file: places.file(span),
        line: place.line,
        column: place.column,
        end_line: place.end_line,
        end_column: place.end_column,
        start: span.start,
        end: span.end,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_field_of_the_schema() {
        let (diagnostics, sources) = super::super::fixture::two_findings();
        let text = super::render(&diagnostics[..1], &sources);
        let page = serde_json::to_string(diagnostics[0].code.page()).expect("a string");
        insta::assert_snapshot!(text.replace(&page, "\"(page)\""), @r#"
        {
          "schema": "polc.dev/diagnostics/v1",
          "diagnostics": [
            {
              "code": "unexpected-text",
              "severity": "error",
              "headline": "expected `->`, found `=>`",
              "primary": {
                "file": "team a/api.polc",
                "line": 2,
                "column": 16,
                "end_line": 2,
                "end_column": 18,
                "start": 42,
                "end": 44,
                "text": "this is no arrow of polc"
              },
              "secondary": [
                {
                  "file": "team a/db.polc",
                  "line": 2,
                  "column": 3,
                  "end_line": 2,
                  "end_column": 15,
                  "start": 23,
                  "end": 35,
                  "text": "`api` is declared here"
                }
              ],
              "notes": [
                "nothing is written"
              ],
              "help": [
                "write `allow frontend -> api tls`"
              ],
              "fix": {
                "file": "team a/api.polc",
                "line": 2,
                "column": 16,
                "end_line": 2,
                "end_column": 18,
                "start": 42,
                "end": 44,
                "replacement": "->"
              },
              "page": "(page)"
            }
          ]
        }
        "#);
    }
}
