//! rbac.authorization.k8s.io/v1: roles and bindings, with the server's defaults and refusals (R4, R6–R8).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use smol_str::SmolStr;

use super::Reach;
use super::head::Head;
use super::label_selector::LabelSelector;
use super::reader::Reader;
use super::valid::{is_subdomain, wrong};
use super::words::Words;
use crate::manifest::tree::{Fault, typed};
use crate::semantics::labels::Labels;
use crate::semantics::rbac::Rule;
use crate::verify::access::{Atom, Binding, Place, Role, Source};

/// The group of roles, bindings, users and groups.
pub(super) const GROUP: &str = "rbac.authorization.k8s.io";

/// Of a field that these kinds do not have: it grants nothing.
const LEFT_OUT: &str = "a field that this version does not have: kubectl refuses it, and the API server leaves it out";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a role")]
struct RoleObject<'n> {
    #[serde(borrow)]
    rules: Option<Vec<RuleSpec<'n>>>,
    aggregation_rule: Option<Aggregation<'n>>,
    #[serde(rename = "apiVersion")]
    _api_version: Option<IgnoredAny>,
    #[serde(rename = "kind")]
    _kind: Option<IgnoredAny>,
    #[serde(rename = "metadata")]
    _metadata: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Aggregation<'n> {
    #[serde(borrow)]
    cluster_role_selectors: Option<Vec<LabelSelector<'n>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a rule")]
struct RuleSpec<'n> {
    #[serde(borrow)]
    verbs: Option<Vec<&'n str>>,
    api_groups: Option<Vec<&'n str>>,
    resources: Option<Vec<&'n str>>,
    resource_names: Option<Vec<&'n str>>,
    #[serde(rename = "nonResourceURLs")]
    urls: Option<Vec<&'n str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a binding")]
struct BindingObject<'n> {
    #[serde(borrow)]
    subjects: Option<Vec<SubjectSpec<'n>>>,
    role_ref: Option<RoleRef<'n>>,
    #[serde(rename = "apiVersion")]
    _api_version: Option<IgnoredAny>,
    #[serde(rename = "kind")]
    _kind: Option<IgnoredAny>,
    #[serde(rename = "metadata")]
    _metadata: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a subject")]
struct SubjectSpec<'n> {
    #[serde(default)]
    kind: &'n str,
    #[serde(default)]
    api_group: &'n str,
    #[serde(default)]
    name: &'n str,
    #[serde(default)]
    namespace: &'n str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct RoleRef<'n> {
    #[serde(default)]
    api_group: &'n str,
    #[serde(default)]
    kind: &'n str,
    #[serde(default)]
    name: &'n str,
}

/// Reads a Role or a ClusterRole.
pub(super) fn read_role<'n>(reader: &mut Reader<'n>, head: &Head<'n>) -> Result<(), Fault> {
    named(head)?;
    let (object, unknown): (RoleObject<'n>, _) = typed(head.node, "")?;
    let is_cluster_wide = head.kind == "ClusterRole";
    let mut rules = Vec::new();
    for (index, spec) in object.rules.iter().flatten().enumerate() {
        rules.push(rule(spec, is_cluster_wide, index, &mut reader.words)?);
    }
    let aggregates = match &object.aggregation_rule {
        Some(aggregation) if is_cluster_wide => Some(selectors(aggregation, &mut reader.words)?),
        _ => None,
    };
    for field in unknown {
        reader.not_understood(head, &field.path, LEFT_OUT, Reach::nothing());
    }
    let source = Source::Object(reader.object(head));
    let key = (namespace(head, is_cluster_wide, reader), reader.words.word(head.name));
    let role = Role { source, rules, sentences: Vec::new(), labels: labels(head)?, aggregates };
    reader.access.roles.insert(key, role);
    Ok(())
}

/// Reads a RoleBinding or a ClusterRoleBinding.
pub(super) fn read_binding<'n>(reader: &mut Reader<'n>, head: &Head<'n>) -> Result<(), Fault> {
    named(head)?;
    let (object, unknown): (BindingObject<'n>, _) = typed(head.node, "")?;
    let is_cluster_wide = head.kind == "ClusterRoleBinding";
    let namespace = namespace(head, is_cluster_wide, reader);
    let Some(reference) = &object.role_ref else { return wrong("roleRef", "a binding needs the role that it grants") };
    let role_namespace = role_namespace(reference, namespace.as_ref())?;
    let mut subjects = Vec::new();
    for (index, spec) in object.subjects.iter().flatten().enumerate() {
        subjects.push(subject(spec, namespace.as_deref(), &format!("subjects[{index}]"))?);
    }
    for field in unknown {
        reader.not_understood(head, &field.path, LEFT_OUT, Reach::nothing());
    }
    let role = (role_namespace, reader.words.word(reference.name));
    let source = Source::Object(reader.object(head));
    let place = namespace.map_or(Place::Everywhere, Place::Namespace);
    reader.access.bindings.push(Binding { source, name: head.name.into(), place, role, subjects });
    Ok(())
}

fn namespace(head: &Head<'_>, is_cluster_wide: bool, reader: &mut Reader<'_>) -> Option<SmolStr> {
    (!is_cluster_wide).then(|| reader.words.word(head.own_namespace()))
}

/// A name that can stand in a path: RBAC takes any other characters.
fn named(head: &Head<'_>) -> Result<(), Fault> {
    if is_segment(head.name) { Ok(()) } else { wrong("metadata.name", format!("`{}` is no name of a {}", head.name, head.kind)) }
}

fn is_segment(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '%'])
}

