//! JUnit XML: a test suite for each policy file, for CI systems that show test results.

use super::Options;
use super::place::Places;
use super::plain;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{FileId, Sources};

/// A suite for each policy, and for each manifest that something is said of, with a test case for each diagnostic in it, or one that passes;
/// what is in no file stands in a suite called `policy set`. Errors and denied codes fail.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, options: &Options) -> String {
    let places = Places::new(sources);
    let mut suites: Vec<String> = Vec::new();
    let nowhere: Vec<&Diagnostic> = diagnostics.iter().filter(|d| d.primary.is_none()).collect();
    if !nowhere.is_empty() {
        suites.push(suite("policy set", &nowhere, places, options));
    }
    let here = |id| diagnostics.iter().filter(|d| file_of(d) == Some(id)).collect::<Vec<_>>();
    suites.extend(sources.iter().map(|(id, file)| suite(&file.name, &here(id), places, options)));
    let manifests = sources.manifests().map(|(id, file)| (file, here(id))).filter(|(_, here)| !here.is_empty());
    suites.extend(manifests.map(|(file, here)| suite(&file.name, &here, places, options)));
    let failures = diagnostics.iter().filter(|d| fails(d, options)).count();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"polc\" failures=\"{failures}\">\n{}</testsuites>\n",
        suites.concat()
    )
}

fn suite(name: &str, diagnostics: &[&Diagnostic], places: Places<'_>, options: &Options) -> String {
    let name = escaped(name);
    let failures = diagnostics.iter().filter(|d| fails(d, options)).count();
    let cases: String = if diagnostics.is_empty() {
        format!("    <testcase name=\"no findings\" classname=\"{name}\"/>\n")
    } else {
        diagnostics.iter().map(|diagnostic| case(&name, diagnostic, places, options)).collect()
    };
    let tests = diagnostics.len().max(1);
    format!("  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\">\n{cases}  </testsuite>\n")
}

fn case(classname: &str, diagnostic: &Diagnostic, places: Places<'_>, options: &Options) -> String {
    let code = diagnostic.code.as_str();
    let at = diagnostic.primary.as_ref().map_or(String::new(), |primary| {
        let place = places.of(primary.span);
        format!(" at {}:{}", place.line, place.column)
    });
    let (headline, body) = (escaped(&diagnostic.headline), escaped(&plain::one(diagnostic, places)));
    let inner = if fails(diagnostic, options) {
        format!("<failure type=\"{code}\" message=\"{headline}\">{body}</failure>")
    } else {
        format!("<system-out>{body}</system-out>")
    };
    format!("    <testcase name=\"{code}{at}\" classname=\"{classname}\">\n      {inner}\n    </testcase>\n")
}

fn file_of(diagnostic: &Diagnostic) -> Option<FileId> {
    diagnostic.primary.as_ref().map(|primary| primary.span.file)
}

fn fails(diagnostic: &Diagnostic, options: &Options) -> bool {
    diagnostic.severity == Severity::Error || options.denied.contains(&diagnostic.code)
}

/// XML text and attribute values; what XML 1.0 cannot hold at all becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Options, fixture};

    #[test]
    fn a_suite_for_each_file() {
        let (diagnostics, sources) = fixture::two_findings();
        insta::assert_snapshot!(super::render(&diagnostics, &sources, &Options::default()), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="polc" failures="1">
          <testsuite name="policy set" tests="1" failures="0">
            <testcase name="not-yet" classname="policy set">
              <system-out>note[not-yet]: no file has a sentence
        </system-out>
            </testcase>
          </testsuite>
          <testsuite name="team a/api.polc" tests="2" failures="1">
            <testcase name="unexpected-text at 2:16" classname="team a/api.polc">
              <failure type="unexpected-text" message="expected `-&gt;`, found `=&gt;`">team a/api.polc:2:16: error[unexpected-text]: expected `-&gt;`, found `=&gt;`
          here: this is no arrow of polc
          team a/db.polc:2:3: `api` is declared here
          note: nothing is written
          help: write `allow frontend -&gt; api tls`
        </failure>
            </testcase>
            <testcase name="not-yet at 3:7" classname="team a/api.polc">
              <system-out>team a/api.polc:3:7: warning[not-yet]: a &quot;name&quot;, &lt;with&gt; 100% `&amp;`\u{1b}
        </system-out>
            </testcase>
          </testsuite>
          <testsuite name="team a/db.polc" tests="1" failures="0">
            <testcase name="no findings" classname="team a/db.polc"/>
          </testsuite>
        </testsuites>
        "#);
    }

    #[test]
    fn a_denied_warning_fails() {
        let (diagnostics, sources) = fixture::two_findings();
        let options = Options { denied: vec![diagnostics[1].code], ..Options::default() };
        assert!(super::render(&diagnostics[1..2], &sources, &options).contains("failures=\"1\""));
        assert!(super::render(&diagnostics[1..2], &sources, &Options::default()).contains("failures=\"0\""));
    }
}
