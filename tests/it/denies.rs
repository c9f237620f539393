//! Denies where only NetworkPolicy enforces: taken out of what is allowed, exactly.
//!
//! Each row is a deny and, in plain words of code, what it closes. With the sentence the judges
//! must find what they find without it, less exactly that.

use crate::judges::{Network, reach};
use crate::meaning::policies_of;
use crate::meaning::world::{Pod, Probe, World};
use polc::{Files, Options, SourceFile};

/// Three closed namespaces in which much is allowed, so that there is much to take out.
const POLICY: &str = "
cluster default { pods 10.244.0.0/16; services 10.96.0.0/12 }
namespace a isolate {
  labels env=prod, team=one
  workload w1 { ports http 80, names 53/udp }
  workload w2 { select app=w2, tier in (x, y) }
  workload w3
  allow pods -> pods
  allow pods -> b/pods, c/pods
  allow any/pods -> pods
  allow pods -> internet
  allow 203.0.113.0/24 -> pods
  allow pods -> anywhere 9999
  allow anywhere -> w3
}
namespace b isolate {
  labels env=dev
  workload w1 { ports http 80, names 53/udp }
  workload w2 { select app=w2, tier in (x, y) }
  allow pods -> pods
  allow pods -> a/pods
  allow namespaces(env=prod)/pods -> pods 70-90
}
namespace c isolate ingress {
  workload w1 { ports http 80, names 53/udp }
  allow pods -> pods
}
";

type Closed = fn(&Connection<'_>) -> bool;

/// Where a sentence stands, the sentence, and what it closes.
const DENIES: &[(&str, &str, Closed)] = &[
    ("namespace a", "deny w1 -> w2", |c| c.from("a", "w1") && c.to_w2("a")),
    ("namespace a", "deny w3 -> pods", |c| c.from("a", "w3") && c.into("a")),
    ("namespace a", "deny pods(app=w1) -> pods(tier=x)", |c| c.from("a", "w1") && c.into("a") && c.to_label("tier", &["x"])),
    ("namespace a", "deny pods(app in (w1, w2)) -> pods(tier in (x, y))", |c| {
        c.out_of("a") && c.source_label("app", &["w1", "w2"]) && c.into("a") && c.to_label("tier", &["x", "y"])
    }),
    ("namespace a", "deny pods(app not in (w1)) -> w1", |c| c.out_of("a") && !c.source_label("app", &["w1"]) && c.to("a", "w1")),
    ("namespace a", "deny pods(has tier) -> pods(lacks tier)", |c| {
        c.out_of("a") && c.source_label("tier", &["x", "y"]) && c.into("a") && !c.to_label("tier", &["x", "y"])
    }),
    ("namespace a", "deny pods(app!=w1, tier!=x) -> pods(app=w1)", |c| {
        c.out_of("a") && !c.source_label("app", &["w1"]) && !c.source_label("tier", &["x"]) && c.to("a", "w1")
    }),
    ("namespace a", "deny pods except w1 -> w3", |c| c.out_of("a") && !c.from("a", "w1") && c.to("a", "w3")),
    ("namespace a", "deny w1 -> pods except w1, w3", |c| c.from("a", "w1") && c.into("a") && !c.to("a", "w1") && !c.to("a", "w3")),
    ("namespace a", "deny w3 -> w1 80/tcp", |c| c.from("a", "w3") && c.to("a", "w1") && c.on("TCP", 80)),
    ("namespace a", "deny pods -> pods 60-85", |c| c.out_of("a") && c.into("a") && (60..=85).contains(&c.port)),
    ("namespace a", "deny pods -> pods 53/udp", |c| c.out_of("a") && c.into("a") && c.on("UDP", 53)),
    ("namespace a", "deny any/pods -> w1 http", |c| c.is_from_pod() && c.to("a", "w1") && c.port == 80),
    ("namespace a", "deny pods -> b/pods tcp", |c| c.out_of("a") && c.into("b") && c.protocol == "TCP"),
    ("namespace a", "deny pods -> b/w1", |c| c.out_of("a") && c.to("b", "w1")),
    ("everywhere", "deny namespaces(env=dev) -> a/pods", |c| c.out_of("b") && c.into("a")),
    ("everywhere", "deny any/pods(app=w3) -> a/pods, b/pods", |c| {
        c.is_from_pod() && c.source_label("app", &["w3"]) && (c.into("a") || c.into("b"))
    }),
    ("namespace a", "deny 203.0.113.0/25 -> pods", |c| c.is_from_address("203.0.113.7") && c.into("a")),
    ("namespace a", "deny 203.0.113.7 -> w1, w2", |c| c.is_from_address("203.0.113.7") && (c.to("a", "w1") || c.to_w2("a"))),
    ("namespace a", "deny pods -> internet", |c| c.out_of("a") && c.is_to_internet()),
    ("namespace a", "deny pods -> metadata", |c| c.out_of("a") && c.is_to_address("169.254.169.254")),
    ("namespace a", "deny pods -> any/pods 9999", |c| c.out_of("a") && c.is_to_pod() && c.port == 9999),
    ("namespace a", "deny anywhere -> w3 80", |c| c.to("a", "w3") && c.port == 80),
    ("namespace a", "deny w1 -> anywhere except b/pods", |c| c.from("a", "w1") && !c.into("b")),
    ("namespace a", "deny w2 -> dns", |c| c.source_w2("a") && c.to_dns()),
    ("namespace a", "deny pods -> 10.20.0.0/16", |c| c.out_of("a") && c.is_to_address("10.20.0.5")),
    ("namespace a", "deny pods(app=w2) -> pods(app=w2, tier=y)", |c| {
        c.out_of("a") && c.source_label("app", &["w2"]) && c.into("a") && c.to_label("app", &["w2"]) && c.to_label("tier", &["y"])
    }),
    ("namespace b", "deny pods -> pods, a/pods sctp", |c| c.out_of("b") && (c.into("a") || c.into("b")) && c.protocol == "SCTP"),
];

#[test]
fn a_deny_takes_out_exactly_what_it_says() {
    let world = World::new();
    let probes = world.all_probes();
    let with: Vec<String> = DENIES.iter().map(|(scope, deny, _)| format!("{POLICY}{scope} {{ {deny} }}\n")).collect();
    let texts = std::iter::once(POLICY.to_owned()).chain(with);
    let networks: Vec<Network> = texts
        .map(|text| Network {
            manifests: format!("{}{}", world.inventory(), network_policies(&text)),
            probes: probes.iter().map(|probe| world.question(probe)).collect(),
        })
        .collect();
    let answers = reach(&networks);
    let (without, with) = answers.split_first().expect("the policy without a deny is judged too");
    for ((scope, deny, closes), with) in DENIES.iter().zip(with) {
        let mut closed = 0;
        for ((probe, before), after) in probes.iter().zip(without).zip(with) {
            let covered = closes(&Connection::of(&world, probe));
            assert_eq!(*after, *before && !covered, "{scope} {{ {deny} }}: {}", world.show(probe));
            closed += usize::from(*before && !*after);
        }
        assert!(closed > 0, "{deny} closes nothing here, so this row shows nothing");
        println!("{scope} {{ {deny} }} closes {closed} of {} connections", probes.len());
    }
}

fn network_policies(text: &str) -> String {
    policies_of(text).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"))
}

/// A connection, in the words that the rows use.
struct Connection<'a> {
    source: Option<&'a Pod>,
    destination: Option<&'a Pod>,
    source_address: String,
    destination_address: String,
    protocol: &'static str,
    port: u16,
}

