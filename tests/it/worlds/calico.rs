//! Random policies of Calico's, in tiers, with network sets and NetworkPolicies among them.

use serde_json::{Map, Value, json};

use super::cluster::{ACCOUNTS, Family, NAMESPACES, PORT_NAMES};
use crate::meaning::random::Random;

/// Tiers before and behind NetworkPolicy's, the order of each.
const TIERS: [(&str, f64); 3] = [("security", 100.0), ("platform", 200.5), ("last", 2_000_000.0)];
/// Networks of either family; some hold pods.
const FOUR: [&str; 6] = ["0.0.0.0/0", "10.0.0.0/8", "10.1.1.0/24", "10.1.0.2/32", "203.0.113.0/24", "203.0.113.128/25"];
const SIX: [&str; 6] = ["::/0", "fd00::/8", "fd00:1::/32", "fd00::2/128", "2001:db8::/32", "2a00::1/128"];

/// Tiers, sets and policies.
pub(crate) fn objects(random: &mut Random, family: Family) -> Vec<Value> {
    let mut objects = vec![];
    for (name, order) in TIERS {
        let action = random.pick(&["Deny", "Pass", ""]);
        let mut tier =
            json!({ "apiVersion": "projectcalico.org/v3", "kind": "Tier", "metadata": { "name": name }, "spec": { "order": order } });
        if !action.is_empty() {
            tier["spec"]["defaultAction"] = action.into();
        }
        objects.push(tier);
    }
    objects.extend((0..random.below(3)).map(|at| set(random, at)));
    objects.extend((0..2 + random.below(4)).map(|at| policy(random, family, at)));
    objects
}

fn set(random: &mut Random, number: usize) -> Value {
    let nets: Vec<&str> = (0..1 + random.below(2)).map(|_| if random.one_in(2) { random.pick(&FOUR) } else { random.pick(&SIX) }).collect();
    let mut set = json!({
        "apiVersion": "projectcalico.org/v3", "kind": "GlobalNetworkSet",
        "metadata": { "name": format!("set{number}"), "labels": { "role": random.pick(&["blocked", "office"]), "app": "web" } },
        "spec": { "nets": nets },
    });
    if random.one_in(2) {
        set["kind"] = "NetworkSet".into();
        set["metadata"]["namespace"] = random.pick(&NAMESPACES).into();
    }
    set
}

/// No two policies have one order, since Calico's versions differ in which is first; one without an order is last.
fn policy(random: &mut Random, family: Family, number: usize) -> Value {
    let tier = random.pick(&["security", "platform", "last", "default", "default"]);
    let home = if random.one_in(2) { Some(random.pick(&NAMESPACES)) } else { None };
    let mut spec = Map::new();
    if tier != "default" || random.one_in(2) {
        spec.insert("tier".to_owned(), tier.into());
    }
    if number != 0 {
        let order = random.pick(&[10.0, 500.5, 990.0, 1000.5, 1500.0]) + f64::from(u8::try_from(number).expect("few policies"));
        spec.insert("order".to_owned(), order.into());
    }
    if !random.one_in(5) {
        spec.insert("selector".to_owned(), selector(random).into());
    }
    if home.is_none() && random.one_in(3) {
        spec.insert("namespaceSelector".to_owned(), namespaces(random, false).into());
    }
    if random.one_in(6) {
        spec.insert("serviceAccountSelector".to_owned(), accounts(random).into());
    }
    sides(random, family, &mut spec);
    let name = if tier == "default" { format!("p{number}") } else { format!("{tier}.p{number}") };
    let mut policy =
        json!({ "apiVersion": "projectcalico.org/v3", "kind": "GlobalNetworkPolicy", "metadata": { "name": name }, "spec": spec });
    if let Some(home) = home {
        policy["kind"] = "NetworkPolicy".into();
        policy["metadata"]["namespace"] = home.into();
    }
    policy
}

fn sides(random: &mut Random, family: Family, spec: &mut Map<String, Value>) {
    let types = random.pick(&[&["Ingress"][..], &["Egress"], &["Ingress", "Egress"], &[]]);
    if !types.is_empty() {
        spec.insert("types".to_owned(), types.into());
    }
    for direction in ["ingress", "egress"] {
        let count = random.below(4);
        // Types that are left out beside an empty list mean what nobody can say.
        if count > 0 || (!types.is_empty() && random.one_in(2)) {
            spec.insert(direction.to_owned(), (0..count).map(|_| rule(random, family)).collect());
        }
    }
}

fn rule(random: &mut Random, family: Family) -> Value {
    let six = match family {
        Family::Four => random.one_in(8),
        Family::Six => !random.one_in(8),
        Family::Both => random.one_in(2),
    };
    let mut rule = json!({ "action": random.pick(&["Allow", "Allow", "Allow", "Deny", "Deny", "Pass", "Log"]) });
    let ported = protocol(random, six, &mut rule);
    if random.one_in(10) {
        rule["ipVersion"] = if six { 6 } else { 4 }.into();
    }
    for end in ["source", "destination"] {
        if !random.one_in(3) {
            let ports = end == "destination";
            rule[end] = entity(random, six, ports && ported, ports && rule.get("protocol").is_none() && rule.get("notProtocol").is_none());
        }
    }
    rule
}

