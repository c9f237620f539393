//! RBAC: rules, requests, and whether a rule permits a request, exactly as the API server decides it.

pub mod cases;
pub mod covers;
mod matching;
pub mod powers;
pub mod requests;
#[cfg(test)]
mod tests;
pub mod urls;

use smol_str::SmolStr;

pub use requests::{Reach, Requests};

/// One rule of a Role or ClusterRole, as written: it permits what all of its lists hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    /// Verbs; `*` is every verb.
    pub verbs: Vec<SmolStr>,
    /// API groups; `*` is every group, the empty one the core.
    pub groups: Vec<SmolStr>,
    /// Resources as RBAC writes them: `pods`, `pods/exec`, `*/scale`, `*`.
    pub resources: Vec<SmolStr>,
    /// Names of objects; empty: every name.
    pub names: Vec<SmolStr>,
    /// Paths that are no resources; `*` only at the end. Permitted by cluster-wide bindings alone.
    pub urls: Vec<SmolStr>,
}

/// What somebody asks of the API server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Request {
    /// The verb, e.g. `get`.
    pub verb: SmolStr,
    /// On what.
    pub target: Target,
}

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// An object, or a collection.
    Resource {
        /// The API group; empty for the core.
        group: SmolStr,
        /// The plural.
        resource: SmolStr,
        /// The subresource; empty: none.
        subresource: SmolStr,
        /// The namespace; empty: cluster-wide (a cluster-scoped kind, or all namespaces at once).
        namespace: SmolStr,
        /// The object's name; empty: none (a collection).
        name: SmolStr,
    },
    /// A path that is no resource, e.g. `/metrics`.
    Url(SmolStr),
}
