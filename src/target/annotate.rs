//! What every object says of itself: who manages it, and why it is there.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::ir::{Policy, Sentence, SentenceId};
use crate::manifest::{Metadata, Texts};

/// The label by which tools see who manages an object.
const MANAGED_BY: (&str, &str) = ("app.kubernetes.io/managed-by", "polc");

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
    name: String,
    sentences: impl IntoIterator<Item = &'a SentenceId>,
) -> Metadata {
    let sentences: Vec<&Sentence> = sentences.into_iter().filter_map(|id| policy.sentence(*id)).collect();
    let mut annotations = Texts::default();
    let mut say = |key: &'static str, separator: &str, of: fn(&Sentence) -> Option<&SmolStr>| {
        let said: BTreeSet<&str> = sentences.iter().filter_map(|sentence| of(sentence)).map(SmolStr::as_str).collect();
        if !said.is_empty() {
            annotations.insert(SmolStr::new_static(key), said.into_iter().collect::<Vec<_>>().join(separator));
        }
    };
    say(BECAUSE, "\n", Sentence::because);
    say(OWNER, ", ", Sentence::owner);
    say(ID, ", ", Sentence::id);
    Metadata { name, namespace: namespace.map(str::to_owned), labels: Texts::of(MANAGED_BY.0, MANAGED_BY.1), annotations }
}

/// The same, with the managing tool as an annotation: the labels of a Namespace and of a
/// network set decide which selectors find it, so they are the user's alone.
pub(crate) fn unlabeled(mut metadata: Metadata) -> Metadata {
    metadata.labels = Texts::default();
    metadata.annotations.extend([MANAGED_BY]);
    metadata
}
