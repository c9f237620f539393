//! What Calico makes of objects: tiers, orders, the end of a tier, profiles, and Kubernetes'
//! NetworkPolicies at order 1000 of the default tier.

use std::collections::BTreeMap;

use ipnet::IpNet;

use super::selector::admits;
use super::world::{Connection, End};
use crate::manifest::calico::{self, Action, Entity};
use crate::manifest::network_policy::{self as np, Operator, Selector};
use crate::manifest::{Metadata, Object, OneOrMore, Texts};

/// A policy of one tier: order, name, and what it says of the connection. None: nothing.
type Ranked = (u32, String, Option<Action>);

/// Both ends let it; an address outside has no policies.
pub(crate) fn passes(objects: &[Object], connection: &Connection) -> bool {
    let ends = [(false, &connection.source), (true, &connection.destination)];
    ends.iter().all(|(ingress, end)| end.pod.is_none() || end_passes(objects, *ingress, connection))
}

fn end_passes(objects: &[Object], ingress: bool, connection: &Connection) -> bool {
    let mut tiers: BTreeMap<(u32, String), (Action, Vec<Ranked>)> = BTreeMap::new();
    for object in objects {
        let Some((tier, ranked)) = judge(objects, object, ingress, connection) else { continue };
        let (order, default) = tier_of(objects, &tier);
        tiers.entry((order, tier)).or_insert_with(|| (default, Vec::new())).1.push(ranked);
    }
    for (default, mut policies) in tiers.into_values() {
        policies.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        match policies.into_iter().find_map(|(_, _, verdict)| verdict).unwrap_or(default) {
            Action::Allow => return true,
            Action::Deny => return false,
            Action::Pass => {}
        }
    }
    // The profile of a pod's namespace allows.
    true
}

fn tier_of(objects: &[Object], name: &str) -> (u32, Action) {
    if name == "default" {
        return (1_000_000, Action::Deny);
    }
    let tier = objects.iter().find_map(|object| match object {
        Object::Tier(tier) if tier.metadata.name == name => Some((tier.order, tier.default_action)),
        _ => None,
    });
    tier.unwrap_or_else(|| panic!("no tier `{name}`"))
}

/// The tier and verdict of a policy that selects the end with that side; none if it does not.
fn judge(objects: &[Object], object: &Object, ingress: bool, connection: &Connection) -> Option<(String, Ranked)> {
    let end = if ingress { &connection.destination } else { &connection.source };
    match object {
        Object::NetworkPolicy(policy) => {
            let rules = if ingress { policy.ingress.as_ref() } else { policy.egress.as_ref() }?;
            let pod = end.pod.as_ref()?;
            if policy.metadata.namespace.as_deref() != Some(pod.namespace) || !label_selector(&policy.pod_selector, &pod.labels) {
                return None;
            }
            let allowed = rules.iter().any(|rule| kubernetes_rule(rule, ingress, pod.namespace, connection));
            Some(("default".to_owned(), (10_000, policy.metadata.name.to_string(), allowed.then_some(Action::Allow))))
        }
        Object::GlobalNetworkPolicy(policy) | Object::CalicoNetworkPolicy(policy) => {
            let rules = if ingress { policy.ingress.as_ref() } else { policy.egress.as_ref() }?;
            let here = policy.metadata.namespace.as_deref().is_none_or(|name| end.pod.as_ref().is_some_and(|pod| pod.namespace == name));
            if !here || !admits(&policy.selector, &endpoint(end)?) {
                return None;
            }
            let verdict = rules.iter().find(|rule| calico_rule(objects, rule, connection)).map(|rule| rule.action);
            Some((policy.tier.clone(), (policy.order_tenths, policy.metadata.name.to_string(), verdict)))
        }
        _ => None,
    }
}

/// The labels of a pod's endpoint (network-targets.md §2.4).
fn endpoint(end: &End) -> Option<BTreeMap<String, String>> {
    let pod = end.pod.as_ref()?;
    let mut labels = pod.labels.clone();
    labels.extend(pod.namespace_labels.iter().map(|(key, value)| (format!("pcns.{key}"), value.clone())));
    let added = [
        ("projectcalico.org/namespace", pod.namespace),
        ("projectcalico.org/orchestrator", "k8s"),
        ("projectcalico.org/serviceaccount", pod.account),
    ];
    labels.extend(added.map(|(key, value)| (key.to_owned(), value.to_owned())));
    Some(labels)
}

fn calico_rule(objects: &[Object], rule: &calico::Rule, connection: &Connection) -> bool {
    let ports = rule.destination.ports.as_ref();
    assert!(rule.source.ports.is_none() && (ports.is_none() || rule.protocol.is_some()), "{rule:?}");
    let version = if connection.source.address.is_ipv4() { 4 } else { 6 };
    rule.protocol.is_none_or(|protocol| protocol == connection.protocol)
        && rule.ip_version.is_none_or(|wanted| wanted == version)
        && ports.is_none_or(|ports| connection.port.is_some_and(|port| ports.iter().any(|(low, high)| *low <= port && port <= *high)))
        && entity(objects, &rule.source, &connection.source)
        && entity(objects, &rule.destination, &connection.destination)
}

