//! Random policies of others beside a policy of polc's: where nothing is said of them, nothing passes beside them that
//! the policy closes. Judged connection by connection.

use polc::query::{Batch, Model, Verdict};
use polc::{Compilation, Files, Options, SourceFile};
use serde_json::Value;

use super::asked::{self, question};
use super::cluster::{self, Family};
use super::{PORTS, calico, cluster_policy, kubernetes, seeds, text};
use crate::judges::Probe;
use crate::meaning::random::Random;

/// What can be said of others.
const CODES: [&str; 3] = ["include-opens", "include-defeats-deny", "manifest-not-judged"];

/// A policy about the pods of the random clusters.
fn policy(random: &mut Random, enforced: bool) -> String {
    let mut text = String::from(if enforced { "cluster default { enforce calico 3.30 }\n" } else { "" });
    for home in cluster::NAMESPACES {
        let header = random.pick(&["isolate", "isolate", "isolate ingress", "isolate egress", ""]);
        text.push_str(&format!("namespace {home} {header} {{\n"));
        for _ in 0..random.below(4) {
            let (own, other) = (pods(random, home), peer(random));
            let verb = if random.one_in(2) { "deny" } else { "allow" };
            let port = random.pick(&["80", "8080-8081", "53/udp", "9090", "1-65535"]);
            let (from, to) = if random.one_in(2) { (&own, &other) } else { (&other, &own) };
            text.push_str(&format!("  {verb} {from} -> {to} {port}\n"));
        }
        text.push_str("}\n");
    }
    text
}

fn pods(random: &mut Random, home: &str) -> String {
    let all = [format!("{home}/pods"), format!("{home}/pods(app=web)"), format!("{home}/pods(app=db)"), format!("{home}/pods(team=red)")];
    all[random.below(all.len())].clone()
}

fn peer(random: &mut Random) -> String {
    match random.below(6) {
        0 => "203.0.113.0/24".to_owned(),
        1 => "198.51.100.9".to_owned(),
        _ => {
            let home = random.pick(&cluster::NAMESPACES);
            pods(random, home)
        }
    }
}

/// A policy, who is there, policies of others, and questions.
struct Case {
    policy: String,
    there: Vec<Value>,
    others: Vec<Value>,
    probes: Vec<Probe>,
}

fn case(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let cluster = cluster::cluster(&mut random, Family::Four);
    let enforced = random.one_in(2);
    let policy = policy(&mut random, enforced);
    let mut others: Vec<Value> = (0..random.below(4)).map(|at| kubernetes::policy(&mut random, at)).collect();
    match random.below(4) {
        0 if enforced => others.extend(calico::objects(&mut random, Family::Four)),
        1 if enforced => others.extend(cluster_policy::new_version(&mut random)),
        _ => {}
    }
    let probes = asked::probes(&mut random, &cluster, &PORTS, 120);
    Case { policy, there: cluster.objects.into_iter().chain(cluster::accounts()).collect(), others, probes }
}

fn files(case: &Case, others: &[Value]) -> Files {
    let objects: Vec<Value> = case.there.iter().chain(others).cloned().collect();
    let file = |name: &str, text: String| SourceFile { name: name.into(), text };
    Files {
        policies: vec![file("p.polc", case.policy.clone())],
        manifests: vec![file("world.yaml", text::stream(&objects))],
        ..Files::default()
    }
}

/// What is said of others, and of which.
fn said(compilation: &Compilation) -> Vec<(&str, String)> {
    let found = compilation.diagnostics.iter().filter(|it| CODES.contains(&it.code.as_str()));
    found.map(|it| (it.code.as_str(), format!("{} {}", it.headline, it.notes.join("; ")))).collect()
}

/// Connections that pass beside the others and not without them.
fn opened(case: &Case) -> Vec<String> {
    let models = [&[][..], &case.others].map(|others| Model::new(files(case, others), &Options::default()).expect("a model"));
    let [mut without, mut beside] = [models[0].batch(), models[1].batch()];
    let answer = |batch: &mut Batch<'_>, probe| batch.answer(&question(probe)).expect("a question");
    let passes = |verdict| matches!(verdict, Verdict::Allowed | Verdict::Partly);
    let opened = case.probes.iter().filter(|probe| {
        let (before, after) = (answer(&mut without, probe), answer(&mut beside, probe));
        (before == Verdict::Denied && passes(after)) || (before == Verdict::Partly && after == Verdict::Allowed)
    });
    opened.map(ToString::to_string).collect()
}

#[test]
fn where_nothing_is_said_of_others_nothing_more_passes() {
    let (mut silent, mut opening, mut warned, mut defeated, mut closed) = (0, 0, 0, 0, 0);
    for seed in seeds(200) {
        let case = case(seed);
        if polc::compile(files(&case, &[]), &Options::default()).has_errors() {
            // A deny that NetworkPolicy cannot say, for example.
            closed += 1;
            continue;
        }
        let compilation = polc::compile(files(&case, &case.others), &Options::default());
        let said = said(&compilation);
        let shown = || format!("seed {seed}\n{}\n{}\n{said:#?}", case.policy, text::stream(&case.others));
        let of_others = |it: &&polc::diagnostic::Diagnostic| it.is_error() && !CODES.contains(&it.code.as_str());
        assert!(compilation.diagnostics.iter().filter(of_others).count() == 0, "{}{:#?}", shown(), compilation.diagnostics);
        assert!(said.iter().all(|(_, text)| !text.contains("what is given besides")), "who does it is not known: {}", shown());
        let opened = opened(&case);
        assert!(opened.is_empty() || !said.is_empty(), "{opened:?}\n{}", shown());
        silent += usize::from(said.is_empty() && !case.others.is_empty());
        opening += usize::from(!opened.is_empty());
        warned += usize::from(said.iter().any(|(code, _)| *code == CODES[0]));
        defeated += usize::from(said.iter().any(|(code, _)| *code == CODES[1]));
    }
    println!("{silent} silent, {opening} opening, {warned} warned of, {defeated} defeating a deny, {closed} not built");
    assert!(silent > 20 && opening > 10 && warned > 20 && defeated > 3, "too little is tried");
}
