//! What two models let through, as sets.

use crate::compile::{Files, Options};
use crate::query::{Model, Reach};
use crate::source::SourceFile;

const PODS: &str = "
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {kubernetes.io/metadata.name: shop}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, ports: [{containerPort: 80, name: http}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, ports: [{containerPort: 5432, name: sql}]}]}
";

/// A NetworkPolicy for the database's ingress.
fn ingress_of_db(rule: &str) -> String {
    format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: db, namespace: shop}}\n\
         spec: {{podSelector: {{matchLabels: {{app: db}}}}, policyTypes: [Ingress], ingress: [{rule}]}}\n"
    )
}

fn reach<const N: usize>(policies: [&str; N]) -> [Reach; N] {
    let model = |policies: &&str| {
        let manifests = vec![SourceFile { name: "all.yaml".into(), text: format!("{PODS}{policies}") }];
        Model::new(Files { manifests, ..Files::default() }, &Options::default()).unwrap()
    };
    let models: Vec<Model> = policies.iter().map(model).collect();
    Model::reach(&models.iter().collect::<Vec<_>>()).try_into().unwrap()
}

#[test]
fn what_is_gained_and_lost_is_told_by_pair_and_port() {
    let old = ingress_of_db("{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}, {port: 9000}]}");
    let new = ingress_of_db("{from: [{podSelector: {}}], ports: [{port: 5432}]}");
    let [old, new] = reach([&old, &new]);
    assert_eq!(old.without(&new).to_text(), "shop/web -> shop/db  9000/tcp\n");
    assert_eq!(new.without(&old).to_text(), "shop/db -> shop/db  5432/tcp\n");
    assert_eq!(old.common(&new).allowed().to_text(), "shop/web -> shop/db  5432/tcp\n");
}

#[test]
fn addresses_outside_are_told_by_network() {
    let old = ingress_of_db("{from: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: 5432}]}");
    let new = ingress_of_db("{from: [{ipBlock: {cidr: 198.51.100.0/25}}], ports: [{port: 5432}]}");
    let [old, new] = reach([&old, &new]);
    assert_eq!(old.without(&new).to_text(), "outside -> shop/db  5432/tcp from 198.51.100.128/25\n");
    assert!(new.without(&old).is_empty());
}

#[test]
fn other_words_for_the_same_are_no_difference() {
    let one = ingress_of_db("{from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [web]}]}}], ports: [{port: sql}]}");
    let other = ingress_of_db("{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}");
    let [one, other] = reach([&one, &other]);
    assert!(one.without(&other).is_empty() && other.without(&one).is_empty());
}

#[test]
fn a_label_that_only_one_of_two_asks_for_makes_no_difference() {
    let asks = ingress_of_db("{from: [{podSelector: {matchExpressions: [{key: legacy, operator: DoesNotExist}]}}]}");
    let plain = ingress_of_db("{from: [{podSelector: {}}]}");
    let [asks, plain] = reach([&asks, &plain]);
    assert!(asks.without(&plain).is_empty() && plain.without(&asks).is_empty());
}

#[test]
fn what_nobody_isolates_is_not_allowed_by_a_policy() {
    let [none, closed] = reach(["", &ingress_of_db("{ports: [{port: 5432}]}")]);
    assert!(!none.is_empty() && none.allowed().is_empty());
    assert_eq!(closed.allowed().to_text(), "outside -> shop/db  5432/tcp\nshop/db -> shop/db  5432/tcp\nshop/web -> shop/db  5432/tcp\n");
    let sides: Vec<(String, bool, bool)> = closed.workloads().map(|(name, it)| (name.to_owned(), it.ingress, it.egress)).collect();
    assert_eq!(sides, [("shop/db".to_owned(), true, false), ("shop/web".to_owned(), false, false)]);
}

#[test]
fn what_is_not_understood_is_told_with_the_set() {
    let unclear = "---\napiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: {name: a}\n\
        spec: {selector: app == 'db', types: [Ingress], ingress: [{action: Allow, protocol: TCP, source: {ports: [1]}}]}\n";
    let [unclear, clear] = reach([unclear, ""]);
    assert!(unclear.unknown()[0].contains("ports of the end that opens the connection"), "{:?}", unclear.unknown());
    assert_eq!(clear.without(&unclear).unknown(), unclear.unknown());
    assert!(clear.unknown().is_empty());
}
