//! The proof itself: defects put into objects that were proved, each of which it must find.

mod calico;
mod defects;
mod network_policy;
mod weigh;

use super::{Cause, prove, told, universe};
use crate::compile::{Files, Options, compiled};
use crate::ir::{Cluster, Policy};
use crate::manifest::Object;
use crate::source::SourceFile;
use crate::verify::objects::{Enforcer, stacks};
use defects::Defect;

const NETWORK_POLICY: &str = "
cluster default { pods 10.244.0.0/16; services 10.96.0.0/12; nodes 10.1.0.0/24 }
namespace payments isolate {
  labels env=prod
  workload api { ports http 8080 }
  workload db { ports sql 5432, peers 7000-7010 }
  workload job
  allow api -> db sql
  allow db -> db peers
  allow shop/web -> api http
  allow api -> namespaces(env=prod) 9000
  allow 198.51.100.0/24 except 198.51.100.64/26 -> api 8443
  allow pods(tier in (front, back), lacks legacy) -> db sql
  allow job -> internet 443
}
namespace shop isolate ingress { labels env=prod; workload web }
";

const CALICO: &str = "
cluster default { enforce calico 3.31; pods 10.244.0.0/16, fd00:10::/64; services 10.96.0.0/12; nodes 10.1.0.0/24 }
peers office = 203.0.113.0/24, 198.51.100.17, 2001:db8::/32
everywhere {
  deny any/pods except kube-system/pods -> metadata
  deny namespaces(env=dev) -> namespaces(env=prod)
  deny any/pods except notify/relay -> internet 25
  isolate any/pods except kube-system/pods
  allow monitoring/probe -> any/pods icmp
  allow office -> payments/api http
  deny office -> payments/db
}
namespace payments {
  labels env=prod
  workload api { ports http 8080 }
  workload db { ports sql 5432 }
  allow serviceaccount notify/mailer -> api http
  allow api -> db sql
  deny shop/web -> db
  allow api -> 192.0.2.0/24 except 192.0.2.64/26 443
}
namespace shop { labels env=dev; workload web; allow pods -> pods }
namespace notify { workload relay { ports smtp 2525 }; allow relay -> internet 25 }
namespace monitoring { workload probe }
";

/// Denies of declared lists, each of which is a network set, where what they deny is open else.
const SETS: &str = "
cluster default { enforce calico 3.31; pods 10.244.0.0/16, fd00:10::/64; services 10.96.0.0/12; nodes 10.1.0.0/24 }
peers office = 203.0.113.0/24, 198.51.100.17, 2001:db8::/32
peers partners = 192.0.2.0/24, 2600::/32
everywhere {
  deny office -> payments/db
  deny office except 203.0.113.64/26 -> shop/web http
  deny any/pods -> partners
}
namespace payments isolate ingress { workload db { ports sql 5432 }; allow internet -> db sql }
namespace shop { workload web { ports http 8080 } }
";

/// The files of an example.
macro_rules! example {
    ($name:literal: $($file:literal),+) => {
        ($name, &[$(($file, include_str!(concat!("../../../examples/", $name, "/", $file, ".polc")))),+])
    };
}

/// Policies of real tasks, file by file.
const EXAMPLES: &[(&str, &[(&str, &str)])] = &[
    example!("online-boutique": "boutique", "cluster"),
    example!("opentelemetry-demo": "cluster", "shop", "telemetry"),
    example!("guardrails-calico": "billing", "notify", "platform", "sandbox", "shop"),
    example!("two-clusters": "estate", "shop"),
];

/// A policy, and for each of its clusters what it compiles to.
fn compile(files: Vec<SourceFile>) -> (Policy, Vec<(Cluster, Vec<Object>)>) {
    let (compilation, policy) = compiled(Files { policies: files, ..Files::default() }, &Options::default());
    assert!(!compilation.has_errors(), "{:#?}", compilation.diagnostics);
    let of = |cluster: &Cluster| {
        let objects = compilation.objects.iter().filter(|output| output.cluster == cluster.name);
        (cluster.clone(), objects.map(|output| output.object.clone()).collect())
    };
    let all = policy.clusters.iter().map(of).collect();
    (policy, all)
}

fn one(text: &str) -> (Policy, Cluster, Vec<Object>) {
    let (policy, mut clusters) = compile(vec![SourceFile { name: "policy.polc".into(), text: text.into() }]);
    let (cluster, objects) = clusters.remove(0);
    (policy, cluster, objects)
}

/// How many places of a defect the proof found, and how many change nothing.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    refuted: usize,
    without_effect: usize,
}

/// Seeds a defect at every place. What the proof lets stand must change nothing: else it is in the list.
fn seed(defect: &Defect, policy: &Policy, cluster: &Cluster, objects: &[Object], missed: &mut Vec<String>) -> Count {
    seed_some(defect, policy, cluster, objects, defect.seeded(objects), missed)
}

