//! A stack's policies by the namespace whose pods they select: most name one.

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
    /// Policies about namespaces by name: sorted by it, those of one namespace as they decide.
    named: Vec<(&'a Word, PolicyRef)>,
    everywhere: Vec<PolicyRef>,
}

impl<'a> Index<'a> {
    /// Looks at every policy once.
    pub(crate) fn new(stack: &'a Stack) -> Self {
        let mut index = Index { stack, named: Vec::new(), everywhere: Vec::new() };
        for (tier, of) in (0..).zip(&stack.tiers) {
            for (policy, it) in (0..).zip(&of.policies) {
                index.enter(PolicyRef { tier, policy }, it);
            }
        }
        // Most stacks are sorted nearly so.
        index.named.sort();
        index.named.dedup();
        index
    }

    fn enter(&mut self, at: PolicyRef, policy: &'a Policy) {
        if policy.subjects.iter().all(|subject| names(subject).is_some()) {
            let lists = policy.subjects.iter().filter_map(names);
            self.named.extend(lists.flatten().map(|name| (name, at)));
        } else {
            self.everywhere.push(at);
        }
    }

    /// The names of the namespaces that policies are about by name, sorted.
    pub(crate) fn namespaces(&self) -> impl Iterator<Item = &'a Word> {
        self.named.chunk_by(|(a, _), (b, _)| a == b).filter_map(|of| of.first()).map(|(name, _)| *name)
    }

    fn of(&self, namespace: &str) -> impl Iterator<Item = PolicyRef> {
        let from = self.named.partition_point(|(name, _)| name.as_str() < namespace);
        let behind = self.named.get(from..).unwrap_or_default();
        behind.iter().take_while(move |(name, _)| name.as_str() == namespace).map(|(_, at)| *at)
    }

    /// The policies that may select pods of a namespace, in the order in which they decide; none:
    /// of a namespace that no policy names.
    pub(crate) fn relevant(&self, namespace: Option<&str>) -> Vec<PolicyRef> {
        let mut all = self.everywhere.clone();
        all.extend(namespace.into_iter().flat_map(|name| self.of(name)));
        all.sort_unstable();
        all
    }

    /// The policies that may select some of these pods, in the order in which they decide.
    pub(crate) fn about(&self, pods: &EndBox) -> Vec<PolicyRef> {
        let mut all = self.everywhere.clone();
        match names(pods) {
            Some(names) => names.iter().for_each(|name| all.extend(self.of(name))),
            None => all.extend(self.named.iter().map(|(_, at)| at)),
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
