//! The roles that the policy declares, by name.

use std::cell::Cell;
use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Clusters, SentenceId};
use crate::syntax::tree::{Kind, Word};

use super::super::place::Statement;
use super::super::report::Report;

/// A declared role.
#[derive(Debug)]
pub(super) struct DeclaredRole<'r> {
    /// Its name, as written.
    pub(super) name: &'r Word,
    /// The clusters of its block.
    pub(super) clusters: &'r Clusters,
    /// Whether other roles flow into it.
    pub(super) joined: bool,
    /// Whether it flows into others.
    pub(super) joins: bool,
    /// Whether somebody is granted it.
    pub(super) granted: Cell<bool>,
    /// Its sentence.
    id: SentenceId,
}

/// Namespace, none for `everywhere`, and name.
type Key = (Option<SmolStr>, SmolStr);

/// All of them. One name may be declared several times, for different clusters.
#[derive(Debug)]
pub(super) struct Index<'r> {
    declared: BTreeMap<Key, Vec<DeclaredRole<'r>>>,
}

impl<'r> Index<'r> {
    /// Of all `role` sentences; says so of every name that is taken.
    pub(super) fn new(roles: &'r [(Statement<'_>, Vec<SentenceId>)], report: &mut Report) -> Self {
        let mut declared: BTreeMap<Key, Vec<DeclaredRole<'r>>> = BTreeMap::new();
        for (statement, _) in roles {
            let Kind::Role(role) = &statement.node.sentence.kind else { continue };
            let key = (statement.block.home.namespace().map(SmolStr::from), role.name.text.clone());
            let same = declared.entry(key).or_default();
            let clusters = &statement.block.clusters;
            if let Some(first) = same.iter().find(|first| overlap(first.clusters, clusters)) {
                report.within(statement.node.used.as_ref());
                report.push(twice(&role.name, first.name));
                continue;
            }
            let (joined, joins) = (role.joined_by.is_some(), !role.joins.is_empty());
            same.push(DeclaredRole { name: &role.name, clusters, joined, joins, granted: Cell::new(false), id: statement.id });
        }
        Index { declared }
    }

    /// The roles of this name of a namespace, or (none) of `everywhere`.
    pub(super) fn find(&self, namespace: Option<&str>, name: &str) -> &[DeclaredRole<'r>] {
        self.declared.get(&(namespace.map(SmolStr::from), name.into())).map(Vec::as_slice).unwrap_or_default()
    }

    /// The names of a namespace's roles and of those of `everywhere`.
    pub(super) fn names(&self, namespace: Option<&str>) -> impl Iterator<Item = &str> {
        let in_sight = move |own: &Option<SmolStr>| own.is_none() || own.as_deref() == namespace;
        self.declared.keys().filter(move |(own, _)| in_sight(own)).map(|(_, name)| name.as_str())
    }

    /// Another namespace that has a role of this name.
    pub(super) fn elsewhere(&self, name: &str) -> Option<(&str, &DeclaredRole<'r>)> {
        self.declared.iter().find_map(|((namespace, own), roles)| (own == name).then_some((namespace.as_deref()?, roles.first()?)))
    }

    /// Every role, once for each sentence that declares it.
    pub(super) fn all(&self) -> impl Iterator<Item = (Option<&str>, &DeclaredRole<'r>)> {
        self.declared.iter().flat_map(|((namespace, _), roles)| roles.iter().map(move |role| (namespace.as_deref(), role)))
    }

    /// Whether any of the roles that a sentence declares is granted: one sentence may stand in several namespaces.
    pub(super) fn is_granted(&self, role: &DeclaredRole<'r>) -> bool {
        self.declared.values().flatten().any(|other| other.id == role.id && other.granted.get())
    }
}

/// Whether a cluster may be among both.
pub(super) fn overlap(a: &Clusters, b: &Clusters) -> bool {
    match (a, b) {
        (Clusters::Only(a), Clusters::Only(b)) => !a.is_disjoint(b),
        _ => true,
    }
}

fn twice(name: &Word, first: &Word) -> Diagnostic {
    Diagnostic::new(Code::DuplicateDeclaration, name.span, format!("the role `{}` is declared twice", name.text))
        .also(first.span, "first declared here")
        .help("merge the two, or give one another name")
}
