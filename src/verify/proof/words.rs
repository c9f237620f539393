//! Ends and ports, for people: of one connection, and of many.

use crate::semantics::addresses::{AddressSet, Block};
use crate::semantics::labels::{Labels, Test, Values};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::semantics::ports::{PortSet, Protocol};
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

/// How many protocols without ports are listed before the ones that are left out are.
const PROTOCOLS: usize = 3;

/// `443/tcp, 8080-8090/tcp, 53/udp`; `tcp` for all of TCP; `all`; `all except 25/tcp`; empty for none.
pub(crate) fn ports(ports: &PortSet) -> String {
    let usual = Protocol::ALL.iter().fold(PortSet::none(), |all, protocol| all.union(&PortSet::protocol(*protocol)));
    if usual.is_subset(ports) {
        return "all".to_owned();
    }
    let others = ports.difference(&usual).without_icmp();
    if others.protocols().nth(PROTOCOLS).is_some() {
        return format!("all except {}", listed(&PortSet::all().difference(ports), &usual));
    }
    listed(ports, &usual)
}

fn listed(ports: &PortSet, usual: &PortSet) -> String {
    let mut shown = Vec::new();
    for protocol in Protocol::ALL {
        let name = protocol.as_str().to_ascii_lowercase();
        for (low, high) in ports.of(protocol) {
            shown.push(match (low, high) {
                (1, u16::MAX) => name.clone(),
                (low, high) if low == high => format!("{low}/{name}"),
                (low, high) => format!("{low}-{high}/{name}"),
            });
        }
    }
    let others = ports.difference(usual);
    if others.has_icmp() {
        shown.push("icmp".to_owned());
    }
    let named = [6, 17, 132, 1, 58];
    shown.extend(others.protocols().filter(|(protocol, _)| !named.contains(protocol)).map(|(protocol, _)| format!("protocol {protocol}")));
    shown.join(", ")
}

/// Pods as the language writes them: `orders/pods(app=api)`, `namespaces(env=prod)/pods`, `any/pods(tier=data)`.
pub(crate) fn peer(pods: &PodBox) -> String {
    let conditions = |labels: &Labels| labels.iter().map(|(key, values)| value(key, values)).collect::<Vec<_>>().join(", ");
    let own = if pods.pod.is_any() { "pods".to_owned() } else { format!("pods({})", conditions(&pods.pod)) };
    let account = pods.account.only().map_or(String::new(), |account| format!(" as serviceaccount {account}"));
    match pods.namespace_name() {
        Some(name) => format!("{name}/{own}{account}"),
        None if pods.namespace.is_any() => format!("any/{own}{account}"),
        None => format!("namespaces({})/{own}{account}", conditions(&pods.namespace)),
    }
}

/// A condition on a label.
pub(crate) fn value(key: &str, values: &Values) -> String {
    let test = |test: &Test| match test {
        Test::In(list) if list.len() == 1 => format!("{key}={}", list.join("")),
        Test::In(list) => format!("{key} in ({})", list.join(", ")),
        Test::NotIn(list) if list.len() == 1 => format!("{key}!={}", list.join("")),
        Test::NotIn(list) => format!("{key} not in ({})", list.join(", ")),
        Test::Exists => format!("has {key}"),
        Test::DoesNotExist => format!("lacks {key}"),
    };
    let conjunction = |tests: &Vec<Test>| tests.iter().map(test).collect::<Vec<_>>().join(", ");
    values.alternatives().iter().map(conjunction).collect::<Vec<_>>().join(" or ")
}

/// A network of one address without its length.
pub(crate) fn bare(network: &ipnet::IpNet) -> String {
    if network.prefix_len() == network.max_prefix_len() { network.addr().to_string() } else { network.to_string() }
}

/// Networks, of which `most` are listed: `10.0.0.0/8 except 10.1.0.0/16`.
pub(crate) fn networks(set: &AddressSet, most: usize) -> String {
    let bound = |all: Vec<String>, separator: &str| match all.len().saturating_sub(most) {
        0 => all.join(separator),
        more => format!("{} and {more} more", all.get(..most).unwrap_or_default().join(separator)),
    };
    let block = |block: &Block| {
        let except = bound(block.except.iter().map(bare).collect(), ", ");
        if except.is_empty() { bare(&block.network) } else { format!("{} except {except}", bare(&block.network)) }
    };
    bound(set.blocks().iter().map(block).collect(), "; ")
}
