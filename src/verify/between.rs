//! Which ports two ends may use, at once for all ports.

use super::concrete::{Concrete, Truth};
use super::decide::{World, ports_at};
use super::index::Index;
use super::stack::{Action, End};
use crate::semantics::ports::PortSet;

/// The ports that pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ports {
    /// Those that pass whatever is not known.
    pub(crate) allowed: PortSet,
    /// Those that may pass, the allowed ones among them: where it depends on an address that is not known.
    pub(crate) possible: PortSet,
}

impl Ports {
    /// Every port.
    pub(crate) fn all() -> Self {
        Ports { allowed: PortSet::all(), possible: PortSet::all() }
    }

    /// Those that pass both sides.
    pub(crate) fn both(&self, other: &Self) -> Self {
        Ports { allowed: self.allowed.intersection(&other.allowed), possible: self.possible.intersection(&other.possible) }
    }
}

/// The ports of a destination that a source may use.
pub(crate) fn ports_between(world: &World<'_>, source: &Concrete, destination: &Concrete) -> Ports {
    let egress = one_side(&world.egress, source, destination, destination);
    egress.both(&one_side(&world.ingress, destination, source, destination))
}

fn one_side(index: &Index<'_>, own: &Concrete, other: &Concrete, destination: &Concrete) -> Ports {
    let Concrete::Pod(pod) = own else { return Ports::all() };
    let mut passing = Passing::default();
    let relevant = index.relevant(Some(&pod.namespace));
    for of_tier in relevant.chunk_by(|a, b| a.tier == b.tier) {
        let Some(tier) = of_tier.first().and_then(|at| index.tier(at.tier)) else { continue };
        let mut selected = Truth::No;
        for policy in of_tier.iter().filter_map(|at| index.get(*at)).map(|(_, policy)| policy) {
            let selects = Truth::any(policy.subjects.iter().map(|pods| own.is_in(pods)));
            selected = Truth::any([selected, selects]);
            for rule in policy.rules.iter().filter(|_| selects != Truth::No) {
                let matches = Truth::any(rule.peers.iter().map(|end| other.is_in(end)));
                passing.rule(rule.action, &ports_at(rule, destination), selects.and(matches));
            }
        }
        passing.end(tier.end, selected);
    }
    passing.finish()
}

/// The ports that may still be undecided, and what may become of the others, on the way through the
/// tiers. Where it is not known whether a rule matches, both may be.
#[derive(Debug)]
pub(super) struct Passing {
    reaching: PortSet,
    passed: PortSet,
    allowed: PortSet,
    denied: PortSet,
}

impl Default for Passing {
    fn default() -> Self {
        Passing { reaching: PortSet::all(), passed: PortSet::none(), allowed: PortSet::none(), denied: PortSet::none() }
    }
}

impl Passing {
    /// The next rule of a tier.
    pub(super) fn rule(&mut self, action: Action, ports: &PortSet, matches: Truth) {
        if matches == Truth::No {
            return;
        }
        let hit = self.reaching.intersection(ports);
        if hit.is_empty() {
            return;
        }
        if matches == Truth::Yes {
            self.reaching = self.reaching.difference(&hit);
        }
        let into = match action {
            Action::Allow => &mut self.allowed,
            Action::Deny => &mut self.denied,
            Action::Pass => &mut self.passed,
        };
        *into = into.union(&hit);
    }

    /// The end of a tier of which some policy selects the pod.
    pub(super) fn end(&mut self, end: End, selected: Truth) {
        let passed = std::mem::take(&mut self.passed);
        if end == End::Deny && selected != Truth::No {
            self.denied = self.denied.union(&self.reaching);
            if selected == Truth::Yes {
                self.reaching = PortSet::none();
            }
        }
        self.reaching = self.reaching.union(&passed);
    }

    /// After the last tier.
    pub(super) fn finish(self) -> Ports {
        Ports { allowed: PortSet::all().difference(&self.denied), possible: self.allowed.union(&self.reaching) }
    }
}
