//! Sets of pods: all that could exist, by the labels of their namespace, their own
//! labels and their service account.

use smallvec::{SmallVec, smallvec};

use super::accounts::Accounts;
use super::labels::{Labels, Values, Word};

/// The label that the API server forces on every namespace: its name. It can be neither
/// forged nor removed (`SetDefaults_Namespace`).
pub const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

/// One conjunction: pods whose namespace, labels and service account all satisfy it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PodBox {
    /// The namespace's labels, its name among them as [`NAMESPACE_NAME`].
    pub namespace: Labels,
    /// The pod's labels.
    pub pod: Labels,
    /// The service account's name.
    pub account: Accounts,
}

impl PodBox {
    /// Every pod of one namespace.
    #[cfg(test)]
    #[must_use]
    pub fn in_namespace(name: &str) -> Self {
        PodBox { namespace: Self::namespace_called(name), ..Self::default() }
    }

    /// The labels that one namespace's name says.
    #[must_use]
    pub fn namespace_called(name: impl Into<Word>) -> Labels {
        Labels::equal(Word::new_static(NAMESPACE_NAME), name)
    }

    /// This, with a condition on the pod's labels.
    #[cfg(test)]
    #[must_use]
    pub fn with(mut self, pod: &Labels) -> Self {
        self.pod = self.pod.intersection(pod);
        self
    }

    /// The namespace's name, where there is exactly one.
    #[must_use]
    pub fn namespace_name(&self) -> Option<&str> {
        self.namespace.get(NAMESPACE_NAME).and_then(Values::only)
    }

    /// Whether no pod could be in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.namespace.is_empty() || self.pod.is_empty() || self.account.is_empty()
    }

    /// Pods in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        PodBox {
            namespace: self.namespace.intersection(&other.namespace),
            pod: self.pod.intersection(&other.pod),
            account: self.account.both(&other.account),
        }
    }

    /// Whether no pod could be in both.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.namespace.is_disjoint(&other.namespace) || self.pod.is_disjoint(&other.pod) || self.account.is_disjoint(&other.account)
    }

    /// Whether every pod of this is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.is_empty()
            || (self.namespace.is_subset(&other.namespace) && self.pod.is_subset(&other.pod) && self.account.is_subset(&other.account))
    }

    /// Pods in this and not in the other, as disjoint boxes.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Vec<Self> {
        if self.is_disjoint(other) {
            return if self.is_empty() { Vec::new() } else { vec![self.clone()] };
        }
        let outside = self.namespace.difference(&other.namespace).into_iter().map(|namespace| PodBox { namespace, ..self.clone() });
        let inside = self.namespace.intersection(&other.namespace);
        let unlike =
            self.pod.difference(&other.pod).into_iter().map(|pod| PodBox { namespace: inside.clone(), pod, account: self.account.clone() });
        let others = (!self.account.is_subset(&other.account)).then(|| PodBox {
            namespace: inside.clone(),
            pod: self.pod.intersection(&other.pod),
            account: self.account.intersection(&other.account.complement()).into(),
        });
        outside.chain(unlike).chain(others).filter(|part| !part.is_empty()).collect()
    }

    /// The same pods as boxes of which one selector says each: a label that may be one of some
    /// values or absent needs two.
    #[must_use]
    pub fn split(&self) -> SmallVec<[Self; 1]> {
        let mut boxes = smallvec![];
        for namespace in self.namespace.split() {
            for pod in self.pod.split() {
                boxes.push(PodBox { namespace: namespace.clone(), pod, account: self.account.clone() });
            }
        }
        boxes
    }

    /// A text that is the same for the same box, and for no other; object names are made from it.
    #[must_use]
    pub fn describe(&self) -> String {
        let mut text = format!("namespaces({}) pods({})", self.namespace.describe(), self.pod.describe());
        if !self.account.is_any() {
            text.push_str(&format!(" account({})", self.account.describe()));
        }
        text
    }

    /// Whether every pod of this is in one of the others.
    #[must_use]
    pub fn is_covered(&self, others: &[Self]) -> bool {
        others.iter().any(|other| self.is_subset(other)) || difference_all(std::slice::from_ref(self), others).is_empty()
    }
}

/// Pods in one of `boxes` and in none of `others`, as boxes.
#[must_use]
pub fn difference_all(boxes: &[PodBox], others: &[PodBox]) -> Vec<PodBox> {
    others.iter().fold(boxes.iter().filter(|b| !b.is_empty()).cloned().collect(), |rest: Vec<PodBox>, other| {
        rest.iter().flat_map(|b| b.difference(other)).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    type World = (BTreeMap<String, String>, BTreeMap<String, String>, String);

    fn admits(b: &PodBox, (ns, pod, account): &World) -> bool {
        b.namespace.admits(ns) && b.pod.admits(pod) && b.account.admits(Some(account))
    }

    fn labels(keys: &'static str) -> impl Strategy<Value = Labels> {
        prop::collection::vec((keys, prop::collection::vec("[abc]", 1..3), 0..4u8), 0..3).prop_map(|tests| {
            tests.into_iter().fold(Labels::any(), |all, (key, list, how)| {
                all.and(
                    key,
                    match how {
                        0 => Values::one_of(list),
                        1 => Values::none_of(list),
                        2 => Values::present(),
                        _ => Values::absent(),
                    },
                )
            })
        })
    }

    fn pod_box() -> impl Strategy<Value = PodBox> {
        (labels("[nm]"), labels("[kl]"), prop_oneof![3 => Just(Values::any()), 1 => "[xy]".prop_map(|a| Values::one_of([a]))])
            .prop_map(|(namespace, pod, account)| PodBox { namespace, pod, account: account.into() })
    }

    fn world() -> impl Strategy<Value = World> {
        let map = |keys: &'static str| prop::collection::btree_map(keys, "[abc]", 0..3);
        (map("[nm]"), map("[kl]"), "[xyz]".prop_map(String::from))
    }

    proptest! {
        #[test]
        fn difference_is_exact_and_disjoint(a in pod_box(), b in pod_box(), w in world()) {
            let hits = a.difference(&b).iter().filter(|p| admits(p, &w)).count();
            prop_assert_eq!(hits, usize::from(admits(&a, &w) && !admits(&b, &w)));
        }

        #[test]
        fn covered_means_no_witness(a in pod_box(), b in pod_box(), c in pod_box(), w in world()) {
            if a.is_covered(&[b.clone(), c.clone()]) && admits(&a, &w) {
                prop_assert!(admits(&b, &w) || admits(&c, &w));
            }
        }
    }
}
