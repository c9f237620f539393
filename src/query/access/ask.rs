//! A question about access, answered.

use super::super::Wrong;
use super::super::answer::Verdict;
use super::super::model::Model;
use super::lines::lines;
use super::question::{Question, read};
use super::{Access, Permit, Subject};
use crate::semantics::rbac::{Reach, Requests};
use crate::verify::access::Atom;

impl Model {
    /// Answers a question about access: `can …`, `who can …` or `what can …`.
    ///
    /// # Errors
    ///
    /// The question cannot be read, or is about a kind of resource that is not known.
    pub fn ask_access(&self, text: &str) -> Result<Access, Wrong> {
        let question = read(text)?;
        let mut answer = match &question {
            Question::Can(who, asked) => self.can(&self.atom(who), &self.requests(asked)?),
            Question::Who(asked) => self.who(&self.requests(asked)?),
            Question::What(who, namespace) => self.what(&self.atom(who), namespace.as_deref()),
        };
        text.trim().clone_into(&mut answer.question);
        Ok(answer)
    }

    fn can(&self, who: &Atom, asked: &Requests) -> Access {
        let subject = self.subject(who, asked);
        let verdict = if subject.verdict != Verdict::Allowed && self.access_in_doubt() { Verdict::Unknown } else { subject.verdict };
        let notes = self.stranger(who).into_iter().chain(master(who)).collect();
        self.answer(verdict, lines(asked), false, vec![Subject { verdict, ..subject }], notes)
    }

    fn who(&self, asked: &Requests) -> Access {
        let atoms = self.access().atoms();
        let all = atoms.into_iter().map(|atom| self.subject(atom, asked)).filter(|subject| subject.verdict != Verdict::Denied);
        let mut subjects: Vec<Subject> = all.collect();
        subjects.sort_by(|a, b| a.name.cmp(&b.name));
        let verdict = match subjects.is_empty() {
            false => Verdict::Allowed,
            true if self.access_in_doubt() => Verdict::Unknown,
            true => Verdict::Denied,
        };
        let masters = "members of system:masters may do everything, whatever is written".to_owned();
        self.answer(verdict, lines(asked), true, subjects, vec![masters])
    }

    fn what(&self, who: &Atom, namespace: Option<&str>) -> Access {
        let all = self.access().requests(&who.with_groups());
        let all = namespace.map_or(all.clone(), |namespace| all.only_in(namespace));
        let verdict = match all.is_empty() {
            false => Verdict::Allowed,
            true if self.access_in_doubt() => Verdict::Unknown,
            true => Verdict::Denied,
        };
        let subject = Subject { name: who.told(), verdict, permits: lines(&all) };
        let notes = self.stranger(who).into_iter().chain(master(who)).collect();
        self.answer(verdict, Vec::new(), false, vec![subject], notes)
    }

    /// What of some requests somebody may, by being who they are and in the groups that come with it.
    fn subject(&self, who: &Atom, asked: &Requests) -> Subject {
        let held = self.access().requests(&who.with_groups()).intersection(asked);
        let verdict = match (held.is_empty(), held == *asked) {
            (true, _) => Verdict::Denied,
            (_, true) => Verdict::Allowed,
            _ => Verdict::Partly,
        };
        Subject { name: who.told(), verdict, permits: lines(&held) }
    }

    fn answer(&self, verdict: Verdict, asked: Vec<Permit>, listed: bool, subjects: Vec<Subject>, mut notes: Vec<String>) -> Access {
        notes.extend(self.dangling());
        Access {
            question: String::new(),
            cluster: self.cluster.name.clone(),
            verdict,
            asked,
            listed,
            subjects,
            notes,
            not_understood: self.world.iter().flat_map(|world| &world.unclear_access).map(|what| self.told(what)).collect(),
        }
    }

    /// Whether something that may grant access is not understood.
    fn access_in_doubt(&self) -> bool {
        self.unreadable.is_some() || self.world.as_ref().is_some_and(|world| !world.unclear_access.is_empty())
    }

    /// Bindings of roles that are not there: whoever writes such a role decides what they grant.
    fn dangling(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .access()
            .dangling()
            .map(|binding| {
                let role = crate::verify::access::compare::shown(&binding.role);
                format!("binding `{}` grants {role}, which is not there", binding.name)
            })
            .collect();
        all.sort();
        all.dedup();
        all
    }

    /// All that somebody may, for lists of everybody.
    pub(super) fn held(&self, who: &Atom) -> Requests {
        let access = self.access();
        let own = access.bindings_of(std::slice::from_ref(who)).map(|(binding, _)| access.granted(binding));
        own.fold(Requests::of_all([], Reach::Everywhere), |all, granted| all.union(&granted))
    }
}

fn master(who: &Atom) -> Option<String> {
    who.is_master().then(|| "members of system:masters are asked nothing: they cannot be kept from anything".to_owned())
}
