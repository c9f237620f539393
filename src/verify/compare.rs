//! Whether two pairs of stacks let the same through.
//!
//! Each side of each class of pods is compared on its own, namespace by namespace, so that work
//! grows with the policies and not with the pairs of pods. Pods of namespaces that no policy names
//! are one more namespace. Two sides are equal when both differences are empty; what is in one
//! is shown by a connection, which is put to both stacks once more, one by one.

mod accept;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::classes::{Class, split};
use super::concrete::Truth;
use super::decide::side;
use super::index::Index;
use super::meaning::{Unclear, allowed};
use super::pieces::{Budget, TooMany, only_in, sorted, subtract};
use super::stack::{Origin, Rule, Sides, Stack};
use super::universe::{Piece, Universe};
use super::witness::{Witness, witness};
use crate::semantics::ends::EndBox;
use crate::semantics::labels::Word;
use crate::semantics::ports::PortSet;
use crate::semantics::traffic::{Part, Traffic};

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    /// Connections that a pod receives.
    Ingress,
    /// Connections that a pod opens.
    Egress,
}

/// A deny as the policy has it.
#[derive(Debug, Clone)]
pub(crate) struct WrittenDeny {
    /// Who opens the connections.
    pub(crate) sources: Vec<EndBox>,
    /// To whom.
    pub(crate) destinations: Vec<EndBox>,
    /// On which ports.
    pub(crate) ports: PortSet,
}

/// Connections of one side that one of the two lets through and the other does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Whose side: of the pods of `piece`.
    pub(crate) side: Side,
    /// Whether the enforced stacks let through what is not intended; else they close what is.
    pub(crate) more: bool,
    /// Some of the connections.
    pub(crate) piece: Piece,
    /// All of them that differ in the same way, those that could not be among them.
    pub(crate) whole: Piece,
    /// One of them.
    pub(crate) witness: Witness,
}

/// Why two pairs could not be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// More pieces than are looked at, about pods of this namespace (none: of those that no policy names).
    TooMany { namespace: Option<Word> },
    /// A rule of the intended (false) or enforced (true) stacks has ports by name.
    NamedPort { enforced: bool, origin: Origin },
    /// The comparison is wrong: both let a witness through, or neither does.
    Internal(Box<Difference>),
}

/// What is compared, and by what it is judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Comparison<'a> {
    /// What should pass.
    pub(crate) intended: &'a Sides,
    /// What does.
    pub(crate) enforced: &'a Sides,
    /// What could be at all.
    pub(crate) universe: &'a Universe,
    /// Denies that may be enforced at one end alone: a connection in one may be let through at an end, if
    /// the other end refuses it.
    pub(crate) denies: &'a [WrittenDeny],
    /// With so many differences it ends.
    pub(crate) most: usize,
}

/// The differences, by side and namespace; none: both mean the same.
///
/// # Errors
///
/// What kept it from being known.
pub(crate) fn compare(comparison: &Comparison<'_>) -> Result<Vec<Difference>, Failure> {
    differences(comparison, true)
}

/// The differences that are openings: connections that are let through and not intended.
///
/// # Errors
///
/// What kept it from being known.
pub(crate) fn openings(comparison: &Comparison<'_>) -> Result<Vec<Difference>, Failure> {
    differences(comparison, false)
}

fn differences(comparison: &Comparison<'_>, closings: bool) -> Result<Vec<Difference>, Failure> {
    let pair = |side: fn(&Sides) -> &Stack| Pair {
        intended: Index::new(side(comparison.intended)),
        enforced: Index::new(side(comparison.enforced)),
    };
    let pairs = [pair(|sides| &sides.ingress), pair(|sides| &sides.egress)];
    let [ingress, egress] = &pairs;
    let mut found = Vec::new();
    for (side, pair, other) in [(Side::Ingress, ingress, egress), (Side::Egress, egress, ingress)] {
        let mut comparing = Comparing { comparison, closings, side, pair, other, found: &mut found };
        comparing.run()?;
    }
    Ok(found)
}

/// Both stacks of a direction.
struct Pair<'a> {
    intended: Index<'a>,
    enforced: Index<'a>,
}

impl Pair<'_> {
    fn names(&self) -> BTreeSet<&Word> {
        self.intended.namespaces().chain(self.enforced.namespaces()).collect()
    }

    /// Classes of some pods, all of one namespace or of those that no policy names.
    fn classes(&self, pods: EndBox, namespace: Option<&str>, budget: &mut Budget) -> Result<Vec<Class>, TooMany> {
        let stacks = [&self.intended, &self.enforced];
        split(pods, &stacks, &stacks.map(|index| index.relevant(namespace)), budget)
    }
}

