//! Whether what a policy asserts holds, for all pods and namespaces that could exist, directly and
//! not through other pods.

pub(in crate::verify) mod search;
#[cfg(test)]
mod tests;
mod told;

use crate::diagnostic::Diagnostic;
use crate::ir::{self, Assertion, Claim, Flow};
use crate::semantics::ends::EndBox;
use crate::semantics::ports::PortSet;
use crate::semantics::traffic::Part;

pub(crate) use self::search::Found;
use self::search::Search;
use super::compare::Side;
use super::concrete::Concrete;
use super::decide::World;
use super::given::Given;
use super::intent::{self, Question, Reader, Reading};
use super::meaning::Unclear;
use super::proof::universe;
use super::stack::Action;
use super::universe::Universe;

/// A connection that an assertion says otherwise of, or a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Counterexample {
    /// It passes, or does not.
    Connection(Box<Found>),
    /// It is not isolated on this side.
    Open { pod: Box<Concrete>, side: Side },
}

/// What came of an assertion in one cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Holds,
    /// Nobody is meant in this cluster.
    Nobody,
    Fails(Counterexample),
    Unclear(Unclear),
    /// It hangs on something that is not understood; why, as notes.
    InDoubt(Vec<String>),
}

/// Decides every assertion of a cluster; says which do not hold. `decided` is told of each that is
/// about somebody here. `given` is what decides besides the policy, where there is anything.
pub(crate) fn check(
    policy: &ir::Policy,
    cluster: &ir::Cluster,
    given: Option<&Given>,
    mut decided: impl FnMut(ir::SentenceId),
) -> Vec<Diagnostic> {
    let here: Vec<&Assertion> = policy.assertions.iter().filter(|it| it.clusters.contains(&cluster.name)).collect();
    if here.is_empty() {
        return Vec::new();
    }
    let meant = intent::read(policy, cluster).sides;
    let stacks = Stacks {
        meant: World::new(&meant),
        found: given.map(|given| World::new(&given.world.sides)),
        given,
        universe: universe(policy, cluster),
    };
    let mut found = Vec::new();
    for assertion in here {
        let outcome = stacks.outcome(Reader::new(policy, cluster), &assertion.claim);
        if outcome != Outcome::Nobody {
            decided(assertion.sentence);
        }
        found.extend(told::told(policy, cluster, &stacks, assertion, outcome));
    }
    found
}

/// What decides.
struct Stacks<'a> {
    /// The policy alone, sentence by sentence.
    meant: World<'a>,
    /// Its objects together with what is given besides; none: nothing is.
    found: Option<World<'a>>,
    given: Option<&'a Given>,
    universe: Universe,
}

impl Stacks<'_> {
    fn outcome(&self, reader: Reader<'_>, claim: &Claim) -> Outcome {
        let mut claims = Claims { reader, search: Search { world: &self.meant, universe: &self.universe } };
        let (Some(found), Some(given)) = (&self.found, self.given) else { return claims.outcome(claim) };
        // Nothing that is applied besides takes an isolation away.
        if matches!(claim, Claim::Isolated { .. })
            && let outcome @ (Outcome::Holds | Outcome::Nobody) = claims.outcome(claim)
        {
            return outcome;
        }
        claims.search.world = found;
        let outcome = claims.outcome(claim);
        match outcome {
            Outcome::Fails(_) | Outcome::Nobody | Outcome::Unclear(Unclear::TooMany) | Outcome::InDoubt(_) => outcome,
            Outcome::Holds | Outcome::Unclear(Unclear::NamedPort(_)) => self.at_worst(given, claims.reader, claim, outcome),
        }
    }

    /// Whether it holds too if all that is unknown is decided against it.
    fn at_worst(&self, given: &Given, reader: Reader<'_>, claim: &Claim, outcome: Outcome) -> Outcome {
        if let Some(unreadable) = given.unreadable() {
            return Outcome::InDoubt(vec![unreadable]);
        }
        if !given.is_in_doubt() {
            return outcome;
        }
        if let Claim::Isolated { sides, subject } = claim {
            let doubts = given.reaching(*sides, &reader.pods(subject));
            return if doubts.is_empty() { outcome } else { Outcome::InDoubt(doubts) };
        }
        let action = if matches!(claim, Claim::Allow(_)) { Action::Deny } else { Action::Allow };
        let sides = given.if_all(action);
        let world = World::new(&sides);
        let claims = Claims { reader, search: Search { world: &world, universe: &self.universe } };
        match claims.outcome(claim) {
            Outcome::Fails(Counterexample::Connection(found)) => Outcome::InDoubt(told::doubts(given, &world, &found)),
            other => other,
        }
    }
}

