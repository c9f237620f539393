//! "Did you mean": near names, and only near ones.

/// The candidates closest to `word`: at most three, at a distance of at most a
/// third of the word's length (and at least 1, but never the whole word), nearest first, then by name.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let length = word.chars().count();
    let limit = (length / 3).max(1).min(length.saturating_sub(1));
    let mut near: Vec<(usize, &str)> =
        candidates.into_iter().map(|name| (strsim::osa_distance(word, name), name)).filter(|(distance, _)| *distance <= limit).collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, name)| name).collect()
}
