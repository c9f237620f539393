//! Roles, bindings and service accounts, below their metadata.

use smol_str::SmolStr;

use super::super::rbac::{
    ClusterRole, ClusterRoleBinding, ClusterRule, ClusterRules, GROUP, ResourceRule, Role, RoleBinding, ServiceAccount, Subject,
};
use super::{Block, scalar};
use crate::manifest::OneOrMore;

pub(super) fn role(block: &mut Block<'_>, role: &Role) {
    block.list("rules", role.rules.iter(), resources);
}

pub(super) fn cluster_role(block: &mut Block<'_>, role: &ClusterRole) {
    match &role.rules {
        ClusterRules::Own(rules) => block.list("rules", rules.iter(), |block, rule| match rule {
            ClusterRule::Resources(rule) => resources(block, rule),
            ClusterRule::Urls { urls, verbs } => {
                words(block, "nonResourceURLs", urls.iter());
                words(block, "verbs", verbs.iter());
            }
        }),
        ClusterRules::Aggregated { key, value } => block.map("aggregationRule", |block| {
            block.list("clusterRoleSelectors", [(key, value)].iter(), |block, (key, value)| {
                block.map("matchLabels", |block| block.entry(key, value));
            });
        }),
    }
}

fn resources(block: &mut Block<'_>, rule: &ResourceRule) {
    words(block, "apiGroups", rule.groups.iter());
    words(block, "resources", rule.resources.iter());
    if let Some(names) = &rule.names {
        words(block, "resourceNames", names.iter());
    }
    words(block, "verbs", rule.verbs.iter());
}

pub(super) fn role_binding(block: &mut Block<'_>, binding: &RoleBinding) {
    let (kind, name) = binding.role.kind_and_name();
    bound(block, kind, name, &binding.subjects);
}

pub(super) fn cluster_role_binding(block: &mut Block<'_>, binding: &ClusterRoleBinding) {
    bound(block, "ClusterRole", &binding.role, &binding.subjects);
}

fn bound(block: &mut Block<'_>, kind: &'static str, name: &str, subjects: &OneOrMore<Subject>) {
    block.map("roleRef", |block| {
        block.word("apiGroup", GROUP);
        block.word("kind", kind);
        block.text("name", name);
    });
    block.list("subjects", subjects.iter(), subject);
}

fn subject(block: &mut Block<'_>, subject: &Subject) {
    match subject {
        Subject::Group(name) => of_group(block, "Group", name),
        Subject::User(name) => of_group(block, "User", name),
        Subject::ServiceAccount { namespace, name } => {
            block.word("kind", "ServiceAccount");
            block.text("name", name);
            block.text("namespace", namespace);
        }
    }
}

fn of_group(block: &mut Block<'_>, kind: &'static str, name: &str) {
    block.word("kind", kind);
    block.word("apiGroup", GROUP);
    block.text("name", name);
}

pub(super) fn service_account(block: &mut Block<'_>, account: &ServiceAccount) {
    block.word("automountServiceAccountToken", if account.automount { "true" } else { "false" });
}

fn words<'i>(block: &mut Block<'_>, key: &'static str, words: impl Iterator<Item = &'i SmolStr>) {
    block.list(key, words, |block, word| block.item(|out| scalar::write(out, word)));
}
