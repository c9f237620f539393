//! The output means what the policy says: random policies, read by a second, plain reading of
//! the language ([`reference`]), against what Cyclonus finds the NetworkPolicies to permit, and,
//! where Calico enforces, calico-tiers and network-config-analyzer all objects. The reading is the same for both:
//! what a policy means does not depend on who enforces it.
//!
//! A disagreement is shown with the fewest sentences that still show it. `POLC_POLICIES=5000`
//! tries that many policies instead of the few that every run tries, and `POLC_SEED` says with
//! which number to begin.

mod clusters;
mod coverage;
pub(crate) mod policy;
pub(crate) mod random;
mod reference;
pub(crate) mod world;

use polc::{Files, Options, SourceFile};
use policy::{Kind, Policy};
use random::Random;
use world::World;

use crate::judges::{self, Network};
use serde_json::{Value, json};

/// How many policies are tried; each is a few sentences over the same world.
const POLICIES: u64 = 500;

/// How many with Calico.
const CALICO_POLICIES: u64 = 200;

/// How many with IPv6 alone.
const SIX_POLICIES: u64 = 200;

/// How many of those network-config-analyzer judges too, which takes its time.
const ANALYZED_POLICIES: u64 = 40;

/// Of how many one at least must build: the rest are refused, rightly or not, and say nothing.
const MUST_BUILD: usize = 5;

/// How many connections are tried on each.
const PROBES: usize = 240;

/// What each probe of the world is found to do where some policies are enforced.
type Judge = fn(&World, &[String], &[world::Probe]) -> Vec<Vec<bool>>;

fn build(policy: &Policy) -> Result<String, Vec<String>> {
    policies_of(&policy.to_string())
}

/// What a text compiles to, but for the Namespaces, which the world has itself; or the codes of its errors.
pub(crate) fn policies_of(text: &str) -> Result<String, Vec<String>> {
    let file = SourceFile { name: "policy.polc".into(), text: text.to_owned() };
    let compilation = polc::compile(Files { policies: vec![file], ..Files::default() }, &Options::default());
    if compilation.has_errors() {
        let errors = compilation.diagnostics.iter().filter(|d| d.is_error());
        return Err(errors.map(|d| d.code.as_str().to_owned()).collect());
    }
    let mut yaml = String::new();
    for output in compilation.objects.iter().filter(|output| output.object.kind() != "Namespace") {
        yaml.push_str("---\n");
        output.object.write_yaml(&mut yaml);
    }
    Ok(yaml)
}

/// Cyclonus.
fn cyclonus(world: &World, manifests: &[String], probes: &[world::Probe]) -> Vec<Vec<bool>> {
    judges::reach(&networks(world, manifests, probes))
}

/// network-config-analyzer.
fn analyzer(world: &World, manifests: &[String], probes: &[world::Probe]) -> Vec<Vec<bool>> {
    judges::nca(&networks(world, manifests, probes))
}

fn networks(world: &World, manifests: &[String], probes: &[world::Probe]) -> Vec<Network> {
    let probes: Vec<judges::Probe> = probes.iter().map(|probe| world.question(probe)).collect();
    let network = |yaml: &String| Network { manifests: format!("{}{yaml}", world.inventory()), probes: probes.clone() };
    manifests.iter().map(network).collect()
}

/// calico-tiers, which wants to see the service accounts of the pods, and is told the family.
fn tiers(world: &World, manifests: &[String], probes: &[world::Probe]) -> Vec<Vec<bool>> {
    let account = |home: &str| format!("---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: ci, namespace: {home}}}\n");
    let accounts: String = world.namespaces.keys().filter(|name| **name != "kube-system").map(|name| account(name)).collect();
    let probes: Vec<Value> = probes.iter().map(|probe| question(world, probe)).collect();
    let requests = manifests.iter().map(|yaml| (format!("{}{accounts}{yaml}", world.inventory()), probes.clone())).collect::<Vec<_>>();
    let answers = judges::calico_tiers(&requests).into_iter();
    answers.map(|answers| answers.unwrap_or_else(|why| panic!("calico-tiers does not answer: {why}"))).collect()
}

