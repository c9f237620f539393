//! Manifests of which a part is not understood: what hangs on it is unknown, and nothing else.

use crate::query::{Model, Verdict};
use crate::{Files, Options, SourceFile};

/// The verdicts from `shop/web`, `shop/job`, `far/web` and the world outside to `shop/db`, on port 80, as their first letters.
fn verdicts(policies: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (namespace, app) in [("shop", "web"), ("shop", "job"), ("shop", "db"), ("far", "web")] {
        text += &format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {app}, namespace: {namespace}, labels: {{app: {app}, of: {namespace}-{app}}}}}\nspec: {{}}\n---\n"
        );
    }
    for (number, (kind, spec)) in policies.iter().enumerate() {
        let home = if kind.starts_with("Global") { "" } else { ", namespace: shop" };
        text += &format!(
            "apiVersion: projectcalico.org/v3\nkind: {kind}\nmetadata: {{name: p{number}{home}}}\nspec: {{order: {number}, {spec}}}\n---\n"
        );
    }
    let manifests = vec![SourceFile { name: "a.yaml".into(), text }];
    let model = Model::new(Files { manifests, ..Files::default() }, &Options::default()).unwrap();
    assert!(!model.compilation().has_errors(), "{:?}", model.compilation().diagnostics);
    let mut batch = model.batch();
    let word = |source: &&str| {
        let question = format!("{source} -> shop/db 80");
        let (answer, verdict) = (model.ask(&question).unwrap(), batch.answer(&question).unwrap());
        assert_eq!(answer.verdict, verdict, "one by one and in a batch");
        assert_eq!(answer.not_understood.is_empty(), verdict != Verdict::Unknown, "what an answer hangs on is told: {answer:?}");
        verdict.as_str().chars().next().unwrap()
    };
    ["shop/web", "shop/job", "far/web", "203.0.113.9"].iter().map(word).collect()
}

const OPEN: &str = "selector: app == 'db', types: [Ingress], ingress: [{action: Allow}]";

#[test]
fn a_rule_that_is_not_understood_is_asked_in_its_turn() {
    let of = |rules: &str| verdicts(&[("NetworkPolicy", &format!("selector: app == 'db', types: [Ingress], ingress: [{rules}]"))]);
    let web = "source: {selector: app == 'web'}";
    let get = format!("{{action: Allow, {web}, http: {{methods: [GET]}}}}");
    // It may open what nothing else opens, and is about one pod alone.
    assert_eq!(of(&get), "uddd");
    assert_eq!(of(&format!("{{action: Deny}}, {get}")), "dddd");
    assert_eq!(of(&format!("{{action: Allow, {web}}}, {get}")), "addd");
    // Whether a deny matches says nothing where all is closed behind it.
    assert_eq!(of(&get.replace("Allow", "Deny")), "dddd");
    assert_eq!(of(&format!("{}, {{action: Allow}}", get.replace("Allow", "Deny"))), "uaaa");
    let from_port = format!("{{action: Allow, protocol: UDP, source: {{ports: [53]}}}}, {{action: Allow, {web}}}");
    assert_eq!(of(&from_port), "addd");
    assert_eq!(of(&from_port.replace("UDP", "TCP")), "auuu");
    // What is passed on is open behind the last tier.
    assert_eq!(of("{action: Pass, http: {methods: [GET]}}"), "uuuu");
}

#[test]
fn a_test_of_a_part_is_decided_for_labels_that_are_known() {
    let of = |selector: &str| {
        verdicts(&[(
            "NetworkPolicy",
            &format!("selector: app == 'db', types: [Ingress], ingress: [{{action: Allow, source: {selector}}}]"),
        )])
    };
    assert_eq!(of("{selector: of ends with 'web'}"), "addd");
    assert_eq!(of("{selector: of contains 'eb', namespaceSelector: all()}"), "adad");
    assert_eq!(of("{selector: of starts with 'shop-', namespaceSelector: all()}"), "aadd");
    assert_eq!(of("{selector: '!(of starts with \"shop-\")', namespaceSelector: all()}"), "ddad");
    assert_eq!(of("{notSelector: of contains 'web', selector: all()}"), "dadd");
    let selected = |selector: &str| verdicts(&[("NetworkPolicy", &format!("selector: {selector}, types: [Ingress]"))]);
    assert_eq!((selected("of contains 'job'"), selected("of contains 'db'")), ("aaaa".into(), "dddd".into()));
}

#[test]
fn a_policy_about_traffic_through_hosts_opens_nothing_and_may_close() {
    let hosts = "selector: all(), applyOnForward: true, types: [Ingress], ingress: [{action: Allow}]";
    assert_eq!(verdicts(&[("GlobalNetworkPolicy", hosts)]), "uuuu");
    let closed = "selector: app == 'db', types: [Ingress], ingress: [{action: Allow, source: {selector: app == 'web'}}]";
    assert_eq!(
        verdicts(&[("NetworkPolicy", closed), ("GlobalNetworkPolicy", &hosts.replace("ingress: [{action: Allow}]", "ingress: []"))]),
        "uddd"
    );
}

#[test]
fn what_one_side_closes_is_closed_whatever_the_other_says() {
    let quiet = ("NetworkPolicy", "selector: app == 'job', types: [Egress]");
    let unclear = ("NetworkPolicy", "selector: app == 'db', types: [Ingress], ingress: [{action: Allow, http: {methods: [GET]}}]");
    assert_eq!(verdicts(&[quiet, unclear]), "uduu");
    assert_eq!(verdicts(&[quiet, ("NetworkPolicy", OPEN)]), "adaa");
    let foreign = ("NetworkPolicy", "selector: app == 'db', types: [Ingress], ingress: [{action: Allow, source: {domains: [a.example]}}]");
    assert_eq!(verdicts(&[quiet, foreign]), "uduu");
}
