//! Resources that a definition or a sentence brings.

use smol_str::SmolStr;

use super::resource::{Origin, Resource, Scope};

/// A custom resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Custom {
    /// Its group.
    pub group: SmolStr,
    /// Its plural name.
    pub plural: SmolStr,
    /// Its kind; empty if nobody says it.
    pub kind: SmolStr,
    /// Its singular name; empty if nobody says it.
    pub singular: SmolStr,
    /// Its short names.
    pub short: Vec<SmolStr>,
    /// Where its objects are.
    pub scope: Scope,
    /// Its subresources: a definition has `status`, `scale`, both or none. Where nothing says them, none means that any
    /// is taken.
    pub subresources: Option<Vec<SmolStr>>,
}

/// What a custom resource is asked for.
const VERBS: [&str; 8] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
/// What `status` and `scale` of one are asked for.
const OF_SUBRESOURCES: [&str; 3] = ["get", "patch", "update"];
/// A subresource of any name.
const ANY: SmolStr = SmolStr::new_static("*");

impl Custom {
    /// The resource, and its subresources.
    pub(super) fn resources(self) -> Vec<Resource> {
        let own = Resource {
            group: SmolStr::new(super::plain(&self.group)),
            name: self.plural,
            subresource: None,
            kind: self.kind,
            scope: self.scope,
            verbs: VERBS.map(SmolStr::new_static).to_vec(),
            short: self.short,
            singular: self.singular,
            origin: Origin::Custom,
        };
        let (subresources, verbs) = match self.subresources {
            Some(named) => (named, OF_SUBRESOURCES.map(SmolStr::new_static).to_vec()),
            None => (vec![ANY], own.verbs.clone()),
        };
        let below: Vec<Resource> = subresources
            .into_iter()
            .map(|name| Resource {
                subresource: Some(name),
                verbs: verbs.clone(),
                short: Vec::new(),
                singular: SmolStr::default(),
                ..own.clone()
            })
            .collect();
        [own].into_iter().chain(below).collect()
    }
}
