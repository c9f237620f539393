//! One resource or subresource.

use std::borrow::Cow;

use smol_str::SmolStr;

/// A resource, or a subresource of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its API group; empty for the one without a name, as in a rule's `apiGroups`.
    pub group: SmolStr,
    /// Its plural name: `pods`.
    pub name: SmolStr,
    /// `exec` of `pods/exec`.
    pub subresource: Option<SmolStr>,
    /// The kind of its objects, or of what a subresource takes; empty where nothing has one.
    pub kind: SmolStr,
    /// Whether its objects are in namespaces.
    pub scope: Scope,
    /// Every verb that is asked for it, in alphabetical order: those of requests, and such as `impersonate`.
    pub verbs: Vec<SmolStr>,
    /// Other names for it, which a policy does not take: `po`.
    pub short: Vec<SmolStr>,
    /// Its singular name, which a policy does not take.
    pub singular: SmolStr,
    /// How it is known.
    pub origin: Origin,
}

/// Where objects of a resource are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// In a namespace: a role of a namespace can hold it.
    Namespaced,
    /// In the cluster: a rule about it does nothing in a role of a namespace, but for `namespaces` themselves.
    Cluster,
}

/// How a resource is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The API server serves it, unless somebody turned it off.
    Served,
    /// The API server serves it where somebody turned its alpha or beta version on. Roles may name it everywhere.
    OnDemand,
    /// No API server lists it: only an authorizer is asked for it (`signers`, `users`), or another server serves it.
    Special,
    /// By a definition of a custom resource, or a sentence.
    Custom,
}

impl Resource {
    /// As a rule's `resources` have it: `pods`, `pods/exec`.
    #[must_use]
    pub fn path(&self) -> Cow<'_, str> {
        match &self.subresource {
            Some(subresource) => format!("{}/{subresource}", self.name).into(),
            None => self.name.as_str().into(),
        }
    }

    /// As a policy writes it in full: `deployments.apps/scale`, `events.core`.
    #[must_use]
    pub fn written(&self) -> String {
        let group = if self.group.is_empty() { "core" } else { &self.group };
        match &self.subresource {
            Some(subresource) => format!("{}.{group}/{subresource}", self.name),
            None => format!("{}.{group}", self.name),
        }
    }

    /// Whether its path is this one, any key standing for a subresource `*`.
    pub(super) fn is(&self, path: &str) -> bool {
        match (path.split_once('/'), &self.subresource) {
            (None, None) => self.name == path,
            (Some((name, asked)), Some(own)) => self.name == name && (own == asked || self.takes_any_name()),
            _ => false,
        }
    }

    /// Whether it stands for subresources of any name.
    pub(super) fn takes_any_name(&self) -> bool {
        self.subresource.as_deref() == Some("*")
    }

    pub(super) fn takes(&self, verb: &str) -> bool {
        self.verbs.iter().any(|it| it == verb)
    }

    pub(super) fn key(&self) -> (&str, &str, Option<&str>) {
        (&self.group, &self.name, self.subresource.as_deref())
    }

    /// What lists that are searched by name are sorted by.
    pub(super) fn by_name(&self) -> (&str, &str, Option<&str>) {
        (&self.name, &self.group, self.subresource.as_deref())
    }
}

/// The resources and subresources of one plural name, in a list that is sorted by name.
pub(super) fn called<'a>(sorted: &'a [Resource], name: &str) -> &'a [Resource] {
    let from = sorted.partition_point(|it| it.name.as_str() < name);
    let rest = sorted.get(from..).unwrap_or_default();
    rest.get(..rest.partition_point(|it| it.name == name)).unwrap_or_default()
}
