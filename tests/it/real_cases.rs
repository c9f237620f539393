//! Real cases: inventories and expected tables that nobody of this project wrote, policies that are ours.
//!
//! The policies lie in `tests/cases` and `examples`; the inventories and tables are read where they are, from
//! `$POLC_SHARED` or `../shared` beside the repository, and never copied. Where they are absent the cases are
//! counted and printed as skipped.

mod inventory;
mod table;

use crate::judges::{Network, kubelint, nca, reach};
use inventory::{Step, example_recipes, recipes, steps};
pub(crate) use inventory::{children, shared};
use polc::{Files, Options, SourceFile};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use table::Row;

/// How many there are: known here, so that a skip can be counted and a case that got lost is seen.
const STEPS: usize = 32;
const RECIPES: usize = 9;

#[test]
fn kubernetes_own_cases_have_the_expected_outcome() {
    judge("kubernetes", STEPS, shared().map(|s| steps(&s)), compiled);
}

#[test]
fn recipes_have_the_expected_outcome() {
    judge("recipes", RECIPES, shared().map(|s| recipes(&s)), compiled);
}

#[test]
fn example_recipes_have_the_expected_outcome() {
    judge("example-recipes", RECIPES, shared().map(|s| example_recipes(&s)), compiled);
}

/// The judges themselves are judged: on the policies the tables were made for they must find what the tables say.
#[test]
fn judges_find_the_expected_outcome_of_the_original_policies() {
    let all = shared().map(|s| steps(&s).into_iter().chain(recipes(&s)).collect());
    judge("original-manifests", STEPS + RECIPES, all, original);
}

/// This much is known where the real data are absent too.
#[test]
fn every_policy_compiles_to_what_the_api_server_takes() {
    let name = |policy: &Path| policy.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(policy).with_extension("").display().to_string();
    let answers: Vec<Answer> = inventory::policies().iter().map(|policy| compile(&name(policy), policy)).collect();
    assert!(answers.len() > STEPS, "{} policies", answers.len());
    assert_accepted("policies", answers.iter());
}

#[test]
fn every_policy_has_its_case_and_every_case_its_policy() {
    let Some(shared) = shared() else {
        return say("SKIP real data absent: 1 case (whether every policy has its case)");
    };
    let answered = steps(&shared).into_iter().chain(recipes(&shared)).chain(example_recipes(&shared));
    assert_eq!(inventory::policies(), answered.map(|step| step.policy).collect());
}

/// What answers a step, as YAML.
struct Answer {
    /// NetworkPolicies alone; the namespaces are the inventory's, with the labels they have there.
    policies: String,
    /// Everything that was compiled, and how many objects that is.
    objects: Option<(PathBuf, usize)>,
}

/// A step's policy, compiled.
fn compiled(step: &Step) -> Answer {
    compile(&step.name, &step.policy)
}

/// A policy, compiled on its own.
fn compile(name: &str, policy: &Path) -> Answer {
    let compilation = polc::compile(Files { policies: sources(policy), ..Files::default() }, &Options::default());
    assert!(!compilation.has_errors(), "{name}: {:#?}", compilation.diagnostics);
    let yaml = compilation.to_yaml();
    let objects = written(scratch(name).join("objects.yaml"), &yaml);
    Answer { policies: network_policies(&yaml), objects: Some((objects, compilation.objects.len())) }
}

/// The policies that a step's table was made for. Those that name no namespace are in `default`, as kubectl has it.
fn original(step: &Step) -> Answer {
    let placed = |document: &str| {
        let placed = document.contains("\n  namespace: ");
        if placed { document.to_owned() } else { document.replace("metadata:\n", "metadata:\n  namespace: default\n") }
    };
    let documents: Vec<String> = read(&step.original).split("---\n").map(placed).collect();
    Answer { policies: documents.join("---\n"), objects: None }
}

/// The policy files of a path that is one or holds some.
pub(crate) fn sources(policy: &Path) -> Vec<SourceFile> {
    let source =
        |path: &Path| SourceFile { name: path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(), text: read(path) };
    if policy.is_file() {
        return vec![source(policy)];
    }
    inventory::children(policy).iter().map(|path| source(path)).collect()
}

/// The documents of a stream less its Namespaces; anything else would be a policy that the judges of reach do not know.
pub(crate) fn network_policies(yaml: &str) -> String {
    let documents = yaml.split("---\n").filter(|document| !document.trim().is_empty());
    let kept: Vec<&str> = documents.filter(|document| !document.contains("\nkind: Namespace\n")).collect();
    kept.iter().for_each(|document| assert!(document.contains("\nkind: NetworkPolicy\n"), "{document}"));
    kept.join("---\n")
}

/// Holds every step's answer against its table, by every judge, and fails with all differences at once.
fn judge(what: &str, count: usize, steps: Option<Vec<Step>>, answer: impl Fn(&Step) -> Answer) {
    let Some(steps) = steps else {
        return say(&format!("SKIP real data absent: {count} cases ({what})"));
    };
    assert_eq!(steps.len(), count, "{what}: cases found");
    let answers: Vec<(&Step, Answer)> = steps.iter().map(|step| (step, answer(step))).collect();
    assert_accepted(what, answers.iter().map(|(_, answer)| answer));
    let tables: Vec<Vec<Row>> = steps.iter().map(|step| table::rows(&step.expected)).collect();
    let network = |((step, answer), rows): (&(&Step, Answer), &Vec<Row>)| Network {
        manifests: format!("{}\n---\n{}", read(&step.inventory), answer.policies),
        probes: rows.iter().map(|row| row.probe.clone()).collect(),
    };
    let networks: Vec<Network> = answers.iter().zip(&tables).map(network).collect();
    let mut differences = Vec::new();
    for (judge, verdicts) in [("reach", reach(&networks)), ("nca", nca(&networks))] {
        for ((step, rows), verdicts) in steps.iter().zip(&tables).zip(verdicts) {
            let wrong = rows.iter().zip(verdicts).filter(|(row, verdict)| row.allowed != *verdict);
            differences.extend(wrong.map(|(row, _)| format!("{}: {row}, but not by {judge}", step.name)));
        }
    }
    assert!(differences.is_empty(), "{what}: {} differences\n{}", differences.len(), differences.join("\n"));
    let rows: usize = tables.iter().map(Vec::len).sum();
    say(&format!("{what}: {count} policies, {rows} rows as expected by both judges"));
}

/// Every object that was compiled is one that the API server takes.
fn assert_accepted<'a>(what: &str, answers: impl Iterator<Item = &'a Answer>) {
    let objects: Vec<&(PathBuf, usize)> = answers.filter_map(|answer| answer.objects.as_ref()).collect();
    if objects.is_empty() {
        return;
    }
    let files: Vec<&Path> = objects.iter().map(|(file, _)| file.as_path()).collect();
    assert_eq!(kubelint(&files), objects.iter().map(|(_, count)| count).sum::<usize>(), "{what}: objects accepted");
}

/// A folder of these tests' own below the build folder.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("real-cases").join(name);
    fs::create_dir_all(&folder).expect("the build folder can be written");
    folder
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn written(path: PathBuf, text: &str) -> PathBuf {
    fs::write(&path, text).expect("the build folder can be written");
    path
}

/// A line that is seen although the test passes: the harness swallows what goes through `println!`.
pub(crate) fn say(line: &str) {
    writeln!(std::io::stderr(), "\n{line}").expect("standard error can be written");
}
