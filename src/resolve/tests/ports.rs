//! Ports of flows (docs/src/reference/flows.md "Ports").

use super::{run, sound};

const SHOP: &str =
    "workload web { ports http 8080, metrics 9090 }; workload api { ports https 8443 tls, metrics 9091, dns 53/udp }; workload plain";

fn flow(sentence: &str) -> String {
    let outcome = sound(&format!("namespace shop {{ {SHOP}\n {sentence} }}"));
    outcome.flows().remove(0)
}

fn wrong(sentence: &str) -> Vec<String> {
    run(&format!("namespace shop {{ {SHOP}\n {sentence} }}")).shown()
}

#[test]
fn without_ports_an_allow_opens_what_the_destination_declares() {
    assert_eq!(flow("allow web -> api"), "allow shop/web! -> shop/api! [8443, 9091, 53/udp]");
    assert_eq!(flow("allow web -> plain"), "allow shop/web! -> shop/plain! [all]");
    assert_eq!(flow("allow web -> pods"), "allow shop/web! -> shop/pods()! [all]");
}

#[test]
fn without_ports_a_deny_closes_everything() {
    assert_eq!(flow("deny web -> api"), "deny shop/web! -> shop/api! [all]");
    assert_eq!(flow("deny web -> dns"), "deny shop/web! -> dns [all]");
}

#[test]
fn a_number_alone_is_tcp_in_an_allow_and_every_protocol_in_a_deny() {
    assert_eq!(flow("allow web -> api 8443"), "allow shop/web! -> shop/api! [8443]");
    assert_eq!(flow("deny web -> api 8443"), "deny shop/web! -> shop/api! [8443, 8443/udp, 8443/sctp]");
    assert_eq!(flow("deny web -> api 8443/udp"), "deny shop/web! -> shop/api! [8443/udp]");
}

#[test]
fn numbers_ranges_protocols_and_icmp() {
    assert_eq!(flow("allow web -> api 1-5, 53/tcp+udp, sctp"), "allow shop/web! -> shop/api! [1-5, 53, 53/udp, 1-65535/sctp]");
    assert_eq!(flow("allow web -> api icmp"), "allow shop/web! -> shop/api! [icmp]");
    assert_eq!(flow("allow web -> api icmp, tcp"), "allow shop/web! -> shop/api! [1-65535, icmp]");
}

#[test]
fn a_name_is_each_destinations_own_number() {
    assert_eq!(flow("allow plain -> web, api metrics"), "allow shop/plain! -> shop/web! [9090], shop/api! [9091]");
    assert_eq!(flow("deny plain -> api metrics"), "deny shop/plain! -> shop/api! [9091, 9091/udp, 9091/sctp]");
}

#[test]
fn tls_is_the_destinations_tls_ports() {
    assert_eq!(flow("allow web -> api tls"), "allow shop/web! -> shop/api! [8443]");
    assert_eq!(flow("deny web -> api tls"), "deny shop/web! -> shop/api! [8443, 8443/udp, 8443/sctp]");
    assert!(sound(&format!("namespace shop {{ {SHOP}\n allow web -> api tls }}")).policy.flows[0].tls);
    assert!(!sound(&format!("namespace shop {{ {SHOP}\n allow web -> api https }}")).policy.flows[0].tls);
}

#[test]
fn tls_to_declared_ports_without_tls_is_an_error() {
    assert_eq!(
        wrong("allow api -> web tls"),
        [
            "no-tls-port at «tls»: no port of `web` speaks TLS | if one of them does, say so where it is declared, like `ports https 8443 tls`; else name the port that is meant"
        ]
    );
}

#[test]
fn tls_to_nothing_declared_is_443_with_a_warning() {
    assert_eq!(
        wrong("allow api -> plain tls"),
        [
            "tls-port-assumed at «tls»: `tls` to `plain` is taken as port 443 | declare the port of its pods: `workload plain { ports https 8443 tls }`"
        ]
    );
    let outcome = run("namespace shop { workload web; allow web -> internet tls }");
    assert_eq!(
        outcome.shown(),
        ["tls-port-assumed at «tls»: `tls` to `internet` is taken as port 443 | write the port that is meant, for example `443`"]
    );
    assert_eq!(outcome.flows(), ["allow shop/web! -> internet [443]"]);
}

