//! The examples of real applications, held against the applications' own manifests.
//!
//! A pod calls what its settings name: that is read from the manifests, turned into pods and their ports, and must be
//! open. Everything else must be closed, for every pair of pods and every port that is declared anywhere.

mod manifests;

use crate::judges::{Network, Probe, nca, reach};
use crate::pods::{self, Pod};
use crate::real_cases::{network_policies, say, shared, sources};
use manifests::Application;
use polc::{Files, Options};
use std::collections::BTreeSet;
use std::path::Path;

/// A connection that is expected to pass: source, destination, protocol and port.
type Call = (String, String, String, u16);

/// An example, and what its application's settings do not tell.
struct Example {
    name: &'static str,
    manifests: &'static str,
    namespace: &'static str,
    /// Pods beside the application's: name as `namespace/name`, one label, ports.
    others: &'static [(&'static str, (&'static str, &'static str), &'static [u16])],
    /// Addresses to try, to and from.
    addresses: &'static [&'static str],
    /// Those that open no connection, not even to DNS.
    silent: &'static [&'static str],
    /// TCP calls that no setting names.
    besides: &'static [(&'static str, &'static str, u16)],
}

#[test]
fn online_boutique_opens_the_calls_of_its_settings_and_no_others() {
    hold(&Example {
        name: "online-boutique",
        manifests: "apps/online-boutique/kubernetes-manifests.yaml",
        namespace: "boutique",
        others: &[("elsewhere/stranger", ("app", "frontend"), &[80])],
        addresses: &["198.51.100.9", "10.128.0.7", "10.200.0.1"],
        silent: &["boutique/redis-cart"],
        // Shoppers: from the internet, or from the node that a load balancer sent them to.
        besides: &[("198.51.100.9", "boutique/frontend", 8080), ("10.128.0.7", "boutique/frontend", 8080)],
    });
}

#[test]
fn opentelemetry_demo_opens_the_calls_of_its_settings_and_no_others() {
    hold(&Example {
        name: "opentelemetry-demo",
        manifests: "apps/opentelemetry-demo/opentelemetry-demo.yaml",
        namespace: "otel-demo",
        others: &[
            ("elsewhere/stranger", ("app.kubernetes.io/name", "frontend"), &[80]),
            ("ingress-nginx/controller", ("app.kubernetes.io/name", "ingress-nginx"), &[443]),
        ],
        addresses: &["198.51.100.9", "192.168.49.2"],
        silent: &["otel-demo/postgresql", "otel-demo/valkey-cart"],
        besides: &[
            ("ingress-nginx/controller", "otel-demo/frontend-proxy", 8080),
            // Its connection string names no port.
            ("otel-demo/accounting", "otel-demo/postgresql", 5432),
            // What the collector watches and where it hands on to is in its configuration file, not in the manifests.
            ("otel-demo/otel-collector", "otel-demo/postgresql", 5432),
            ("otel-demo/otel-collector", "otel-demo/valkey-cart", 6379),
            ("otel-demo/otel-collector", "otel-demo/frontend-proxy", 8080),
            ("otel-demo/otel-collector", "otel-demo/image-provider", 8081),
            ("otel-demo/otel-collector", "otel-demo/jaeger", 4317),
            ("otel-demo/otel-collector", "otel-demo/prometheus", 9090),
            ("otel-demo/otel-collector", "otel-demo/opensearch", 9200),
            // So are Grafana's data sources.
            ("otel-demo/grafana", "otel-demo/prometheus", 9090),
            ("otel-demo/grafana", "otel-demo/jaeger", 16686),
            ("otel-demo/grafana", "otel-demo/opensearch", 9200),
            ("otel-demo/grafana", "198.51.100.9", 443),
            ("otel-demo/grafana", "192.168.49.2", 8443),
            ("otel-demo/prometheus", "192.168.49.2", 8443),
            ("otel-demo/otel-collector", "192.168.49.2", 8443),
        ],
    });
}

