//! A question, answered.

use std::collections::BTreeSet;

use super::answer::{Answer, Pair, Piece, Verdict};
use super::lookup::Group;
use super::model::{Cluster, Model};
use super::{Wrong, shown};
use crate::resolve::question::{self, Question};
use crate::semantics::ports::PortSet;
use crate::verify::query::Passes;

/// The form of a question, as messages show it.
const FORM: &str = "a question has the form `SRC -> DST [PORT]`: `payments/frontend -> payments/api 443`";

impl Model {
    /// Answers one question.
    ///
    /// # Errors
    ///
    /// The question cannot be read, or names somebody who is not known.
    pub fn ask(&self, question: &str) -> Result<Answer, Wrong> {
        self.cluster().ask(question)
    }

    /// Every connection that may pass, between every workload and everybody else.
    ///
    /// # Errors
    ///
    /// There is nobody to ask about.
    pub fn ask_all(&self) -> Result<Answer, Wrong> {
        self.ask("* -> *")
    }
}

impl Cluster<'_> {
    pub(super) fn ask(&self, text: &str) -> Result<Answer, Wrong> {
        let question = read(text)?;
        let (sources, destinations) = (self.groups(&question.sources)?, self.destinations(&question.destinations)?);
        let mut ports = Vec::with_capacity(destinations.len());
        for destination in &destinations {
            ports.push(self.ports(&question.ports, destination)?);
        }
        let number = number_of_pairs(&sources, &destinations);
        let (mut pairs, mut not_understood) = (Vec::new(), BTreeSet::new());
        for (source, to) in self.may_pass(&sources, &destinations) {
            let (Some(source), Some(destination)) = (sources.get(source), destinations.get(to)) else { continue };
            let pair = self.pair(source, destination, ports.get(to).and_then(Option::as_ref));
            if pair.as_ref().is_some_and(|pair| pair.verdict == Verdict::Unknown) {
                not_understood.extend(self.not_understood(source, destination));
            }
            pairs.extend(pair);
        }
        let listed = sources.iter().chain(&destinations).any(|group| group.listed) || number > 1;
        let closed = (pairs.len() < number).then_some(Verdict::Denied);
        let decided = of_all(pairs.iter().map(|pair| pair.verdict).chain(closed));
        let verdict = if number == 0 { Verdict::Unknown } else { self.on_hosts(decided, sources.iter().chain(&destinations)) };
        if !listed && pairs.is_empty() {
            let only = sources.first().zip(destinations.first()).zip(ports.first());
            pairs.extend(only.and_then(|((source, destination), ports)| self.pair(source, destination, ports.as_ref())));
        }
        if listed {
            pairs.retain(|pair| pair.verdict != Verdict::Denied);
            pairs.sort_by(|a, b| (&a.source, &a.destination).cmp(&(&b.source, &b.destination)));
        }
        let asked = match destinations.as_slice() {
            [only] => self.ports(&question.ports, only)?.map(|ports| shown::ports(&ports)),
            _ => None,
        };
        Ok(Answer {
            question: text.trim().to_owned(),
            cluster: self.model.cluster.name.clone(),
            verdict,
            asked,
            listed,
            pairs,
            not_understood: not_understood.into_iter().collect(),
            notes: self.notes(&sources, &destinations),
        })
    }

    /// The pairs (source, destination), by their places, of which the answer may be other than that nothing passes.
    pub(super) fn may_pass(&self, sources: &[Group], destinations: &[Group]) -> Vec<(usize, usize)> {
        let from: Vec<_> = sources.iter().map(|group| &group.ends).collect();
        let to: Vec<_> = destinations.iter().map(|group| &group.ends).collect();
        let judge = self.extremes.as_ref().map_or(&self.judge, |judges| &judges.most);
        let found = judge.candidates(&from, &to);
        found.into_iter().map(|(source, to)| (source as usize, to as usize)).collect()
    }

    /// None: there is nothing to decide, since neither end is a pod.
    pub(super) fn pair(&self, source: &Group, destination: &Group, asked: Option<&PortSet>) -> Option<Pair> {
        if !source.has_pods() && !destination.has_pods() {
            return None;
        }
        let found = self.found(source, destination);
        let verdict = found.verdict(asked);
        let found = found.passes;
        let all = asked.map_or(found.all.clone(), |asked| found.all.intersection(asked));
        Some(Pair {
            source: source.name.to_string(),
            destination: destination.name.to_string(),
            verdict,
            ports: shown::ports(&all),
            partly: self.partly(&found, asked, source, destination),
        })
    }
}