impl<'a> Connection<'a> {
    fn of(world: &'a World, probe: &Probe) -> Self {
        let (source, destination) = (&world.ends[probe.source], &world.ends[probe.destination]);
        Connection {
            source: source.pod.as_ref(),
            destination: destination.pod.as_ref(),
            source_address: source.addresses[0].to_string(),
            destination_address: destination.addresses[0].to_string(),
            protocol: probe.protocol,
            port: probe.port,
        }
    }

    fn out_of(&self, namespace: &str) -> bool {
        self.source.is_some_and(|pod| pod.namespace == namespace)
    }

    fn into(&self, namespace: &str) -> bool {
        self.destination.is_some_and(|pod| pod.namespace == namespace)
    }

    fn source_label(&self, key: &str, values: &[&str]) -> bool {
        self.source.and_then(|pod| pod.labels.get(key)).is_some_and(|value| values.contains(value))
    }

    fn to_label(&self, key: &str, values: &[&str]) -> bool {
        self.destination.and_then(|pod| pod.labels.get(key)).is_some_and(|value| values.contains(value))
    }

    fn from(&self, namespace: &str, app: &str) -> bool {
        self.out_of(namespace) && self.source_label("app", &[app])
    }

    fn to(&self, namespace: &str, app: &str) -> bool {
        self.into(namespace) && self.to_label("app", &[app])
    }

    fn source_w2(&self, namespace: &str) -> bool {
        self.from(namespace, "w2") && self.source_label("tier", &["x", "y"])
    }

    fn to_w2(&self, namespace: &str) -> bool {
        self.to(namespace, "w2") && self.to_label("tier", &["x", "y"])
    }

    fn to_dns(&self) -> bool {
        self.into("kube-system") && self.to_label("k8s-app", &["kube-dns"])
    }

    fn on(&self, protocol: &str, port: u16) -> bool {
        self.protocol == protocol && self.port == port
    }

    fn is_from_pod(&self) -> bool {
        self.source.is_some()
    }

    fn is_to_pod(&self) -> bool {
        self.destination.is_some()
    }

    fn is_from_address(&self, address: &str) -> bool {
        self.source_address == address
    }

    fn is_to_address(&self, address: &str) -> bool {
        self.destination_address == address
    }

    fn is_to_internet(&self) -> bool {
        ["203.", "198."].iter().any(|start| self.destination_address.starts_with(start))
    }
}

/// The cost of many denies is bounded, and so is what they leave.
#[test]
fn many_denies_end_soon_one_way_or_the_other() {
    let mut text = String::from("namespace a isolate { ");
    for n in 0..300 {
        text.push_str(&format!("allow pods(x=a{n}) -> pods; deny pods(y=b{n}) -> pods(z=c{n}) {}; ", 100 + n));
    }
    text.push('}');
    let file = SourceFile { name: "policy.polc".into(), text };
    let compilation = polc::compile(Files { policies: vec![file], ..Files::default() }, &Options::default());
    let codes: Vec<&str> = compilation.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
    assert!(codes.contains(&"deny-too-large"), "{codes:?}");
}