#[test]
fn every_destination_written_out_has_the_named_port() {
    assert_eq!(wrong("allow plain -> web, api http"), ["unknown-port at «http»: `api` declares no port `http` | did you mean `https`?"]);
    assert_eq!(
        wrong("allow web -> plain http"),
        [
            "unknown-port at «http»: `plain` declares no port `http` | write the port's number, or declare it in the workload: `ports http NUMBER`"
        ]
    );
    assert_eq!(wrong("allow web -> internet http").len(), 1);
}

#[test]
fn a_workload_among_the_ports_shows_the_order() {
    assert_eq!(
        wrong("allow plain -> api https, web"),
        [
            "peer-among-ports at «web»: `web` stands among the ports, and it is a peer | name every destination before the ports: `-> api, web https`"
        ]
    );
    // A port of that name is a port, whoever else is called so.
    sound("namespace p { workload a; workload metrics; workload b { ports tcp-main 80, metrics 90 }; allow a -> b tcp-main, metrics }");
}

#[test]
fn to_many_pods_a_name_means_each_workload_that_declares_it() {
    assert_eq!(flow("allow plain -> pods metrics"), "allow shop/plain! -> shop/api! [9091], shop/web! [9090]");
    assert_eq!(flow("allow plain -> pods metrics, 80"), "allow shop/plain! -> shop/pods()! [80], shop/api! [9091], shop/web! [9090]");
    assert_eq!(
        flow("allow plain -> pods(tier=front) metrics"),
        "allow shop/plain! -> shop/pods(app=api,tier=front)! [9091], shop/pods(app=web,tier=front)! [9090]"
    );
    assert_eq!(flow("allow plain -> pods(app=web) metrics"), "allow shop/plain! -> shop/pods(app=web)! [9090]");
}

#[test]
fn names_reach_every_namespace_that_the_peer_reaches() {
    let both = |sentence: &str| {
        sound(&format!(
            "namespace a {{ labels env=prod; workload x {{ ports metrics 1 }} }}
             namespace b {{ labels env=dev; workload x {{ ports metrics 2 }} }}
             namespace c external {{ workload x {{ ports metrics 3 }} }}
             namespace d {{ workload y; {sentence} }}"
        ))
        .flows()
        .remove(0)
    };
    assert_eq!(both("allow y -> any/pods metrics"), "allow d/y! -> a/x [1], b/x [2], c/x [3]");
    assert_eq!(both("allow y -> b/pods metrics"), "allow d/y! -> b/x! [2]");
    assert_eq!(
        both("allow y -> namespaces(env=prod) metrics"),
        "allow d/y! -> namespaces(env=prod,kubernetes.io/metadata.name=a)/pods(app=x) [1], namespaces(env=prod,kubernetes.io/metadata.name=c)/pods(app=x) [3]",
        "labels of an external namespace are not known, so the condition stays"
    );
}

#[test]
fn in_everywhere_named_ports_open_each_workload_that_has_them() {
    let outcome = sound(
        "namespace a { workload x { ports metrics 1 } }
         namespace c external { workload x { ports metrics 3 } }
         namespace monitoring { workload prometheus }
         everywhere { allow monitoring/prometheus -> any/pods metrics }",
    );
    assert_eq!(outcome.flows(), ["allow monitoring/prometheus! -> a/x! [1], c/x! [3]"]);
}

#[test]
fn at_least_one_workload_has_the_name() {
    assert_eq!(
        wrong("allow plain -> pods grpc"),
        [
            "unknown-port at «grpc»: no workload among `pods` declares a port `grpc` | write the port's number, or declare the port in the workloads that have it"
        ]
    );
    assert_eq!(
        wrong("allow plain -> pods metric"),
        ["unknown-port at «metric»: no workload among `pods` declares a port `metric` | did you mean `metrics`?"]
    );
}

