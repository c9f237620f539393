//! Whether two lots of roles and bindings grant the same: role by role, label by label and subject by subject, over all
//! requests.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::{Access, Atom, Place, RoleKey, Source};
use crate::semantics::labels::Labels;
use crate::semantics::rbac::cases::Set;
use crate::semantics::rbac::{Reach, Request, Requests};

/// What is granted to whom, or comes to what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// A user or group.
    Subject(Atom),
    /// A role: somebody else may bind it.
    Role(RoleKey),
    /// The roles that have a label: somebody else's role may take them in.
    Labelled(String, String),
}

/// Something that is granted by one and not by the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Difference {
    /// A request.
    Request {
        /// Of whom.
        what: What,
        /// Whether the second permits it, and not the first.
        more: bool,
        /// The request.
        request: Request,
    },
    /// A role that neither knows is bound.
    Binding {
        /// To whom.
        subject: Atom,
        /// Where.
        place: Place,
        /// Which.
        role: RoleKey,
        /// Whether the second binds it, and not the first.
        more: bool,
    },
    /// A role that takes in others by their labels takes in other ones.
    Aggregation(RoleKey),
    /// A role is there, and should not.
    Extra(RoleKey),
}

/// The label that all of polc's own objects have. Nobody's role takes in others by it.
const OURS: &str = "app.kubernetes.io/managed-by";

/// All differences: what the second grants more or less than the first.
pub(crate) fn differences(first: &Access, second: &Access) -> Vec<Difference> {
    let mut found = Vec::new();
    let keys: BTreeSet<&RoleKey> = first.roles.keys().chain(second.roles.keys()).collect();
    for key in keys {
        role(first, second, key, &mut found);
    }
    let labels: BTreeSet<(&String, &String)> = [first, second].into_iter().flat_map(labels).collect();
    for (key, value) in labels {
        let of = |access: &Access| labelled(access, key, value);
        differ(&What::Labelled(key.clone(), value.clone()), &of(first), &of(second), &mut found);
    }
    let [own, other] = [first.by_atom(), second.by_atom()];
    let atoms: BTreeSet<&Atom> = own.keys().chain(other.keys()).collect();
    for atom in atoms {
        let of = |all: &BTreeMap<Atom, Requests>| all.get(atom).cloned().unwrap_or_else(Requests::none);
        differ(&What::Subject(atom.clone()), &of(&own), &of(&other), &mut found);
    }
    let [own, other] = [unknown(first), unknown(second)];
    let binding = |(subject, place, role): &(Atom, Place, RoleKey), more| {
        let (subject, place, role) = (subject.clone(), place.clone(), role.clone());
        Difference::Binding { subject, place, role, more }
    };
    found.extend(other.difference(&own).map(|it| binding(it, true)).chain(own.difference(&other).map(|it| binding(it, false))));
    found
}

fn role(first: &Access, second: &Access, key: &RoleKey, found: &mut Vec<Difference>) {
    let (Some(own), other) = (first.roles.get(key), second.roles.get(key)) else {
        return found.push(Difference::Extra(key.clone()));
    };
    // What is written alike and takes in nobody comes to the same.
    if own.aggregates.is_none() && other.is_some_and(|other| other.aggregates.is_none() && other.rules == own.rules) {
        return;
    }
    let selectors = |labels: Option<&Vec<Labels>>| labels.map(|all| all.iter().map(Labels::describe).collect::<BTreeSet<_>>());
    if selectors(own.aggregates.as_ref()) != selectors(other.and_then(|role| role.aggregates.as_ref())) {
        found.push(Difference::Aggregation(key.clone()));
    }
    differ(&What::Role(key.clone()), &comes_to(first, key), &comes_to(second, key), found);
}

/// What a role comes to wherever it is bound.
fn comes_to(access: &Access, key: &RoleKey) -> Requests {
    Requests::of_all(access.rules(key).into_iter().map(|written| written.rule), Reach::Everywhere)
}

/// The labels of the roles that somebody wrote.
fn labels(access: &Access) -> impl Iterator<Item = (&String, &String)> {
    let written = access.roles.values().filter(|role| role.source != Source::Builtin);
    written.flat_map(|role| &role.labels).filter(|(key, _)| *key != OURS)
}

fn labelled(access: &Access, key: &String, value: &String) -> Requests {
    let with = access.roles.iter().filter(|((namespace, _), role)| namespace.is_none() && role.labels.get(key) == Some(value));
    with.fold(Requests::none(), |all, (own, _)| all.union(&comes_to(access, own)))
}

fn unknown(access: &Access) -> BTreeSet<(Atom, Place, RoleKey)> {
    let each = |binding: &super::Binding| {
        let (place, role) = (binding.place.clone(), binding.role.clone());
        binding.subjects.iter().map(move |subject| (subject.clone(), place.clone(), role.clone())).collect::<Vec<_>>()
    };
    access.dangling().flat_map(each).collect()
}

fn differ(what: &What, own: &Requests, other: &Requests, found: &mut Vec<Difference>) {
    if own == other {
        return;
    }
    for (more, rest) in [(true, other.difference(own)), (false, own.difference(other))] {
        found.extend(rest.some().map(|request| Difference::Request { what: what.clone(), more, request }));
    }
}

/// The name of a role, as objects and policies have it.
pub(crate) fn shown((namespace, name): &RoleKey) -> String {
    namespace.as_ref().map_or_else(|| format!("ClusterRole {name}"), |namespace: &SmolStr| format!("Role {namespace}/{name}"))
}
