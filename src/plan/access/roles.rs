//! The roles of the policy that are written in a cluster.

use smol_str::{SmolStr, format_smolstr};

use super::super::Sentences;
use super::{Content, Context, Role, cite, namespace_of, rules};
use crate::ir;
use crate::ir::access::Joined;

/// The roles, by scope and name.
pub(super) fn roles(context: &Context<'_>) -> Vec<Role> {
    let policy = context.policy;
    let here = policy.roles.iter().filter(|role| role.clusters.contains(&context.cluster.name) && context.holds(&role.scope));
    let mut all: Vec<Role> = here.filter_map(|role| self::role(context, role)).collect();
    all.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    all
}

/// A role; none where there is nothing that it permits in this cluster.
fn role(context: &Context<'_>, role: &ir::Role) -> Option<Role> {
    let content = match &role.joined_by {
        Some((key, value)) => Content::Joined(key.clone(), value.clone()),
        None => {
            let surface = context.surface(&role.scope)?;
            Content::Rules(rules::rules(role, &surface))
        }
    };
    if matches!(&content, Content::Rules(rules) if rules.is_empty()) {
        return None;
    }
    let mut sentences = Sentences::new();
    cite(&mut sentences, &[role.sentence]);
    role.permissions.iter().for_each(|permission| cite(&mut sentences, &[permission.sentence]));
    let mut joins: Vec<(SmolStr, SmolStr)> = role.joins.iter().filter_map(|joined| label(context, joined)).collect();
    joins.sort();
    joins.dedup();
    Some(Role { namespace: namespace_of(&role.scope), name: role.name.clone(), joins, content, sentences })
}

/// The label by which a role flows into another.
fn label(context: &Context<'_>, joined: &Joined) -> Option<(SmolStr, SmolStr)> {
    match joined {
        Joined::Builtin(name) => Some((format_smolstr!("rbac.authorization.k8s.io/aggregate-to-{name}"), SmolStr::new_static("true"))),
        Joined::Label(key, value) => Some((key.clone(), value.clone())),
        Joined::Declared(name) => {
            let declared = context.policy.roles.iter().filter(|role| role.name == *name && role.clusters.contains(&context.cluster.name));
            declared.filter_map(|role| role.joined_by.clone()).next()
        }
    }
}
