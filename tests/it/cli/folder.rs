//! `polc build -o DIR`: the life of an output folder.

use super::Sandbox;

const PAYMENTS: &str = "namespace payments isolate {\n  labels team=payments\n  workload api\n}\n";
const ORDERS: &str = "namespace orders isolate {\n  labels team=orders\n}\n";
const TWO: &str = "cluster left { account one }\ncluster right { account two }\n";

fn two_namespaces() -> Sandbox {
    let sandbox = Sandbox::with(&[("p/payments.polc", PAYMENTS), ("p/orders.polc", ORDERS)]);
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    sandbox
}

#[test]
fn a_folder_a_cluster_and_a_file_a_namespace() {
    let sandbox = two_namespaces();
    let names: Vec<String> = sandbox.files("out").into_keys().collect();
    assert_eq!(names, [".polc-index.json", "default/kustomization.yaml", "default/orders.yaml", "default/payments.yaml"]);
    let payments = sandbox.read("out/default/payments.yaml");
    assert!(payments.starts_with("apiVersion: v1\nkind: Namespace\n") && payments.contains("kind: NetworkPolicy"), "{payments}");
    assert!(!payments.contains("orders"), "{payments}");
    assert!(sandbox.read("out/default/kustomization.yaml").ends_with("resources:\n- orders.yaml\n- payments.yaml\n"));
}

#[test]
fn a_second_build_rewrites_nothing() {
    let sandbox = two_namespaces();
    let modified = |path: &str| std::fs::metadata(sandbox.path(path)).and_then(|metadata| metadata.modified()).expect("a time");
    let paths = ["out/.polc-index.json", "out/default/kustomization.yaml", "out/default/payments.yaml"];
    let before = paths.map(modified);
    sandbox.run(&["build", "p", "-o", "out"]).ended(0).telling("0 written, 0 removed, 3 unchanged");
    assert_eq!(paths.map(modified), before);
}

#[cfg(unix)]
#[test]
fn files_are_readable_as_others_are() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = two_namespaces();
    sandbox.write("ordinary", "");
    let mode = |path: &str| std::fs::metadata(sandbox.path(path)).expect("a file").permissions().mode();
    assert_eq!(mode("out/default/payments.yaml"), mode("ordinary"));
}

#[test]
fn what_no_sentence_asks_for_any_more_is_removed() {
    let calico = "cluster default { enforce calico 3.31; pods 10.244.0.0/16 }\nnamespace shop isolate {}\n";
    let deny = "everywhere { deny any/pods except kube-system/pods -> metadata }\n";
    let sandbox = Sandbox::with(&[("p/shop.polc", calico), ("p/deny.polc", deny)]);
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    assert!(sandbox.read("out/default/cluster-wide.yaml").contains("kind: Tier"));
    assert!(sandbox.read("out/default/kustomization.yaml").ends_with("resources:\n- cluster-wide.yaml\n- shop.yaml\n"));
    sandbox.write("p/shop.polc", "namespace shop {}\n");
    sandbox.write("p/deny.polc", "");
    sandbox.run(&["build", "p", "-o", "out"]).ended(0).telling("2 written, 1 removed, 0 unchanged");
    assert!(!sandbox.exists("out/default/cluster-wide.yaml"));
    assert!(!sandbox.read("out/default/shop.yaml").contains("NetworkPolicy"));
    assert!(sandbox.read("out/default/kustomization.yaml").ends_with("resources:\n- shop.yaml\n"));
}

#[test]
fn a_namespace_object_stays_when_nothing_declares_it() {
    let sandbox = two_namespaces();
    let index = sandbox.read("out/.polc-index.json");
    sandbox.remove("p/orders.polc");
    let ran = sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    ran.telling("no policy declares namespace `orders` for cluster `default` any more").telling("out/default/orders.yaml");
    let kept = sandbox.read("out/default/orders.yaml");
    assert!(kept.contains("kind: Namespace") && kept.contains("team: orders") && !kept.contains("NetworkPolicy"), "{kept}");
    assert!(sandbox.read("out/default/kustomization.yaml").contains("- orders.yaml"));
    assert_ne!(sandbox.read("out/.polc-index.json"), index);
    let before = sandbox.files("out");
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    assert_eq!(sandbox.files("out"), before);
    // Whoever wants the namespace to go deletes the file.
    sandbox.remove("out/default/orders.yaml");
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    assert!(!sandbox.exists("out/default/orders.yaml"));
    assert!(!sandbox.read("out/default/kustomization.yaml").contains("orders"));
    assert!(!sandbox.read("out/.polc-index.json").contains("orders"));
}

