//! What an API server serves: the resources of each version of Kubernetes, their verbs and scopes, and the roles that
//! every cluster has. The tables under `surface/tables/` are written by `conformance/cmd/surface`; they are read when
//! first asked for, so that a policy without access pays nothing.

mod bare;
mod custom;
mod lookup;
mod resource;
mod role;
mod table;
#[cfg(test)]
mod tests;

use smol_str::SmolStr;

pub use custom::Custom;
pub use lookup::{Dead, Group, Lookup, Unknown};
pub use resource::{Origin, Resource, Scope};
pub use role::{Role, Rule};

/// The resources of one version of Kubernetes, with the custom ones of a cluster.
///
/// A table never changes what another version means: each has its own file.
#[derive(Debug, Clone)]
pub struct Surface {
    minor: u16,
    builtin: &'static table::Table,
    /// By name, as those of the table.
    custom: Vec<Resource>,
}

impl Surface {
    /// The table of a version; none for a version that has none (see [`Surface::known`]).
    #[must_use]
    pub fn of(major: u16, minor: u16) -> Option<Surface> {
        let builtin = (major == 1).then(|| table::of(minor)).flatten()?;
        Some(Surface { minor, builtin, custom: Vec::new() })
    }

    /// The versions that there are tables of, oldest first, each as (major, minor).
    pub fn known() -> impl Iterator<Item = (u16, u16)> {
        table::minors().map(|minor| (1, minor))
    }

    /// The surface with the resources of definitions, or of `resource` sentences. One that is known already, built in
    /// or by an earlier definition, only adds its subresources.
    #[must_use]
    pub fn with_custom(mut self, definitions: impl IntoIterator<Item = Custom>) -> Surface {
        for definition in definitions {
            for resource in definition.resources() {
                if !self.matching(&resource.path()).iter().any(|it| it.group == resource.group) {
                    let place = self.custom.partition_point(|it| it.by_name() < resource.by_name());
                    self.custom.insert(place, resource);
                }
            }
        }
        self
    }

    /// What a name means, written as kubectl writes it: `deployments`, `pods/exec`, `events.events.k8s.io`,
    /// `deployments.apps/scale`; `events.core` is the one of the group without a name.
    ///
    /// A name without a group is looked for among what is served by default and what was defined, and only if nothing of
    /// it has that name, among what is served on demand. A verb like `impersonate` has resources of its own, which no
    /// API server lists: they are found too, those of another group than a listed one by their full name only.
    #[must_use]
    pub fn lookup(&self, name: &str) -> Lookup {
        lookup::find(self, name)
    }

    /// Every kind of resource of today, without subresources, in the order of groups and names; those of one group if
    /// it is given, `core` or empty for the one without a name. What is served on demand only is not among them.
    #[must_use]
    pub fn any(&self, group: Option<&str>) -> Vec<&Resource> {
        let group = group.map(plain);
        let today = self.all().filter(|it| matches!(it.origin, Origin::Served | Origin::Custom) && it.subresource.is_none());
        let mut all: Vec<&Resource> = today.filter(|it| group.is_none_or(|group| it.group == group)).collect();
        all.sort_by(|a, b| a.key().cmp(&b.key()));
        all
    }

    /// What a group is; `core` is the one without a name.
    #[must_use]
    pub fn group(&self, name: &str) -> Group {
        lookup::group_of(self, name)
    }

    /// Whether a request of this verb is ever made for a resource, or its authorizer asked for it: `get` on `pods/log`,
    /// `bind` on `roles`, and from 1.36 on `impersonate-on:user-info:list` on whatever is listed.
    #[must_use]
    pub fn takes(&self, resource: &Resource, verb: &str) -> bool {
        let constrained = verb.strip_prefix("impersonate-on:").filter(|_| self.minor >= CONSTRAINED_IMPERSONATION);
        match constrained.and_then(|rest| rest.split_once(':')) {
            Some((mode, verb)) => IMPERSONATION_MODES.contains(&mode) && resource.takes(verb),
            None => resource.takes(verb),
        }
    }

    /// A role that every cluster has, such as `view` or `system:basic-user`, with its own rules.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&'static Role> {
        self.builtin.roles.iter().find(|role| role.name == name)
    }

    /// All roles that every cluster has, by name.
    #[must_use]
    pub fn roles(&self) -> &'static [Role] {
        &self.builtin.roles
    }

    /// What holding a role of every cluster comes to: its own rules and those of all roles that it joins, itself
    /// through others too. Roles that a cluster's own labels join are not known here.
    #[must_use]
    pub fn rules(&self, role: &Role) -> Vec<&'static Rule> {
        role::joined(self.roles(), role)
    }

    fn all(&self) -> impl Iterator<Item = &Resource> {
        self.builtin.resources.iter().chain(&self.custom)
    }

    /// What has this path, in the order of groups; a subresource of just this name before one of any name.
    fn matching(&self, path: &str) -> Vec<&Resource> {
        let name = path.split_once('/').map_or(path, |(name, _)| name);
        let called = resource::called(&self.builtin.resources, name).iter().chain(resource::called(&self.custom, name));
        let mut found: Vec<&Resource> = called.filter(|it| it.is(path)).collect();
        found.sort_by_key(|it| (&it.group, it.takes_any_name()));
        found.dedup_by(|later, earlier| later.group == earlier.group);
        found
    }
}

/// The first minor version whose API server asks for constrained impersonation by default (`ConstrainedImpersonation`,
/// apiserver's features).
const CONSTRAINED_IMPERSONATION: u16 = 36;
/// Its modes (apiserver's `filters/impersonation/mode.go`).
const IMPERSONATION_MODES: [&str; 4] = ["arbitrary-node", "associated-node", "serviceaccount", "user-info"];

/// Words of a table's column, separated by commas.
fn words(column: &'static str) -> impl Iterator<Item = &'static str> {
    column.split(',').filter(|word| *word != "-")
}

fn names(column: &'static str) -> Vec<SmolStr> {
    words(column).map(SmolStr::new_static).collect()
}

/// `core` is how the tables and the language write the group without a name.
fn plain(group: &str) -> &str {
    if group == "core" { "" } else { group }
}
