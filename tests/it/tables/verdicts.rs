//! Tables with a verdict a row: `source,dest,port,proto,expected`.

use std::path::{Path, PathBuf};

use super::{Expected, Tally, name, read};
use crate::real_cases::{children, say, shared};

/// How many rows were judged once.
const KUBERNETES: usize = 2_304;
const RECIPES: usize = 26;
const CYCLONUS: usize = 68_025;

#[test]
fn kubernetes_own_cases() {
    judge("netpol-k8s-e2e", KUBERNETES);
}

#[test]
fn recipes() {
    judge("netpol-recipes", RECIPES);
}

#[test]
fn cyclonus_cases() {
    judge("netpol-cyclonus", CYCLONUS);
}

fn judge(folder: &str, rows: usize) {
    let Some(shared) = shared() else {
        return say(&format!("SKIP real data absent: {rows} rows ({folder})"));
    };
    let mut tally = Tally::default();
    let folder = shared.join(folder);
    for table in tables(&folder) {
        let step = table.parent().expect("a table lies in a folder");
        let case = step.strip_prefix(&folder).expect("below the folder").display().to_string();
        let own = step.join("cluster.yaml");
        let cluster = if own.is_file() { own } else { folder.join("_default/cluster.yaml") };
        let expected: Vec<Expected> = read(&table).lines().skip(1).filter_map(|line| row(&table, line)).collect();
        tally.judge(&case, &[step.join("policies.yaml"), cluster], &expected);
    }
    tally.settle(&name(&folder), rows, 0);
}

fn tables(folder: &Path) -> Vec<PathBuf> {
    let below = children(folder).into_iter().flat_map(|path| if path.is_dir() { tables(&path) } else { vec![path] });
    below.filter(|path| path.ends_with("expected.csv")).collect()
}

/// A row; none where its author did not judge it: a pod that calls itself.
fn row(table: &Path, line: &str) -> Option<Expected> {
    // Only the last column, which is not read, may hold commas of its own.
    let columns: Vec<&str> = line.splitn(6, ',').collect();
    let [source, destination, port, protocol, expected, ..] = columns[..] else { panic!("{}: `{line}`", table.display()) };
    let allowed = match expected {
        "allowed" => true,
        "denied" => false,
        "ignored-loopback" => return None,
        _ => panic!("{}: `{line}`", table.display()),
    };
    Some(Expected { question: format!("{source} -> {destination} {port}/{}", protocol.to_lowercase()), allowed })
}
