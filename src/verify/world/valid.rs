//! What the API server asks of names, labels, ports and networks (network-targets.md §1.3).

use ipnet::IpNet;

use crate::manifest::tree::Fault;
use crate::semantics::ports::{PortSet, Protocol};

/// What is wrong at a path.
pub(super) fn wrong<T>(path: impl Into<String>, text: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { path: path.into(), text: text.into() })
}

/// Whether a text is a DNS-1123 label: lower case, digits and `-`, 1 to 63.
pub(super) fn is_label(text: &str) -> bool {
    let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let bytes = text.as_bytes();
    matches!(bytes, [first, .., last] if inner(*first) && inner(*last))
        && bytes.iter().all(|c| inner(*c) || *c == b'-')
        && bytes.len() <= 63
        || matches!(bytes, [only] if inner(*only))
}

/// Whether a text is a DNS-1123 subdomain: labels of any length with dots between, 1 to 253.
pub(super) fn is_subdomain(text: &str) -> bool {
    let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let part = |part: &str| {
        let bytes = part.as_bytes();
        bytes.first().is_some_and(|c| inner(*c)) && bytes.last().is_some_and(|c| inner(*c)) && bytes.iter().all(|c| inner(*c) || *c == b'-')
    };
    text.len() <= 253 && text.split('.').all(part)
}

/// Letters, digits, `-`, `_` and `.`, beginning and ending with a letter or digit, at most 63.
fn is_label_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ends = [bytes.first(), bytes.last()].into_iter().all(|c| c.is_some_and(u8::is_ascii_alphanumeric));
    ends && bytes.len() <= 63 && bytes.iter().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.'))
}

/// Refuses what is no label's key.
pub(super) fn label_key(key: &str, path: &str) -> Result<(), Fault> {
    let (prefix, name) = key.split_once('/').map_or((None, key), |(prefix, name)| (Some(prefix), name));
    if is_label_text(name) && prefix.is_none_or(is_subdomain) {
        return Ok(());
    }
    wrong(path, format!("`{key}` is no key of a label"))
}

/// Refuses what is no label's value.
pub(super) fn label_value(value: &str, path: &str) -> Result<(), Fault> {
    if value.is_empty() || is_label_text(value) {
        return Ok(());
    }
    wrong(path, format!("`{value}` is no value of a label: at most 63 letters, digits, `-`, `_` and `.`, a letter or digit first and last"))
}

/// Refuses what is no name of a port: at most 15 lower-case letters, digits and single hyphens inside, a letter among them.
pub(super) fn port_name(name: &str, path: impl FnOnce() -> String) -> Result<(), Fault> {
    let bytes = name.as_bytes();
    let hyphens = name.starts_with('-') || name.ends_with('-') || name.contains("--");
    let fits = (1..=15).contains(&bytes.len()) && bytes.iter().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == b'-');
    if fits && !hyphens && bytes.iter().any(u8::is_ascii_lowercase) {
        return Ok(());
    }
    let hint = if name.bytes().all(|c| c.is_ascii_digit()) { ": write a port's number without quotes" } else { "" };
    wrong(path(), format!("`{name}` is no name of a port{hint}"))
}

/// A port's number, 1 to 65535.
pub(super) fn port_number(number: i64, path: impl FnOnce() -> String) -> Result<u16, Fault> {
    match u16::try_from(number) {
        Ok(port) if port > 0 => Ok(port),
        _ => wrong(path(), format!("{number} is no port: ports are 1 to 65535")),
    }
}

/// TCP, UDP or SCTP, as Kubernetes spells them.
pub(super) fn protocol(name: &str, path: impl FnOnce() -> String) -> Result<Protocol, Fault> {
    match Protocol::ALL.into_iter().find(|protocol| protocol.as_str() == name) {
        Some(protocol) => Ok(protocol),
        None => wrong(path(), format!("`{name}` is no protocol here: TCP, UDP or SCTP")),
    }
}

/// A network with its mask.
pub(super) fn network(text: &str, path: impl FnOnce() -> String) -> Result<IpNet, Fault> {
    match text.parse::<IpNet>() {
        // An IPv4 network in IPv6's clothes is neither.
        Ok(IpNet::V6(net)) if net.addr().to_ipv4_mapped().is_some() => wrong(path(), format!("`{text}`: write an IPv4 network as one")),
        Ok(network) => Ok(network.trunc()),
        Err(_) => wrong(path(), format!("`{text}` is no network with a mask, such as 10.0.0.0/8")),
    }
}

/// The ports from one to another.
pub(super) fn range(protocol: Protocol, low: u16, high: i64, path: impl Fn() -> String) -> Result<PortSet, Fault> {
    let high = port_number(high, &path)?;
    if high < low {
        return wrong(path(), format!("{high} is below the first port, {low}"));
    }
    Ok(PortSet::range(protocol, low, high))
}
