//! What every object says of itself: who manages it, and why it is there.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use smol_str::SmolStr;

use crate::ir::{Policy, Sentence, SentenceId};
use crate::manifest::{Metadata, Texts};

/// The label by which tools see who manages an object.
const MANAGED_BY: (&str, &str) = ("app.kubernetes.io/managed-by", "polc");

/// The labels of every object, made once and shared.
static MANAGED: LazyLock<Texts> = LazyLock::new(|| [MANAGED_BY].into());

/// The reasons of the sentences behind an object, one a line.
const BECAUSE: &str = "polc.dev/because";

/// Their owners, separated by commas.
const OWNER: &str = "polc.dev/owner";

/// Their ids, separated by commas.
const ID: &str = "polc.dev/id";

/// Metadata of an object that some sentences ask for. Nothing in it depends on where a sentence
/// stands, so that moving one changes no output.
pub(crate) fn metadata<'a>(
    policy: &Policy,
    namespace: Option<&str>,
    name: SmolStr,
    sentences: impl IntoIterator<Item = &'a SentenceId> + Clone,
) -> Metadata {
    Metadata { name, namespace: namespace.map(SmolStr::new), labels: MANAGED.clone(), annotations: annotations(policy, sentences) }
}

/// The same of something without a namespace whose labels are the user's alone, because they decide
/// which selectors find it: a Namespace, a network set. Who manages it is among its [`marks`].
pub(crate) fn unlabeled<'a>(
    policy: &Policy,
    name: SmolStr,
    sentences: impl IntoIterator<Item = &'a SentenceId> + Clone,
    marks: &Texts,
) -> Metadata {
    let annotations = annotations(policy, sentences).with(marks);
    Metadata { name, namespace: None, labels: Texts::default(), annotations }
}

/// Annotations that are the same on all objects of a kind: who manages them, and some more.
pub(crate) fn marks(more: &[(&'static str, &'static str)]) -> Texts {
    [MANAGED_BY].iter().chain(more).copied().collect()
}

/// What the sentences say of themselves. Most say nothing.
fn annotations<'a>(policy: &Policy, sentences: impl IntoIterator<Item = &'a SentenceId> + Clone) -> Texts {
    let cited = || sentences.clone().into_iter().filter_map(|id| policy.sentence(*id));
    if cited().all(|sentence| sentence.clauses.is_none()) {
        return Texts::default();
    }
    let said = |of: fn(&Sentence) -> Option<&SmolStr>| cited().filter_map(of).map(SmolStr::as_str).collect::<BTreeSet<_>>();
    let parts: [(&'static str, &str, BTreeSet<&str>); 3] =
        [(BECAUSE, "\n", said(Sentence::because)), (OWNER, ", ", said(Sentence::owner)), (ID, ", ", said(Sentence::id))];
    let written = parts.into_iter().filter(|(_, _, said)| !said.is_empty());
    written.map(|(key, separator, said)| (key, said.into_iter().collect::<Vec<_>>().join(separator))).collect()
}
