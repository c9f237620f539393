//! Isolations, their seals, and what only Calico can allow.

use super::*;

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

/// network-targets 2.9: what only Calico can allow stands at 1000.4, before the seal and behind NetworkPolicies.
#[test]
fn service_accounts_and_icmp_are_allowed_right_before_the_seal() {
    let ci = Peer::Pods(PodBox { account: Values::one_of(["ci"]).into(), ..PodBox::in_namespace("build") });
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

/// network-targets 2.2: `types` is always written, for exactly the sides that have rules.
#[test]
fn types_are_the_sides_that_have_rules() {
    let out = emitted(|plan| plan.isolated = vec![isolated(whole("a"), false, true)]);
    let text = yaml(&out);
    assert!(text.contains("  types:\n  - Egress\n  egress:\n  - action: Deny\n"), "{text}");
    assert!(!text.contains("ngress:\n  - Ingress"), "{text}");
}

/// Pods by service account: no NetworkPolicy can select them, so the seal alone isolates them.
#[test]
fn pods_of_a_service_account_are_isolated_by_calico_alone() {
    let pods = PodBox { account: Values::one_of(["ci"]).into(), ..PodBox::in_namespace("build") };
    let subject = Subject { name: SubjectName::Selected(pods.describe().into()), pods };
    let out = emitted(|plan| plan.isolated = vec![isolated(subject.clone(), true, false)]);
    let only = policies(&out);
    assert_eq!(only.len(), 1);
    assert!(only.iter().all(|policy| policy.metadata.name.starts_with("polc-isolate-pods-")
        && policy.selector == "projectcalico.org/serviceaccount == 'ci'"
        && policy.order_tenths == 10_005));
}
