//! Rules of Calico policies (network-targets.md §2.2).

use ipnet::IpNet;

use super::calico_selector as selector;
use super::calico_set::{Ends, Sets};
use crate::manifest::OneOrMore;
use crate::manifest::calico::{Action, Entity, Rule};
use crate::plan::{Peer, Side};
use crate::semantics::addresses::{AddressSet, Block};
use crate::semantics::pods::PodBox;
use crate::semantics::ports::{PortSet, Protocol};

/// The most ports that one rule may list (Calico 3.33).
const MOST_PORTS: usize = 50;

/// One end of a rule, and the address family that it is for, where it is for one alone:
/// families never stand together in one rule.
#[derive(Debug, Clone, Default)]
pub(crate) struct End {
    entity: Entity,
    family: Option<Family>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    V4,
    V6,
}

/// The ends that peers are, as rules have them. Everyone is an end without conditions.
pub(crate) fn ends(sets: &Sets, peers: &[Peer]) -> Vec<End> {
    let ends = Ends::of(peers);
    if ends.anyone { vec![End::default()] } else { pods(&ends).into_iter().chain(addresses(sets, &ends)).collect() }
}

/// The ends that are pods.
pub(crate) fn pods(ends: &Ends<'_>) -> Vec<End> {
    ends.pods.iter().map(|pods| End { entity: pods_entity(pods), family: None }).collect()
}

/// The ends that are addresses, or everyone.
pub(crate) fn addresses(sets: &Sets, ends: &Ends<'_>) -> Vec<End> {
    if ends.anyone {
        return vec![End::default()];
    }
    let mut all = Vec::new();
    let listed = ends.listed.iter().map(|(list, set)| (Some(*list), set));
    for (list, set) in listed.chain([(None, &ends.literal)]) {
        match sets.label(list, set) {
            Some(label) => all.push(End { entity: members(label), family: None }),
            None => all.extend(written_out(set)),
        }
    }
    all
}

fn pods_entity(pods: &PodBox) -> Entity {
    Entity {
        namespace_selector: Some(selector::peer_namespaces(pods)),
        selector: Some(selector::peer_pods(pods)),
        service_accounts: selector::named_accounts(pods).and_then(OneOrMore::new),
        ..Entity::default()
    }
}

fn members(label: &str) -> Entity {
    Entity { namespace_selector: Some(selector::GLOBAL.to_owned()), selector: Some(selector::members(label)), ..Entity::default() }
}

/// Addresses as networks, a family apart; where that is shorter, as a network less others.
fn written_out(set: &AddressSet) -> Vec<End> {
    let mut ends = Vec::new();
    let mut plain: [Vec<IpNet>; 2] = Default::default();
    for Block { network, except } in set.blocks() {
        match OneOrMore::new(except) {
            None if network.addr().is_ipv4() => plain[0].push(network),
            None => plain[1].push(network),
            except => ends.push(networks(vec![network], except)),
        }
    }
    plain.into_iter().filter(|plain| !plain.is_empty()).map(|plain| networks(plain, None)).chain(ends).collect()
}

fn networks(nets: Vec<IpNet>, not_nets: Option<OneOrMore<IpNet>>) -> End {
    let family = nets.first().map(|network| if network.addr().is_ipv4() { Family::V4 } else { Family::V6 });
    End { entity: Entity { nets: OneOrMore::new(nets), not_nets, ..Entity::default() }, family }
}

/// The rules for connections of a side from or to some ends: no ends, no rules.
pub(crate) fn one_sided(action: Action, side: Side, ends: &[End], ports: &PortSet) -> Vec<Rule> {
    let whole = [End::default()];
    match side {
        Side::Ingress => two_sided(action, ends, &whole, ports),
        Side::Egress => two_sided(action, &whole, ends, ports),
    }
}

/// The rules for connections between every two ends whose families can meet.
pub(crate) fn two_sided(action: Action, sources: &[End], destinations: &[End], ports: &PortSet) -> Vec<Rule> {
    let matches = matches(ports);
    let mut rules = Vec::new();
    for source in sources {
        for destination in destinations {
            let Some(family) = common(source.family, destination.family) else { continue };
            rules.extend(matches.iter().filter(|of| of.family.is_none() || family.is_none() || of.family == family).map(|of| Rule {
                action,
                protocol: of.protocol,
                ip_version: of.family.map(|family| if family == Family::V4 { 4 } else { 6 }),
                source: source.entity.clone(),
                destination: Entity { ports: of.ports.clone(), ..destination.entity.clone() },
            }));
        }
    }
    rules
}

/// The family of both ends; none where they cannot meet.
#[allow(clippy::option_option, reason = "no family in common, and no family asked for, are two things")]
fn common(a: Option<Family>, b: Option<Family>) -> Option<Option<Family>> {
    match (a, b) {
        (Some(a), Some(b)) if a != b => None,
        (Some(family), _) | (None, Some(family)) => Some(Some(family)),
        (None, None) => Some(None),
    }
}

/// What a rule says of protocol and ports.
struct Match {
    protocol: Option<&'static str>,
    ports: Option<OneOrMore<(u16, u16)>>,
    family: Option<Family>,
}

/// Ports as rules have them; every port of every protocol is a rule that names none. Numbers
/// always stand with their protocol: Calico refuses them without.
fn matches(set: &PortSet) -> Vec<Match> {
    if set.is_all() {
        return vec![Match { protocol: None, ports: None, family: None }];
    }
    let mut matches: Vec<Match> = Protocol::ALL.into_iter().flat_map(|protocol| of_protocol(set, protocol)).collect();
    if set.has_icmp() {
        matches.push(Match { protocol: Some("ICMP"), ports: None, family: Some(Family::V4) });
        matches.push(Match { protocol: Some("ICMPv6"), ports: None, family: Some(Family::V6) });
    }
    matches
}

fn of_protocol(set: &PortSet, protocol: Protocol) -> Vec<Match> {
    let ranges: Vec<(u16, u16)> = set.of(protocol).collect();
    let of = |ports| Match { protocol: Some(protocol.as_str()), ports, family: None };
    if ranges == [(1, u16::MAX)] {
        return vec![of(None)];
    }
    ranges.chunks(MOST_PORTS).filter_map(|chunk| Some(of(Some(OneOrMore::new(chunk.to_vec())?)))).collect()
}
