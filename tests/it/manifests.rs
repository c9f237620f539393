//! Manifests that nobody of us wrote, as the verifier reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::checkout::{files, text};
use crate::real_cases::{say, shared};
use polc::look::{self, Look};
use polc::{Severity, SourceFile};

/// How many files the shared data has in the folders below; known here so that a skip can be counted.
const FILES: usize = 700;

/// The folders of network policies.
const FOLDERS: [&str; 9] = [
    "netpol-sets",
    "calico-ibm",
    "netpol-cyclonus",
    "netpol-k8s-e2e",
    "netpol-recipes",
    "npguard-anp",
    "npguard-nca",
    "npguard-netpol",
    "npguard-synthesis",
];

fn look(paths: &[PathBuf]) -> Look {
    let file = |path: &PathBuf| {
        let bytes = std::fs::read(path).expect("a readable file");
        SourceFile { name: path.display().to_string(), text: String::from_utf8_lossy(&bytes).into_owned() }
    };
    look::manifests(paths.iter().map(file).collect())
}

fn manifests_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            manifests_below(&path, found);
        } else if path.extension().is_some_and(|it| ["yaml", "yml", "json"].iter().any(|wanted| it == *wanted)) {
            found.push(path);
        }
    }
    found.sort();
}

#[test]
fn every_real_manifest_is_read_and_what_is_not_understood_is_counted() {
    let Some(real) = shared() else { return say(&format!("SKIP real manifests absent: {FILES} cases")) };
    let mut paths = Vec::new();
    FOLDERS.iter().for_each(|folder| manifests_below(&real.join(folder), &mut paths));
    assert!(paths.len() >= FILES, "{} files", paths.len());
    let (mut unreadable, mut refused, mut policies) = (0, BTreeMap::<String, usize>::new(), 0);
    let mut kinds = BTreeMap::<String, usize>::new();
    for path in &paths {
        let read = look(std::slice::from_ref(path));
        policies += read.policies;
        for diagnostic in read.diagnostics.iter().filter(|it| it.severity == Severity::Error) {
            if diagnostic.headline.contains("valid YAML") {
                unreadable += 1;
            } else {
                let label = diagnostic.primary.as_ref().map_or("", |label| &label.text);
                *refused.entry(format!("{} ({label})", diagnostic.headline)).or_default() += 1;
            }
        }
        for (kind, why) in read.not_understood {
            *kinds.entry(format!("{kind}: {why}")).or_default() += 1;
        }
    }
    say(&format!("real manifests: {} files, {policies} policies, {unreadable} not YAML", paths.len()));
    refused.iter().for_each(|(what, count)| say(&format!("  refused {count}: {what}")));
    kinds.iter().for_each(|(what, count)| say(&format!("  not understood {count}: {what}")));
}

/// Where polc says otherwise: a Deployment with a port that no server takes (`containerport`), and pods that
/// are over.
const OTHERWISE: [&str; 3] = [
    "minikube_resources: ingress-nginx/ingress-nginx-admission-create[Job]",
    "minikube_resources: ingress-nginx/ingress-nginx-admission-patch[Job]",
    "netpol_named_port_test_2: helloworld/pod-a[Deployment]",
];

/// Workloads that np-guard names in what it expects of a folder, and how they are called.
#[test]
fn workloads_have_the_names_that_np_guard_gives_them() {
    let Some(real) = shared() else { return say("SKIP real manifests absent: 1 case (names of workloads)") };
    let (mut folders, mut names) = (0, 0);
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(real.join("npguard-netpol")).expect("a readable folder") {
        let folder = entry.expect("a readable folder").path();
        let expected = folder.join("expected.csv");
        if !expected.exists() {
            continue;
        }
        let mut paths = Vec::new();
        manifests_below(&folder, &mut paths);
        paths.retain(|path| !path.iter().any(|part| part == "expected_output"));
        let there: BTreeSet<String> = look(&paths).workloads.into_iter().collect();
        let table = text(&expected);
        let named: BTreeSet<&str> =
            table.lines().skip(1).flat_map(|line| line.split(',').take(2)).filter(|end| end.contains('/')).collect();
        folders += 1;
        names += named.len();
        wrong.extend(
            named
                .iter()
                .filter(|name| !there.contains(**name))
                .map(|name| format!("{}: {name}", folder.file_name().expect("a name").display())),
        );
    }
    say(&format!("names of workloads: {names} in {folders} folders, {} otherwise", wrong.len()));
    wrong.sort();
    assert_eq!(wrong, OTHERWISE);
}

