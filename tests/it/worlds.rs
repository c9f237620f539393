//! Manifests that nobody of us wrote: random worlds of pods and policies, of which polc must say what
//! the outside judges say.
//!
//! A disagreement is shown in the smallest world that still has it. `POLC_WORLDS=5000` tries that many
//! of each sort instead of the few that every run tries, and `POLC_SEED` says with which number to begin.

mod asked;
mod beside;
mod calico;
mod cluster;
mod cluster_policy;
mod coverage;
mod kubernetes;
mod smaller;
mod text;

use polc::query::Verdict;

use crate::meaning::{number, random::Random};
use asked::{Answers, World, polc};
use cluster::Family;
use coverage::Coverage;

type Judge = fn(&[World]) -> Vec<Answers>;

/// Worlds are judged in batches of so many: enough to start a judge seldom, few enough to be held in memory.
const BATCH: usize = 250;

/// How many connections are asked about in a world.
const PROBES: usize = 60;

/// What was asked and answered.
#[derive(Debug, Default)]
struct Tally {
    worlds: usize,
    allowed: usize,
    denied: usize,
    partly: usize,
    unknown: usize,
}

/// The first question that polc and a judge answer differently. "Unknown" is no answer.
fn difference(ours: &[Verdict], theirs: &[Verdict]) -> Option<usize> {
    ours.iter().zip(theirs).position(|(ours, theirs)| ours != theirs && *ours != Verdict::Unknown)
}

/// Has a judge answer every question about every world, and compares.
fn compare(name: &str, judge: Judge, worlds: &[World]) -> Tally {
    let mut tally = Tally::default();
    for batch in worlds.chunks(BATCH) {
        for (world, theirs) in batch.iter().zip(judge(batch)) {
            let theirs = theirs.unwrap_or_else(|why| panic!("{name} does not answer: {why}\n{}", world.yaml()));
            let ours = polc(world).unwrap_or_else(|why| panic!("polc does not read this: {why}\n{}", world.yaml()));
            if let Some(at) = difference(&ours, &theirs) {
                disagreement(name, judge, world, at);
            }
            tally.add(&ours);
        }
    }
    println!("{name}: {tally:?}");
    tally
}

fn disagreement(name: &str, judge: Judge, world: &World, at: usize) -> ! {
    let small = smaller::smallest(world, judge, at);
    let (ours, theirs) = (polc(&small), judge(std::slice::from_ref(&small)));
    panic!("{}: polc says {ours:?}, {name} says {theirs:?}\n{}", small.probes[0], small.yaml());
}

impl Tally {
    fn add(&mut self, answers: &[Verdict]) {
        self.worlds += 1;
        for answer in answers {
            match answer {
                Verdict::Allowed => self.allowed += 1,
                Verdict::Denied => self.denied += 1,
                Verdict::Partly => self.partly += 1,
                Verdict::Unknown => self.unknown += 1,
            }
        }
    }

    /// Worlds where nearly everything passes, or nearly nothing, say nothing.
    fn must_say_something(&self) {
        let all = self.allowed + self.denied + self.partly;
        assert!(self.allowed * 10 > all && self.denied * 10 > all, "{self:?}");
    }
}

fn seeds(count: usize) -> std::ops::Range<u64> {
    let first = number("POLC_SEED").unwrap_or(0);
    first..first + number("POLC_WORLDS").unwrap_or(count as u64)
}

/// The ports that policies here speak of, and some beside them.
const PORTS: [(&str, u16); 14] = [
    ("TCP", 80),
    ("TCP", 8080),
    ("TCP", 8081),
    ("TCP", 443),
    ("TCP", 53),
    ("TCP", 9090),
    ("TCP", 1),
    ("TCP", 65535),
    ("UDP", 53),
    ("UDP", 80),
    ("UDP", 9090),
    ("SCTP", 80),
    ("SCTP", 8080),
    ("SCTP", 9090),
];

fn of_network_policies(families: &[Family], count: usize) -> Vec<World> {
    let world = |seed| {
        let mut random = Random::new(seed);
        let cluster = cluster::cluster(&mut random, families[usize::try_from(seed).expect("small") % families.len()]);
        let policies: Vec<_> = (0..1 + random.below(6)).map(|at| kubernetes::policy(&mut random, at)).collect();
        let probes = asked::probes(&mut random, &cluster, &PORTS, PROBES);
        World { family: cluster.family, objects: cluster.objects.into_iter().chain(policies).collect(), probes }
    };
    seeds(count).map(world).collect()
}

