//! Who is there: namespaces, pods of one family of addresses or of both, and addresses outside.

use serde_json::{Map, Value, json};

use crate::meaning::random::Random;

/// The addresses of a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Four,
    Six,
    Both,
}

/// Whom policies are about.
pub(crate) struct Cluster {
    pub(crate) family: Family,
    /// Namespaces and pods.
    pub(crate) objects: Vec<Value>,
    /// `namespace/name`.
    pub(crate) pods: Vec<String>,
    pub(crate) outside: Vec<&'static str>,
}

pub(crate) const NAMESPACES: [&str; 3] = ["a", "b", "c"];
/// The keys of labels, and the values each has. `ghost` is on nobody.
pub(crate) const LABELS: [(&str, &[&str]); 4] =
    [("app", &["web", "db", "api"]), ("tier", &["x", "y", ""]), ("team", &["red", "blue"]), ("ghost", &["boo"])];
pub(crate) const ACCOUNTS: [&str; 3] = ["default", "ci", "robot"];
/// What containers call their ports: the same name is another number elsewhere.
pub(crate) const PORT_NAMES: [&str; 3] = ["http", "metrics", "dns"];
const OUTSIDE: [&str; 5] = ["203.0.113.7", "203.0.113.200", "198.51.100.9", "10.9.0.1", "169.254.169.254"];
const OUTSIDE_SIX: [&str; 4] = ["2001:db8::7", "2001:db8:0:1::9", "fd00:9::1", "2a00::1"];

/// A handful of pods in three namespaces.
pub(crate) fn cluster(random: &mut Random, family: Family) -> Cluster {
    let mut objects: Vec<Value> = NAMESPACES.iter().map(|name| namespace(random, name)).collect();
    let mut pods = Vec::new();
    for number in 1..=5 + random.below(4) {
        let home = random.pick(&NAMESPACES);
        pods.push(format!("{home}/p{number}"));
        objects.push(pod(random, family, home, number));
    }
    let (four, six) = (OUTSIDE.iter().copied(), OUTSIDE_SIX.iter().copied());
    let outside = match family {
        Family::Four => four.collect(),
        Family::Six => six.collect(),
        Family::Both => four.chain(six).collect(),
    };
    Cluster { family, objects, pods, outside }
}

/// The service accounts of the pods, for judges who want to see them.
pub(crate) fn accounts() -> impl Iterator<Item = Value> {
    let account = |home: &str, name: &str| json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": { "name": name, "namespace": home, "labels": { "of": name } } });
    NAMESPACES.into_iter().flat_map(move |home| ACCOUNTS.into_iter().map(move |name| account(home, name)))
}

fn namespace(random: &mut Random, name: &str) -> Value {
    let mut labels = Map::new();
    for (key, values) in [("env", ["prod", "dev"]), ("team", ["red", "blue"])] {
        if random.one_in(2) {
            labels.insert(key.to_owned(), random.pick(&values).into());
        }
    }
    if random.one_in(2) {
        labels.insert("kubernetes.io/metadata.name".to_owned(), name.into());
    }
    json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name, "labels": labels } })
}

fn pod(random: &mut Random, family: Family, home: &str, number: usize) -> Value {
    let mut labels = Map::new();
    for (key, values) in &LABELS[..3] {
        if !random.one_in(3) {
            labels.insert((*key).to_owned(), random.pick(values).into());
        }
    }
    let containers: Vec<Value> =
        (0..1 + random.below(2)).map(|at| json!({ "name": format!("c{at}"), "image": "i", "ports": ports(random, at) })).collect();
    let (four, six) = (format!("10.1.{}.{number}", number % 2), format!("fd00:{}::{number}", number % 2));
    let status = match family {
        Family::Four => json!({ "podIP": four }),
        Family::Six => json!({ "podIP": six }),
        Family::Both => json!({ "podIP": four, "podIPs": [{ "ip": four }, { "ip": six }] }),
    };
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": { "name": format!("p{number}"), "namespace": home, "labels": labels },
        "spec": { "serviceAccountName": random.pick(&ACCOUNTS), "containers": containers },
        "status": status,
    })
}

/// The second container has other names than the first: one name is one port of a pod.
fn ports(random: &mut Random, container: usize) -> Vec<Value> {
    let names: &[(&str, &[u16], &[&str])] = match container {
        0 => &[("http", &[80, 8080], &["TCP", ""]), ("dns", &[53], &["UDP"])],
        _ => &[("metrics", &[9090, 8080], &["TCP", "UDP", "SCTP"])],
    };
    let mut ports = Vec::new();
    for (name, numbers, protocols) in names {
        if random.one_in(4) {
            continue;
        }
        let mut port = json!({ "name": name, "containerPort": random.pick(numbers) });
        let protocol = random.pick(protocols);
        if !protocol.is_empty() {
            port["protocol"] = protocol.into();
        }
        ports.push(port);
    }
    ports
}
