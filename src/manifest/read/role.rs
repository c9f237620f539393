//! Names of roles, and of those that somebody is bound to. What they permit is not read here.

use serde::Deserialize;

use super::Reader;
use super::object::{Head, Reading, Used, typed};
use crate::manifest::tree::Node;

/// A Role or ClusterRole.
pub(super) fn role(reader: &mut Reader, head: &Head<'_>, _: &Node<'_>) -> Reading {
    let namespace = if head.kind == "ClusterRole" { String::new() } else { head.namespace.clone() };
    reader.roles.insert((namespace, head.name.clone()));
    Ok(Used::Yes)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Binding {
    role_ref: RoleRef,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct RoleRef {
    kind: String,
    name: String,
}

/// A RoleBinding or ClusterRoleBinding.
pub(super) fn binding(reader: &mut Reader, head: &Head<'_>, value: &Node<'_>) -> Reading {
    let RoleRef { kind, name } = typed::<Binding>(value)?.role_ref;
    let namespace = if kind == "ClusterRole" { String::new() } else { head.namespace.clone() };
    reader.bound.insert((namespace, name));
    Ok(Used::Yes)
}
