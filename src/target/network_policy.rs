//! networking.k8s.io/v1 NetworkPolicy: the isolation of pods, and what stays open.
//!
//! One object isolates, and one object allows, for each set of pods; both are additive
//! (network-targets.md §1.4), so which object holds a rule has no meaning, and each can be
//! reviewed alone.

use std::collections::{BTreeMap, HashMap};

use smallvec::SmallVec;

use super::annotate;
use super::name::object_name;
use super::split::{is_selectable, parts};
use super::{Emitted, Origins, Piece};
use crate::hash::Seeded;
use crate::ir::Policy;
use crate::manifest::network_policy::{Expression, NetworkPolicy, Operator, Peer, Port, Rule, Selector};
use crate::manifest::{Object, OneOrMore, Texts};
use crate::plan::{self, Isolated, Plan, Sentences, Side};
use crate::semantics::labels::{Labels, Test, Values};
use crate::semantics::pods::PodBox;
use crate::semantics::ports::{PortSet, Protocol};

/// Adds the NetworkPolicies of one cluster, each kind by namespace.
pub(crate) fn emit(policy: &Policy, plan: &Plan<'_>, emitted: &mut Vec<Emitted>) {
    let mut writer = Writer { policy, selectors: Selectors::default() };
    for mut rules in by_namespace(&plan.rules).into_values() {
        rules.sort_by(|a, b| a.subject.name.cmp(&b.subject.name).then_with(|| a.subject.pods.cmp(&b.subject.pods)));
        emitted.extend(rules.chunk_by(|a, b| a.subject == b.subject).filter_map(|rules| writer.allow(rules)));
    }
    emitted.extend(plan.isolated.iter().filter_map(|isolated| writer.isolation(isolated)));
}

/// The rules about pods of one namespace by name. Neighbors mostly are about the same one.
fn by_namespace(rules: &[plan::Rule]) -> BTreeMap<&str, Vec<&plan::Rule>> {
    let mut all: BTreeMap<&str, Vec<&plan::Rule>> = BTreeMap::new();
    for run in rules.chunk_by(|a, b| a.subject.pods.namespace == b.subject.pods.namespace) {
        if let Some(name) = run.first().and_then(|rule| rule.subject.pods.namespace_name()) {
            all.entry(name).or_default().extend(run);
        }
    }
    all
}

/// Selectors of the labels they were made from. Plans share labels between all that they say of the same pods, so
/// copies are known by their place in memory; the labels are kept, so that no others ever have it.
#[derive(Default)]
struct Selectors(HashMap<*const (), (Labels, Selector), Seeded>);

impl Selectors {
    fn of(&mut self, labels: &Labels) -> Selector {
        let (_, selector) = self.0.entry(labels.address()).or_insert_with(|| (labels.clone(), selector(labels)));
        selector.clone()
    }
}

/// What is needed to write objects.
struct Writer<'a> {
    policy: &'a Policy,
    selectors: Selectors,
}

