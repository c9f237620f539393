use insta::assert_snapshot;

use super::shown;

fn of(version: &str, kind: &str, spec: &str) -> String {
    format!("apiVersion: policy.networking.k8s.io/{version}\nkind: {kind}\nmetadata: {{name: default}}\nspec: {spec}\n---\n")
}

fn newer(spec: &str) -> String {
    shown(&of("v1alpha2", "ClusterNetworkPolicy", spec))
}

const NETWORK_POLICY: &str = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: shop}\nspec: {}\n---\n";

#[test]
fn admin_comes_before_network_policies_and_baseline_after_them() {
    let rules = "subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]";
    let baseline = of("v1alpha1", "BaselineAdminNetworkPolicy", &format!("{{{rules}}}"));
    let admin = of("v1alpha2", "ClusterNetworkPolicy", &format!("{{tier: Admin, priority: 10, {rules}}}"));
    let older = of("v1alpha1", "AdminNetworkPolicy", &format!("{{priority: 5, {rules}}}"));
    assert_snapshot!(shown(&(baseline + NETWORK_POLICY + &admin + &older)), @r#"
    ingress tier kube-admin ends in Pass
      for pods( / )
        deny [pods( / )] on [all]
      for pods( / )
        deny [pods( / )] on [all]
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
    ingress tier kube-baseline ends in Pass
      for pods( / )
        deny [pods( / )] on [all]
    "#);
}

#[test]
fn peers_are_pods_of_namespaces_pods_or_networks() {
    assert_snapshot!(newer("{tier: Admin, priority: 0, subject: {pods: {namespaceSelector: {matchLabels: {a: b}}, podSelector: {}}}, egress: \
        [{action: Accept, to: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {c: d}}}}, {networks: [10.0.0.0/8]}], protocols: \
        [{tcp: {destinationPort: {number: 80}}}, {udp: {destinationPort: {range: {start: 1, end: 9}}}}, {sctp: {}}, \
        {destinationNamedPort: web}]}, {action: Pass, to: [{namespaces: {}}]}]}"), @r#"
    egress tier kube-admin ends in Pass
      for pods(a ["b"] / )
        allow [pods( / c ["d"]) or pods( / ) at 10.0.0.0/8 or outside 10.0.0.0/8] on [TCP 80-80, UDP 1-9, SCTP 1-65535, any web]
        pass [pods( / )] on [all]
    "#);
    let older = "{priority: 0, subject: {namespaces: {}}, egress: [{action: Allow, to: [{namespaces: {}}], ports: [{portNumber: {port: 80}}, \
        {portRange: {protocol: UDP, start: 1, end: 9}}, {namedPort: web}]}]}";
    assert_snapshot!(shown(&of("v1alpha1", "AdminNetworkPolicy", older)), @r"
    egress tier kube-admin ends in Pass
      for pods( / )
        allow [pods( / )] on [TCP 80-80, UDP 1-9, any web]
    ");
}

#[test]
fn nodes_and_names_of_the_dns_are_not_understood_and_touch_the_subject() {
    assert_snapshot!(newer("{tier: Admin, priority: 0, subject: {namespaces: {}}, egress: [{action: Accept, to: [{domainNames: [a.example]}]}, \
        {action: Deny, to: [{nodes: {}}]}, {action: Deny, to: [{galaxies: {}}]}]}"), @r#"
    egress tier kube-admin ends in Pass
      for pods( / )
        in doubt: allow [pods( / ) or outside 0.0.0.0/0 ::/0] on [all]
        in doubt: deny [outside 0.0.0.0/0 ::/0] on [all]
        in doubt: deny [pods( / ) or outside 0.0.0.0/0 ::/0] on [all]
    not understood: ClusterNetworkPolicy default line 4 `spec.egress[2].to[0].galaxies`: a field that this version does not have; ["ingress", "egress"] of ["pods( / )"]
    not understood: ClusterNetworkPolicy default line 4 `spec.egress[0].to[0].domainNames`: names of the DNS as peers; ["egress"] of ["pods( / )"]
    not understood: ClusterNetworkPolicy default line 4 `spec.egress[1].to[0].nodes`: nodes as peers; ["egress"] of ["pods( / )"]
    not understood: ClusterNetworkPolicy default line 4 `spec.egress[2].to[0]`: a peer of a kind that is not known; ["egress"] of ["pods( / )"]
    "#);
}

#[test]
fn what_the_server_would_refuse_is_an_error() {
    let wrong = [
        "{priority: 0, subject: {namespaces: {}}}",
        "{tier: Admin, subject: {namespaces: {}}}",
        "{tier: Admin, priority: 1001, subject: {namespaces: {}}}",
        "{tier: Admin, priority: 1}",
        "{tier: Admin, priority: 1, subject: {namespaces: {}, pods: {}}}",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {}}]}]}",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny}]}",
        "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{networks: [10.0.0.0/8]}]}]}",
    ];
    let said: String = wrong.iter().map(|spec| newer(spec)).collect();
    assert_snapshot!(said, @r"
    manifest-unreadable line 4: ClusterNetworkPolicy `default` is not a valid object of its kind (spec.tier: a tier is Admin or Baseline)
    manifest-unreadable line 4: ClusterNetworkPolicy `default` is not a valid object of its kind (spec.priority: a priority is 0 to 1000)
    manifest-unreadable line 4: ClusterNetworkPolicy `default` is not a valid object of its kind (spec.priority: a priority is 0 to 1000)
    manifest-unreadable line 4: ClusterNetworkPolicy `default` is not a valid object of its kind (spec.subject: a policy needs a subject)
    manifest-unreadable line 4: ClusterNetworkPolicy `default` is not a valid object of its kind (spec.subject: `namespaces` and `pods` exclude one another)
    manifest-unreadable line 4: ClusterNetworkPolicy `default` is not a valid object of its kind (spec.ingress[0].action: `Allow` is no action of ClusterNetworkPolicy)
    manifest-unreadable line 4: ClusterNetworkPolicy `default` is not a valid object of its kind (spec.ingress[0].from: a rule needs peers)
    manifest-unreadable line 4: ClusterNetworkPolicy `default` is not a valid object of its kind (spec.ingress[0].from[0].networks: networks are peers of egress alone)
    ");
}
