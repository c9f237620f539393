//! One policy for two clusters: what each is given means what the policy says there. One enforces with Calico, the
//! other does not, and a namespace is in one of them or in both.

use std::collections::BTreeMap;

use polc::{Files, Options, SourceFile};

use super::policy::{Kind, Policy};
use super::random::{self, Random};
use super::world::World;
use super::{PROBES, number, reference, tiers};

/// How many policies are tried.
const POLICIES: u64 = 200;

const CLUSTERS: [&str; 2] = ["east", "west"];

/// In which clusters each namespace is.
type Homes = BTreeMap<&'static str, &'static [&'static str]>;

#[test]
fn each_of_two_clusters_permits_what_is_said() {
    let (first, count) = (number("POLC_SEED").unwrap_or(0), number("POLC_POLICIES").unwrap_or(POLICIES));
    let (mut built, mut refused) = (Vec::new(), BTreeMap::<String, usize>::new());
    for seed in first..first + count {
        let mut random = Random::new(seed);
        let policy = random::policy(&mut random, Kind::PLAIN);
        let homes: Homes = ["a", "b", "c"].map(|name| (name, random.pick(&[&CLUSTERS[..], &CLUSTERS[..1], &CLUSTERS[1..]]))).into();
        match build(&spread(&policy, &homes)) {
            Ok(manifests) => built.push((policy, homes, manifests)),
            Err(code) => *refused.entry(code).or_default() += 1,
        }
    }
    println!("{} of {count} policies build; refused: {refused:?}", built.len());
    assert!(built.len() as u64 * 6 >= count, "too few policies build for this to say anything");
    let (mut judged, mut passed) = (0, 0);
    for (policy, homes, manifests) in &built {
        for (cluster, yaml) in CLUSTERS.iter().zip(manifests) {
            let there = |name: &str| homes.get(name).is_none_or(|homes| homes.contains(cluster));
            let world = World::new().only(there);
            let mut own = policy.clone();
            own.blocks.retain(|block| block.namespace.is_none_or(there));
            let probes = world.probes(&mut Random::new(7), PROBES / 2, false);
            let answers = tiers(&world, std::slice::from_ref(yaml), &probes).remove(0);
            for (probe, answer) in probes.iter().zip(answers) {
                let said = reference::passes(&world, &own, probe);
                let show = || format!("{}\nin {cluster} says {said}: {}\n{yaml}", spread(policy, homes), world.show(probe));
                assert_eq!(said, answer, "{}", show());
                passed += usize::from(answer);
            }
            judged += 1;
        }
    }
    println!("{judged} clusters, {} connections each, judged; {passed} pass", PROBES / 2);
}

/// The policy's text with two clusters, each namespace in its own.
fn spread(policy: &Policy, homes: &Homes) -> String {
    let ranges = "pods 10.244.0.0/16; services 10.96.0.0/12";
    let mut text = format!("cluster east {{ {ranges} }}\ncluster west {{ enforce calico 3.31; {ranges} }}\n");
    for line in policy.to_string().lines().filter(|line| !line.starts_with("cluster ")) {
        let name = line.strip_prefix("namespace ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
        let home =
            homes.get(name).filter(|home| home.len() < CLUSTERS.len()).map(|home| format!("namespace {name} in {}", home.join(", ")));
        let line = home.map_or(line.to_owned(), |home| line.replacen(&format!("namespace {name}"), &home, 1));
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// What each cluster is given, but for the Namespaces; or the code of the first error.
fn build(text: &str) -> Result<Vec<String>, String> {
    let file = SourceFile { name: "policy.polc".into(), text: text.to_owned() };
    let compilation = polc::compile(Files { policies: vec![file], ..Files::default() }, &Options::default());
    if let Some(error) = compilation.diagnostics.iter().find(|it| it.is_error()) {
        return Err(error.code.as_str().to_owned());
    }
    let of = |cluster: &str| {
        let own = compilation.objects.iter().filter(|output| output.cluster == cluster && output.object.kind() != "Namespace");
        own.fold(String::new(), |mut yaml, output| {
            yaml.push_str("---\n");
            output.object.write_yaml(&mut yaml);
            yaml
        })
    };
    Ok(CLUSTERS.map(of).to_vec())
}
