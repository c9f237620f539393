//! Who may do what, by roles and bindings: what the API server's RBAC authorizer decides, with what decides it.
//!
//! - [`Access`]: roles and bindings, whoever wrote them. [`Access::grounds`] answers one request,
//!   [`Access::requests`] all requests of somebody at once.
//! - [`Atom`]: a user or a group; a service account is the user that it is.

pub(crate) mod aggregate;
mod atom;
mod builtin;
pub(crate) mod compare;
pub(crate) mod decide;
pub(crate) mod intent;
pub(crate) mod nobody;
mod objects;
pub(crate) mod proof;
#[cfg(test)]
mod tests;
pub(crate) mod words;

use std::collections::BTreeMap;

use smol_str::SmolStr;

pub(crate) use self::atom::Atom;
use crate::ir::SentenceId;
use crate::semantics::labels::Labels;
use crate::semantics::rbac::Rule;

/// The namespace of a Role, none for a ClusterRole, and its name.
pub(crate) type RoleKey = (Option<SmolStr>, SmolStr);

/// Roles and bindings.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Access {
    /// Roles by where they are and their names.
    pub(crate) roles: BTreeMap<RoleKey, Role>,
    /// Bindings, in the order they were read.
    pub(crate) bindings: Vec<Binding>,
}

/// Where a role or a binding comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// A sentence.
    Sentence(SentenceId),
    /// An object, by its place among those read.
    Object(u32),
    /// Every cluster of its version has it.
    Builtin,
}

/// A Role or a ClusterRole.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Role {
    /// Where it comes from.
    pub(crate) source: Source,
    /// Its rules. Of one that aggregates they are overwritten, and count for nothing.
    pub(crate) rules: Vec<Rule>,
    /// The sentences of its rules, one each; of an object none.
    pub(crate) sentences: Vec<SentenceId>,
    /// Its labels, by which others take it in.
    pub(crate) labels: BTreeMap<String, String>,
    /// The labels of the roles that it takes in, any of them; none: it does not aggregate.
    pub(crate) aggregates: Option<Vec<Labels>>,
}

/// Where a binding holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// In one namespace.
    Namespace(SmolStr),
    /// In each namespace, and not cluster-wide.
    EveryNamespace,
    /// Everywhere.
    Everywhere,
}

/// A RoleBinding or a ClusterRoleBinding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binding {
    /// Where it comes from.
    pub(crate) source: Source,
    /// Its name.
    pub(crate) name: SmolStr,
    /// Where it holds.
    pub(crate) place: Place,
    /// What it grants; there may be no such role.
    pub(crate) role: RoleKey,
    /// To whom.
    pub(crate) subjects: Vec<Atom>,
}
