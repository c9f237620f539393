//! Where a sentence stands, once templates are unfolded.

use std::ops::Deref;
use std::rc::Rc;

use crate::ir::{Clusters, Scope, SentenceId};
use crate::source::Span;
use crate::syntax::tree::Sentence;

/// A sentence as written, or as a template made it.
#[derive(Debug, Clone)]
pub(super) enum Kept<'a> {
    /// Written in a file.
    Written(&'a Sentence),
    /// Made by a template, its parameters replaced.
    Made(Rc<Sentence>),
}

impl Deref for Kept<'_> {
    type Target = Sentence;

    fn deref(&self) -> &Sentence {
        match self {
            Kept::Written(sentence) => sentence,
            Kept::Made(sentence) => sentence,
        }
    }
}

/// A sentence and how it came to stand where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    /// The sentence.
    pub(super) sentence: Kept<'a>,
    /// The `use` sentences that brought it here, outermost first.
    pub(super) used_at: Rc<[Span]>,
    /// The use of a template that it belongs to; peer lists declared in the template are
    /// known only there.
    pub(super) expansion: Option<usize>,
}

/// The block that a sentence stands in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Home {
    /// None.
    Top,
    /// `everywhere`.
    Everywhere,
    /// A namespace.
    Namespace(Rc<str>),
}

impl Home {
    /// The namespace, in one.
    pub(super) fn namespace(&self) -> Option<&str> {
        match self {
            Home::Namespace(name) => Some(name),
            Home::Top | Home::Everywhere => None,
        }
    }

    /// As the IR has it.
    pub(super) fn scope(&self) -> Scope {
        self.namespace().map_or(Scope::Everywhere, |name| Scope::Namespace(name.into()))
    }
}

/// A sentence to resolve once everything declared is known.
#[derive(Debug, Clone)]
pub(super) struct Statement<'a> {
    /// The sentence.
    pub(super) node: Node<'a>,
    /// Its entry in the policy.
    pub(super) id: SentenceId,
    /// Where it stands.
    pub(super) home: Home,
    /// The clusters of its block.
    pub(super) clusters: Rc<Clusters>,
}
