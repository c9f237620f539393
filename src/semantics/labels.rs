//! Predicates over labels: which values a key may have, key by key.

mod values;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use smallvec::{SmallVec, smallvec};

pub use values::{NoExample, Test, Values, Word};

/// A condition: what one key's label may be.
type Condition = (Word, Values);

/// A conjunction over keys: every key's label satisfies its [`Values`]. Keys that may be
/// anything are not kept, so equal predicates are equal.
///
/// The conditions are sorted by key and shared between copies: plans copy predicates far more
/// often than they change them. No condition takes no memory.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Labels(Option<Rc<[Condition]>>);

impl Ord for Labels {
    /// By the conditions; copies are told equal without a look at them.
    fn cmp(&self, other: &Self) -> Ordering {
        if self.is_same(other) { Ordering::Equal } else { self.conditions().cmp(other.conditions()) }
    }
}

impl PartialOrd for Labels {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Labels {
    /// No condition.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// One key, one value.
    #[must_use]
    pub fn equal(key: impl Into<Word>, value: impl Into<Word>) -> Self {
        Self(Some(Rc::new([(key.into(), Values::one_of([value]))])))
    }

    fn of(conditions: Vec<Condition>) -> Self {
        Self((!conditions.is_empty()).then(|| conditions.into()))
    }

    fn conditions(&self) -> &[Condition] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether both are copies of one predicate; other predicates may be equal all the same.
    fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(own), Some(other)) => Rc::ptr_eq(own, other),
            (None, None) => true,
            _ => false,
        }
    }

    /// Where its conditions lie: copies of one predicate have one address, and as long as one of them lives no other
    /// predicate has it. All of no condition have the same.
    #[must_use]
    pub fn address(&self) -> *const () {
        self.0.as_ref().map_or(std::ptr::null(), |conditions| Rc::as_ptr(conditions).cast())
    }

    /// This, and a condition on one key.
    #[must_use]
    pub fn and(self, key: impl Into<Word>, values: Values) -> Self {
        self.and_word(&key.into(), values)
    }

    fn and_word(self, key: &Word, values: Values) -> Self {
        match self.place(key) {
            Ok(at) => self.narrowed(at, &values),
            Err(_) if values.is_any() => self,
            Err(at) => {
                let (before, behind) = self.conditions().split_at(at);
                let added = std::iter::once((key.clone(), values));
                Self(Some(before.iter().cloned().chain(added).chain(behind.iter().cloned()).collect()))
            }
        }
    }

    /// With a narrower condition at a place; one key of fewer values is never a key of any.
    fn narrowed(self, at: usize, values: &Values) -> Self {
        let Some((_, old)) = self.conditions().get(at).filter(|(_, old)| !old.is_subset(values)) else { return self };
        let both = old.intersection(values);
        let mut conditions = self.conditions().to_vec();
        if let Some((_, slot)) = conditions.get_mut(at) {
            *slot = both;
        }
        Self::of(conditions)
    }

    fn place(&self, key: &str) -> Result<usize, usize> {
        match self.conditions() {
            // Most have one, and mostly of this key.
            [(only, _)] if **only == *key => Ok(0),
            conditions => conditions.binary_search_by(|(own, _)| (**own).cmp(key)),
        }
    }

    /// The conditions, by key.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Values)> {
        self.conditions().iter().map(|(key, values)| (&**key, values))
    }

    /// The conditions that one value alone satisfies, by key, with that value.
    pub fn singles(&self) -> impl Iterator<Item = (&Word, &Word)> {
        self.conditions().iter().filter_map(|(key, values)| Some((key, values.only_word()?)))
    }

    /// The condition on one key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Values> {
        self.place(key).ok().and_then(|at| self.conditions().get(at)).map(|(_, values)| values)
    }

    /// This without its condition on one key.
    #[must_use]
    pub fn without(self, key: &str) -> Self {
        match self.place(key) {
            Ok(at) => {
                let mut conditions = self.conditions().to_vec();
                conditions.remove(at);
                Self::of(conditions)
            }
            Err(_) => self,
        }
    }

    /// Whether there is no condition.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.0.is_none()
    }

    /// Whether no labels satisfy it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.conditions().iter().any(|(_, values)| values.is_empty())
    }

    /// Whether these labels satisfy it.
    #[must_use]
    pub fn admits(&self, labels: &BTreeMap<String, String>) -> bool {
        self.iter().all(|(key, values)| values.admits(labels.get(key).map(String::as_str)))
    }

    /// What satisfies both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        if self.is_any() || self.is_same(other) {
            return other.clone();
        }
        other.conditions().iter().fold(self.clone(), |all, (key, values)| all.and_word(key, values.clone()))
    }

    /// Whether all that satisfies this satisfies the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.is_same(other) || self.is_empty() || other.iter().all(|(key, values)| self.get(key).is_some_and(|own| own.is_subset(values)))
    }

    /// Whether no labels satisfy both.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        let apart = |(key, values): (&str, &Values)| other.get(key).is_some_and(|others| others.is_disjoint(values));
        self.is_empty() || other.is_empty() || self.iter().any(apart)
    }

    /// Whether only several selectors together can say it.
    #[must_use]
    pub fn needs_split(&self) -> bool {
        self.conditions().iter().any(|(_, values)| values.needs_two_selectors())
    }

    /// The same predicate as conjunctions of which one selector says each.
    #[must_use]
    pub fn split(&self) -> SmallVec<[Self; 1]> {
        let mut all = smallvec![self.clone()];
        for (key, values) in self.conditions().iter().filter(|(_, values)| values.needs_two_selectors()) {
            let present = values.intersection(&Values::present());
            all = all
                .iter()
                .flat_map(|labels: &Self| {
                    let base = labels.clone().without(key);
                    [base.clone().and_word(key, Values::absent()), base.and_word(key, present.clone())]
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
        for (key, values) in other.conditions() {
            if rest.get(key).is_some_and(|own| own.is_subset(values)) {
                continue;
            }
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