/// Whether the rule may name ports by number.
fn protocol(random: &mut Random, six: bool, rule: &mut Value) -> bool {
    let icmp = if six { "ICMPv6" } else { "ICMP" };
    match random.below(10) {
        0..=2 => rule["protocol"] = random.pick(&["TCP", "UDP", "SCTP"]).into(),
        3 => rule["protocol"] = random.pick(&[6, 17, 132]).into(),
        4 => rule["notProtocol"] = random.pick(&["TCP", "UDP", icmp]).into(),
        5 => rule["protocol"] = random.pick(&["UDPLite", icmp]).into(),
        6 if random.one_in(2) => {
            rule["protocol"] = icmp.into();
            let field = random.pick(&["icmp", "notICMP"]);
            rule[field] = random.pick(&[(8, true), (128, false), (3, true)]).into_icmp();
        }
        _ => {}
    }
    matches!(rule["protocol"].as_str(), Some("TCP" | "UDP" | "SCTP")) || rule["protocol"].is_number()
}

trait IntoIcmp {
    fn into_icmp(self) -> Value;
}

impl IntoIcmp for (u8, bool) {
    fn into_icmp(self) -> Value {
        if self.1 { json!({ "type": self.0, "code": 0 }) } else { json!({ "type": self.0 }) }
    }
}

fn entity(random: &mut Random, six: bool, ported: bool, named: bool) -> Value {
    let mut entity = Map::new();
    let networks = if six { SIX } else { FOUR };
    let mut put = |key: &str, value: Value| drop(entity.insert(key.to_owned(), value));
    if random.one_in(4) {
        put("nets", json!([random.pick(&networks), random.pick(&networks)]));
    }
    if random.one_in(6) {
        put("notNets", json!([random.pick(&networks)]));
    }
    if random.one_in(2) {
        put("selector", selector(random).into());
    }
    if random.one_in(7) {
        put("notSelector", selector(random).into());
    }
    if random.one_in(4) {
        put("namespaceSelector", namespaces(random, true).into());
    }
    if random.one_in(7) {
        put(
            "serviceAccounts",
            if random.one_in(2) { json!({ "names": [random.pick(&ACCOUNTS)] }) } else { json!({ "selector": accounts(random) }) },
        );
    }
    if ported && random.one_in(2) {
        put("ports", (0..1 + random.below(2)).map(|_| port(random)).collect());
    } else if ported && random.one_in(5) {
        put("notPorts", json!([port(random)]));
    } else if named && random.one_in(6) {
        put("ports", json!([random.pick(&PORT_NAMES)]));
    }
    Value::Object(entity)
}

fn port(random: &mut Random) -> Value {
    match random.below(4) {
        0 => random.pick(&PORT_NAMES).into(),
        1 => random.pick(&["80:8080", "1:65535", "8080:8081"]).into(),
        _ => random.pick(&[80, 8080, 53, 443, 9090]).into(),
    }
}

/// A selector of pods and sets: few terms, bound in every way.
fn selector(random: &mut Random) -> String {
    match random.below(7) {
        0..=2 => term(random),
        3 => format!("{} && {}", term(random), term(random)),
        4 => format!("{} || {}", term(random), term(random)),
        5 => format!("!({} || {})", term(random), term(random)),
        _ => format!("({} || {}) && {}", term(random), term(random), term(random)),
    }
}

fn term(random: &mut Random) -> String {
    let (key, value) = random.pick(&[
        ("app", "web"),
        ("app", "db"),
        ("tier", "x"),
        ("tier", ""),
        ("team", "red"),
        ("ghost", "boo"),
        ("role", "blocked"),
        ("projectcalico.org/namespace", "a"),
        ("pcns.env", "prod"),
        ("pcsa.of", "ci"),
        ("projectcalico.org/serviceaccount", "ci"),
    ]);
    let part = &value[random.below(value.len() + 1)..];
    match random.below(12) {
        9 => format!("{key} contains '{part}'"),
        10 => format!("{key} starts with '{}'", &value[..random.below(value.len() + 1)]),
        11 => format!("{key} ends with '{part}'"),
        0 | 1 => format!("{key} == '{value}'"),
        2 => format!("{key} != \"{value}\""),
        3 => format!("{key} in {{'{value}', 'db'}}"),
        4 => format!("{key} not in {{'{value}', 'api'}}"),
        5 => format!("has({key})"),
        6 => format!("!has({key})"),
        7 => format!("! {key} == '{value}'"),
        _ => "all()".to_owned(),
    }
}

fn namespaces(random: &mut Random, in_rule: bool) -> String {
    let all = [
        "env == 'prod'",
        "env != 'prod'",
        "!has(env)",
        "has(team)",
        "all()",
        "projectcalico.org/name == 'a'",
        "projectcalico.org/name in {'a', 'b'}",
        "team not in {'red'}",
        "env == 'dev' || team == 'red'",
        "global()",
    ];
    let count = if in_rule { all.len() } else { all.len() - 1 };
    all[random.below(count)].to_owned()
}

fn accounts(random: &mut Random) -> String {
    random.pick(&["of == 'ci'", "of != 'ci'", "projectcalico.org/name == 'robot'", "has(of)", "of in {'ci', 'default'}"]).to_owned()
}
