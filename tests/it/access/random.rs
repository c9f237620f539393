//! Random roles and bindings, with everything that makes RBAC surprising.

use serde_json::{Value, json};

use crate::meaning::random::Random;

const NAMESPACES: [&str; 3] = ["shop", "ops", "default"];
const VERBS: [&str; 8] = ["get", "list", "watch", "create", "update", "impersonate", "bind", "*"];
const GROUPS: [&str; 6] = ["", "apps", "extensions", "networking.k8s.io", "rbac.authorization.k8s.io", "*"];
const RESOURCES: [&str; 16] = [
    "pods",
    "pods/exec",
    "pods/log",
    "pods/*",
    "secrets",
    "configmaps",
    "deployments",
    "deployments/scale",
    "*/scale",
    "*/exec",
    "*",
    "namespaces",
    "roles",
    "serviceaccounts/token",
    "Pods",
    "*/",
];
const NAMES: [&str; 4] = ["web", "db", "ops", "*"];
const URLS: [&str; 8] = ["/metrics", "/healthz", "/healthz/*", "/api*", "*", "/", "/metrics/*", "/api/**"];
const LABELS: [&str; 3] = ["aggregate-to-view", "aggregate-to-ops", "team"];
const ROLES: [&str; 4] = ["reader", "writer", "ops", "lost"];

/// A world of a few objects.
pub(crate) fn objects(random: &mut Random) -> Vec<Value> {
    let mut objects = Vec::new();
    for name in ROLES.iter().take(3) {
        objects.push(cluster_role(random, name));
        for namespace in NAMESPACES {
            if random.one_in(2) {
                objects.push(role(random, namespace, name));
            }
        }
    }
    for number in 0..2 + random.below(3) {
        objects.push(aggregated(random, number));
    }
    for number in 0..4 + random.below(6) {
        objects.push(binding(random, number));
    }
    objects
}

fn head(kind: &str, namespace: Option<&str>, name: &str) -> Value {
    let mut head = json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": { "name": name } });
    if let Some(namespace) = namespace {
        head["metadata"]["namespace"] = namespace.into();
    }
    head
}

fn role(random: &mut Random, namespace: &str, name: &str) -> Value {
    let mut role = head("Role", Some(namespace), name);
    role["rules"] = (0..random.below(4)).map(|_| rule(random)).collect();
    role
}

fn cluster_role(random: &mut Random, name: &str) -> Value {
    let mut role = head("ClusterRole", None, name);
    role["rules"] = (0..random.below(4)).map(|_| if random.one_in(4) { paths(random) } else { rule(random) }).collect();
    for label in LABELS {
        if random.one_in(2) {
            role["metadata"]["labels"][label] = random.pick(&["true", "false"]).into();
        }
    }
    role
}

/// A role that takes in others, and perhaps is taken in.
fn aggregated(random: &mut Random, number: usize) -> Value {
    let mut role = cluster_role(random, &format!("sum-{number}"));
    let selector = |random: &mut Random| {
        let label = random.pick(&LABELS);
        match random.below(4) {
            0 => json!({ "matchExpressions": [{ "key": label, "operator": "Exists" }] }),
            1 => json!({ "matchExpressions": [{ "key": label, "operator": "NotIn", "values": ["true"] }] }),
            _ => json!({ "matchLabels": { label: "true" } }),
        }
    };
    role["aggregationRule"]["clusterRoleSelectors"] = (0..1 + random.below(2)).map(|_| selector(random)).collect();
    role
}

fn rule(random: &mut Random) -> Value {
    let mut rule =
        json!({ "verbs": some(random, &VERBS, 3), "apiGroups": some(random, &GROUPS, 2), "resources": some(random, &RESOURCES, 3) });
    if random.one_in(3) {
        rule["resourceNames"] = some(random, &NAMES, 2).into();
    }
    rule
}

fn paths(random: &mut Random) -> Value {
    json!({ "verbs": some(random, &VERBS, 2), "nonResourceURLs": some(random, &URLS, 2) })
}

fn some(random: &mut Random, from: &[&'static str], most: usize) -> Vec<&'static str> {
    (0..1 + random.below(most)).map(|_| random.pick(from)).collect()
}

fn binding(random: &mut Random, number: usize) -> Value {
    let namespace = (!random.one_in(3)).then(|| random.pick(&NAMESPACES));
    let kind = if namespace.is_some() { "RoleBinding" } else { "ClusterRoleBinding" };
    let mut binding = head(kind, namespace, &format!("binding-{number}"));
    let sum = format!("sum-{}", random.below(4));
    let (role_kind, name) = match (random.below(3), namespace) {
        (0, Some(_)) => ("Role", random.pick(&ROLES)),
        (1, _) => ("ClusterRole", sum.as_str()),
        _ => ("ClusterRole", random.pick(&ROLES)),
    };
    binding["roleRef"] = json!({ "apiGroup": "rbac.authorization.k8s.io", "kind": role_kind, "name": name });
    binding["subjects"] = (0..random.below(3)).map(|_| subject(random, namespace.is_some())).collect();
    binding
}

fn subject(random: &mut Random, in_namespace: bool) -> Value {
    let group = "rbac.authorization.k8s.io";
    match random.below(6) {
        0 => json!({ "kind": "User", "apiGroup": group, "name": random.pick(&["alice", "bob", "system:serviceaccount:shop:ci"]) }),
        1 => {
            json!({ "kind": "Group", "apiGroup": group, "name": random.pick(&["system:authenticated", "system:serviceaccounts:shop", "system:serviceaccounts", "system:unauthenticated"]) })
        }
        2 => json!({ "kind": "Group", "name": random.pick(&["devs", "ops"]) }),
        3 if in_namespace => json!({ "kind": "ServiceAccount", "name": "ci" }),
        _ => json!({ "kind": "ServiceAccount", "name": random.pick(&["ci", "web"]), "namespace": random.pick(&NAMESPACES) }),
    }
}