/// Calico's parser's own verdicts, each with whether the labels below are selected.
#[test]
fn selectors_are_read_and_mean_what_calicos_parser_says() {
    const VECTORS: usize = 58;
    let labels = [("app", "api"), ("tier", "web"), ("in", "x"), ("contains", "y"), ("all", "z"), ("empty", ""), ("a.b/c-d_e", "v")];
    let labels: BTreeMap<String, String> = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let Some(real) = shared() else { return say(&format!("SKIP selector vectors absent: {VECTORS} cases")) };
    let vectors = text(&real.with_file_name("selector-vectors.txt"));
    let (mut count, mut parts) = (0, 0);
    for line in vectors.lines() {
        let end = line.find("\" ok ").or(line.find("\" ERROR")).or(line.find("\"  ")).expect("a quoted selector") + 1;
        let selector: String = serde_json::from_str(&line[..end]).expect("a selector");
        let verdict = line[end..].trim();
        match look::selects(&selector, &labels) {
            None => assert!(verdict.starts_with("ERROR"), "{line}"),
            Some(Ok(found)) => assert!(verdict.starts_with(&format!("ok eval={found}")), "{line}: {found}"),
            // `contains` and the like, and `global()`: read, and said to be no set of labels.
            Some(Err(why)) => {
                assert!(verdict.starts_with("ok") && (why.contains("PartOfValue") || why.contains("Global")), "{line}: {why}");
                parts += 1;
            }
        }
        count += 1;
    }
    assert_eq!((count, parts), (VECTORS, 7));
}

/// Refused by some server, and clear in meaning: limits of length and number, lists that are sets, networks with bits
/// beyond their mask, which older servers took, and settings of the built-in tiers, which nothing changes.
const MEAN_THE_SAME: [&str; 31] = [
    "cnp-no-namespace.yaml",
    "gnp-account-name.yaml",
    "gnp-icmp-version-6.yaml",
    "gnp-icmpv6-version-4.yaml",
    "gnp-name-other-tier.yaml",
    "gnp-net-bare-ip.yaml",
    "gnp-net-host-bits.yaml",
    "gnp-net-twice.yaml",
    "gnp-nets-257.yaml",
    "gnp-not-nets-everything-v6.yaml",
    "gnp-not-nets-everything.yaml",
    "gnp-performance-hint.yaml",
    "gnp-ports-51.yaml",
    "gnp-rule-annotation-key.yaml",
    "gnp-rules-1025.yaml",
    "gnp-selector-1025.yaml",
    "gnp-type-twice.yaml",
    "gnp-types-empty.yaml",
    "gnp-types-missing.yaml",
    "gns-bare-ip.yaml",
    "gns-host-bits.yaml",
    "gns-label-value.yaml",
    "gns-namespace-label.yaml",
    "gns-net-twice.yaml",
    "np-annotation-key.yaml",
    "np-no-namespace.yaml",
    "tier-built-in-action.yaml",
    "tier-built-in-order.yaml",
    "tier-default-order.yaml",
    "tier-default-pass.yaml",
    "tier-unknown-field.yaml",
];

/// What the judges' own corpora hold to be wrong, and right.
#[test]
fn what_the_api_server_refuses_is_refused_here_too() {
    let read = |path: &PathBuf| look(std::slice::from_ref(path));
    let ours = |path: &&PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        ["np-", "cnp-", "gnp-", "gns-", "tier-"].iter().any(|kind| name.starts_with(kind))
    };
    let mut said_nothing = Vec::new();
    for path in files("conformance/testdata/bad", &["yaml"]).iter().filter(ours) {
        let found = read(path);
        if found.diagnostics.is_empty() && found.not_understood.is_empty() {
            said_nothing.push(path.file_name().expect("a name").to_string_lossy().into_owned());
        }
    }
    for path in files("conformance/testdata/good", &["yaml"]).iter().filter(ours) {
        assert_eq!(read(path).diagnostics, [], "{}", path.display());
    }
    assert_eq!(said_nothing, MEAN_THE_SAME, "read as if nothing were wrong");
}
