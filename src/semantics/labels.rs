//! Predicates over labels: which values a key may have, key by key.

use std::collections::BTreeMap;
use std::sync::Arc;

/// What one label may be: a set of values, or all but a set, and whether it may be absent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Values {
    /// Sorted, each once. A list and not a tree: it is nearly always one value.
    listed: Vec<String>,
    /// The listed values are the ones that are out.
    cofinite: bool,
    /// An absent label satisfies it.
    absent: bool,
}

impl Values {
    /// One of these values; the label is there.
    #[must_use]
    pub fn one_of(values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Values { listed: sorted(values), cofinite: false, absent: false }
    }

    /// None of these values, or no such label (as `NotIn` and `!=` are read by Kubernetes and Calico).
    #[must_use]
    pub fn none_of(values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Values { listed: sorted(values), cofinite: true, absent: true }
    }

    /// Any value; the label is there.
    #[must_use]
    pub fn present() -> Self {
        Values { listed: Vec::new(), cofinite: true, absent: false }
    }

    /// No such label.
    #[must_use]
    pub fn absent() -> Self {
        Values { listed: Vec::new(), cofinite: false, absent: true }
    }

    /// Anything, there or not.
    #[must_use]
    pub fn any() -> Self {
        Values { listed: Vec::new(), cofinite: true, absent: true }
    }

    /// Whether nothing satisfies it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.absent && !self.cofinite && self.listed.is_empty()
    }

    /// Whether everything satisfies it.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.absent && self.cofinite && self.listed.is_empty()
    }

    /// Whether the value (or the absence, for none) satisfies it.
    #[must_use]
    pub fn admits(&self, value: Option<&str>) -> bool {
        value.map_or(self.absent, |value| lists(&self.listed, value) != self.cofinite)
    }

    /// The value, where exactly one satisfies it.
    #[must_use]
    pub fn only(&self) -> Option<&str> {
        if self.absent || self.cofinite || self.listed.len() != 1 { None } else { self.listed.first().map(String::as_str) }
    }

    /// What satisfies both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (a, b) = (&self.listed, &other.listed);
        let (listed, cofinite) = match (self.cofinite, other.cofinite) {
            (false, false) => (a.iter().filter(|value| lists(b, value)).cloned().collect(), false),
            (false, true) => (a.iter().filter(|value| !lists(b, value)).cloned().collect(), false),
            (true, false) => (b.iter().filter(|value| !lists(a, value)).cloned().collect(), false),
            (true, true) => (sorted(a.iter().chain(b).cloned()), true),
        };
        Values { listed, cofinite, absent: self.absent && other.absent }
    }

    /// A text that is the same for the same values, and for no others.
    #[must_use]
    pub fn describe(&self) -> String {
        let sign = if self.cofinite { "not " } else { "" };
        let absent = if self.absent { " or absent" } else { "" };
        let values: Vec<String> = self.listed.iter().map(|value| format!("{value:?}")).collect();
        format!("{sign}[{}]{absent}", values.join(","))
    }

    /// What does not satisfy it.
    #[must_use]
    pub fn complement(&self) -> Self {
        Values { listed: self.listed.clone(), cofinite: !self.cofinite, absent: !self.absent }
    }

    /// The set as tests that all must hold, each one that `LabelSelector` and Calico's selectors
    /// have; several lists where only a union of them can say it.
    #[must_use]
    pub fn alternatives(&self) -> Vec<Vec<Test>> {
        let values = self.listed.clone();
        match (self.cofinite, self.absent) {
            (true, true) if values.is_empty() => vec![vec![]],
            (true, true) => vec![vec![Test::NotIn(values)]],
            (true, false) if values.is_empty() => vec![vec![Test::Exists]],
            (true, false) => vec![vec![Test::Exists, Test::NotIn(values)]],
            (false, false) => {
                if values.is_empty() {
                    vec![]
                } else {
                    vec![vec![Test::In(values)]]
                }
            }
            (false, true) if values.is_empty() => vec![vec![Test::DoesNotExist]],
            (false, true) => vec![vec![Test::DoesNotExist], vec![Test::In(values)]],
        }
    }
}

fn sorted(values: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    let mut all: Vec<String> = values.into_iter().map(Into::into).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn lists(values: &[String], value: &str) -> bool {
    values.binary_search_by(|listed| listed.as_str().cmp(value)).is_ok()
}

/// A test of one label, as `matchExpressions` has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Test {
    /// There, with one of these values.
    In(Vec<String>),
    /// Not there, or with another value.
    NotIn(Vec<String>),
    /// There.
    Exists,
    /// Not there.
    DoesNotExist,
}

/// A conjunction over keys: every key's label satisfies its [`Values`]. Keys that may be
/// anything are not kept, so equal predicates are equal.
///
/// Sorted by key, and shared: the same few predicates stand in every rule, and most are never
/// changed again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Labels(Arc<Vec<(String, Values)>>);

