//! Namespace objects stay: applying the removal of one deletes everything in it.

use std::collections::BTreeSet;

use serde::Deserialize;

/// A Namespace object that no policy declares any more, and that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    /// Its name.
    pub(super) name: String,
    /// Its document, with a line end.
    text: String,
}

/// What tells a Namespace object.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    api_version: String,
    kind: String,
    metadata: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

/// The Namespace objects of a written file that are not among the declared.
pub(super) fn kept(written: &[u8], declared: &BTreeSet<String>) -> Vec<Kept> {
    let Ok(text) = std::str::from_utf8(written) else { return Vec::new() };
    if !text.contains("Namespace") {
        return Vec::new();
    }
    let found = documents(text).filter_map(|text| name(text).map(|name| Kept { name, text: ended(text) }));
    found.filter(|kept| !declared.contains(&kept.name)).collect()
}

/// The documents, and then the file's own text.
pub(super) fn before(kept: &[Kept], text: Option<&str>) -> Option<String> {
    let parts: Vec<&str> = kept.iter().map(|kept| kept.text.as_str()).chain(text).collect();
    if parts.is_empty() { None } else { Some(parts.join("---\n")) }
}

/// The name of the Namespace that a document is.
fn name(document: &str) -> Option<String> {
    if !document.contains("Namespace") {
        return None;
    }
    let head: Head = serde_saphyr::from_str(document).ok()?;
    (head.api_version == "v1" && head.kind == "Namespace").then_some(head.metadata.name)
}

/// The documents of a stream that polc wrote: a line `---` stands between them and nowhere else.
fn documents(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n---\n")
}

fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end_matches('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: payments\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: Namespace\n";

    #[test]
    fn only_a_namespace_that_is_not_declared_is_kept() {
        let found = kept(FILE.as_bytes(), &BTreeSet::new());
        assert_eq!(found.iter().map(|kept| kept.name.as_str()).collect::<Vec<_>>(), ["payments"]);
        assert!(kept(FILE.as_bytes(), &BTreeSet::from(["payments".to_owned()])).is_empty());
    }

    #[test]
    fn keeping_twice_changes_nothing() {
        let once = before(&kept(FILE.as_bytes(), &BTreeSet::new()), None).expect("a text");
        assert_eq!(once, "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: payments\n");
        assert_eq!(before(&kept(once.as_bytes(), &BTreeSet::new()), None), Some(once));
    }
}
