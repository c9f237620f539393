//! One request of somebody, and all requests of somebody at once.

use std::collections::{BTreeMap, BTreeSet};

use super::aggregate::Written;
use super::{Access, Atom, Binding, Place};
use crate::semantics::rbac::cases::Set;
use crate::semantics::rbac::{Reach, Request, Requests, Target};

/// What permits a request: a binding, the rule of a role, and whom the binding names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground<'a> {
    /// The binding.
    pub(crate) binding: &'a Binding,
    /// Whom it names.
    pub(crate) subject: &'a Atom,
    /// The rule, in the role where it is written.
    pub(crate) written: Written<'a>,
}

impl Binding {
    /// Where its role's rules hold.
    pub(crate) fn reach(&self) -> Reach<'_> {
        match &self.place {
            Place::Namespace(namespace) => Reach::Namespace(namespace),
            Place::EveryNamespace => Reach::EveryNamespace,
            Place::Everywhere => Reach::Everywhere,
        }
    }

    /// Whether a request is one that it can be about: a RoleBinding is for its namespace's requests alone (R5, R6).
    fn reaches(&self, request: &Request) -> bool {
        match (&self.place, &request.target) {
            (Place::Everywhere, _) => true,
            (Place::Namespace(own), Target::Resource { namespace, .. }) => own == namespace,
            (Place::EveryNamespace, Target::Resource { namespace, .. }) => !namespace.is_empty(),
            (_, Target::Url(_)) => false,
        }
    }
}

impl Access {
    /// Everything that permits a request of somebody who is all of these; empty: it is denied.
    /// That members of `system:masters` are asked nothing is not among it.
    pub(crate) fn grounds<'a>(&'a self, who: &[Atom], request: &Request) -> Vec<Ground<'a>> {
        let mut found = Vec::new();
        for (binding, subject) in self.bindings_of(who).filter(|(binding, _)| binding.reaches(request)) {
            let permits = self.rules(&binding.role).into_iter().filter(|written| written.rule.permits(request));
            found.extend(permits.map(|written| Ground { binding, subject, written }));
        }
        found
    }

    /// Everything that permits any of some requests.
    pub(crate) fn grounds_of_any<'a>(&'a self, who: &[Atom], requests: &Requests) -> Vec<Ground<'a>> {
        let mut found = Vec::new();
        for (binding, subject) in self.bindings_of(who) {
            let permits = |written: &Written<'_>| !Requests::of(written.rule, binding.reach()).intersection(requests).is_empty();
            found.extend(self.rules(&binding.role).into_iter().filter(permits).map(|written| Ground { binding, subject, written }));
        }
        found
    }

    /// What bindings grant to a user or a group as such, and not by the groups that come with it.
    pub(crate) fn own_requests(&self, atom: &Atom) -> Requests {
        let own = self.bindings_of(std::slice::from_ref(atom));
        own.fold(Requests::none(), |all, (binding, _)| all.union(&self.granted(binding)))
    }

    /// Whether somebody who is all of these may.
    pub(crate) fn permits(&self, who: &[Atom], request: &Request) -> bool {
        who.iter().any(Atom::is_master) || !self.grounds(who, request).is_empty()
    }

    /// The bindings of somebody, each with the first of its subjects that they are.
    pub(crate) fn bindings_of<'a>(&'a self, who: &[Atom]) -> impl Iterator<Item = (&'a Binding, &'a Atom)> {
        self.bindings.iter().filter_map(|binding| {
            let subject = binding.subjects.iter().find(|subject| who.contains(subject))?;
            Some((binding, subject))
        })
    }

    /// All that somebody who is all of these may ask for.
    pub(crate) fn requests(&self, who: &[Atom]) -> Requests {
        if who.iter().any(Atom::is_master) {
            return Requests::all();
        }
        self.bindings_of(who).fold(Requests::none(), |all, (binding, _)| all.union(&self.granted(binding)))
    }

    /// What a binding grants.
    pub(crate) fn granted(&self, binding: &Binding) -> Requests {
        Requests::of_all(self.rules(&binding.role).into_iter().map(|written| written.rule), binding.reach())
    }

    /// What is granted to each that a binding names; what comes to them by groups is not counted.
    pub(crate) fn by_atom(&self) -> BTreeMap<Atom, Requests> {
        let mut all: BTreeMap<Atom, Requests> = BTreeMap::new();
        for binding in &self.bindings {
            let granted = self.granted(binding);
            for subject in binding.subjects.iter().collect::<BTreeSet<_>>() {
                let known = all.entry(subject.clone()).or_insert_with(Requests::none);
                *known = known.union(&granted);
            }
        }
        all
    }

    /// Everybody whom a binding names.
    pub(crate) fn atoms(&self) -> BTreeSet<&Atom> {
        self.bindings.iter().flat_map(|binding| &binding.subjects).collect()
    }

    /// The bindings whose role is not there: whoever writes it later decides what they grant (R20).
    pub(crate) fn dangling(&self) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(|binding| !self.roles.contains_key(&binding.role))
    }
}