/// A probe in calico-tiers' words.
fn question(world: &World, probe: &world::Probe) -> Value {
    let judges::Probe { source, destination, protocol, port } = world.question(probe);
    let mut question = json!({ "source": source, "destination": destination, "protocol": protocol, "ipVersion": probe.family });
    if port > 0 {
        question["port"] = port.into();
        return question;
    }
    let (name, kind) = if probe.family == 4 { ("ICMP", 8) } else { ("ICMPv6", 128) };
    (question["protocol"], question["icmpType"], question["icmpCode"]) = (name.into(), kind.into(), 0.into());
    question
}

pub(crate) fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is a number, not `{text}`")))
}

fn policies(count: u64, kind: Kind) -> Vec<(Policy, String)> {
    let mut refused = std::collections::BTreeMap::new();
    let mut built = Vec::new();
    let (first, count) = (number("POLC_SEED").unwrap_or(0), number("POLC_POLICIES").unwrap_or(count));
    for seed in first..first + count {
        let policy = random::policy(&mut Random::new(seed), kind);
        match build(&policy) {
            Ok(yaml) => built.push((policy, yaml)),
            Err(errors) => *refused.entry(errors.first().cloned().unwrap_or_default()).or_insert(0) += 1,
        }
    }
    println!("{} of {count} policies build; refused: {refused:#?}", built.len());
    assert!(built.len() * MUST_BUILD >= usize::try_from(count).unwrap_or_default(), "too few policies build for this to say anything");
    built
}

/// How many policies are compiled for their proof alone.
const PROVED: u64 = 1500;

/// polc proves each build itself; a proof that fails is a bug in it, or in the proof.
#[test]
fn every_policy_that_builds_is_proved() {
    for kind in [Kind::PLAIN, Kind::CALICO, DUAL, DUAL_CALICO] {
        let (first, count) = (number("POLC_SEED").unwrap_or(0), number("POLC_POLICIES").unwrap_or(PROVED));
        let (mut proved, mut failed) = (0, Vec::new());
        for seed in first..first + count {
            let policy = random::policy(&mut Random::new(seed), kind);
            match proof(&policy) {
                Ok(clusters) => proved += clusters,
                Err(_) => failed.push(policy),
            }
        }
        println!("{proved} of {count} policies are proved, {} proofs fail", failed.len());
        let shown: Vec<String> = failed.iter().take(SHOWN).map(|policy| unproved(policy.clone())).collect();
        assert!(failed.is_empty(), "{} proofs fail:\n{}", failed.len(), shown.join("\n\n"));
        assert!(proved * MUST_BUILD >= usize::try_from(count).unwrap_or_default(), "only {proved} policies build");
    }
}

/// How many failed proofs are shown.
const SHOWN: usize = 30;

/// For how many clusters the policy is proved; or what its failed proof says.
fn proof(policy: &Policy) -> Result<usize, String> {
    let file = SourceFile { name: "policy.polc".into(), text: policy.to_string() };
    let compilation = polc::compile(Files { policies: vec![file], ..Files::default() }, &Options::default());
    let failed = compilation.diagnostics.iter().find(|it| it.code.as_str() == "proof-failed");
    failed.map_or(Ok(compilation.proofs.len()), |it| Err(format!("{}\n{}", it.headline, it.notes.join("\n"))))
}

/// A policy of which the proof fails, with the fewest sentences, and what the proof says.
fn unproved(mut policy: Policy) -> String {
    while let Some(shorter) = policy.shortened().into_iter().find(|shorter| proof(shorter).is_err()) {
        policy = shorter;
    }
    format!("{policy}{}", proof(&policy).err().unwrap_or_default())
}

const SIX: Kind = Kind { families: &[6], ..Kind::PLAIN };
const DUAL: Kind = Kind { families: &[4, 6], ..Kind::PLAIN };
const DUAL_CALICO: Kind = Kind { calico: true, icmp: true, ..DUAL };

#[test]
fn what_is_built_permits_what_is_said() {
    permits_what_is_said(cyclonus, POLICIES, Kind::PLAIN);
}

#[test]
fn what_is_built_permits_what_is_said_of_ipv6() {
    permits_what_is_said(cyclonus, SIX_POLICIES, SIX);
}

#[test]
fn what_is_built_permits_what_is_said_of_both_families() {
    permits_what_is_said(tiers, CALICO_POLICIES, DUAL);
}

#[test]
fn what_is_built_for_calico_permits_the_same() {
    permits_what_is_said(tiers, CALICO_POLICIES, Kind::CALICO);
}

