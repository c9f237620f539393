//! Calico's policies and tiers (network-targets.md §2.2, §2.6).

use smallvec::smallvec;

use super::entity::{self, Ends, Scope};
use super::{Place, Reader, Side, What, endpoint};
use crate::manifest::calico::{self, Entity};
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::pods::PodBox;
use crate::semantics::ports::{PortSet, Protocol};
use crate::verify::selector;
use crate::verify::stack::{Action, End, Origin, Policy, Rule};

impl Reader {
    pub(super) fn calico_policy(&mut self, index: u32, policy: &calico::Policy) -> Result<(), What> {
        let namespace = policy.metadata.namespace.as_deref();
        let subjects = subjects(namespace, &policy.selector)?;
        let place = Place {
            order: f64::from(policy.order_tenths) / 10.0,
            name: policy.metadata.name.as_str().into(),
            namespace: namespace.unwrap_or_default().into(),
            kind: if namespace.is_some() { "NetworkPolicy" } else { "GlobalNetworkPolicy" },
        };
        for (side, rules) in [(Side::Ingress, &policy.ingress), (Side::Egress, &policy.egress)] {
            let Some(rules) = rules else { continue };
            let scope = Scope { namespace, sets: &self.sets };
            let policies = policies(&scope, index, side, &subjects, rules)?;
            self.add(side, &policy.tier, &place, policies)?;
        }
        Ok(())
    }
}

/// The pods that a policy selects.
fn subjects(namespace: Option<&str>, text: &str) -> Result<Ends, What> {
    let alternatives = selector::parse(text)?;
    if namespace.is_none() && alternatives.iter().any(endpoint::takes_hosts) {
        return Err(What::HostEndpoints);
    }
    let own = namespace.map_or_else(PodBox::default, |name| PodBox { namespace: PodBox::namespace_called(name), ..PodBox::default() });
    let mut subjects = Ends::new();
    for labels in &alternatives {
        if let Some(pods) = endpoint::pods(labels)? {
            subjects.push(EndBox::pods(pods.intersection(&own)));
        }
    }
    subjects.retain(|pods| !pods.is_empty());
    Ok(subjects)
}

/// A policy, as one that selects all its pods, and after it one for each run of rules that
/// are about some of them: rules of all of them in between keep their turn. First to last they
/// decide as the rules do.
fn policies(scope: &Scope<'_>, index: u32, side: Side, subjects: &Ends, rules: &[calico::Rule]) -> Result<Vec<Policy>, What> {
    let origin = Origin::Object { object: index, rule: None };
    let mut policies = vec![Policy { origin, subjects: subjects.clone(), rules: Vec::new() }];
    for (at, rule) in (0..).zip(rules) {
        let (own, peer) = match side {
            Side::Ingress => (&rule.destination, &rule.source),
            Side::Egress => (&rule.source, &rule.destination),
        };
        let about = about(scope, subjects, own)?;
        let read = read_rule(scope, Origin::Object { object: index, rule: Some(at) }, rule, peer)?;
        match policies.last_mut() {
            Some(last) if last.subjects == about => last.rules.push(read),
            _ => policies.push(Policy { origin, subjects: about, rules: vec![read] }),
        }
    }
    Ok(policies)
}

/// The pods of a policy that a rule is about.
fn about(scope: &Scope<'_>, subjects: &Ends, own: &Entity) -> Result<Ends, What> {
    if entity::is_everyone(own) {
        return Ok(subjects.clone());
    }
    let own = entity::ends(scope, own)?;
    Ok(subjects.iter().flat_map(|pods| own.iter().filter_map(|own| pods.intersection(own))).collect())
}

fn read_rule(scope: &Scope<'_>, origin: Origin, rule: &calico::Rule, peer: &Entity) -> Result<Rule, What> {
    if rule.source.ports.is_some() {
        return Err(What::Field("source.ports"));
    }
    let family = match rule.ip_version {
        None => AddressSet::all(),
        Some(4) => AddressSet::all_v4(),
        Some(6) => AddressSet::all_v6(),
        Some(_) => return Err(What::Field("ipVersion")),
    };
    let of_family = EndBox::holders(family);
    let peers = entity::ends(scope, peer)?;
    let peers = peers.iter().flat_map(|end| of_family.iter().filter_map(|family| end.intersection(family))).collect();
    Ok(Rule { origin, action: action(rule.action), peers, ports: ports(rule)?, named: smallvec![], doubt: false })
}

fn ports(rule: &calico::Rule) -> Result<PortSet, What> {
    let ports = rule.destination.ports.as_ref();
    let Some(name) = rule.protocol else {
        return if ports.is_none() { Ok(PortSet::all()) } else { Err(What::Field("ports without a protocol")) };
    };
    let protocol = Protocol::ALL.into_iter().find(|protocol| protocol.as_str() == name);
    match (protocol, ports) {
        (Some(protocol), None) => Ok(PortSet::protocol(protocol)),
        (Some(protocol), Some(ports)) => {
            Ok(ports.iter().fold(PortSet::none(), |all, (low, high)| all.union(&PortSet::range(protocol, *low, *high))))
        }
        (None, None) if name == "ICMP" => Ok(PortSet::numbered(1)),
        (None, None) if name == "ICMPv6" => Ok(PortSet::numbered(58)),
        _ => Err(What::Field("protocol")),
    }
}

fn action(action: calico::Action) -> Action {
    match action {
        calico::Action::Allow => Action::Allow,
        calico::Action::Deny => Action::Deny,
        calico::Action::Pass => Action::Pass,
    }
}

/// What a tier does at its end; `Allow` is none of it.
pub(super) fn end(action: calico::Action) -> End {
    if action == calico::Action::Pass { End::Pass } else { End::Deny }
}

pub(super) fn default_action(tier: &calico::Tier) -> Result<(), What> {
    if tier.default_action == calico::Action::Allow { Err(What::Field("defaultAction")) } else { Ok(()) }
}
