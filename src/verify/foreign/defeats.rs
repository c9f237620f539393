//! Denies that somebody else's policy makes void.

use crate::ir::{Flow, SentenceId, Verdict};
use crate::semantics::ends::EndBox;
use crate::verify::assertion::Found;
use crate::verify::assertion::search::Search;
use crate::verify::concrete::Truth;
use crate::verify::decide::{World, decide};
use crate::verify::intent::{Question, Reader, Reading};
use crate::verify::meaning::Unclear;
use crate::verify::stack::{Action, Origin, Rule, Sides, Stack};

use super::Judge;
use super::doubts::Doubt;

/// A connection that a deny closes and that passes.
#[derive(Debug)]
pub(super) struct Defeat {
    pub(super) deny: SentenceId,
    pub(super) witness: Found,
    /// The rules of others that let it leave its source, and reach its destination.
    pub(super) rules: [Vec<Origin>; 2],
}

/// Which denies a rule could defeat.
struct Suspect<'a> {
    subjects: &'a [EndBox],
    rule: &'a Rule,
    is_ingress: bool,
}

impl Judge<'_> {
    /// Every deny that does not hold, with a connection that shows it; or what it hangs on.
    pub(super) fn defeats(&self) -> Vec<Result<Defeat, Vec<Doubt>>> {
        // Surely, where a port by name is none of those denied; possibly, where it may be any.
        let (surely, possibly) = (self.enforced(Action::Deny), self.enforced(Action::Allow));
        let (meant, surely_found, possibly_found) = (World::new(&self.intent.sides), World::new(&surely), World::new(&possibly));
        let suspects = self.suspects(&possibly);
        let reader = Reader::new(self.policy, self.cluster);
        let here = self.policy.flows.iter().filter(|flow| flow.verdict == Verdict::Deny && flow.clusters.contains(&self.cluster.name));
        let mut all = Vec::new();
        for deny in here {
            let Some(question) = Question::new(&reader, deny, Reading::Wide, Reading::Wide) else { continue };
            if !suspects.iter().any(|suspect| suspect.touches(&question)) {
                continue;
            }
            match self.passing(&surely_found, &question) {
                Ok(Some(witness)) => all.push(Ok(self.defeat(deny, witness, &meant, &surely_found))),
                Err(unclear) => all.push(Err(self.unsettled(deny, &unclear))),
                Ok(None) => match self.passing(&possibly_found, &question) {
                    Ok(Some(witness)) => all.push(Err(self.by_name(&self.defeat(deny, witness, &meant, &possibly_found)))),
                    Err(unclear) => all.push(Err(self.unsettled(deny, &unclear))),
                    Ok(None) => {}
                },
            }
        }
        all
    }

    fn passing(&self, world: &World<'_>, question: &Question) -> Result<Option<Found>, Unclear> {
        let search = Search { world, universe: &self.universe };
        for (ends, ports) in &question.destinations {
            for end in ends {
                if let Some(found) = search.passing(&question.sources, end, ports)? {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    fn defeat(&self, deny: &Flow, witness: Found, meant: &World<'_>, found: &World<'_>) -> Defeat {
        let Found { source, destination, port } = &witness;
        let said = decide(meant, source, destination, *port);
        let of = |closed: bool, index, own, other| if closed { self.culprits(index, own, other, *port) } else { Vec::new() };
        let rules = [
            of(said.egress.allowed != Truth::Yes, &found.egress, source, destination),
            of(said.ingress.allowed != Truth::Yes, &found.ingress, destination, source),
        ];
        Defeat { deny: deny.sentence, rules, witness }
    }

    /// Rules of others that let something through.
    fn suspects<'s>(&self, sides: &'s Sides) -> Vec<Suspect<'s>> {
        let of = |stack: &'s Stack, is_ingress| {
            let policies = stack.tiers.iter().flat_map(|tier| &tier.policies);
            policies.flat_map(move |policy| policy.rules.iter().map(move |rule| Suspect { subjects: &policy.subjects, rule, is_ingress }))
        };
        let all = of(&sides.ingress, true).chain(of(&sides.egress, false));
        all.filter(|it| it.rule.action != Action::Deny && self.given.foreign(it.rule.origin).is_some()).collect()
    }
}

impl Suspect<'_> {
    fn touches(&self, question: &Question) -> bool {
        let meet = |some: &[EndBox], others: &[EndBox]| some.iter().any(|one| others.iter().any(|other| !one.is_disjoint(other)));
        question.destinations.iter().any(|(ends, ports)| {
            let (own, other) = if self.is_ingress { (ends, &question.sources) } else { (&question.sources, ends) };
            // What passes on keeps its ports by name: it may be about any.
            let ports = !self.rule.named.is_empty() || !self.rule.ports.is_disjoint(ports);
            ports && meet(self.subjects, own) && meet(&self.rule.peers, other)
        })
    }
}
