//! Roles and bindings as sentences of our language.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::written::list;
use crate::checkout::{root, text};

/// The names that a role gets, and its namespace: those that real ones have are often reserved.
pub(super) const NAME: &str = "r";
pub(super) const HOME: &str = "home";

/// Some sentences, and what they should mean.
pub(super) struct Said {
    pub(super) text: String,
    pub(super) original: Value,
    /// Whether kinds were left out that no API server has.
    pub(super) less: bool,
}

/// What an API server serves: paths by their groups.
pub(super) struct Kinds(BTreeMap<String, BTreeSet<String>>);

const VERBS: [&str; 15] = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "approve",
    "attest",
    "bind",
    "escalate",
    "impersonate",
    "sign",
    "use",
];

impl Kinds {
    pub(super) fn of_version(version: &str) -> Self {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for table in [format!("resources-{version}.tsv"), "special.tsv".to_owned()] {
            for line in text(&root().join("src/surface/tables").join(table)).lines().filter(|line| !line.starts_with('#')) {
                let columns: Vec<&str> = line.split('\t').collect();
                let group = if columns[0] == "core" { "" } else { columns[0] };
                all.entry(group.to_owned()).or_default().insert(columns[1].to_owned());
            }
        }
        assert!(all.len() > 15 && all[""].contains("pods/exec"), "the table of {version} has groups: {:?}", all.keys());
        Kinds(all)
    }
}

/// What of a rule is said.
enum Part {
    Everything,
    Kind {
        group: String,
        path: String,
        custom: bool,
    },
    /// No API server has it.
    Nothing,
}

pub(super) fn role(object: &Value, kinds: &Kinds) -> Result<Said, &'static str> {
    if !object["aggregationRule"].is_null() {
        return aggregated(object);
    }
    let rules = object["rules"].as_array().cloned().unwrap_or_default();
    if rules.is_empty() {
        return Err("a role without rules");
    }
    let (mut cans, mut left, mut customs, mut less) = (Vec::new(), Vec::new(), BTreeSet::new(), false);
    for rule in &rules {
        let verbs = verbs(&words(rule, "verbs"));
        let urls = words(rule, "nonResourceURLs");
        if !urls.is_empty() {
            if urls.iter().any(|url| !url.starts_with('/')) {
                return Err("a path that does not begin with `/`");
            }
            cans.push(format!("can {verbs} on url {}", urls.join(", ")));
            left.push(rule.clone());
            continue;
        }
        let mut said = Vec::new();
        for part in parts(rule, kinds)? {
            match part {
                Part::Nothing => less = true,
                Part::Everything => {
                    said.push("everything".to_owned());
                    left.push(rule.clone());
                }
                Part::Kind { group, path, custom } => {
                    said.push(called(&group, &path));
                    if custom {
                        customs.insert(format!("resource {} in {group}", path.split('/').next().unwrap_or_default()));
                    }
                    let mut own = rule.clone();
                    own["apiGroups"] = json!([group]);
                    own["resources"] = json!([path]);
                    left.push(own);
                }
            }
        }
        let names: Vec<String> = words(rule, "resourceNames").iter().map(|name| format!("{name:?}")).collect();
        let named = if names.is_empty() { String::new() } else { format!(" named {}", names.join(", ")) };
        said.dedup();
        if !said.is_empty() {
            cans.push(format!("can {verbs} on {}{named} because \"as it was\"", said.join(", ")));
        }
    }
    if cans.is_empty() {
        return Err("a role of kinds that no server has");
    }
    let role = format!("role {NAME} because \"as it was\" {{\n{}\n}}", cans.join("\n"));
    let is_role = object["kind"] == "Role";
    let block = if is_role { format!("namespace {HOME} {{ {role} }}") } else { format!("everywhere {{ {role} }}") };
    let text = customs.into_iter().chain([block]).collect::<Vec<_>>().join("\n");
    Ok(Said { text, original: renamed(object, left), less })
}

/// A role that takes in others by one label.
fn aggregated(object: &Value) -> Result<Said, &'static str> {
    let selectors = object["aggregationRule"]["clusterRoleSelectors"].as_array().cloned().unwrap_or_default();
    let labels = selectors.first().and_then(|it| it["matchLabels"].as_object()).filter(|labels| labels.len() == 1 && selectors.len() == 1);
    let Some((key, value)) = labels.and_then(|labels| labels.iter().next()) else { return Err("it takes in roles by several labels") };
    let value = value.as_str().unwrap_or_default();
    let text = format!("everywhere {{ role {NAME} joined by \"{key}={value}\" }}\nnamespace {HOME} {{}}");
    let mut original = renamed(object, Vec::new());
    original["aggregationRule"] = object["aggregationRule"].clone();
    Ok(Said { text, original, less: false })
}

/// The role under its other name.
fn renamed(object: &Value, rules: Vec<Value>) -> Value {
    let mut metadata = json!({ "name": NAME });
    if object["kind"] == "Role" {
        metadata["namespace"] = HOME.into();
    }
    json!({ "apiVersion": object["apiVersion"], "kind": object["kind"], "metadata": metadata, "rules": rules })
}

