//! networking.k8s.io/v1 NetworkPolicy: the isolation of pods, and what stays open.
//!
//! One object isolates, and one object allows, for each set of pods; both are additive
//! (network-targets.md §1.4), so which object holds a rule has no meaning, and each can be
//! reviewed alone.

use std::collections::HashMap;

use super::annotate;
use super::name::object_name;
use super::split::{is_selectable, split};
use super::{Emitted, Piece};
use crate::ir::{Policy, SentenceId};
use crate::manifest::network_policy::{Expression, NetworkPolicy, Operator, Peer, Port, Rule, Selector};
use crate::manifest::{Object, OneOrMore, Texts};
use crate::plan::{self, Isolated, Plan, Side, Subject};
use crate::semantics::labels::{Labels, Test, Values};
use crate::semantics::pods::PodBox;
use crate::semantics::ports::{PortSet, Protocol};

/// The NetworkPolicies of one cluster.
pub(crate) fn emit(policy: &Policy, plan: &Plan<'_>) -> Vec<Emitted> {
    let isolations = plan
        .isolated
        .iter()
        .filter(|isolated| is_selectable(policy, &isolated.subject.pods))
        .filter_map(|isolated| isolation(policy, isolated));
    let subjects = by_subject(&plan.rules);
    isolations.chain(subjects.iter().filter_map(|rules| allow(policy, rules))).collect()
}

/// The rules of each subject, subjects in the order in which they first come.
fn by_subject(rules: &[plan::Rule]) -> Vec<Vec<&plan::Rule>> {
    let mut places: HashMap<&Subject, usize> = HashMap::new();
    let mut groups: Vec<Vec<&plan::Rule>> = Vec::new();
    for rule in rules {
        let place = *places.entry(&rule.subject).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(rule),
            None => groups.push(vec![rule]),
        }
    }
    groups
}

/// Isolation: the sides are listed as `policyTypes`, and nothing is allowed.
fn isolation(policy: &Policy, isolated: &Isolated) -> Option<Emitted> {
    let namespace = isolated.subject.pods.namespace_name()?;
    let name = object_name("polc-isolate", &isolated.subject.name);
    let object = NetworkPolicy {
        metadata: annotate::metadata(policy, Some(namespace), name, &isolated.sentences),
        pod_selector: selector(&isolated.subject.pods.pod),
        ingress: isolated.ingress.then(Vec::new),
        egress: isolated.egress.then(Vec::new),
    };
    Some(Emitted { object: Object::NetworkPolicy(object), origins: vec![(Piece::Whole, isolated.sentences.clone())] })
}

/// What stays open for one subject: every rule is about it.
fn allow(policy: &Policy, rules: &[&plan::Rule]) -> Option<Emitted> {
    let subject = &rules.first()?.subject;
    let namespace = subject.pods.namespace_name()?;
    let (ingress, egress) = (side(policy, rules, Side::Ingress), side(policy, rules, Side::Egress));
    let mut all: Vec<SentenceId> = ingress.iter().chain(&egress).flat_map(|(_, sentences)| sentences).copied().collect();
    if all.is_empty() {
        return None;
    }
    all.sort_unstable();
    all.dedup();
    let metadata = annotate::metadata(policy, Some(namespace), object_name("polc-allow", &subject.name), &all);
    let mut origins = vec![(Piece::Whole, all)];
    let mut place = |name: &'static str, rules: Vec<(Rule, Vec<SentenceId>)>| {
        let mut written = Vec::with_capacity(rules.len());
        for (at, (rule, sentences)) in rules.into_iter().enumerate() {
            origins.push((Piece::Rule(name, at), sentences));
            written.push(rule);
        }
        (!written.is_empty()).then_some(written)
    };
    let (ingress, egress) = (place("ingress", ingress), place("egress", egress));
    let object = NetworkPolicy { metadata, pod_selector: selector(&subject.pods.pod), ingress, egress };
    Some(Emitted { object: Object::NetworkPolicy(object), origins })
}

