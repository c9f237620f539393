//! Namespaces and workloads.

use super::{Case, run, sound};
use crate::ir::{Clusters, Held, PodSecurity};
use crate::semantics::labels::Labels;

#[test]
fn blocks_of_one_name_merge() {
    let outcome = Case::default()
        .file("b.polc", "namespace p isolate ingress { labels team=a; workload y }")
        .file("a.polc", "namespace p { labels env=prod, team=a; pod-security restricted; workload x; allow x -> y }")
        .run();
    assert_eq!(outcome.shown(), Vec::<String>::new());
    let p = &outcome.policy.namespaces["p"];
    assert_eq!(p.held, Held::Ours);
    assert_eq!(p.labels.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>(), ["env=prod", "team=a"]);
    assert_eq!(p.pod_security, Some(PodSecurity::Restricted));
    assert_eq!(p.sentences.len(), 2);
    assert_eq!(outcome.flows(), ["allow p/x! -> p/y! [all]"]);
}

#[test]
fn one_label_has_one_value() {
    let outcome = run("namespace p { labels env=prod } namespace p { labels env=dev }");
    assert_eq!(outcome.shown(), ["conflicting-settings at «dev»: the label `env` of `p` has two values | keep one of the two"]);
    assert_eq!(outcome.others(), ["prod"]);
    let outcome = run("namespace p { pod-security baseline } namespace p { pod-security restricted }");
    assert_eq!(outcome.shown(), ["conflicting-settings at «restricted»: `p` has two levels of Pod Security | keep the stricter one"]);
    let outcome = run("namespace p { workload-label app } namespace p { workload-label name }");
    assert_eq!(outcome.shown(), ["conflicting-settings at «name»: `p` has two workload labels | keep one of the two"]);
}

#[test]
fn one_workload_is_declared_once() {
    let outcome = run("namespace p { workload a } namespace p { workload a { select app=b } }");
    assert_eq!(
        outcome.shown(),
        ["duplicate-declaration at «a»: the workload `a` is declared twice | merge the two, or give one another name"]
    );
    assert_eq!(outcome.others(), ["a"]);
}

#[test]
fn labels_that_kubernetes_sets_are_not_set_here() {
    let outcome = run("namespace p { labels pod-security.kubernetes.io/enforce=restricted, kubernetes.io/metadata.name=q }");
    assert_eq!(
        outcome.shown(),
        [
            "reserved-label at «pod-security.kubernetes.io/enforce»: `pod-security.kubernetes.io/enforce` cannot be set by `labels` | \
         write `pod-security restricted`, `pod-security baseline` or `pod-security privileged`",
            "reserved-label at «kubernetes.io/metadata.name»: `kubernetes.io/metadata.name` cannot be set by `labels` | remove it",
        ]
    );
}

#[test]
fn names_are_what_kubernetes_takes() {
    let long = "n".repeat(64);
    for (text, place) in [
        ("namespace \"Payments\" { }".to_owned(), "\"Payments\""),
        ("namespace pay.ments { }".to_owned(), "pay.ments"),
        (format!("namespace {long} {{ }}"), long.as_str()),
        ("namespace p { workload a { serviceaccount \"ci/cd\" } }".to_owned(), "\"ci/cd\""),
        ("namespace p { workload \"\" }".to_owned(), "\"\""),
        ("namespace p { allow pods -> \"\" }".to_owned(), "\"\""),
        ("peers \"\" = 10.0.0.0/8".to_owned(), "\"\""),
        ("namespace p { workload \"my app\" }".to_owned(), "\"my app\""),
        ("namespace p { labels \"a/b/c\"=d }".to_owned(), "\"a/b/c\""),
        ("namespace p { labels a=\"b c\" }".to_owned(), "\"b c\""),
        ("namespace p { workload a { select app=\"-\" } }".to_owned(), "\"-\""),
        ("cluster \"Prod 1\" { }".to_owned(), "\"Prod 1\""),
    ] {
        let shown = run(&text).shown();
        assert!(shown.len() == 1 && shown[0].starts_with(&format!("invalid-name at «{place}»")), "{text}: {shown:?}");
    }
    sound("namespace p { labels a=\"\", example.com/b_c=D.e-f; workload a { select a in (\"\", b) } }");
}

#[test]
fn external_namespaces_hold_workloads_alone() {
    for (sentence, word) in [
        ("isolate", "isolate"),
        ("labels a=b", "labels"),
        ("pod-security baseline", "pod-security"),
        ("allow pods -> pods", "allow"),
        ("deny pods -> pods", "deny"),
    ] {
        let outcome = run(&format!("namespace m external {{ workload x; {sentence} }}"));
        let shown = outcome.shown();
        assert!(
            shown.len() == 1
                && shown[0].starts_with(&format!("external-namespace at «{word}»: `{word}` cannot stand in the external namespace `m`")),
            "{shown:?}"
        );
    }
    let outcome = run("namespace m external { workload x isolate }");
    assert_eq!(
        outcome.shown(),
        [
            "external-namespace at «isolate»: `x` cannot be isolated here: its namespace is external | remove `isolate`: the namespace's owner decides about it"
        ]
    );
}

