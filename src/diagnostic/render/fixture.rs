//! The diagnostics that the renderers' snapshots show.

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{SourceFile, Sources, Span};

/// Two files; the first has an error with a fix that also points into the second, and a warning.
pub(super) fn two_findings() -> (Vec<Diagnostic>, Sources) {
    let sources = Sources::new(vec![
        SourceFile {
            name: "team a/api.polc".into(),
            text: "namespace payments isolate\nallow frontend => api tls\nallow é -> api\n".into(),
        },
        SourceFile { name: "team a/db.polc".into(), text: "namespace payments {\n  workload api\n}\n".into() },
    ]);
    let find = |needle: &str| {
        let (file, source) = sources.iter().find(|(_, f)| f.text.contains(needle)).expect("the needle is in a file");
        let start = u32::try_from(source.text.find(needle).expect("found above")).expect("short");
        Span { file, start, end: start + u32::try_from(needle.len()).expect("short") }
    };
    let arrow = find("=>");
    let error = Diagnostic::new(Code::UnexpectedText, arrow, "expected `->`, found `=>`")
        .label("this is no arrow of polc")
        .also(find("workload api"), "`api` is declared here")
        .note("nothing is written")
        .help("write `allow frontend -> api tls`")
        .fix(arrow, "->");
    let mut warning = Diagnostic::new(Code::NotYet, find("é"), "a \"name\", <with> 100% `&`\u{1b}");
    warning.severity = Severity::Warning;
    let mut nowhere = Diagnostic::new(Code::NotYet, arrow, "no file has a sentence");
    nowhere.primary = None;
    nowhere.severity = Severity::Note;
    (vec![error, warning, nowhere], sources)
}
