//! Access as tests read it.

use super::Outcome;
use crate::ir::access::{Custom, Granted, Joined, Kinds, Nobody, Objects, Resource, Subject, Verbs};
use crate::ir::{Grant, Role, Scope};

impl Outcome {
    /// Every role as `SCOPE/NAME: VERBS on OBJECTS; …`.
    pub(super) fn roles(&self) -> Vec<String> {
        self.policy.roles.iter().map(role).collect()
    }

    /// Every grant as `SCOPE: ROLE to SUBJECT, …`.
    pub(super) fn grants(&self) -> Vec<String> {
        let one = |grant: &Grant| format!("{}: {} to {}", scope(&grant.scope), granted(&grant.role), subjects(&grant.subjects));
        self.policy.grants.iter().map(one).collect()
    }

    /// Every declared kind.
    pub(super) fn customs(&self) -> Vec<String> {
        let place = |it: &Custom| if it.cluster_wide { " cluster" } else { "" };
        let one = |it: &Custom| format!("{}: {}{}", scope(&it.scope), resource(&it.resource), place(it));
        self.policy.customs.iter().map(one).collect()
    }

    /// Every assertion that nobody can.
    pub(super) fn nobody(&self) -> Vec<String> {
        let one =
            |it: &Nobody| format!("but [{}] {} on {} in {:?}", subjects(&it.except), verbs(&it.verbs), objects(&it.objects), it.namespaces);
        self.policy.nobody.iter().map(one).collect()
    }
}

fn role(role: &Role) -> String {
    let mut said = format!("{}/{}", scope(&role.scope), role.name);
    if !role.joins.is_empty() {
        said.push_str(&format!(" joins {}", role.joins.iter().map(joined).collect::<Vec<_>>().join(", ")));
    }
    if let Some((key, value)) = &role.joined_by {
        said.push_str(&format!(" joined by {key}={value}"));
    }
    let all: Vec<String> = role.permissions.iter().map(|it| format!("{} on {}", verbs(&it.verbs), objects(&it.objects))).collect();
    format!("{said}: {}", all.join("; "))
}

fn scope(scope: &Scope) -> &str {
    match scope {
        Scope::Namespace(name) => name,
        Scope::Everywhere => "*",
    }
}

fn joined(joined: &Joined) -> String {
    match joined {
        Joined::Builtin(name) => name.to_string(),
        Joined::Declared(name) => format!("own {name}"),
        Joined::Label(key, value) => format!("{key}={value}"),
    }
}

fn verbs(verbs: &Verbs) -> String {
    match verbs {
        Verbs::Named(verbs) => verbs.join(","),
        Verbs::Everything => "everything".to_owned(),
    }
}

fn objects(objects: &Objects) -> String {
    match objects {
        Objects::Urls(urls) => format!("url {}", urls.join(",")),
        Objects::Resources { kinds, except, names } => {
            let mut said = kinds.iter().map(kind).collect::<Vec<_>>().join(",");
            if !except.is_empty() {
                said.push_str(&format!(" except {}", except.iter().map(resource).collect::<Vec<_>>().join(",")));
            }
            if !names.is_empty() {
                said.push_str(&format!(" named {}", names.join(",")));
            }
            said
        }
    }
}

fn kind(kind: &Kinds) -> String {
    match kind {
        Kinds::One(one) => resource(one),
        Kinds::Any { group: None } => "any".to_owned(),
        Kinds::Any { group: Some(group) } => format!("any.{group}"),
        Kinds::Everything => "everything".to_owned(),
    }
}

fn resource(resource: &Resource) -> String {
    let sub = resource.subresource.as_ref().map_or_else(String::new, |sub| format!("/{sub}"));
    format!("{}.{}{sub}", resource.resource, resource.group)
}

fn granted(granted: &Granted) -> String {
    match granted {
        Granted::Role(name) => format!("role {name}"),
        Granted::ClusterRole(name) => format!("cluster role {name}"),
        Granted::Builtin(name) => format!("builtin {name}"),
        Granted::Given { cluster_wide, name } => format!("given {}{name}", if *cluster_wide { "cluster " } else { "" }),
        Granted::Service(role) => format!("service {role:?}"),
    }
}

fn subjects(subjects: &[Subject]) -> String {
    let one = |subject: &Subject| match subject {
        Subject::Group(name) => format!("group {name}"),
        Subject::User(name) => format!("user {name}"),
        Subject::ServiceAccount { namespace, name } => format!("account {namespace}/{name}"),
    };
    subjects.iter().map(one).collect::<Vec<_>>().join(", ")
}
