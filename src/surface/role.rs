//! The roles that every cluster has.

use super::words;

/// A ClusterRole that every API server writes at its start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name: `view`, `system:basic-user`.
    pub name: &'static str,
    /// Its labels.
    pub labels: Vec<(&'static str, &'static str)>,
    /// The labels of the roles that it joins, one each. Where there are any, its rules are theirs.
    pub joins: Vec<(&'static str, &'static str)>,
    /// Its own rules.
    pub rules: Vec<Rule>,
}

/// A rule of a role. It is about resources, or else about URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// API groups, the one without a name as an empty text; `*` for all.
    pub groups: Vec<&'static str>,
    /// Resources, `pods/exec`; `*` for all.
    pub resources: Vec<&'static str>,
    /// Names of objects; none for all.
    pub names: Vec<&'static str>,
    /// Paths, `*` at the end for all that begin so.
    pub urls: Vec<&'static str>,
    /// Verbs; `*` for all.
    pub verbs: Vec<&'static str>,
}

/// A role's own rules, and those of the roles that it joins, and so on.
pub(super) fn joined(roles: &'static [Role], role: &Role) -> Vec<&'static Rule> {
    let mut seen = Vec::new();
    let mut open: Vec<&'static Role> = roles.iter().filter(|it| it.name == role.name).collect();
    let mut rules = Vec::new();
    while let Some(next) = open.pop() {
        if seen.contains(&next.name) {
            continue;
        }
        seen.push(next.name);
        rules.extend(&next.rules);
        open.extend(roles.iter().filter(|it| it.labels.iter().any(|label| next.joins.contains(label))));
    }
    rules
}

/// Roles, each with the rules on the lines after it.
pub(super) fn read(lines: impl Iterator<Item = Vec<&'static str>>) -> Vec<Role> {
    let mut roles: Vec<Role> = Vec::new();
    for columns in lines {
        if let ["role", name, labels, joins] = *columns {
            roles.push(Role { name, labels: equalities(labels), joins: equalities(joins), rules: Vec::new() });
        } else if let (Some(role), Some(rule)) = (roles.last_mut(), rule(&columns)) {
            role.rules.push(rule);
        }
    }
    roles
}

fn rule(columns: &[&'static str]) -> Option<Rule> {
    let list = |column: &'static str| words(column).collect::<Vec<_>>();
    match *columns {
        ["rule", groups, resources, names, verbs] => Some(Rule {
            groups: words(groups).map(super::plain).collect(),
            resources: list(resources),
            names: list(names),
            urls: Vec::new(),
            verbs: list(verbs),
        }),
        ["urls", urls, verbs] => {
            Some(Rule { groups: Vec::new(), resources: Vec::new(), names: Vec::new(), urls: list(urls), verbs: list(verbs) })
        }
        _ => None,
    }
}

fn equalities(column: &'static str) -> Vec<(&'static str, &'static str)> {
    words(column).filter_map(|word| word.split_once('=')).collect()
}
