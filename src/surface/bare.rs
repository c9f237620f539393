//! What a name without a group may mean.

use super::Surface;
use super::resource::{Origin, Resource};

/// What is served by default and what was defined, with resources that only an authorizer knows; if there is none, what
/// is served on demand. That a resource is turned on somewhere changes no name's meaning so.
pub(super) fn candidates(surface: &Surface, path: &str) -> Vec<Resource> {
    let all = surface.matching(path);
    let with = |origin: Origin| all.iter().copied().filter(move |it| it.origin == origin).cloned();
    let mut found: Vec<Resource> = with(Origin::Served).collect();
    if found.is_empty() {
        found = special(with(Origin::Special).collect());
    }
    found.extend(with(Origin::Custom));
    if found.is_empty() { with(Origin::OnDemand).collect() } else { found }
}

/// Constrained impersonation came later with resources of the same names in another group: the bare names stay what
/// they were, `users` of `impersonate`.
fn special(found: Vec<Resource>) -> Vec<Resource> {
    let (core, rest): (Vec<Resource>, Vec<Resource>) = found.into_iter().partition(|it| it.group.is_empty());
    if core.is_empty() { rest } else { core }
}
