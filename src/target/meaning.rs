//! Whether objects mean what the plan says, by the enforcers' own rules (network-targets.md
//! §1.4, §2.2 to §2.6), over random plans and every connection of a small world.
//!
//! The rules are written here a second time, from the reference and not from the targets.

pub(crate) mod enforced;
mod intended;
mod proved;
mod selector;
pub(crate) mod world;

use proptest::prelude::*;

use super::{emit, fixture};
use crate::ir::SentenceId;
use crate::manifest::Object;
use crate::plan::access::Access;
use crate::plan::{Deny, Isolated, Peer, Plan, Rule, Side, Subject, SubjectName};
use crate::semantics::addresses::AddressSet;
use crate::semantics::labels::{Labels, Values};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::semantics::ports::{PortSet, Protocol};

/// Isolations, rules by the isolation whose pods they are about, and denies.
type Parts = (Vec<Isolated>, Vec<(prop::sample::Index, Rule)>, Vec<Deny>);

fn namespaces() -> impl Strategy<Value = Labels> {
    prop_oneof![
        4 => prop::sample::select(vec!["a", "b"]).prop_map(|name| Labels::equal(NAMESPACE_NAME, name)),
        1 => Just(Labels::any()),
        1 => Just(Labels::equal("env", "prod")),
        1 => Just(Labels::any().and("env", Values::none_of(["prod"]))),
        1 => Just(Labels::any().and(NAMESPACE_NAME, Values::none_of(["kube-system"]))),
        1 => Just(Labels::equal(NAMESPACE_NAME, "a").and("env", Values::none_of(["prod"]))),
    ]
}

fn boxes() -> impl Strategy<Value = PodBox> {
    let pod = prop_oneof![
        2 => Just(Labels::any()),
        2 => Just(Labels::equal("app", "x")),
        1 => Just(Labels::any().and("app", Values::none_of(["x"]))),
        1 => Just(Labels::any().and("app", Values::one_of(["x", "z"]))),
        1 => Just(Labels::any().and("extra", Values::present()).and("extra", Values::none_of(["e"]))),
        1 => Just(Labels::any().and("extra", Values::present())),
        1 => Just(Labels::any().and("extra", Values::absent())),
    ];
    let account = prop_oneof![5 => Just(Values::any()), 1 => Just(Values::one_of(["s"])), 1 => Just(Values::none_of(["s"]))];
    (namespaces(), pod, account).prop_map(|(namespace, pod, account)| PodBox { namespace, pod, account: account.into() })
}

fn subjects() -> impl Strategy<Value = Subject> {
    boxes().prop_map(|pods| Subject { name: SubjectName::Selected(pods.describe().into()), pods })
}

fn ports() -> impl Strategy<Value = PortSet> {
    let tcp = |low, high| PortSet::range(Protocol::Tcp, low, high);
    prop::sample::select(vec![
        PortSet::all(),
        tcp(80, 80),
        tcp(1, 100),
        tcp(80, 80).union(&PortSet::icmp()),
        PortSet::icmp(),
        PortSet::protocol(Protocol::Udp).union(&tcp(443, 443)),
        PortSet::all().without_icmp(),
    ])
}

/// Addresses, in an allow only those outside the cluster, as plans have them.
fn addresses(networks: &'static [&'static str]) -> impl Strategy<Value = AddressSet> {
    prop::sample::subsequence(networks, 1..=networks.len()).prop_map(|chosen| AddressSet::parse_all(&chosen))
}

const OUTSIDE: &[&str] = &["203.0.113.0/24", "198.51.100.0/25", "2001:db8::/32"];
const ANYWHERE: &[&str] = &["203.0.113.0/24", "10.0.1.0/24", "10.0.0.0/31", "fd00::/64", "2001:db8::/33"];