fn hold(example: &Example) {
    let Some(shared) = shared() else {
        return say(&format!("SKIP real data absent: 1 case ({})", example.name));
    };
    let application = Application::read(&shared.join(example.manifests), example.namespace);
    let expected = expected(example, &application);
    let pods: Vec<Pod> = application.pods.iter().cloned().chain(others(example)).collect();
    let network = network(example, &pods);
    for (judge, verdicts) in [("reach", reach(std::slice::from_ref(&network))), ("nca", nca(std::slice::from_ref(&network)))] {
        let open = network.probes.iter().zip(verdicts.concat()).filter(|(_, open)| *open).map(|(probe, _)| call(probe));
        let open: BTreeSet<Call> = open.filter(|call| concerns(example, call)).collect();
        assert!(open == expected, "{judge}:\n{}", difference(&expected, &open));
    }
    say(&format!("{}: {} calls open, {} tried", example.name, expected.len(), network.probes.len()));
}

/// What is closed and should not be, and the other way round.
fn difference(expected: &BTreeSet<Call>, open: &BTreeSet<Call>) -> String {
    let line = |what, (source, destination, protocol, port): &Call| format!("{what}: {source} -> {destination} {port}/{protocol}\n");
    let closed = expected.difference(open).map(|call| line("closed", call));
    closed.chain(open.difference(expected).map(|call| line("open", call))).collect()
}

/// The calls of the settings, those besides, and DNS.
fn expected(example: &Example, application: &Application) -> BTreeSet<Call> {
    let tcp = |source: &str, destination: &str, port| (source.to_owned(), destination.to_owned(), "TCP".to_owned(), port);
    let mut calls: BTreeSet<Call> = application.calls().into_iter().collect();
    assert!(calls.len() > 10, "{}: {} calls found in the settings", example.name, calls.len());
    calls.extend(example.besides.iter().map(|(source, destination, port)| tcp(source, destination, *port)));
    for pod in application.pods.iter().filter(|pod| !example.silent.contains(&pod.name.as_str())) {
        calls.extend(["TCP", "UDP"].map(|protocol| (pod.name.clone(), pods::dns().name, protocol.to_owned(), 53)));
    }
    calls
}

/// The pods beside the application's: DNS, and those that the example names.
fn others(example: &Example) -> Vec<Pod> {
    let ports = |ports: &[u16]| ports.iter().map(|port| (*port, "TCP".to_owned())).collect();
    let other = |(name, (key, value), numbers): &(&str, (&str, &str), &[u16])| Pod {
        name: (*name).to_owned(),
        labels: [((*key).to_owned(), (*value).to_owned())].into(),
        ports: ports(numbers),
        account: None,
    };
    example.others.iter().map(other).chain([pods::dns()]).collect()
}

/// Every pair of ends, every declared port and some that nobody declares.
fn network(example: &Example, pods: &[Pod]) -> Network {
    let files = Files { policies: sources(&repository().join("examples").join(example.name)), ..Files::default() };
    let compilation = polc::compile(files, &Options::default());
    assert!(!compilation.has_errors(), "{}: {:#?}", example.name, compilation.diagnostics);
    let undeclared = [(443, "TCP"), (8443, "TCP"), (9999, "TCP"), (8080, "UDP"), (8080, "SCTP")];
    let probes = pods::probes(pods, example.addresses, &undeclared);
    Network { manifests: format!("{}---\n{}", pods::inventory(pods), network_policies(&compilation.to_yaml())), probes }
}

fn call(probe: &Probe) -> Call {
    (probe.source.clone(), probe.destination.clone(), probe.protocol.clone(), probe.port)
}

/// Whether one end is the application's: what others do among themselves is not its policy's business.
fn concerns(example: &Example, (source, destination, ..): &Call) -> bool {
    [source, destination].iter().any(|end| end.split_once('/').is_some_and(|(namespace, _)| namespace == example.namespace))
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
