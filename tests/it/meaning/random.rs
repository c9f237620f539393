//! Random policies over the world.

use super::policy::{Block, Flow, Isolation, Kind, Peer, PeerList, Policy, Port, Ports, Selector, Sentence, Test};

/// A small generator of numbers (splitmix64): the same seed gives the same policy everywhere. A seed is
/// mixed before it is used, or neighboring seeds would draw the same numbers one step apart.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(Random(seed).next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).expect("below a usize")
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

const NAMESPACES: [&str; 3] = ["a", "b", "c"];
const WORKLOADS: [&str; 2] = ["w1", "w2"];
const ACCOUNTS: [&str; 2] = ["ci", "default"];
const ADDRESSES: [&str; 4] = ["203.0.113.0/24", "203.0.113.7", "10.20.0.0/16", "198.51.100.0/25"];
const ADDRESSES_V6: [&str; 4] = ["2001:db8:1::/48", "2001:db8:1::7", "fd20::/16", "2600::/32"];

/// A network of one of the cluster's families.
fn network(random: &mut Random, kind: Kind) -> Peer {
    let all: Vec<&str> = kind.families.iter().flat_map(|family| if *family == 4 { ADDRESSES } else { ADDRESSES_V6 }).collect();
    Peer::Address(random.pick(&all))
}

/// How many peer lists a policy declares.
const LISTS: usize = 3;

/// A policy of a few sentences; where Calico enforces, with what needs it.
pub(crate) fn policy(random: &mut Random, kind: Kind) -> Policy {
    let mut blocks = Vec::new();
    for namespace in NAMESPACES {
        let header = match random.below(6) {
            0 => None,
            1 => Some(isolation(random, true, false)),
            2 => Some(isolation(random, false, true)),
            _ => Some(isolation(random, true, true)),
        };
        let mut sentences = Vec::new();
        for _ in 0..1 + random.below(4) {
            sentences.push(sentence(random, Some(namespace), kind));
        }
        blocks.push(Block { namespace: Some(namespace), header, sentences, template: random.one_in(4) });
    }
    if random.one_in(2) {
        let sentences = (0..1 + random.below(2)).map(|_| everywhere(random, kind)).collect();
        blocks.push(Block { namespace: None, header: None, sentences, template: false });
    }
    Policy { kind, lists: (0..LISTS).map(|at| peer_list(random, at, kind)).collect(), blocks }
}

/// A list of pods, of addresses or of both, that may take some out of itself and name lists before it.
fn peer_list(random: &mut Random, at: usize, kind: Kind) -> PeerList {
    let (pods, addresses) = random.pick(&[(true, false), (false, true), (true, true)]);
    let member = |random: &mut Random| match random.below(6) {
        0 if at > 0 => Peer::List(random.below(at)),
        of if pods && (of < 4 || !addresses) => own_peer(random, if addresses { "b" } else { "a" }),
        _ if pods => Peer::Workload("b", "w1"),
        _ => network(random, kind),
    };
    let list = (0..1 + random.below(2)).map(|_| member(random)).collect();
    let except = if random.one_in(3) { vec![member(random)] } else { vec![] };
    PeerList { list, except }
}

fn everywhere(random: &mut Random, kind: Kind) -> Sentence {
    if !random.one_in(3) {
        return Sentence::Flow(flow(random, None, kind));
    }
    let sides = random.pick(&[(true, true), (true, false), (false, true)]);
    let named = |random: &mut Random| {
        let namespace = random.pick(&NAMESPACES);
        own_peer(random, namespace)
    };
    let subject = if kind.calico && random.one_in(2) {
        let wide = if random.one_in(2) { Peer::AnyPods(Selector(vec![])) } else { Peer::Namespaces(namespaces(random), selector(random)) };
        PeerList { list: vec![wide], except: vec![Peer::Pods("kube-system", Selector(vec![])), named(random)] }
    } else {
        PeerList { list: vec![named(random)], except: if random.one_in(3) { vec![named(random)] } else { vec![] } }
    };
    Sentence::Isolate(Isolation { subject: Some(subject), ..isolation(random, sides.0, sides.1) })
}

/// The policy with one more allow.
pub(crate) fn added_allow(policy: &Policy, random: &mut Random) -> Option<Policy> {
    let mut more = policy.clone();
    let at = random.below(more.blocks.len());
    let block = &mut more.blocks[at];
    let mut added = flow(random, block.namespace, policy.kind);
    added.deny = false;
    block.sentences.push(Sentence::Flow(added));
    Some(more)
}

fn isolation(random: &mut Random, ingress: bool, egress: bool) -> Isolation {
    Isolation { ingress, egress, subject: None, without_dns: egress && random.one_in(3) }
}