fn peers(networks: &'static [&'static str]) -> impl Strategy<Value = Vec<Peer>> {
    let listed = (prop::sample::select(vec!["office", "partners"]), addresses(networks));
    let peer = prop_oneof![
        4 => boxes().prop_map(Peer::Pods),
        2 => addresses(networks).prop_map(Peer::Addresses),
        1 => listed.prop_map(|(name, set)| Peer::Listed(name.into(), set)),
        1 => Just(Peer::Anyone),
    ];
    prop::collection::vec(peer, 1..3)
}

fn sides() -> impl Strategy<Value = (bool, bool)> {
    prop::sample::select(vec![(true, true), (true, false), (false, true)])
}

fn parts() -> impl Strategy<Value = Parts> {
    let isolated = (subjects(), sides()).prop_map(|(subject, (ingress, egress))| Isolated {
        subject,
        ingress,
        egress,
        sentences: [SentenceId(0)].into_iter().collect(),
    });
    let side = prop::sample::select(vec![Side::Ingress, Side::Egress]);
    let rule = (any::<prop::sample::Index>(), subjects(), side, peers(OUTSIDE), ports()).prop_map(|(of, subject, side, peers, ports)| {
        (of, Rule { subject, side, peers: peers.into(), ports, sentences: [SentenceId(1)].into_iter().collect() })
    });
    let deny = (peers(ANYWHERE), peers(ANYWHERE), ports()).prop_map(|(sources, destinations, ports)| Deny {
        sources,
        destinations,
        ports,
        name: "d".to_owned(),
        sentence: SentenceId(1),
    });
    (prop::collection::vec(isolated, 0..4), prop::collection::vec(rule, 0..5), prop::collection::vec(deny, 0..3))
}

/// A plan as the compiler makes it: rules stand only where their pods are isolated, and a subject
/// is isolated once.
fn plan(cluster: &crate::ir::Cluster, (isolated, rules, denies): Parts) -> Plan<'_> {
    let under = |(of, mut rule): (prop::sample::Index, Rule)| {
        let fitting: Vec<&Isolated> = isolated.iter().filter(|isolated| isolated.closes(rule.side)).collect();
        let chosen = fitting.get(of.index(fitting.len().max(1)))?;
        let pods = rule.subject.pods.intersection(&chosen.subject.pods);
        rule.subject = Subject { name: SubjectName::Selected(pods.describe().into()), pods };
        (!rule.subject.pods.is_empty()).then_some(rule)
    };
    let rules = rules.into_iter().filter_map(under).collect();
    let mut isolated = isolated;
    isolated.sort_by(|a, b| a.subject.cmp(&b.subject));
    isolated.dedup_by(|next, kept| {
        let same = next.subject == kept.subject;
        kept.ingress |= same && next.ingress;
        kept.egress |= same && next.egress;
        same
    });
    Plan { cluster, isolated, rules, denies, access: Access::default(), tls: crate::plan::tls::Tls::default() }
}

fn holds(parts: Parts) -> Result<(), TestCaseError> {
    let cluster = fixture::cluster();
    let plan = plan(&cluster, parts);
    let (emitted, diagnostics) = emit(&fixture::policy(), &plan);
    prop_assert_eq!(diagnostics, []);
    let mut objects: Vec<Object> = emitted.into_iter().map(|emitted| emitted.object).collect();
    prop_assert!(!enforced::hits_a_host_endpoint(&objects));
    // What somebody else allows behind polc's policies opens nothing that is isolated.
    objects.push(enforced::foreign_allow());
    let sides = proved::sides(&objects);
    let proved = crate::verify::decide::World::new(&sides);
    for connection in world::connections() {
        prop_assert_eq!(proved::passes(&proved, &connection), enforced::passes(&objects, &connection), "{:?}", connection);
        let (meant, found) = (intended::passes(&plan, &connection), enforced::passes(&objects, &connection));
        if meant != found {
            let mut text = String::new();
            crate::manifest::yaml::write_stream(&mut text, &objects);
            return Err(TestCaseError::fail(format!("{connection:?}\nmeant to pass: {meant}\n{plan:#?}\n{text}")));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn objects_on_calico_mean_exactly_what_the_plan_says(parts in parts()) {
        holds(parts)?;
    }
}
