//! What grants an answer, or comes nearest to granting it, and what it comes to.

use std::collections::BTreeSet;

use super::super::Wrong;
use super::super::answer::Verdict;
use super::super::cite::Citation;
use super::super::model::Model;
use super::question::{Question, Target, read};
use super::{AccessWhy, Permit};
use crate::semantics::rbac::Requests;
use crate::verify::access::aggregate::Written;
use crate::verify::access::decide::Ground;
use crate::verify::access::words::place;
use crate::verify::access::{Access, Atom, Source, intent};
use crate::verify::given::{OURS, called};

impl Model {
    /// Answers `can …` and says what decides it.
    ///
    /// # Errors
    ///
    /// As [`Model::ask_access`]; and of `who` and `what`, which are lists.
    pub fn why_access(&self, text: &str) -> Result<AccessWhy, Wrong> {
        let answer = self.ask_access(text)?;
        let Question::Can(who, asked) = read(text)? else {
            return Err(
                Wrong::new("a list has no one reason").help("ask `why` of one line of it: `can SUBJECT VERB RESOURCE in NAMESPACE`")
            );
        };
        let (who, requests) = (self.atom(&who), self.requests(&asked)?);
        let (all, meant) = (who.with_groups(), self.meant_access());
        let granted_by = self.grounds(&meant, &all, &requests);
        let nearest = if granted_by.is_empty() { self.nearest(&meant, &all, &requests, &asked) } else { None };
        let held = self.access().requests(&all).intersection(&requests);
        let amounts_to = if answer.verdict == Verdict::Denied { Vec::new() } else { self.amounts_to(&all, &held) };
        let assumptions = self.access_assumptions();
        Ok(AccessWhy { answer, granted_by, nearest, amounts_to, assumptions })
    }

    /// What the policy says of access: nothing where there is none.
    fn meant_access(&self) -> Access {
        if !self.basis.policies {
            return Access::default();
        }
        let mut meant = intent::read(&self.policy, &self.cluster);
        meant.bindings.extend(intent::of_service(&self.policy, &self.cluster));
        meant
    }

    fn grounds(&self, meant: &Access, who: &[Atom], requests: &Requests) -> Vec<Citation> {
        let said = meant.grounds_of_any(who, requests);
        let found = self.access().grounds_of_any(who, requests);
        let mut all: Vec<Citation> = said.iter().flat_map(|ground| self.said(meant, ground)).collect();
        all.extend(found.iter().filter_map(|ground| self.foreign_binding(ground)));
        let mut seen = BTreeSet::new();
        all.retain(|citation| seen.insert((citation.file.clone(), citation.line, citation.column, citation.text.clone())));
        all
    }

    /// The sentences of a ground: the grant, and the permission in its role.
    fn said(&self, meant: &Access, ground: &Ground<'_>) -> Vec<Citation> {
        let Source::Sentence(grant) = ground.binding.source else { return Vec::new() };
        let mut all: Vec<Citation> = self.access_sentence(grant).into_iter().collect();
        let role = meant.roles.get(ground.written.role);
        match role.map(|role| (role.source, role.sentences.get(ground.written.index))) {
            Some((Source::Sentence(_), Some(id))) => all.extend(self.access_sentence(*id)),
            Some((Source::Builtin, _)) => all.push(Citation { text: builtin(&ground.written), ..Citation::default() }),
            _ => {}
        }
        all
    }

    /// A binding that the policy is not compiled to.
    fn foreign_binding(&self, ground: &Ground<'_>) -> Option<Citation> {
        let Source::Object(object) = ground.binding.source else { return None };
        let object = self.world.as_ref()?.objects.get(object as usize)?;
        if self.sources.name(object.place.file) == OURS {
            return None;
        }
        let position = self.sources.position(object.place);
        let role = crate::verify::access::compare::shown(ground.written.role);
        let text = format!("{} to {}: rule {} of {role}", called(object), ground.subject.told(), ground.written.index + 1);
        Some(Citation {
            file: self.sources.name(object.place.file).to_owned(),
            line: position.line,
            column: position.column,
            text,
            ..Citation::default()
        })
    }

    /// Whatever grants the same by another name, verb or place, or to somebody else.
    fn nearest(&self, meant: &Access, who: &[Atom], requests: &Requests, asked: &super::question::Asked) -> Option<(Citation, String)> {
        let wider = |change: fn(&mut super::question::Asked)| {
            let mut asked = asked.clone();
            change(&mut asked);
            self.requests(&asked).ok()
        };
        let names = wider(|asked| {
            if let Target::Kinds(_, name) = &mut asked.target {
                *name = None
            }
        });
        let verbs = wider(|asked| asked.verbs = vec!["*".to_owned()]);
        let places = wider(|asked| asked.namespace = None);
        for (wider, what) in [(names, "names"), (verbs, "verbs"), (places, "place")] {
            let Some(wider) = wider else { continue };
            if let (Some(citation), Some(ground)) = self.first(meant, who, &wider) {
                return Some((citation, but(what, &ground)));
            }
        }
        let everybody: Vec<Atom> = self.access().atoms().into_iter().cloned().collect();
        match self.first(meant, &everybody, requests) {
            (Some(citation), Some(ground)) => Some((citation, format!("it is for {}", ground.0))),
            _ => None,
        }
    }

    fn first(&self, meant: &Access, who: &[Atom], requests: &Requests) -> (Option<Citation>, Option<(String, Permit)>) {
        let found = self.access().grounds_of_any(who, requests);
        let Some(ground) = found.first() else { return (None, None) };
        let rule = ground.written.rule;
        let kinds = if rule.urls.is_empty() { &rule.resources } else { &rule.urls };
        let strings = |words: &[smol_str::SmolStr]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let permit = Permit {
            place: place(&ground.binding.place),
            verbs: strings(&rule.verbs),
            kinds: strings(kinds),
            names: strings(&rule.names),
            urls: !rule.urls.is_empty(),
        };
        let citation = self.grounds(meant, who, requests).into_iter().next();
        (citation, Some((ground.subject.told(), permit)))
    }

    fn access_assumptions(&self) -> Vec<String> {
        let mut all =
            vec!["no other way to sign in or to be authorized exists: webhooks, other authorizers, members of system:masters".to_owned()];
        all.push("what API servers bind of themselves at their start is not counted, such as cluster-admin for system:masters".to_owned());
        if !self.basis.manifests {
            all.push("no other role or binding exists in the cluster: none was given (`--manifests DIR`)".to_owned());
        }
        all
    }
}

fn builtin(written: &Written<'_>) -> String {
    format!("rule {} of ClusterRole {}, which every cluster has", written.index + 1, written.role.1)
}

fn but(what: &str, (_, permit): &(String, Permit)) -> String {
    match what {
        "names" => format!("it is for what is named {}", permit.names.join(", ")),
        "verbs" => format!("it is to {}", permit.verbs.join(", ")),
        _ => format!("it holds {}", permit.place),
    }
}
