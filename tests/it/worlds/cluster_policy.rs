//! Random cluster-wide policies of `policy.networking.k8s.io`, of its new version or of its old one.

use serde_json::{Value, json};

use super::cluster::PORT_NAMES;
use super::kubernetes;
use crate::meaning::random::Random;

const NETWORKS: [&str; 6] = ["0.0.0.0/0", "10.0.0.0/8", "10.1.1.0/24", "203.0.113.0/24", "::/0", "fd00:1::/32"];

/// What differs between the two versions.
struct Version {
    api: &'static str,
    accept: &'static str,
    /// Of ports.
    field: &'static str,
    port: fn(&mut Random, bool) -> Value,
}

const NEW: Version = Version { api: "policy.networking.k8s.io/v1alpha2", accept: "Accept", field: "protocols", port: protocol };
const OLD: Version = Version { api: "policy.networking.k8s.io/v1alpha1", accept: "Allow", field: "ports", port: old_port };

/// ClusterNetworkPolicies of both tiers; priorities are equal in no tier.
pub(crate) fn new_version(random: &mut Random) -> Vec<Value> {
    let count = 1 + random.below(4);
    let one = |at: usize| {
        let mut policy = policy(random, &NEW, "ClusterNetworkPolicy", &format!("cnp{at}"), true);
        policy["spec"]["tier"] = random.pick(&["Admin", "Baseline"]).into();
        policy["spec"]["priority"] = (at * 10 + random.below(10)).into();
        policy
    };
    (0..count).map(one).collect()
}

/// AdminNetworkPolicies and a BaselineAdminNetworkPolicy.
pub(crate) fn old_version(random: &mut Random) -> Vec<Value> {
    let count = random.below(4);
    let admin = |at: usize| {
        let mut policy = policy(random, &OLD, "AdminNetworkPolicy", &format!("anp{at}"), true);
        policy["spec"]["priority"] = (at * 10 + random.below(10)).into();
        policy
    };
    let mut all: Vec<Value> = (0..count).map(admin).collect();
    all.push(policy(random, &OLD, "BaselineAdminNetworkPolicy", "default", false));
    all
}

fn policy(random: &mut Random, version: &Version, kind: &str, name: &str, may_pass: bool) -> Value {
    let mut policy = json!({ "apiVersion": version.api, "kind": kind, "metadata": { "name": name }, "spec": { "subject": pods(random) } });
    for (direction, side) in [("ingress", "from"), ("egress", "to")] {
        let rules: Vec<Value> = (0..random.below(3)).map(|_| rule(random, version, side, may_pass)).collect();
        if !rules.is_empty() || random.one_in(3) {
            policy["spec"][direction] = rules.into();
        }
    }
    policy
}

fn rule(random: &mut Random, version: &Version, side: &str, may_pass: bool) -> Value {
    let action = if may_pass { random.pick(&[version.accept, "Deny", "Pass"]) } else { random.pick(&[version.accept, "Deny"]) };
    let mut rule = json!({ "action": action });
    let networks = side == "to" && random.one_in(3);
    let one = |random: &mut Random| if networks { json!({ "networks": [random.pick(&NETWORKS)] }) } else { pods(random) };
    rule[side] = (0..1 + random.below(2)).map(|_| one(random)).collect();
    if random.one_in(2) {
        rule[version.field] = (0..1 + random.below(2)).map(|_| (version.port)(random, !networks)).collect();
    }
    rule
}

fn pods(random: &mut Random) -> Value {
    if random.one_in(2) {
        return json!({ "namespaces": kubernetes::namespaces(random) });
    }
    json!({ "pods": { "namespaceSelector": kubernetes::namespaces(random), "podSelector": kubernetes::selector(random) } })
}

fn protocol(random: &mut Random, may_name: bool) -> Value {
    if may_name && random.one_in(4) {
        return json!({ "destinationNamedPort": random.pick(&PORT_NAMES) });
    }
    let port = if random.one_in(2) {
        json!({ "number": random.pick(&[80, 53, 8080]) })
    } else {
        json!({ "range": { "start": 80, "end": random.pick(&[8080, 65535]) } })
    };
    json!({ random.pick(&["tcp", "udp", "sctp"]): { "destinationPort": port } })
}

fn old_port(random: &mut Random, may_name: bool) -> Value {
    match random.below(4) {
        0 if may_name => json!({ "namedPort": random.pick(&PORT_NAMES) }),
        1 => json!({ "portNumber": { "port": random.pick(&[80, 53, 8080]) } }),
        2 => json!({ "portNumber": { "protocol": random.pick(&["TCP", "UDP", "SCTP"]), "port": random.pick(&[80, 53, 8080]) } }),
        _ => json!({ "portRange": { "protocol": random.pick(&["TCP", "UDP"]), "start": 80, "end": random.pick(&[8080, 65535]) } }),
    }
}
