//! What somebody holds: the rules behind what is granted, aggregation counted.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::{Content, Context, Role, grants, namespace_of};
use crate::ir::Scope;
use crate::ir::access::{Granted, ServiceRole, Subject};
use crate::semantics::rbac::{Rule, covers::covers};
use crate::surface::{self, Surface};

/// What each subject holds, by scope.
pub(super) struct Standing<'a>(BTreeMap<&'a Subject, Vec<(&'a Scope, Vec<Rule>)>>);

impl<'a> Standing<'a> {
    pub(super) fn of(context: &Context<'a>, roles: &[Role]) -> Self {
        let mut all: BTreeMap<&Subject, Vec<(&Scope, Vec<Rule>)>> = BTreeMap::new();
        for grant in grants::here(context) {
            let rules = held(context, roles, &grant.role, &grant.scope);
            for subject in &grant.subjects {
                all.entry(subject).or_default().push((&grant.scope, rules.clone()));
            }
        }
        Standing(all)
    }

    /// A service account of a scope that holds something which the subject does not: by running pods under it, the
    /// subject holds that too.
    pub(super) fn stronger(&self, subject: &Subject, scope: &Scope) -> Option<&'a Subject> {
        let inside = |namespace: &SmolStr| *scope == Scope::Everywhere || *scope == Scope::Namespace(namespace.clone());
        let account = |other: &Subject| matches!(other, Subject::ServiceAccount { namespace, .. } if inside(namespace));
        let mut others = self.0.iter().filter(|(other, _)| **other != subject && account(other));
        others.find(|(_, holds)| holds.iter().any(|(at, rules)| !covers(&self.at(subject, at), rules))).map(|(other, _)| *other)
    }

    /// The rules that a subject holds at a scope.
    fn at(&self, subject: &Subject, scope: &Scope) -> Vec<Rule> {
        let own = self.0.get(subject).into_iter().flatten();
        own.filter(|(at, _)| **at == Scope::Everywhere || *at == scope).flat_map(|(_, rules)| rules.clone()).collect()
    }
}

/// The rules behind what is granted. What a manifest's role permits is not known.
pub(super) fn held(context: &Context<'_>, roles: &[Role], granted: &Granted, scope: &Scope) -> Vec<Rule> {
    match granted {
        Granted::Role(name) => declared(roles, namespace_of(scope).as_ref(), name),
        Granted::ClusterRole(name) => declared(roles, None, name),
        Granted::Builtin(name) => builtin(context, roles, name),
        Granted::Service(role) => builtin(context, roles, of_service(*role, scope)),
        Granted::Given { .. } => Vec::new(),
    }
}

/// The role of the cluster that a service role is, there (access-targets R22).
pub(super) fn of_service(role: ServiceRole, scope: &Scope) -> &'static str {
    match (role, scope) {
        (ServiceRole::Reader, _) => "view",
        (ServiceRole::Writer, _) => "edit",
        (ServiceRole::Manager, Scope::Namespace(_)) => "admin",
        (ServiceRole::Manager, Scope::Everywhere) => "cluster-admin",
    }
}

fn declared(roles: &[Role], namespace: Option<&SmolStr>, name: &str) -> Vec<Rule> {
    let found = roles.iter().filter(|role| role.namespace.as_ref() == namespace && role.name == name);
    found
        .flat_map(|role| match &role.content {
            Content::Rules(rules) => rules.iter().map(|(rule, _)| rule.clone()).collect(),
            Content::Joined(key, value) => joined(roles, &BTreeSet::from([(key.as_str(), value.as_str())])),
        })
        .collect()
}

/// The rules of a role that every cluster has, with those that the policy joins to it.
fn builtin(context: &Context<'_>, roles: &[Role], name: &str) -> Vec<Rule> {
    let (own, labels) = of_the_cluster(context, name);
    own.into_iter().chain(joined(roles, &labels)).collect()
}

/// The rules that a role of every cluster has by itself, and the labels that others join it by.
pub(super) fn of_the_cluster(context: &Context<'_>, name: &str) -> (Vec<Rule>, BTreeSet<(&'static str, &'static str)>) {
    let surface = Surface::of(context.cluster.kubernetes.major, context.cluster.kubernetes.minor);
    let Some((surface, role)) = surface.and_then(|surface| Some((surface.clone(), surface.role(name)?))) else {
        return (Vec::new(), BTreeSet::new());
    };
    let own = surface.rules(role).into_iter().map(rule).collect();
    let mut labels: BTreeSet<(&str, &str)> = role.joins.iter().copied().collect();
    loop {
        let through = surface.roles().iter().filter(|other| other.labels.iter().any(|label| labels.contains(label)));
        let more: BTreeSet<(&str, &str)> = through.flat_map(|other| other.joins.iter().copied()).collect();
        if more.is_subset(&labels) {
            return (own, labels);
        }
        labels.extend(more);
    }
}

/// The rules of the policy's roles that have one of the labels.
fn joined(roles: &[Role], labels: &BTreeSet<(&str, &str)>) -> Vec<Rule> {
    let joins = |role: &&Role| role.joins.iter().any(|(key, value)| labels.contains(&(key.as_str(), value.as_str())));
    let rules = |role: &Role| match &role.content {
        Content::Rules(rules) => rules.iter().map(|(rule, _)| rule.clone()).collect(),
        Content::Joined(..) => Vec::new(),
    };
    roles.iter().filter(joins).flat_map(rules).collect()
}

fn rule(rule: &surface::Rule) -> Rule {
    let texts = |list: &[&'static str]| list.iter().map(|text| SmolStr::new_static(text)).collect();
    Rule {
        verbs: texts(&rule.verbs),
        groups: texts(&rule.groups),
        resources: texts(&rule.resources),
        names: texts(&rule.names),
        urls: texts(&rule.urls),
    }
}
