//! `polc verify`: manifests held against a policy.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::checkout::{folders, root};

const POLICY: &str = "\
namespace shop isolate {
  workload web { ports http 8080 }
  workload db { select app=postgres; ports postgres 5432 }
  allow web -> db because \"carts\"
}
";

/// The exit code, and what was said.
fn polc(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_polc")).args(args).current_dir(folder).output().expect("polc starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("an exit code"), text(output.stdout), text(output.stderr))
}

/// A policy, and below `out` what it compiles to.
fn built() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("shop.polc"), POLICY).expect("a file");
    let (code, _, told) = polc(folder.path(), &["build", "shop.polc", "-o", "out"]);
    assert_eq!(code, 0, "{told}");
    folder
}

fn verify(folder: &Path) -> (i32, String, String) {
    polc(folder, &["verify", "shop.polc", "--manifests", "out"])
}

#[test]
fn what_polc_wrote_is_equal() {
    let folder = built();
    assert_eq!(verify(folder.path()).1, "equal: in cluster `default` the manifests mean exactly what the policy says\n");
    for case in folders("snapshots") {
        for cluster in fs::read_dir(root().join("snapshots").join(&case)).expect("a folder").filter_map(Result::ok) {
            if !cluster.path().is_dir() {
                continue;
            }
            let name = cluster.file_name().into_string().expect("a name");
            let (example, manifests) = (format!("examples/{case}"), format!("snapshots/{case}/{name}"));
            let (code, out, told) = polc(root(), &["verify", &example, "--cluster", &name, "--manifests", &manifests]);
            assert_eq!(code, 0, "{case}: {out}{told}");
        }
    }
}

#[test]
fn a_dump_with_what_a_server_adds_is_equal() {
    let folder = built();
    let path = folder.path().join("out/default/shop.yaml");
    let dump = fs::read_to_string(&path).expect("the file").replace(
        "metadata:\n",
        "status: {}\nmetadata:\n  uid: 0b5\n  resourceVersion: \"7\"\n  managedFields: [{manager: kubectl, operation: Apply}]\n",
    );
    fs::write(path, dump).expect("the file");
    let (code, out, told) = verify(folder.path());
    assert_eq!(code, 0, "{out}{told}");
}

#[test]
fn an_edit_is_shown_both_ways_with_who_says_what() {
    let folder = built();
    let path = folder.path().join("out/default/shop.yaml");
    let edited = fs::read_to_string(&path).expect("the file").replace("port: 5432", "port: 5433");
    fs::write(path, edited).expect("the file");
    let (code, out, _) = verify(folder.path());
    assert_eq!(code, 2);
    assert!(out.contains("closed: a pod of `shop` with {app=web}") && out.contains("on 5432/tcp\n"), "{out}");
    assert!(out.contains("opened: a pod of `shop` with {app=web}") && out.contains("on 5433/tcp\n"), "{out}");
    assert!(out.contains("the policy opens it (ingress): shop.polc:4: allow web -> db because \"carts\"\n"), "{out}");
    assert!(out.contains("out/default/shop.yaml:"), "{out}");
}

#[test]
fn a_policy_of_others_that_opens_something_is_a_difference_and_one_that_opens_nothing_is_named() {
    let folder = built();
    let foreign = |rules: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: extra, namespace: shop}}\n\
             spec: {{podSelector: {{matchLabels: {{app: web}}}}, policyTypes: [Ingress], ingress: {rules}}}\n"
        )
    };
    fs::write(folder.path().join("out/extra.yaml"), foreign("[]")).expect("a file");
    let (code, out, _) = verify(folder.path());
    assert_eq!((code, out.lines().next()), (0, Some("not of this policy: out/extra.yaml:1: NetworkPolicy shop/extra")));
    fs::write(folder.path().join("out/extra.yaml"), foreign("[{ports: [{port: 22}]}]")).expect("a file");
    let (code, out, _) = verify(folder.path());
    assert_eq!(code, 2);
    assert!(out.contains("the manifests let it through (ingress): out/extra.yaml:1: NetworkPolicy shop/extra, ingress rule 1\n"), "{out}");
}

#[test]
fn what_is_not_understood_leaves_the_verdict_unknown() {
    let folder = built();
    let cilium = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: extra, namespace: shop}\nspec: {}\n";
    fs::write(folder.path().join("out/extra.yaml"), cilium).expect("a file");
    let (code, out, _) = verify(folder.path());
    assert_eq!(code, 2);
    assert!(out.contains("not understood: out/extra.yaml:1: CiliumNetworkPolicy shop/extra:"), "{out}");
    assert!(out.ends_with("unknown: something in the manifests is not understood and could matter\n"), "{out}");
    let (code, out, _) = polc(folder.path(), &["verify", "shop.polc", "--manifests", "out", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((code, &report["schema"], &report["verdict"]), (2, &"polc.dev/verify/v1".into(), &"unknown".into()));
}

#[test]
fn an_object_that_is_missing_leaves_its_pods_open() {
    let folder = built();
    fs::remove_file(folder.path().join("out/default/shop.yaml")).expect("the file");
    let (code, out, _) = polc(folder.path(), &["verify", "shop.polc", "--manifests", "out"]);
    assert_eq!(code, 2, "{out}");
    assert!(out.contains("opened: ") && out.contains("nothing stands against it"), "{out}");
}