#[test]
fn what_is_built_for_calico_permits_the_same_of_both_families_and_of_pings() {
    permits_what_is_said(tiers, CALICO_POLICIES, DUAL_CALICO);
}

#[test]
fn what_is_built_for_calico_permits_the_same_to_a_second_judge() {
    permits_what_is_said(analyzer, ANALYZED_POLICIES, Kind::CALICO);
}

fn permits_what_is_said(judge: Judge, count: u64, kind: Kind) {
    let world = World::of(kind.families);
    let probes = world.probes(&mut Random::new(7), PROBES, kind.icmp);
    let built = policies(count, kind);
    let manifests: Vec<String> = built.iter().map(|(_, yaml)| yaml.clone()).collect();
    let answers = judge(&world, &manifests, &probes);
    let mut passed = 0;
    for ((policy, _), answer) in built.iter().zip(&answers) {
        if let Some(at) = differs(&world, policy, &probes, answer) {
            let (policy, yaml, at) = minimized(&world, judge, policy, &probes, at);
            let said = reference::passes(&world, &policy, &probes[at]);
            panic!(
                "{policy}\nsays that {} {}; the output differs:\n{yaml}",
                world.show(&probes[at]),
                if said { "passes" } else { "does not pass" }
            );
        }
        passed += answer.iter().filter(|passes| **passes).count();
    }
    println!("{} policies, {} connections each, judged; {passed} pass", built.len(), probes.len());
    coverage::print(built.iter().map(|(policy, _)| policy));
}

fn differs(world: &World, policy: &Policy, probes: &[world::Probe], answer: &[bool]) -> Option<usize> {
    probes.iter().zip(answer).position(|(probe, permitted)| reference::passes(world, policy, probe) != *permitted)
}

/// Leaves out sentences, exceptions and peers as long as a difference stays.
fn minimized(world: &World, judge: Judge, policy: &Policy, probes: &[world::Probe], at: usize) -> (Policy, String, usize) {
    let mut best = (policy.clone(), build(policy).unwrap_or_default(), at);
    'again: loop {
        let shorter: Vec<(Policy, String)> =
            best.0.shortened().into_iter().filter_map(|shorter| Some((shorter.clone(), build(&shorter).ok()?))).collect();
        let manifests: Vec<String> = shorter.iter().map(|(_, yaml)| yaml.clone()).collect();
        for ((shorter, yaml), answer) in shorter.into_iter().zip(judge(world, &manifests, probes)) {
            if let Some(at) = differs(world, &shorter, probes, &answer) {
                best = (shorter, yaml, at);
                continue 'again;
            }
        }
        return best;
    }
}

#[test]
fn an_added_allow_never_removes_reach() {
    compare(random::added_allow, |before, after| !before || after);
}

#[test]
fn a_removed_isolation_never_adds_denial() {
    compare(|policy, random| policy.without_an_isolation(random), |before, after| !before || after);
}

/// How many pairs of policies are tried.
const PAIRS: u64 = 250;

/// Where a policy and a change of it both build, every connection keeps to a law.
fn compare(change: impl Fn(&Policy, &mut Random) -> Option<Policy>, law: impl Fn(bool, bool) -> bool) {
    let world = World::new();
    let probes = world.probes(&mut Random::new(11), PROBES / 2, false);
    let mut pairs = Vec::new();
    for seed in 0..PAIRS {
        let mut random = Random::new(seed);
        let before = random::policy(&mut random, Kind::PLAIN);
        let Some(after) = change(&before, &mut random) else { continue };
        if let (Ok(old), Ok(new)) = (build(&before), build(&after)) {
            pairs.push((before, after, old, new));
        }
    }
    assert!(pairs.len() * 2 * MUST_BUILD >= usize::try_from(PAIRS).unwrap_or_default(), "only {} pairs build", pairs.len());
    let manifests: Vec<String> = pairs.iter().flat_map(|(_, _, old, new)| [old.clone(), new.clone()]).collect();
    let answers = cyclonus(&world, &manifests, &probes);
    for ((before, after, ..), answers) in pairs.iter().zip(answers.chunks(2)) {
        for (probe, (old, new)) in probes.iter().zip(answers[0].iter().zip(&answers[1])) {
            assert!(law(*old, *new), "{} changes between\n{before}\nand\n{after}", world.show(probe));
        }
    }
    println!("{} pairs of policies judged", pairs.len());
}