impl Labels {
    /// No condition.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// One key, one value.
    #[must_use]
    pub fn equal(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self::any().and(key, Values::one_of([value]))
    }

    /// This, and a condition on one key.
    #[must_use]
    pub fn and(mut self, key: impl Into<String>, values: Values) -> Self {
        let key = key.into();
        let place = self.place(&key);
        let all = Arc::make_mut(&mut self.0);
        match place {
            Ok(at) => {
                if let Some((_, old)) = all.get_mut(at) {
                    *old = old.intersection(&values);
                }
            }
            Err(at) if !values.is_any() => all.insert(at, (key, values)),
            Err(_) => {}
        }
        self
    }

    /// Where a key is, or would be.
    fn place(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_str().cmp(key))
    }

    /// The conditions, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Values)> {
        self.0.iter().map(|(key, values)| (key.as_str(), values))
    }

    /// The condition on one key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Values> {
        self.place(key).ok().and_then(|at| self.0.get(at)).map(|(_, values)| values)
    }

    /// This without its condition on one key.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        if let Ok(at) = self.place(key) {
            Arc::make_mut(&mut self.0).remove(at);
        }
        self
    }

    /// Whether there is no condition.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether no labels satisfy it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().any(|(_, values)| values.is_empty())
    }

    /// Whether these labels satisfy it.
    #[must_use]
    pub fn admits(&self, labels: &BTreeMap<String, String>) -> bool {
        self.iter().all(|(key, values)| values.admits(labels.get(key).map(String::as_str)))
    }

    /// What satisfies both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        match (self.is_any(), other.is_any()) {
            (_, true) => self.clone(),
            (true, false) => other.clone(),
            (false, false) => other.iter().fold(self.clone(), |all, (key, values)| all.and(key, values.clone())),
        }
    }

    /// The same predicate as conjunctions of which one selector says each.
    #[must_use]
    pub fn split(&self) -> Vec<Self> {
        let mut all = vec![self.clone()];
        for (key, values) in self.iter() {
            if values.alternatives().len() > 1 {
                let present = values.intersection(&Values::present());
                all = all
                    .iter()
                    .flat_map(|labels| {
                        let base = labels.clone().without(key);
                        [base.clone().and(key, Values::absent()), base.and(key, present.clone())]
                    })
                    .collect();
            }
        }
        all
    }

    /// A text that is the same for the same predicate, and for no other.
    #[must_use]
    pub fn describe(&self) -> String {
        self.iter().map(|(key, values)| format!("{key} {}", values.describe())).collect::<Vec<_>>().join(", ")
    }

    /// What satisfies this and not the other, as disjoint conjunctions.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Vec<Self> {
        let mut rest = self.clone();
        let mut parts = Vec::new();
        for (key, values) in other.iter() {
            let part = rest.clone().and(key, values.complement());
            if !part.is_empty() {
                parts.push(part);
            }
            rest = rest.and(key, values.clone());
        }
        if self.is_empty() { Vec::new() } else { parts }
    }
}

#[cfg(test)]
mod tests {
    use super::{Labels, Values};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn values() -> impl Strategy<Value = Values> {
        (prop::collection::btree_set("[abc]", 0..3), any::<bool>(), any::<bool>()).prop_map(|(listed, cofinite, absent)| Values {
            listed: listed.into_iter().collect(),
            cofinite,
            absent,
        })
    }

    fn labels() -> impl Strategy<Value = Labels> {
        prop::collection::btree_map("[kl]", values(), 0..3).prop_map(|m| m.into_iter().fold(Labels::any(), |all, (k, v)| all.and(k, v)))
    }

    fn world() -> impl Strategy<Value = BTreeMap<String, String>> {
        prop::collection::btree_map("[kl]", "[abcd]", 0..3)
    }

    proptest! {
        #[test]
        fn operations_agree_with_membership(a in labels(), b in labels(), w in world()) {
            prop_assert_eq!(a.intersection(&b).admits(&w), a.admits(&w) && b.admits(&w));
            let hits = a.difference(&b).iter().filter(|p| p.admits(&w)).count();
            prop_assert_eq!(hits, usize::from(a.admits(&w) && !b.admits(&w)), "parts are disjoint and exact");
        }

        #[test]
        fn alternatives_say_the_same(v in values(), value in prop::option::of("[abcd]")) {
            use super::Test;
            let value = value.as_deref();
            let passes = |test: &Test| match test {
                Test::In(list) => value.is_some_and(|v| list.iter().any(|x| x == v)),
                Test::NotIn(list) => !value.is_some_and(|v| list.iter().any(|x| x == v)),
                Test::Exists => value.is_some(),
                Test::DoesNotExist => value.is_none(),
            };
            prop_assert_eq!(v.alternatives().iter().any(|all| all.iter().all(passes)), v.admits(value));
        }
    }
}
