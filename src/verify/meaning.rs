//! What a stack lets through for pods that all its policies treat alike.
//!
//! Tiers in turn; in a tier the first rule that matches decides; a tier of which no policy selects
//! the pods takes no part; what the last tier leaves open passes.

use super::index::{Index, PolicyRef};
use super::pieces::{Budget, TooMany, intersect, subtract};
use super::stack::{Action, End, Origin, Rule};
use crate::semantics::traffic::{Part, Traffic};

/// Why nothing can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unclear {
    /// More pieces than are looked at.
    TooMany,
    /// A rule has ports by name, which are numbers only at a pod that is known.
    NamedPort(Origin),
}

impl From<TooMany> for Unclear {
    fn from(_: TooMany) -> Self {
        Unclear::TooMany
    }
}

/// Which of some connections a stack lets through for pods that exactly these of its policies
/// select, in the order in which they decide. The parts may overlap.
pub(crate) fn allowed(index: &Index<'_>, policies: &[PolicyRef], asked: &Traffic, budget: &mut Budget) -> Result<Vec<Part>, Unclear> {
    let mut state = State::new(asked, budget);
    for of_tier in policies.chunk_by(|a, b| a.tier == b.tier) {
        let Some(tier) = of_tier.first().and_then(|at| index.tier(at.tier)) else { continue };
        let rules: Vec<&Rule> = of_tier.iter().filter_map(|at| index.get(*at)).flat_map(|(_, policy)| &policy.rules).collect();
        state.tier(&rules, tier.end)?;
        if state.reaching.as_ref().is_some_and(Vec::is_empty) {
            break;
        }
    }
    state.finish()
}

/// Between two tiers. A connection that is allowed may be in the other lists too: nothing is
/// taken from what is allowed.
struct State<'b> {
    budget: &'b mut Budget,
    /// What reaches the next tier, but for what is closed; none: every connection, and nothing need be cut to it.
    reaching: Option<Vec<Part>>,
    /// What a rule closed.
    closed: Vec<Part>,
    /// What is let through.
    allowed: Vec<Part>,
}

impl<'b> State<'b> {
    fn new(asked: &Traffic, budget: &'b mut Budget) -> Self {
        let reaching = (!asked.is_all()).then(|| asked.iter().cloned().collect());
        State { budget, reaching, closed: Vec::new(), allowed: Vec::new() }
    }

    fn tier(&mut self, rules: &[&Rule], end: End) -> Result<(), Unclear> {
        let mut passed = Vec::new();
        for rule in rules {
            let hit = self.hit(rule)?;
            match rule.action {
                Action::Pass => passed.extend(hit),
                Action::Allow => {
                    let open = subtract(hit, &self.closed, self.budget)?;
                    let open = subtract(open, &passed, self.budget)?;
                    self.allowed.extend(open);
                }
                Action::Deny => {
                    let shut = subtract(hit, &passed, self.budget)?;
                    self.closed.extend(shut);
                }
            }
        }
        if end == End::Deny {
            self.reaching = Some(passed);
        }
        Ok(())
    }

    /// The connections that reach the tier and match a rule.
    fn hit(&mut self, rule: &Rule) -> Result<Vec<Part>, Unclear> {
        if !rule.named.is_empty() {
            return Err(Unclear::NamedPort(rule.origin));
        }
        let parts: Vec<Part> = rule.peers.iter().map(|end| Part { end: end.clone(), ports: rule.ports.clone() }).collect();
        self.budget.spend(parts.len())?;
        match &self.reaching {
            None => Ok(parts),
            Some(reaching) => Ok(intersect(&parts, reaching, self.budget)?),
        }
    }

    fn finish(mut self) -> Result<Vec<Part>, Unclear> {
        let reaching = self.reaching.unwrap_or_else(|| Traffic::all().iter().cloned().collect());
        let open = subtract(reaching, &self.closed, self.budget)?;
        self.allowed.extend(open);
        self.allowed.retain(|part| !part.is_empty());
        Ok(self.allowed)
    }
}
