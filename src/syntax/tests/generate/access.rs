//! Random roles, grants and kinds of resources.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::{NOWHERE, bare, plain, quoted, with_clauses, word};
use crate::syntax::tree::*;

/// A word at the end of a list that the next word of the sentence could be read into: none there.
fn verb() -> BoxedStrategy<Word> {
    prop_oneof![
        4 => prop::sample::select(vec!["get", "list", "read", "write", "everything", "bind"]).prop_map(bare),
        1 => word(),
    ]
    .boxed()
}

fn kind() -> BoxedStrategy<ResourceName> {
    let name = prop_oneof![
        3 => prop::sample::select(vec!["pods", "secrets", "any", "any.argoproj.io", "everything", "events.events.k8s.io"]).prop_map(bare),
        1 => word().prop_filter("a path follows `url`", |name| name.form != Form::Bare || name.text != "url"),
    ];
    (name, option::of(word())).prop_map(|(name, subresource)| ResourceName { name, subresource, span: NOWHERE }).boxed()
}

fn can() -> BoxedStrategy<Can> {
    let path = prop_oneof!["/[a-z]{0,5}(/[a-z*]{1,4}){0,2}".prop_map(bare), quoted()];
    let kinds = vec(kind(), 1..3);
    let resources = prop_oneof![
        (kinds.clone(), vec(kind(), 0..3)).prop_map(|(kinds, except)| On::Resources { kinds, except, named: Vec::new() }),
        (kinds, vec(word(), 0..3)).prop_map(|(kinds, named)| On::Resources { kinds, except: Vec::new(), named }),
    ];
    let on = prop_oneof![3 => resources, 1 => vec(path, 1..3).prop_map(On::Urls)];
    (vec(verb(), 1..3), on).prop_map(|(verbs, on)| Can { verbs, on }).boxed()
}

fn subject() -> BoxedStrategy<Subject> {
    prop_oneof![
        word().prop_map(SubjectKind::Group),
        word().prop_map(SubjectKind::User),
        (option::of(word()), word()).prop_map(|(namespace, name)| SubjectKind::ServiceAccount(namespace, name)),
    ]
    .prop_map(|kind| Subject { kind, span: NOWHERE })
    .boxed()
}

/// `role`, with its block or without.
pub(super) fn role() -> BoxedStrategy<Sentence> {
    let body = vec(with_clauses(can().prop_map(Kind::Can), false), 0..3);
    let joined = prop_oneof![
        3 => Just((Vec::new(), None)),
        1 => vec(word(), 1..3).prop_map(|joins| (joins, None)),
        1 => quoted().prop_map(|label| (Vec::new(), Some(label))),
    ];
    let kind =
        (word(), joined, option::of(body)).prop_map(|(name, (joins, joined_by), body)| Kind::Role(Role { name, joins, joined_by, body }));
    with_clauses(kind, false)
}

/// `grant`.
pub(super) fn grant() -> BoxedStrategy<Sentence> {
    with_clauses((word(), vec(subject(), 1..4)).prop_map(|(role, subjects)| Kind::Grant(Grant { role, subjects })), true)
}

/// `resource`.
pub(super) fn resource() -> BoxedStrategy<Sentence> {
    plain(
        (vec(word(), 1..3), word(), any::<bool>())
            .prop_map(|(names, group, cluster)| Kind::Resource(ResourceDeclaration { names, group, cluster: cluster.then_some(NOWHERE) })),
    )
}

/// `assert nobody`.
pub(super) fn nobody() -> BoxedStrategy<Sentence> {
    let claim = (vec(subject(), 0..3), can(), vec(word(), 0..3));
    with_clauses(claim.prop_map(|(except, can, namespaces)| Kind::Assert(Claim::Nobody(Nobody { except, can, namespaces }))), false)
}
