//! What policies of others open, defeat or leave open to doubt, as messages.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::SentenceId;
use crate::semantics::ends::EndBox;
use crate::source::{FileId, Sources, Span};
use crate::verify::assertion::Found;
use crate::verify::compare::Side;
use crate::verify::given::{Whose, called};
use crate::verify::proof::words;
use crate::verify::stack::Origin;
use crate::verify::universe::Piece;
use crate::verify::world::ObjectRef;

use super::defeats::Defeat;
use super::doubts::Doubt;
use super::opens::{MOST, Opening};
use super::{Judge, Judgment};

/// How many flows, sentences or doubts one message lists.
const LISTED: usize = 5;

/// How many networks a flow lists.
const NETWORKS: usize = 4;

/// Tells what was found.
pub(super) struct Teller<'a> {
    pub(super) judge: &'a Judge<'a>,
    pub(super) shown: &'a Sources,
}

impl Teller<'_> {
    /// Everything that one object opens.
    pub(super) fn opens(&self, opening: &Opening) -> Diagnostic {
        let object = opening.object.and_then(|at| self.judge.given.world.objects.get(at as usize));
        let who = object.map_or_else(|| "what is given besides".to_owned(), |object| format!("`{}`", called(object)));
        let headline = format!("{who} opens what the policy closes");
        let closing: BTreeSet<SentenceId> = opening.flows.iter().flat_map(|flow| flow.closed_by.iter().copied()).collect();
        let spans: Vec<Span> = closing.into_iter().filter_map(|id| self.judge.span(id)).collect();
        let diagnostic = self.placed(Code::IncludeOpens, headline, object, &self.rules(opening), &spans, "closed by this");
        let flows: BTreeSet<String> = opening.flows.iter().map(|flow| self.flow(flow.difference.side, &flow.difference.whole)).collect();
        let diagnostic = listed(diagnostic, flows.into_iter().collect(), "flow", opening.flows.len() >= MOST);
        let named = opening.flows.iter().filter_map(|flow| flow.rule).any(|rule| self.judge.given.by_name(rule).is_some());
        let diagnostic = if named { diagnostic.note("a port by name may be any number: each pod decides it") } else { diagnostic };
        let help = format!("say what is meant as `allow` sentences, with their ports, and {}", self.remedy(object));
        self.in_cluster(diagnostic.help(help))
    }

    /// What to do with an object.
    fn remedy(&self, object: Option<&ObjectRef>) -> String {
        match object.map(|object| self.judge.given.whose(object.place.file)) {
            Some(Whose::Included(path)) => format!("take the policy out of `{path}`"),
            _ => "remove the policy from the cluster".to_owned(),
        }
    }

    /// A deny that does not hold.
    pub(super) fn defeats(&self, defeat: &Defeat) -> Diagnostic {
        let given = self.judge.given;
        let [leaving, reaching] = &defeat.rules;
        let object = reaching.iter().chain(leaving).find_map(|rule| given.foreign(*rule));
        let who = object.map_or_else(|| "what is given besides".to_owned(), |object| format!("`{}`", called(object)));
        let headline = format!("{who} lets through what a `deny` closes");
        let Found { source, destination, port } = &defeat.witness;
        let passes = format!("passes: {} -> {} on {}", words::end(source), words::end(destination), words::port(*port));
        let deny: Vec<Span> = self.judge.span(defeat.deny).into_iter().collect();
        let mut diagnostic = self.placed(Code::IncludeDefeatsDeny, headline, object, "", &deny, "denied by this").note(passes);
        let sides = [(leaving, Side::Egress, "lets it leave the source"), (reaching, Side::Ingress, "lets it reach the destination")];
        for (rule, side, done) in sides.into_iter().flat_map(|(rules, side, done)| rules.iter().map(move |rule| (rule, side, done))) {
            if let Some(object) = given.foreign(*rule) {
                diagnostic = diagnostic.note(format!("{}{} {done}", given.cited(object), numbered(*rule, side)));
            }
        }
        self.in_cluster(diagnostic.help(self.remedy(object)))
    }

    /// What is not known, file by file.
    pub(super) fn doubts(&self, doubts: Vec<Doubt>, judgment: &mut Judgment) {
        let mut by_file: BTreeMap<FileId, Vec<Doubt>> = BTreeMap::new();
        for doubt in doubts {
            let of_file = by_file.entry(doubt.place.file).or_default();
            if !of_file.contains(&doubt) {
                of_file.push(doubt);
            }
        }
        for (file, doubts) in by_file {
            let texts = doubts.iter().map(|doubt| format!("line {}: {}", self.line(doubt.place), doubt.text)).collect();
            match self.judge.given.whose(file) {
                Whose::Ours => {}
                Whose::Included(path) => {
                    judgment.doubted.insert(path.to_owned());
                    judgment.found.extend(self.include_doubted(path, texts));
                }
                Whose::Given(name) => {
                    let place = doubts.first().map(|doubt| doubt.place).unwrap_or_default();
                    let headline = format!("`{name}` holds what polc does not judge, and could open what the policy closes");
                    let diagnostic = self.in_texts(place).map_or_else(
                        || Diagnostic::nowhere(Code::ManifestNotJudged, headline.clone()),
                        |span| Diagnostic::new(Code::ManifestNotJudged, span, headline.clone()),
                    );
                    let diagnostic = listed(diagnostic, texts, "thing", false);
                    judgment.found.push(self.in_cluster(diagnostic.help("leave it out if it is not applied there")));
                }
            }
        }
    }

    fn include_doubted(&self, path: &str, texts: Vec<String>) -> Option<Diagnostic> {
        let include = self.judge.includes(path).find(|include| include.unanalysed.is_none())?;
        let headline = format!("`{path}` holds what polc does not judge, and could open what the policy closes");
        let diagnostic = Diagnostic::new(Code::IncludeUnanalysed, self.judge.span(include.sentence)?, headline);
        let diagnostic = listed(diagnostic, texts, "thing", false);
        Some(self.in_cluster(diagnostic.help(
            "write its meaning as sentences and take it out of the file; if it has to stay, add `unanalysed because \"…\"` after the path",
        )))
    }

    /// A message at the `include` of an object, or, where it is given, at the first sentence that it is held against,
    /// with what else is involved.
    fn placed(&self, code: Code, headline: String, object: Option<&ObjectRef>, rules: &str, said: &[Span], word: &str) -> Diagnostic {
        let included = object.and_then(|object| match self.judge.given.whose(object.place.file) {
            Whose::Included(path) => self.judge.includes(path).find_map(|include| self.judge.span(include.sentence)),
            Whose::Ours | Whose::Given(_) => None,
        });
        let by = object.map(|object| format!("{}{rules}", self.judge.given.cited(object)));
        let here = object.map(|object| format!("{}{rules}", called(object)));
        let mut said = said.iter().copied();
        let diagnostic = match (included, object) {
            (Some(span), _) => Diagnostic::new(code, span, headline).label(by.unwrap_or_default()),
            (None, object) => {
                let diagnostic = match said.next() {
                    Some(span) => Diagnostic::new(code, span, headline).label(word),
                    None => Diagnostic::nowhere(code, headline),
                };
                let opened = object.and_then(|object| self.in_texts(object.place));
                match (opened, here, by) {
                    (Some(span), Some(here), _) => diagnostic.also(span, here),
                    (None, _, Some(by)) => diagnostic.note(by),
                    _ => diagnostic,
                }
            }
        };
        said.take(LISTED).fold(diagnostic, |all, span| all.also(span, word))
    }

    /// The same place in the texts that messages show.
    fn in_texts(&self, place: Span) -> Option<Span> {
        let name = self.judge.given.sources.name(place.file);
        let (file, _) = self.shown.manifests().find(|(_, file)| file.name == name)?;
        Some(Span { file, ..place })
    }

    fn line(&self, place: Span) -> usize {
        self.judge.given.sources.position(place).line
    }

    fn in_cluster(&self, diagnostic: Diagnostic) -> Diagnostic {
        let several = self.judge.policy.clusters.len() > 1;
        if several { diagnostic.note(format!("in cluster `{}`", self.judge.cluster.name)) } else { diagnostic }
    }

    /// `, ingress rule 1`, for every rule that opens something.
    fn rules(&self, opening: &Opening) -> String {
        let all: BTreeSet<(Side, Origin)> = opening.flows.iter().filter_map(|flow| Some((flow.difference.side, flow.rule?))).collect();
        let more = all.len().saturating_sub(LISTED);
        let listed: String = all.into_iter().take(LISTED).map(|(side, rule)| numbered(rule, side)).collect();
        if more == 0 { listed } else { format!("{listed} and {more} more") }
    }

    /// `other/pods -> payments/pods(app=db) on 5432/tcp`.
    fn flow(&self, side: Side, piece: &Piece) -> String {
        let (own, other) = (self.end(&piece.pods), self.end(&piece.part.end));
        let (source, destination) = if side == Side::Ingress { (other, own) } else { (own, other) };
        let ports = match words::ports(&piece.part.ports.intersection(&self.judge.universe.ports)) {
            all if all == "all" => "every port".to_owned(),
            ports => ports,
        };
        format!("{source} -> {destination} on {ports}")
    }

    fn end(&self, end: &EndBox) -> String {
        let universe = &self.judge.universe;
        match end {
            EndBox::Outside(addresses) if universe.outside.is_subset(addresses) => "every address that is no pod's".to_owned(),
            EndBox::Outside(addresses) => words::networks(&addresses.intersection(&universe.outside), NETWORKS),
            EndBox::Pods { pods, addresses } if universe.pods.is_subset(addresses) => words::peer(pods),
            EndBox::Pods { pods, addresses } => {
                format!("{} at {}", words::peer(pods), words::networks(&addresses.intersection(&universe.pods), NETWORKS))
            }
        }
    }
}

/// `, ingress rule 1`; nothing for a whole object.
fn numbered(rule: Origin, side: Side) -> String {
    let side = if side == Side::Ingress { "ingress" } else { "egress" };
    match rule {
        Origin::Object { rule: Some(at), .. } => format!(", {side} rule {}", u64::from(at) + 1),
        _ => String::new(),
    }
}

/// Some of the lines as notes, and how many there are besides.
fn listed(diagnostic: Diagnostic, lines: Vec<String>, what: &str, and_more: bool) -> Diagnostic {
    let more = lines.len().saturating_sub(LISTED);
    let diagnostic = lines.into_iter().take(LISTED).fold(diagnostic, Diagnostic::note);
    let plural = if more == 1 { "" } else { "s" };
    match (more, and_more) {
        (0, false) => diagnostic,
        (more, true) => diagnostic.note(format!("and {more} more {what}{plural} at least")),
        (more, false) => diagnostic.note(format!("and {more} more {what}{plural}")),
    }
}
