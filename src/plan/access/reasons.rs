//! What amounts to more than it says must say why: on the permission, on its role, or on every grant of it.

use smol_str::SmolStr;

use super::standing::{self, Standing};
use super::{Content, Context, Role, grants, namespace_of, rules};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::access::{Grant, Granted, Permission, Subject};
use crate::ir::{self, Scope, SentenceId};
use crate::semantics::rbac::powers::{self, Power, powers};

/// The group whose members the API server asks nobody about (access-targets R9).
const MASTERS: &str = "system:masters";

/// Who has not said who they are.
const ANONYMOUS: [&str; 2] = ["system:anonymous", "system:unauthenticated"];

/// Reports every permission and grant that owes a reason.
pub(super) fn demand(context: &mut Context<'_>, roles: &[Role]) {
    let mut found = Vec::new();
    for role in &context.policy.roles {
        found.extend(of_role(context, roles, role));
    }
    let standing = Standing::of(context, roles);
    for grant in grants::here(context) {
        found.extend(of_grant(context, grant));
        found.extend(of_subjects(context, grant));
        found.extend(of_accounts(context, roles, &standing, grant));
    }
    context.diagnostics.extend(found);
}

fn scope_of(scope: &Scope) -> powers::Scope {
    match scope {
        Scope::Namespace(_) => powers::Scope::Namespace,
        Scope::Everywhere => powers::Scope::Cluster,
    }
}

impl Context<'_> {
    fn has_reason(&self, id: SentenceId) -> bool {
        self.policy.sentence(id).is_some_and(|sentence| sentence.because().is_some())
    }

    /// What rules amount to, each once; running workloads is judged by who is beside.
    fn powers(&self, rules: &[crate::semantics::rbac::Rule], scope: &Scope) -> Vec<Power> {
        let mut all: Vec<Power> =
            powers(rules, self.cluster.kubernetes.minor, scope_of(scope)).into_iter().map(|(power, _)| power).collect();
        all.dedup();
        all
    }
}

/// The permissions of a role that owe a reason, if the role or each of its grants has none either.
fn of_role(context: &Context<'_>, roles: &[Role], role: &ir::Role) -> Vec<Diagnostic> {
    let namespace = namespace_of(&role.scope);
    let here = role.clusters.contains(&context.cluster.name);
    let Some(planned) = roles.iter().find(|planned| here && planned.namespace == namespace && planned.name == role.name) else {
        return Vec::new();
    };
    let Content::Rules(all) = &planned.content else { return Vec::new() };
    let all: Vec<_> = all.iter().map(|(rule, _)| rule.clone()).collect();
    if !context.powers(&all, &role.scope).iter().any(|power| is_owing(*power)) || context.has_reason(role.sentence) {
        return Vec::new();
    }
    let grants = of_it(context, role);
    if role.joins.is_empty() && !grants.is_empty() && grants.iter().all(|grant| context.has_reason(grant.sentence)) {
        return Vec::new();
    }
    let owing = role.permissions.iter().filter(|permission| !context.has_reason(permission.sentence));
    owing.filter_map(|permission| of_permission(context, role, permission, &grants)).collect()
}

fn is_owing(power: Power) -> bool {
    power != Power::RunWorkloads
}

/// The grants of a role in this cluster.
fn of_it<'a>(context: &Context<'a>, role: &ir::Role) -> Vec<&'a Grant> {
    let gives = |grant: &&Grant| match &grant.role {
        Granted::Role(name) => *name == role.name && grant.scope == role.scope,
        Granted::ClusterRole(name) => *name == role.name && role.scope == Scope::Everywhere,
        Granted::Builtin(_) | Granted::Given { .. } | Granted::Service(_) => false,
    };
    grants::here(context).into_iter().filter(gives).collect()
}

fn of_permission(context: &Context<'_>, role: &ir::Role, permission: &Permission, grants: &[&Grant]) -> Option<Diagnostic> {
    let found = context.powers(&rules_of(context, role, permission)?, &role.scope);
    let found: Vec<Power> = found.into_iter().filter(|power| is_owing(*power)).collect();
    let headline = "this permission amounts to more than it says, and has no reason";
    let mut error = told(Diagnostic::new(Code::PermissionNeedsReason, context.span(permission.sentence), headline), &found)?;
    for grant in grants.iter().filter(|grant| !context.has_reason(grant.sentence)) {
        error = error.also(context.span(grant.sentence), "it is granted here");
    }
    Some(error.help("say why, on the permission, its role or its grants: `because \"…\"`; or permit less"))
}

/// The rules of one permission alone.
fn rules_of(context: &Context<'_>, role: &ir::Role, permission: &Permission) -> Option<Vec<crate::semantics::rbac::Rule>> {
    let alone = ir::Role { permissions: vec![permission.clone()], ..role.clone() };
    // What is wrong with it was said when the whole role was planned.
    let mut unheard = Context { policy: context.policy, cluster: context.cluster, diagnostics: Vec::new() };
    let rules = rules::rules(&mut unheard, &alone, &context.surface(&role.scope)?);
    Some(rules.into_iter().map(|(rule, _)| rule).collect())
}

/// What the powers let somebody do, the first at the place itself; none where there is none.
fn told(error: Diagnostic, powers: &[Power]) -> Option<Diagnostic> {
    let (first, more) = powers.split_first()?;
    let mut error = error.label(format!("whoever holds it can {}", first.says()));
    for power in more {
        error = error.note(format!("They can also {}.", power.says()));
    }
    for item in powers.iter().filter_map(|power| power.item()).collect::<std::collections::BTreeSet<_>>() {
        error = error.note(format!("{item}"));
    }
    Some(error)
}

