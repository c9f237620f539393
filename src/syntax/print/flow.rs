//! Flows, peers and ports as text.

use super::word::{list, word, words};
use crate::syntax::tree::{
    Claim, Flow, Isolation, Peer, PeerKind, Peers, Port, PortDeclaration, PortKind, PortNumbers, Protocol, Requirement, Side, Test,
};

/// `PEERS -> PEERS [PORTS]`.
pub(super) fn flow(flow: &Flow) -> String {
    let ends = format!("{} -> {}", peers(&flow.sources), peers(&flow.destinations));
    if flow.ports.is_empty() { ends } else { format!("{ends} {}", list(&flow.ports, port)) }
}

/// `assert …`.
pub(super) fn claim(claim: &Claim) -> String {
    match claim {
        Claim::Deny(line) => format!("assert deny {}", flow(line)),
        Claim::Allow(line) => format!("assert allow {}", flow(line)),
        Claim::Only(line) => format!("assert only {}", flow(line)),
        Claim::Isolated { side: found, peers: whose } => format!("assert isolated{} {}", side(*found), peers(whose)),
        Claim::Nobody(found) => super::access::nobody(found),
    }
}

fn side(side: Option<Side>) -> &'static str {
    match side {
        None => "",
        Some(Side::Ingress) => " ingress",
        Some(Side::Egress) => " egress",
        Some(Side::Nodeports) => " nodeports",
    }
}

/// `isolate [SIDE] [PEERS] [without dns]`.
pub(super) fn isolation(isolation: &Isolation, whose: Option<&Peers>) -> String {
    let mut said = "isolate".to_owned();
    said.push_str(side(isolation.side));
    if let Some(whose) = whose {
        said.push(' ');
        said.push_str(&peers(whose));
    }
    if isolation.without_dns.is_some() {
        said.push_str(" without dns");
    }
    said
}

/// `a, b except c`.
pub(super) fn peers(peers: &Peers) -> String {
    let all = list(&peers.list, peer);
    if peers.except.is_empty() { all } else { format!("{all} except {}", list(&peers.except, peer)) }
}

/// One peer.
pub(super) fn peer(peer: &Peer) -> String {
    match &peer.kind {
        PeerKind::Name(name) => word(name),
        PeerKind::Qualified(namespace, name) => format!("{}/{}", word(namespace), word(name)),
        PeerKind::Pods(conditions) => format!("pods{}", selector(conditions)),
        PeerKind::NamespacePods(namespace, conditions) => format!("{}/pods{}", word(namespace), selector(conditions)),
        PeerKind::AnyPods(conditions) => format!("any/pods{}", selector(conditions)),
        PeerKind::LabelledNamespaces(namespaces, pods) if pods.is_empty() => format!("namespaces{}", selector(namespaces)),
        PeerKind::LabelledNamespaces(namespaces, pods) => format!("namespaces{}/pods{}", selector(namespaces), selector(pods)),
        PeerKind::ServiceAccount(None, name) => format!("serviceaccount {}", word(name)),
        PeerKind::ServiceAccount(Some(namespace), name) => format!("serviceaccount {}/{}", word(namespace), word(name)),
        PeerKind::Address(address) => word(address),
        PeerKind::Builtin(builtin) => builtin.as_str().to_owned(),
        PeerKind::Nodeports(ports) => format!("nodeports({})", list(ports, port)),
    }
}

/// Conditions in parentheses; nothing where there are none.
fn selector(conditions: &[Requirement]) -> String {
    if conditions.is_empty() { String::new() } else { format!("({})", requirements(conditions)) }
}

/// `k=v, has k`.
pub(super) fn requirements(conditions: &[Requirement]) -> String {
    list(conditions, requirement)
}

fn requirement(requirement: &Requirement) -> String {
    let key = word(&requirement.key);
    match &requirement.test {
        Test::Is(value) => format!("{key}={}", word(value)),
        Test::IsNot(value) => format!("{key}!={}", word(value)),
        Test::In(values) => format!("{key} in ({})", words(values)),
        Test::NotIn(values) => format!("{key} not in ({})", words(values)),
        Test::Has => format!("has {key}"),
        Test::Lacks => format!("lacks {key}"),
    }
}

/// One port of a flow.
pub(super) fn port(port: &Port) -> String {
    match &port.kind {
        PortKind::Name(name) => word(name),
        PortKind::Tls => "tls".to_owned(),
        PortKind::Icmp => "icmp".to_owned(),
        PortKind::Protocol(found) => protocol(*found).to_owned(),
        PortKind::Numbers(numbers) => port_numbers(numbers),
    }
}

fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
        Protocol::Sctp => "sctp",
    }
}

/// `53/tcp+udp`.
pub(super) fn port_numbers(numbers: &PortNumbers) -> String {
    let protocols: Vec<&str> = numbers.protocols.iter().map(|found| protocol(*found)).collect();
    if protocols.is_empty() { word(&numbers.numbers) } else { format!("{}/{}", word(&numbers.numbers), protocols.join("+")) }
}

/// `https 8443 tls`.
pub(super) fn port_declaration(declaration: &PortDeclaration) -> String {
    let name = declaration.name.as_ref().map_or_else(String::new, |name| format!("{} ", word(name)));
    format!("{name}{}{}", port_numbers(&declaration.numbers), if declaration.tls.is_some() { " tls" } else { "" })
}
