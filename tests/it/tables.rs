//! Real manifests whose outcome somebody else wrote down: what `polc query` says of them, row by row.
//!
//! Manifests and tables are read where they are, and never copied; where they are absent the cases are counted and
//! printed as skipped. A difference is a failure unless it is listed with the rule that explains it.

mod connections;
mod explained;
mod schemes;
mod verdicts;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use polc::query::{Model, Verdict};
use polc::{Diagnostic, Files, Options, SourceFile};

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
    /// Questions that polc does not take, or takes otherwise, by the rule that says why.
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
        let model = match model(manifests) {
            Ok(model) => model,
            Err(said) => return self.refuse(case, &said),
        };
        let mut batch = model.batch();
        let mut noted = BTreeMap::new();
        for row in expected {
            let wanted = if row.allowed { Verdict::Allowed } else { Verdict::Denied };
            let answer = batch.answer(&row.question);
            let rule = match &answer {
                Ok(answer) if *answer == wanted => None,
                Ok(_) => noted_of(&model, row, &mut noted),
                Err(wrong) => explained::rule(&wrong.headline),
            };
            if let Some(rule) = rule {
                *self.explained.entry(rule).or_default() += 1;
                continue;
            }
            match answer {
                Ok(answer) if answer == wanted => self.judged += 1,
                Ok(Verdict::Unknown) => {
                    self.unknown += 1;
                    *self.unknown_in.entry(case.to_owned()).or_default() += 1;
                }
                Ok(Verdict::Partly) if explained::depends(case, &row.question) => self.unknown += 1,
                Ok(answer) => self.differences.push(format!("{case}: `{}` is {answer:?}, the table says {wanted:?}", row.question)),
                Err(wrong) => self.differences.push(format!("{case}: `{}`: {}", row.question, wrong.headline)),
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
        let explained: Vec<String> = self.explained.iter().map(|(rule, count)| format!("{count} not asked: {rule}")).collect();
        say(&format!(
            "{what}: {} rows judged, {} unknown, {} cases refused; {}",
            self.judged,
            self.unknown,
            self.refused,
            explained.join("; ")
        ));
        self.unknown_in.iter().for_each(|(case, count)| say(&format!("{what}: {count} unknown in {case}")));
        let shown: Vec<&String> = self.differences.iter().take(60).collect();
        assert!(shown.is_empty(), "{what}: {} differences\n{shown:#?}", self.differences.len());
        assert!(self.judged >= at_least, "{what}: {} rows judged, there were {at_least}", self.judged);
        assert!(self.unknown <= unknown_at_most, "{what}: {} answers are unknown, there were {unknown_at_most}", self.unknown);
    }
}

/// The rule by which an answer says something else than a table: what polc notes of two ends, found once for each two.
fn noted_of(model: &Model, row: &Expected, noted: &mut BTreeMap<String, Option<&'static str>>) -> Option<&'static str> {
    let words: Vec<&str> = row.question.split_whitespace().take(3).collect();
    let find = |ends: &String| model.ask(ends).ok().and_then(|answer| explained::rule(&answer.notes.join("\n")));
    let ends = words.join(" ");
    *noted.entry(ends.clone()).or_insert_with(|| find(&ends))
}

/// What polc knows of the manifests of a case; or what it said where it cannot read them.
fn model(manifests: &[PathBuf]) -> Result<Model, String> {
    let file = |path: &PathBuf| SourceFile { name: path.display().to_string(), text: read(path) };
    let files = Files { manifests: manifests.iter().map(file).collect(), ..Files::default() };
    let model = Model::new(files, &Options::default()).map_err(|wrong| wrong.headline)?;
    let compilation = model.compilation();
    let told: Vec<String> = compilation.diagnostics.iter().filter(|it| it.is_error()).map(told).collect();
    if told.is_empty() { Ok(model) } else { Err(told.join("\n")) }
}

fn told(diagnostic: &Diagnostic) -> String {
    let labels = diagnostic.primary.iter().map(|label| label.text.as_str());
    [diagnostic.headline.as_str()].into_iter().chain(labels).collect::<Vec<_>>().join(": ")
}

/// The manifests below a folder, less what was written down as expected.
fn manifests(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in crate::real_cases::children(folder) {
        if path.is_dir() && !path.ends_with("expected_output") {
            found.extend(manifests(&path));
        } else if path.extension().is_some_and(|ending| ["yaml", "yml", "json"].iter().any(|it| ending == *it)) {
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
