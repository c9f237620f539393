//! Random NetworkPolicies, with everything that the API leaves a choice in.

use serde_json::{Map, Value, json};

use super::cluster::{LABELS, NAMESPACES, PORT_NAMES};
use crate::meaning::random::Random;

/// Blocks, and what may be cut out of each.
const BLOCKS: [(&str, &[&str]); 11] = [
    ("0.0.0.0/0", &["10.0.0.0/8", "203.0.113.0/24"]),
    ("203.0.113.0/24", &["203.0.113.128/25", "203.0.113.7/32"]),
    ("10.0.0.0/8", &["10.1.0.0/16", "10.1.1.0/24"]),
    ("10.1.0.0/16", &["10.1.1.0/24", "10.1.0.2/32"]),
    ("10.1.0.2/32", &[]),
    ("198.51.100.9/32", &[]),
    ("::/0", &["fd00::/8", "2001:db8::/64"]),
    ("fd00::/8", &["fd00:1::/32"]),
    ("fd00:1::/32", &["fd00:1::3/128"]),
    ("2001:db8::/32", &["2001:db8:0:1::/64"]),
    ("2a00::1/128", &[]),
];

/// Numbers, and the ends of ranges that begin there.
pub(crate) const NUMBERS: [(u16, &[u16]); 5] = [(80, &[80, 8080]), (53, &[80]), (8080, &[8081, 9090]), (443, &[65535]), (1, &[65535])];

/// One policy.
pub(crate) fn policy(random: &mut Random, number: usize) -> Value {
    let mut spec = Map::new();
    if !random.one_in(12) {
        spec.insert("podSelector".to_owned(), selector(random));
    }
    match random.below(7) {
        0 | 1 => {}
        2 => drop(spec.insert("policyTypes".to_owned(), json!([]))),
        3 => drop(spec.insert("policyTypes".to_owned(), json!(["Ingress"]))),
        4 => drop(spec.insert("policyTypes".to_owned(), json!(["Egress"]))),
        5 => drop(spec.insert("policyTypes".to_owned(), json!(["Egress", "Ingress"]))),
        _ => drop(spec.insert("policyTypes".to_owned(), json!(["Ingress", "Egress"]))),
    }
    for (direction, side) in [("ingress", "from"), ("egress", "to")] {
        if !random.one_in(3) {
            let rules = (0..random.below(3)).map(|_| rule(random, side)).collect();
            spec.insert(direction.to_owned(), Value::Array(rules));
        }
    }
    json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
        "metadata": { "name": format!("np{number}"), "namespace": random.pick(&NAMESPACES) },
        "spec": spec,
    })
}

fn rule(random: &mut Random, side: &str) -> Value {
    let mut rule = Map::new();
    match random.below(8) {
        0 => {}
        1 => drop(rule.insert(side.to_owned(), json!([]))),
        2 => drop(rule.insert(side.to_owned(), Value::Null)),
        _ => drop(rule.insert(side.to_owned(), several(random, peer))),
    }
    match random.below(6) {
        0 => {}
        1 => drop(rule.insert("ports".to_owned(), json!([]))),
        _ => drop(rule.insert("ports".to_owned(), several(random, port))),
    }
    Value::Object(rule)
}

fn several(random: &mut Random, one: impl Fn(&mut Random) -> Value) -> Value {
    (0..1 + random.below(2)).map(|_| one(random)).collect()
}

fn peer(random: &mut Random) -> Value {
    match random.below(8) {
        0 | 1 => json!({ "podSelector": selector(random) }),
        2 => json!({ "namespaceSelector": namespaces(random) }),
        3 | 4 => json!({ "namespaceSelector": namespaces(random), "podSelector": selector(random) }),
        _ => {
            let (cidr, except) = random.pick(&BLOCKS);
            if except.is_empty() || random.one_in(2) {
                json!({ "ipBlock": { "cidr": cidr } })
            } else {
                json!({ "ipBlock": { "cidr": cidr, "except": cut(random, except) } })
            }
        }
    }
}

fn cut(random: &mut Random, except: &[&'static str]) -> Vec<&'static str> {
    if random.one_in(3) { except.to_vec() } else { vec![random.pick(except)] }
}

fn port(random: &mut Random) -> Value {
    let mut port = Map::new();
    if !random.one_in(3) {
        port.insert("protocol".to_owned(), random.pick(&["TCP", "UDP", "SCTP"]).into());
    }
    match random.below(6) {
        0 => {}
        1 | 2 => drop(port.insert("port".to_owned(), random.pick(&PORT_NAMES).into())),
        at => {
            let (number, ends) = random.pick(&NUMBERS);
            port.insert("port".to_owned(), number.into());
            if at == 5 {
                port.insert("endPort".to_owned(), random.pick(ends).into());
            }
        }
    }
    Value::Object(port)
}

/// A label selector over pods; the empty one often enough.
pub(crate) fn selector(random: &mut Random) -> Value {
    label_selector(random, &LABELS)
}

/// A label selector over namespaces.
pub(crate) fn namespaces(random: &mut Random) -> Value {
    label_selector(random, &[("env", &["prod", "dev"]), ("team", &["red", "blue"]), ("kubernetes.io/metadata.name", &NAMESPACES)])
}

fn label_selector(random: &mut Random, labels: &[(&'static str, &[&'static str])]) -> Value {
    let mut selector = Map::new();
    if random.one_in(2) {
        let (key, values) = random.pick(labels);
        selector.insert("matchLabels".to_owned(), json!({ key: random.pick(values) }));
    }
    if random.one_in(2) {
        let terms: Vec<Value> = (0..1 + random.below(2)).map(|_| term(random, labels)).collect();
        selector.insert("matchExpressions".to_owned(), terms.into());
    }
    Value::Object(selector)
}

fn term(random: &mut Random, labels: &[(&'static str, &[&'static str])]) -> Value {
    let (key, values) = random.pick(labels);
    let listed = if random.one_in(2) { vec![random.pick(values)] } else { values.iter().copied().take(2).collect() };
    match random.below(4) {
        0 => json!({ "key": key, "operator": "In", "values": listed }),
        1 => json!({ "key": key, "operator": "NotIn", "values": listed }),
        2 => json!({ "key": key, "operator": "Exists" }),
        _ => json!({ "key": key, "operator": "DoesNotExist" }),
    }
}
