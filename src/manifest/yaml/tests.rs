use std::collections::BTreeMap;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::super::network_policy::{Expression, NetworkPolicy, Operator, Peer, Port, Rule, Selector};
use super::super::{Included, Metadata, Object, OneOrMore, Texts, calico};
use super::write_stream;
use crate::semantics::ports::Protocol;

fn named(name: &str, namespace: Option<&str>) -> Metadata {
    Metadata { name: name.into(), namespace: namespace.map(Into::into), ..Metadata::default() }
}

fn labels(labels: &[(&str, &str)]) -> Selector {
    Selector { labels: labels.iter().map(|(k, v)| (*k, *v)).collect(), expressions: Vec::new() }
}

fn written(object: Object) -> String {
    let mut out = String::new();
    object.write_yaml(&mut out);
    out
}

#[test]
fn a_network_policy_is_written_as_kubectl_shows_it() {
    let frontend = Peer::Pods { namespace: None, pods: Some(labels(&[("app", "frontend")])) };
    let elsewhere = Peer::Pods {
        namespace: Some(labels(&[("kubernetes.io/metadata.name", "y")])),
        pods: Some(Selector {
            expressions: vec![Expression { key: "tier".into(), operator: Operator::NotIn, values: vec!["on".into(), "web".into()] }],
            ..Selector::default()
        }),
    };
    let block = Peer::Block { network: "10.0.0.0/8".parse().unwrap(), except: vec!["10.1.0.0/16".parse().unwrap()] };
    let ports = vec![
        Port { protocol: Protocol::Tcp, range: Some((8443, 8443)) },
        Port { protocol: Protocol::Udp, range: Some((8000, 8100)) },
        Port { protocol: Protocol::Sctp, range: None },
    ];
    let policy = NetworkPolicy {
        metadata: Metadata {
            annotations: [("polc.dev/because".to_owned(), "a\nb".to_owned())].into(),
            ..named("polc-allow-api", Some("payments"))
        },
        pod_selector: labels(&[("app", "api")]),
        ingress: Some(vec![Rule { peers: OneOrMore::new(vec![frontend, elsewhere, block]), ports: OneOrMore::new(ports) }]),
        egress: Some(vec![]),
    };
    assert_snapshot!(written(Object::NetworkPolicy(policy)), @r#"
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: polc-allow-api
      namespace: payments
      annotations:
        polc.dev/because: "a\nb"
    spec:
      podSelector:
        matchLabels:
          app: api
      policyTypes:
      - Ingress
      - Egress
      ingress:
      - from:
        - podSelector:
            matchLabels:
              app: frontend
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: "y"
          podSelector:
            matchExpressions:
            - key: tier
              operator: NotIn
              values:
              - "on"
              - web
        - ipBlock:
            cidr: 10.0.0.0/8
            except:
            - 10.1.0.0/16
        ports:
        - protocol: TCP
          port: 8443
        - protocol: UDP
          port: 8000
          endPort: 8100
        - protocol: SCTP
    "#);
}

/// network-targets 1.4: a rule without peers and ports is everyone; a side without rules is written as its type alone.
#[test]
fn everyone_and_nobody_are_never_mixed_up() {
    let policy = NetworkPolicy {
        metadata: named("open-in-closed-out", Some("a")),
        pod_selector: Selector::default(),
        ingress: Some(vec![Rule { peers: None, ports: None }]),
        egress: Some(vec![]),
    };
    assert_snapshot!(written(Object::NetworkPolicy(policy)), @r"
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: open-in-closed-out
      namespace: a
    spec:
      podSelector: {}
      policyTypes:
      - Ingress
      - Egress
      ingress:
      - {}
    ");
}

#[test]
fn calico_objects_are_written_with_orders_and_ranges() {
    let rule = calico::Rule {
        action: calico::Action::Deny,
        protocol: Some("TCP"),
        ip_version: Some(4),
        source: calico::Entity { nets: OneOrMore::new(vec!["10.0.0.0/8".parse().unwrap()]), ..calico::Entity::default() },
        destination: calico::Entity {
            selector: Some("!has(x) && a == 'b'".into()),
            namespace_selector: Some("all()".into()),
            service_accounts: OneOrMore::new(vec!["ci".into()]),
            ports: OneOrMore::new(vec![(443, 443), (22, 30)]),
            ..calico::Entity::default()
        },
    };
    let anything = calico::Rule {
        action: calico::Action::Deny,
        protocol: None,
        ip_version: None,
        source: calico::Entity::default(),
        destination: calico::Entity::default(),
    };
    let policy = calico::Policy {
        metadata: named("polc-seal", Some("a")),
        tier: "default".into(),
        order_tenths: 10_005,
        selector: "projectcalico.org/orchestrator == 'k8s'".into(),
        ingress: Some(vec![rule, anything]),
        egress: None,
    };
    let tier = calico::Tier { metadata: named("polc", None), order: 500, default_action: calico::Action::Pass };
    let set = calico::GlobalNetworkSet { metadata: named("office", None), networks: vec!["::/0".parse().unwrap()] };
    let mut out = String::new();
    write_stream(&mut out, &[Object::Tier(tier), Object::GlobalNetworkSet(set), Object::CalicoNetworkPolicy(policy)]);
    assert_snapshot!(out, @r#"
    apiVersion: projectcalico.org/v3
    kind: Tier
    metadata:
      name: polc
    spec:
      order: 500
      defaultAction: Pass
    ---
    apiVersion: projectcalico.org/v3
    kind: GlobalNetworkSet
    metadata:
      name: office
    spec:
      nets:
      - "::/0"
    ---
    apiVersion: projectcalico.org/v3
    kind: NetworkPolicy
    metadata:
      name: polc-seal
      namespace: a
    spec:
      tier: default
      order: 1000.5
      selector: projectcalico.org/orchestrator == 'k8s'
      types:
      - Ingress
      ingress:
      - action: Deny
        protocol: TCP
        ipVersion: 4
        source:
          nets:
          - 10.0.0.0/8
        destination:
          namespaceSelector: all()
          selector: "!has(x) && a == 'b'"
          serviceAccounts:
            names:
            - ci
          ports:
          - 443
          - "22:30"
      - action: Deny
    "#);
}

#[test]
fn an_included_document_stays_as_it_was() {
    let included = Included {
        api_version: "v1".into(),
        kind: "ConfigMap".into(),
        metadata: named("c", None),
        text: "kind: ConfigMap # as it was".into(),
    };
    assert_eq!(written(Object::Included(included)), "kind: ConfigMap # as it was\n");
}

/// What serde-saphyr reads back from a Namespace with these labels and annotations.
fn read_back(texts: &BTreeMap<String, String>) -> serde_json::Value {
    let all: Texts = texts.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    let text = written(Object::Namespace(Metadata { labels: all.clone(), annotations: all, ..named("n", None) }));
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

proptest! {
    #[test]
    fn any_string_is_read_back_as_it_was(key in "\\PC{0,40}", value in any::<String>()) {
        let texts = BTreeMap::from([(key, value)]);
        let read = read_back(&texts);
        prop_assert_eq!(&read["metadata"]["labels"], &serde_json::json!(texts));
        prop_assert_eq!(&read["metadata"]["annotations"], &serde_json::json!(texts));
    }

    #[test]
    fn what_looks_like_yaml_is_read_back_as_it_was(text in "[-0-9a-fnotx_.:,#=<>~!*&'\"{}\\[\\]|%@` \\\\yesNul]{1,12}") {
        let texts = BTreeMap::from([(text.clone(), text)]);
        prop_assert_eq!(&read_back(&texts)["metadata"]["labels"], &serde_json::json!(texts));
    }
}
