//! A folder of output: one folder a cluster, and an index of what polc wrote there.
//!
//! The folder is read, a [`Plan`] says what would change, and the plan is either carried
//! out whole or shown. Whatever polc did not write is never touched.

mod compare;
mod folder;
mod index;
mod layout;
mod namespaces;
mod plan;
mod source;
mod write;

pub(crate) use compare::differences;
pub(crate) use layout::layout;
pub(crate) use plan::{Change, Obstacle, Plan, plan};
pub(crate) use source::sources;
pub(crate) use write::{temporary, write};
