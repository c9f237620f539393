//! Who may ask what of the API server of one cluster: roles with their rules, bindings with their subjects, and the
//! service accounts that are the policy's own.

mod accounts;
mod grants;
mod reasons;
mod roles;
mod rules;
mod standing;
mod subjects;
#[cfg(test)]
mod tests;

use smol_str::SmolStr;

use super::Sentences;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::access::{Granted, ServiceRole, Subject};
use crate::ir::{Cluster, Held, Policy, Scope};
use crate::semantics::rbac;
use crate::source::Span;
use crate::surface::Surface;

/// The decisions about access for one cluster, in the order of scopes and names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Access {
    /// The roles of the policy.
    pub(crate) roles: Vec<Role>,
    /// What is granted in the cluster.
    pub(crate) bindings: Vec<Binding>,
    /// Service accounts of namespaces of our own.
    pub(crate) accounts: Vec<Account>,
    /// What is granted by the cloud's own access management.
    pub(crate) services: Vec<ServiceGrant>,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Role {
    /// Its namespace; none: cluster-wide.
    pub(crate) namespace: Option<SmolStr>,
    /// Its name.
    pub(crate) name: SmolStr,
    /// The labels that join it to aggregated roles.
    pub(crate) joins: Vec<(SmolStr, SmolStr)>,
    /// What it permits.
    pub(crate) content: Content,
    /// The role's sentence, and those in it.
    pub(crate) sentences: Sentences,
}

/// What a role permits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// Rules, one or more, each with its sentences; sorted.
    Rules(Vec<(rbac::Rule, Sentences)>),
    /// What all cluster-wide roles with a label do.
    Joined(SmolStr, SmolStr),
}

/// A role given to all its subjects of one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binding {
    /// Its namespace; none: cluster-wide.
    pub(crate) namespace: Option<SmolStr>,
    /// Whether the role is cluster-wide itself.
    pub(crate) cluster_role: bool,
    /// The role's name.
    pub(crate) role: SmolStr,
    /// To whom, by the names that the cluster knows them by, each with its sentences; one or more, sorted.
    pub(crate) subjects: Vec<(Subject, Sentences)>,
}

/// A service account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// Its namespace.
    pub(crate) namespace: SmolStr,
    /// Its name.
    pub(crate) name: SmolStr,
    /// The grants that name it, or what declares its namespace where a workload does.
    pub(crate) sentences: Sentences,
}

/// One of the cloud service's roles, given to its subjects of one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServiceGrant {
    /// Its namespace; none: all of the cluster.
    pub(crate) namespace: Option<SmolStr>,
    /// The role.
    pub(crate) role: ServiceRole,
    /// To whom, as the cloud knows them; one or more, sorted.
    pub(crate) subjects: Vec<(Subject, Sentences)>,
}

/// What every step works with.
struct Context<'a> {
    policy: &'a Policy,
    cluster: &'a Cluster,
    diagnostics: Vec<Diagnostic>,
}

/// Decides for one cluster.
pub(crate) fn plan(policy: &Policy, cluster: &Cluster) -> (Access, Vec<Diagnostic>) {
    let mut context = Context { policy, cluster, diagnostics: Vec::new() };
    let mut access = Access { accounts: accounts::of_workloads(policy, cluster), ..Access::default() };
    // A cluster without access needs no table of its version.
    if policy.roles.is_empty() && policy.grants.is_empty() {
        return (access, context.diagnostics);
    }
    if Surface::of(cluster.kubernetes.major, cluster.kubernetes.minor).is_none() {
        context.diagnostics.extend(no_table(policy, cluster));
        return (access, context.diagnostics);
    }
    access.roles = roles::roles(&mut context);
    grants::grants(&mut context, &mut access);
    accounts::of_grants(policy, cluster, &mut access);
    reasons::demand(&mut context, &access.roles);
    (access, context.diagnostics)
}

fn no_table(policy: &Policy, cluster: &Cluster) -> Option<Diagnostic> {
    let first = policy.roles.iter().map(|role| role.sentence).chain(policy.grants.iter().map(|grant| grant.sentence)).min()?;
    let version = format!("{}.{}", cluster.kubernetes.major, cluster.kubernetes.minor);
    let known: Vec<String> = Surface::known().map(|(major, minor)| format!("{major}.{minor}")).collect();
    let headline = format!("there is no table of what Kubernetes {version} serves, for cluster `{}`", cluster.name);
    let error = Diagnostic::new(Code::UnsupportedVersion, policy.sentence(first)?.span, headline);
    Some(
        error
            .note(format!("there are tables for {}", known.join(", ")))
            .help(format!("say a version that has one: {}", cluster.with_line("kubernetes 1.34"))),
    )
}

impl Context<'_> {
    fn span(&self, id: crate::ir::SentenceId) -> Span {
        self.policy.sentence(id).map(|sentence| sentence.span).unwrap_or_default()
    }

    /// Whether sentences of a scope are about this cluster, and what they write has a place there.
    fn holds(&self, scope: &Scope) -> bool {
        match scope {
            Scope::Everywhere => true,
            Scope::Namespace(name) => self
                .policy
                .namespaces
                .get(name)
                .is_some_and(|namespace| namespace.held != Held::External && namespace.clusters.contains(&self.cluster.name)),
        }
    }

    /// What the API server serves as roles of a scope know it.
    fn surface(&self, scope: &Scope) -> Option<Surface> {
        self.policy.surface(self.cluster, scope)
    }
}

/// The namespace of a scope, if it is one.
fn namespace_of(scope: &Scope) -> Option<SmolStr> {
    match scope {
        Scope::Namespace(name) => Some(name.clone()),
        Scope::Everywhere => None,
    }
}

/// What is granted, as a binding names it: whether it is a cluster-wide role, and its name.
fn bound(granted: &Granted) -> Option<(bool, SmolStr)> {
    match granted {
        Granted::Role(name) => Some((false, name.clone())),
        Granted::ClusterRole(name) | Granted::Builtin(name) => Some((true, name.clone())),
        Granted::Given { cluster_wide, name } => Some((*cluster_wide, name.clone())),
        Granted::Service(_) => None,
    }
}

/// Puts sentences among others, sorted, each once.
fn cite(all: &mut Sentences, more: &[crate::ir::SentenceId]) {
    all.extend_from_slice(more);
    all.sort_unstable();
    all.dedup();
}
