//! Defects of Calico's objects.

use super::defects::{Defect, each, without};
use crate::manifest::calico::{Action, Entity, GlobalNetworkSet, Policy, Rule, Tier};
use crate::manifest::{Object, OneOrMore};

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new("calico: tier ends otherwise", |all| {
        tiers(all, |tier| Tier {
            default_action: if tier.default_action == Action::Pass { Action::Deny } else { Action::Pass },
            ..tier.clone()
        })
    }),
    Defect::new("calico: tier after the default tier", |all| tiers(all, |tier| Tier { order: 2_000_000, ..tier.clone() })),
    Defect::new("calico: policy of the tier `default`", |all| policies(all, |it| vec![Policy { tier: "default".into(), ..it.clone() }])),
    Defect::new("calico: first in its tier", |all| policies(all, |it| vec![Policy { order_tenths: 0, ..it.clone() }])),
    Defect::new("calico: last in its tier", |all| policies(all, |it| vec![Policy { order_tenths: 90_000_000, ..it.clone() }])),
    Defect::new("calico: selects everything", |all| {
        policies(all, |it| if it.selector == "all()" { vec![] } else { vec![Policy { selector: "all()".into(), ..it.clone() }] })
    }),
    Defect::new("calico: part of a selector lost", |all| {
        policies(all, |it| parts(&it.selector).into_iter().map(|selector| Policy { selector, ..it.clone() }).collect())
    }),
    Defect::new("calico: selector negated", |all| {
        policies(all, |it| vec![Policy { selector: format!("!({})", it.selector), ..it.clone() }])
    }),
    Defect::new("calico: side lost", |all| sides(all, |rules| rules.iter().map(|_| None).collect())),
    Defect::new("calico: side added", |all| sides(all, |rules| if rules.is_none() { vec![Some(vec![])] } else { vec![] })),
    Defect::new("calico: rule lost", |all| sides(all, |rules| rules.iter().flat_map(|rules| without(rules)).map(Some).collect())),
    Defect::new("calico: rules turned around", |all| {
        sides(all, |rules| rules.iter().filter(|it| it.len() > 1).map(|it| Some(it.iter().rev().cloned().collect())).collect())
    }),
    Defect::new("calico: every rule lost", |all| {
        sides(all, |rules| rules.iter().filter(|it| !it.is_empty()).map(|_| Some(vec![])).collect())
    }),
    Defect::new("calico: rule on the other side", |all| {
        policies(all, |it| {
            let (Some(ingress), Some(egress)) = (&it.ingress, &it.egress) else { return vec![] };
            vec![Policy { ingress: Some(egress.clone()), egress: Some(ingress.clone()), ..it.clone() }]
        })
    }),
    Defect::new("calico: Allow where Deny was", |all| rules(all, |it| action(it, Action::Deny, Action::Allow))),
    Defect::new("calico: Pass where Deny was", |all| rules(all, |it| action(it, Action::Deny, Action::Pass))),
    Defect::new("calico: Deny where Allow was", |all| rules(all, |it| action(it, Action::Allow, Action::Deny))),
    Defect::new("calico: protocol and ports lost", |all| {
        rules(all, |it| {
            let destination = Entity { ports: None, ..it.destination.clone() };
            if it.protocol.is_some() { vec![Rule { protocol: None, destination, ..it.clone() }] } else { vec![] }
        })
    }),
    Defect::new("calico: protocol changed", |all| {
        rules(all, |it| match it.protocol {
            Some("TCP") => vec![Rule { protocol: Some("UDP"), ..it.clone() }],
            Some("UDP") => vec![Rule { protocol: Some("TCP"), ..it.clone() }],
            Some("ICMP") => vec![Rule { protocol: Some("ICMPv6"), ..it.clone() }],
            _ => vec![],
        })
    }),
    Defect::new("calico: address family changed", |all| {
        rules(all, |it| it.ip_version.map(|version| Rule { ip_version: Some(10 - version), ..it.clone() }).into_iter().collect())
    }),
    Defect::new("calico: source and destination swapped", |all| {
        rules(all, |it| {
            if it.source.ports.is_some() || it.destination.ports.is_some() || it.source == it.destination {
                return vec![];
            }
            vec![Rule { source: it.destination.clone(), destination: it.source.clone(), ..it.clone() }]
        })
    }),
    Defect::new("calico: selectors of an end lost", |all| {
        entities(all, |it| {
            if it.selector.is_none() && it.namespace_selector.is_none() && it.service_accounts.is_none() {
                return vec![];
            }
            vec![Entity { selector: None, namespace_selector: None, service_accounts: None, ..it.clone() }]
        })
    }),
    Defect::new("calico: pods of an end lost", |all| {
        entities(all, |it| {
            if it.selector.is_some() && it.namespace_selector.is_some() { vec![Entity { selector: None, ..it.clone() }] } else { vec![] }
        })
    }),
    Defect::new("calico: namespaces of an end are all", |all| {
        entities(all, |it| match it.namespace_selector.as_deref() {
            None | Some("all()" | "global()") => vec![],
            Some(_) => vec![Entity { namespace_selector: Some("all()".into()), ..it.clone() }],
        })
    }),
    Defect::new("calico: service accounts lost", |all| {
        entities(all, |it| if it.service_accounts.is_some() { vec![Entity { service_accounts: None, ..it.clone() }] } else { vec![] })
    }),
    Defect::new("calico: networks of an end lost", |all| {
        entities(all, |it| if it.nets.is_some() { vec![Entity { nets: None, not_nets: None, ..it.clone() }] } else { vec![] })
    }),
    Defect::new("calico: network widened", |all| {
        entities(all, |it| {
            let Some(nets) = &it.nets else { return vec![] };
            let items: Vec<_> = nets.iter().copied().collect();
            each(&items, |net| net.supernet().into_iter().collect())
                .into_iter()
                .map(|nets| Entity { nets: OneOrMore::new(nets), ..it.clone() })
                .collect()
        })
    }),
    Defect::new("calico: network left out is let in", |all| {
        entities(all, |it| if it.not_nets.is_some() { vec![Entity { not_nets: None, ..it.clone() }] } else { vec![] })
    }),
    Defect::new("calico: port one more", |all| ports(all, |(low, high)| (low, high.saturating_add(1)))),
    Defect::new("calico: port off by one", |all| ports(all, |(low, high)| (low.saturating_add(1), high.saturating_add(1)))),
    Defect::new("calico: a set's network widened", |all| sets(all, |networks| each(networks, |net| net.supernet().into_iter().collect()))),
    Defect::new("calico: a set's network lost", |all| sets(all, without)),
    Defect::new("calico: a set's labels lost", |all| {
        each(all, |object| match object {
            Object::GlobalNetworkSet(set) => {
                let mut set = set.clone();
                set.metadata.labels = crate::manifest::Texts::default();
                vec![Object::GlobalNetworkSet(set)]
            }
            _ => vec![],
        })
    }),
];

