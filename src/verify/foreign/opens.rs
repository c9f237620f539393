//! Ends that an isolation closes and somebody else's policy opens.

use std::collections::BTreeMap;

use crate::ir::SentenceId;
use crate::verify::compare::{Comparison, Difference, Failure, Side, openings};
use crate::verify::concrete::Truth;
use crate::verify::decide::{By, Port, World, side};
use crate::verify::index::Index;
use crate::verify::stack::{Action, Origin, Rule, Sides, Stack};

use super::Judge;

/// With so many flows the search ends.
pub(super) const MOST: usize = 2000;

/// What one object opens.
#[derive(Debug)]
pub(super) struct Opening {
    /// Its place among the world's objects; none: it is not known which does.
    pub(super) object: Option<u32>,
    /// First to last.
    pub(super) flows: Vec<Flow>,
}

/// Connections that are let through alike.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) difference: Difference,
    /// The rule by which.
    pub(super) rule: Option<Origin>,
    /// The sentences that close it.
    pub(super) closed_by: Vec<SentenceId>,
}

impl Judge<'_> {
    /// What is let through besides what allows open, by object. What a deny closes is left out: that is worse.
    pub(super) fn openings(&self) -> Result<Vec<Opening>, Failure> {
        // A port by name may be any: each pod decides it.
        let mut enforced = self.enforced(Action::Allow);
        let intended = &self.intent.sides;
        close(&mut enforced.ingress, &intended.ingress);
        close(&mut enforced.egress, &intended.egress);
        let comparison = Comparison { intended, enforced: &enforced, universe: &self.universe, denies: &[], most: MOST };
        let differences = openings(&comparison)?;
        let worlds = Worlds { meant: World::new(intended), found: World::new(&enforced) };
        let mut by_object: BTreeMap<Option<u32>, Vec<Flow>> = BTreeMap::new();
        for difference in differences {
            let flow = self.flow(&worlds, difference);
            let object = flow.rule.and_then(|rule| if let Origin::Object { object, .. } = rule { Some(object) } else { None });
            by_object.entry(object).or_default().push(flow);
        }
        Ok(by_object.into_iter().map(|(object, flows)| Opening { object, flows }).collect())
    }

    fn flow(&self, worlds: &Worlds<'_>, difference: Difference) -> Flow {
        let (meant, found) = worlds.of(difference.side);
        let witness = &difference.witness;
        let rule = self.culprits(found, &witness.pod, &witness.other, witness.port).first().copied();
        let closed_by = closing(meant, &difference);
        Flow { difference, rule, closed_by }
    }
}

struct Worlds<'a> {
    meant: World<'a>,
    found: World<'a>,
}

impl Worlds<'_> {
    fn of(&self, side: Side) -> (&Index<'_>, &Index<'_>) {
        match side {
            Side::Ingress => (&self.meant.ingress, &self.found.ingress),
            Side::Egress => (&self.meant.egress, &self.found.egress),
        }
    }
}

/// Puts the policy's denies before everything else.
fn close(stack: &mut Stack, meant: &Stack) {
    stack.tiers.splice(0..0, meant.tiers.first().cloned());
}

/// The sentences that close a connection.
fn closing(meant: &Index<'_>, difference: &Difference) -> Vec<SentenceId> {
    let witness = &difference.witness;
    let Port { protocol, detail } = witness.port;
    let has = |rule: &Rule| if rule.ports.holds(protocol, detail) { Truth::Yes } else { Truth::No };
    let By::Isolated { by, .. } = side(meant, &witness.pod, &witness.other, has).by else { return Vec::new() };
    by.into_iter().filter_map(|origin| if let Origin::Sentence(id) = origin { Some(id) } else { None }).collect()
}

/// Both directions of a policy's closed ends: the subjects of denies and isolations.
pub(super) fn closed(sides: &Sides, ingress: bool) -> impl Iterator<Item = &crate::semantics::ends::EndBox> {
    let stack = if ingress { &sides.ingress } else { &sides.egress };
    let closes = |name: &str| name != "allows";
    stack.tiers.iter().filter(move |tier| closes(&tier.name)).flat_map(|tier| &tier.policies).flat_map(|policy| &policy.subjects)
}
