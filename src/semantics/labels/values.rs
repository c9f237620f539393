//! What one label may be.

use smallvec::{SmallVec, smallvec};

/// Text that is copied without allocating: in place if it is short, else shared.
pub type Word = smol_str::SmolStr;

/// The values of a predicate. Most have one.
type Listed = SmallVec<[Word; 1]>;

/// What one label may be: a set of values, or all but a set, and whether it may be absent.
///
/// The values are sorted, each once: such a list is smaller and faster to copy than a tree,
/// and most have one member.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Values {
    listed: Listed,
    /// The listed values are the ones that are out.
    cofinite: bool,
    /// An absent label satisfies it.
    absent: bool,
}

/// Nothing satisfies the condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoExample;

impl Values {
    fn new(values: impl IntoIterator<Item = impl Into<Word>>, cofinite: bool, absent: bool) -> Self {
        let mut listed: Listed = values.into_iter().map(Into::into).collect();
        listed.sort_unstable();
        listed.dedup();
        Values { listed, cofinite, absent }
    }

    /// One of these values; the label is there.
    #[must_use]
    pub fn one_of(values: impl IntoIterator<Item = impl Into<Word>>) -> Self {
        Self::new(values, false, false)
    }

    /// None of these values, or no such label (as `NotIn` and `!=` are read by Kubernetes and Calico).
    #[must_use]
    pub fn none_of(values: impl IntoIterator<Item = impl Into<Word>>) -> Self {
        Self::new(values, true, true)
    }

    /// Any value; the label is there.
    #[must_use]
    pub fn present() -> Self {
        Values { listed: smallvec![], cofinite: true, absent: false }
    }

    /// No such label.
    #[must_use]
    pub fn absent() -> Self {
        Values { listed: smallvec![], cofinite: false, absent: true }
    }

    /// Anything, there or not.
    pub const ANY: Self = Values { listed: SmallVec::new_const(), cofinite: true, absent: true };

    /// Anything, there or not.
    #[must_use]
    pub fn any() -> Self {
        Self::ANY
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
        value.map_or(self.absent, |value| self.lists(value) != self.cofinite)
    }

    fn lists(&self, value: &str) -> bool {
        match self.listed.as_slice() {
            [only] => **only == *value,
            many => many.binary_search_by(|it| (**it).cmp(value)).is_ok(),
        }
    }

    /// The value, where exactly one satisfies it.
    #[must_use]
    pub fn only(&self) -> Option<&str> {
        self.only_word().map(Word::as_str)
    }

    /// The same as shared text.
    #[must_use]
    pub fn only_word(&self) -> Option<&Word> {
        match self.listed.as_slice() {
            [only] if !self.absent && !self.cofinite => Some(only),
            _ => None,
        }
    }

    /// The values, where no other one satisfies it.
    #[must_use]
    pub fn list(&self) -> Option<&[Word]> {
        (!self.cofinite).then_some(self.listed.as_slice())
    }

    /// One that satisfies it: none for the absent label, if that does. A value that is not listed is one
    /// that nobody wrote, made of `fresh`.
    ///
    /// # Errors
    ///
    /// Nothing satisfies it.
    pub fn example(&self, fresh: &str) -> Result<Option<Word>, NoExample> {
        if self.absent {
            return Ok(None);
        }
        if !self.cofinite {
            return self.listed.first().cloned().map(Some).ok_or(NoExample);
        }
        let numbered = (2u32..).map(|number| Word::from(format!("{fresh}-{number}")));
        std::iter::once(Word::from(fresh)).chain(numbered).find(|value| !self.lists(value)).map(Some).ok_or(NoExample)
    }

    /// What satisfies both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let chosen =
            |from: &Self, of: &Self, inside: bool| -> Listed { from.listed.iter().filter(|it| of.lists(it) == inside).cloned().collect() };
        let (listed, cofinite) = match (self.cofinite, other.cofinite) {
            (false, false) => (chosen(self, other, true), false),
            (false, true) => (chosen(self, other, false), false),
            (true, false) => (chosen(other, self, false), false),
            (true, true) => {
                let mut both: Listed = self.listed.iter().chain(&other.listed).cloned().collect();
                both.sort_unstable();
                both.dedup();
                (both, true)
            }
        };
        Values { listed, cofinite, absent: self.absent && other.absent }
    }

    /// Whether all that satisfies this satisfies the other. There are more values than anybody lists.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        if self.absent && !other.absent {
            return false;
        }
        match (self.cofinite, other.cofinite) {
            (false, false) => self.listed.iter().all(|it| other.lists(it)),
            (false, true) => self.listed.iter().all(|it| !other.lists(it)),
            (true, false) => false,
            (true, true) => other.listed.iter().all(|it| self.lists(it)),
        }
    }

    /// Whether nothing satisfies both.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        if self.absent && other.absent {
            return false;
        }
        match (self.cofinite, other.cofinite) {
            (false, false) => self.listed.iter().all(|it| !other.lists(it)),
            (false, true) => self.listed.iter().all(|it| other.lists(it)),
            (true, false) => other.listed.iter().all(|it| self.lists(it)),
            (true, true) => false,
        }
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

    /// Whether only two selectors together can say it: some values, or no such label.
    #[must_use]
    pub fn needs_two_selectors(&self) -> bool {
        self.absent && !self.cofinite && !self.listed.is_empty()
    }

    /// The set as tests that all must hold, each one that `LabelSelector` and Calico's selectors
    /// have; several lists where only a union of them can say it.
    #[must_use]
    pub fn alternatives(&self) -> Vec<Vec<Test>> {
        let values: Vec<String> = self.listed.iter().map(|it| it.to_string()).collect();
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
