//! rbac.authorization.k8s.io/v1 Role and ClusterRole.

use smol_str::SmolStr;

use super::annotate;
use super::{Emitted, Origins, Piece};
use crate::ir::Policy;
use crate::manifest::rbac::{self, ClusterRole, ClusterRule, ClusterRules, ResourceRule, Words};
use crate::manifest::{Metadata, Object, OneOrMore, Texts};
use crate::plan::access::{Content, Role};
use crate::plan::{Plan, Sentences};
use crate::semantics::rbac::Rule;

/// The roles of one cluster.
pub(crate) fn emit(policy: &Policy, plan: &Plan<'_>) -> Vec<Emitted> {
    plan.access.roles.iter().filter_map(|role| self::role(policy, role)).collect()
}

fn role(policy: &Policy, role: &Role) -> Option<Emitted> {
    let mut metadata = annotate::metadata(policy, role.namespace.as_deref(), role.name.clone(), &role.sentences);
    let joins: Texts = role.joins.iter().cloned().collect();
    metadata.labels = metadata.labels.with(&joins);
    let object = match &role.content {
        Content::Joined(key, value) => {
            let rules = ClusterRules::Aggregated { key: key.clone(), value: value.clone() };
            Object::ClusterRole(ClusterRole { metadata, rules })
        }
        Content::Rules(rules) => of_rules(metadata, rules)?,
    };
    Some(Emitted { object, origins: origins(role) })
}

fn of_rules(metadata: Metadata, rules: &[(Rule, Sentences)]) -> Option<Object> {
    let rules = || rules.iter().map(|(rule, _)| rule);
    Some(if metadata.namespace.is_some() {
        Object::Role(rbac::Role { metadata, rules: OneOrMore::new(rules().filter_map(resources))? })
    } else {
        let rules = OneOrMore::new(rules().filter_map(cluster_rule))?;
        Object::ClusterRole(ClusterRole { metadata, rules: ClusterRules::Own(rules) })
    })
}

fn cluster_rule(rule: &Rule) -> Option<ClusterRule> {
    match OneOrMore::new(rule.urls.iter().cloned()) {
        Some(urls) => Some(ClusterRule::Urls { urls, verbs: words(&rule.verbs)? }),
        None => resources(rule).map(ClusterRule::Resources),
    }
}

fn resources(rule: &Rule) -> Option<ResourceRule> {
    Some(ResourceRule {
        groups: words(&rule.groups)?,
        resources: words(&rule.resources)?,
        names: OneOrMore::new(rule.names.iter().cloned()),
        verbs: words(&rule.verbs)?,
    })
}

/// The plan writes a star alone, and only for `everything`.
fn words(words: &[SmolStr]) -> Option<Words> {
    if words == ["*"] { Some(Words::everything()) } else { Words::named(words.iter().cloned()) }
}

fn origins(role: &Role) -> Origins {
    let mut origins = vec![(Piece::Whole, role.sentences.clone())];
    if let Content::Rules(rules) = &role.content {
        origins.extend((0..).zip(rules).map(|(at, (_, sentences))| (Piece::AccessRule(at), sentences.clone())));
    }
    origins
}
