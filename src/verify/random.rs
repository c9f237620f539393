//! Random stacks, a small world of concrete ends, and the plainest evaluator there can be.

use std::collections::BTreeMap;

use proptest::prelude::*;
use smallvec::smallvec;

use super::concrete::{Concrete, Pod};
use super::decide::Port;
use super::stack::{Action, End, Origin, Policy, Rule, Sides, Stack, Tier};
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::{Labels, Values};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::semantics::ports::{PortSet, Protocol};
use crate::semantics::traffic::Part;

fn namespaces() -> impl Strategy<Value = Labels> {
    prop_oneof![
        5 => prop::sample::select(vec!["a", "b"]).prop_map(|name| Labels::equal(NAMESPACE_NAME, name)),
        2 => Just(Labels::any()),
        1 => Just(Labels::any().and(NAMESPACE_NAME, Values::one_of(["a", "b"]))),
        1 => Just(Labels::equal("env", "prod")),
        1 => Just(Labels::any().and("env", Values::none_of(["prod"]))),
        1 => Just(Labels::any().and(NAMESPACE_NAME, Values::none_of(["a"]))),
    ]
}

fn pods() -> impl Strategy<Value = PodBox> {
    let label = |key: &'static str| {
        prop_oneof![
            3 => Just(Labels::any()),
            3 => Just(Labels::equal(key, "x")),
            1 => Just(Labels::any().and(key, Values::none_of(["x"]))),
            1 => Just(Labels::any().and(key, Values::one_of(["x", "y"]))),
            1 => Just(Labels::any().and(key, Values::present())),
            1 => Just(Labels::any().and(key, Values::absent())),
        ]
    };
    let account = prop_oneof![6 => Just(Values::any()), 1 => Just(Values::one_of(["s"])), 1 => Just(Values::none_of(["s"]))];
    (namespaces(), label("app"), label("tier"), account).prop_map(|(namespace, app, tier, account)| PodBox {
        namespace,
        pod: app.intersection(&tier),
        account: account.into(),
    })
}

fn addresses() -> impl Strategy<Value = AddressSet> {
    prop::sample::subsequence(vec!["10.0.0.0/24", "203.0.113.0/24", "203.0.113.5", "fd00::/64"], 1..3)
        .prop_map(|networks| AddressSet::parse_all(&networks))
}

fn subject() -> impl Strategy<Value = EndBox> {
    let addresses = prop_oneof![6 => Just(AddressSet::all()), 1 => addresses()];
    (pods(), addresses).prop_map(|(pods, addresses)| EndBox::Pods { pods, addresses })
}

pub(super) fn peers() -> impl Strategy<Value = Vec<EndBox>> {
    let one = prop_oneof![
        5 => pods().prop_map(|pods| vec![EndBox::pods(pods)]),
        2 => addresses().prop_map(|set| EndBox::holders(set).to_vec()),
        1 => addresses().prop_map(|set| vec![EndBox::Outside(set)]),
        1 => Just(EndBox::everyone().to_vec()),
    ];
    prop::collection::vec(one, 0..3).prop_map(|all| all.concat())
}

fn ports() -> impl Strategy<Value = PortSet> {
    let tcp = |low, high| PortSet::range(Protocol::Tcp, low, high);
    prop::sample::select(vec![
        PortSet::all(),
        tcp(80, 80),
        tcp(1, 100),
        PortSet::protocol(Protocol::Udp).union(&tcp(443, 443)),
        PortSet::icmp(),
    ])
}

/// A few parts of traffic.
pub(super) fn parts() -> impl Strategy<Value = Vec<Part>> {
    let of =
        |(ends, ports): (Vec<EndBox>, PortSet)| ends.into_iter().map(move |end| Part { end, ports: ports.clone() }).collect::<Vec<_>>();
    prop::collection::vec((peers(), ports()).prop_map(of), 0..3).prop_map(|all| all.concat())
}

fn rule(actions: &'static [Action]) -> impl Strategy<Value = Rule> {
    (prop::sample::select(actions), peers(), ports()).prop_map(|(action, peers, ports)| Rule {
        origin: Origin::Default,
        action,
        peers: peers.into(),
        ports,
        named: smallvec![],
        doubt: false,
    })
}

fn policy(actions: &'static [Action]) -> impl Strategy<Value = Policy> {
    (prop::collection::vec(subject(), 1..3), prop::collection::vec(rule(actions), 0..3)).prop_map(|(subjects, rules)| Policy {
        origin: Origin::Default,
        subjects: subjects.into(),
        rules,
    })
}

/// A tier whose policies only allow, as NetworkPolicies do.
pub(super) fn allows() -> impl Strategy<Value = Stack> {
    let policies = prop::collection::vec(policy(&[Action::Allow]), 0..6);
    policies.prop_map(|policies| Stack { tiers: vec![Tier { name: "allows".into(), policies, end: End::Deny }] })
}