#[test]
fn a_deny_of_tls_to_many_pods_closes_443_and_what_is_declared() {
    let outcome = run(&format!("namespace shop {{ {SHOP}\n deny plain -> pods tls }}"));
    assert_eq!(outcome.flows(), ["deny shop/plain! -> shop/pods()! [443, 443/udp, 443/sctp], shop/api! [8443, 8443/udp, 8443/sctp]"]);
    assert_eq!(flow("allow plain -> pods tls"), "allow shop/plain! -> shop/api! [8443]");
}

#[test]
fn dns_and_the_api_server_know_their_ports() {
    assert_eq!(flow("allow web -> apiserver"), "allow shop/web! -> apiserver [as-the-cluster-says]");
    assert_eq!(flow("allow web -> apiserver tls"), "allow shop/web! -> apiserver [as-the-cluster-says]");
    assert_eq!(flow("allow web -> apiserver 6443"), "allow shop/web! -> apiserver [6443]");
    assert_eq!(flow("allow web -> dns 53/udp"), "allow shop/web! -> dns [53/udp]");
}

#[test]
fn a_port_is_a_number_from_1_to_65535() {
    for (written, help) in [
        ("0", "ports run from 1 to 65535; all ports of a protocol are written `tcp`, `udp` or `sctp`"),
        ("65536", "ports run from 1 to 65535; all ports of a protocol are written `tcp`, `udp` or `sctp`"),
        ("8100-8000", "write `8000-8100`"),
        ("080", "write the port without it"),
    ] {
        let shown = wrong(&format!("allow web -> api {written}"));
        assert!(
            shown.len() == 1 && shown[0].starts_with(&format!("invalid-port at «{written}»")) && shown[0].ends_with(&format!("| {help}")),
            "{shown:?}"
        );
    }
}

#[test]
fn a_port_named_twice_is_a_warning() {
    assert_eq!(wrong("allow web -> api 8443, 8000-9000, 8443/tcp"), ["named-twice at «8443/tcp»: this port is named already | remove it"]);
}

#[test]
fn a_services_port_is_not_the_pods() {
    let outcome =
        run("namespace shop { workload client; workload web { ports http 8080; service web 80 -> http }; allow client -> web 80 }");
    assert_eq!(
        outcome.shown(),
        ["service-port-not-pod-port at «80»: 80 is a port of the Service `web`, not of the pods of `web` | write `http`"]
    );
    sound("namespace shop { workload client; workload web { ports http 8080; service web 80 -> http }; allow client -> web 8080 }");
    sound("namespace shop { workload client; workload web { ports http 80; service web 80 -> http }; allow client -> web 80 }");
}

#[test]
fn clusters_that_know_a_workload_by_different_labels() {
    let text = |sentence: &str| {
        format!(
            "cluster a {{ workload-label app }} cluster b {{ workload-label name }} namespace shop {{ workload web {{ ports http 8080 }}; {sentence} }}"
        )
    };
    let outcome = run(&text("deny pods -> pods(tier=front) http"));
    assert_eq!(
        outcome.shown(),
        ["workload-label-differs at «pods(tier=front)»: which pods of `pods(tier=front)` are `shop/web` differs by cluster | \
         say which labels its pods carry: `workload web { select KEY=VALUE }`"]
    );
    assert_eq!(sound(&text("deny pods -> pods http")).flows(), ["deny shop/pods()! -> shop/web! [8080, 8080/udp, 8080/sctp]"]);
}

#[test]
fn a_deny_stays_with_namespaces_that_may_be_labeled_one_day() {
    let outcome = sound("namespace a { workload x { ports http 80 } } namespace b { workload y; deny y -> namespaces(env=prod) http }");
    assert_eq!(outcome.flows(), ["deny b/y! -> namespaces(env=prod,kubernetes.io/metadata.name=a)/pods(app=x) [80, 80/udp, 80/sctp]"]);
    let outcome = run("namespace a { workload x { ports http 80 } } namespace b { workload y; allow y -> namespaces(env=prod) http }");
    assert_eq!(outcome.shown().len(), 1, "an allow of nobody's port is an error");
}
