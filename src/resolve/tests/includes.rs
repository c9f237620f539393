//! `include`.

use super::{Case, Outcome};

const CONFIG: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n";
const POLICY: &str =
    "apiVersion: v1\nkind: List\nitems:\n- apiVersion: cilium.io/v2\n  kind: CiliumNetworkPolicy\n  metadata: {name: open}\n";

fn include(sentence: &str, text: &str) -> Outcome {
    Case::default().file("team/p.polc", sentence).included("team/legacy.yaml", text).included("shared/base.yaml", CONFIG).run()
}

#[test]
fn a_manifest_passes_through() {
    let outcome = include("include \"legacy.yaml\"", CONFIG);
    assert_eq!(outcome.shown(), Vec::<String>::new());
    assert_eq!((outcome.policy.includes[0].path.as_str(), outcome.policy.includes[0].namespace.as_deref()), ("team/legacy.yaml", None));
    let outcome = include("namespace a { include \"../shared/base.yaml\" }", CONFIG);
    assert_eq!(
        (outcome.policy.includes[0].path.as_str(), outcome.policy.includes[0].namespace.as_deref()),
        ("shared/base.yaml", Some("a"))
    );
}

#[test]
fn it_lies_in_the_policy_set() {
    for path in ["../../etc/passwd", "/etc/passwd", "..\\\\x.yaml"] {
        let outcome = include(&format!("include \"{path}\""), CONFIG);
        assert!(outcome.shown().len() == 1 && outcome.shown()[0].starts_with("include-not-found"), "{:?}", outcome.shown());
    }
    let outcome = include("include \"legcy.yaml\"", CONFIG);
    assert_eq!(
        outcome.shown(),
        ["include-not-found at «\"legcy.yaml\"»: there is no file `legcy.yaml` | write the path relative to this file"]
    );
}

#[test]
fn a_kind_that_is_not_understood_needs_unanalysed_with_a_reason_also_inside_a_list() {
    let outcome = include("include \"legacy.yaml\"", POLICY);
    assert_eq!(
        outcome.shown(),
        ["include-unanalysed at «\"legacy.yaml\"»: `legacy.yaml` holds a CiliumNetworkPolicy, and what that opens is not known | \
         write its meaning as sentences and take it out of the file; if it has to stay, add `unanalysed because \"…\"` after the path"]
    );
    let outcome = include("include \"legacy.yaml\" unanalysed because \"until May\"", POLICY);
    assert_eq!(outcome.shown(), Vec::<String>::new());
    assert_eq!(outcome.policy.includes.len(), 1);
    let outcome = include("include \"legacy.yaml\" unanalysed", POLICY);
    assert_eq!(
        outcome.shown(),
        [
            "unanalysed-without-reason at «unanalysed»: `unanalysed` needs a reason | say why the file may pass unjudged: `unanalysed because \"…\"`"
        ]
    );
}

#[test]
fn policies_that_are_understood_pass_and_are_judged_later() {
    for (version, kind) in [
        ("networking.k8s.io/v1", "NetworkPolicy"),
        ("projectcalico.org/v3", "GlobalNetworkPolicy"),
        ("projectcalico.org/v3", "Tier"),
        ("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy"),
    ] {
        let outcome = include("include \"legacy.yaml\"", &format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: p}}\n"));
        assert_eq!(outcome.shown(), Vec::<String>::new(), "{kind}");
        assert!(outcome.policy.includes[0].known && outcome.policy.includes[0].unanalysed.is_none());
    }
    let outcome = include("include \"legacy.yaml\" unanalysed because \"x\"", POLICY);
    assert!(!outcome.policy.includes[0].known && outcome.policy.includes[0].unanalysed.is_some());
}

/// What polc does not know could open something: another plugin's policy, what installs one, or a kind
/// that only has the name of a harmless one.
#[test]
fn a_kind_that_is_not_known_needs_unanalysed_too() {
    for (version, kind) in [
        ("k8s.ovn.org/v1", "EgressFirewall"),
        ("helm.toolkit.fluxcd.io/v2", "HelmRelease"),
        ("networking.istio.io/v1", "EnvoyFilter"),
        ("example.com/v1", "Service"),
    ] {
        let text = format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: open}}\n");
        let shown = include("include \"legacy.yaml\"", &text).shown();
        assert!(shown.len() == 1 && shown[0].starts_with("include-unanalysed"), "{kind}: {shown:?}");
    }
}

#[test]
fn a_file_that_is_no_manifest_does_not_pass() {
    for text in ["a: [", "just text", "kind: X", "apiVersion: v1\nkind: ConfigMap", "apiVersion: v1\nkind: List\nitems: 3"] {
        let outcome = include("include \"legacy.yaml\"", text);
        assert!(outcome.shown().len() == 1 && outcome.shown()[0].starts_with("invalid-include"), "{text}: {:?}", outcome.shown());
        assert!(outcome.policy.includes.is_empty());
    }
}

#[test]
fn the_paths_that_are_asked_for() {
    let files = vec![crate::source::SourceFile {
        name: "team/p.polc".into(),
        text: "include \"b.yaml\"\nnamespace a { include \"../a.yaml\" }\ntemplate t() { include \"b.yaml\" }".into(),
    }];
    assert_eq!(crate::included_paths(&files), ["a.yaml", "team/b.yaml"]);
}

#[test]
fn a_file_passes_once_to_each_cluster() {
    let text = "include \"legacy.yaml\"\nnamespace a { include \"legacy.yaml\" }";
    let outcome = include(text, CONFIG);
    assert_eq!(
        outcome.shown(),
        [
            "duplicate-declaration at «include \"legacy.yaml\"»: `team/legacy.yaml` is included twice | include it once, outside the namespaces"
        ]
    );
    assert_eq!(include("namespaces a, b { include \"legacy.yaml\" }", CONFIG).diagnostics.len(), 1);
    let apart = "cluster x { }\ncluster y { }\nnamespace a in x { include \"legacy.yaml\" }\nnamespace b in y { include \"legacy.yaml\" }";
    assert_eq!(include(apart, CONFIG).shown(), Vec::<String>::new());
}
