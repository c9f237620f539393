//! ClusterRoles that take in others by their labels (R11), and what a binding's role comes to.

use std::collections::BTreeSet;

use super::{Access, Role, RoleKey};
use crate::semantics::rbac::Rule;

/// A rule that a role comes to, and the role in which it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written<'a> {
    /// The role that has it.
    pub(crate) role: &'a RoleKey,
    /// Its place there.
    pub(crate) index: usize,
    /// The rule.
    pub(crate) rule: &'a Rule,
}

impl Access {
    /// The rules that a role comes to; none where there is no such role (R20). What is written in a role that takes
    /// in others is overwritten, so its rules are those of the roles taken in, themselves through others too.
    pub(crate) fn rules(&self, key: &RoleKey) -> Vec<Written<'_>> {
        let Some((key, role)) = self.roles.get_key_value(key) else { return Vec::new() };
        let mut seen = BTreeSet::from([key]);
        let mut open = vec![(key, role)];
        let mut rules = Vec::new();
        while let Some((key, role)) = open.pop() {
            match &role.aggregates {
                None => rules.extend(role.rules.iter().enumerate().map(|(index, rule)| Written { role: key, index, rule })),
                Some(_) => open.extend(self.taken_in(role).filter(|(key, _)| seen.insert(key))),
            }
        }
        rules.sort_by_key(|written| (written.role, written.index));
        rules
    }

    /// The roles whose labels a role takes in.
    pub(crate) fn taken_in<'a>(&'a self, role: &'a Role) -> impl Iterator<Item = (&'a RoleKey, &'a Role)> {
        let selectors = role.aggregates.as_deref().unwrap_or_default();
        let of_cluster = self.roles.iter().filter(|((namespace, _), _)| namespace.is_none());
        of_cluster.filter(move |(_, other)| selectors.iter().any(|selector| selector.admits(&other.labels)))
    }
}