#[test]
fn network_policies_permit_what_cyclonus_says() {
    let worlds = of_network_policies(&[Family::Four, Family::Six], 300);
    let coverage = Coverage::of(worlds.iter().map(|world| world.objects.as_slice()));
    println!("{coverage}");
    coverage.must_have(&[
        "operator In",
        "operator NotIn",
        "operator Exists",
        "operator DoesNotExist",
        "key that nobody has",
        "pod of several policies",
        "from: []",
        "from: null",
        "no from",
        "to: []",
        "no to",
        "ports: []",
        "no ports",
        "ingress: []",
        "egress: []",
        "no policyTypes",
        "policyTypes: []",
        "no podSelector",
        "podSelector: {}",
        "namespaceSelector: {}",
        "endPort",
        "named port",
        "no protocol",
        "no port",
        "protocol SCTP",
        "IPv4 block",
        "IPv6 block",
        "except",
    ]);
    let tally = compare("Cyclonus", asked::cyclonus, &worlds);
    tally.must_say_something();
    assert_eq!(tally.unknown, 0, "{tally:?}");
}

#[test]
fn network_policies_permit_what_network_config_analyzer_says() {
    let worlds = of_network_policies(&[Family::Four, Family::Six], 40);
    compare("network-config-analyzer", asked::analyzer, &worlds).must_say_something();
}

#[test]
fn network_policies_permit_what_calico_tiers_says() {
    let mut worlds = of_network_policies(&[Family::Both, Family::Four, Family::Six], 300);
    worlds.iter_mut().for_each(|world| world.objects.extend(cluster::accounts()));
    let tally = compare("calico-tiers", asked::tiers, &worlds);
    tally.must_say_something();
    assert!(tally.partly > 0, "no answer differs by family: {tally:?}");
}

/// ICMP is asked about as one connection without a port.
const ICMP: (&str, u16) = ("ICMP", 0);

fn of_calico(count: usize, policies: impl Fn(&mut Random, Family) -> Vec<serde_json::Value>) -> Vec<World> {
    let world = |seed| {
        let mut random = Random::new(seed);
        let cluster = cluster::cluster(&mut random, random_family(seed));
        let others = (0..random.below(3)).map(|at| kubernetes::policy(&mut random, at)).collect::<Vec<_>>();
        let policies = policies(&mut random, cluster.family);
        let probes = asked::probes(&mut random, &cluster, &[&PORTS[..], &[ICMP]].concat(), PROBES);
        World {
            family: cluster.family,
            objects: cluster.objects.into_iter().chain(cluster::accounts()).chain(others).chain(policies).collect(),
            probes,
        }
    };
    seeds(count).map(world).collect()
}

fn random_family(seed: u64) -> Family {
    [Family::Four, Family::Six, Family::Both][usize::try_from(seed % 3).expect("small")]
}

#[test]
fn calico_policies_permit_what_calico_tiers_says() {
    let worlds = of_calico(300, calico::objects);
    let coverage = Coverage::of(worlds.iter().map(|world| world.objects.as_slice()));
    println!("{coverage}");
    coverage.must_have(&[
        "Tier",
        "GlobalNetworkPolicy",
        "NetworkPolicy",
        "GlobalNetworkSet",
        "NetworkSet",
        "action Allow",
        "action Deny",
        "action Pass",
        "action Log",
        "notSelector",
        "nets",
        "notNets",
        "notPorts",
        "protocol by number",
        "protocol ICMP",
        "protocol ICMPv6",
        "icmp",
        "notICMP",
        "serviceAccounts",
        "serviceAccountSelector",
        "namespaceSelector",
        "ipVersion",
        "named port",
        "no types",
        "no order",
        "no tier",
        "no selector",
        "selector with `==`",
        "selector with `!=`",
        "selector with `in`",
        "selector with `not in`",
        "selector with `has(`",
        "selector with `!has(`",
        "selector with `all()`",
        "selector with `global()`",
        "selector with `&&`",
        "selector with `||`",
        "selector with `pcns.`",
        "selector with `contains`",
        "selector with `starts with`",
        "selector with `ends with`",
    ]);
    let tally = compare("calico-tiers", asked::tiers, &worlds);
    tally.must_say_something();
    // A ping of which only some passes, and ports by name that are left out.
    assert!(tally.unknown * 100 < tally.allowed + tally.denied, "too much is unknown: {tally:?}");
}

#[test]
fn cluster_network_policies_permit_what_calico_tiers_says() {
    let worlds = of_calico(200, |random, _| cluster_policy::new_version(random));
    compare("calico-tiers on ClusterNetworkPolicy", asked::tiers, &worlds).must_say_something();
}

#[test]
fn admin_network_policies_permit_what_calico_tiers_says() {
    let worlds = of_calico(200, |random, _| cluster_policy::old_version(random));
    compare("calico-tiers on AdminNetworkPolicy", asked::tiers, &worlds).must_say_something();
}
