//! Real cases: inventories and expected tables that nobody of this project wrote, policies that are ours.
//!
//! The policies lie in `tests/cases` and `examples`; the inventories and tables are read where they are, from
//! `$POLC_SHARED` or `../shared` beside the repository, and never copied. Where they are absent the cases are
//! counted and printed as skipped.

mod inventory;
mod table;

use crate::judges::{Connections, Network, Probe, kubelint, nca, reach};
use inventory::{Step, example_recipes, recipes, shared, steps};
use polc::{Files, Options, SourceFile};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// How many inventories there are, known so that a skip can be counted: 32 steps of 25 cases, and 9 recipes.
const STEPS: usize = 32;
const RECIPES: usize = 9;

/// A line that is seen although the test passes.
fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").expect("standard error can be written");
}

/// Policies, and who can judge them.
struct Judged {
    /// The NetworkPolicies alone, which the judges of reach read beside the inventory.
    policies: PathBuf,
    /// Everything that was compiled, and how many objects that is.
    objects: Option<(PathBuf, usize)>,
    /// nca takes an address for one outside the cluster, so it cannot judge a policy that means pods by addresses.
    by_nca: bool,
}

/// A step's policy, compiled on its own.
fn compiled(step: &Step) -> Judged {
    let files = Files { policies: sources(&step.policy), ..Files::default() };
    let compilation = polc::compile(files, &Options::default());
    assert!(!compilation.has_errors(), "{}: {:#?}", step.name, compilation.diagnostics);
    let (yaml, folder) = (compilation.to_yaml(), folder(step));
    let objects = written(folder.join("objects.yaml"), &yaml);
    let policies = written(folder.join("policies.yaml"), &network_policies(&yaml));
    Judged { policies, objects: Some((objects, compilation.objects.len())), by_nca: true }
}

/// The policies that a step's table was made for, as the judges can read them: nca knows `policyTypes` in one order only.
fn original(step: &Step) -> Judged {
    let text = fs::read_to_string(&step.original).unwrap_or_else(|e| panic!("{}: {e}", step.original.display()));
    let ordered = text.replace("- Egress\n  - Ingress", "- Ingress\n  - Egress");
    let policies = written(folder(step).join("original.yaml"), &ordered);
    Judged { policies, objects: None, by_nca: !text.contains("ipBlock") }
}

/// The policy files of a path that is one or holds some.
fn sources(policy: &Path) -> Vec<SourceFile> {
    let read = |path: &Path| SourceFile {
        name: path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
        text: fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())),
    };
    if policy.is_file() {
        return vec![read(policy)];
    }
    inventory::children(policy).iter().map(|path| read(path)).collect()
}

/// The documents of a stream less its Namespaces: those of the inventory hold, with the labels they have there.
fn network_policies(yaml: &str) -> String {
    let documents = yaml.split("---\n").filter(|document| !document.trim().is_empty());
    let kept: Vec<&str> = documents.filter(|document| !document.contains("\nkind: Namespace\n")).collect();
    kept.iter().for_each(|document| assert!(document.contains("\nkind: NetworkPolicy\n"), "{document}"));
    kept.join("---\n")
}

/// Holds one step against its table; gives the number of verdicts.
fn verdicts(step: &Step, policies: &Path, connected: Option<&Connections>, differences: &mut Vec<String>) -> usize {
    let rows = table::rows(&step.expected);
    let outside: BTreeSet<String> = rows.iter().flat_map(|row| row.probe.outside()).collect();
    let reached = reach(&[&step.inventory, policies], &outside);
    let mut count = 0;
    for row in &rows {
        let mut hold = |judge: &str, verdict: Option<bool>| {
            count += 1;
            if verdict != Some(row.allowed) {
                let found = verdict.map_or("nothing", word);
                let expected = word(row.allowed);
                differences.push(format!("{}: {}: expected {expected}, {judge} finds {found}", step.name, row.probe));
            }
        };
        hold("reach", reached.get(&row.probe).copied());
        if let Some(connected) = connected {
            hold("nca", Some(connected.allow(&row.probe)));
        }
    }
    count
}

fn word(allowed: bool) -> &'static str {
    if allowed { "allowed" } else { "denied" }
}

impl Probe {
    /// Its ends that are addresses and not pods.
    fn outside(&self) -> impl Iterator<Item = String> {
        [&self.source, &self.destination].into_iter().filter(|end| !end.contains('/')).cloned()
    }
}

/// A folder of this test's own below the build folder.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("real-cases").join(name);
    fs::create_dir_all(&folder).expect("the build folder can be written");
    folder
}

fn folder(step: &Step) -> PathBuf {
    scratch(&step.name)
}

fn written(path: PathBuf, text: &str) -> PathBuf {
    fs::write(&path, text).expect("the build folder can be written");
    path
}

/// Judges every step's policy as `judged` gives it, and fails with all differences at once.
fn judge_all(what: &str, count: usize, steps: Option<Vec<Step>>, judged: impl Fn(&Step) -> Judged) {
    let Some(steps) = steps else {
        return say(&format!("SKIP real data absent: {count} cases ({what})"));
    };
    assert_eq!(steps.len(), count, "{what}: cases found");
    let judged: Vec<(&Step, Judged)> = steps.iter().map(|step| (step, judged(step))).collect();
    let objects = judged.iter().filter_map(|(_, judged)| judged.objects.as_ref());
    let (files, counts): (Vec<&Path>, Vec<usize>) = objects.map(|(file, count)| (file.as_path(), *count)).unzip();
    if !files.is_empty() {
        assert_eq!(kubelint(&files), counts.iter().sum::<usize>(), "{what}: objects the API server takes");
    }
    let for_nca = judged.iter().filter(|(_, judged)| judged.by_nca);
    let networks: Vec<Network> =
        for_nca.map(|(step, judged)| Network { inventory: &step.inventory, policies: &judged.policies }).collect();
    let mut connections = nca(&scratch(what), &networks).into_iter();
    let mut differences = Vec::new();
    let mut sum = 0;
    for (step, judged) in &judged {
        let connected = if judged.by_nca { connections.next() } else { None };
        sum += verdicts(step, &judged.policies, connected.as_ref(), &mut differences);
    }
    assert!(differences.is_empty(), "{what}: {} differences\n{}", differences.len(), differences.join("\n"));
    say(&format!("{what}: {count} policies, {sum} verdicts as expected"));
}

#[test]
fn kubernetes_own_cases_have_the_expected_outcome() {
    judge_all("k8s e2e", STEPS, shared().map(|s| steps(&s)), compiled);
}

#[test]
fn recipes_have_the_expected_outcome() {
    judge_all("recipes", RECIPES, shared().map(|s| recipes(&s)), compiled);
}

#[test]
fn example_recipes_have_the_expected_outcome() {
    judge_all("recipes among the examples", RECIPES, shared().map(|s| example_recipes(&s)), compiled);
}

/// The judges themselves are judged: on the policies the tables were made for they must find what the tables say.
#[test]
fn judges_find_the_expected_outcome_of_the_original_policies() {
    let all = shared().map(|s| steps(&s).into_iter().chain(recipes(&s)).collect());
    judge_all("original manifests", STEPS + RECIPES, all, original);
}

#[test]
fn every_policy_has_its_case_and_every_case_its_policy() {
    let Some(shared) = shared() else {
        return say("SKIP real data absent: 1 case (every policy has its case)");
    };
    let answered = steps(&shared).into_iter().chain(recipes(&shared)).chain(example_recipes(&shared));
    assert_eq!(inventory::policies(), answered.map(|step| step.policy).collect());
}
