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
    /// The names of namespaces that some rule has.
    names: BTreeSet<Word>,
    /// The pods that some rule speaks of.
    boxes: BTreeSet<PodBox>,
}

impl Keys {
    /// Of both directions of each.
    pub(crate) fn of<'s>(all: impl IntoIterator<Item = &'s Sides>) -> Self {
        let mut keys = Keys::default();
        for policy in
            all.into_iter().flat_map(|sides| [&sides.ingress, &sides.egress]).flat_map(|stack| &stack.tiers).flat_map(|tier| &tier.policies)
        {
            for end in policy.subjects.iter().chain(policy.rules.iter().flat_map(|rule| &rule.peers)) {
                if let EndBox::Pods { pods, .. } = end {
                    keys.add(pods);
                }
            }
        }
        keys
    }

    fn add(&mut self, pods: &PodBox) {
        self.boxes.insert(pods.clone());
        self.names.extend(pods.namespace.get(NAMESPACE_NAME).and_then(Values::only_word).cloned());
        self.namespaces.extend(pods.namespace.iter().map(|(key, _)| Word::from(key)));
        self.pods.extend(pods.pod.iter().map(|(key, _)| Word::from(key)));
    }

    /// The pods that some rule speaks of.
    pub(crate) fn boxes(&self) -> impl Iterator<Item = &PodBox> {
        self.boxes.iter()
    }

    /// The namespaces that some rule names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Word> {
        self.names.iter()
    }

    /// A pod of the box with the labels that the box asks for, and no others. Of a label that may have several values
    /// it has the first; one that may be absent is.
    pub(crate) fn plain(&self, pods: &PodBox) -> PodBox {
        PodBox {
            namespace: self.plain_namespace(&pods.namespace),
            pod: closed(&pods.pod, self.pods.iter()),
            account: if pods.account.is_any() { Values::one_of(["default"]).into() } else { pods.account.clone() },
        }
    }

    /// A namespace's labels, and no others.
    pub(crate) fn plain_namespace(&self, labels: &Labels) -> Labels {
        closed(labels, self.namespaces.iter().filter(|key| *key != NAMESPACE_NAME))
    }
}

fn closed<'k>(labels: &Labels, keys: impl Iterator<Item = &'k Word>) -> Labels {
    keys.fold(labels.clone(), |labels, key| {
        let absent = labels.get(key).is_none_or(|values| values.admits(None));
        if absent { labels.and(key.clone(), Values::absent()) } else { labels }
    })
}
