//! Where a sentence stands, once templates are unfolded.

use std::ops::Deref;
use std::rc::Rc;

use smol_str::SmolStr;

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
    /// The use of a template that brought it here; none where it was written.
    pub(super) used: Option<Rc<Used>>,
}

impl Node<'_> {
    /// The use of a template that it belongs to; peer lists declared in the template are
    /// known only there.
    pub(super) fn expansion(&self) -> Option<usize> {
        self.used.as_ref().map(|used| used.expansion)
    }
}

/// A use of a template.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Used {
    /// The `use` sentences that led to it, outermost first.
    pub(super) at: Vec<Span>,
    /// Which use it is.
    pub(super) expansion: usize,
}

/// The block that a sentence stands in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Home {
    /// None.
    Top,
    /// `everywhere`.
    Everywhere,
    /// A namespace, and its place in the table.
    Namespace(SmolStr, usize),
}

impl Home {
    /// The namespace, in one.
    pub(super) fn namespace(&self) -> Option<&str> {
        match self {
            Home::Namespace(name, _) => Some(name),
            Home::Top | Home::Everywhere => None,
        }
    }

    /// The namespace's place in the table.
    pub(super) fn place(&self) -> Option<usize> {
        match self {
            Home::Namespace(_, place) => Some(*place),
            Home::Top | Home::Everywhere => None,
        }
    }

    /// As the IR has it.
    pub(super) fn scope(&self) -> Scope {
        match self {
            Home::Namespace(name, _) => Scope::Namespace(name.clone()),
            Home::Top | Home::Everywhere => Scope::Everywhere,
        }
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
    pub(super) block: Rc<Block>,
}

/// A block: what its sentences have in common.
#[derive(Debug)]
pub(super) struct Block {
    /// Which.
    pub(super) home: Home,
    /// Its clusters.
    pub(super) clusters: Rc<Clusters>,
    /// Whether the header calls its namespace external.
    pub(super) external: bool,
}

impl Block {
    /// A block of all clusters that is no namespace's.
    pub(super) fn outside(home: Home) -> Rc<Self> {
        Rc::new(Block { home, clusters: Rc::new(Clusters::All), external: false })
    }
}
