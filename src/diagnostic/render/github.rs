//! GitHub workflow commands: an annotation in the pull request for each diagnostic.

use super::place::Places;
use super::text::visible;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;

/// One `::error …::` (`warning`, `notice`) line for each diagnostic.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let places = Places::new(sources);
    diagnostics.iter().map(|diagnostic| one(diagnostic, places)).collect()
}

fn one(diagnostic: &Diagnostic, places: Places<'_>) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(primary) = &diagnostic.primary {
        let place = places.of(primary.span);
        properties.push(format!("file={}", property(places.file(primary.span))));
        properties.push(format!("line={},endLine={}", place.line, place.end_line));
        // A column range across lines is refused.
        if place.line == place.end_line {
            properties.push(format!("col={},endColumn={}", place.column, place.end_column));
        }
    }
    properties.push(format!("title={}", property(diagnostic.code.as_str())));
    format!("::{command} {}::{}\n", properties.join(","), data(&message(diagnostic)))
}

/// Headline, notes and help, a line each.
fn message(diagnostic: &Diagnostic) -> String {
    let mut lines = vec![diagnostic.headline.clone()];
    lines.extend(diagnostic.notes.iter().map(|text| format!("note: {text}")));
    lines.extend(diagnostic.help.iter().map(|text| format!("help: {text}")));
    lines.iter().flat_map(|text| text.lines()).map(visible).collect::<Vec<_>>().join("\n")
}

/// What would end the line or begin an escape, escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// In a property a colon and a comma end the value as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_annotation_each() {
        let (diagnostics, sources) = super::super::fixture::two_findings();
        insta::assert_snapshot!(super::render(&diagnostics, &sources), @r#"
        ::error file=team a/api.polc,line=2,endLine=2,col=16,endColumn=18,title=unexpected-text::expected `->`, found `=>`%0Anote: nothing is written%0Ahelp: write `allow frontend -> api tls`
        ::warning file=team a/api.polc,line=3,endLine=3,col=7,endColumn=8,title=not-yet::a "name", <with> 100%25 `&`\u{1b}
        ::notice title=not-yet::no file has a sentence
        "#);
    }

    #[test]
    fn a_file_name_cannot_forge_a_command() {
        assert_eq!(super::property("a,b:c\n::error::x%"), "a%2Cb%3Ac%0A%3A%3Aerror%3A%3Ax%25");
    }
}
