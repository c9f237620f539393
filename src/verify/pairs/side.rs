//! One side of a group: the policies that select it, and their rules by the boxes they are about.

use super::Group;
use super::boxes::{BoxId, Boxes, Member};
use crate::semantics::ports::{PortSet, Protocol};
use crate::verify::between::{Passing, Ports};
use crate::verify::concrete::{Concrete, Truth};
use crate::verify::decide::{World, ports_at};
use crate::verify::index::{Index, PolicyRef};
use crate::verify::stack::{Action, End, Rule};

/// Policies that select an end, and whether that is so whatever its address; none for an end that is no pod.
pub(super) type Selecting = Option<Vec<(PolicyRef, bool)>>;

/// A rule, by its policy and its place in it: they sort as they decide.
pub(super) type RuleRef = (PolicyRef, u32);

/// One side of a group.
pub(super) struct SideOf {
    pub(super) selecting: Selecting,
    /// Rules by the boxes of their peers, sorted.
    rules: Vec<(BoxId, RuleRef)>,
    /// Whether what no rule matches passes.
    pub(super) open: bool,
    /// The boxes of rules that let something through.
    opening: Vec<BoxId>,
}

/// The policies that select an end.
pub(super) fn selecting(index: &Index<'_>, end: &Concrete) -> Selecting {
    let Concrete::Pod(pod) = end else { return None };
    let select = |at: PolicyRef| {
        let (_, policy) = index.get(at)?;
        match Truth::any(policy.subjects.iter().map(|pods| end.is_in(pods))) {
            Truth::No => None,
            truth => Some((at, truth == Truth::Yes)),
        }
    };
    Some(index.relevant(Some(&pod.namespace)).into_iter().filter_map(select).collect())
}

/// What ports are called at an end: rules by name tell ends apart by it.
pub(super) fn named_ports(end: &Concrete) -> Vec<(&str, Protocol, u16)> {
    let Concrete::Pod(pod) = end else { return Vec::new() };
    let mut ports: Vec<_> = pod.ports.iter().map(|port| (port.name.as_str(), port.protocol, port.number)).collect();
    ports.sort_unstable();
    ports
}

impl SideOf {
    pub(super) fn new(index: &Index<'_>, boxes: &Boxes<'_>, selecting: Selecting) -> Self {
        let (mut rules, mut opening, mut open) = (Vec::new(), Vec::new(), true);
        for (at, surely) in selecting.iter().flatten() {
            let Some((tier, policy)) = index.get(*at) else { continue };
            open &= !(*surely && tier.end == End::Deny);
            for (number, rule) in (0..).zip(&policy.rules) {
                let ids = rule.peers.iter().filter_map(|end| boxes.id(end));
                rules.extend(ids.clone().map(|id| (id, (*at, number))));
                if rule.action != Action::Deny {
                    opening.extend(ids);
                }
            }
        }
        rules.sort_unstable();
        opening.sort_unstable();
        opening.dedup();
        SideOf { selecting, rules, open, opening }
    }

    /// The groups that narrow rules are about.
    pub(super) fn narrow<'b>(&'b self, boxes: &'b Boxes<'_>) -> impl Iterator<Item = u32> + 'b {
        let ids = self.rules.chunk_by(|(a, _), (b, _)| a == b).filter_map(|rules| rules.first());
        ids.filter(|(id, _)| boxes.is_narrow(*id)).flat_map(|(id, _)| boxes.groups(*id).iter().copied())
    }

    /// Whether something may pass that no narrow rule is about.
    pub(super) fn is_broad(&self, boxes: &Boxes<'_>) -> bool {
        self.open || self.opening.iter().any(|id| !boxes.is_narrow(*id))
    }

    /// The rules that match an end in these boxes, as they decide, each with whether that is sure.
    fn matching(&self, member: &[Member]) -> Vec<(RuleRef, bool)> {
        let mut all: Vec<(RuleRef, bool)> = Vec::new();
        for (id, surely) in member {
            let start = self.rules.partition_point(|(other, _)| other < id);
            let rules = self.rules.get(start..).unwrap_or_default().iter().take_while(|(other, _)| other == id);
            all.extend(rules.map(|(_, rule)| (*rule, *surely)));
        }
        // Of one rule what is sure comes first and stays.
        all.sort_unstable_by_key(|(rule, surely)| (*rule, !*surely));
        all.dedup_by_key(|(rule, _)| *rule);
        all
    }

    fn ports<'a>(&self, index: &Index<'a>, member: &[Member], at: impl Fn(&Rule) -> PortSet) -> Ports {
        let Some(selecting) = &self.selecting else { return Ports::all() };
        let matching = self.matching(member);
        let mut passing = Passing::default();
        for of_tier in selecting.chunk_by(|(a, _), (b, _)| a.tier == b.tier) {
            let Some(number) = of_tier.first().map(|(at, _)| at.tier) else { continue };
            let Some(tier) = index.tier(number) else { continue };
            let start = matching.partition_point(|((policy, _), _)| policy.tier < number);
            let rules = matching.get(start..).unwrap_or_default().iter().take_while(|((policy, _), _)| policy.tier == number);
            for ((policy, rule), surely) in rules {
                let Some(rule) = index.get(*policy).and_then(|(_, policy)| policy.rules.get(*rule as usize)) else { continue };
                let selected = of_tier.binary_search_by_key(policy, |(at, _)| *at).ok().and_then(|at| of_tier.get(at));
                let sure = *surely && selected.is_some_and(|(_, surely)| *surely);
                passing.rule(rule.action, &at(rule), if sure { Truth::Yes } else { Truth::Unknown });
            }
            let selected = of_tier.iter().any(|(_, surely)| *surely);
            passing.end(tier.end, if selected { Truth::Yes } else { Truth::Unknown });
        }
        passing.finish()
    }
}

/// The ports that a group may use of another one.
pub(super) fn ports(world: &World<'_>, source: &Group<'_>, destination: &Group<'_>) -> Ports {
    between(world, source, destination, &source.member, &destination.member)
}

/// The same, were no narrow rule about either.
pub(super) fn broad_ports(world: &World<'_>, boxes: &Boxes<'_>, source: &Group<'_>, destination: &Group<'_>) -> Ports {
    let broad = |group: &Group<'_>| group.member.iter().filter(|(id, _)| !boxes.is_narrow(*id)).copied().collect::<Vec<_>>();
    between(world, source, destination, &broad(source), &broad(destination))
}

fn between(world: &World<'_>, source: &Group<'_>, destination: &Group<'_>, from: &[Member], to: &[Member]) -> Ports {
    let at = |rule: &Rule| ports_at(rule, destination.end);
    let egress = source.egress.ports(&world.egress, to, at);
    if egress.possible.is_empty() {
        return egress;
    }
    egress.both(&destination.ingress.ports(&world.ingress, from, at))
}
