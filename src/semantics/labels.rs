//! Predicates over labels: which values a key may have, key by key.

mod values;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use values::{Test, Values};

use values::Word;

/// A conjunction over keys: every key's label satisfies its [`Values`]. Keys that may be
/// anything are not kept, so equal predicates are equal.
///
/// The conditions are sorted by key and shared between copies: plans copy predicates far more
/// often than they change them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Labels(Arc<Vec<(Word, Values)>>);

impl Labels {
    /// No condition.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// One key, one value.
    #[must_use]
    pub fn equal(key: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        Self(Arc::new(vec![(Word::from(key.as_ref()), Values::one_of([value]))]))
    }

    /// This, and a condition on one key.
    #[must_use]
    pub fn and(self, key: impl AsRef<str>, values: Values) -> Self {
        self.and_word(&Word::from(key.as_ref()), values)
    }

    fn and_word(mut self, key: &Word, values: Values) -> Self {
        match self.place(key) {
            Ok(at) => self.narrow(at, &values),
            Err(_) if values.is_any() => {}
            Err(at) => Arc::make_mut(&mut self.0).insert(at, (key.clone(), values)),
        }
        self
    }

    /// Narrows the condition at a place; one key of fewer values is never a key of any.
    fn narrow(&mut self, at: usize, values: &Values) {
        let Some((_, old)) = self.0.get(at) else { return };
        let both = old.intersection(values);
        if both != *old
            && let Some((_, slot)) = Arc::make_mut(&mut self.0).get_mut(at)
        {
            *slot = both;
        }
    }

    fn place(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| (**own).cmp(key))
    }

    /// The conditions, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Values)> {
        self.0.iter().map(|(key, values)| (&**key, values))
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
        if self.is_any() || Arc::ptr_eq(&self.0, &other.0) {
            return other.clone();
        }
        other.0.iter().fold(self.clone(), |all, (key, values)| match all.place(key) {
            Ok(at) => {
                let mut all = all;
                all.narrow(at, values);
                all
            }
            Err(_) => all.and_word(key, values.clone()),
        })
    }

    /// Whether all that satisfies this satisfies the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.is_empty() || other.iter().all(|(key, values)| self.get(key).is_some_and(|own| own.is_subset(values)))
    }

    /// Whether no labels satisfy both.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        let apart = |(key, values): (&str, &Values)| other.get(key).is_some_and(|others| others.is_disjoint(values));
        self.is_empty() || other.is_empty() || self.iter().any(apart)
    }

    /// The same predicate as conjunctions of which one selector says each.
    #[must_use]
    pub fn split(&self) -> Vec<Self> {
        let mut all = vec![self.clone()];
        for (key, values) in self.iter().filter(|(_, values)| values.needs_two_selectors()) {
            let present = values.intersection(&Values::present());
            all = all
                .iter()
                .flat_map(|labels| {
                    let base = labels.clone().without(key);
                    [base.clone().and(key, Values::absent()), base.and(key, present.clone())]
                })
                .collect();
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
        if self.is_empty() {
            return Vec::new();
        }
        let mut rest = self.clone();
        let mut parts = Vec::new();
        for (key, values) in other.0.iter() {
            let part = rest.clone().and_word(key, values.complement());
            if !part.is_empty() {
                parts.push(part);
            }
            rest = rest.and_word(key, values.clone());
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::{Labels, Values};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn values() -> impl Strategy<Value = Values> {
        (prop::collection::vec("[abc]", 0..3), any::<bool>(), any::<bool>()).prop_map(|(listed, cofinite, absent)| {
            let others = || Values::none_of(&listed).intersection(&Values::present());
            match (cofinite, absent) {
                (false, false) => Values::one_of(&listed),
                (true, true) => Values::none_of(&listed),
                (true, false) => others(),
                (false, true) => others().complement(),
            }
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
            prop_assert_eq!(a.is_disjoint(&b), a.intersection(&b).is_empty());
            prop_assert_eq!(a.is_subset(&b), a.difference(&b).is_empty());
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
