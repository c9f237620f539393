//! Roles, grants, kinds of resources and what nobody can.

mod grants;
mod kinds;
mod roles;
mod said;

use super::{Case, Outcome, run, sound};

/// Checks that one thing is said, which begins like this.
#[track_caller]
fn fails(shown: &[String], beginning: &str) {
    assert!(shown.len() == 1 && shown[0].starts_with(beginning), "{shown:?} does not begin with {beginning}");
}
