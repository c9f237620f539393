//! The plan in its one form: equal things once, sorted, each in words one selector has.

use std::collections::BTreeMap;

use super::ends::selected;
use super::{Isolated, Peer, Plan, Rule, Subject};
use crate::ir::{Policy, SentenceId};
use crate::semantics::labels::{Labels, Values};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};

/// Brings a plan into its one form.
pub(super) fn finish<'a>(policy: &Policy, mut plan: Plan<'a>) -> Plan<'a> {
    plan.isolated = isolations(policy, plan.isolated);
    plan.rules = rules(policy, plan.rules);
    for deny in &mut plan.denies {
        deny.sources = peers(policy, std::mem::take(&mut deny.sources));
        deny.destinations = peers(policy, std::mem::take(&mut deny.destinations));
    }
    plan
}

/// Isolations of one pod set add up.
fn isolations(policy: &Policy, all: Vec<Isolated>) -> Vec<Isolated> {
    let mut merged: BTreeMap<Subject, Isolated> = BTreeMap::new();
    for isolated in all {
        for subject in subjects(policy, isolated.subject.clone()) {
            let entry =
                merged.entry(subject.clone()).or_insert_with(|| Isolated { subject, ingress: false, egress: false, sentences: Vec::new() });
            entry.ingress |= isolated.ingress;
            entry.egress |= isolated.egress;
            cite(&mut entry.sentences, &isolated.sentences);
        }
    }
    merged.into_values().collect()
}

/// Equal rules of several sentences are one rule of all of them.
fn rules(policy: &Policy, all: Vec<Rule>) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::with_capacity(all.len());
    for mut rule in all {
        rule.peers = peers(policy, rule.peers);
        let mut found = subjects(policy, rule.subject.clone());
        let last = found.pop();
        rules.extend(found.into_iter().map(|subject| Rule { subject, ..rule.clone() }));
        rules.extend(last.map(|subject| Rule { subject, ..rule }));
    }
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

fn cite(sentences: &mut Vec<SentenceId>, more: &[SentenceId]) {
    sentences.extend(more);
    sentences.sort_unstable();
    sentences.dedup();
}

fn subjects(policy: &Policy, subject: Subject) -> Vec<Subject> {
    let mut boxes = without_known(policy, subject.pods).split();
    if boxes.len() == 1 {
        return boxes.pop().map(|pods| Subject { pods, name: subject.name }).into_iter().collect();
    }
    boxes.into_iter().map(|pods| Subject { name: selected(&pods), pods }).collect()
}

fn peers(policy: &Policy, all: Vec<Peer>) -> Vec<Peer> {
    let mut peers: Vec<Peer> = Vec::with_capacity(all.len());
    for peer in all {
        match peer {
            Peer::Pods(pods) => peers.extend(without_known(policy, pods).split().into_iter().map(Peer::Pods)),
            other => peers.push(other),
        }
    }
    peers.sort();
    peers.dedup();
    peers
}

/// A namespace's name says its known labels too: they need not be written.
fn without_known(policy: &Policy, mut pods: PodBox) -> PodBox {
    let Some(known) = pods.namespace_name().and_then(|name| policy.namespaces.get(name)) else {
        return pods;
    };
    if known.labels.is_empty() {
        return pods;
    }
    let unknown = pods.namespace.iter().filter(|(key, _)| *key == NAMESPACE_NAME || !known.labels.contains_key(*key));
    pods.namespace = unknown.fold(Labels::any(), |all, (key, values): (&str, &Values)| all.and(key, values.clone()));
    pods
}
