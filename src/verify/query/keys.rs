//! The labels that rules look at. A pod that is known has no others that could matter.

use std::collections::BTreeSet;

use crate::semantics::ends::EndBox;
use crate::semantics::labels::{Labels, Values, Word};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::verify::stack::Sides;

/// All keys that some rule looks at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys {
    namespaces: BTreeSet<Word>,
    pods: BTreeSet<Word>,
}

impl Keys {
    /// Of both directions.
    pub(crate) fn of(sides: &Sides) -> Self {
        let mut keys = Keys::default();
        for policy in [&sides.ingress, &sides.egress].into_iter().flat_map(|stack| &stack.tiers).flat_map(|tier| &tier.policies) {
            for end in policy.subjects.iter().chain(policy.rules.iter().flat_map(|rule| &rule.peers)) {
                if let EndBox::Pods { pods, .. } = end {
                    keys.add(pods);
                }
            }
        }
        keys
    }

    fn add(&mut self, pods: &PodBox) {
        self.namespaces.extend(pods.namespace.iter().map(|(key, _)| Word::from(key)));
        self.pods.extend(pods.pod.iter().map(|(key, _)| Word::from(key)));
    }

    /// A pod of the box with the labels that the box asks for, and no others. Of a label that may have several values
    /// it has the first; one that may be absent is.
    pub(crate) fn plain(&self, pods: &PodBox) -> PodBox {
        PodBox {
            namespace: closed(&pods.namespace, self.namespaces.iter().filter(|key| *key != NAMESPACE_NAME)),
            pod: closed(&pods.pod, self.pods.iter()),
            account: if pods.account.is_any() { Values::one_of(["default"]) } else { pods.account.clone() },
        }
    }
}

fn closed<'k>(labels: &Labels, keys: impl Iterator<Item = &'k Word>) -> Labels {
    keys.fold(labels.clone(), |labels, key| {
        let absent = labels.get(key).is_none_or(|values| values.admits(None));
        if absent { labels.and(key.clone(), Values::absent()) } else { labels }
    })
}
