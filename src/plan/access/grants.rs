//! Grants to bindings: one for each role and scope, with everybody it is given to there, so that one more subject is one
//! more line in a diff, and a role is given by one object alone.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::super::Sentences;
use super::subjects::{self, Impossible};
use super::{Access, Binding, Context, ServiceGrant, bound, cite, namespace_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::access::{Grant, Granted, ServiceRole, Subject};

/// To whom something is given, and by which sentences.
type Subjects = BTreeMap<Subject, Sentences>;

/// Decides the bindings, and what is left to the cloud.
pub(super) fn grants(context: &mut Context<'_>, access: &mut Access) {
    let mut bindings: BTreeMap<(Option<SmolStr>, bool, SmolStr), Subjects> = BTreeMap::new();
    let mut services: BTreeMap<(Option<SmolStr>, ServiceRole), Subjects> = BTreeMap::new();
    for grant in here(context) {
        let namespace = namespace_of(&grant.scope);
        match (&grant.role, bound(&grant.role)) {
            (Granted::Service(role), _) => service(context, grant, services.entry((namespace, *role)).or_default()),
            (_, Some((cluster_role, name))) => {
                if is_there(access, grant) {
                    give(context, grant, bindings.entry((namespace, cluster_role, name)).or_default());
                }
            }
            (_, None) => {}
        }
    }
    let all = bindings.into_iter().filter(|(_, subjects)| !subjects.is_empty());
    let binding = |((namespace, cluster_role, role), subjects): (_, Subjects)| Binding {
        namespace,
        cluster_role,
        role,
        subjects: subjects.into_iter().collect(),
    };
    access.bindings = all.map(binding).collect();
    let all = services.into_iter().filter(|(_, subjects)| !subjects.is_empty());
    access.services =
        all.map(|((namespace, role), subjects)| ServiceGrant { namespace, role, subjects: subjects.into_iter().collect() }).collect();
}

/// The grants that are about this cluster.
pub(super) fn here<'a>(context: &Context<'a>) -> Vec<&'a Grant> {
    let grants = context.policy.grants.iter().filter(|grant| grant.clusters.contains(&context.cluster.name));
    grants.filter(|grant| context.holds(&grant.scope)).collect()
}

/// Whether a role of the policy's is written in this cluster. A binding to one that is not would wait for whoever makes a
/// role of that name (access-targets R20).
fn is_there(access: &Access, grant: &Grant) -> bool {
    let (namespace, name) = match &grant.role {
        Granted::Role(name) => (namespace_of(&grant.scope), name),
        Granted::ClusterRole(name) => (None, name),
        Granted::Builtin(_) | Granted::Given { .. } | Granted::Service(_) => return true,
    };
    access.roles.iter().any(|role| role.namespace == namespace && role.name == *name)
}

fn give(context: &mut Context<'_>, grant: &Grant, all: &mut Subjects) {
    for subject in present(context, grant) {
        match subjects::named(&context.cluster.identity, subject) {
            Ok(named) => cite(all.entry(named).or_default(), &[grant.sentence]),
            Err(why) => context.diagnostics.push(impossible(context, grant, subject, why)),
        }
    }
}

/// The subjects that can be in this cluster: a service account of a namespace that is not would be whoever makes it.
fn present<'a>(context: &Context<'_>, grant: &'a Grant) -> Vec<&'a Subject> {
    let namespaces = &context.policy.namespaces;
    let there = |subject: &&Subject| match subject {
        Subject::ServiceAccount { namespace, .. } => namespaces.get(namespace).is_none_or(|it| it.clusters.contains(&context.cluster.name)),
        Subject::Group(_) | Subject::User(_) => true,
    };
    grant.subjects.iter().filter(there).collect()
}

/// A role of the cloud's own: it is given by access management, to people and groups alone.
fn service(context: &mut Context<'_>, grant: &Grant, all: &mut Subjects) {
    for subject in &grant.subjects {
        let named = match subject {
            Subject::ServiceAccount { .. } => Err(Impossible::NotInTheCloud),
            Subject::User(name) => subjects::iam_user(name).map(|_| Subject::User(name.trim_start_matches(subjects::IAM).into())),
            Subject::Group(name) if name.starts_with("system:") => Err(Impossible::NotInTheCloud),
            Subject::Group(_) => Ok(subject.clone()),
        };
        match named {
            Ok(named) => cite(all.entry(named).or_default(), &[grant.sentence]),
            Err(why) => context.diagnostics.push(impossible(context, grant, subject, why)),
        }
    }
}

fn impossible(context: &Context<'_>, grant: &Grant, subject: &Subject, why: Impossible) -> Diagnostic {
    let (kind, name) = match subject {
        Subject::Group(name) => ("group", name.clone()),
        Subject::User(name) => ("user", name.clone()),
        Subject::ServiceAccount { namespace, name } => ("serviceaccount", smol_str::format_smolstr!("{namespace}/{name}")),
    };
    let headline = format!("cluster `{}` knows no {kind} `{name}`", context.cluster.name);
    let (label, help) = match why {
        Impossible::NotAnAddress => {
            ("its identity names people by e-mail address", format!("write the address: `{kind} \"name@example.com\"`"))
        }
        Impossible::NotInTheCloud => (
            "the cloud's own roles are given to its users and access groups alone",
            "grant it a role of the cluster: `view`, `edit`, or one of the policy's own".to_owned(),
        ),
    };
    Diagnostic::new(Code::SubjectNotPossible, context.span(grant.sentence), headline).label(label).help(help)
}