#[test]
fn a_file_edited_by_hand_is_reported_and_kept() {
    let sandbox = two_namespaces();
    let edited = sandbox.read("out/default/payments.yaml") + "# by hand\n";
    sandbox.write("out/default/payments.yaml", &edited);
    sandbox.write("p/orders.polc", "namespace orders {}\n");
    let before = sandbox.files("out");
    sandbox.run(&["build", "p", "-o", "out"]).ended(2).telling("`out/default/payments.yaml` was edited since polc wrote it, and is kept");
    assert_eq!(sandbox.files("out"), before, "nothing may change");
    // Also when nothing asks for it any more.
    sandbox.remove("p/payments.polc");
    sandbox.run(&["build", "p", "-o", "out"]).ended(2).telling("payments.yaml");
    assert_eq!(sandbox.read("out/default/payments.yaml"), edited);
    // Deleting it is how to say that polc may write it again.
    sandbox.write("p/payments.polc", PAYMENTS);
    sandbox.remove("out/default/payments.yaml");
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    assert!(!sandbox.read("out/default/payments.yaml").contains("by hand"));
}

#[test]
fn an_edit_that_is_what_polc_would_write_is_none() {
    let sandbox = two_namespaces();
    let right = sandbox.read("out/default/payments.yaml");
    let index = sandbox.read("out/.polc-index.json");
    sandbox.write("p/payments.polc", "namespace payments {}\n");
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    // As after a merge that took the policy and the file of one side, the index of the other.
    sandbox.write("p/payments.polc", PAYMENTS);
    sandbox.write("out/default/payments.yaml", &right);
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    assert_eq!(sandbox.read("out/.polc-index.json"), index);
}

#[test]
fn a_build_without_a_source_of_the_last_is_refused() {
    let sandbox = two_namespaces();
    let before = sandbox.files("out");
    let ran = sandbox.run(&["build", "p/payments.polc", "-o", "out"]).ended(3);
    ran.telling("a policy file of the last build into `out` is not among the files given").telling("p/orders.polc");
    sandbox.run_with(&["build", "-", "-o", "out"], PAYMENTS.as_bytes()).ended(3).telling("2 policy files of the last build");
    sandbox.run(&["build", "p/payments.polc", "-o", "out", "--check"]).ended(3);
    assert_eq!(sandbox.files("out"), before);
    // One that was moved is there, under another name.
    std::fs::rename(sandbox.path("p/orders.polc"), sandbox.path("p/moved.polc")).expect("a rename");
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    assert_eq!(sandbox.read("out/default/orders.yaml"), before["default/orders.yaml"]);
}

#[test]
fn a_policy_with_errors_changes_nothing() {
    let sandbox = two_namespaces();
    let before = sandbox.files("out");
    sandbox.write("p/orders.polc", "namespace orders isolat\n");
    sandbox.run(&["build", "p", "-o", "out"]).ended(1);
    sandbox.run(&["build", "p", "-o", "new"]).ended(1);
    assert_eq!(sandbox.files("out"), before);
    assert!(!sandbox.exists("new"));
}

#[test]
fn a_narrowed_build_leaves_the_other_clusters_alone() {
    let sandbox = Sandbox::with(&[("p/two.polc", TWO), ("p/payments.polc", "namespace payments isolate {}\n")]);
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    let before = sandbox.files("out");
    assert!(before.contains_key("left/payments.yaml") && before.contains_key("right/payments.yaml"), "{before:?}");
    sandbox.write("p/payments.polc", "namespace payments isolate ingress {}\n");
    sandbox.run(&["build", "p", "-o", "out", "--cluster", "left"]).ended(0);
    let after = sandbox.files("out");
    assert_ne!(after["left/payments.yaml"], before["left/payments.yaml"]);
    assert_eq!(after["right/payments.yaml"], before["right/payments.yaml"]);
    sandbox.run(&["build", "p", "-o", "out", "--account", "two"]).ended(0);
    sandbox.run(&["build", "p", "-o", "out", "--check"]).ended(0);
}