fn entity(objects: &[Object], entity: &Entity, end: &End) -> bool {
    let within = |nets: &OneOrMore<IpNet>| nets.iter().any(|net| net.contains(&end.address));
    entity.nets.as_ref().is_none_or(within) && !entity.not_nets.as_ref().is_some_and(within) && labeled(objects, entity, end)
}

/// Whether the end is among what the selectors name: a pod, or a member of a network set.
fn labeled(objects: &[Object], entity: &Entity, end: &End) -> bool {
    let selector = entity.selector.as_deref();
    match entity.namespace_selector.as_deref() {
        None if selector.is_none() && entity.service_accounts.is_none() => true,
        Some("global()") => objects.iter().any(|object| match object {
            Object::GlobalNetworkSet(set) => {
                selector.is_none_or(|selector| admits(selector, &owned(&set.metadata.labels)))
                    && set.networks.iter().any(|net| net.contains(&end.address))
            }
            _ => false,
        }),
        Some(namespaces) => end.pod.as_ref().is_some_and(|pod| {
            let mut labels = pod.namespace_labels.clone();
            labels.insert("projectcalico.org/name".to_owned(), pod.namespace.to_owned());
            admits(namespaces, &labels)
                && selector.is_none_or(|selector| endpoint(end).is_some_and(|labels| admits(selector, &labels)))
                && entity.service_accounts.as_ref().is_none_or(|names| names.iter().any(|name| name == pod.account))
        }),
        None => panic!("a selector without namespaces means the policy's own: {entity:?}"),
    }
}

fn kubernetes_rule(rule: &np::Rule, ingress: bool, own: &str, connection: &Connection) -> bool {
    let other = if ingress { &connection.source } else { &connection.destination };
    let port = |port: &np::Port| {
        port.protocol.as_str() == connection.protocol
            && port.range.is_none_or(|(low, high)| connection.port.is_some_and(|port| low <= port && port <= high))
    };
    rule.peers.as_ref().is_none_or(|peers| peers.iter().any(|peer| kubernetes_peer(peer, own, other)))
        && rule.ports.as_ref().is_none_or(|ports| ports.iter().any(port))
}

fn kubernetes_peer(peer: &np::Peer, own: &str, end: &End) -> bool {
    match peer {
        np::Peer::Block { network, except } => network.contains(&end.address) && !except.iter().any(|net| net.contains(&end.address)),
        np::Peer::Pods { namespace, pods } => end.pod.as_ref().is_some_and(|pod| {
            namespace.as_ref().map_or(pod.namespace == own, |selector| label_selector(selector, &pod.namespace_labels))
                && pods.as_ref().is_none_or(|selector| label_selector(selector, &pod.labels))
        }),
    }
}

fn owned(texts: &Texts) -> BTreeMap<String, String> {
    texts.iter().map(|(key, text)| (key.to_owned(), text.to_owned())).collect()
}

fn label_selector(selector: &Selector, labels: &BTreeMap<String, String>) -> bool {
    let among = |values: &[String], key: &str| labels.get(key).is_some_and(|value| values.contains(value));
    selector.labels.iter().all(|(key, value)| labels.get(key).is_some_and(|own| own == value))
        && selector.expressions.iter().all(|test| match test.operator {
            Operator::In => among(&test.values, &test.key),
            Operator::NotIn => !among(&test.values, &test.key),
            Operator::Exists => labels.contains_key(&test.key),
            Operator::DoesNotExist => !labels.contains_key(&test.key),
        })
}

/// An Allow of somebody else, behind polc's policies.
pub(super) fn foreign_allow() -> Object {
    let rule =
        calico::Rule { action: Action::Allow, protocol: None, ip_version: None, source: Entity::default(), destination: Entity::default() };
    Object::GlobalNetworkPolicy(calico::Policy {
        metadata: Metadata { name: "foreign".into(), ..Metadata::default() },
        tier: "default".to_owned(),
        order_tenths: 15_000,
        selector: "projectcalico.org/orchestrator == 'k8s'".to_owned(),
        ingress: Some(vec![rule.clone()]),
        egress: Some(vec![rule]),
    })
}

/// Whether a global policy selects a host endpoint that carries any label a pod may have.
pub(super) fn hits_a_host_endpoint(objects: &[Object]) -> bool {
    let labels = [("app", "x"), ("extra", "e"), ("env", "prod"), ("pcns.env", "prod"), ("ibm.role", "worker_public")];
    let host: BTreeMap<String, String> = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let bare = BTreeMap::new();
    objects.iter().any(|object| match object {
        Object::GlobalNetworkPolicy(policy) => [&host, &bare].iter().any(|labels| admits(&policy.selector, labels)),
        _ => false,
    })
}
