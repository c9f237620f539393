//! What manifests say of namespaces, workloads and Services.

use std::collections::BTreeMap;

use super::{Case, Outcome};
use crate::ir::facts::{Facts, PortFacts, ServiceFacts, WorkloadFacts};

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

fn facts() -> Facts {
    let workload = |selector: &[(&str, &str)], ports: &[(&str, u16)], host_network: bool| WorkloadFacts {
        kind: "Deployment".to_owned(),
        pod_labels: map(selector),
        selector: map(selector),
        ports: ports
            .iter()
            .map(|(name, number)| PortFacts { name: Some((*name).to_owned()), number: *number, protocol: "TCP".to_owned() })
            .collect(),
        host_network,
        service_account: None,
        file: "deploy.yaml".to_owned(),
    };
    let key = |name: &str| ("shop".to_owned(), name.to_owned());
    let service = ServiceFacts { selector: map(&[("k8s.io/name", "web")]), ports: vec![(80, "http".to_owned(), "TCP".to_owned())] };
    Facts {
        namespaces: [("shop".to_owned(), map(&[("env", "prod")]))].into(),
        workloads: [
            (key("web"), workload(&[("k8s.io/name", "web")], &[("http", 8080)], false)),
            (key("agent"), workload(&[("app", "agent")], &[], true)),
        ]
        .into(),
        services: [(key("web-svc"), service)].into(),
        ..Facts::default()
    }
}

fn with(text: &str) -> Outcome {
    Case::default().file("p.polc", text).facts(facts()).run()
}

#[test]
fn a_workload_of_a_manifest_is_as_good_as_declared() {
    let outcome = with("namespace client { workload c; allow c -> shop/web; deny shop/web -> c }");
    assert_eq!(outcome.shown(), Vec::<String>::new());
    assert_eq!(
        outcome.flows(),
        ["allow client/c! -> shop/web(k8s.io/name=web)! [8080]", "deny shop/web(k8s.io/name=web)! -> client/c! [all]"]
    );
}

#[test]
fn and_makes_every_other_name_of_its_namespace_one_to_be_declared() {
    let outcome = with("namespace shop { allow wep -> web http }");
    assert_eq!(outcome.shown(), ["unknown-workload at «wep»: `wep` is neither a workload of `shop` nor a peer list | did you mean `web`?"]);
}

#[test]
fn the_name_of_a_service_points_to_its_pods() {
    let outcome = with("namespace client { workload c; allow c -> shop/web-svc }");
    assert_eq!(outcome.shown(), ["unknown-workload at «web-svc»: `shop` has no workload `web-svc` | write `web`"]);
}

#[test]
fn the_port_of_a_service_is_not_the_pods() {
    let outcome = with("namespace client { workload c; allow c -> shop/web 80 }");
    assert_eq!(
        outcome.shown(),
        ["service-port-not-pod-port at «80»: 80 is a port of the Service `web-svc`, not of the pods of `web` | write `http`"]
    );
    assert_eq!(with("namespace client { workload c; allow c -> shop/web 8080 }").shown(), Vec::<String>::new());
}

#[test]
fn pods_in_the_host_network_are_no_subject_and_no_peer() {
    for sentence in ["allow agent -> web", "allow web -> agent 80", "isolate agent", "deny pods except agent -> web"] {
        let outcome = with(&format!("namespace shop {{ {sentence} }}"));
        assert_eq!(
            outcome.shown(),
            [
                "host-network at «agent»: the pods of `agent` use the network of their node | name its nodes' addresses instead: `nodes`, or a range"
            ],
            "{sentence}"
        );
    }
}

#[test]
fn a_declared_workload_is_held_against_its_manifest() {
    let outcome = with("namespace shop { workload web; workload agent }");
    assert_eq!(
        outcome.shown(),
        [
            "workload-differs-from-manifest at «web»: the Deployment `shop/web` does not have the labels of this workload | put the labels of its pods into `select`"
        ]
    );
    let outcome = with("namespace shop { workload web { select k8s.io/name=web; ports http 80 }; workload agent }");
    assert_eq!(
        outcome.shown(),
        [
            "workload-differs-from-manifest at «web»: no container of `shop/web` names the port `http` | check the number: a pod's port is meant, not that of its Service"
        ]
    );
    assert_eq!(
        with("namespace shop { workload web { select k8s.io/name=web; ports http 8080 }; workload agent }").shown(),
        Vec::<String>::new()
    );
}

#[test]
fn a_tls_port_is_declared_and_never_guessed() {
    let outcome = with("namespace client { workload c; allow c -> shop/web tls }");
    assert_eq!(outcome.diagnostics.len(), 1);
    assert_eq!(outcome.diagnostics[0].code.as_str(), "no-tls-port");
}

#[test]
fn a_manifest_does_not_change_what_a_name_means() {
    let outcome = with("peers web = 203.0.113.7\nnamespace shop { workload x; allow web -> x }");
    assert_eq!(
        outcome.shown(),
        ["duplicate-declaration at «web»: `web` is both a peer list and a workload of a manifest | give the peer list another name"]
    );
}
