//! Labels and annotations of objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

/// Texts by key, sorted, each key once. Many objects say the same of themselves and select the
/// same pods, so copies share their memory.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Texts(Option<Arc<[(SmolStr, SmolStr)]>>);

impl Texts {
    /// Texts that are sorted by key already, each key once.
    pub(crate) fn sorted(texts: impl Iterator<Item = (SmolStr, SmolStr)>) -> Self {
        let mut texts = texts.peekable();
        Texts(texts.peek().is_some().then(|| texts.collect()))
    }

    fn all(&self) -> &[(SmolStr, SmolStr)] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The texts, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all().iter().map(|(key, text)| (key.as_str(), text.as_str()))
    }

    /// The text of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let at = self.all().binary_search_by(|(own, _)| own.as_str().cmp(key)).ok()?;
        self.all().get(at).map(|(_, text)| text.as_str())
    }

    /// These texts and others, which count where both have a key.
    pub(crate) fn with(mut self, others: &Texts) -> Self {
        if self.is_empty() {
            return others.clone();
        }
        if !others.is_empty() {
            self.extend(others.all().iter().cloned());
        }
        self
    }

    /// Puts a text at its key, in place of the one that may be there.
    pub fn insert(&mut self, key: impl Into<SmolStr>, text: impl Into<SmolStr>) {
        self.extend([(key, text)]);
    }
}

impl<K: Into<SmolStr>, T: Into<SmolStr>> Extend<(K, T)> for Texts {
    fn extend<I: IntoIterator<Item = (K, T)>>(&mut self, texts: I) {
        let more = texts.into_iter().map(|(key, text)| (key.into(), text.into()));
        let all: BTreeMap<SmolStr, SmolStr> = self.all().iter().cloned().chain(more).collect();
        *self = Texts::sorted(all.into_iter());
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
