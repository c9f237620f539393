//! What is asserted, right and wrong, through the public face.

use crate::{Files, Options, SourceFile};

const ESTATE: &str = "
cluster default { pods 10.244.0.0/16; services 10.96.0.0/12; nodes 10.1.0.0/24 }
namespace payments isolate {
  workload api; workload backup
  workload db { ports postgres 5432 }
  workload web { ports http 8080 }
  allow api, backup -> db
  allow nodes -> web
}
namespace other { workload w }
";

/// Label, notes and places of what does not hold.
fn failing(more: &str) -> Vec<String> {
    failing_beside(more, "")
}

/// The same, beside a manifest.
fn failing_beside(more: &str, manifest: &str) -> Vec<String> {
    let text = format!("{ESTATE}{more}");
    let policies = vec![SourceFile { name: "policy.polc".into(), text: text.clone() }];
    let manifests = if manifest.is_empty() { Vec::new() } else { vec![SourceFile { name: "old.yaml".into(), text: manifest.into() }] };
    let compilation = crate::compile(Files { policies, manifests, ..Files::default() }, &Options::default());
    let errors = compilation.diagnostics.iter().filter(|it| it.is_error());
    errors
        .map(|it| {
            let covered = |span: crate::source::Span| &text[span.start as usize..span.end as usize];
            let places: Vec<&str> = it.secondary.iter().map(|label| covered(label.span)).collect();
            let label = it.primary.as_ref().map_or("", |label| label.text.as_str());
            format!("{} {} {label} {} {}", it.code.as_str(), it.headline, places.join(" "), it.notes.join(" "))
        })
        .collect()
}

fn holds(assertion: &str) {
    assert_eq!(failing(assertion), [] as [String; 0], "{assertion}");
}

/// It fails once, and each of these is said.
fn fails(assertion: &str, said: &[&str]) {
    let found = failing(assertion);
    assert!(found.len() == 1 && said.iter().all(|it| found[0].contains(it)), "{assertion}: {found:#?}");
}

#[test]
fn what_is_closed_may_be_asserted_and_what_is_open_may_not() {
    holds("assert deny internet -> payments/db");
    holds("assert deny other/w -> payments/db 5432");
    holds("assert deny payments/db -> internet");
    fails(
        "assert deny payments/api -> payments/db",
        &["passes: a pod of `payments` with {app=api}", "5432/tcp", "allow api, backup -> db"],
    );
    holds("assert deny payments/api -> payments/db 5433");
    fails("assert deny other/w -> internet", &["a pod of `other`", "no sentence isolates the source"]);
    fails("assert deny internet -> other/w", &["no sentence isolates the destination"]);
}

#[test]
fn only_counts_everybody_else_and_does_not_ask_for_those_named() {
    holds("assert only payments/api, payments/backup -> payments/db");
    holds("assert only payments/api, payments/backup, other/w -> payments/db");
    fails("assert only payments/api -> payments/db", &["app=backup", "allow api, backup -> db"]);
    fails("assert only payments/api, payments/backup -> payments/db, other/w", &["a pod of `other` with {app=w}"]);
    holds("assert only payments/api, payments/backup -> payments/db 5432");
    holds("assert only nodes -> payments/web");
}

#[test]
fn an_asserted_allow_needs_all_of_it_at_both_ends() {
    holds("assert allow payments/api -> payments/db");
    fails("assert allow payments/api -> payments/db 5433", &["does not pass", "5433/tcp", "namespace payments isolate"]);
    fails("assert allow other/w -> payments/db", &["does not pass: a pod of `other`", "namespace payments isolate"]);
    fails("assert allow payments/pods -> payments/db", &["does not pass"]);
    holds("assert allow other/w -> internet");
    holds("assert allow nodes -> payments/web");
}

#[test]
fn pods_are_isolated_on_each_side_that_is_asked() {
    holds("assert isolated payments/pods");
    holds("assert isolated ingress payments/db, payments/pods(x=y)");
    fails("assert isolated other/pods", &["a pod of `other`", "is not isolated for ingress"]);
    fails("assert isolated egress any/pods", &["is not isolated for egress"]);
    holds("namespace third isolate egress { workload w; assert isolated egress w }");
    fails("namespace third isolate egress { workload w; assert isolated w }", &["is not isolated for ingress"]);
}

