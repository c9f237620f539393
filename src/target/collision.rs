//! Two objects of one name: the one that is applied last would replace the other.

use std::collections::HashMap;

use super::Emitted;
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::Seeded;
use crate::ir::Policy;
use crate::manifest::Object;
use crate::source::Span;

/// What a cluster knows an object by: API group, kind, namespace, name.
type Identity<'a> = (&'a str, &'a str, Option<&'a str>, &'a str);

/// An error for every object that another one would replace.
pub(crate) fn check(policy: &Policy, emitted: &[Emitted]) -> Vec<Diagnostic> {
    let mut seen: HashMap<Identity<'_>, &Emitted, Seeded> = HashMap::with_capacity_and_hasher(emitted.len(), Seeded::default());
    let mut found = Vec::new();
    for one in emitted {
        let Some(identity) = identity(&one.object) else { continue };
        if let Some(other) = seen.insert(identity, one) {
            found.extend(collision(policy, identity, other, one));
        }
    }
    found
}

fn identity(object: &Object) -> Option<Identity<'_>> {
    let metadata = object.metadata();
    let group = object.api_version().split_once('/').map_or("", |(group, _)| group);
    // A list, or an object that the server names.
    (!metadata.name.is_empty()).then(|| (group, object.kind(), metadata.namespace.as_deref(), metadata.name.as_str()))
}

fn collision(policy: &Policy, (_, kind, namespace, name): Identity<'_>, first: &Emitted, second: &Emitted) -> Option<Diagnostic> {
    let place = namespace.map(|namespace| format!(" of namespace `{namespace}`")).unwrap_or_default();
    // The included one is what a person can rename.
    let (first, second) = if matches!(first.object, Object::Included(_)) { (second, first) } else { (first, second) };
    let mut error = Diagnostic::new(Code::ObjectCollision, span(policy, second)?, format!("two objects would be {kind} `{name}`{place}"))
        .note("The one that is applied last would replace the other.")
        .help("give the included object another name, or take it out of the file");
    if let Some(other) = span(policy, first).filter(|other| Some(*other) != span(policy, second)) {
        error = error.also(other, "this becomes the other");
    }
    Some(error)
}

fn span(policy: &Policy, emitted: &Emitted) -> Option<Span> {
    let sentences = emitted.origins.iter().flat_map(|(_, sentences)| sentences);
    sentences.filter_map(|id| policy.sentence(*id)).map(|sentence| sentence.span).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::SentenceId;
    use crate::manifest::{Included, Metadata};
    use crate::target::fixture;

    fn included(api_version: &str, namespace: Option<&str>, name: &str) -> Emitted {
        let metadata = Metadata { name: name.into(), namespace: namespace.map(Into::into), ..Metadata::default() };
        let object = Included { api_version: api_version.into(), kind: "NetworkPolicy".into(), metadata, text: String::new() };
        Emitted { object: Object::Included(object), origins: vec![(crate::target::Piece::Whole, [SentenceId(0)].into_iter().collect())] }
    }

    fn codes(emitted: &[Emitted]) -> Vec<&'static str> {
        check(&fixture::policy(), emitted).iter().map(|error| error.code.as_str()).collect()
    }

    #[test]
    fn one_name_for_two_objects_is_an_error() {
        let policy = || included("networking.k8s.io/v1", Some("a"), "x");
        assert_eq!(codes(&[policy(), included("networking.k8s.io/v1beta1", Some("a"), "x")]), ["object-collision"]);
        assert_eq!(codes(&[policy(), included("projectcalico.org/v3", Some("a"), "x")]), [] as [&str; 0]);
        assert_eq!(codes(&[policy(), included("networking.k8s.io/v1", Some("b"), "x")]), [] as [&str; 0]);
        assert_eq!(codes(&[included("v1", None, ""), included("v1", None, "")]), [] as [&str; 0]);
    }
}
