//! Denies, their tier, and the sets of addresses they name.

use super::*;

/// network-targets 2.6b: a deny in tier default would close all it selects; it stands in a tier of its
/// own that passes on, and the Tier goes first (2.9).
#[test]
fn a_deny_stands_in_a_tier_of_its_own_that_goes_first() {
    let metadata = Peer::Addresses(networks(&["169.254.169.254", "fd00:ec2::254"]));
    let out = emitted(|plan| plan.denies = vec![deny(vec![Peer::Pods(wide().pods)], vec![metadata], PortSet::all())]);
    assert_snapshot!(yaml(&out), @r"
    apiVersion: projectcalico.org/v3
    kind: Tier
    metadata:
      name: polc
      labels:
        app.kubernetes.io/managed-by: polc
    spec:
      order: 500
      defaultAction: Pass
    ---
    apiVersion: projectcalico.org/v3
    kind: GlobalNetworkPolicy
    metadata:
      name: polc.a-to-b-egress
      labels:
        app.kubernetes.io/managed-by: polc
      annotations:
        polc.dev/because: second
    spec:
      tier: polc
      order: 100
      selector: projectcalico.org/orchestrator == 'k8s' && projectcalico.org/namespace != 'kube-system'
      types:
      - Egress
      egress:
      - action: Deny
        destination:
          nets:
          - 169.254.169.254/32
      - action: Deny
        destination:
          nets:
          - fd00:ec2::254/128
    ");
    assert!(policies(&out).iter().all(|policy| policy.tier == "polc"
        && policy.ingress.iter().chain(&policy.egress).flatten().all(|rule| rule.action == calico::Action::Deny)));
}

/// network-targets 2.2: IPv4 and IPv6 never stand in one rule, and meet no other family.
#[test]
fn families_are_never_mixed() {
    let both = |v4: &str, v6: &str| Peer::Addresses(networks(&[v4, v6]));
    let out = emitted(|plan| {
        plan.denies = vec![deny(
            vec![both("192.0.2.0/24", "2001:db8::/32")],
            vec![both("10.0.0.0/8", "fd00::/8")],
            tcp(22, 22).union(&PortSet::icmp()),
        )]
    });
    let rules: Vec<&calico::Rule> =
        policies(&out).into_iter().flat_map(|policy| policy.ingress.iter().chain(&policy.egress).flatten()).collect();
    assert_eq!(rules.len(), 8);
    for rule in rules {
        let nets = [&rule.source.nets, &rule.destination.nets].into_iter().flatten().flat_map(|nets| nets.iter());
        let families: std::collections::BTreeSet<bool> = nets.map(|net| net.addr().is_ipv4()).collect();
        assert_eq!(families.len(), 1, "{rule:?}");
        let v4 = families.contains(&true);
        assert_eq!(rule.ip_version, (rule.protocol != Some("TCP")).then_some(if v4 { 4 } else { 6 }));
        assert!(rule.protocol == Some("TCP") || rule.protocol == Some(if v4 { "ICMP" } else { "ICMPv6" }));
    }
}

/// network-targets 2.2: numeric ports need a protocol; a whole protocol needs no ports.
#[test]
fn ports_always_stand_with_their_protocol() {
    let ports = PortSet::protocol(Protocol::Udp).union(&tcp(80, 80)).union(&tcp(8000, 8100));
    let out = emitted(|plan| plan.denies = vec![deny(vec![Peer::Anyone], vec![Peer::Pods(workload("a", "b"))], ports)]);
    for rule in policies(&out).into_iter().flat_map(|policy| policy.ingress.iter().flatten()) {
        assert!(rule.protocol.is_some() || rule.destination.ports.is_none());
        assert!(rule.source.ports.is_none());
    }
    let text = yaml(&out);
    assert!(text.contains("protocol: UDP\n---") || text.ends_with("protocol: UDP\n"), "{text}");
    assert!(text.contains("      ports:\n      - 80\n      - \"8000:8100\"\n"), "{text}");
}

/// language §4: pods close where they are called, or where they call an address; whoever holds an
/// address closes with it.
#[test]
fn a_deny_stands_at_the_ends_that_are_pods_and_covers_every_pair() {
    let pods = |app: &str| Peer::Pods(workload("a", app));
    let at = |sources: Vec<Peer>, destinations: Vec<Peer>| {
        let out = emitted(|plan| plan.denies = vec![deny(sources, destinations, PortSet::all())]);
        let sides = |policy: &calico::Policy| (policy.ingress.as_ref().map_or(0, Vec::len), policy.egress.as_ref().map_or(0, Vec::len));
        policies(&out).into_iter().map(|policy| (policy.metadata.name.to_string(), sides(policy))).collect::<BTreeMap<_, _>>()
    };
    let net = || Peer::Addresses(networks(&["10.0.0.0/8"]));
    let named = |list: &[(&str, (usize, usize))]| {
        list.iter().map(|(end, sides)| (format!("polc.a-to-b-{end}"), *sides)).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(at(vec![pods("x")], vec![pods("y")]), named(&[("ingress", (1, 0))]));
    assert_eq!(at(vec![pods("x")], vec![net()]), named(&[("egress", (0, 1))]));
    assert_eq!(at(vec![net()], vec![pods("y")]), named(&[("ingress", (1, 0))]));
    assert_eq!(at(vec![net()], vec![net()]), named(&[("addresses", (1, 1))]));
    assert_eq!(
        at(vec![pods("x"), net()], vec![pods("y"), net()]),
        named(&[("ingress", (2, 0)), ("egress", (0, 1)), ("addresses", (1, 1))])
    );
    assert_eq!(at(vec![Peer::Anyone], vec![pods("y")]), named(&[("ingress", (1, 0))]));
    assert_eq!(at(vec![pods("x")], vec![Peer::Anyone]), named(&[("egress", (0, 1))]));
    assert_eq!(at(vec![Peer::Anyone], vec![Peer::Anyone]), named(&[("addresses", (1, 1))]));
}

/// network-targets 2.3: a set's label has a reserved key, and only global things are asked for it: a
/// pod that carries the label does not become a member.
#[test]
fn a_declared_list_is_a_network_set_that_no_pod_can_join() {
    let office = || Peer::Listed("office".into(), networks(&["203.0.113.0/24", "2001:db8::/32"]));
    let out = emitted(|plan| plan.denies = vec![deny(vec![office()], vec![Peer::Pods(workload("shop", "db"))], tcp(5432, 5432))]);
    assert_snapshot!(yaml(&out), @r"
    apiVersion: projectcalico.org/v3
    kind: Tier
    metadata:
      name: polc
      labels:
        app.kubernetes.io/managed-by: polc
    spec:
      order: 500
      defaultAction: Pass
    ---
    apiVersion: projectcalico.org/v3
    kind: GlobalNetworkSet
    metadata:
      name: polc-office
      labels:
        polc.dev/set: office
      annotations:
        app.kubernetes.io/managed-by: polc
        polc.dev/because: second
    spec:
      nets:
      - 203.0.113.0/24
      - 2001:db8::/32
    ---
    apiVersion: projectcalico.org/v3
    kind: GlobalNetworkPolicy
    metadata:
      name: polc.a-to-b-ingress
      labels:
        app.kubernetes.io/managed-by: polc
      annotations:
        polc.dev/because: second
    spec:
      tier: polc
      order: 100
      selector: projectcalico.org/orchestrator == 'k8s' && projectcalico.org/namespace == 'shop' && app == 'db'
      types:
      - Ingress
      ingress:
      - action: Deny
        protocol: TCP
        source:
          namespaceSelector: global()
          selector: polc.dev/set == 'office'
        destination:
          ports:
          - 5432
    ");
}

/// A list of which an exception cuts a piece is another set, under another name.
#[test]
fn a_list_and_its_rest_are_two_sets() {
    let listed = |nets: &[&str]| vec![Peer::Listed("office".into(), networks(nets))];
    let destination = || vec![Peer::Pods(workload("a", "b"))];
    let out = emitted(|plan| {
        plan.denies = vec![deny(listed(&["10.0.0.0/8"]), destination(), tcp(1, 1)), deny(listed(&["10.0.0.0/9"]), destination(), tcp(2, 2))]
    });
    let names: Vec<&str> = out
        .iter()
        .filter(|emitted| matches!(emitted.object, Object::GlobalNetworkSet(_)))
        .map(|emitted| emitted.object.metadata().name.as_str())
        .collect();
    assert_eq!(names.len(), 2);
    assert!(names.iter().all(|name| name.starts_with("polc-office-")), "{names:?}");
    assert_eq!(
        policies(&out).iter().map(|policy| policy.metadata.name.as_str()).collect::<std::collections::BTreeSet<_>>().len(),
        2,
        "policies of one name that differ both carry a hash"
    );
}
