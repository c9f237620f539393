//! Ends and ports of one connection, for people.

use crate::semantics::pods::NAMESPACE_NAME;
use crate::verify::concrete::Concrete;
use crate::verify::decide::Port;

/// An end of a connection, for people.
pub(crate) fn end(end: &Concrete) -> String {
    match end {
        Concrete::Outside(addresses) => addresses.networks().first().map_or_else(String::new, |net| net.addr().to_string()),
        Concrete::Pod(pod) => {
            let labels: Vec<String> = pod.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
            let own = pod.namespace_labels.iter().filter(|(key, _)| *key != NAMESPACE_NAME);
            let own: Vec<String> = own.map(|(key, value)| format!("{key}={value}")).collect();
            let namespace = if own.is_empty() { pod.namespace.to_string() } else { format!("{} ({})", pod.namespace, own.join(", ")) };
            let address = pod.addresses.networks().first().map_or_else(String::new, |net| format!(", {}", net.addr()));
            format!("a pod of `{namespace}` with {{{}}} (service account `{}`{address})", labels.join(", "), pod.account)
        }
    }
}

/// A port, for people.
pub(crate) fn port(port: Port) -> String {
    match port.protocol {
        6 => format!("{}/tcp", port.detail.max(1)),
        17 => format!("{}/udp", port.detail.max(1)),
        132 => format!("{}/sctp", port.detail.max(1)),
        1 => "ICMP".to_owned(),
        58 => "ICMPv6".to_owned(),
        other => format!("IP protocol {other}"),
    }
}
