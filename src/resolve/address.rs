//! Addresses and networks as written: only the canonical form is taken, because an API
//! server from 1.36 on refuses every other (`StrictIPCIDRValidation`).

use std::net::IpAddr;

use ipnet::IpNet;

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::Word;

use super::report::Report;

/// The network that a word writes; a single address is a network of one.
pub(super) fn network(word: &Word, report: &mut Report) -> Option<IpNet> {
    match read(&word.text) {
        Ok(network) => Some(network),
        Err(wrong) => {
            report.push(invalid_address(word, &wrong));
            None
        }
    }
}

/// A single address.
pub(super) fn address(word: &Word, report: &mut Report) -> Option<IpNet> {
    let network = network(word, report)?;
    if network.prefix_len() == network.max_prefix_len() {
        return Some(network);
    }
    let headline = format!("`{}` is a range; one address is needed here", word.text);
    report.push(Diagnostic::new(Code::InvalidAddress, word.span, headline).help("write the address without `/`"));
    None
}

/// A range of a cluster's own addresses. A single address there is a range whose length was forgotten: what an allow
/// leaves out would be one address instead of all of them.
pub(super) fn range(word: &Word, report: &mut Report) -> Option<IpNet> {
    let network = network(word, report)?;
    if word.text.contains('/') {
        return Some(network);
    }
    let headline = format!("`{}` is one address; a range is needed here", word.text);
    report.push(
        Diagnostic::new(Code::InvalidAddress, word.span, headline)
            .help("write the range that the cluster was set up with, like `10.244.0.0/16`"),
    );
    None
}

/// What is wrong with an address.
enum Wrong {
    /// It is no address at all.
    Unreadable,
    /// It could be one, but stands for another text.
    Canonical(String, &'static str),
    /// An IPv4 address in IPv6 clothes.
    Mapped(String),
}

fn read(text: &str) -> Result<IpNet, Wrong> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let ip: IpAddr = address.parse().map_err(|_| without_zeros(address, length))?;
    if let IpAddr::V6(v6) = ip
        && let Some(v4) = v6.to_ipv4_mapped()
    {
        let length = length.and_then(|l| l.parse::<u8>().ok()).map_or(String::new(), |l| format!("/{}", l.saturating_sub(96)));
        return Err(Wrong::Mapped(format!("{v4}{length}")));
    }
    let Some(length) = length else { return Ok(IpNet::from(ip)) };
    let prefix: u8 = length.parse().map_err(|_| Wrong::Unreadable)?;
    let network = IpNet::new(ip, prefix).map_err(|_| Wrong::Unreadable)?;
    if network.trunc() != network {
        return Err(Wrong::Canonical(network.trunc().to_string(), "has bits set beyond its length"));
    }
    if prefix.to_string() != length {
        return Err(Wrong::Canonical(network.to_string(), "has a leading zero"));
    }
    Ok(network)
}

fn without_zeros(address: &str, length: Option<&str>) -> Wrong {
    let parts: Option<Vec<String>> = address.split('.').map(|part| part.parse::<u8>().ok().map(|n| n.to_string())).collect();
    match parts {
        Some(parts) if parts.len() == 4 => {
            let length = length.map_or(String::new(), |l| format!("/{l}"));
            Wrong::Canonical(format!("{}{length}", parts.join(".")), "has a leading zero")
        }
        _ => Wrong::Unreadable,
    }
}

fn invalid_address(word: &Word, wrong: &Wrong) -> Diagnostic {
    let diagnostic = |headline: String| Diagnostic::new(Code::InvalidAddress, word.span, headline);
    match wrong {
        Wrong::Unreadable => diagnostic(format!("`{}` is not an address", word.text))
            .help("write an address like `203.0.113.7`, or a range like `10.0.0.0/8`"),
        Wrong::Canonical(right, why) => diagnostic(format!("`{}` {why}", word.text))
            .help(format!("if that range is meant, write `{right}`; for one address, write it without `/`")),
        Wrong::Mapped(right) => diagnostic(format!("`{}` is an IPv4 address written as IPv6", word.text))
            .help(format!("write `{right}`"))
            .fix(word.span, right.clone()),
    }
}
