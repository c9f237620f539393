//! The output means what the policy says: random policies, read by a second, plain reading of
//! the language ([`reference`]), against what Cyclonus finds the NetworkPolicies to permit.
//!
//! A disagreement is shown with the fewest sentences that still show it.

pub(crate) mod policy;
pub(crate) mod random;
mod reference;
pub(crate) mod world;

use polc::{Files, Options, SourceFile};
use policy::Policy;
use random::Random;
use world::World;

use crate::judges::{Network, reach};

/// How many policies are tried; each is a few sentences over the same world.
const POLICIES: u64 = 1_000;

/// The fewest of them that must build: the rest are refused, rightly or not, and say nothing.
const MUST_BUILD: usize = 250;

/// How many connections are tried on each.
const PROBES: usize = 240;

fn build(policy: &Policy) -> Result<String, Vec<String>> {
    let file = SourceFile { name: "policy.polc".into(), text: policy.to_string() };
    let compilation = polc::compile(Files { policies: vec![file], ..Files::default() }, &Options::default());
    if compilation.has_errors() {
        let errors = compilation.diagnostics.iter().filter(|d| d.is_error());
        return Err(errors.map(|d| d.code.as_str().to_owned()).collect());
    }
    let mut yaml = String::new();
    for output in compilation.objects.iter().filter(|output| output.object.kind() == "NetworkPolicy") {
        yaml.push_str("---\n");
        output.object.write_yaml(&mut yaml);
    }
    Ok(yaml)
}

/// What each probe of a policy's network is found to do.
fn judged(world: &World, manifests: &[String], probes: &[world::Probe]) -> Vec<Vec<bool>> {
    let networks: Vec<Network> = manifests
        .iter()
        .map(|yaml| Network {
            manifests: format!("{}{yaml}", world.inventory()),
            probes: probes.iter().map(|probe| world.question(probe)).collect(),
        })
        .collect();
    reach(&networks)
}

fn policies() -> Vec<(Policy, String)> {
    let mut refused = std::collections::BTreeMap::new();
    let mut built = Vec::new();
    for seed in 0..POLICIES {
        let policy = random::policy(&mut Random::new(seed));
        match build(&policy) {
            Ok(yaml) => built.push((policy, yaml)),
            Err(errors) => *refused.entry(errors.first().cloned().unwrap_or_default()).or_insert(0) += 1,
        }
    }
    println!("{} of {POLICIES} policies build; refused: {refused:#?}", built.len());
    assert!(built.len() >= MUST_BUILD, "too few policies build for this to say anything");
    built
}

#[test]
fn what_is_built_permits_what_is_said() {
    let world = World::new();
    let probes = world.probes(&mut Random::new(7), PROBES);
    let built = policies();
    let manifests: Vec<String> = built.iter().map(|(_, yaml)| yaml.clone()).collect();
    let answers = judged(&world, &manifests, &probes);
    for ((policy, _), answer) in built.iter().zip(&answers) {
        if let Some(at) = differs(&world, policy, &probes, answer) {
            let (policy, yaml, at) = minimized(&world, policy, &probes, at);
            let said = reference::passes(&world, &policy, &probes[at]);
            panic!(
                "{policy}\nsays that {} {}; the output differs:\n{yaml}",
                world.show(&probes[at]),
                if said { "passes" } else { "does not pass" }
            );
        }
    }
    println!("{} policies, {} connections each, judged", built.len(), probes.len());
}

fn differs(world: &World, policy: &Policy, probes: &[world::Probe], answer: &[bool]) -> Option<usize> {
    probes.iter().zip(answer).position(|(probe, permitted)| reference::passes(world, policy, probe) != *permitted)
}

/// Leaves out sentences as long as a difference stays.
fn minimized(world: &World, policy: &Policy, probes: &[world::Probe], at: usize) -> (Policy, String, usize) {
    let mut best = (policy.clone(), build(policy).unwrap_or_default(), at);
    'again: loop {
        for shorter in best.0.shortened() {
            let Ok(yaml) = build(&shorter) else { continue };
            let answers = judged(world, std::slice::from_ref(&yaml), probes);
            if let Some(at) = answers.first().and_then(|answer| differs(world, &shorter, probes, answer)) {
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

/// Where a policy and a change of it both build, every connection keeps to a law.
fn compare(change: impl Fn(&Policy, &mut Random) -> Option<Policy>, law: impl Fn(bool, bool) -> bool) {
    let world = World::new();
    let probes = world.probes(&mut Random::new(11), PROBES / 2);
    let mut pairs = Vec::new();
    for seed in 0..POLICIES / 2 {
        let mut random = Random::new(seed);
        let before = random::policy(&mut random);
        let Some(after) = change(&before, &mut random) else { continue };
        if let (Ok(old), Ok(new)) = (build(&before), build(&after)) {
            pairs.push((before, after, old, new));
        }
    }
    assert!(pairs.len() >= MUST_BUILD / 4, "only {} pairs build", pairs.len());
    let manifests: Vec<String> = pairs.iter().flat_map(|(_, _, old, new)| [old.clone(), new.clone()]).collect();
    let answers = judged(&world, &manifests, &probes);
    for ((before, after, ..), answers) in pairs.iter().zip(answers.chunks(2)) {
        for (probe, (old, new)) in probes.iter().zip(answers[0].iter().zip(&answers[1])) {
            assert!(law(*old, *new), "{} changes between\n{before}\nand\n{after}", world.show(probe));
        }
    }
    println!("{} pairs of policies judged", pairs.len());
}
