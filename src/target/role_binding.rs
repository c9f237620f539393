//! rbac.authorization.k8s.io/v1 RoleBinding and ClusterRoleBinding.

use super::{Emitted, Origins, Piece};
use super::{annotate, name};
use crate::ir::{Policy, access};
use crate::manifest::rbac::{ClusterRoleBinding, RoleBinding, RoleRef, Subject};
use crate::manifest::{Object, OneOrMore};
use crate::plan::access::Binding;
use crate::plan::{Plan, Sentences};

/// The bindings of one cluster.
pub(crate) fn emit(policy: &Policy, plan: &Plan<'_>) -> Vec<Emitted> {
    plan.access.bindings.iter().filter_map(|binding| self::binding(policy, binding)).collect()
}

fn binding(policy: &Policy, binding: &Binding) -> Option<Emitted> {
    let mut all: Sentences = binding.subjects.iter().flat_map(|(_, sentences)| sentences).copied().collect();
    all.sort_unstable();
    all.dedup();
    let name = name::binding_name(binding.cluster_role, &binding.role);
    let metadata = annotate::metadata(policy, binding.namespace.as_deref(), name, &all);
    let subjects = OneOrMore::new(binding.subjects.iter().map(|(one, _)| subject(one)))?;
    let role = binding.role.clone();
    let object = match (&binding.namespace, binding.cluster_role) {
        (Some(_), false) => Object::RoleBinding(RoleBinding { metadata, role: RoleRef::Role(role), subjects }),
        (Some(_), true) => Object::RoleBinding(RoleBinding { metadata, role: RoleRef::ClusterRole(role), subjects }),
        (None, true) => Object::ClusterRoleBinding(ClusterRoleBinding { metadata, role, subjects }),
        // The server takes no ClusterRoleBinding to a Role.
        (None, false) => return None,
    };
    Some(Emitted { object, origins: origins(binding, all) })
}

fn subject(subject: &access::Subject) -> Subject {
    match subject {
        access::Subject::Group(name) => Subject::Group(name.clone()),
        access::Subject::User(name) => Subject::User(name.clone()),
        access::Subject::ServiceAccount { namespace, name } => Subject::ServiceAccount { namespace: namespace.clone(), name: name.clone() },
    }
}

fn origins(binding: &Binding, all: Sentences) -> Origins {
    let mut origins = vec![(Piece::Whole, all)];
    origins.extend((0..).zip(&binding.subjects).map(|(at, (_, sentences))| (Piece::Subject(at), sentences.clone())));
    origins
}