fn sentence(random: &mut Random, namespace: Option<&'static str>, kind: Kind) -> Sentence {
    if let (Some(namespace), true) = (namespace, random.one_in(5)) {
        let sides = random.pick(&[(true, true), (true, false), (false, true)]);
        let own = |random: &mut Random| {
            if kind.calico && random.one_in(4) { Peer::Account(namespace, random.pick(&ACCOUNTS)) } else { own_peer(random, namespace) }
        };
        let subject = PeerList { list: vec![own(random)], except: if random.one_in(4) { vec![own(random)] } else { vec![] } };
        return Sentence::Isolate(Isolation { subject: Some(subject), ..isolation(random, sides.0, sides.1) });
    }
    Sentence::Flow(flow(random, namespace, kind))
}

fn flow(random: &mut Random, namespace: Option<&'static str>, kind: Kind) -> Flow {
    let deny = random.one_in(4);
    let own_side = random.below(2);
    let side = |at: usize, random: &mut Random| {
        let own = namespace.is_some() && own_side == at;
        let mut list = Vec::new();
        for _ in 0..1 + random.below(2) {
            list.push(match namespace {
                Some(namespace) if own => own_peer(random, namespace),
                _ if kind.calico && random.one_in(8) => Peer::Account(random.pick(&NAMESPACES), random.pick(&ACCOUNTS)),
                _ => peer(random, namespace, kind),
            });
        }
        let except = match random.below(8) {
            0 if own => vec![own_peer(random, namespace.unwrap_or("a"))],
            0 => vec![peer(random, namespace, kind)],
            _ => vec![],
        };
        PeerList { list, except }
    };
    let sources = side(0, random);
    let destinations = side(1, random);
    let ports = match random.below(7) {
        _ if kind.icmp && random.one_in(5) => vec![Port::Icmp],
        0 => vec![Port::Numbers(Some("tcp"), 80, 80)],
        1 => vec![Port::Numbers(None, 443, 443)],
        2 => vec![Port::Numbers(Some("udp"), 53, 53), Port::Numbers(None, 70, 90)],
        3 if destinations.list.iter().all(has_named_ports) => {
            vec![Port::Name(random.pick(&["http", "names"])), Port::Numbers(None, 443, 443)]
        }
        3 | 4 if destinations.list.iter().all(has_named_ports) => vec![Port::Name(random.pick(&["http", "names"]))],
        _ => vec![],
    };
    Flow { deny, sources, destinations, ports: Ports(ports) }
}

/// Whether there may be a workload among these that declares ports.
fn has_named_ports(peer: &Peer) -> bool {
    match peer {
        Peer::Workload(_, name) => *name == "w1",
        Peer::Pods(_, pods) | Peer::AnyPods(pods) | Peer::Namespaces(_, pods) => pods.0.iter().all(|(key, test)| match test {
            Test::Is(values) => *key != "app" || values.contains(&"w1"),
            Test::IsNot(values) => *key != "app" || !values.contains(&"w1"),
            Test::Has => true,
            Test::Lacks => *key != "app",
        }),
        _ => false,
    }
}

fn own_peer(random: &mut Random, namespace: &'static str) -> Peer {
    match random.below(3) {
        0 => Peer::Workload(namespace, random.pick(&WORKLOADS)),
        1 => Peer::Pods(namespace, Selector(vec![])),
        _ => Peer::Pods(namespace, selector(random)),
    }
}

fn peer(random: &mut Random, own: Option<&'static str>, kind: Kind) -> Peer {
    match random.below(14) {
        0..=2 => Peer::Workload(random.pick(&NAMESPACES), random.pick(&WORKLOADS)),
        3 | 4 => Peer::Pods(random.pick(&NAMESPACES), selector(random)),
        5 => Peer::AnyPods(Selector(vec![])),
        6 => Peer::AnyPods(selector(random)),
        7 => Peer::Namespaces(namespaces(random), selector(random)),
        8 => network(random, kind),
        9 => Peer::Internet,
        10 => Peer::Anywhere,
        11 | 12 => Peer::List(random.below(LISTS)),
        _ => Peer::Pods(own.unwrap_or("b"), Selector(vec![])),
    }
}

fn namespaces(random: &mut Random) -> Selector {
    let env = random.pick(&["prod", "dev"]);
    Selector(vec![match random.below(6) {
        0..=2 => ("env", Test::Is(vec![env])),
        3 => ("env", Test::IsNot(vec![env])),
        4 => ("team", Test::Has),
        _ => ("env", Test::Lacks),
    }])
}

fn selector(random: &mut Random) -> Selector {
    // One test a key: two could contradict each other, and then nothing is built.
    let keys: &[&str] = random.pick(&[&["app"][..], &["tier"][..], &["app", "tier"][..]]);
    Selector(keys.iter().map(|key| (*key, test(random, key))).collect())
}

fn test(random: &mut Random, key: &str) -> Test {
    let values: &[&str] = if key == "app" { &["w1", "w2", "w3"] } else { &["x", "y"] };
    let one = vec![random.pick(values)];
    let two = values.iter().copied().take(2).collect();
    match random.below(6) {
        0 => Test::Is(one),
        1 => Test::IsNot(one),
        2 => Test::Is(two),
        3 => Test::IsNot(two),
        4 => Test::Has,
        _ => Test::Lacks,
    }
}
