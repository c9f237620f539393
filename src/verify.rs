//! What manifests really permit, by each target's own published rules, and whether that is what
//! the policy says. Nothing of `plan` and `target` is used here: else their mistakes would be repeated.
//!
//! Both what the policy says and what manifests say become a [`stack::Stack`] for each direction;
//! two stacks are compared side by side, over all pods that could exist.
//!
//! - [`objects::stacks`]`(objects, enforcer) -> Result<Sides, NotCovered>`: what polc's own objects say.
//! - [`compare::compare`]`(&Comparison) -> Result<Vec<Difference>, Failure>`: whether two [`stack::Sides`] mean the
//!   same, in a [`universe::Universe`] of what could be.
//! - [`decide::World::new`]`(&Sides)`, [`decide::decide`]`(&World, &source, &destination, port) -> Decision`: one
//!   connection between two [`concrete::Concrete`] ends, and what decides it.
//! - [`query::Judge`]: what passes between two sets of ends, on all ports at once; and of many sets, between which
//!   anything may pass.
//! - [`tiers::Tiers`]: a stack being put together from policies found in any order.
//! - [`selector::parse`]: Calico's selectors.
//! - [`given::Given::read`]: the policy's own objects, what it includes and manifests, read together.
//! - [`foreign::judge`]`(&policy, &cluster, &Given, &Sources) -> Judgment`: what the policies of others among them open.
//! - [`world::world`]`(&Sources) -> (World, Vec<Diagnostic>)`: what manifests of anybody say, and who is there.

pub(crate) mod access;
pub(crate) mod assertion;
pub(crate) mod classes;
pub(crate) mod compare;
pub(crate) mod concrete;
pub(crate) mod decide;
pub(crate) mod foreign;
pub(crate) mod given;
pub(crate) mod index;
pub(crate) mod intent;
pub(crate) mod inventory;
pub mod look;
pub(crate) mod meaning;
pub(crate) mod objects;
pub(crate) mod pieces;
pub(crate) mod proof;
pub(crate) mod query;
#[cfg(test)]
mod random;
pub(crate) mod selector;
pub(crate) mod stack;
pub(crate) mod tiers;
pub(crate) mod universe;
pub(crate) mod why;
pub(crate) mod witness;
pub(crate) mod world;
