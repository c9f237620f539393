//! Roles, grants and kinds of resources as text.

use super::word::{list, word, words};
use crate::syntax::tree::{Can, Grant, Nobody, On, ResourceDeclaration, ResourceName, Role, Subject, SubjectKind};

/// `role NAME [joins … | joined by …]`.
pub(super) fn role(role: &Role) -> String {
    let name = word(&role.name);
    match &role.joined_by {
        Some(label) => format!("role {name} joined by {}", word(label)),
        None if role.joins.is_empty() => format!("role {name}"),
        None => format!("role {name} joins {}", words(&role.joins)),
    }
}

/// `can VERBS on …`.
pub(super) fn can(can: &Can) -> String {
    let verbs = words(&can.verbs);
    match &can.on {
        On::Urls(urls) => format!("can {verbs} on url {}", words(urls)),
        On::Resources { kinds, except, named } => {
            let mut said = format!("can {verbs} on {}", list(kinds, kind));
            if !except.is_empty() {
                said.push_str(&format!(" except {}", list(except, kind)));
            }
            if !named.is_empty() {
                said.push_str(&format!(" named {}", words(named)));
            }
            said
        }
    }
}

fn kind(kind: &ResourceName) -> String {
    match &kind.subresource {
        Some(subresource) => format!("{}/{}", word(&kind.name), word(subresource)),
        None => word(&kind.name),
    }
}

/// `grant ROLE to SUBJECT, …`.
pub(super) fn grant(grant: &Grant) -> String {
    format!("grant {} to {}", word(&grant.role), list(&grant.subjects, subject))
}

fn subject(subject: &Subject) -> String {
    match &subject.kind {
        SubjectKind::Group(name) => format!("group {}", word(name)),
        SubjectKind::User(name) => format!("user {}", word(name)),
        SubjectKind::ServiceAccount(None, name) => format!("serviceaccount {}", word(name)),
        SubjectKind::ServiceAccount(Some(namespace), name) => format!("serviceaccount {}/{}", word(namespace), word(name)),
    }
}

/// `resource NAME, … in GROUP [cluster]`.
pub(super) fn resource(resource: &ResourceDeclaration) -> String {
    let cluster = if resource.cluster.is_some() { " cluster" } else { "" };
    format!("resource {} in {}{cluster}", words(&resource.names), word(&resource.group))
}

/// `assert nobody …`.
pub(super) fn nobody(nobody: &Nobody) -> String {
    let except = if nobody.except.is_empty() { String::new() } else { format!(" except {}", list(&nobody.except, subject)) };
    let place = if nobody.namespaces.is_empty() { String::new() } else { format!(" in {}", words(&nobody.namespaces)) };
    format!("assert nobody{except} {}{place}", can(&nobody.can))
}
