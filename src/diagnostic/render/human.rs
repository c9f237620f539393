//! For people: the source text with the wrong piece marked.

use std::collections::BTreeMap;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::Options;
use super::place::Places;
use super::plain;
use super::text::visible;
use crate::diagnostic::{Code, Diagnostic, Fix, Label, Severity};
use crate::source::{FileId, Sources, Span};

/// Source text longer than this is not drawn: a line of a megabyte helps nobody, and
/// drawing it takes longer than the build.
const DRAWN_BYTES: usize = 32 * 1024;

/// How many diagnostics are drawn; the rest is told as plain lines.
const DRAWN_DIAGNOSTICS: usize = 200;

/// How many diagnostics of one code are told one by one.
const TOLD_OF_A_CODE: usize = 50;

/// Each diagnostic with the source it is about, a blank line after each. Of a code with very many, how many more there
/// are: nobody reads them all, and every other form has them.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, options: &Options) -> String {
    let places = Places::new(sources);
    let renderer = if options.color { Renderer::styled() } else { Renderer::plain() }.term_width(options.width);
    let mut out = String::new();
    let mut of_code: BTreeMap<Code, usize> = BTreeMap::new();
    let mut told = 0;
    for diagnostic in diagnostics {
        let count = of_code.entry(diagnostic.code).or_default();
        *count += 1;
        if *count > TOLD_OF_A_CODE {
            continue;
        }
        told += 1;
        match report(diagnostic, sources, places) {
            Some(groups) if told <= DRAWN_DIAGNOSTICS => {
                out.push_str(&renderer.render(&groups));
                out.push_str("\n\n");
            }
            _ => out.push_str(&plain::one(diagnostic, places)),
        }
    }
    out.extend(of_code.into_iter().filter_map(|(code, count)| more(code, count.checked_sub(TOLD_OF_A_CODE)?)));
    out
}

/// How many there are besides.
fn more(code: Code, count: usize) -> Option<String> {
    let severity = code.severity().as_str();
    (count > 0).then(|| format!("{severity}[{code}]: and {count} more; `polc check --format plain` lists them all\n", code = code.as_str()))
}

/// The diagnostic as annotate-snippets draws it; none if too much text would be drawn.
fn report<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources, places: Places<'a>) -> Option<Vec<Group<'a>>> {
    let title = level(diagnostic.severity).primary_title(visible(&diagnostic.headline)).id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    for file in files(diagnostic) {
        group = group.element(snippet(diagnostic, file, sources, places)?);
    }
    group = group.elements(diagnostic.notes.iter().map(|text| Level::NOTE.message(lines(text))));
    group = group.elements(diagnostic.help.iter().map(|text| Level::HELP.message(lines(text))));
    let mut groups = vec![group];
    if let Some(fix) = &diagnostic.fix {
        groups.push(replacement(fix, sources, places)?);
    }
    Some(groups)
}

/// The files involved, the primary one first.
fn files(diagnostic: &Diagnostic) -> Vec<FileId> {
    let mut files: Vec<FileId> = diagnostic.primary.iter().map(|label| label.span.file).collect();
    for label in &diagnostic.secondary {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
}

/// The lines of one file that the diagnostic speaks of.
fn snippet<'a>(diagnostic: &Diagnostic, file: FileId, sources: &'a Sources, places: Places<'a>) -> Option<Snippet<'a, Annotation<'a>>> {
    let primary = diagnostic.primary.iter().map(|label| (AnnotationKind::Primary, label));
    let secondary = diagnostic.secondary.iter().map(|label| (AnnotationKind::Context, label));
    let labels: Vec<(AnnotationKind, &Label)> = primary.chain(secondary).filter(|(_, label)| label.span.file == file).collect();
    let all = labels.iter().map(|(_, label)| label.span).reduce(Span::to)?;
    let window = Window::of(all, sources, places)?;
    let annotations = labels.into_iter().filter_map(|(kind, label)| Some(kind.span(window.range(label.span)?).label(visible(&label.text))));
    Some(Snippet::source(window.text).line_start(window.line).path(visible(places.file(all))).annotations(annotations))
}

