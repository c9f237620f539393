//! What manifests really permit, by each target's own published rules, and whether that is what
//! the policy says. Nothing of `plan` and `target` is used here: else their mistakes would be repeated.
//!
//! Both what the policy says and what manifests say become a [`stack::Stack`] for each direction;
//! two stacks are compared side by side, over all pods that could exist.

#![allow(dead_code, reason = "the parts meet in the proof of a build and in the queries")]

pub(crate) mod inventory;
pub(crate) mod stack;
pub(crate) mod world;
