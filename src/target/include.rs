//! Manifests that are passed through.

use super::{Emitted, Piece};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Cluster, Include, Policy};
use crate::manifest::{Included, Object, included};
use crate::plan::Sentences;

/// The documents of one cluster's includes, as they were, in the order of files and documents.
pub(crate) fn emit(policy: &Policy, cluster: &Cluster) -> (Vec<Emitted>, Vec<Diagnostic>) {
    let (mut emitted, mut diagnostics) = (Vec::new(), Vec::new());
    let mut includes: Vec<&Include> = policy.includes.iter().filter(|include| include.clusters.contains(&cluster.name)).collect();
    includes.sort_by_key(|include| (&include.path, include.sentence));
    // A file that two sentences include is there once, and cites both.
    for same in includes.chunk_by(|a, b| a.path == b.path) {
        let Some(first) = same.first() else { continue };
        let sentences: Sentences = same.iter().map(|include| include.sentence).collect();
        match included::documents(&first.text) {
            Ok(documents) => emitted.extend(documents.into_iter().map(|document: Included| Emitted {
                object: Object::Included(document),
                origins: vec![(Piece::Whole, sentences.clone())],
            })),
            Err(reason) => diagnostics.extend(unreadable(policy, first, reason)),
        }
    }
    (emitted, diagnostics)
}

fn unreadable(policy: &Policy, include: &Include, reason: String) -> Option<Diagnostic> {
    let span = policy.sentence(include.sentence)?.span;
    let headline = format!("`{}` cannot be passed through document by document", include.path);
    Some(
        Diagnostic::new(Code::ManifestUnreadable, span, headline)
            .label(reason)
            .help("write each document of the file so that it stands by itself"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Clusters, SentenceId};
    use crate::target::fixture;

    fn policy(files: &[(&str, &str)]) -> Policy {
        let include = |(at, (path, text)): (u32, &(&str, &str))| Include {
            sentence: SentenceId(at),
            path: (*path).to_owned(),
            text: (*text).to_owned(),
            namespace: None,
            clusters: Clusters::All,
            unanalysed: None,
            known: false,
        };
        Policy { includes: (0u32..).zip(files).map(include).collect(), ..fixture::policy() }
    }

    #[test]
    fn documents_pass_as_they_were_and_once() {
        let text = "kind: A\napiVersion: v1 # as it was\n---\nkind: B\napiVersion: v1\n";
        let (emitted, diagnostics) = emit(&policy(&[("b.yaml", text), ("b.yaml", text)]), &fixture::cluster());
        assert_eq!(diagnostics, []);
        let mut out = String::new();
        crate::manifest::yaml::write_stream(&mut out, emitted.iter().map(|emitted| &emitted.object));
        assert_eq!(out, text);
        assert!(emitted.iter().all(|emitted| emitted.origins == [(Piece::Whole, Sentences::from_slice(&[SentenceId(0), SentenceId(1)]))]));
    }

    #[test]
    fn what_cannot_be_told_apart_is_an_error() {
        let (_, diagnostics) = emit(&policy(&[("a.yaml", "kind: A\n")]), &fixture::cluster());
        assert_eq!(diagnostics.iter().map(|error| error.code.as_str()).collect::<Vec<_>>(), ["manifest-unreadable"]);
    }
}