/// The fix as a changed line.
fn replacement<'a>(fix: &'a Fix, sources: &'a Sources, places: Places<'a>) -> Option<Group<'a>> {
    let window = Window::of(fix.span, sources, places)?;
    let patch = Patch::new(window.range(fix.span)?, visible(&fix.replacement));
    let snippet = Snippet::source(window.text).line_start(window.line).path(visible(places.file(fix.span))).patch(patch);
    Some(Group::with_title(Level::HELP.secondary_title("this replacement can be made")).element(snippet))
}

/// The whole lines around a span: what is drawn.
struct Window<'a> {
    text: &'a str,
    start: usize,
    line: usize,
}

impl<'a> Window<'a> {
    fn of(span: Span, sources: &'a Sources, places: Places<'_>) -> Option<Self> {
        let lines = places.whole_lines(span);
        let text = sources.text(span.file).get(lines.clone())?;
        let window = Window { text, start: lines.start, line: places.of(span).line };
        (text.len() <= DRAWN_BYTES).then_some(window)
    }

    /// The span inside the window; none if it does not lie there.
    fn range(&self, span: Span) -> Option<std::ops::Range<usize>> {
        let start = (span.start as usize).checked_sub(self.start)?;
        let end = (span.end as usize).checked_sub(self.start)?;
        self.text.get(start..end).map(|_| start..end)
    }
}

/// A text that may have several lines, made harmless line by line.
fn lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Options, fixture};
    use crate::diagnostic::{Code, Diagnostic};
    use crate::source::Sources;

    #[test]
    fn the_wrong_piece_is_marked() {
        let (diagnostics, sources) = fixture::two_findings();
        insta::assert_snapshot!(super::render(&diagnostics, &sources, &Options::default()), @r#"
        error[unexpected-text]: expected `->`, found `=>`
         --> team a/api.polc:2:16
          |
        2 | allow frontend => api tls
          |                ^^ this is no arrow of polc
          |
         ::: team a/db.polc:2:3
          |
        2 |   workload api
          |   ------------ `api` is declared here
          |
          = note: nothing is written
          = help: write `allow frontend -> api tls`
        help: this replacement can be made
          |
        2 - allow frontend => api tls
        2 + allow frontend -> api tls
          |

        warning[not-yet]: a "name", <with> 100% `&`\u{1b}
         --> team a/api.polc:3:7
          |
        3 | allow é -> api
          |       ^

        note[not-yet]: no file has a sentence
        "#);
    }

    #[test]
    fn of_very_many_of_a_code_the_rest_is_counted() {
        let of = |code, count| (0..count).map(move |at| Diagnostic::nowhere(code, format!("number {at}")));
        let diagnostics: Vec<Diagnostic> = of(Code::NotYet, 3).chain(of(Code::NamedTwice, 50_000)).chain(of(Code::Expired, 50)).collect();
        let shown = super::render(&diagnostics, &Sources::default(), &Options::default());
        assert_eq!(shown.matches("warning[named-twice]: number").count(), 50);
        assert_eq!((shown.matches("error[not-yet]").count(), shown.matches("error[expired]").count()), (3, 50));
        assert!(shown.ends_with("warning[named-twice]: and 49950 more; `polc check --format plain` lists them all\n"), "{shown}");
        let plain = super::plain::render(&diagnostics, &Sources::default());
        assert_eq!(plain.lines().count(), diagnostics.len());
    }

    #[test]
    fn color_is_only_there_when_asked_for() {
        let (diagnostics, sources) = fixture::two_findings();
        let with = super::render(&diagnostics, &sources, &Options { color: true, ..Options::default() });
        assert!(with.contains("\u{1b}["));
        assert!(!super::render(&diagnostics, &sources, &Options::default()).contains('\u{1b}'));
    }
}
