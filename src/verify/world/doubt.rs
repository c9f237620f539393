//! What is in doubt, decided one way or the other: what then passes is the most that may pass, or the least.
//!
//! A rule in doubt matches some of the connections that it speaks of. At most it matches all of them, if it opens, and
//! none, if it closes; at least the other way round. One that passes on leads to something between open and closed.

use smallvec::SmallVec;

use super::{NotUnderstood, World};
use crate::semantics::ends::EndBox;
use crate::semantics::ports::PortSet;
use crate::verify::stack::{Action, End, Origin, Policy, Rule, Sides, Stack, Tier};

/// The tier of what is not understood, before all others.
pub(in crate::verify) const NOT_UNDERSTOOD: &str = "not understood";

/// What is understood alone, and everything, if that is more.
pub(super) fn apart(all: Sides) -> (Sides, Option<Sides>) {
    let has_doubts = [&all.ingress, &all.egress].into_iter().flat_map(rules).any(|rule| rule.doubt);
    if !has_doubts {
        return (all, None);
    }
    let mut sure = all.clone();
    for policy in policies(&mut sure) {
        policy.rules.retain(|rule| !rule.doubt);
    }
    (sure, Some(all))
}

impl World {
    /// What would decide if all that is not understood were decided this way (Allow or Deny), in favor of what it
    /// could reach.
    pub(crate) fn if_all(&self, action: Action) -> Sides {
        let mut sides = self.in_doubt.as_ref().unwrap_or(&self.sides).clone();
        for policy in policies(&mut sides) {
            policy.rules.retain_mut(|rule| decided(rule, action));
        }
        for (stack, is_ingress) in [(&mut sides.ingress, true), (&mut sides.egress, false)] {
            let reaches = |what: &&NotUnderstood| {
                let side = if is_ingress { what.reach.ingress } else { what.reach.egress };
                side && what.rule.is_none() && !what.reach.subjects.is_empty() && (action == Action::Deny || !what.reach.closes)
            };
            let policies: Vec<Policy> = self.not_understood.iter().filter(reaches).map(|what| whole(what, action)).collect();
            if !policies.is_empty() {
                stack.tiers.insert(0, Tier { name: NOT_UNDERSTOOD.into(), policies, end: End::Pass });
            }
        }
        sides
    }

    /// Whether anything that is not understood could decide.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.not_understood.iter().any(|what| !what.reach.subjects.is_empty())
    }
}

/// Whether a rule counts; one in doubt is settled.
fn decided(rule: &mut Rule, action: Action) -> bool {
    if !rule.doubt {
        return true;
    }
    rule.doubt = false;
    if rule.action == Action::Pass {
        rule.action = action;
    }
    rule.action == action
}

/// A policy that decides everything about whomever something may reach.
fn whole(what: &NotUnderstood, action: Action) -> Policy {
    let origin = Origin::Object { object: what.object, rule: None };
    let peers = EndBox::everyone().into_iter().collect();
    let rule = Rule { origin, action, peers, ports: PortSet::all(), named: SmallVec::new(), doubt: false };
    Policy { origin, subjects: what.reach.subjects.clone(), rules: vec![rule] }
}

fn policies(sides: &mut Sides) -> impl Iterator<Item = &mut Policy> {
    let stacks = [&mut sides.ingress, &mut sides.egress];
    stacks.into_iter().flat_map(|stack| &mut stack.tiers).flat_map(|tier| &mut tier.policies)
}

pub(in crate::verify) fn rules(stack: &Stack) -> impl Iterator<Item = &Rule> {
    stack.tiers.iter().flat_map(|tier| &tier.policies).flat_map(|policy| &policy.rules)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{policies, rules};
    use crate::semantics::ports::{PortSet, Protocol};
    use crate::verify::random::{PORTS, all_ends, all_pods, passes, sides};
    use crate::verify::stack::{Action, Sides};
    use crate::verify::world::World;

    /// The same, where each rule in doubt matches all, nothing, or a part of what it says, by two bits each.
    fn settled(mut sides: Sides, mut how: u64) -> Sides {
        for policy in policies(&mut sides) {
            for rule in policy.rules.iter_mut().filter(|rule| rule.doubt) {
                rule.doubt = false;
                match how & 3 {
                    0 => rule.ports = PortSet::none(),
                    1 => rule.ports = rule.ports.intersection(&PortSet::protocol(Protocol::Tcp)),
                    2 => rule.peers.truncate(1),
                    _ => {}
                }
                how >>= 2;
            }
        }
        sides
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn whatever_a_rule_in_doubt_matches_it_lies_between_the_least_and_the_most(
            mut all in sides(),
            in_doubt in any::<u64>(),
            how in prop::collection::vec(any::<u64>(), 4),
            ends in prop::sample::subsequence(all_ends(), 8),
            own in prop::sample::subsequence(all_pods(), 4),
        ) {
            let mut bits = in_doubt;
            for policy in policies(&mut all) {
                for rule in &mut policy.rules {
                    rule.doubt = bits & 1 == 1;
                    bits >>= 1;
                }
            }
            let world = World { in_doubt: Some(all.clone()), ..World::default() };
            let (least, most) = (world.if_all(Action::Deny), world.if_all(Action::Allow));
            prop_assert!([&least, &most].iter().all(|sides| rules(&sides.ingress).chain(rules(&sides.egress)).all(|rule| !rule.doubt)));
            for settled in how.into_iter().map(|how| settled(all.clone(), how)) {
                for (pod, other, port) in own.iter().flat_map(|pod| ends.iter().flat_map(move |other| PORTS.map(|port| (pod, other, port)))) {
                    let passes = |sides: &Sides| passes(&sides.ingress, pod, other, port);
                    prop_assert!(!passes(&least) || passes(&settled), "{pod:?} {other:?} {port:?}");
                    prop_assert!(!passes(&settled) || passes(&most), "{pod:?} {other:?} {port:?}");
                }
            }
        }
    }
}
