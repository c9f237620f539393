//! Golden folders: what each `examples/<case>/` compiles to stands in `snapshots/<case>/`, byte for byte as
//! `polc build -o` writes it (less its index, which is about files and not about policy).
//!
//! `BLESS=1 cargo test --test it examples` writes the snapshots anew; read the diff as the reviewer of a cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checkout::{files, folders, root, shown};
use crate::judges;

/// Files of a build, by path below its folder.
type Tree = BTreeMap<String, String>;

/// Beside the manifests: what they come to, cluster by cluster.
const EFFECT: &str = "reachability.txt";

/// The same for access, where there is any.
const ACCESS: &str = "access.txt";

/// The index that a build keeps of its own files.
const INDEX: &str = ".polc-index.json";

#[test]
fn every_example_compiles_to_its_snapshot() {
    let mut findings = Vec::new();
    for case in folders("examples").iter().filter(|case| !is_program(case)) {
        let built = build(case);
        let snapshot = root().join("snapshots").join(case);
        if std::env::var_os("BLESS").is_some() {
            replace(&snapshot, &built);
        }
        let kept = if snapshot.is_dir() { read(&snapshot) } else { Tree::new() };
        findings.extend(differences(case, &kept, &built));
    }
    let how = "look at what changed; if it is right, `BLESS=1 cargo test --test it examples` writes it down";
    assert!(findings.is_empty(), "{}\n{how}", findings.join("\n"));
}

#[test]
fn every_snapshot_has_its_example() {
    let examples = folders("examples");
    let orphans: Vec<String> = folders("snapshots").into_iter().filter(|case| !examples.contains(case)).collect();
    assert!(orphans.is_empty(), "snapshots of no example, to be removed: {}", orphans.join(", "));
}

#[test]
fn the_api_server_takes_every_snapshot() {
    let manifests = files("snapshots", &["yaml"]);
    let passed = judges::kubelint(&manifests.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    assert!(passed >= manifests.len(), "{passed} documents in {} files", manifests.len());
}

#[test]
fn calico_takes_every_selector_of_the_snapshots() {
    let manifests = files("snapshots", &["yaml"]);
    let passed = judges::calico_selectors(&manifests.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    assert!(passed > 0, "no snapshot has a selector of Calico's");
}

/// A case whose example is a program that embeds the compiler, and no policy folder.
fn is_program(case: &str) -> bool {
    !files(&format!("examples/{case}"), &["polc", "rs"]).iter().any(|path| path.extension().is_some_and(|it| it == "polc"))
}

/// Builds an example as a user does: in its folder's parent, into an empty folder.
fn build(case: &str) -> Tree {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(env!("CARGO_BIN_EXE_polc"))
        .current_dir(root())
        .args(["build", &format!("examples/{case}"), "-o"])
        .arg(folder.path())
        .output()
        .expect("polc starts");
    assert!(output.status.success(), "examples/{case}:\n{}", String::from_utf8_lossy(&output.stderr));
    let mut tree = read(folder.path());
    let clusters: BTreeSet<String> = tree.keys().filter_map(|name| name.split_once('/')).map(|(cluster, _)| cluster.to_owned()).collect();
    let of = |list: &str| clusters.iter().map(|cluster| effect(case, cluster, list)).collect::<String>();
    tree.insert(EFFECT.to_owned(), of("--all"));
    tree.extend(Some(of("--access")).filter(|access| !access.is_empty()).map(|access| (ACCESS.to_owned(), access)));
    tree
}

/// What the example comes to in a cluster, as `polc query` lists it.
fn effect(case: &str, cluster: &str, list: &str) -> String {
    let example = format!("examples/{case}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_polc"));
    let output = command.current_dir(root()).args(["query", &example, "--cluster", cluster, list]).output().expect("polc starts");
    assert!(output.status.success(), "examples/{case}:\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("polc writes UTF-8")
}

fn read(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(current) = open.pop() {
        for entry in fs::read_dir(&current).expect("a readable folder") {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().is_some_and(|name| name != INDEX) {
                let name = path.strip_prefix(folder).expect("a file below the folder");
                let name = name.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
                tree.insert(name, fs::read_to_string(&path).expect("a text file"));
            }
        }
    }
    tree
}

fn replace(folder: &Path, tree: &Tree) {
    let _ = fs::remove_dir_all(folder);
    for (name, text) in tree {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
}

/// What is missing, what is not expected, and the first line that differs.
fn differences(case: &str, kept: &Tree, built: &Tree) -> Vec<String> {
    let snapshot = shown(&root().join("snapshots").join(case));
    let mut found = Vec::new();
    for (name, text) in built {
        match kept.get(name) {
            None => found.push(format!("{snapshot}/{name}: the build writes it, the snapshot lacks it")),
            Some(other) if other != text => found.push(format!("{snapshot}/{name}{}", first_difference(other, text))),
            Some(_) => {}
        }
    }
    found.extend(
        kept.keys().filter(|name| !built.contains_key(*name)).map(|name| format!("{snapshot}/{name}: the build does not write it")),
    );
    found
}

fn first_difference(kept: &str, built: &str) -> String {
    let (mut kept, mut built) = (kept.lines(), built.lines());
    let mut line = 1;
    loop {
        match (kept.next(), built.next()) {
            (None, None) => return ": differs in its line ends".into(),
            (left, right) if left == right => line += 1,
            (left, right) => return format!(":{line}: snapshot `{}`, build `{}`", left.unwrap_or("(end)"), right.unwrap_or("(end)")),
        }
    }
}