impl Cluster<'_> {
    /// What passes between some of the ends, ports of one place together.
    fn partly(&self, found: &Passes, asked: Option<&PortSet>, source: &Group, destination: &Group) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let (from, to) = (&source.ends.boxes, &destination.ends.boxes);
        for (ports, sources, destinations) in shown::gathered(&found.open) {
            let ports = asked.map_or(ports.clone(), |asked| ports.intersection(asked));
            if !ports.is_empty() {
                pieces.push(Piece {
                    ports: shown::ports(&ports),
                    source: shown::within(&sources, from, &self.names),
                    destination: shown::within(&destinations, to, &self.names),
                });
            }
        }
        let named =
            found.named.iter().map(|name| Piece { ports: format!("\"{name}\""), source: String::new(), destination: String::new() });
        pieces.extend(named);
        pieces.sort();
        pieces.dedup();
        pieces
    }
}

impl Cluster<'_> {
    /// Whether pods are in the network of their node.
    fn is_on_host(&self, group: &Group) -> bool {
        let workload = group.workload.as_ref().and_then(|key| self.known.workloads.get(key));
        workload.is_some_and(|workload| workload.host_network)
    }

    /// A verdict about ends of which some may be in the network of their node: a pod on that node they reach in any
    /// case, and it them.
    pub(super) fn on_hosts<'g>(&self, verdict: Verdict, groups: impl IntoIterator<Item = &'g Group>) -> Verdict {
        let on_host = verdict == Verdict::Denied && groups.into_iter().any(|group| self.is_on_host(group));
        if on_host { Verdict::Unknown } else { verdict }
    }

    /// What else has to be known about some ends.
    fn notes(&self, sources: &[Group], destinations: &[Group]) -> Vec<String> {
        let on_host = sources.iter().chain(destinations).filter(|group| self.is_on_host(group));
        let mut notes: Vec<String> = on_host
            .map(|group| {
                format!(
                    "`{}` is in the host network: no policy holds at its end, others see it as its node, and what runs on the same node is never stopped",
                    group.name
                )
            })
            .collect();
        notes.sort();
        notes.dedup();
        if number_of_pairs(sources, destinations) == 0 {
            notes.push("neither end is a pod: no network policy decides".to_owned());
        }
        notes
    }
}

impl Group {
    pub(super) fn has_pods(&self) -> bool {
        self.ends.boxes.iter().any(|end| matches!(end, crate::semantics::ends::EndBox::Pods { .. }))
    }
}

/// How many pairs there are something to decide about.
fn number_of_pairs(sources: &[Group], destinations: &[Group]) -> usize {
    let without = |groups: &[Group]| groups.iter().filter(|group| !group.has_pods()).count();
    sources.len() * destinations.len() - without(sources) * without(destinations)
}

/// Reads a question; a mistake is told with the form that is right.
pub(super) fn read(text: &str) -> Result<Question, Wrong> {
    let text = text.trim();
    if !text.contains("->") {
        return Err(Wrong::new(format!("`{text}` is no question")).help(FORM));
    }
    question::read(text).map_err(|found| {
        let Some(first) = found.into_iter().next() else { return Wrong::new("the question cannot be read").help(FORM) };
        let wrong = first.help.into_iter().fold(Wrong::new(first.headline), Wrong::help);
        wrong.help(FORM)
    })
}

/// The answer over all pairs.
pub(super) fn of_all(all: impl Iterator<Item = Verdict>) -> Verdict {
    let all: Vec<Verdict> = all.collect();
    let has = |verdict| all.contains(&verdict);
    match (has(Verdict::Unknown), has(Verdict::Allowed), has(Verdict::Denied), has(Verdict::Partly)) {
        (true, ..) => Verdict::Unknown,
        (_, true, false, false) => Verdict::Allowed,
        (_, false, _, false) => Verdict::Denied,
        _ => Verdict::Partly,
    }
}
