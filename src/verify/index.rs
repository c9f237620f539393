//! A stack's policies by the namespace whose pods they select: most name one.

use std::collections::BTreeMap;

use super::stack::{Policy, Stack, Tier};
use crate::semantics::ends::EndBox;
use crate::semantics::labels::Word;
use crate::semantics::pods::NAMESPACE_NAME;

/// A policy of a stack, by the places of its tier and of itself. They sort as they decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PolicyRef {
    pub(crate) tier: u32,
    pub(crate) policy: u32,
}

/// A stack, and where its policies stand.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    /// The stack.
    pub(crate) stack: &'a Stack,
    named: BTreeMap<Word, Vec<PolicyRef>>,
    everywhere: Vec<PolicyRef>,
}

impl<'a> Index<'a> {
    /// Looks at every policy once.
    pub(crate) fn new(stack: &'a Stack) -> Self {
        let mut index = Index { stack, named: BTreeMap::new(), everywhere: Vec::new() };
        for (tier, of) in (0..).zip(&stack.tiers) {
            for (policy, it) in (0..).zip(&of.policies) {
                index.enter(PolicyRef { tier, policy }, it);
            }
        }
        index
    }

    fn enter(&mut self, at: PolicyRef, policy: &Policy) {
        match policy.subjects.iter().map(names).collect::<Option<Vec<_>>>() {
            None => self.everywhere.push(at),
            Some(lists) => {
                for name in lists.into_iter().flatten() {
                    let list = self.named.entry(name.clone()).or_default();
                    if list.last() != Some(&at) {
                        list.push(at);
                    }
                }
            }
        }
    }

    /// The names of the namespaces that policies are about by name.
    pub(crate) fn namespaces(&self) -> impl Iterator<Item = &Word> {
        self.named.keys()
    }

    /// The policies that may select pods of a namespace, in the order in which they decide; none:
    /// of a namespace that no policy names.
    pub(crate) fn relevant(&self, namespace: Option<&str>) -> Vec<PolicyRef> {
        let named = namespace.and_then(|name| self.named.get(name)).map(Vec::as_slice).unwrap_or_default();
        let mut all = [named, &self.everywhere].concat();
        all.sort_unstable();
        all
    }

    /// The policies that may select some of these pods, in the order in which they decide.
    pub(crate) fn about(&self, pods: &EndBox) -> Vec<PolicyRef> {
        let mut all = self.everywhere.clone();
        match names(pods) {
            Some(names) => names.iter().filter_map(|name| self.named.get(name)).for_each(|named| all.extend(named)),
            None => self.named.values().for_each(|named| all.extend(named)),
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The policy, with its tier.
    pub(crate) fn get(&self, at: PolicyRef) -> Option<(&'a Tier, &'a Policy)> {
        let tier = self.stack.tiers.get(at.tier as usize)?;
        Some((tier, tier.policies.get(at.policy as usize)?))
    }

    /// The tier at a place.
    pub(crate) fn tier(&self, at: u32) -> Option<&'a Tier> {
        self.stack.tiers.get(at as usize)
    }
}

/// The names that the namespaces of pods may have, where that is a list.
pub(crate) fn names(pods: &EndBox) -> Option<&[Word]> {
    match pods {
        EndBox::Pods { pods, .. } => pods.namespace.get(NAMESPACE_NAME)?.list(),
        EndBox::Outside(_) => None,
    }
}
