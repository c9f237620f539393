//! `polc build` to stdout.

use std::process::Stdio;

use super::Sandbox;

/// A policy that compiles without a word.
const PAYMENTS: &str =
    "namespace payments isolate { workload frontend; workload api { ports https 8443 tls }; allow frontend -> api tls }\n";

/// Two clusters, in two accounts.
const TWO: &str = "cluster left { account one }\ncluster right { account two }\nnamespace payments isolate {}\n";

#[test]
fn data_goes_to_stdout_and_nothing_else() {
    let sandbox = Sandbox::with(&[("payments.polc", PAYMENTS)]);
    let ran = sandbox.run(&["build"]).ended(0);
    assert!(ran.stdout.starts_with("apiVersion: ") && ran.stdout.contains("kind: NetworkPolicy"), "{}", ran.stdout);
    assert_eq!(ran.stderr, "");
    assert_eq!(sandbox.run_with(&["build", "-"], PAYMENTS.as_bytes()).ended(0).stdout, ran.stdout);
}

#[test]
fn an_error_anywhere_means_no_data() {
    let sandbox = Sandbox::with(&[("payments.polc", PAYMENTS), ("wrong.polc", "namespace orders isolat\n")]);
    let ran = sandbox.run(&["build"]).ended(1).telling("wrong.polc:1:18").telling("nothing is written: 1 error");
    assert_eq!(ran.stdout, "");
}

#[test]
fn one_stream_is_for_one_cluster() {
    let sandbox = Sandbox::with(&[("two.polc", TWO)]);
    let ran = sandbox.run(&["build"]).ended(3).telling("2 clusters (left, right)").telling("--cluster left").telling("-o DIR");
    assert_eq!(ran.stdout, "");
    let left = sandbox.run(&["build", "--cluster", "left"]).ended(0).stdout;
    assert!(left.contains("kind: NetworkPolicy"));
    assert_eq!(sandbox.run(&["build", "--account", "one"]).ended(0).stdout, left);
}

#[test]
fn a_cluster_or_account_that_is_not_declared_is_a_usage_error() {
    let sandbox = Sandbox::with(&[("two.polc", TWO)]);
    sandbox
        .run(&["build", "--cluster", "lefd"])
        .ended(3)
        .telling("no `cluster` block declares the cluster `lefd`")
        .telling("did you mean `left`?");
    sandbox.run(&["check", "--account", "elsewhere"]).ended(3).telling("the account `elsewhere`").telling("`one`, `two`");
}

#[test]
fn the_source_map_names_the_sentences() {
    let sandbox =
        Sandbox::with(&[("payments.polc", "namespace payments isolate {\n  workload api\n  isolate api because \"card data\"\n}\n")]);
    sandbox.run(&["build", "--source-map", "map.json"]).ended(0);
    let map: serde_json::Value = serde_json::from_str(&sandbox.read("map.json")).expect("JSON");
    assert_eq!(map["schema"], "polc.dev/source-map/v1");
    let entries = map["entries"].as_array().expect("entries");
    let cites = |line: u64| {
        entries
            .iter()
            .flat_map(|entry| entry["places"].as_array().expect("places"))
            .any(|place| place["line"] == line && place["file"] == "payments.polc")
    };
    assert!(cites(1) || cites(3), "{map}");
    assert!(entries.iter().all(|entry| entry["object"]["cluster"] == "default" && entry["object"]["kind"].is_string()), "{map}");
}

#[test]
fn no_source_map_is_written_of_a_policy_with_errors() {
    let sandbox = Sandbox::with(&[("wrong.polc", "namespace orders isolat\n")]);
    sandbox.run(&["build", "--source-map", "map.json"]).ended(1);
    assert!(!sandbox.exists("map.json"));
}

#[test]
fn color_is_there_only_when_asked_for() {
    let sandbox = Sandbox::with(&[("wrong.polc", "namespace orders isolat\n")]);
    assert!(!sandbox.run(&["build"]).ended(1).stderr.contains('\u{1b}'));
    assert!(sandbox.run(&["build", "--color", "always"]).ended(1).stderr.contains('\u{1b}'));
    assert!(!sandbox.run(&["build", "--color", "never"]).ended(1).stderr.contains('\u{1b}'));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sandbox = Sandbox::with(&[("payments.polc", PAYMENTS)]);
    let mut child = sandbox.command(&["build"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("polc starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("polc ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}