#[test]
fn external_and_isolate_contradict_each_other() {
    for text in ["namespace m external {} namespace m isolate {}", "namespace m isolate {} namespace m external {}"] {
        let outcome = run(text);
        assert_eq!(outcome.diagnostics.len(), 1, "{:?}", outcome.shown());
        assert_eq!(outcome.diagnostics[0].code.as_str(), "external-namespace");
        assert_eq!(outcome.diagnostics[0].secondary.len(), 1);
    }
    assert_eq!(run("namespace m { labels a=b } namespace m external {}").diagnostics.len(), 1);
}

#[test]
fn namespaces_that_every_cluster_has_can_be_isolated_and_not_labeled() {
    let outcome = sound("namespace default isolate ingress { workload web; allow anywhere -> web }");
    assert_eq!(outcome.policy.namespaces["default"].held, Held::Known);
    assert_eq!(outcome.flows(), ["allow anywhere -> default/web! [all]"]);
    let outcome = run("namespace kube-system { labels a=b }");
    assert_eq!(
        outcome.shown(),
        ["not-ours at «labels»: `labels` cannot be set on `kube-system` | remove the line, and set it where the cluster is set up"]
    );
}

#[test]
fn the_same_sentences_in_each_namespace_are_one_sentence() {
    let outcome = sound("namespaces a, b isolate ingress { labels x=y; workload w; allow pods -> w because \"why\" }");
    assert_eq!(outcome.flows(), ["allow a/pods()! -> a/w! [all]", "allow b/pods()! -> b/w! [all]"]);
    assert_eq!(outcome.isolations(), ["ingress a/pods()!", "ingress b/pods()!"]);
    assert_eq!(outcome.policy.flows[0].sentence, outcome.policy.flows[1].sentence);
    assert_eq!(outcome.sentences().iter().filter(|s| s.because().is_some()).count(), 1);
}

#[test]
fn a_workload_is_known_by_its_label() {
    let outcome = sound("namespace a { workload x } namespace b { workload-label k8s.io/name; workload x; workload y { select role=y } }");
    let selector = |ns: &str, name: &str| outcome.policy.namespaces[ns].workloads[name].selector.clone();
    assert_eq!(selector("a", "x"), None, "the cluster decides");
    assert_eq!(selector("b", "x"), Some(Labels::equal("k8s.io/name", "x")));
    assert_eq!(selector("b", "y"), Some(Labels::equal("role", "y")));
}

#[test]
fn a_selector_that_nobody_satisfies_is_an_error() {
    let outcome = run("namespace p { workload a { select app=a, app=b } }");
    assert_eq!(
        outcome.shown(),
        [
            "contradictory-selector at «app=b»: no label `app` satisfies every condition | remove the condition that is wrong; for one of several values write `KEY in (A, B)`"
        ]
    );
    assert_eq!(outcome.others(), ["app=a"]);
    assert_eq!(run("namespace p { allow pods(has a, lacks a) -> pods }").diagnostics.len(), 1);
    assert_eq!(run("namespace p { allow pods(a in (x, y), a not in (x, y)) -> pods }").diagnostics.len(), 1);
}

#[test]
fn what_may_only_not_have_been_read_is_not_held_against_others() {
    let outcome = run("namespace p { workload a { ports http 99999 }; workload b; allow b -> a http; allow b -> a tls; allow b -> a }");
    assert_eq!(outcome.diagnostics.len(), 1, "{:?}", outcome.shown());
}

#[test]
fn two_ports_of_one_name_are_an_error() {
    let outcome = run("namespace p { workload a { ports http 80, http 81 } }");
    assert_eq!(
        outcome.shown(),
        ["duplicate-declaration at «http»: the port `http` is declared twice | remove one, or give it another name"]
    );
}

#[test]
fn blocks_limit_their_sentences_to_their_clusters() {
    let outcome = sound("cluster x { } cluster y { } namespace p in x { workload a; allow a -> a } namespace p in y isolate { }");
    let only = |name: &str| Clusters::Only([name.into()].into());
    assert_eq!(outcome.policy.flows[0].clusters.as_ref(), &only("x"));
    assert_eq!(outcome.policy.isolations[0].clusters.as_ref(), &only("y"));
    assert_eq!(outcome.policy.namespaces["p"].clusters, Clusters::Only(["x".into(), "y".into()].into()));
}

#[test]
fn labels_hold_in_all_clusters_of_a_namespace() {
    let outcome = run("cluster x { } cluster y { } namespace p in x { labels a=b } namespace p in y { }");
    assert_eq!(
        outcome.shown(),
        [
            "partial-labels at «labels»: `p` is also in the cluster `y`, where this is not said | move the line to a block of `p` that is in all its clusters, or give the namespaces different names"
        ]
    );
    sound("cluster x { } cluster y { } namespace p in x { labels a=b }");
    sound("cluster x { } cluster y { } namespace p in x, y { labels a=b } namespace p in y { }");
}

#[test]
fn a_workload_has_one_select_and_one_service_account() {
    let outcome = run("namespace p { workload a { select app=a; select tier=b } }");
    assert_eq!(
        outcome.shown(),
        [
            "conflicting-settings at «select»: `select` is stated twice in this workload | keep one of the two; conditions that must all hold are joined by commas"
        ]
    );
    assert_eq!(run("namespace p { workload a { serviceaccount x; serviceaccount y } }").diagnostics.len(), 1);
    sound("namespace p { workload a { ports 80; ports 81 } }");
}