struct Claims<'a> {
    reader: Reader<'a>,
    search: Search<'a>,
}

impl Claims<'_> {
    fn outcome(&self, claim: &Claim) -> Outcome {
        let outcome = match claim {
            Claim::Deny(flow) => self.deny(flow),
            Claim::Only(flow) => self.only(flow),
            Claim::Allow(flow) => self.allow(flow),
            Claim::Isolated { sides, subject } => self.isolated(*sides, subject),
        };
        outcome.unwrap_or_else(Outcome::Unclear)
    }

    /// Nothing passes from the sources, nor from a node: its address may carry anyone's traffic.
    fn deny(&self, flow: &Flow) -> Result<Outcome, Unclear> {
        let Some(question) = Question::new(&self.reader, flow, Reading::Wide, Reading::Wide) else { return Ok(Outcome::Nobody) };
        match self.none_passes(&question.sources, &question.destinations)? {
            Outcome::Holds => self.none_passes(self.carriers().as_slice(), &question.destinations),
            other => Ok(other),
        }
    }

    /// Nothing passes from anybody but the sources.
    fn only(&self, flow: &Flow) -> Result<Outcome, Unclear> {
        let Some(question) = Question::new(&self.reader, flow, Reading::Narrow, Reading::Wide) else { return Ok(Outcome::Nobody) };
        let everyone = EndBox::everyone().to_vec();
        let others = question.sources.iter().fold(everyone, |rest, named| rest.iter().flat_map(|end| end.difference(named)).collect());
        self.none_passes(&others, &question.destinations)
    }

    fn none_passes(&self, sources: &[EndBox], destinations: &[(Vec<EndBox>, PortSet)]) -> Result<Outcome, Unclear> {
        for (ends, ports) in destinations {
            for end in ends {
                if let Some(found) = self.search.passing(sources, end, ports)? {
                    return Ok(fails(found));
                }
            }
        }
        Ok(Outcome::Holds)
    }

    /// Everything that the allow would open passes, at both ends.
    fn allow(&self, flow: &Flow) -> Result<Outcome, Unclear> {
        let Some(question) = Question::new(&self.reader, flow, Reading::Narrow, Reading::Narrow) else { return Ok(Outcome::Nobody) };
        let part = |end: &EndBox, ports: &PortSet| Part { end: end.clone(), ports: ports.clone() };
        let out: Vec<Part> = question.destinations.iter().flat_map(|(ends, ports)| ends.iter().map(|end| part(end, ports))).collect();
        for source in &question.sources {
            if let Some(found) = self.search.refused(Side::Egress, source, &out)? {
                return Ok(fails(found));
            }
        }
        for (ends, ports) in &question.destinations {
            let from: Vec<Part> = question.sources.iter().map(|end| part(end, ports)).collect();
            for end in ends {
                if let Some(found) = self.search.refused(Side::Ingress, end, &from)? {
                    return Ok(fails(found));
                }
            }
        }
        Ok(Outcome::Holds)
    }

    fn isolated(&self, sides: ir::Sides, subject: &ir::Peers) -> Result<Outcome, Unclear> {
        let pods = self.reader.pods(subject);
        if pods.is_empty() {
            return Ok(Outcome::Nobody);
        }
        let asked = [(sides.ingress, Side::Ingress), (sides.egress, Side::Egress)];
        for (_, side) in asked.into_iter().filter(|(asked, _)| *asked) {
            for end in &pods {
                if let Some(pod) = self.search.open(side, end)? {
                    return Ok(Outcome::Fails(Counterexample::Open { pod: Box::new(pod), side }));
                }
            }
        }
        Ok(Outcome::Holds)
    }

    /// The addresses of nodes, unless what comes from outside keeps its own.
    fn carriers(&self) -> Option<EndBox> {
        let cluster = self.reader.cluster;
        let nodes = cluster.nodes.addresses();
        (!cluster.external_traffic_local && !nodes.is_empty()).then(|| EndBox::Outside(nodes))
    }
}

fn fails(found: Found) -> Outcome {
    Outcome::Fails(Counterexample::Connection(Box::new(found)))
}