/// The same for some of the places.
fn seed_some(
    defect: &Defect,
    policy: &Policy,
    cluster: &Cluster,
    objects: &[Object],
    places: Vec<Vec<Object>>,
    missed: &mut Vec<String>,
) -> Count {
    let enforcer = if cluster.calico.is_some() { Enforcer::Calico } else { Enforcer::NetworkPolicy };
    let mut count = Count::default();
    for seeded in places {
        assert_ne!(seeded, objects, "{}: nothing was changed", defect.name);
        if prove(policy, cluster, &seeded).is_err() {
            count.refuted += 1;
            continue;
        }
        let [before, after] = [objects, &seeded].map(|objects| stacks(objects, enforcer).expect("they were proved"));
        match weigh::difference(&[&before, &after], &universe(policy, cluster), objects, &seeded) {
            None => count.without_effect += 1,
            Some(connection) => missed.push(format!("{}: {connection:?}\n{}", defect.name, changes(objects, &seeded))),
        }
    }
    count
}

/// What differs between two lists of objects.
fn changes(before: &[Object], after: &[Object]) -> String {
    let lost = before.iter().filter(|object| !after.contains(object)).map(|object| format!("- {object:?}\n"));
    let new = after.iter().filter(|object| !before.contains(object)).map(|object| format!("+ {object:?}\n"));
    lost.chain(new).collect()
}

#[test]
fn every_kind_of_defect_is_found() {
    let policies = [NETWORK_POLICY, CALICO, SETS].map(one);
    for (policy, cluster, objects) in &policies {
        assert!(prove(policy, cluster, objects).is_ok());
    }
    let (mut missed, mut idle) = (Vec::new(), Vec::new());
    for defect in defects::all() {
        let counts = policies.iter().map(|(policy, cluster, objects)| seed(defect, policy, cluster, objects, &mut missed));
        let counts: Vec<Count> = counts.collect();
        println!("{}: {counts:?}", defect.name);
        if counts.iter().all(|count| count.refuted == 0) {
            idle.push(defect.name);
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    // The order of rules never matters here: each denies, or each allows.
    assert_eq!(idle, ["calico: rules turned around"], "kinds that are refuted nowhere");
}

/// How many places of each kind of defect are tried in an example: all of them would take an hour.
const SAMPLE: usize = 1;

#[test]
fn defects_in_the_examples_are_found_wherever_a_sample_puts_them() {
    let mut missed = Vec::new();
    let mut refuted = 0;
    for (name, files) in EXAMPLES {
        let files = files.iter().map(|(name, text)| SourceFile { name: (*name).into(), text: (*text).into() }).collect();
        let (policy, clusters) = compile(files);
        for (number, (cluster, objects)) in clusters.iter().enumerate() {
            let mut all = Count::default();
            let mut places = 0;
            for (at, defect) in defects::all().enumerate() {
                let seeded = defect.seeded(objects);
                places += seeded.len();
                // Any place will do that is another one for each kind and the same in each run.
                let first = (at + number + 1) * 7_919 % seeded.len().max(1);
                let sample = seeded.into_iter().skip(first).take(SAMPLE).collect();
                let found = seed_some(defect, &policy, cluster, objects, sample, &mut missed);
                all.refuted += found.refuted;
                all.without_effect += found.without_effect;
            }
            println!("{name}, cluster {}: {} of {places} places tried: {all:?}", cluster.name, all.refuted + all.without_effect);
            refuted += all.refuted;
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert!(refuted >= 150, "only {refuted} defects have an effect");
}

/// The message about the first place of a defect.
fn message(defect: &str, text: &str) -> String {
    let (policy, cluster, objects) = one(text);
    let defect = defects::all().find(|it| it.name == defect).expect("a defect of that name");
    let seeded = defect.seeded(&objects);
    let seeded = seeded.iter().find(|it| prove(&policy, &cluster, *it).is_err()).expect("a place where it has an effect");
    let refutation = prove(&policy, &cluster, seeded).expect_err("it was refuted");
    assert!(matches!(refutation.cause, Cause::Differs(_)), "{refutation:?}");
    let diagnostic = told(&policy, &cluster, &seeded.iter().collect::<Vec<_>>(), &refutation);
    assert_eq!(diagnostic.code.as_str(), "proof-failed");
    [vec![diagnostic.headline], diagnostic.notes, diagnostic.help].concat().join("\n")
}

#[test]
fn the_message_names_who_reaches_whom_and_that_it_is_no_fault_of_the_policy() {
    let text = "namespace a isolate ingress { workload web; workload db { ports sql 5432 }; allow web -> db sql }";
    let cases: &[(&str, &[&str])] = &[
        ("np: endPort one more", &["`a`", "app=db", "5433/tcp", "passes, and should not"]),
        ("np: rule lost", &["`a`", "app=db", "5432/tcp", "does not pass, and should"]),
        ("np: side lost", &["`a`", "ingress side of the destination"]),
        ("np: protocol changed", &["5432/udp", "5432/tcp"]),
        ("np: peers lost, so everyone", &["`a`", "5432/tcp", "passes, and should not", "decided by NetworkPolicy a/"]),
        ("np: podSelector of a peer lost", &["`a`", "5432/tcp", "passes, and should not"]),
    ];
    for (defect, said) in cases {
        let message = message(defect, text);
        let always = ["the manifests do not mean what the policy says", "this is a bug in polc", "nothing is written", "please report it"];
        for words in said.iter().chain(&always) {
            assert!(message.contains(words), "{defect}: `{words}` is not in\n{message}");
        }
    }
}
