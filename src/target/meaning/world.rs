//! A small world, and every connection in it.

use std::collections::BTreeMap;
use std::net::IpAddr;

/// A pod.
#[derive(Debug, Clone)]
pub(crate) struct Pod {
    pub(crate) namespace: &'static str,
    pub(crate) namespace_labels: BTreeMap<String, String>,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) account: &'static str,
}

/// An end of a connection.
#[derive(Debug, Clone)]
pub(crate) struct End {
    /// The pod, if it is one.
    pub(crate) pod: Option<Pod>,
    /// Its address.
    pub(crate) address: IpAddr,
}

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub(crate) source: End,
    pub(crate) destination: End,
    /// `TCP`, `UDP`, `SCTP`, `ICMP`, `ICMPv6`, or another.
    pub(crate) protocol: &'static str,
    /// None where the protocol has no ports.
    pub(crate) port: Option<u16>,
}

const PODS: [(&str, &str, &str, &str, &str); 7] = [
    ("a", "x", "", "s", "10.0.0.1"),
    ("a", "y", "e", "t", "10.0.0.2"),
    ("a", "x", "e", "t", "fd00::1"),
    ("b", "x", "e", "s", "10.0.1.1"),
    ("b", "z", "", "t", "10.0.1.2"),
    ("kube-system", "x", "", "s", "10.0.2.1"),
    ("new", "y", "", "s", "10.0.2.2"),
];

const OUTSIDE: [&str; 4] = ["203.0.113.5", "198.51.100.7", "2001:db8::1", "2001:db8:8000::1"];

fn labels(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    list.iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn ends() -> Vec<End> {
    let pods = PODS.map(|(namespace, app, extra, account, address)| {
        let env = if namespace == "a" { "prod" } else { "" };
        let namespace_labels = labels(&[("kubernetes.io/metadata.name", namespace), ("env", env)]);
        End {
            pod: Some(Pod { namespace, namespace_labels, labels: labels(&[("app", app), ("extra", extra)]), account }),
            address: address.parse().unwrap(),
        }
    });
    let outside = OUTSIDE.map(|address| End { pod: None, address: address.parse().unwrap() });
    pods.into_iter().chain(outside).collect()
}

/// Every connection between two ends of one address family, one of them a pod.
pub(super) fn connections() -> impl Iterator<Item = Connection> {
    let ends = ends();
    let pairs: Vec<(End, End)> = ends
        .iter()
        .flat_map(|source| ends.iter().map(move |destination| (source.clone(), destination.clone())))
        .filter(|(source, destination)| source.address != destination.address && source.address.is_ipv4() == destination.address.is_ipv4())
        .filter(|(source, destination)| source.pod.is_some() || destination.pod.is_some())
        .collect();
    pairs.into_iter().flat_map(|(source, destination)| {
        let icmp = if source.address.is_ipv4() { "ICMP" } else { "ICMPv6" };
        let asked = [("TCP", Some(80)), ("TCP", Some(443)), ("UDP", Some(53)), ("SCTP", Some(80)), (icmp, None)];
        asked.map(|(protocol, port)| Connection { source: source.clone(), destination: destination.clone(), protocol, port })
    })
}
