//! What the random worlds hold, counted: a generator that has stopped making something must not go unnoticed.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

/// How often each thing occurs.
#[derive(Debug, Default)]
pub(crate) struct Coverage(BTreeMap<String, usize>);

impl Coverage {
    /// Of all objects of many worlds.
    pub(crate) fn of<'o>(worlds: impl IntoIterator<Item = &'o [Value]>) -> Self {
        let mut coverage = Coverage::default();
        for objects in worlds {
            for object in objects {
                let kind = object["kind"].as_str().unwrap_or_default();
                coverage.count(kind);
                if kind.ends_with("Policy") {
                    coverage.walk("", object);
                }
            }
            coverage.overlaps(objects);
        }
        coverage
    }

    /// Fails unless each of these occurs.
    pub(crate) fn must_have(&self, things: &[&str]) {
        let missing: Vec<&&str> = things.iter().filter(|thing| !self.0.contains_key(**thing)).collect();
        assert!(missing.is_empty(), "no world has {missing:?}: {self}");
    }

    fn count(&mut self, thing: impl Into<String>) {
        *self.0.entry(thing.into()).or_default() += 1;
    }

    fn walk(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(map) => {
                self.absences(name, map);
                for (key, value) in map {
                    self.field(key, value);
                    self.walk(key, value);
                }
            }
            Value::Array(list) => list.iter().for_each(|item| self.walk(name, item)),
            _ => {}
        }
    }

    /// What a policy leaves to the API's defaults.
    fn absences(&mut self, name: &str, map: &Map<String, Value>) {
        let of_rules =
            [("ingress", "from"), ("egress", "to"), ("ingress", "ports"), ("egress", "ports"), ("ports", "protocol"), ("ports", "port")];
        let of_spec = ["policyTypes", "podSelector", "types", "order", "tier", "selector"].map(|key| ("spec", key));
        for (_, key) in of_spec.into_iter().chain(of_rules).filter(|(of, key)| *of == name && !map.contains_key(*key)) {
            self.count(format!("no {key}"));
        }
    }

    fn field(&mut self, key: &str, value: &Value) {
        match (key, value) {
            ("operator" | "action" | "defaultAction" | "tier" | "protocol" | "notProtocol", Value::String(text)) => {
                self.count(format!("{key} {text}"))
            }
            ("protocol", Value::Number(_)) => self.count("protocol by number"),
            ("port", Value::String(_)) => self.count("named port"),
            ("ports", Value::Array(ports))
                if ports.iter().any(|port| port.as_str().is_some_and(|port| port.starts_with(char::is_alphabetic))) =>
            {
                self.count("named port")
            }
            ("key", Value::String(text)) if text == "ghost" => self.count("key that nobody has"),
            ("cidr", Value::String(text)) => self.count(if text.contains(':') { "IPv6 block" } else { "IPv4 block" }),
            (_, Value::Array(list)) if list.is_empty() => self.count(format!("{key}: []")),
            (_, Value::Object(map)) if map.is_empty() => self.count(format!("{key}: {{}}")),
            (_, Value::Null) => self.count(format!("{key}: null")),
            ("selector" | "namespaceSelector" | "notSelector" | "serviceAccountSelector", Value::String(text)) => self.selector(key, text),
            ("metadata" | "name" | "kind" | "spec" | "apiVersion" | "status", _) => {}
            _ => self.count(key),
        }
    }

    /// Operators of Calico's selectors.
    fn selector(&mut self, key: &str, text: &str) {
        self.count(key);
        for operator in [
            "==",
            "!=",
            " in ",
            "not in",
            "has(",
            "!has(",
            "starts with",
            "ends with",
            "contains",
            "all()",
            "global()",
            "&&",
            "||",
            "pcns.",
        ] {
            if text.contains(operator) {
                self.count(format!("selector with `{}`", operator.trim()));
            }
        }
    }

    /// Pods that several NetworkPolicies select.
    fn overlaps(&mut self, objects: &[Value]) {
        let of = |kind: &'static str| objects.iter().filter(move |object| object["kind"] == kind);
        for pod in of("Pod") {
            let policies = of("NetworkPolicy").filter(|policy| policy["apiVersion"] == "networking.k8s.io/v1");
            let own = policies.filter(|policy| policy["metadata"]["namespace"] == pod["metadata"]["namespace"]);
            let selecting = own.filter(|policy| selects(&policy["spec"]["podSelector"], &pod["metadata"]["labels"])).count();
            self.count(["pod of no policy", "pod of one policy", "pod of several policies"][selecting.min(2)]);
        }
    }
}

/// Whether a label selector selects labels; read here for counting alone.
fn selects(selector: &Value, labels: &Value) -> bool {
    let equal = selector["matchLabels"].as_object().into_iter().flatten().all(|(key, value)| labels.get(key) == Some(value));
    let terms = selector["matchExpressions"].as_array().into_iter().flatten();
    equal && terms.into_iter().all(|term| holds(term, labels.get(term["key"].as_str().unwrap_or_default())))
}

fn holds(term: &Value, value: Option<&Value>) -> bool {
    let listed = || value.is_some_and(|value| term["values"].as_array().is_some_and(|values| values.contains(value)));
    match term["operator"].as_str() {
        Some("In") => listed(),
        Some("NotIn") => !listed(),
        Some("Exists") => value.is_some(),
        _ => value.is_none(),
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.0.iter().map(|(thing, count)| format!("{thing} {count}")).collect();
        f.write_str(&all.join(", "))
    }
}
