//! What a policy asserts of itself.

use std::rc::Rc;

use super::{Clusters, Flow, Peers, SentenceId, Sides};

/// An `assert` sentence, names resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// The sentence.
    pub sentence: SentenceId,
    /// What it claims.
    pub claim: Claim,
    /// The clusters it was said for: those of the block that holds it.
    pub clusters: Rc<Clusters>,
}

/// What is claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nothing of it passes.
    Deny(Flow),
    /// All of it passes: the ports are those that the allow would open.
    Allow(Flow),
    /// From nobody but the sources anything of it passes.
    Only(Flow),
    /// The pods are isolated on these sides.
    Isolated {
        /// Which sides.
        sides: Sides,
        /// Whose pods.
        subject: Peers,
    },
}
