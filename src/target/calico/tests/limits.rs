//! What Calico can hold.

use super::*;

/// network-targets 2.2: 256 networks are the most in one rule; more are a set.
#[test]
fn a_long_list_of_addresses_is_a_network_set() {
    let long =
        (0..257u16).fold(AddressSet::none(), |all, at| all.union(&AddressSet::parse_all(&[&format!("10.{}.{}.0/25", at / 256, at % 256)])));
    let out = emitted(|plan| plan.denies = vec![deny(vec![Peer::Addresses(long)], vec![Peer::Pods(workload("a", "b"))], PortSet::all())]);
    let set = out.iter().find_map(|emitted| if let Object::GlobalNetworkSet(set) = &emitted.object { Some(set) } else { None }).unwrap();
    assert_eq!(set.networks.len(), 257);
    let label = set.metadata.labels.get("polc.dev/set").unwrap();
    assert_eq!(set.metadata.name, format!("polc-{label}"));
    let rule = policies(&out).first().and_then(|policy| policy.ingress.as_ref()).and_then(|rules| rules.first()).unwrap().clone();
    assert_eq!(rule.source.selector, Some(format!("polc.dev/set == '{label}'")));
    assert_eq!(rule.source.namespace_selector.as_deref(), Some("global()"));
    assert_eq!(rule.source.nets, None);
}

/// network-targets 2.5: selectors of more than 1,024 characters are split into several policies, or refused.
#[test]
fn a_long_selector_is_split_where_it_is_a_union_and_refused_where_it_is_not() {
    let many: Vec<Peer> = (0..40).map(|at| Peer::Pods(workload(&format!("namespace-{at}"), "database"))).collect();
    let out = emitted(|plan| plan.denies = vec![deny(vec![Peer::Anyone], many, PortSet::all())]);
    assert!(policies(&out).len() > 1);
    assert!(policies(&out).iter().all(|policy| policy.selector.len() <= 1024));
    let named: usize = policies(&out).iter().map(|policy| policy.selector.matches("'database'").count()).sum();
    assert_eq!(named, 40);

    let cluster = cluster();
    let one = PodBox::in_namespace("a").with(&Labels::any().and("app", Values::one_of((0..200).map(|at| format!("value-{at}")))));
    let plan = Plan { denies: vec![deny(vec![Peer::Anyone], vec![Peer::Pods(one)], PortSet::all())], ..empty(&cluster) };
    let (_, diagnostics) = emit(&policy(), &plan);
    assert_eq!(diagnostics.iter().map(|error| error.code.as_str()).collect::<Vec<_>>(), ["calico-limit-exceeded"]);
}

/// network-targets 2.4: Calico gives pods of accounts with long names no label, so no policy could find them.
#[test]
fn a_service_account_with_a_long_name_is_refused() {
    let cluster = cluster();
    let long = PodBox { account: Values::one_of(["a".repeat(63)]).into(), ..PodBox::in_namespace("a") };
    let plan = Plan { rules: vec![allow(whole("a"), Side::Ingress, vec![Peer::Pods(long)], tcp(1, 1))], ..empty(&cluster) };
    let (_, diagnostics) = emit(&policy(), &plan);
    assert_eq!(diagnostics.iter().map(|error| error.code.as_str()).collect::<Vec<_>>(), ["calico-limit-exceeded"]);
}

/// network-targets 2.2: a policy holds at most 1,024 rules for each direction.
#[test]
fn more_rules_than_calico_takes_are_refused() {
    let cluster = cluster();
    let many: Vec<Peer> = (0..1025).map(|at| Peer::Pods(workload("a", &format!("w{at}")))).collect();
    let plan = Plan { denies: vec![deny(many, vec![Peer::Pods(workload("a", "b"))], PortSet::all())], ..empty(&cluster) };
    let (_, diagnostics) = emit(&policy(), &plan);
    assert_eq!(diagnostics.iter().map(|error| error.code.as_str()).collect::<Vec<_>>(), ["calico-limit-exceeded"]);
}

/// network-targets 2.2: more than 50 ports are several rules.
#[test]
fn more_ports_than_a_rule_takes_are_several_rules() {
    let ports = (0..120u16).fold(PortSet::none(), |all, at| all.union(&tcp(1000 + 2 * at, 1000 + 2 * at)));
    let out = emitted(|plan| plan.denies = vec![deny(vec![Peer::Anyone], vec![Peer::Pods(workload("a", "b"))], ports)]);
    let counts: Vec<usize> = policies(&out)
        .iter()
        .flat_map(|policy| policy.ingress.iter().flatten())
        .map(|rule| rule.destination.ports.as_ref().map_or(0, |ports| ports.iter().count()))
        .collect();
    assert_eq!(counts, [50, 50, 20]);
}
