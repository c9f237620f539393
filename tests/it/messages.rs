//! What the messages about whole policies say, word for word, as a tired person reads them at three in the morning.
//!
//! `tests/cases/messages.txt` holds cases: the policy behind `|`, then what `polc check --format plain` says of it.
//! Messages about a sentence alone are held in `src/syntax/tests/messages/`.

use polc::diagnostic::render::plain;
use polc::{Compilation, Diagnostic, Files, Options, SourceFile};

use crate::checkout::{root, text};

/// How many cases the file is known to hold.
const CASES: usize = 83;
/// The day on which they are read.
const TODAY: &str = "2027-03-25";

fn cases() -> Vec<(String, Vec<String>)> {
    let file = text(&root().join("tests/cases/messages.txt"));
    let cases: Vec<_> = file.split("\n\n").map(case).collect();
    assert_eq!(cases.len(), CASES);
    cases
}

fn case(lines: &str) -> (String, Vec<String>) {
    let (policy, said): (Vec<&str>, Vec<&str>) = lines.lines().partition(|line| line.starts_with('|'));
    let policy: Vec<&str> = policy.iter().map(|line| line.strip_prefix("| ").unwrap_or("")).collect();
    (policy.join("\n"), said.into_iter().map(str::to_owned).collect())
}

fn compile(policy: &str) -> Compilation {
    let files = Files { policies: vec![SourceFile { name: "p.polc".into(), text: policy.into() }], ..Files::default() };
    polc::compile(files, &Options { today: Some(TODAY.into()), ..Options::default() })
}

#[test]
fn every_message_says_what_is_wrong_and_what_to_do() {
    for (policy, said) in cases() {
        let compilation = compile(&policy);
        assert!(!compilation.diagnostics.is_empty(), "nothing is said of\n{policy}");
        let found = plain::render(&compilation.diagnostics, &compilation.sources);
        assert_eq!(found.lines().collect::<Vec<_>>(), said, "\n{policy}\n{found}");
    }
}

#[test]
fn a_message_is_one_short_line_that_no_other_follows_from() {
    for (policy, _) in cases() {
        for diagnostic in &compile(&policy).diagnostics {
            let headline = &diagnostic.headline;
            let starts_low = headline.starts_with(|c: char| !c.is_uppercase()) || is_name(headline);
            assert!(headline.chars().count() <= 80 && starts_low && !headline.ends_with('.'), "{headline}");
        }
    }
}

/// Whether a text begins with a name that is written with a capital.
fn is_name(text: &str) -> bool {
    ["NetworkPolicy", "Calico", "Kubernetes"].iter().any(|name| text.starts_with(name))
}

#[test]
fn what_a_help_tells_to_write_takes_the_error_away() {
    let mut tried = 0;
    for (policy, _) in cases() {
        for diagnostic in compile(&policy).diagnostics.iter().filter(|it| it.is_error()) {
            let Some(right) = diagnostic.help.iter().find_map(|help| pasteable(help)) else { continue };
            tried += 1;
            let gone = |text: &String| !compile(text).diagnostics.iter().any(|it| it.headline == diagnostic.headline);
            let pasted = [in_place(&policy, diagnostic, right), as_line(&policy, diagnostic, right)];
            assert!(pasted.iter().any(gone), "`{right}` does not help:\n{policy}");
        }
    }
    assert!(tried >= 15, "only {tried} of the messages can be pasted");
}

/// The text that a help offers alone: `write X`, `did you mean X?`.
fn pasteable(help: &str) -> Option<&str> {
    let rest = help.strip_prefix("write `").or_else(|| help.strip_prefix("did you mean `"))?;
    let (right, rest) = rest.split_once('`')?;
    (rest.is_empty() || rest == "?").then_some(right)
}

/// The policy with the marked text replaced.
fn in_place(policy: &str, diagnostic: &Diagnostic, right: &str) -> String {
    let Some(primary) = &diagnostic.primary else { return policy.to_owned() };
    let (start, end) = (primary.span.start as usize, primary.span.end as usize);
    format!("{}{right}{}", &policy[..start], &policy[end..])
}

/// The policy with the marked line replaced.
fn as_line(policy: &str, diagnostic: &Diagnostic, right: &str) -> String {
    let Some(primary) = &diagnostic.primary else { return policy.to_owned() };
    let start = primary.span.start as usize;
    let from = policy[..start].rfind('\n').map_or(0, |at| at + 1);
    let to = policy[start..].find('\n').map_or(policy.len(), |at| start + at);
    format!("{}{right}{}", &policy[..from], &policy[to..])
}
