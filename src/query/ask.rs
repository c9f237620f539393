//! A question, answered.

use super::answer::{Answer, Pair, Piece, Verdict};
use super::lookup::Group;
use super::model::{Cluster, Model};
use super::{Wrong, shown};
use crate::resolve::question::{self, Question};
use crate::semantics::ports::PortSet;
use crate::verify::query::Passes;
use crate::verify::why::Side;

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
        let (sources, destinations) = (self.groups(&question.sources)?, self.groups(&question.destinations)?);
        let mut pairs = Vec::new();
        for destination in &destinations {
            let asked = self.ports(&question.ports, destination)?;
            for source in &sources {
                pairs.extend(self.pair(source, destination, asked.as_ref()));
            }
        }
        let listed = sources.iter().chain(&destinations).any(|group| group.listed) || pairs.len() > 1;
        let verdict = of_all(pairs.iter().map(|pair| pair.verdict));
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
            not_understood: self.not_understood(&sources, &destinations),
        })
    }

    /// None: there is nothing to decide, since neither end is a pod.
    pub(super) fn pair(&self, source: &Group, destination: &Group, asked: Option<&PortSet>) -> Option<Pair> {
        if !source.has_pods() && !destination.has_pods() {
            return None;
        }
        let found = self.judge.passes(&source.ends, &destination.ends);
        let unclear = self.unclear(source, destination);
        let all = asked.map_or(found.all.clone(), |asked| found.all.intersection(asked));
        Some(Pair {
            source: source.name.to_string(),
            destination: destination.name.to_string(),
            verdict: if unclear { Verdict::Unknown } else { verdict(&found, asked) },
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
    /// What could matter between the ends of a question and is not understood.
    fn not_understood(&self, sources: &[Group], destinations: &[Group]) -> Vec<String> {
        let of = |side, groups: &[Group]| {
            let of_it = groups.iter().flat_map(|group| self.model.not_understood(side, &group.ends.boxes));
            of_it.map(|what| self.model.told(what)).collect::<Vec<_>>()
        };
        let mut all = [of(Side::Egress, sources), of(Side::Ingress, destinations)].concat();
        all.sort();
        all.dedup();
        all
    }

    /// Whether something between two ends is not understood.
    pub(super) fn unclear(&self, source: &Group, destination: &Group) -> bool {
        let of = |side, group: &Group| self.model.not_understood(side, &group.ends.boxes).next().is_some();
        of(Side::Egress, source) || of(Side::Ingress, destination)
    }
}

impl Group {
    pub(super) fn has_pods(&self) -> bool {
        self.ends.boxes.iter().any(|end| matches!(end, crate::semantics::ends::EndBox::Pods { .. }))
    }
}

/// Reads a question; a mistake is told with the form that is right.
pub(super) fn read(text: &str) -> Result<Question, Wrong> {
    let text = text.trim();
    let first = text.split_whitespace().next().unwrap_or_default();
    if ["can", "who", "what"].contains(&first) && !text.contains("->") {
        return Err(
            Wrong::new("questions about access cannot be answered yet").help("what can be asked is who may connect: `SRC -> DST [PORT]`")
        );
    }
    if !text.contains("->") {
        return Err(Wrong::new(format!("`{text}` is no question")).help(FORM));
    }
    question::read(text).map_err(|found| {
        let Some(first) = found.into_iter().next() else { return Wrong::new("the question cannot be read").help(FORM) };
        let wrong = first.help.into_iter().fold(Wrong::new(first.headline), Wrong::help);
        wrong.help(FORM)
    })
}

pub(super) fn verdict(found: &Passes, asked: Option<&PortSet>) -> Verdict {
    if found.too_many {
        return Verdict::Unknown;
    }
    let some = asked.map_or(!found.some.is_empty(), |asked| !found.some.is_disjoint(asked));
    let all = asked.map_or(!found.all.is_empty(), |asked| asked.is_subset(&found.all) && !asked.is_empty());
    match (all, some) {
        (true, _) => Verdict::Allowed,
        (false, true) => Verdict::Partly,
        (false, false) if !found.named.is_empty() => Verdict::Partly,
        (false, false) => Verdict::Denied,
    }
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