fn labels(head: &Head<'_>) -> Result<BTreeMap<String, String>, Fault> {
    let Some(labels) = head.node.get("metadata").and_then(|metadata| metadata.get("labels")) else { return Ok(BTreeMap::new()) };
    let (labels, _): (BTreeMap<String, String>, _) = typed(labels, "metadata.labels")?;
    Ok(labels)
}

fn rule(spec: &RuleSpec<'_>, is_cluster_wide: bool, index: usize, words: &mut Words) -> Result<Rule, Fault> {
    let mut list = |field: &Option<Vec<&str>>| field.iter().flatten().map(|text| words.word(text)).collect::<Vec<SmolStr>>();
    let rule = Rule {
        verbs: list(&spec.verbs),
        groups: list(&spec.api_groups),
        resources: list(&spec.resources),
        names: list(&spec.resource_names),
        urls: list(&spec.urls),
    };
    let at = |field: &str| format!("rules[{index}].{field}");
    let mixed = !(rule.groups.is_empty() && rule.resources.is_empty() && rule.names.is_empty());
    match () {
        () if rule.verbs.is_empty() => wrong(at("verbs"), "a rule needs a verb"),
        () if !rule.urls.is_empty() && !is_cluster_wide => wrong(at("nonResourceURLs"), "a Role has none: paths are in no namespace"),
        () if !rule.urls.is_empty() && mixed => wrong(at("nonResourceURLs"), "a rule is about paths or about resources, not both"),
        () if !rule.urls.is_empty() => Ok(rule),
        () if rule.groups.is_empty() => wrong(at("apiGroups"), "a rule about resources needs their API groups"),
        () if rule.resources.is_empty() => wrong(at("resources"), "a rule needs resources or paths"),
        () => Ok(rule),
    }
}

fn selectors(aggregation: &Aggregation<'_>, words: &mut Words) -> Result<Vec<Labels>, Fault> {
    let path = "aggregationRule.clusterRoleSelectors";
    let listed = aggregation.cluster_role_selectors.as_deref().unwrap_or_default();
    if listed.is_empty() {
        return wrong(path, "an aggregation rule needs a selector");
    }
    let each = |(index, selector): (usize, &LabelSelector<'_>)| selector.labels(words, &|| format!("{path}[{index}]"));
    listed.iter().enumerate().map(each).collect()
}

/// The namespace of the role that a reference means.
fn role_namespace(reference: &RoleRef<'_>, own: Option<&SmolStr>) -> Result<Option<SmolStr>, Fault> {
    if !matches!(reference.api_group, "" | GROUP) {
        return wrong("roleRef.apiGroup", format!("a role is of {GROUP}"));
    }
    if !is_segment(reference.name) {
        return wrong("roleRef.name", format!("`{}` is no name of a role", reference.name));
    }
    match (reference.kind, own) {
        ("ClusterRole", _) => Ok(None),
        ("Role", Some(own)) => Ok(Some(own.clone())),
        ("Role", None) => wrong("roleRef.kind", "a ClusterRoleBinding grants a ClusterRole only"),
        (other, _) => wrong("roleRef.kind", format!("`{other}` is none: Role or ClusterRole")),
    }
}

/// An empty namespace of a service account is the RoleBinding's own (R8).
fn subject(spec: &SubjectSpec<'_>, own: Option<&str>, path: &str) -> Result<Atom, Fault> {
    if spec.name.is_empty() {
        return wrong(format!("{path}.name"), "a subject needs a name");
    }
    let group = |atom: Atom| {
        if matches!(spec.api_group, "" | GROUP) {
            Ok(atom)
        } else {
            wrong(format!("{path}.apiGroup"), format!("users and groups are of {GROUP}"))
        }
    };
    match spec.kind {
        "User" => group(Atom::User(spec.name.into())),
        "Group" => group(Atom::Group(spec.name.into())),
        "ServiceAccount" if !spec.api_group.is_empty() => wrong(format!("{path}.apiGroup"), "a ServiceAccount has none"),
        "ServiceAccount" if !is_subdomain(spec.name) => {
            wrong(format!("{path}.name"), format!("`{}` is no name of a ServiceAccount", spec.name))
        }
        "ServiceAccount" => match (spec.namespace, own) {
            ("", None) => wrong(format!("{path}.namespace"), "a ClusterRoleBinding's ServiceAccount needs its namespace"),
            ("", Some(own)) => Ok(Atom::account(own, spec.name)),
            (namespace, _) => Ok(Atom::account(namespace, spec.name)),
        },
        other => wrong(format!("{path}.kind"), format!("`{other}` is none: User, Group or ServiceAccount")),
    }
}

/// Reads what an object of these kinds is, or says why it is not covered.
pub(super) fn read<'n>(reader: &mut Reader<'n>, head: &Head<'n>) -> Result<(), Fault> {
    let version = head.api_version.split_once('/').map_or("", |(_, version)| version);
    match (head.group(), version, head.kind) {
        (GROUP, "v1", "Role" | "ClusterRole") => read_role(reader, head),
        (GROUP, "v1", "RoleBinding" | "ClusterRoleBinding") => read_binding(reader, head),
        (GROUP, ..) => {
            reader.unclear_access(head, "", "an API version that no server has any more; write rbac.authorization.k8s.io/v1");
            Ok(())
        }
        _ => {
            reader.unclear_access(head, "", "it grants access in a way that is not covered");
            Ok(())
        }
    }
}

/// Whether an object is about access.
pub(super) fn is_access(group: &str, kind: &str) -> bool {
    let names = matches!(kind, "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding");
    (names && matches!(group, GROUP | "authorization.openshift.io"))
        || matches!((group, kind), ("rbacmanager.reactiveops.io", "RBACDefinition"))
}