fn words(rule: &Value, key: &str) -> Vec<String> {
    rule[key].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn verbs(own: &[String]) -> String {
    if own.iter().any(|verb| verb == "*") {
        return "everything".to_owned();
    }
    let reads = ["get", "list", "watch"];
    let has_all = reads.iter().all(|read| own.iter().any(|verb| verb == read));
    let rest = own.iter().filter(|verb| !has_all || !reads.contains(&verb.as_str()));
    let quoted = rest.map(|verb| if VERBS.contains(&verb.as_str()) { verb.clone() } else { format!("{verb:?}") });
    let mut all: Vec<String> = has_all.then(|| "read".to_owned()).into_iter().chain(quoted).collect();
    let mut seen = BTreeSet::new();
    all.retain(|verb| seen.insert(verb.clone()));
    all.join(", ")
}

fn parts(rule: &Value, kinds: &Kinds) -> Result<Vec<Part>, &'static str> {
    let (groups, resources) = (words(rule, "apiGroups"), words(rule, "resources"));
    let star = |list: &[String]| list.iter().any(|word| word == "*");
    match (star(&groups), star(&resources)) {
        (true, true) => return Ok(vec![Part::Everything]),
        (true, false) => return Err("a kind in every group, those to come too"),
        (false, true) => return Err("every kind of a group, those to come and subresources too"),
        (false, false) => {}
    }
    if resources.iter().any(|path| path.starts_with("*/")) {
        return Err("a subresource of every kind");
    }
    let mut parts = Vec::new();
    let groups: BTreeSet<String> = groups.into_iter().collect();
    let resources: BTreeSet<String> = resources.into_iter().collect();
    for group in &groups {
        for path in &resources {
            let custom = !kinds.0.contains_key(group) && group != "extensions";
            if path.ends_with("/*") {
                parts.push(Part::Nothing);
                continue;
            }
            let is_there = custom || kinds.0.get(group).is_some_and(|own| own.contains(path));
            let (group, path) = (group.clone(), path.clone());
            parts.push(if is_there { Part::Kind { group, path, custom } } else { Part::Nothing });
        }
    }
    Ok(parts)
}

fn called(group: &str, path: &str) -> String {
    let group = if group.is_empty() { "core" } else { group };
    match path.split_once('/') {
        Some((resource, sub)) => format!("{resource}.{group}/{sub}"),
        None => format!("{path}.{group}"),
    }
}

/// Roles that every cluster has and that a policy grants.
const BUILTIN: [&str; 4] = ["view", "edit", "admin", "cluster-admin"];

pub(super) fn binding(object: &Value) -> Result<Said, &'static str> {
    let subjects = object["subjects"].as_array().cloned().unwrap_or_default();
    if subjects.is_empty() {
        return Err("a binding without subjects");
    }
    let home = object["metadata"]["namespace"].as_str().unwrap_or("default");
    let in_namespace = object["kind"] == "RoleBinding";
    let role = object["roleRef"]["name"].as_str().unwrap_or_default();
    let of_namespace = object["roleRef"]["kind"] == "Role";
    let is_builtin = !of_namespace && BUILTIN.contains(&role);
    let name = if is_builtin { role } else { NAME };
    let mut to: Vec<String> = subjects.iter().map(|it| subject(it, if in_namespace { Some(home) } else { None })).collect();
    to.sort();
    to.dedup();
    let grant = format!("grant {name} to {} because \"as it was\"", to.join(", "));
    let role = format!("role {NAME} {{ can get on pods }}");
    let (here, everywhere) = match (is_builtin, of_namespace) {
        (true, _) => (String::new(), String::new()),
        (false, true) => (role, String::new()),
        (false, false) => (String::new(), role),
    };
    let text = if in_namespace {
        format!("namespace {HOME} {{\n{here}\n{grant}\n}}\neverywhere {{ {everywhere} }}")
    } else {
        format!("everywhere {{\n{everywhere}\n{grant}\n}}")
    };
    let namespaces: BTreeSet<&str> =
        subjects.iter().filter_map(|it| it["namespace"].as_str()).chain([home]).filter(|it| *it != "default").collect();
    let known = ["kube-system", "kube-public", "kube-node-lease"];
    let declared: String = namespaces.iter().filter(|it| !known.contains(it)).map(|it| format!("namespace {it} external {{}}\n")).collect();
    Ok(Said { text: declared + &text, original: original(object, is_builtin, of_namespace, in_namespace.then_some(home)), less: false })
}

/// The binding, moved to the namespace of the sentences, and the role that stands for its own.
fn original(object: &Value, is_builtin: bool, of_namespace: bool, home: Option<&str>) -> Value {
    let mut binding = object.clone();
    if let Some(home) = home {
        for subject in binding["subjects"].as_array_mut().into_iter().flatten() {
            if subject["kind"] == "ServiceAccount" && subject["namespace"].as_str().is_none_or(str::is_empty) {
                subject["namespace"] = home.into();
            }
        }
        binding["metadata"]["namespace"] = HOME.into();
    }
    let mut items = Vec::new();
    if !is_builtin {
        binding["roleRef"]["name"] = NAME.into();
        let mut role = json!({
            "apiVersion": object["apiVersion"], "kind": object["roleRef"]["kind"], "metadata": { "name": NAME },
            "rules": [{ "verbs": ["get"], "apiGroups": [""], "resources": ["pods"] }],
        });
        if of_namespace {
            role["metadata"]["namespace"] = HOME.into();
        }
        items.push(role);
    }
    items.push(binding);
    list(items)
}

fn subject(subject: &Value, home: Option<&str>) -> String {
    let name = subject["name"].as_str().unwrap_or_default();
    match subject["kind"].as_str() {
        Some("User") => format!("user {name:?}"),
        Some("Group") => format!("group {name:?}"),
        _ => {
            let namespace = subject["namespace"].as_str().filter(|it| !it.is_empty()).or(home).unwrap_or("default");
            format!("serviceaccount {namespace}/{name}")
        }
    }
}
