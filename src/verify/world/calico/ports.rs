//! Protocols, ports and ICMP of a rule (network-targets.md §2.2).

use smallvec::{SmallVec, smallvec};

use super::super::valid::{self, wrong};
use super::super::words::Words;
use super::scope::Scope;
use super::{At, Icmp, NumberOrName, RuleSpec, listed};
use crate::manifest::tree::Fault;
use crate::semantics::ports::{ICMP, PortSet, Protocol};
use crate::verify::selector::Bound;
use crate::verify::stack::NamedPort;

/// Protocols by name, with their numbers.
const PROTOCOLS: [(&str, u8); 6] = [("TCP", 6), ("UDP", 17), ("SCTP", 132), ("ICMP", 1), ("ICMPv6", 58), ("UDPLite", 136)];

/// A rule's ports, and those by name.
pub(super) type Ports = (PortSet, SmallVec<[NamedPort; 0]>);

/// What a rule says of protocol, ICMP and the destination's ports.
pub(super) fn ports(rule: &RuleSpec<'_>, at: At, scope: Scope<'_>, words: &mut Words) -> Result<Ports, Fault> {
    let protocol = rule.protocol.map(|it| number(it, || format!("{at}.protocol"))).transpose()?;
    let not_protocol = rule.not_protocol.map(|it| number(it, || format!("{at}.notProtocol"))).transpose()?;
    let mut set = protocol.map_or_else(PortSet::all, PortSet::numbered);
    if let Some(number) = not_protocol {
        set = set.difference(&PortSet::numbered(number));
    }
    if let Some(icmp) = rule.icmp {
        set = set.intersection(&icmp_set(icmp, protocol, || format!("{at}.icmp"))?);
    }
    if let Some(icmp) = rule.not_icmp {
        set = set.difference(&icmp_set(icmp, protocol, || format!("{at}.notICMP"))?);
    }
    let Some(destination) = &rule.destination else { return Ok((set, smallvec![])) };
    let of = Protocol::ALL.into_iter().find(|it| Some(it.number()) == protocol);
    let path = |field: &'static str| move |index: usize| format!("{at}.destination.{field}[{index}]");
    let mut named = smallvec![];
    if let Some(list) = listed(&destination.ports) {
        let (numbers, mut names) = listed_ports(list, of, &path("ports"), words)?;
        names.retain(|name| name.protocol.is_some_and(|protocol| !set.is_disjoint(&PortSet::protocol(protocol))));
        (set, named) = (set.intersection(&numbers), names);
    }
    if let Some(list) = listed(&destination.not_ports) {
        let (numbers, names) = listed_ports(list, of, &path("notPorts"), words)?;
        set = set.difference(&numbers);
        if !names.is_empty() || !named.is_empty() {
            scope.doubt(format!("{at}.destination.notPorts"), "ports by name that are left out, or left out of");
            if scope.bound == Bound::Least {
                named = smallvec![];
                set = if names.is_empty() { set } else { PortSet::none() };
            }
        }
    }
    Ok((set, named))
}

fn number(protocol: NumberOrName<'_>, path: impl FnOnce() -> String) -> Result<u8, Fault> {
    match protocol {
        NumberOrName::Number(number) => match u8::try_from(number) {
            Ok(number) if number > 0 => Ok(number),
            _ => wrong(path(), format!("{number} is no protocol: 1 to 255")),
        },
        NumberOrName::Name(name) => match PROTOCOLS.iter().find(|(own, _)| *own == name) {
            Some((_, number)) => Ok(*number),
            // Numbers may be texts, too.
            None => match name.parse::<u8>() {
                Ok(number) if number > 0 => Ok(number),
                _ => wrong(path(), format!("`{name}` is no protocol: TCP, UDP, SCTP, ICMP, ICMPv6, UDPLite or a number")),
            },
        },
    }
}

fn icmp_set(icmp: Icmp, protocol: Option<u8>, path: impl Fn() -> String) -> Result<PortSet, Fault> {
    let Some(protocol) = protocol.filter(|it| ICMP.contains(it)) else { return wrong(path(), "needs the protocol ICMP or ICMPv6") };
    let byte = |number: i64, most: u8, field: &str| match u8::try_from(number) {
        Ok(byte) if byte <= most => Ok(byte),
        _ => wrong(format!("{}.{field}", path()), format!("{number} is none: 0 to {most}")),
    };
    match (icmp.kind, icmp.code) {
        (None, None) => Ok(PortSet::numbered(protocol)),
        (None, Some(_)) => wrong(path(), "a code needs its type"),
        (Some(kind), code) => {
            let kind = byte(kind, 254, "type")?;
            let code = code.map(|code| byte(code, 255, "code")).transpose()?;
            Ok(PortSet::icmp_type(protocol, kind, code))
        }
    }
}

fn listed_ports(
    list: &[NumberOrName<'_>],
    protocol: Option<Protocol>,
    path: &dyn Fn(usize) -> String,
    words: &mut Words,
) -> Result<Ports, Fault> {
    let (mut set, mut named) = (PortSet::none(), smallvec![]);
    for (index, port) in list.iter().enumerate() {
        let at = || path(index);
        let (low, high) = match port {
            NumberOrName::Number(number) => (*number, *number),
            NumberOrName::Name(text) => match bounds(text) {
                Some(bounds) => bounds,
                None => {
                    valid::port_name(text, at)?;
                    // Without a protocol that has ports, a name is looked for among those of TCP.
                    named.push(NamedPort { name: words.word(text), protocol: protocol.or(Some(Protocol::Tcp)) });
                    continue;
                }
            },
        };
        let Some(protocol) = protocol else { return wrong(at(), "ports by number need the protocol TCP, UDP or SCTP") };
        let low = valid::port_number(low, at)?;
        set = set.union(&valid::range(protocol, low, high, at)?);
    }
    Ok((set, named))
}

/// `8080`, `min:max`.
fn bounds(text: &str) -> Option<(i64, i64)> {
    let (low, high) = text.split_once(':').unwrap_or((text, text));
    Some((low.parse().ok()?, high.parse().ok()?))
}
