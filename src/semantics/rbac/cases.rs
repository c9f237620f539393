//! Sets over words of which only some are ever named: what each named word has, and what all others have.
//!
//! A set of requests is a tower of these, one story for each thing that a request says. A tower is
//! in normal form at every story (no named word has what the others have), so equal sets are equal values.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use smol_str::SmolStr;

/// An operation on two sets: for each thing, from whether it is in the one and in the other, whether it is in the result.
pub type Operation = fn(bool, bool) -> bool;

/// A set of things.
pub trait Set: Clone + Eq {
    /// Nothing.
    fn none() -> Self;
    /// Everything.
    fn all() -> Self;
    /// The set of what an operation keeps.
    fn combine(&self, other: &Self, keeps: Operation) -> Self;

    /// Whether nothing is in it.
    fn is_none(&self) -> bool;
}

impl Set for bool {
    fn none() -> Self {
        false
    }

    fn all() -> Self {
        true
    }

    fn combine(&self, other: &Self, keeps: Operation) -> Self {
        keeps(*self, *other)
    }

    fn is_none(&self) -> bool {
        !self
    }
}

/// Parts that many words share are there once.
impl<T: Set> Set for Rc<T> {
    fn none() -> Self {
        Rc::new(T::none())
    }

    fn all() -> Self {
        Rc::new(T::all())
    }

    fn combine(&self, other: &Self, keeps: Operation) -> Self {
        let keeps_one = |there, beside| keeps(there, beside) && !keeps(false, false);
        // What is kept whole stays the one part that many words share.
        if (Rc::ptr_eq(self, other) && keeps_one(true, true)) || (other.is_none() && keeps_one(true, false)) {
            return Rc::clone(self);
        }
        if self.is_none() && keeps_one(true, true) && keeps(false, true) {
            return Rc::clone(other);
        }
        Rc::new((**self).combine(other, keeps))
    }

    fn is_none(&self) -> bool {
        (**self).is_none()
    }
}

/// What each word has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cases<T> {
    named: BTreeMap<SmolStr, T>,
    other: T,
}

impl<T: Set> Cases<T> {
    /// The same for every word.
    pub fn every(each: T) -> Self {
        Cases { named: BTreeMap::new(), other: each }
    }

    /// Something for these words, nothing for all others.
    pub fn only(words: impl IntoIterator<Item = SmolStr>, each: &T) -> Self {
        if each.is_none() {
            return Self::none();
        }
        Cases { named: words.into_iter().map(|word| (word, each.clone())).collect(), other: T::none() }
    }

    /// What a word has.
    pub fn get(&self, word: &str) -> &T {
        self.named.get(word).unwrap_or(&self.other)
    }

    /// The words that have something of their own, and what they have.
    pub fn named(&self) -> impl Iterator<Item = (&SmolStr, &T)> {
        self.named.iter()
    }

    /// What all other words have.
    pub fn other(&self) -> &T {
        &self.other
    }

    /// A word that has something: one that is named, else the usual one, else any.
    pub fn some(&self, usual: &str) -> Option<(SmolStr, &T)> {
        let named = self.named.iter().find(|(_, each)| !each.is_none()).map(|(word, each)| (word.clone(), each));
        named.or_else(|| self.usual(usual)).or_else(|| (!self.other.is_none()).then(|| (self.unnamed(), &self.other)))
    }

    /// The usual word if it has something, and else as [`Cases::some`].
    pub fn some_usual(&self, usual: &str) -> Option<(SmolStr, &T)> {
        self.usual(usual).or_else(|| self.some(usual))
    }

    fn usual(&self, word: &str) -> Option<(SmolStr, &T)> {
        let each = self.get(word);
        (!each.is_none()).then(|| (word.into(), each))
    }

    /// A word that is not named.
    fn unnamed(&self) -> SmolStr {
        let mut tried = [SmolStr::new_static("other")].into_iter().chain((2..).map(|number: usize| SmolStr::new(format!("other{number}"))));
        tried.find(|word| !self.named.contains_key(word)).unwrap_or_default()
    }

    /// The named words that have the same, together, in the order of the first of each.
    pub fn alike(&self) -> Vec<(Vec<&SmolStr>, &T)> {
        let mut groups: Vec<(Vec<&SmolStr>, &T)> = Vec::new();
        for (word, each) in &self.named {
            match groups.iter_mut().find(|(_, own)| *own == each) {
                Some((words, _)) => words.push(word),
                None => groups.push((vec![word], each)),
            }
        }
        groups
    }
}

impl<T: Set> Set for Cases<T> {
    fn none() -> Self {
        Cases::every(T::none())
    }

    fn all() -> Self {
        Cases::every(T::all())
    }

    fn combine(&self, other: &Self, keeps: Operation) -> Self {
        let rest = self.other.combine(&other.other, keeps);
        let words: BTreeSet<&SmolStr> = self.named.keys().chain(other.named.keys()).collect();
        let each = words.into_iter().map(|word| (word.clone(), self.get(word).combine(other.get(word), keeps)));
        Cases { named: each.filter(|(_, each)| *each != rest).collect(), other: rest }
    }

    fn is_none(&self) -> bool {
        self.named.is_empty() && self.other.is_none()
    }
}
