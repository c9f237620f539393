//! Labels and annotations of objects.

use smallvec::SmallVec;
use smol_str::SmolStr;

/// Texts by key, sorted, each key once. Most objects have one or two, so they are a list and
/// not a tree, and short texts need no memory of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Texts(SmallVec<[(SmolStr, SmolStr); 1]>);

impl Texts {
    /// One text of polc's own.
    pub(crate) fn of(key: &'static str, text: &'static str) -> Self {
        [(SmolStr::new_static(key), SmolStr::new_static(text))].into_iter().collect()
    }

    /// Texts that are sorted by key already, each key once.
    pub(crate) fn sorted(texts: impl Iterator<Item = (SmolStr, SmolStr)>) -> Self {
        Texts(texts.collect())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The texts, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, text)| (key.as_str(), text.as_str()))
    }

    /// The text of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let at = self.place(key).ok()?;
        self.0.get(at).map(|(_, text)| text.as_str())
    }

    /// Puts a text at its key, in place of the one that may be there.
    pub fn insert(&mut self, key: impl Into<SmolStr>, text: impl Into<SmolStr>) {
        let (key, text) = (key.into(), text.into());
        match self.place(&key) {
            Ok(at) => {
                if let Some(slot) = self.0.get_mut(at) {
                    slot.1 = text;
                }
            }
            Err(at) => self.0.insert(at, (key, text)),
        }
    }

    fn place(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| own.as_str().cmp(key))
    }
}

impl<K: Into<SmolStr>, T: Into<SmolStr>> Extend<(K, T)> for Texts {
    fn extend<I: IntoIterator<Item = (K, T)>>(&mut self, texts: I) {
        texts.into_iter().for_each(|(key, text)| self.insert(key, text));
    }
}

impl<K: Into<SmolStr>, T: Into<SmolStr>> FromIterator<(K, T)> for Texts {
    fn from_iter<I: IntoIterator<Item = (K, T)>>(texts: I) -> Self {
        let mut all = Texts::default();
        all.extend(texts);
        all
    }
}

impl<K: Into<SmolStr>, T: Into<SmolStr>, const N: usize> From<[(K, T); N]> for Texts {
    fn from(texts: [(K, T); N]) -> Self {
        texts.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;

    #[test]
    fn texts_are_sorted_and_the_last_of_a_key_stays() {
        let texts: Texts = [("b", "1"), ("a", "2"), ("b", "3")].into_iter().collect();
        assert_eq!(texts.iter().collect::<Vec<_>>(), [("a", "2"), ("b", "3")]);
        assert_eq!((texts.get("b"), texts.get("c")), (Some("3"), None));
    }
}
