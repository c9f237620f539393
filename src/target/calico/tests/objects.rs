//! What holds for every object.

use super::*;
use crate::target::Piece;

/// network-targets 2.6c: no policy hits host endpoints, whatever it is about.
#[test]
fn global_policies_never_hit_host_endpoints() {
    let every = || Subject { pods: PodBox::default(), name: SubjectName::All };
    let out = emitted(|plan| {
        plan.isolated = vec![isolated(every(), true, true)];
        plan.rules = vec![allow(every(), Side::Ingress, vec![Peer::Anyone], tcp(9090, 9090))];
        plan.denies = vec![
            deny(vec![Peer::Anyone], vec![Peer::Pods(PodBox::default())], PortSet::all()),
            deny(vec![Peer::Anyone], vec![Peer::Addresses(networks(&["10.0.0.0/8"]))], PortSet::all()),
        ];
    });
    assert_eq!(policies(&out).len(), 4);
    for policy in policies(&out) {
        assert!(policy.selector.starts_with("projectcalico.org/orchestrator == 'k8s'"), "{}", policy.selector);
    }
}

/// network-targets 2.0: one dot in the tier's names, none in the default tier.
#[test]
fn names_are_valid_on_every_version() {
    let odd = || Subject { pods: workload("a", "b"), name: SubjectName::Workload("api.v1_X".into()) };
    let out = emitted(|plan| {
        plan.isolated = vec![isolated(odd(), true, true)];
        plan.denies = vec![Deny {
            name: "orders/api,10.0.0.0/8-to-internet".into(),
            ..deny(vec![Peer::Anyone], vec![Peer::Pods(workload("a", "b"))], PortSet::all())
        }];
    });
    for policy in policies(&out) {
        let dots = policy.metadata.name.matches('.').count();
        assert_eq!(dots, usize::from(policy.tier == "polc"), "{}", policy.metadata.name);
        assert!(policy.metadata.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.'));
    }
}

#[test]
fn every_object_and_every_rule_says_where_it_comes_from() {
    let out = emitted(|plan| {
        plan.isolated = vec![isolated(whole("a"), true, true)];
        plan.denies = vec![deny(vec![Peer::Anyone], vec![Peer::Pods(workload("a", "b"))], PortSet::all())];
    });
    for emitted in &out {
        let Some((piece, sentences)) = emitted.origins.first() else { panic!("{emitted:?}") };
        assert!(*piece == Piece::Whole && !sentences.is_empty());
        let rules =
            policies(std::slice::from_ref(emitted)).iter().flat_map(|policy| policy.ingress.iter().chain(&policy.egress)).flatten().count();
        assert_eq!(emitted.origins.len(), 1 + rules);
    }
}

/// Calico's objects are for clusters where Calico enforces.
#[test]
fn another_cluster_gets_nothing_of_calico() {
    let cluster = Cluster { calico: None, ..cluster() };
    let plan = Plan { isolated: vec![isolated(whole("a"), true, true)], ..empty(&cluster) };
    assert_eq!(emit(&policy(), &plan), (Vec::new(), Vec::new()));
}

/// network-targets 2.6b: without a deny there is no tier.
#[test]
fn there_is_no_tier_without_a_deny() {
    let out = emitted(|plan| plan.isolated = vec![isolated(whole("a"), true, true)]);
    assert!(!out.iter().any(|emitted| matches!(emitted.object, Object::Tier(_))));
}
