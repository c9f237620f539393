//! One connection between two ends: whether it passes, and what decides that, at each end.
//!
//! Written apart from [`super::meaning`], so that each can be held against the other.

#[cfg(test)]
mod tests;

use super::concrete::{Concrete, Pod, Truth};
use super::index::{Index, PolicyRef};
use super::stack::{Action, End, Origin, Rule, Sides, Tier};
use crate::semantics::ports::Protocol;

/// Stacks, made ready for many questions.
#[derive(Debug)]
pub(crate) struct World<'a> {
    /// Of connections that a pod receives.
    pub(crate) ingress: Index<'a>,
    /// Of connections that a pod opens.
    pub(crate) egress: Index<'a>,
}

/// The port a connection is made to: the protocol's number and the port (ICMP: type and code).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Port {
    /// IANA's number.
    pub(crate) protocol: u8,
    /// The port, or type and code.
    pub(crate) detail: u16,
}

/// What becomes of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    /// Whether it passes: both sides must let it.
    pub(crate) allowed: Truth,
    /// The source's side.
    pub(crate) egress: Trail,
    /// The destination's side.
    pub(crate) ingress: Trail,
}

/// What one side says of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trail {
    /// Whether it passes this side.
    pub(crate) allowed: Truth,
    /// What decides.
    pub(crate) by: By,
    /// The policies of this side that select the pod, in the order in which they decide.
    pub(crate) selecting: Vec<Origin>,
}

/// What decides a side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum By {
    /// The end is no pod: nothing stands there.
    NoPod,
    /// No policy selects the pod.
    NoPolicy,
    /// A rule.
    Rule { tier: String, policy: Origin, rule: Origin, action: Action },
    /// The end of a tier: policies that select the pod, none of which has a rule that matches.
    Isolated { tier: String, by: Vec<Origin> },
    /// Every tier passed it on.
    PassedOn,
    /// Whether a rule matches depends on an address that is not known.
    Unknown { policy: Origin, rule: Origin },
}

impl<'a> World<'a> {
    /// Looks at every policy once.
    pub(crate) fn new(sides: &'a Sides) -> Self {
        World { ingress: Index::new(&sides.ingress), egress: Index::new(&sides.egress) }
    }
}

/// Whether a connection passes, and why.
pub(crate) fn decide(world: &World<'_>, source: &Concrete, destination: &Concrete, port: Port) -> Decision {
    let ports = |rule: &Rule| if rule_has(rule, destination, port) { Truth::Yes } else { Truth::No };
    let egress = side(&world.egress, source, destination, ports);
    let ingress = side(&world.ingress, destination, source, ports);
    let allowed = egress.allowed.and(ingress.allowed);
    Decision { allowed, egress, ingress }
}

/// Whether a rule's ports hold a connection; names are ports of the destination's containers.
fn rule_has(rule: &Rule, destination: &Concrete, port: Port) -> bool {
    let named = |pod: &Pod| {
        let wanted = |(protocol, number): (Protocol, u16)| protocol.number() == port.protocol && number == port.detail;
        rule.named.iter().any(|named| pod.port(&named.name, named.protocol).any(wanted))
    };
    rule.ports.holds(port.protocol, port.detail) || matches!(destination, Concrete::Pod(pod) if named(pod))
}

/// What the policies of one end say.
pub(crate) fn side(index: &Index<'_>, own: &Concrete, other: &Concrete, ports: impl Fn(&Rule) -> Truth) -> Trail {
    let Concrete::Pod(pod) = own else { return Trail { allowed: Truth::Yes, by: By::NoPod, selecting: Vec::new() } };
    let (mut surely, mut maybe) = (Vec::new(), Vec::new());
    for at in index.relevant(Some(&pod.namespace)) {
        let Some((_, policy)) = index.get(at) else { continue };
        match Truth::any(policy.subjects.iter().map(|pods| own.is_in(pods))) {
            Truth::Yes => surely.push(at),
            Truth::Unknown => maybe.push(at),
            Truth::No => {}
        }
    }
    let selecting = surely.iter().filter_map(|at| index.get(*at)).map(|(_, policy)| policy.origin).collect();
    let (allowed, by) = Asked { index, surely, maybe, other, ports }.tiers();
    Trail { allowed, by, selecting }
}

/// One question to one side.
struct Asked<'a, F> {
    index: &'a Index<'a>,
    /// The policies that select the pod.
    surely: Vec<PolicyRef>,
    /// The policies of which that depends on an address that is not known.
    maybe: Vec<PolicyRef>,
    other: &'a Concrete,
    ports: F,
}

/// Something that would decide otherwise if an address were another one: what it would do, and where it is said.
type Doubt = (Option<Truth>, By);

impl<F: Fn(&Rule) -> Truth> Asked<'_, F> {
    fn tiers(&self) -> (Truth, By) {
        let mut doubts = Vec::new();
        let mut tiers = (0..).zip(&self.index.stack.tiers);
        let decided = tiers.find_map(|(number, tier)| {
            let of_tier = |refs: &[PolicyRef]| refs.iter().filter(|at| at.tier == number).copied().collect::<Vec<_>>();
            self.tier(tier, &of_tier(&self.surely), &of_tier(&self.maybe), &mut doubts)
        });
        let by = if self.surely.is_empty() { By::NoPolicy } else { By::PassedOn };
        let (allowed, by) = decided.unwrap_or((Truth::Yes, by));
        match doubts.into_iter().find(|(would, _)| *would != Some(allowed)) {
            Some((_, doubt)) => (Truth::Unknown, doubt),
            None => (allowed, by),
        }
    }

    /// What a tier decides, were all in doubt not so; none: it goes on to the next.
    fn tier(&self, tier: &Tier, surely: &[PolicyRef], maybe: &[PolicyRef], doubts: &mut Vec<Doubt>) -> Option<(Truth, By)> {
        let mut refs = [surely, maybe].concat();
        refs.sort_unstable();
        for at in &refs {
            let Some((_, policy)) = self.index.get(*at) else { continue };
            for rule in &policy.rules {
                let outcome = match rule.action {
                    Action::Allow => Some(Truth::Yes),
                    Action::Deny => Some(Truth::No),
                    Action::Pass => None,
                };
                let by = || By::Rule { tier: tier.name.to_string(), policy: policy.origin, rule: rule.origin, action: rule.action };
                match self.matches(rule) {
                    Truth::No => {}
                    Truth::Yes if surely.contains(at) => return outcome.map(|outcome| (outcome, by())),
                    _ => doubts.push((outcome, By::Unknown { policy: policy.origin, rule: rule.origin })),
                }
            }
        }
        if tier.end == End::Pass {
            return None;
        }
        if surely.is_empty() {
            let first = maybe.first().and_then(|at| self.index.get(*at));
            doubts.extend(first.map(|(_, policy)| (Some(Truth::No), By::Unknown { policy: policy.origin, rule: policy.origin })));
            return None;
        }
        Some((Truth::No, By::Isolated { tier: tier.name.to_string(), by: self.origins(surely) }))
    }

    fn origins(&self, refs: &[PolicyRef]) -> Vec<Origin> {
        refs.iter().filter_map(|at| self.index.get(*at)).map(|(_, policy)| policy.origin).collect()
    }

    fn matches(&self, rule: &Rule) -> Truth {
        if (self.ports)(rule) == Truth::No {
            return Truth::No;
        }
        Truth::any(rule.peers.iter().map(|end| self.other.is_in(end)))
    }
}
