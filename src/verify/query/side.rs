//! One side of one kind of pods.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::PortName;
use crate::semantics::ends::EndBox;
use crate::semantics::ports::PortSet;
use crate::semantics::traffic::{Part, Traffic};
use crate::verify::stack::{Action, End, Policy, Rule, Stack, Tier};

/// Into how many kinds pods are cut at most.
const KINDS: usize = 4_096;

/// Pods as kinds of which each policy selects all or none; none if there are too many.
pub(crate) fn kinds(stack: &Stack, pods: &EndBox) -> Option<Vec<EndBox>> {
    let mut kinds: Vec<EndBox> = if pods.is_empty() { Vec::new() } else { vec![pods.clone()] };
    let subjects: BTreeSet<&EndBox> = stack.tiers.iter().flat_map(|tier| &tier.policies).flat_map(|policy| &policy.subjects).collect();
    for subject in subjects.into_iter().filter(|subject| !subject.is_disjoint(pods)) {
        if kinds.iter().all(|kind| kind.is_subset(subject)) {
            continue;
        }
        kinds = kinds.iter().flat_map(|kind| cut(kind, subject)).collect();
        if kinds.len() > KINDS {
            return None;
        }
    }
    Some(kinds)
}

fn cut(kind: &EndBox, subject: &EndBox) -> Vec<EndBox> {
    if kind.is_disjoint(subject) || kind.is_subset(subject) {
        return vec![kind.clone()];
    }
    let mut parts = kind.difference(subject);
    parts.extend(kind.intersection(subject));
    parts
}

/// Whether a policy selects the pods of a kind.
pub(crate) fn selects(policy: &Policy, kind: &EndBox) -> bool {
    policy.subjects.iter().any(|subject| kind.is_subset(subject))
}

/// Whether some pods are closed but for what is allowed: a tier that ends in Deny has a policy for them.
pub(crate) fn isolates(stack: &Stack, pods: &EndBox) -> bool {
    let closing = stack.tiers.iter().filter(|tier| tier.end == End::Deny);
    matches!(pods, EndBox::Pods { .. }) && closing.flat_map(|tier| &tier.policies).any(|policy| selects(policy, pods))
}

/// Whether some rule names ports.
pub(super) fn names_ports(stack: &Stack) -> bool {
    stack.tiers.iter().flat_map(|tier| &tier.policies).flat_map(|policy| &policy.rules).any(|rule| !rule.named.is_empty())
}

/// What the side of a kind of pods lets through, and the names of ports whose numbers are not known.
pub(super) fn passes(stack: &Stack, kind: &EndBox, names: Option<&[PortName]>) -> (Traffic, Vec<SmolStr>) {
    let mut named = Vec::new();
    let mut open = Traffic::none();
    let mut undecided = Traffic::all();
    for tier in &stack.tiers {
        let selected: Vec<&Policy> = tier.policies.iter().filter(|policy| selects(policy, kind)).collect();
        if selected.is_empty() {
            continue;
        }
        if names.is_none() {
            let allowing = selected.iter().flat_map(|policy| &policy.rules).filter(|rule| rule.action == Action::Allow);
            named.extend(allowing.flat_map(|rule| &rule.named).map(|port| port.name.clone()));
        }
        undecided = decide(tier, &selected, names, undecided, &mut open);
        if undecided.is_empty() {
            break;
        }
    }
    undecided.iter().for_each(|part| open.add(part.clone()));
    (open, named)
}

/// What a tier leaves to those after it. What it allows is not taken out of that: whatever
/// comes later, it is open.
fn decide(tier: &Tier, selected: &[&Policy], names: Option<&[PortName]>, undecided: Traffic, open: &mut Traffic) -> Traffic {
    let mut left = undecided;
    let mut passed = Traffic::none();
    for rule in selected.iter().flat_map(|policy| &policy.rules) {
        let matched = matched(rule, names);
        let hit = left.intersection(&matched);
        if rule.action != Action::Allow && !hit.is_empty() {
            left = left.difference(&matched);
        }
        match rule.action {
            Action::Allow => hit.iter().for_each(|part| open.add(part.clone())),
            Action::Pass => hit.iter().for_each(|part| passed.add(part.clone())),
            Action::Deny => {}
        }
    }
    match tier.end {
        End::Deny => passed,
        End::Pass => passed.iter().chain(left.iter()).cloned().collect(),
    }
}

fn matched(rule: &Rule, names: Option<&[PortName]>) -> Traffic {
    let ports = ports(rule, names);
    rule.peers.iter().map(|end: &EndBox| Part { end: end.clone(), ports: ports.clone() }).collect()
}

/// A rule's ports, those by name among them that the destination has.
pub(crate) fn ports(rule: &Rule, names: Option<&[PortName]>) -> PortSet {
    let has = |wanted: &crate::verify::stack::NamedPort, port: &&PortName| {
        port.name == wanted.name && wanted.protocol.is_none_or(|protocol| protocol == port.protocol)
    };
    let numbered = rule.named.iter().flat_map(|wanted| names.unwrap_or_default().iter().filter(move |port| has(wanted, port)));
    numbered.fold(rule.ports.clone(), |all, port| all.union(&PortSet::range(port.protocol, port.number, port.number)))
}
