//! What can be wrong with a flow's ports.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Peer, WorkloadPort};
use crate::semantics::ports::{PortSet, Protocol};
use crate::source::Span;
use crate::syntax::tree::Word;

use super::super::entry::Declared;
use super::super::names::shortened;
use super::super::report::Report;

/// What a Service's port leads to.
#[derive(Debug)]
pub(super) struct BehindService {
    /// The Service.
    pub(super) service: String,
    /// The pods' port, by number or name.
    pub(super) port: String,
}

/// A port by a name that the destination does not declare.
pub(in super::super) fn no_port(word: &Word, peer: &Peer, declared: Option<&Declared>, report: &Report) -> Diagnostic {
    let name = shortened(&word.text);
    let diagnostic = Diagnostic::new(Code::UnknownPort, word.span, format!("`{}` declares no port `{name}`", peer.name));
    let ports = declared.map(|d| d.workload.ports.as_slice()).unwrap_or_default();
    let names: Vec<&str> = ports.iter().filter_map(|p| p.name.as_deref()).collect();
    let diagnostic =
        if ports.is_empty() { diagnostic.note("it declares no ports") } else { diagnostic.note(format!("it declares {}", listed(ports))) };
    let diagnostic = match declared.and_then(|d| d.workload.declared) {
        Some(span) => diagnostic.also(span, "declared here"),
        None => diagnostic,
    };
    let lower = word.text.to_ascii_lowercase();
    if lower != word.text && ["tcp", "udp", "sctp", "icmp", "tls"].contains(&lower.as_str()) {
        return diagnostic.help(format!("words of the language are lower case: write `{lower}`"));
    }
    match report.near(&word.text, names) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("write the port's number, or declare it in the workload: `ports {name} NUMBER`")),
    }
}

/// A port by a name that no workload among some pods declares.
pub(super) fn nobody_has<'n>(word: &Word, peer: &Peer, known: impl Iterator<Item = &'n str>, report: &Report) -> Diagnostic {
    let name = shortened(&word.text);
    let diagnostic = Diagnostic::new(Code::UnknownPort, word.span, format!("no workload among `{}` declares a port `{name}`", peer.name));
    match report.near(&word.text, known) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("write the port's number, or declare the port in the workloads that have it"),
    }
}

/// A workload whose labels differ from cluster to cluster, where some of its pods are meant.
pub(super) fn label_unsettled(peer: &Peer, namespace: &str, declared: &Declared) -> Diagnostic {
    let name = &declared.workload.name;
    let headline = format!("which pods of `{}` are `{namespace}/{name}` differs by cluster", peer.name);
    let diagnostic = Diagnostic::new(Code::WorkloadLabelDiffers, peer.span, headline)
        .note("the clusters have different workload labels, and the workload has no `select`");
    let diagnostic = declared.workload.declared.into_iter().fold(diagnostic, |d, span| d.also(span, "the workload"));
    diagnostic.help(format!("say which labels its pods carry: `workload {name} {{ select KEY=VALUE }}`"))
}

/// A workload or peer list where ports stand.
pub(super) fn peer_among_ports(word: &Word, peers: &[&str], ports: &[&str]) -> Diagnostic {
    let name = &word.text;
    let mut order = peers.iter().copied().chain([name.as_str()]).collect::<Vec<_>>().join(", ");
    if !ports.is_empty() {
        order = format!("{order} {}", ports.join(", "));
    }
    Diagnostic::new(Code::PeerAmongPorts, word.span, format!("`{name}` stands among the ports, and it is a peer"))
        .note("the first word after a peer without a comma begins the ports; from there commas join ports")
        .help(format!("name every destination before the ports: `-> {order}`"))
}

/// `tls` to a workload that declares ports without TLS.
pub(super) fn no_tls_port(span: Span, peer: &Peer, ports: &[WorkloadPort]) -> Diagnostic {
    Diagnostic::new(Code::NoTlsPort, span, format!("no port of `{}` speaks TLS", peer.name))
        .note(format!("it declares {}", listed(ports)))
        .help("if one of them does, say so where it is declared, like `ports https 8443 tls`; else name the port that is meant")
}

/// `tls` to something that declares no ports.
pub(super) fn tls_assumed(span: Span, peer: &Peer, declarable: bool) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::TlsPortAssumed, span, format!("`tls` to `{}` is taken as port 443", peer.name)).label("443/tcp");
    if declarable {
        diagnostic.note("the workload declares no ports; a policy holds for the port of its pods, not for that of a Service").help(format!(
            "declare the port of its pods: `workload {} {{ ports https 8443 tls }}`",
            peer.name.rsplit('/').next().unwrap_or(&peer.name)
        ))
    } else {
        diagnostic.help("write the port that is meant, for example `443`")
    }
}

/// A number of a Service's port.
pub(super) fn service_port(word: &Word, workload: &str, meant: &BehindService) -> Diagnostic {
    Diagnostic::new(Code::ServicePortNotPodPort, word.span, format!("{} is a port of the Service `{}`, not of the pods of `{workload}`", word.text, meant.service))
        .note("network policies are enforced at the pods, after the Service's port has been translated: on this number the sentence would do nothing")
        .help(format!("write `{}`", meant.port))
}

/// A port that the ports before it hold already.
pub(super) fn covered_twice(span: Span) -> Diagnostic {
    Diagnostic::new(Code::NamedTwice, span, "this port is named already").help("remove it")
}

pub(in super::super) fn listed(ports: &[WorkloadPort]) -> String {
    let one = |port: &WorkloadPort| {
        let name = port.name.as_ref().map(|name| format!("`{name}` ")).unwrap_or_default();
        format!("{name}{}{}", shown(&port.ports), if port.tls { " tls" } else { "" })
    };
    ports.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Ports as they are written.
pub(in super::super) fn shown(ports: &PortSet) -> String {
    let range = |(low, high): (u16, u16)| if low == high { low.to_string() } else { format!("{low}-{high}") };
    let of = |protocol: Protocol| {
        let suffix = if protocol == Protocol::Tcp { String::new() } else { format!("/{}", protocol.as_str().to_lowercase()) };
        ports.of(protocol).map(|r| format!("{}{suffix}", range(r))).collect::<Vec<_>>()
    };
    Protocol::ALL.into_iter().flat_map(of).collect::<Vec<_>>().join(", ")
}