/// A grant of a role that is not the policy's own, without a reason.
fn of_grant(context: &Context<'_>, grant: &Grant) -> Option<Diagnostic> {
    if context.has_reason(grant.sentence) {
        return None;
    }
    let (shown, name) = match &grant.role {
        Granted::Role(_) | Granted::ClusterRole(_) => return None,
        Granted::Given { name, .. } => return Some(unread(context, grant, name)),
        Granted::Builtin(name) => (name.clone(), name.clone()),
        Granted::Service(role) => {
            let name = standing::of_service(*role, &grant.scope);
            (SmolStr::new(format!("{role:?}").to_lowercase()), name.into())
        }
    };
    // Roles that the policy joins to it owe their reasons themselves.
    let own = standing::of_the_cluster(context, &name).0;
    let owing: Vec<Power> = context.powers(&own, &grant.scope).into_iter().filter(|power| is_owing(*power)).collect();
    let headline = format!("granting `{shown}` gives more than its name says, and has no reason");
    let mut error = told(Diagnostic::new(Code::GrantNeedsReason, context.span(grant.sentence), headline), &owing)?;
    if name == "cluster-admin" {
        error = error.note("CIS Kubernetes 1.12 5.1.1 (cluster-admin only where required)");
    }
    Some(error.help("say why: `because \"…\"`; or grant a role of your own that permits less"))
}

fn unread(context: &Context<'_>, grant: &Grant, name: &str) -> Diagnostic {
    let headline = format!("role `{name}` is a manifest's, and granting it has no reason");
    Diagnostic::new(Code::GrantNeedsReason, context.span(grant.sentence), headline)
        .label("what it permits is not judged here, and may be more than its name says")
        .help("say why: `because \"…\"`; or grant a role of your own")
}

/// Subjects that nothing is ever granted to, or only with a reason.
fn of_subjects(context: &Context<'_>, grant: &Grant) -> Option<Diagnostic> {
    let called = |subject: &Subject, names: &[&str]| match subject {
        Subject::Group(name) | Subject::User(name) => names.contains(&name.as_str()),
        Subject::ServiceAccount { .. } => false,
    };
    if grant.subjects.iter().any(|subject| called(subject, &[MASTERS])) {
        return Some(
            Diagnostic::new(Code::MastersGroup, context.span(grant.sentence), format!("nothing can be granted to `{MASTERS}`"))
                .label("its members may do everything already, and no binding can take it from them")
                .note("CIS Kubernetes 1.12 5.1.7 (avoid the group system:masters)")
                .help("grant it to a group of your own"),
        );
    }
    let anonymous = grant.subjects.iter().any(|subject| called(subject, &ANONYMOUS));
    (anonymous && !context.has_reason(grant.sentence)).then(|| {
        Diagnostic::new(Code::AnonymousSubject, context.span(grant.sentence), "this is granted to callers who have not said who they are")
            .label("whoever reaches the API server holds it, and no reason is said")
            .note("NSA/CISA hardening guide, by Trivy 7.0 (anonymous requests)")
            .help("grant it to a group of people who sign in, or say why: `because \"…\"`")
    })
}

/// A grant to run workloads beside a service account that holds more than its subject.
fn of_accounts(context: &Context<'_>, roles: &[Role], standing: &Standing<'_>, grant: &Grant) -> Option<Diagnostic> {
    let declared = matches!(grant.role, Granted::Role(_) | Granted::ClusterRole(_));
    if !declared || context.has_reason(grant.sentence) {
        return None;
    }
    let rules = standing::held(context, roles, &grant.role, &grant.scope);
    if !context.powers(&rules, &grant.scope).contains(&Power::RunWorkloads) || is_excused(context, grant) {
        return None;
    }
    let (subject, account) = grant.subjects.iter().find_map(|subject| Some((subject, standing.stronger(subject, &grant.scope)?)))?;
    let headline = format!("this lets {} act as {}, which holds more", shown(subject), shown(account));
    let mut error = Diagnostic::new(Code::StrongerServiceAccount, context.span(grant.sentence), headline)
        .label(format!("whoever holds it can {}", Power::RunWorkloads.says()));
    if let Some(item) = Power::RunWorkloads.item() {
        error = error.note(format!("{item}"));
    }
    Some(error.help("say why: `because \"…\"`; or move the service account to a namespace of its own"))
}

/// Whether the role of a grant says why, on itself or wherever it lets somebody run workloads.
fn is_excused(context: &Context<'_>, grant: &Grant) -> bool {
    let of_grant = |role: &&ir::Role| match &grant.role {
        Granted::Role(name) => *name == role.name && role.scope == grant.scope,
        Granted::ClusterRole(name) => *name == role.name && role.scope == Scope::Everywhere,
        _ => false,
    };
    let Some(role) = context.policy.roles.iter().filter(|role| role.clusters.contains(&context.cluster.name)).find(of_grant) else {
        return false;
    };
    let runs = |permission: &&Permission| {
        rules_of(context, role, permission).is_some_and(|rules| context.powers(&rules, &grant.scope).contains(&Power::RunWorkloads))
    };
    let mut running = role.permissions.iter().filter(runs).peekable();
    context.has_reason(role.sentence) || (running.peek().is_some() && running.all(|permission| context.has_reason(permission.sentence)))
}

fn shown(subject: &Subject) -> String {
    match subject {
        Subject::Group(name) => format!("group `{name}`"),
        Subject::User(name) => format!("user `{name}`"),
        Subject::ServiceAccount { namespace, name } => format!("service account `{namespace}/{name}`"),
    }
}