/// The rules of one side, sorted, equal ones once, each with its sentences.
fn side(policy: &Policy, rules: &[&plan::Rule], side: Side) -> Vec<(Rule, Vec<SentenceId>)> {
    let here = rules.iter().filter(|rule| rule.side == side);
    let mut written: Vec<(Rule, Vec<SentenceId>)> =
        here.filter_map(|rule| Some((write(split(policy, rule).0?.as_ref())?, rule.sentences.clone()))).collect();
    written.sort_by(|(a, _), (b, _)| a.cmp(b));
    written.dedup_by(|(next, more), (kept, cited)| {
        let same = next == kept;
        if same {
            cited.append(more);
            cited.sort_unstable();
            cited.dedup();
        }
        same
    });
    written
}

/// A rule of the plan; none where nothing of it is left (a rule without ports or peers would
/// mean every port and everyone).
fn write(rule: &plan::Rule) -> Option<Rule> {
    let own = rule.subject.pods.namespace_name()?;
    let ports = if rule.ports.is_all() { None } else { Some(OneOrMore::new(ports(&rule.ports))?) };
    if rule.peers.contains(&plan::Peer::Anyone) {
        return Some(Rule { peers: None, ports });
    }
    let mut peers = Vec::with_capacity(rule.peers.len());
    rule.peers.iter().for_each(|peer| write_peer(own, peer, &mut peers));
    peers.sort();
    peers.dedup();
    Some(Rule { peers: Some(OneOrMore::new(peers)?), ports })
}

fn ports(set: &PortSet) -> Vec<Port> {
    let mut ports = Vec::with_capacity(1);
    for protocol in Protocol::ALL {
        ports.extend(set.of(protocol).map(|range| Port { protocol, range: (range != (1, u16::MAX)).then_some(range) }));
    }
    ports
}

fn write_peer(own: &str, peer: &plan::Peer, peers: &mut Vec<Peer>) {
    match peer {
        plan::Peer::Pods(pods) => peers.push(pods_peer(own, pods)),
        plan::Peer::Addresses(set) | plan::Peer::Listed(_, set) => {
            peers.extend(set.blocks().into_iter().map(|block| Peer::Block { network: block.network, except: block.except }));
        }
        plan::Peer::Anyone => {}
    }
}

/// Pods of the policy's own namespace need no namespaceSelector; for others namespace and
/// pod labels stand in one item, where both must hold (network-targets.md §1.4.5).
fn pods_peer(own: &str, pods: &PodBox) -> Peer {
    if pods.namespace_name() == Some(own) && pods.namespace.iter().count() == 1 {
        return Peer::Pods { namespace: None, pods: Some(selector(&pods.pod)) };
    }
    let chosen = (!pods.pod.is_any()).then(|| selector(&pods.pod));
    Peer::Pods { namespace: Some(selector(&pods.namespace)), pods: chosen }
}

/// Labels as a LabelSelector. They are such that one selector says them (see the plan).
pub(crate) fn selector(labels: &Labels) -> Selector {
    let others = labels.iter().filter(|(_, values)| values.only().is_none());
    Selector {
        labels: Texts::sorted(labels.singles().map(|(key, value)| (key.clone(), value.clone()))),
        expressions: others.flat_map(|(key, values)| expressions(key, values)).collect(),
    }
}

fn expressions(key: &str, values: &Values) -> Vec<Expression> {
    // What nothing satisfies is never planned; if it were, it must select nobody rather than everybody.
    let tests = values.alternatives().into_iter().next().unwrap_or_else(|| vec![Test::Exists, Test::DoesNotExist]);
    let expression = |test| {
        let (operator, values) = match test {
            Test::In(values) => (Operator::In, values),
            Test::NotIn(values) => (Operator::NotIn, values),
            Test::Exists => (Operator::Exists, Vec::new()),
            Test::DoesNotExist => (Operator::DoesNotExist, Vec::new()),
        };
        Expression { key: key.to_owned(), operator, values }
    };
    tests.into_iter().map(expression).collect()
}