#[test]
fn of_a_cluster_that_is_gone_only_namespaces_and_the_files_of_others_stay() {
    let sandbox = Sandbox::with(&[("p/two.polc", TWO), ("p/payments.polc", "namespace payments isolate {}\n")]);
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    sandbox.write("out/right/theirs.txt", "somebody's");
    sandbox.write("p/two.polc", "cluster left { account one }\n");
    sandbox.run(&["build", "p", "-o", "out"]).ended(0).telling("no policy declares namespace `payments` for cluster `right` any more");
    let right: Vec<String> = sandbox.files("out/right").into_keys().collect();
    assert_eq!(right, ["kustomization.yaml", "payments.yaml", "theirs.txt"]);
    assert!(!sandbox.read("out/right/payments.yaml").contains("NetworkPolicy"));
    sandbox.remove("out/right/payments.yaml");
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    let right: Vec<String> = sandbox.files("out/right").into_keys().collect();
    assert_eq!(right, ["theirs.txt"]);
    assert!(!sandbox.read("out/.polc-index.json").contains("right"));
}

#[test]
fn a_check_shows_the_difference_and_writes_nothing() {
    let sandbox = two_namespaces();
    let ran = sandbox.run(&["build", "p", "-o", "out", "--check"]).ended(0);
    assert_eq!(ran.stdout, "");
    let before = sandbox.files("out");
    sandbox.write("p/orders.polc", "namespace orders isolate {\n  labels team=everyone\n}\n");
    let ran = sandbox.run(&["build", "p", "-o", "out", "--check"]).ended(2).telling("is not what the policy says");
    assert!(ran.stdout.contains("--- a/default/orders.yaml\n+++ b/default/orders.yaml\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("-    team: orders\n+    team: everyone\n"), "{}", ran.stdout);
    assert_eq!(ran.stdout.matches("\n+++ ").count(), 1, "{}", ran.stdout);
    assert_eq!(sandbox.files("out"), before);
}

#[test]
fn a_check_sees_a_folder_that_is_missing_a_stale_index_and_a_file_edited_by_hand() {
    let sandbox = two_namespaces();
    let ran = sandbox.run(&["build", "p", "-o", "other", "--check"]).ended(2);
    assert!(ran.stdout.contains("--- /dev/null\n+++ b/default/payments.yaml\n"), "{}", ran.stdout);
    assert!(!sandbox.exists("other"));
    // An index that is out of date is a difference of its own.
    let index = sandbox.read("out/.polc-index.json");
    sandbox.write("out/.polc-index.json", index.replace("\"sources\": [", "\"sources\": [\n\"gone.polc\","));
    let ran = sandbox.run(&["build", "p", "-o", "out", "--check"]).ended(2);
    assert!(ran.stdout.starts_with("--- a/.polc-index.json\n"), "{}", ran.stdout);
    sandbox.write("out/.polc-index.json", index);
    sandbox.write("out/default/payments.yaml", sandbox.read("out/default/payments.yaml").replace("team: payments", "team: others"));
    let ran = sandbox.run(&["build", "p", "-o", "out", "--check"]).ended(2);
    assert!(ran.stdout.contains("-    team: others\n+    team: payments\n"), "{}", ran.stdout);
}

#[test]
fn an_isolation_for_all_namespaces_is_applied_behind_what_their_files_allow() {
    let text = "cluster default { enforce calico 3.31; pods 10.244.0.0/16 }\n\
        everywhere { isolate any/pods except kube-system/pods; deny any/pods except kube-system/pods -> metadata }\n\
        namespace shop { workload web; workload api { ports http 80 }; allow web -> api }\n";
    let sandbox = Sandbox::with(&[("p/shop.polc", text)]);
    sandbox.run(&["build", "p", "-o", "out"]).ended(0);
    let kustomization = sandbox.read("out/default/kustomization.yaml");
    let files = kustomization.lines().filter_map(|line| line.strip_prefix("- "));
    let stream: String = files.map(|file| sandbox.read(&format!("out/default/{file}"))).collect();
    let place = |name: &str| stream.find(&format!("name: {name}")).unwrap_or_else(|| panic!("{name} in {stream}"));
    let [deny, allow, isolation] = ["polc.any-pods", "polc-allow-api", "polc-isolate-"].map(place);
    assert!(deny < allow && allow < isolation, "{stream}");
}
