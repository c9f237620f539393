//! `polc query` over manifests alone, against tables of what passes that nobody of this project wrote: Kubernetes'
//! own end-to-end cases, Cyclonus' and the network-policy recipes. They are read where they are and never copied;
//! where they are absent that is said.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use polc::query::{Model, Verdict};
use polc::{Files, Options, SourceFile};

use crate::real_cases::{say, shared};

/// How many rows there are at least: a table that is no longer found is seen.
const ROWS: usize = 60_000;

/// A folder with a table, and the manifests it is about.
struct Case {
    table: PathBuf,
    manifests: Vec<PathBuf>,
}

#[test]
fn manifests_answer_as_kubernetes_and_cyclonus_expect() {
    let Some(shared) = shared() else {
        return say("SKIP real data absent: 3 folders of tables for `polc query`");
    };
    let mut wrong = String::new();
    let mut rows = 0;
    for family in ["netpol-k8s-e2e", "netpol-cyclonus", "netpol-recipes"] {
        for case in cases(&shared.join(family)) {
            rows += judge(&case, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(rows > ROWS, "{rows} rows");
}

/// Every folder below with a table; what it lacks of a cluster is beside it as `_default`.
fn cases(family: &Path) -> Vec<Case> {
    let mut found = Vec::new();
    let mut open = vec![family.to_path_buf()];
    while let Some(folder) = open.pop() {
        let inside: Vec<PathBuf> = fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        open.extend(inside.iter().filter(|path| path.is_dir()).cloned());
        let table = folder.join("expected.csv");
        if table.is_file() {
            let own = folder.join("cluster.yaml");
            let cluster = if own.is_file() { own } else { family.join("_default/cluster.yaml") };
            found.push(Case { table, manifests: vec![folder.join("policies.yaml"), cluster] });
        }
    }
    found.sort_by(|a, b| a.table.cmp(&b.table));
    found
}

/// Asks every row of a table, in one batch.
fn judge(case: &Case, wrong: &mut String) -> usize {
    let read = |path: &PathBuf| SourceFile { name: path.display().to_string(), text: fs::read_to_string(path).expect("a manifest") };
    let manifests = case.manifests.iter().filter(|path| path.is_file()).map(read).collect();
    let model = Model::new(Files { manifests, ..Files::default() }, &Options::default()).expect("a model");
    assert!(!model.compilation().has_errors(), "{}: {:#?}", case.table.display(), model.compilation().diagnostics);
    let mut batch = model.batch();
    let text = fs::read_to_string(&case.table).expect("a table");
    let mut rows = 0;
    for line in text.lines().skip(1).filter(|line| !line.contains(",ignored-loopback")) {
        let columns: Vec<&str> = line.splitn(6, ',').collect();
        let [source, destination, port, protocol, expected, ..] = columns[..] else { panic!("{}: {line}", case.table.display()) };
        let question = format!("{source} -> {destination} {port}/{}", protocol.to_lowercase());
        let expected = if expected == "allowed" { Verdict::Allowed } else { Verdict::Denied };
        // A connection from a pod to itself passes, whatever a table has it to be: no policy is asked about it.
        if source == destination {
            continue;
        }
        rows += 1;
        match batch.answer(&question) {
            Ok(found) if found == expected => {}
            found => {
                let _ = writeln!(wrong, "{}: {question}: expected {expected:?}, found {found:?}", case.table.display());
            }
        }
    }
    rows
}
