//! What becomes of plans on Calico. Each test names the rule of network-targets.md it holds.

use std::collections::BTreeMap;

use insta::assert_snapshot;

use super::emit;
use crate::ir::{Cluster, SentenceId};
use crate::manifest::{Object, calico};
use crate::plan::{Deny, Isolated, Peer, Plan, Rule, Side, Subject, SubjectName};
use crate::semantics::addresses::AddressSet;
use crate::semantics::labels::{Labels, Values};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::semantics::ports::{PortSet, Protocol};
use crate::target::Emitted;
use crate::target::fixture::{cluster, policy};

fn empty(cluster: &Cluster) -> Plan<'_> {
    Plan { cluster, isolated: Vec::new(), rules: Vec::new(), denies: Vec::new() }
}

fn emitted(change: impl FnOnce(&mut Plan<'_>)) -> Vec<Emitted> {
    let cluster = cluster();
    let mut plan = empty(&cluster);
    change(&mut plan);
    let (mut emitted, diagnostics) = emit(&policy(), &plan);
    assert_eq!(diagnostics, []);
    crate::target::order::sort(&mut emitted);
    emitted
}

fn yaml(emitted: &[Emitted]) -> String {
    let mut out = String::new();
    crate::manifest::yaml::write_stream(&mut out, emitted.iter().map(|emitted| &emitted.object));
    out
}

fn policies(emitted: &[Emitted]) -> Vec<&calico::Policy> {
    emitted.iter().filter_map(|emitted| calico_policy(&emitted.object)).collect()
}

fn calico_policy(object: &Object) -> Option<&calico::Policy> {
    if let Object::GlobalNetworkPolicy(policy) | Object::CalicoNetworkPolicy(policy) = object { Some(policy) } else { None }
}

fn workload(namespace: &str, app: &str) -> PodBox {
    PodBox::in_namespace(namespace).with(&Labels::equal("app", app))
}

fn subject(pods: PodBox, name: &str) -> Subject {
    Subject { pods, name: SubjectName::Workload(name.into()) }
}

fn whole(namespace: &str) -> Subject {
    Subject { pods: PodBox::in_namespace(namespace), name: SubjectName::All }
}

/// Every pod of every namespace but kube-system.
fn wide() -> Subject {
    let pods = PodBox { namespace: Labels::any().and(NAMESPACE_NAME, Values::none_of(["kube-system"])), ..PodBox::default() };
    Subject { name: SubjectName::Selected(pods.describe().into()), pods }
}

fn isolated(subject: Subject, ingress: bool, egress: bool) -> Isolated {
    Isolated { subject, ingress, egress, sentences: vec![SentenceId(0)] }
}

fn allow(subject: Subject, side: Side, peers: Vec<Peer>, ports: PortSet) -> Rule {
    Rule { subject, side, peers, ports, sentences: vec![SentenceId(1)] }
}

fn deny(sources: Vec<Peer>, destinations: Vec<Peer>, ports: PortSet) -> Deny {
    Deny { sources, destinations, ports, name: "a-to-b".into(), sentence: SentenceId(1) }
}

fn tcp(low: u16, high: u16) -> PortSet {
    PortSet::range(Protocol::Tcp, low, high)
}

fn networks(list: &[&str]) -> AddressSet {
    AddressSet::parse_all(list)
}

/// network-targets 2.9: isolation by NetworkPolicy is not final; a seal at 1000.5, with an explicit
/// Deny and its types, closes it.
#[test]
fn an_isolation_is_sealed_with_an_explicit_deny() {
    let out = emitted(|plan| {
        plan.isolated = vec![isolated(subject(workload("shop", "db"), "db"), true, false), isolated(whole("shop"), true, true)]
    });
    assert_snapshot!(yaml(&out), @r"
    apiVersion: projectcalico.org/v3
    kind: NetworkPolicy
    metadata:
      name: polc-seal
      namespace: shop
      labels:
        app.kubernetes.io/managed-by: polc
      annotations:
        polc.dev/because: first
    spec:
      tier: default
      order: 1000.5
      selector: all()
      types:
      - Ingress
      - Egress
      ingress:
      - action: Deny
      egress:
      - action: Deny
    ---
    apiVersion: projectcalico.org/v3
    kind: NetworkPolicy
    metadata:
      name: polc-seal-db
      namespace: shop
      labels:
        app.kubernetes.io/managed-by: polc
      annotations:
        polc.dev/because: first
    spec:
      tier: default
      order: 1000.5
      selector: app == 'db'
      types:
      - Ingress
      ingress:
      - action: Deny
    ");
}

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

/// network-targets 2.6b: without a deny there is no tier.
#[test]
fn there_is_no_tier_without_a_deny() {
    let out = emitted(|plan| plan.isolated = vec![isolated(whole("a"), true, true)]);
    assert!(!out.iter().any(|emitted| matches!(emitted.object, Object::Tier(_))));
}

/// network-targets 2.9: what only Calico can allow stands at 1000.4, before the seal and behind NetworkPolicies.
#[test]
fn service_accounts_and_icmp_are_allowed_right_before_the_seal() {
    let ci = Peer::Pods(PodBox { account: Values::one_of(["ci"]), ..PodBox::in_namespace("build") });
    let api = subject(workload("shop", "api"), "api");
    let out = emitted(|plan| {
        plan.rules = vec![
            allow(api.clone(), Side::Ingress, vec![ci], tcp(8443, 8443)),
            allow(api.clone(), Side::Ingress, vec![Peer::Pods(workload("shop", "web"))], tcp(443, 443)),
            allow(api.clone(), Side::Egress, vec![Peer::Addresses(networks(&["203.0.113.0/24"]))], PortSet::icmp()),
        ];
    });
    assert_snapshot!(yaml(&out), @r"
    apiVersion: projectcalico.org/v3
    kind: NetworkPolicy
    metadata:
      name: polc-allow-api
      namespace: shop
      labels:
        app.kubernetes.io/managed-by: polc
      annotations:
        polc.dev/because: second
    spec:
      tier: default
      order: 1000.4
      selector: app == 'api'
      types:
      - Ingress
      - Egress
      ingress:
      - action: Allow
        protocol: TCP
        source:
          namespaceSelector: projectcalico.org/name == 'build'
          selector: projectcalico.org/orchestrator == 'k8s'
          serviceAccounts:
            names:
            - ci
        destination:
          ports:
          - 8443
      egress:
      - action: Allow
        protocol: ICMP
        ipVersion: 4
        destination:
          nets:
          - 203.0.113.0/24
    ");
}

/// network-targets 1.4: every port is every protocol, so NetworkPolicy says it.
#[test]
fn every_port_is_left_to_network_policy() {
    let out = emitted(|plan| plan.rules = vec![allow(whole("a"), Side::Ingress, vec![Peer::Anyone], PortSet::all())]);
    assert_eq!(out, []);
}

/// network-targets 2.9: pods not yet born are isolated by a global policy with explicit Deny rules and
/// types; its allows, such as DNS, stand before it.
#[test]
fn namespaces_not_yet_born_are_isolated_globally() {
    let dns = PortSet::range(Protocol::Udp, 53, 53).union(&tcp(53, 53));
    let out = emitted(|plan| {
        plan.isolated = vec![isolated(wide(), true, true)];
        plan.rules = vec![allow(wide(), Side::Egress, vec![Peer::Pods(workload("kube-system", "kube-dns"))], dns)];
    });
    assert_snapshot!(yaml(&out), @r"
    apiVersion: projectcalico.org/v3
    kind: GlobalNetworkPolicy
    metadata:
      name: polc-allow-pods-9bacb38f
      labels:
        app.kubernetes.io/managed-by: polc
      annotations:
        polc.dev/because: second
    spec:
      tier: default
      order: 1000.4
      selector: projectcalico.org/orchestrator == 'k8s' && projectcalico.org/namespace != 'kube-system'
      types:
      - Egress
      egress:
      - action: Allow
        protocol: TCP
        destination:
          namespaceSelector: projectcalico.org/name == 'kube-system'
          selector: projectcalico.org/orchestrator == 'k8s' && app == 'kube-dns'
          ports:
          - 53
      - action: Allow
        protocol: UDP
        destination:
          namespaceSelector: projectcalico.org/name == 'kube-system'
          selector: projectcalico.org/orchestrator == 'k8s' && app == 'kube-dns'
          ports:
          - 53
    ---
    apiVersion: projectcalico.org/v3
    kind: GlobalNetworkPolicy
    metadata:
      name: polc-isolate-pods-9bacb38f
      labels:
        app.kubernetes.io/managed-by: polc
      annotations:
        polc.dev/because: first
    spec:
      tier: default
      order: 1000.5
      selector: projectcalico.org/orchestrator == 'k8s' && projectcalico.org/namespace != 'kube-system'
      types:
      - Ingress
      - Egress
      ingress:
      - action: Deny
      egress:
      - action: Deny
    ");
}

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

/// network-targets 2.2: `types` is always written, for exactly the sides that have rules.
#[test]
fn types_are_the_sides_that_have_rules() {
    let out = emitted(|plan| plan.isolated = vec![isolated(whole("a"), false, true)]);
    let text = yaml(&out);
    assert!(text.contains("  types:\n  - Egress\n  egress:\n  - action: Deny\n"), "{text}");
    assert!(!text.contains("ngress:\n  - Ingress"), "{text}");
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
        policies(&out).into_iter().map(|policy| (policy.metadata.name.clone(), sides(policy))).collect::<BTreeMap<_, _>>()
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
    let long = PodBox { account: Values::one_of(["a".repeat(63)]), ..PodBox::in_namespace("a") };
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

/// Pods by service account: no NetworkPolicy can select them, so the seal alone isolates them.
#[test]
fn pods_of_a_service_account_are_isolated_by_calico_alone() {
    let pods = PodBox { account: Values::one_of(["ci"]), ..PodBox::in_namespace("build") };
    let subject = Subject { name: SubjectName::Selected(pods.describe().into()), pods };
    let out = emitted(|plan| plan.isolated = vec![isolated(subject.clone(), true, false)]);
    let only = policies(&out);
    assert_eq!(only.len(), 1);
    assert!(only.iter().all(|policy| policy.metadata.name.starts_with("polc-isolate-pods-")
        && policy.selector == "projectcalico.org/serviceaccount == 'ci'"
        && policy.order_tenths == 10_005));
}

#[test]
fn every_object_and_every_rule_says_where_it_comes_from() {
    let out = emitted(|plan| {
        plan.isolated = vec![isolated(whole("a"), true, true)];
        plan.denies = vec![deny(vec![Peer::Anyone], vec![Peer::Pods(workload("a", "b"))], PortSet::all())];
    });
    for emitted in &out {
        let Some((pointer, sentences)) = emitted.origins.first() else { panic!("{emitted:?}") };
        assert!(pointer.is_empty() && !sentences.is_empty());
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
