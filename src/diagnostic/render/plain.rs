//! Plain text: one line a diagnostic, what belongs to it indented below. For CI logs,
//! screen readers and `grep`.

use super::place::Places;
use super::text::visible;
use crate::diagnostic::{Diagnostic, Label};
use crate::source::Sources;

/// `file:line:column: error[code]: headline`, then places, notes and help, two blanks deep.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let places = Places::new(sources);
    diagnostics.iter().map(|diagnostic| one(diagnostic, places)).collect()
}

/// One diagnostic, with its line ends.
pub(super) fn one(diagnostic: &Diagnostic, places: Places<'_>) -> String {
    let mut out = String::new();
    if let Some(primary) = &diagnostic.primary {
        out.push_str(&format!("{}: ", position(primary, places)));
    }
    let (severity, code) = (diagnostic.severity.as_str(), diagnostic.code.as_str());
    out.push_str(&format!("{severity}[{code}]: {}\n", visible(&diagnostic.headline)));
    if let Some(primary) = diagnostic.primary.as_ref().filter(|primary| !primary.text.is_empty()) {
        out.push_str(&format!("  here: {}\n", visible(&primary.text)));
    }
    for label in &diagnostic.secondary {
        out.push_str(&format!("  {}: {}\n", position(label, places), visible(&label.text)));
    }
    let rest = diagnostic.notes.iter().map(|text| ("note", text)).chain(diagnostic.help.iter().map(|text| ("help", text)));
    for (word, text) in rest {
        out.push_str(&indented(word, text));
    }
    out
}

/// A text that may have several lines (pasteable help does), each of them indented.
fn indented(word: &str, text: &str) -> String {
    let lines: Vec<String> = text.lines().map(visible).collect();
    format!("  {word}: {}\n", lines.join("\n    "))
}

/// `file:line:column`.
fn position(label: &Label, places: Places<'_>) -> String {
    let place = places.of(label.span);
    format!("{}:{}:{}", visible(places.file(label.span)), place.line, place.column)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_line_each_and_details_below() {
        let (diagnostics, sources) = super::super::fixture::two_findings();
        insta::assert_snapshot!(super::render(&diagnostics, &sources), @r#"
        team a/api.polc:2:16: error[unexpected-text]: expected `->`, found `=>`
          here: this is no arrow of polc
          team a/db.polc:2:3: `api` is declared here
          note: nothing is written
          help: write `allow frontend -> api tls`
        team a/api.polc:3:7: warning[not-yet]: a "name", <with> 100% `&`\u{1b}
        note[not-yet]: no file has a sentence
        "#);
    }
}
