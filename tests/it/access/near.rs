//! Requests near what roles and bindings say: mostly their own words, sometimes others.

use polc::look::Asked;
use serde_json::Value;

use crate::judges::Caller;
use crate::meaning::random::Random;

/// Requests are asked by a few callers, so many each.
const OF_CALLER: usize = 25;

/// Words that real requests have, or almost have.
const VERBS: [&str; 8] = ["get", "list", "watch", "create", "delete", "patch", "impersonate", "*"];
const RESOURCES: [&str; 10] =
    ["pods", "pods/exec", "pods/log", "secrets", "deployments/scale", "nodes/proxy", "namespaces", "Pods", "pods/*", "jobs/status"];
const GROUPS: [&str; 5] = ["", "apps", "batch", "extensions", "rbac.authorization.k8s.io"];
const NAMES: [&str; 4] = ["", "web", "x", "shop"];
const PATHS: [&str; 8] = ["/metrics", "/metrics/cadvisor", "/healthz", "/healthz/ping", "/api", "/", "/apis/apps", "/metric"];

/// Requests, caller by caller.
pub(crate) fn requests(objects: &[Value], random: &mut Random, count: usize) -> Vec<(Caller, Asked)> {
    let bindings: Vec<&Value> = objects.iter().filter(|it| is_binding(it)).collect();
    let rules: Vec<&Value> = objects.iter().filter_map(|it| it["rules"].as_array()).flatten().collect();
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        let binding = (!bindings.is_empty()).then(|| random.pick(&bindings));
        let caller = caller(random, binding);
        for _ in 0..OF_CALLER.min(count - all.len()) {
            let own = binding.map(|it| granted(objects, it)).filter(|rules| !rules.is_empty());
            let rule = match own {
                Some(own) if !random.one_in(5) => Some(random.pick(&own)),
                _ if rules.is_empty() => None,
                _ => Some(random.pick(&rules)),
            };
            all.push((caller.clone(), asked(random, rule, binding)));
        }
    }
    all
}

fn is_binding(object: &Value) -> bool {
    object["kind"].as_str().is_some_and(|kind| kind.ends_with("Binding"))
}

/// The rules of the role that a binding grants, by its name alone.
fn granted<'a>(objects: &'a [Value], binding: &Value) -> Vec<&'a Value> {
    let named = objects.iter().filter(|it| !is_binding(it) && it["metadata"]["name"] == binding["roleRef"]["name"]);
    named.filter_map(|it| it["rules"].as_array()).flatten().collect()
}

/// Somebody whom a binding names, or almost.
fn caller(random: &mut Random, binding: Option<&Value>) -> Caller {
    let subjects = binding.and_then(|it| it["subjects"].as_array()).filter(|it| !it.is_empty());
    let other = |user: &str, groups: &[&str]| Caller { user: user.into(), groups: groups.iter().map(ToString::to_string).collect() };
    let Some(subjects) = subjects.filter(|_| !random.one_in(8)) else {
        return match random.below(5) {
            0 => other("alice", &["system:authenticated"]),
            1 => other("system:anonymous", &["system:unauthenticated"]),
            2 => other("root", &["system:masters", "system:authenticated"]),
            3 => account("shop", "ci"),
            _ => other("Alice", &["devs", "system:authenticated"]),
        };
    };
    let subject = &subjects[random.below(subjects.len())];
    let name = subject["name"].as_str().unwrap_or_default();
    let home = binding.map_or("default", |it| it["metadata"]["namespace"].as_str().unwrap_or("default"));
    match subject["kind"].as_str() {
        Some("User") => other(name, &["system:authenticated"]),
        Some("Group") => other("somebody", &[name, "system:authenticated"]),
        _ => account(subject["namespace"].as_str().filter(|it| !it.is_empty()).unwrap_or(home), name),
    }
}

fn account(namespace: &str, name: &str) -> Caller {
    let groups = ["system:serviceaccounts".to_owned(), format!("system:serviceaccounts:{namespace}"), "system:authenticated".to_owned()];
    Caller { user: format!("system:serviceaccount:{namespace}:{name}"), groups: groups.to_vec() }
}

/// A request in the words of a rule, where the binding holds; now and then with another word.
fn asked(random: &mut Random, rule: Option<&Value>, binding: Option<&Value>) -> Asked {
    let words = |key: &str| -> Vec<String> {
        let list = rule.and_then(|rule| rule[key].as_array());
        list.into_iter().flatten().filter_map(|it| it.as_str()).map(str::to_owned).collect()
    };
    let verb = word(random, &words("verbs"), &VERBS);
    let urls = words("nonResourceURLs");
    if !urls.is_empty() || random.one_in(25) {
        let url = word(random, &urls, &PATHS);
        let url = if url.ends_with('*') && !random.one_in(6) {
            url.trim_end_matches('*').to_owned() + random.pick(&["", "x", "a/b"])
        } else {
            url
        };
        return Asked { verb, url: if url.is_empty() { "/".into() } else { url }, ..Asked::default() };
    }
    let path = word(random, &words("resources"), &RESOURCES);
    let path = if random.one_in(12) { format!("{path}/{}", random.pick(&["status", "exec", "scale"])) } else { path };
    let (resource, subresource) = path.split_once('/').unwrap_or((&path, ""));
    let names = words("resourceNames");
    let name = if names.is_empty() { random.pick(&NAMES).to_owned() } else { word(random, &names, &NAMES) };
    let home = binding.and_then(|it| it["metadata"]["namespace"].as_str()).unwrap_or("shop");
    let namespace = if random.one_in(6) { random.pick(&["", "shop", "elsewhere"]) } else { home };
    Asked {
        verb,
        group: word(random, &words("apiGroups"), &GROUPS),
        resource: if resource == "*" && !random.one_in(6) { random.pick(&["pods", "widgets"]).to_owned() } else { resource.to_owned() },
        subresource: subresource.to_owned(),
        namespace: namespace.to_owned(),
        name,
        url: String::new(),
    }
}

/// One of the words, or now and then another; for a star mostly another.
fn word(random: &mut Random, own: &[String], others: &[&str]) -> String {
    if own.is_empty() || random.one_in(8) {
        return random.pick(others).to_owned();
    }
    let word = &own[random.below(own.len())];
    if word == "*" && !random.one_in(6) { random.pick(others).to_owned() } else { word.clone() }
}