#[test]
fn a_nodes_address_may_be_anybodys_unless_the_cluster_says_otherwise() {
    fails(
        "assert deny internet -> payments/web",
        &["10.1.0.0 -> a pod of `payments`", "which may carry anyone's traffic", "allow nodes -> web"],
    );
    let local = ESTATE.replace("nodes 10.1.0.0/24", "nodes 10.1.0.0/24; external traffic local");
    let policies = vec![SourceFile { name: "policy.polc".into(), text: format!("{local}assert deny internet -> payments/web") }];
    assert!(!crate::compile(Files { policies, ..Files::default() }, &Options::default()).has_errors());
}

#[test]
fn names_in_an_assertion_must_be_declared_and_be_somebody() {
    fails("assert deny payments/apy -> payments/db", &["unknown-workload"]);
    fails("assert isolated internet", &["not-isolable"]);
    fails("assert deny payments/api -> payments/db nothing", &["unknown-port"]);
    let text = "cluster a {} cluster b {} namespace x in a { workload w } namespace y in b { workload w } assert deny x/w -> y/w";
    let policies = vec![SourceFile { name: "policy.polc".into(), text: text.into() }];
    let found = crate::compile(Files { policies, ..Files::default() }, &Options::default()).diagnostics;
    assert!(found.len() == 1 && found[0].code.as_str() == "empty-set", "{found:?}");
}

/// A NetworkPolicy that lets somebody to the databases.
fn opening(from: &str, ports: &str) -> String {
    format!(
        "# what was there before\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: old, namespace: payments}}\nspec:\n  \
         podSelector: {{matchLabels: {{app: db}}}}\n  policyTypes: [Ingress]\n  ingress: [{{from: [{from}]{ports}}}]\n"
    )
}

const OTHERS: &str = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}}";

#[test]
fn policies_of_others_are_counted_and_named() {
    let fails = |assertion: &str, manifest: &str, said: &[&str]| {
        let found = failing_beside(assertion, manifest);
        assert!(found.len() == 1 && said.iter().all(|it| found[0].contains(it)), "{assertion}: {found:#?}");
    };
    let holds = |assertion: &str, manifest: &str| assert_eq!(failing_beside(assertion, manifest), [] as [&str; 0], "{assertion}");
    let old = opening(OTHERS, "");
    fails(
        "assert only payments/api, payments/backup -> payments/db",
        &old,
        &[
            "passes: a pod of `other`",
            "old.yaml:2: NetworkPolicy payments/old lets it reach the destination",
            "no sentence isolates the source",
        ],
    );
    fails("assert deny other/w -> payments/db", &old, &["old.yaml:2: NetworkPolicy payments/old lets it reach the destination"]);
    holds("assert allow other/w -> payments/db 5432", &old);
    holds("assert deny internet -> payments/db", &old);
    holds("assert isolated payments/pods", &old);
    let closing =
        opening("", "").replace("payments", "other").replace("app: db", "app: w").replace("from: []", "from: [{podSelector: {}}]");
    fails("assert allow payments/api -> other/w", &closing, &["does not pass", "NetworkPolicy other/old does not let it reach"]);
    fails("assert allow payments/api -> payments/db 5433", &closing, &["namespace payments isolate"]);
    fails("assert deny payments/api -> payments/db", &closing, &["allow api, backup -> db"]);
    holds("assert isolated ingress other/w", &closing);
    fails("assert isolated egress other/w", &closing, &["is not isolated for egress"]);
}

#[test]
fn what_is_not_understood_and_could_matter_is_never_taken_for_a_yes() {
    let first = |assertion: &str, manifest: &str| failing_beside(assertion, manifest).into_iter().next().unwrap_or_default();
    let cilium = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: payments}\nspec: {}\n";
    for assertion in ["assert deny internet -> payments/db", "assert allow payments/api -> payments/db"] {
        let found = first(assertion, cilium);
        assert!(found.contains("is not shown to hold") && found.contains("old.yaml:1: CiliumNetworkPolicy payments/c"), "{found}");
    }
    assert_eq!(first("assert isolated payments/pods", cilium), "");
    assert!(first("assert deny payments/api -> payments/db", cilium).contains("this does not hold"));
    let by_name = opening(OTHERS, ", ports: [{port: postgres}]");
    let found = first("assert deny other/w -> payments/db", &by_name);
    assert!(found.contains("old.yaml:2: NetworkPolicy payments/old: a rule has a port by name"), "{found}");
    assert_eq!(first("assert deny other/w -> payments/db 53/udp", &by_name), "");
    assert_eq!(first("assert deny internet -> payments/db", &by_name), "");
    assert!(first("assert allow other/w -> payments/db 5432", &by_name).contains("is not shown to hold"));
}