impl Writer<'_> {
    /// Isolation: the sides are listed as `policyTypes`, and nothing is allowed.
    fn isolation(&mut self, isolated: &Isolated) -> Option<Emitted> {
        let subject = &isolated.subject;
        let namespace = subject.pods.namespace_name().filter(|_| is_selectable(self.policy, &subject.pods))?;
        let object = NetworkPolicy {
            metadata: annotate::metadata(self.policy, Some(namespace), object_name("polc-isolate", &subject.name), &isolated.sentences),
            pod_selector: self.selectors.of(&subject.pods.pod),
            ingress: isolated.ingress.then(Vec::new),
            egress: isolated.egress.then(Vec::new),
        };
        Some(Emitted { object: Object::NetworkPolicy(object), origins: vec![(Piece::Whole, isolated.sentences.clone())] })
    }

    /// What stays open for one subject: every rule is about it.
    fn allow(&mut self, rules: &[&plan::Rule]) -> Option<Emitted> {
        let subject = &rules.first()?.subject;
        let namespace = subject.pods.namespace_name().filter(|_| is_selectable(self.policy, &subject.pods))?;
        let mut origins = Vec::with_capacity(1 + rules.len());
        origins.push((Piece::Whole, Sentences::new()));
        let ingress = self.side(namespace, rules, Side::Ingress, &mut origins);
        let egress = self.side(namespace, rules, Side::Egress, &mut origins);
        let mut all: Sentences = origins.iter().flat_map(|(_, sentences)| sentences).copied().collect();
        if all.is_empty() {
            return None;
        }
        all.sort_unstable();
        all.dedup();
        let metadata = annotate::metadata(self.policy, Some(namespace), object_name("polc-allow", &subject.name), &all);
        if let Some((_, whole)) = origins.first_mut() {
            *whole = all;
        }
        let object = NetworkPolicy { metadata, pod_selector: self.selectors.of(&subject.pods.pod), ingress, egress };
        Some(Emitted { object: Object::NetworkPolicy(object), origins })
    }

    /// The rules of one side, sorted, equal ones once, each with its sentences; none if there is none.
    fn side(&mut self, own: &str, rules: &[&plan::Rule], side: Side, origins: &mut Origins) -> Option<Vec<Rule>> {
        let here = rules.iter().filter(|rule| rule.side == side);
        let mut written: Vec<(Rule, Sentences)> = here.filter_map(|rule| self.rule(own, rule)).collect();
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
        let place = |(at, (rule, sentences)): (u32, (Rule, Sentences))| {
            origins.push((Piece::Rule(side, at), sentences));
            rule
        };
        let written: Vec<Rule> = (0..).zip(written).map(place).collect();
        (!written.is_empty()).then_some(written)
    }

    /// A rule of the plan; none where nothing of it is left to NetworkPolicy (a rule without ports or peers would mean
    /// every port and everyone).
    fn rule(&mut self, own: &str, rule: &plan::Rule) -> Option<(Rule, Sentences)> {
        let rule = parts(rule).0?;
        let ports = if rule.ports.is_all() { None } else { Some(OneOrMore::new(ports(&rule.ports))?) };
        if rule.peers.contains(&plan::Peer::Anyone) {
            return Some((Rule { peers: None, ports }, rule.sentences.clone()));
        }
        let mut peers: SmallVec<[Peer; 1]> = SmallVec::new();
        rule.peers.iter().for_each(|peer| self.peer(own, peer, &mut peers));
        peers.sort();
        peers.dedup();
        Some((Rule { peers: Some(OneOrMore::new(peers)?), ports }, rule.sentences.clone()))
    }

    fn peer(&mut self, own: &str, peer: &plan::Peer, peers: &mut SmallVec<[Peer; 1]>) {
        match peer {
            plan::Peer::Pods(pods) => peers.push(self.pods(own, pods)),
            plan::Peer::Addresses(set) | plan::Peer::Listed(_, set) => {
                peers.extend(set.blocks().into_iter().map(|block| Peer::Block { network: block.network, except: block.except }));
            }
            plan::Peer::Anyone => {}
        }
    }

    /// Pods of the policy's own namespace need no namespaceSelector; for others namespace and
    /// pod labels stand in one item, where both must hold (network-targets.md §1.4.5).
    fn pods(&mut self, own: &str, pods: &PodBox) -> Peer {
        if pods.namespace_name() == Some(own) && pods.namespace.iter().len() == 1 {
            return Peer::Pods { namespace: None, pods: Some(self.selectors.of(&pods.pod)) };
        }
        let chosen = (!pods.pod.is_any()).then(|| self.selectors.of(&pods.pod));
        Peer::Pods { namespace: Some(self.selectors.of(&pods.namespace)), pods: chosen }
    }
}

fn ports(set: &PortSet) -> impl Iterator<Item = Port> + '_ {
    let of = |protocol: Protocol| set.of(protocol).map(move |range| Port { protocol, range: (range != (1, u16::MAX)).then_some(range) });
    Protocol::ALL.into_iter().flat_map(of)
}

/// Labels as a LabelSelector. They are such that one selector says them (see the plan).
fn selector(labels: &Labels) -> Selector {
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
