//! Real manifests whose outcome somebody else wrote down: what `polc query` says of them, row by row.
//!
//! Manifests and tables are read where they are, and never copied; where they are absent the cases are counted and
//! printed as skipped. A difference is a failure unless it is listed with the rule that explains it.

mod connections;
mod explained;
mod verdicts;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::real_cases::say;

/// One question, and what the table says.
struct Expected {
    question: String,
    allowed: bool,
}

/// What the tables of one folder came to.
#[derive(Default)]
struct Tally {
    judged: usize,
    /// Differences that a rule explains, by the rule.
    explained: BTreeMap<&'static str, usize>,
    /// Questions that polc answers with `unknown`.
    unknown: usize,
    /// How many of a case.
    unknown_in: BTreeMap<String, usize>,
    /// Cases whose manifests no API server takes.
    refused: usize,
    differences: Vec<String>,
}

impl Tally {
    /// Asks about the manifests of one case, and compares.
    fn judge(&mut self, case: &str, manifests: &[PathBuf], expected: &[Expected]) {
        let questions: Vec<&str> = expected.iter().map(|row| row.question.as_str()).collect();
        let answers = match ask(case, manifests, &questions) {
            Ok(answers) => answers,
            Err(said) => return self.refuse(case, &said),
        };
        for (row, answer) in expected.iter().zip(answers) {
            self.judged += 1;
            let wanted = if row.allowed { "allowed" } else { "denied" };
            if answer == wanted {
                continue;
            }
            match explained::rule(case, &row.question, &answer) {
                Some(rule) => *self.explained.entry(rule).or_default() += 1,
                None if answer == "unknown" => {
                    self.unknown += 1;
                    *self.unknown_in.entry(case.to_owned()).or_default() += 1;
                }
                None => self.differences.push(format!("{case}: `{}` is {answer}, the table says {wanted}", row.question)),
            }
        }
    }

    /// Manifests that the API server would refuse are no cluster's: polc says so, and why is listed.
    fn refuse(&mut self, case: &str, said: &str) {
        match explained::refusal(case) {
            Some(reason) if said.contains(reason) => self.refused += 1,
            _ => self.differences.push(format!("{case}: polc does not answer:\n{said}")),
        }
    }

    /// Fails with all differences at once, or where fewer rows were judged than were once.
    fn settle(self, what: &str, at_least: usize, unknown_at_most: usize) {
        let explained: Vec<String> = self.explained.iter().map(|(rule, count)| format!("{count} explained by {rule}")).collect();
        say(&format!("{what}: {} rows judged, {} unknown, {} cases refused; {}", self.judged, self.unknown, self.refused, explained.join("; ")));
        self.unknown_in.iter().for_each(|(case, count)| say(&format!("{what}: {count} unknown in {case}")));
        let shown: Vec<&String> = self.differences.iter().take(60).collect();
        assert!(shown.is_empty(), "{what}: {} differences\n{shown:#?}", self.differences.len());
        assert!(self.judged >= at_least, "{what}: {} rows judged, there were {at_least}", self.judged);
        assert!(self.unknown <= unknown_at_most, "{what}: {} answers are unknown, there were {unknown_at_most}", self.unknown);
    }
}

/// The answers of `polc query --batch`, in order; or what polc said where it cannot answer.
fn ask(case: &str, manifests: &[PathBuf], questions: &[&str]) -> Result<Vec<String>, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_polc"));
    command.arg("query").args(["--batch", "-"]);
    for manifest in manifests {
        command.arg("--manifests").arg(manifest);
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("polc starts");
    let (mut input, text) = (child.stdin.take().expect("a pipe"), questions.join("\n") + "\n");
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("polc ends");
    // Where polc cannot answer it does not read on.
    let _ = writer.join().expect("no panic");
    let (answers, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let lines: Vec<&str> = answers.lines().collect();
    if lines.is_empty() {
        return Err(errors.into_owned());
    }
    assert_eq!(lines.len(), questions.len(), "{case}: answers, and what polc said:\n{errors}");
    let word = |(line, question): (&&str, &&str)| {
        let (word, asked) = line.split_once('\t').unwrap_or_else(|| panic!("{case}: no tab in `{line}`"));
        assert_eq!(asked, *question, "{case}");
        word.to_owned()
    };
    Ok(lines.iter().zip(questions).map(word).collect())
}

/// The manifests below a folder, less what was written down as expected.
fn manifests(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in crate::real_cases::children(folder) {
        if path.is_dir() && !path.ends_with("expected_output") {
            found.extend(manifests(&path));
        } else if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            found.push(path);
        }
    }
    found
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
