//! What policies of others do to what the policy closes: those of files that it includes and of manifests that are
//! given, each judged by its own rules, beside what the policy is compiled to.
//!
//! To open an end that an isolation closes is a warning: it may be meant for a while. To let through what a `deny`
//! closes is an error. What is not understood and could do either has to be taken over by name.

mod defeats;
mod doubts;
mod opens;
#[cfg(test)]
mod tests;
mod told;

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::ir;
use crate::source::{FileId, Sources, Span};

use self::doubts::Doubt;
use self::told::Teller;
use super::concrete::Concrete;
use super::concrete::Truth;
use super::decide::{By, Port, side};
use super::given::{Given, Whose};
use super::index::Index;
use super::intent::{self, Intent};
use super::proof::universe;
use super::stack::{Action, End, Origin, Rule, Sides};
use super::universe::Universe;

/// What came of it in one cluster.
#[derive(Debug, Default)]
pub(crate) struct Judgment {
    /// What there is to say.
    pub(crate) found: Vec<Diagnostic>,
    /// The included files, by path, that hold something which is not understood and could matter.
    pub(crate) doubted: BTreeSet<String>,
}

/// Judges the policies of others beside those of a cluster. `shown` are the texts that messages show places of.
pub(crate) fn judge(policy: &ir::Policy, cluster: &ir::Cluster, given: &Given, shown: &Sources) -> Judgment {
    let judge = Judge { policy, cluster, given, intent: intent::read(policy, cluster), universe: universe(policy, cluster) };
    let teller = Teller { judge: &judge, shown };
    let mut judgment = Judgment::default();
    let mut doubts = judge.not_understood();
    if judge.files().is_empty() && doubts.is_empty() {
        return judgment;
    }
    match judge.openings() {
        Ok(openings) => judgment.found.extend(openings.iter().map(|opening| teller.opens(opening))),
        Err(failure) => doubts.extend(judge.unclear(&failure)),
    }
    for deny in judge.defeats() {
        match deny {
            Ok(defeat) => judgment.found.push(teller.defeats(&defeat)),
            Err(doubt) => doubts.extend(doubt),
        }
    }
    teller.doubts(doubts, &mut judgment);
    judgment
}

/// What is judged.
struct Judge<'a> {
    policy: &'a ir::Policy,
    cluster: &'a ir::Cluster,
    given: &'a Given,
    /// What the policy says.
    intent: Intent,
    universe: Universe,
}

impl Judge<'_> {
    /// The rules of others by which a side lets a connection through; `index` does.
    fn culprits(&self, index: &Index<'_>, own: &Concrete, other: &Concrete, port: Port) -> Vec<Origin> {
        let has = |rule: &Rule| if rule.ports.holds(port.protocol, port.detail) { Truth::Yes } else { Truth::No };
        if let By::Rule { rule, .. } = side(index, own, other, has).by
            && self.given.foreign(rule).is_some()
        {
            return vec![rule];
        }
        // One that passes on leaves the decision to what stands behind the policy's own objects.
        let Concrete::Pod(pod) = own else { return Vec::new() };
        let relevant = index.relevant(Some(&pod.namespace)).into_iter().filter_map(|at| index.get(at)).map(|(_, policy)| policy);
        let selecting = relevant.filter(|policy| policy.subjects.iter().any(|pods| own.is_in(pods) == Truth::Yes));
        let passing = selecting.flat_map(|policy| &policy.rules).filter(|rule| rule.action == Action::Pass);
        let matching = passing.filter(|rule| has(rule) == Truth::Yes && rule.peers.iter().any(|end| other.is_in(end) == Truth::Yes));
        matching.map(|rule| rule.origin).filter(|origin| self.given.foreign(*origin).is_some()).collect()
    }

    /// What decides, a port by name being every port in rules of this action and none in others. Where nothing says
    /// that Calico enforces, what others than NetworkPolicies close is not counted: it may be open.
    fn enforced(&self, named: Action) -> Sides {
        let mut sides = self.given.if_named(named);
        if self.cluster.calico.is_some() {
            return sides;
        }
        for tier in sides.ingress.tiers.iter_mut().chain(&mut sides.egress.tiers) {
            let mut plain = false;
            for policy in &mut tier.policies {
                let object = self.given.foreign(policy.origin);
                if object.is_none_or(|object| object.api_version.starts_with("networking.k8s.io/")) {
                    plain = true;
                } else {
                    policy.rules.retain(|rule| rule.action != Action::Deny);
                }
            }
            tier.end = if plain { tier.end } else { End::Pass };
        }
        sides
    }

    /// The includes of this cluster that name a file.
    fn includes<'s>(&'s self, path: &'s str) -> impl Iterator<Item = &'s ir::Include> {
        self.policy.includes.iter().filter(move |it| it.path == path && it.clusters.contains(&self.cluster.name))
    }

    fn span(&self, id: ir::SentenceId) -> Option<Span> {
        self.policy.sentence(id).map(|sentence| sentence.span)
    }

    /// Files of others that decide something.
    fn files(&self) -> BTreeSet<FileId> {
        let files = self.given.world.objects.iter().map(|object| object.place.file);
        files.filter(|file| self.given.whose(*file) != Whose::Ours).collect()
    }

    /// That something could not be known, of every file of others.
    fn of_all_files(&self, text: &str) -> Vec<Doubt> {
        self.files().into_iter().map(|file| Doubt { place: Span { file, ..Span::default() }, text: text.to_owned() }).collect()
    }
}
