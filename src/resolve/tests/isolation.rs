//! `isolate`.

use super::{run, sound};

#[test]
fn in_a_header_on_a_workload_and_as_a_sentence() {
    let outcome = sound(
        "namespace a isolate egress without dns { workload x isolate ingress }
         namespace b { workload x; workload y; isolate; isolate ingress x, y; isolate egress pods(tier=data) except x without dns }",
    );
    assert_eq!(
        outcome.isolations(),
        [
            "egress a/pods()! without dns",
            "ingress a/x!",
            "both b/pods()!",
            "ingress b/x!, b/y!",
            "egress b/pods(tier=data)! except b/x! without dns",
        ]
    );
}

#[test]
fn everywhere_names_its_pods() {
    let outcome = sound("everywhere { isolate any/pods except kube-system/pods }");
    assert_eq!(outcome.isolations(), ["both namespaces()/pods()! except kube-system/pods()!"]);
    let outcome = run("template closed() { isolate ingress }\neverywhere { use closed() }");
    assert_eq!(
        outcome.shown(),
        ["isolate-needs-peers at «isolate ingress»: in `everywhere`, `isolate` needs to say which pods | \
         write `isolate any/pods except kube-system/pods` (what keeps the cluster running must be left out), or isolate a namespace in its own block"]
    );
}

#[test]
fn without_dns_says_something_of_egress() {
    let outcome = run("namespace a isolate ingress without dns { }");
    assert_eq!(
        outcome.shown(),
        [
            "dns-without-egress at «without dns»: `without dns` says something of egress, and only ingress is isolated here | remove `without dns`, or isolate egress too"
        ]
    );
    sound("namespace a isolate without dns { }");
}

#[test]
fn only_pods_are_isolated() {
    for peer in ["internet", "10.0.0.0/8", "nodes", "anywhere", "dns", "apiserver", "ingress", "metadata"] {
        let shown = run(&format!("namespace a {{ isolate egress {peer} }}")).shown();
        assert!(shown.len() == 1 && shown[0].starts_with(&format!("not-isolable at «{peer}»: `{peer}` is not pods")), "{shown:?}");
    }
}

#[test]
fn a_block_isolates_its_own_pods() {
    assert_eq!(
        run("namespace a { isolate any/pods }").shown(),
        [
            "not-isolable at «any/pods»: `any/pods` reaches beyond `a`, so it cannot be isolated here | write it in `everywhere { }`, or isolate this namespace's `pods`"
        ]
    );
    assert_eq!(
        run("namespace b { workload x } namespace a { isolate b/x }").shown(),
        ["not-isolable at «b/x»: `b/x` is not of `a`, so it cannot be isolated here | write it in the block of `b`"]
    );
    sound("namespace a { workload x; isolate a/x }");
}

#[test]
fn nobody_isolates_external_pods() {
    assert_eq!(
        run("namespace m external { workload x } everywhere { isolate m/x }").shown(),
        [
            "not-isolable at «m/x»: `m/x` cannot be isolated: `m` is external | leave its isolation to its owner, or remove `external` if the namespace is yours"
        ]
    );
}
