//! A look from outside at what manifests are read as: for the tests and the fuzzers.

use std::collections::BTreeMap;

use super::access::{Access, Atom};
use super::{selector, world};
use crate::diagnostic::Diagnostic;
use crate::ir::cluster::Version;
use crate::semantics::rbac::{Reach, Request, Requests, Target};
use crate::source::{SourceFile, Sources};

/// What some manifests came to.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Everything there is to say.
    pub diagnostics: Vec<Diagnostic>,
    /// To show places by.
    pub sources: Sources,
    /// How many policies decide about one direction or the other.
    pub policies: usize,
    /// How many workloads there are.
    pub workloads: Vec<String>,
    /// What is not understood: the object's kind, and why.
    pub not_understood: Vec<(String, String)>,
}

/// Reads manifests.
#[must_use]
pub fn manifests(files: Vec<SourceFile>) -> Look {
    let sources = Sources::new(Vec::new()).with_manifests(files);
    let (world, diagnostics) = world::world(&sources);
    let tiers = world.sides.ingress.tiers.iter().chain(&world.sides.egress.tiers);
    let policies = tiers.map(|tier| tier.policies.len()).sum();
    let workloads = world.inventory.workloads.iter().map(|it| format!("{}/{}[{}]", it.namespace, it.name, it.kind)).collect();
    let kind = |it: &world::NotUnderstood| world.objects.get(it.object as usize).map(|object| object.kind.to_string()).unwrap_or_default();
    let not_understood = world.not_understood.iter().map(|it| (kind(it), it.why.to_string())).collect();
    Look { diagnostics, sources, policies, workloads, not_understood }
}

/// Whether a selector of Calico's selects such labels; none where Calico would not read it. An error where it is no set
/// of labels (`contains` and the like).
///
/// # Errors
///
/// What is no set of labels.
pub fn selects(text: &str, labels: &BTreeMap<String, String>) -> Option<Result<bool, String>> {
    match selector::parse(text) {
        Ok(all) => Some(Ok(all.iter().any(|alternative| alternative.admits(labels)))),
        Err(selector::Fault::Syntax(..)) => None,
        Err(fault) => Some(Err(format!("{fault:?}"))),
    }
}

/// Roles and bindings of some manifests.
#[derive(Debug, Clone, Default)]
pub struct Grants {
    /// Everything there is to say.
    pub diagnostics: Vec<Diagnostic>,
    /// What may grant access and is not understood: the object's kind, and why.
    pub unclear: Vec<(String, String)>,
    access: Access,
}

/// A request, each part as the API server has it; about a path where `url` is not empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The verb.
    pub verb: String,
    /// The API group.
    pub group: String,
    /// The resource.
    pub resource: String,
    /// The subresource.
    pub subresource: String,
    /// The namespace.
    pub namespace: String,
    /// The object's name.
    pub name: String,
    /// The path.
    pub url: String,
}

/// All that somebody may ask for, or that a role permits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted(Requests);

impl Grants {
    /// Reads manifests.
    #[must_use]
    pub fn of(files: Vec<SourceFile>) -> Self {
        let sources = Sources::new(Vec::new()).with_manifests(files);
        let (world, diagnostics) = world::world(&sources);
        let kind =
            |it: &world::NotUnderstood| world.objects.get(it.object as usize).map_or(String::new(), |object| object.kind.to_string());
        let unclear = world.unclear_access.iter().map(|it| (kind(it), it.why.to_string())).collect();
        Grants { diagnostics, unclear, access: world.access }
    }

    /// Whether a user in some groups may.
    #[must_use]
    pub fn permit(&self, user: &str, groups: &[String], asked: &Asked) -> bool {
        self.access.permits(&atoms(user, groups), &asked.request())
    }

    /// What a role comes to where it is bound everywhere; none if there is no such role.
    #[must_use]
    pub fn role(&self, namespace: Option<&str>, name: &str) -> Option<Granted> {
        let key = (namespace.map(Into::into), name.into());
        self.access.roles.get(&key)?;
        let rules = self.access.rules(&key);
        Some(Granted(Requests::of_all(rules.into_iter().map(|written| written.rule), Reach::Everywhere)))
    }

    /// Whether both grant the same to everybody, with the roles that every cluster of Kubernetes 1.34 has.
    #[must_use]
    pub fn grant_as(&self, other: &Self) -> bool {
        let of = |grants: &Self| grants.access.clone().with_builtin(Version { major: 1, minor: 34 }).by_atom();
        of(self) == of(other)
    }

    /// The same for all requests at once.
    #[must_use]
    pub fn granted(&self, user: &str, groups: &[String]) -> Granted {
        Granted(self.access.requests(&atoms(user, groups)))
    }
}

impl Granted {
    /// Whether a request is among them.
    #[must_use]
    pub fn contains(&self, asked: &Asked) -> bool {
        self.0.contains(&asked.request())
    }
}

impl Asked {
    fn request(&self) -> Request {
        let word = |text: &String| text.as_str().into();
        let target = if self.url.is_empty() {
            let (group, resource, subresource) = (word(&self.group), word(&self.resource), word(&self.subresource));
            Target::Resource { group, resource, subresource, namespace: word(&self.namespace), name: word(&self.name) }
        } else {
            Target::Url(word(&self.url))
        };
        Request { verb: word(&self.verb), target }
    }
}

fn atoms(user: &str, groups: &[String]) -> Vec<Atom> {
    [Atom::User(user.into())].into_iter().chain(groups.iter().map(|group| Atom::Group(group.as_str().into()))).collect()
}