/// One side being compared.
struct Comparing<'a> {
    comparison: &'a Comparison<'a>,
    /// Whether closings count too.
    closings: bool,
    side: Side,
    pair: &'a Pair<'a>,
    /// The other side.
    other: &'a Pair<'a>,
    found: &'a mut Vec<Difference>,
}

impl Comparing<'_> {
    fn run(&mut self) -> Result<(), Failure> {
        let universe = self.comparison.universe;
        let names = self.pair.names();
        for name in &names {
            self.namespace(universe.namespace(name), Some(name))?;
        }
        if universe.unborn {
            self.namespace(universe.other_namespaces(names.iter().copied()), None)?;
        }
        Ok(())
    }

    fn namespace(&mut self, pods: EndBox, name: Option<&Word>) -> Result<(), Failure> {
        if pods.is_empty() || self.found.len() >= self.comparison.most {
            return Ok(());
        }
        let too_many = |_| Failure::TooMany { namespace: name.cloned() };
        let classes = self.pair.classes(pods, name.map(Word::as_str), &mut Budget::default()).map_err(too_many)?;
        for class in &classes {
            if self.found.len() < self.comparison.most {
                self.class(class, name)?;
            }
        }
        Ok(())
    }

    fn class(&mut self, class: &Class, name: Option<&Word>) -> Result<(), Failure> {
        let too_many = |_| Failure::TooMany { namespace: name.cloned() };
        let mut budget = Budget::default();
        let intended = sorted(self.meaning(class, false, name, &mut budget)?);
        let enforced = sorted(self.meaning(class, true, name, &mut budget)?);
        // Mostly both say the same in the same words.
        if intended == enforced {
            return Ok(());
        }
        let less = if self.closings { only_in(&intended, &enforced) } else { Vec::new() };
        let less = subtract(less, &enforced, &mut budget).map_err(too_many)?;
        let more = subtract(only_in(&enforced, &intended), &intended, &mut budget).map_err(too_many)?;
        for (is_more, parts) in [(false, less), (true, more)] {
            for part in parts.into_iter() {
                let piece = Piece { pods: class.pods.clone(), part };
                self.judge(is_more, &piece, name, &mut budget)?;
            }
        }
        Ok(())
    }

    fn meaning(&self, class: &Class, enforced: bool, name: Option<&Word>, budget: &mut Budget) -> Result<Vec<Part>, Failure> {
        let index = if enforced { &self.pair.enforced } else { &self.pair.intended };
        let policies = class.policies.get(usize::from(enforced)).map(Vec::as_slice).unwrap_or_default();
        allowed(index, policies, &Traffic::all(), budget).map_err(|unclear| match unclear {
            Unclear::TooMany => Failure::TooMany { namespace: name.cloned() },
            Unclear::NamedPort(origin) => Failure::NamedPort { enforced, origin },
        })
    }

    /// Enters a difference, if there are connections in it that could be and are not accepted.
    fn judge(&mut self, more: bool, whole: &Piece, name: Option<&Word>, budget: &mut Budget) -> Result<(), Failure> {
        for piece in self.comparison.universe.narrow(whole) {
            let rest = if more { accept::rest(self, piece, name, budget)? } else { vec![piece] };
            for piece in rest {
                let Some(witness) = witness(self.comparison.universe, &piece) else { continue };
                let difference = Difference { side: self.side, more, piece, whole: whole.clone(), witness };
                if !self.confirms(&difference) {
                    return Err(Failure::Internal(Box::new(difference)));
                }
                self.found.push(difference);
                return Ok(());
            }
        }
        Ok(())
    }

    /// Whether both stacks judge the witness as the difference says.
    fn confirms(&self, difference: &Difference) -> bool {
        let Witness { pod, other, port } = &difference.witness;
        let ports = |rule: &Rule| if rule.ports.holds(port.protocol, port.detail) { Truth::Yes } else { Truth::No };
        let passes = |index: &Index<'_>| side(index, pod, other, ports).allowed;
        let found = [passes(&self.pair.intended), passes(&self.pair.enforced)];
        found == if difference.more { [Truth::No, Truth::Yes] } else { [Truth::Yes, Truth::No] }
    }
}
