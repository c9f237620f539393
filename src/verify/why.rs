//! Why: what, at one side, decides about connections, and what nearly would have.

use smol_str::SmolStr;

use super::query::{Ends, PortName, ports};
use super::stack::{Action, End, Origin, Policy, Rule, Stack};
use crate::semantics::ends::EndBox;
use crate::semantics::ports::PortSet;

/// A direction, from where the pod is whose side is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    /// Of the source.
    Egress,
    /// Of the destination.
    Ingress,
}

/// What one side says of some connections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reasons {
    /// Policies that close the pods but for what is allowed.
    pub(crate) isolated_by: Vec<Origin>,
    /// Rules that match, in the order in which they decide.
    pub(crate) matching: Vec<Matching>,
    /// Where no rule allows: the one that nearly does.
    pub(crate) nearest: Option<Near>,
}

/// A rule that matches some of the connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Matching {
    pub(crate) policy: Origin,
    pub(crate) rule: Origin,
    pub(crate) action: Action,
    /// On these ports, of those asked about.
    pub(crate) ports: PortSet,
}

/// A rule that allows in all but one respect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Near {
    pub(crate) policy: Origin,
    pub(crate) rule: Origin,
    pub(crate) respect: Respect,
}

/// In what a rule differs from what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Respect {
    /// It is for other ports: these, and those that have these names.
    Ports(PortSet, Vec<SmolStr>),
    /// It is for other ends.
    Peers(Vec<EndBox>),
    /// It is about other pods.
    Subjects(Vec<EndBox>),
}

/// What is asked of a side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// Whose side it is.
    pub(crate) own: &'a [EndBox],
    /// The other end.
    pub(crate) other: &'a [EndBox],
    /// On which ports.
    pub(crate) ports: &'a PortSet,
    /// The ports of the destination that have names.
    pub(crate) names: Option<&'a [PortName]>,
}

impl<'a> Asked<'a> {
    /// The question of one side.
    pub(crate) fn of(side: Side, sources: &'a Ends, destinations: &'a Ends, ports: &'a PortSet) -> Self {
        let (own, other) = match side {
            Side::Egress => (&sources.boxes, &destinations.boxes),
            Side::Ingress => (&destinations.boxes, &sources.boxes),
        };
        Asked { own, other, ports, names: destinations.ports.as_deref() }
    }
}

/// Why some connections pass a side, or do not.
pub(crate) fn reasons(stack: &Stack, asked: Asked<'_>) -> Reasons {
    let mut found = Reasons::default();
    for tier in &stack.tiers {
        for policy in tier.policies.iter().filter(|policy| meet(&policy.subjects, asked.own)) {
            if tier.end == End::Deny {
                found.isolated_by.push(policy.origin);
            }
            found.matching.extend(policy.rules.iter().filter_map(|rule| matching(policy, rule, asked)));
        }
    }
    found.isolated_by.dedup();
    if !found.matching.iter().any(|matching| matching.action == Action::Allow) {
        found.nearest = nearest(stack, asked);
    }
    found
}

fn matching(policy: &Policy, rule: &Rule, asked: Asked<'_>) -> Option<Matching> {
    let ports = ports(rule, asked.names).intersection(asked.ports);
    let matches = !ports.is_empty() && meet(&rule.peers, asked.other);
    matches.then(|| Matching { policy: policy.origin, rule: rule.origin, action: rule.action, ports })
}

/// The rule that allows in all but one respect, one that differs in its ports before one of other ends, and what is
/// said of the same namespace before what is said of another.
fn nearest(stack: &Stack, asked: Asked<'_>) -> Option<Near> {
    let policies = stack.tiers.iter().flat_map(|tier| &tier.policies);
    let allows = policies.flat_map(|policy| policy.rules.iter().map(move |rule| (policy, rule)));
    let written = allows.filter(|(_, rule)| rule.action == Action::Allow && rule.origin != Origin::Default);
    let near = written.filter_map(|(policy, rule)| {
        let (rank, respect) = respect(policy, rule, asked)?;
        Some((rank, Near { policy: policy.origin, rule: rule.origin, respect }))
    });
    near.min_by_key(|(rank, _)| *rank).map(|(_, near)| near)
}

/// The one respect in which a rule differs, with how far off that is.
fn respect(policy: &Policy, rule: &Rule, asked: Asked<'_>) -> Option<(u8, Respect)> {
    let own_ports = ports(rule, asked.names);
    match (meet(&policy.subjects, asked.own), meet(&rule.peers, asked.other), !own_ports.is_disjoint(asked.ports)) {
        (true, true, false) => {
            let names = rule.named.iter().map(|port| port.name.clone()).collect();
            Some((0, Respect::Ports(own_ports, names)))
        }
        (true, false, true) => Some((1 + far(&rule.peers, asked.other), Respect::Peers(rule.peers.to_vec()))),
        (false, true, true) => Some((3 + far(&policy.subjects, asked.own), Respect::Subjects(policy.subjects.to_vec()))),
        _ => None,
    }
}

/// Whether ends are of other namespaces than those asked about.
fn far(ends: &[EndBox], asked: &[EndBox]) -> u8 {
    let home = |end: &EndBox| match end {
        EndBox::Pods { pods, .. } => pods.namespace_name().map(str::to_owned),
        EndBox::Outside(_) => None,
    };
    let same = ends.iter().any(|end| asked.iter().any(|asked| home(end).is_some() && home(end) == home(asked)));
    u8::from(!same)
}

fn meet(ends: &[EndBox], asked: &[EndBox]) -> bool {
    ends.iter().any(|end| asked.iter().any(|asked| !end.is_disjoint(asked)))
}
