//! Calico policies being put together: rules with the sentences behind them.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::annotate;
use super::name;
use super::{Emitted, Piece};
use crate::ir::{Policy, SentenceId};
use crate::manifest::calico::{self, Action, Entity, Rule};
use crate::manifest::{Metadata, Object};
use crate::plan::{Sentences, Side};

/// A policy without its metadata.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    /// Its tier.
    pub(crate) tier: String,
    /// Its order in tenths.
    pub(crate) order_tenths: u32,
    /// Which endpoints.
    pub(crate) selector: String,
    /// Rules, each with its sentences; none: the side is not among the types.
    ingress: Option<Vec<(Rule, Sentences)>>,
    egress: Option<Vec<(Rule, Sentences)>>,
}

impl Draft {
    /// A policy without rules.
    pub(crate) fn new(tier: &str, order_tenths: u32, selector: String) -> Self {
        Draft { tier: tier.to_owned(), order_tenths, selector, ..Draft::default() }
    }

    /// Adds rules to a side. A side without a rule stays out of the types: a policy of a type
    /// takes every connection of that side into its tier (network-targets.md §2.6).
    pub(crate) fn add(&mut self, side: Side, rules: Vec<Rule>, sentences: &[SentenceId]) {
        if rules.is_empty() {
            return;
        }
        let all = match side {
            Side::Ingress => &mut self.ingress,
            Side::Egress => &mut self.egress,
        };
        for rule in rules {
            let all = all.get_or_insert_default();
            match all.iter_mut().find(|(other, _)| *other == rule) {
                Some((_, cited)) => cite(cited, sentences),
                None => all.push((rule, Sentences::from_slice(sentences))),
            }
        }
    }

    /// Whether no side has a rule.
    pub(crate) fn is_empty(&self) -> bool {
        self.ingress.is_none() && self.egress.is_none()
    }

    fn rules(&self) -> impl Iterator<Item = &(Rule, Sentences)> {
        self.ingress.iter().chain(&self.egress).flatten()
    }

    /// A hash of all that the policy says, for a name.
    pub(crate) fn hash(&self) -> String {
        let mut text = String::new();
        self.with(Metadata::default()).write_yaml(&mut text);
        name::hash(&text)
    }

    fn with(&self, metadata: Metadata) -> Object {
        let rules = |side: &Option<Vec<(Rule, Sentences)>>| side.as_ref().map(|rules| rules.iter().map(|(rule, _)| rule.clone()).collect());
        let namespaced = metadata.namespace.is_some();
        let policy = calico::Policy {
            metadata,
            tier: self.tier.clone(),
            order_tenths: self.order_tenths,
            selector: self.selector.clone(),
            ingress: rules(&self.ingress),
            egress: rules(&self.egress),
        };
        if namespaced { Object::CalicoNetworkPolicy(policy) } else { Object::GlobalNetworkPolicy(policy) }
    }

    /// The object: in a namespace a NetworkPolicy, else a GlobalNetworkPolicy.
    pub(crate) fn emit(&self, policy: &Policy, namespace: Option<&str>, name: SmolStr) -> Emitted {
        let all: BTreeSet<SentenceId> = self.rules().flat_map(|(_, sentences)| sentences).copied().collect();
        let metadata = annotate::metadata(policy, namespace, name, &all);
        let mut origins = vec![(Piece::Whole, all.into_iter().collect())];
        for (side, rules) in [(Side::Ingress, &self.ingress), (Side::Egress, &self.egress)] {
            for (at, (_, sentences)) in (0u32..).zip(rules.iter().flatten()) {
                origins.push((Piece::Rule(side, at), sentences.clone()));
            }
        }
        Emitted { object: self.with(metadata), origins }
    }

    /// Takes over the sentences of a policy that says the same.
    pub(crate) fn merge(&mut self, same: &Draft) {
        let mine = self.ingress.iter_mut().chain(&mut self.egress).flatten();
        for ((_, cited), (_, more)) in mine.zip(same.rules()) {
            cite(cited, more);
        }
    }

    /// Whether both say the same.
    pub(crate) fn says_the_same(&self, other: &Draft) -> bool {
        self.with(Metadata::default()) == other.with(Metadata::default())
    }
}

fn cite(cited: &mut Sentences, more: &[SentenceId]) {
    cited.extend_from_slice(more);
    cited.sort_unstable();
    cited.dedup();
}

/// The rule that closes a side for good: whatever comes, on whatever port.
pub(crate) fn close() -> Vec<Rule> {
    vec![Rule { action: Action::Deny, protocol: None, ip_version: None, source: Entity::default(), destination: Entity::default() }]
}
