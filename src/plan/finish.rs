//! The plan in its one form: equal things once, sorted, each in words one selector has.

use std::collections::BTreeMap;

use super::ends::{known_labels, selected, without_known};
use super::{Isolated, Peer, Peers, Plan, Rule, Sentences, Subject};
use crate::ir::{Policy, SentenceId};
use crate::semantics::pods::PodBox;

/// Brings a plan into its one form.
pub(super) fn finish<'a>(policy: &Policy, mut plan: Plan<'a>) -> Plan<'a> {
    let policy = &Known { policy, labeled: policy.namespaces.values().any(|namespace| !namespace.labels.is_empty()) };
    plan.isolated = isolations(policy, plan.isolated);
    plan.rules = rules(policy, plan.rules);
    if plan.cluster.calico.is_some() {
        plan.rules = merged(plan.rules);
    }
    for deny in &mut plan.denies {
        deny.sources = peers(policy, std::mem::take(&mut deny.sources).into()).into_vec();
        deny.destinations = peers(policy, std::mem::take(&mut deny.destinations).into()).into_vec();
    }
    plan
}

/// What is known of namespaces.
struct Known<'a> {
    policy: &'a Policy,
    /// Whether any label is known of any namespace.
    labeled: bool,
}

impl Known<'_> {
    /// Whether a box is in its one form as it is.
    fn is_settled(&self, pods: &PodBox) -> bool {
        !self.labeled && !pods.is_empty() && !pods.namespace.needs_split() && !pods.pod.needs_split()
    }
}

/// Isolations of one pod set add up.
fn isolations(policy: &Known<'_>, all: Vec<Isolated>) -> Vec<Isolated> {
    let mut merged: BTreeMap<Subject, Isolated> = BTreeMap::new();
    for isolated in all {
        for subject in subjects(policy, isolated.subject.clone()) {
            let entry = merged.entry(subject.clone()).or_insert_with(|| Isolated {
                subject,
                ingress: false,
                egress: false,
                sentences: Sentences::new(),
            });
            entry.ingress |= isolated.ingress;
            entry.egress |= isolated.egress;
            cite(&mut entry.sentences, &isolated.sentences);
        }
    }
    merged.into_values().collect()
}

fn rules(policy: &Known<'_>, mut all: Vec<Rule>) -> Vec<Rule> {
    for rule in &mut all {
        rule.peers = peers(policy, std::mem::take(&mut rule.peers));
    }
    all.retain(|rule| !rule.peers.is_empty());
    if all.iter().all(|rule| policy.is_settled(&rule.subject.pods)) {
        return all;
    }
    let mut rules: Vec<Rule> = Vec::with_capacity(all.len());
    for rule in all {
        let mut found = subjects(policy, rule.subject.clone());
        let last = found.pop();
        rules.extend(found.into_iter().map(|subject| Rule { subject, ..rule.clone() }));
        rules.extend(last.map(|subject| Rule { subject, ..rule }));
    }
    rules
}

/// Equal rules of several sentences are one rule of all of them. Calico's rules are written in
/// this order; those of NetworkPolicies are ordered as they are written.
fn merged(mut rules: Vec<Rule>) -> Vec<Rule> {
    rules.sort();
    rules.dedup_by(|next, kept| {
        let same = next.subject == kept.subject && next.side == kept.side && next.peers == kept.peers && next.ports == kept.ports;
        if same {
            cite(&mut kept.sentences, &next.sentences);
        }
        same
    });
    rules
}

fn cite(sentences: &mut Sentences, more: &[SentenceId]) {
    sentences.extend_from_slice(more);
    sentences.sort_unstable();
    sentences.dedup();
}

fn subjects(policy: &Known<'_>, subject: Subject) -> Vec<Subject> {
    let Some(settled) = settled(policy, &subject.pods) else { return Vec::new() };
    let mut boxes = settled.split();
    if boxes.len() == 1 {
        return boxes.pop().map(|pods| Subject { pods, name: subject.name }).into_iter().collect();
    }
    boxes.into_iter().map(|pods| Subject { name: selected(&pods), pods }).collect()
}

fn peers(policy: &Known<'_>, all: Peers) -> Peers {
    let settled = all.iter().all(|peer| !matches!(peer, Peer::Pods(pods) if !policy.is_settled(pods)));
    let mut peers = if settled { all } else { settled_peers(policy, all) };
    peers.sort();
    peers.dedup();
    peers
}

fn settled_peers(policy: &Known<'_>, all: Peers) -> Peers {
    let mut peers = Peers::with_capacity(all.len());
    for peer in all {
        match peer {
            Peer::Pods(pods) => peers.extend(settled(policy, &pods).iter().flat_map(PodBox::split).map(Peer::Pods)),
            other => peers.push(other),
        }
    }
    peers
}

/// The box without what its namespace's name says already; none where no pod can be in it, by itself
/// or by what is known of the namespace. A selector cannot say "nobody": it would say more.
fn settled(policy: &Known<'_>, pods: &PodBox) -> Option<PodBox> {
    if pods.is_empty() {
        return None;
    }
    if !policy.labeled {
        return Some(pods.clone());
    }
    let known = known_labels(policy.policy, pods);
    if known.is_any() {
        return Some(pods.clone());
    }
    let settled = PodBox { namespace: pods.namespace.intersection(&known), ..pods.clone() };
    (!settled.is_empty()).then(|| without_known(policy.policy, settled))
}