/// Any stack.
pub(super) fn stack() -> impl Strategy<Value = Stack> {
    let actions = &[Action::Allow, Action::Allow, Action::Deny, Action::Pass];
    let end = prop::sample::select(vec![End::Deny, End::Pass]);
    let tier = (prop::collection::vec(policy(actions), 0..4), end).prop_map(|(policies, end)| Tier { name: "tier".into(), policies, end });
    prop::collection::vec(tier, 0..4).prop_map(|tiers| Stack { tiers })
}

/// Pods that policies can tell apart, and some that none names.
pub(super) fn all_pods() -> Vec<Concrete> {
    let mut all = Vec::new();
    for namespace in ["a", "b", "c"] {
        for env in [None, Some("prod")] {
            for app in [None, Some("x"), Some("y"), Some("q")] {
                for (tier, account, address) in [(None, "s", "10.0.0.1"), (Some("x"), "t", "10.9.9.9"), (Some("z"), "t", "fd00::1")] {
                    all.push(pod(namespace, env, app, tier, account, address));
                }
            }
        }
    }
    all
}

fn pod(namespace: &str, env: Option<&str>, app: Option<&str>, tier: Option<&str>, account: &str, address: &str) -> Concrete {
    let map = |pairs: &[(&str, Option<&str>)]| {
        pairs.iter().filter_map(|(key, value)| Some(((*key).to_owned(), (*value)?.to_owned()))).collect::<BTreeMap<_, _>>()
    };
    Concrete::Pod(Pod {
        namespace: namespace.into(),
        namespace_labels: map(&[(NAMESPACE_NAME, Some(namespace)), ("env", env)]),
        labels: map(&[("app", app), ("tier", tier)]),
        account: account.into(),
        addresses: AddressSet::parse_all(&[address]),
        ports: Vec::new(),
    })
}

/// The ends that are as this one in everything that a random rule asks.
pub(super) fn boxed(end: &Concrete) -> EndBox {
    let pod = match end {
        Concrete::Pod(pod) => pod,
        Concrete::Outside(addresses) => return EndBox::Outside(addresses.clone()),
    };
    let value = |value: Option<&String>| value.map_or_else(Values::absent, |value| Values::one_of([value.as_str()]));
    let exactly = |labels: &BTreeMap<String, String>, keys: [&'static str; 2]| {
        keys.into_iter().fold(Labels::any(), |all, key| all.and(key, value(labels.get(key))))
    };
    let pods = PodBox {
        namespace: exactly(&pod.namespace_labels, [NAMESPACE_NAME, "env"]),
        pod: exactly(&pod.labels, ["app", "tier"]),
        account: Values::one_of([pod.account.as_str()]).into(),
    };
    EndBox::Pods { pods, addresses: pod.addresses.clone() }
}

/// Both directions, each of any kind.
pub(super) fn sides() -> impl Strategy<Value = Sides> {
    let side = || prop_oneof![3 => stack(), 2 => allows(), 1 => Just(Stack::default())];
    (side(), side()).prop_map(|(ingress, egress)| Sides { ingress, egress })
}

/// The pods, and addresses that are none.
pub(super) fn all_ends() -> Vec<Concrete> {
    let outside =
        ["203.0.113.5", "203.0.113.9", "192.0.2.1", "2001:db8::1"].map(|address| Concrete::Outside(AddressSet::parse_all(&[address])));
    all_pods().into_iter().chain(outside).collect()
}

pub(super) const PORTS: [Port; 5] = [port(6, 80), port(6, 90), port(6, 443), port(17, 53), port(1, 0x0800)];

const fn port(protocol: u8, detail: u16) -> Port {
    Port { protocol, detail }
}

/// Whether a stack lets a connection through, rule by rule.
pub(super) fn passes(stack: &Stack, own: &Concrete, other: &Concrete, port: Port) -> bool {
    for tier in &stack.tiers {
        let selecting: Vec<&Policy> = tier.policies.iter().filter(|policy| policy.subjects.iter().any(|pods| holds(pods, own))).collect();
        let rules = selecting.iter().flat_map(|policy| &policy.rules);
        let mut matching =
            rules.filter(|rule| rule.ports.holds(port.protocol, port.detail) && rule.peers.iter().any(|end| holds(end, other)));
        match matching.next().map(|rule| rule.action) {
            Some(Action::Allow) => return true,
            Some(Action::Deny) => return false,
            None if tier.end == End::Deny && !selecting.is_empty() => return false,
            Some(Action::Pass) | None => {}
        }
    }
    true
}

/// Whether a concrete end is in a box.
pub(super) fn holds(ends: &EndBox, end: &Concrete) -> bool {
    match (ends, end) {
        (EndBox::Pods { pods, addresses }, Concrete::Pod(pod)) => {
            pods.namespace.admits(&pod.namespace_labels)
                && pods.pod.admits(&pod.labels)
                && pods.account.admits(Some(&pod.account))
                && pod.addresses.is_subset(addresses)
        }
        (EndBox::Outside(addresses), Concrete::Outside(own)) => own.is_subset(addresses),
        _ => false,
    }
}
