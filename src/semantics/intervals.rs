//! Sets of whole numbers as sorted, disjoint, non-adjacent closed intervals.

use smallvec::{SmallVec, smallvec};

/// A number an interval can end in: it knows its neighbors and its bounds.
pub trait Bounded: Copy + Ord {
    /// The smallest number.
    const MIN: Self;
    /// The largest number.
    const MAX: Self;
    /// The next number; none above [`Bounded::MAX`].
    fn next(self) -> Option<Self>;
    /// The number before; none below [`Bounded::MIN`].
    fn previous(self) -> Option<Self>;
}

macro_rules! bounded {
    ($($number:ty),*) => {$(
        impl Bounded for $number {
            const MIN: Self = <$number>::MIN;
            const MAX: Self = <$number>::MAX;
            fn next(self) -> Option<Self> { self.checked_add(1) }
            fn previous(self) -> Option<Self> { self.checked_sub(1) }
        }
    )*};
}
bounded!(u16, u32, u128);

/// A set of numbers. Most are one interval, which needs no memory of its own.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Intervals<N>(SmallVec<[(N, N); 1]>);

impl<N: Copy> Clone for Intervals<N> {
    /// In one piece, not interval by interval.
    fn clone(&self) -> Self {
        Intervals(SmallVec::from_slice(&self.0))
    }
}

impl<N: Bounded> Intervals<N> {
    /// No number.
    pub const EMPTY: Self = Intervals(SmallVec::new_const());

    /// No number.
    #[must_use]
    pub fn empty() -> Self {
        Self::EMPTY
    }

    /// Every number.
    pub const ALL: Self = Intervals(SmallVec::from_const([(N::MIN, N::MAX)]));

    /// Every number.
    #[must_use]
    pub fn all() -> Self {
        Self::ALL
    }

    /// The numbers from `low` to `high`, both included; none if `low > high`.
    #[must_use]
    pub fn range(low: N, high: N) -> Self {
        if low > high { Self::empty() } else { Intervals(smallvec![(low, high)]) }
    }

    /// Whether there is no number in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The intervals, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (N, N)> + '_ {
        self.0.iter().copied()
    }

    /// Numbers in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if self.is_empty() || self.0 == other.0 {
            return other.clone();
        }
        if other.is_empty() {
            return self.clone();
        }
        let mut all: SmallVec<[(N, N); 2]> = self.iter().chain(other.iter()).collect();
        all.sort_unstable();
        let mut merged: SmallVec<[(N, N); 1]> = smallvec![];
        for (low, high) in all {
            match merged.last_mut() {
                Some(last) if last.1.next().is_none_or(|next| low <= next) => last.1 = last.1.max(high),
                _ => merged.push((low, high)),
            }
        }
        Intervals(merged)
    }

    /// Numbers in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        if self.0 == other.0 {
            return self.clone();
        }
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut both = smallvec![];
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            let (low, high) = (a.0.max(b.0), a.1.min(b.1));
            if low <= high {
                both.push((low, high));
            }
            if a.1 < b.1 {
                left.next()
            } else {
                right.next()
            };
        }
        Intervals(both)
    }

    /// Numbers not in it.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut gaps = smallvec![];
        let mut from = Some(N::MIN);
        for (low, high) in self.iter() {
            if let (Some(start), Some(end)) = (from, low.previous())
                && start <= end
            {
                gaps.push((start, end));
            }
            from = high.next();
        }
        if let Some(start) = from {
            gaps.push((start, N::MAX));
        }
        Intervals(gaps)
    }

    /// Numbers in this one and not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }
}

#[cfg(test)]
mod tests {
    use super::Intervals;
    use proptest::prelude::*;

    fn set() -> impl Strategy<Value = Intervals<u16>> {
        let edge = prop_oneof![0u16..12, (u16::MAX - 11)..=u16::MAX];
        prop::collection::vec((edge.clone(), edge), 0..6)
            .prop_map(|ranges| ranges.into_iter().fold(Intervals::empty(), |all, (a, b)| all.union(&Intervals::range(a.min(b), a.max(b)))))
    }

    fn holds(set: &Intervals<u16>, number: u16) -> bool {
        set.iter().any(|(low, high)| low <= number && number <= high)
    }

    proptest! {
        #[test]
        fn operations_agree_with_membership(a in set(), b in set(), n in prop_oneof![0u16..14, (u16::MAX - 13)..=u16::MAX]) {
            prop_assert_eq!(holds(&a.union(&b), n), holds(&a, n) || holds(&b, n));
            prop_assert_eq!(holds(&a.intersection(&b), n), holds(&a, n) && holds(&b, n));
            prop_assert_eq!(holds(&a.difference(&b), n), holds(&a, n) && !holds(&b, n));
            prop_assert_eq!(holds(&a.complement(), n), !holds(&a, n));
        }

        #[test]
        fn one_set_has_one_form(a in set(), b in set()) {
            prop_assert_eq!(a.union(&b), b.union(&a));
            prop_assert_eq!(a.complement().complement(), a.clone());
            prop_assert_eq!(a.difference(&b).union(&a.intersection(&b)), a);
        }
    }
}