fn action(it: &Rule, from: Action, to: Action) -> Vec<Rule> {
    if it.action == from { vec![Rule { action: to, ..it.clone() }] } else { vec![] }
}

/// A conjunction with one part fewer; parts in brackets stay whole.
fn parts(selector: &str) -> Vec<String> {
    let parts: Vec<&str> = selector.split(" && ").collect();
    if parts.len() < 2 || selector.contains('(') && selector.contains("||") {
        return vec![];
    }
    without(&parts).into_iter().map(|left| left.join(" && ")).collect()
}

fn tiers(all: &[Object], way: impl Fn(&Tier) -> Tier) -> Vec<Vec<Object>> {
    each(all, |object| if let Object::Tier(tier) = object { vec![Object::Tier(way(tier))] } else { vec![] })
}

fn sets(all: &[Object], ways: impl Fn(&[ipnet::IpNet]) -> Vec<Vec<ipnet::IpNet>>) -> Vec<Vec<Object>> {
    each(all, |object| match object {
        Object::GlobalNetworkSet(set) => {
            let with = |networks| Object::GlobalNetworkSet(GlobalNetworkSet { networks, ..set.clone() });
            ways(&set.networks).into_iter().map(with).collect()
        }
        _ => vec![],
    })
}

fn policies(all: &[Object], ways: impl Fn(&Policy) -> Vec<Policy>) -> Vec<Vec<Object>> {
    let changed = |it: &Policy| ways(it).into_iter().filter(|other| other != it).collect::<Vec<_>>();
    each(all, |object| match object {
        Object::GlobalNetworkPolicy(policy) => changed(policy).into_iter().map(Object::GlobalNetworkPolicy).collect(),
        Object::CalicoNetworkPolicy(policy) => changed(policy).into_iter().map(Object::CalicoNetworkPolicy).collect(),
        _ => vec![],
    })
}

fn sides(all: &[Object], ways: impl Fn(&Option<Vec<Rule>>) -> Vec<Option<Vec<Rule>>>) -> Vec<Vec<Object>> {
    policies(all, |it| {
        let ingress = ways(&it.ingress).into_iter().map(|ingress| Policy { ingress, ..it.clone() });
        let egress = ways(&it.egress).into_iter().map(|egress| Policy { egress, ..it.clone() });
        ingress.chain(egress).collect()
    })
}

fn rules(all: &[Object], ways: impl Fn(&Rule) -> Vec<Rule>) -> Vec<Vec<Object>> {
    sides(all, |side| side.iter().flat_map(|rules| each(rules, &ways)).map(Some).collect())
}

fn entities(all: &[Object], ways: impl Fn(&Entity) -> Vec<Entity>) -> Vec<Vec<Object>> {
    rules(all, |rule| {
        let sources = ways(&rule.source).into_iter().map(|source| Rule { source, ..rule.clone() });
        let destinations = ways(&rule.destination).into_iter().map(|destination| Rule { destination, ..rule.clone() });
        sources.chain(destinations).collect()
    })
}

fn ports(all: &[Object], way: impl Fn((u16, u16)) -> (u16, u16)) -> Vec<Vec<Object>> {
    entities(all, |it| {
        let Some(ports) = &it.ports else { return vec![] };
        let items: Vec<_> = ports.iter().copied().collect();
        each(&items, |range| vec![way(*range)]).into_iter().map(|ports| Entity { ports: OneOrMore::new(ports), ..it.clone() }).collect()
    })
}
