//! What the policy says of access in one cluster (docs/src/reference/access.md), read from the language alone, as roles
//! and bindings of sentences.

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use super::{Access, Atom, Binding, Place, Role, RoleKey, Source};
use crate::ir::access::{Granted, Identity, Joined, Kinds, Objects, Resource, ServiceRole, Subject, Verbs};
use crate::ir::{self, Held, Scope};
use crate::semantics::labels::{Labels, Values};
use crate::semantics::rbac::Rule;
use crate::surface::{self, Surface};

/// What a policy says for one cluster, the roles of its version among it.
pub(crate) fn read(policy: &ir::Policy, cluster: &ir::Cluster) -> Access {
    let reader = Reader { policy, cluster };
    let roles = policy.roles.iter().filter(|role| reader.is_here(&role.clusters, &role.scope)).map(|role| (key(role), reader.role(role)));
    let grants = policy.grants.iter().filter(|grant| reader.is_here(&grant.clusters, &grant.scope));
    let bindings = grants.flat_map(|grant| reader.bindings(grant)).collect();
    Access { roles: roles.collect(), bindings }.with_builtin(cluster.kubernetes)
}

/// The grants of the cloud's own roles: no object is written for them, and the cloud writes its own (access-tls-audit §1b).
pub(crate) fn of_service(policy: &ir::Policy, cluster: &ir::Cluster) -> Vec<Binding> {
    let reader = Reader { policy, cluster };
    let here = policy.grants.iter().filter(|grant| reader.is_here(&grant.clusters, &grant.scope));
    here.filter_map(|grant| match grant.role {
        Granted::Service(role) => Some(reader.service(grant, role)),
        _ => None,
    })
    .collect()
}

/// Whom a subject of the policy is in a cluster: names get the cluster's prefix, but for what Kubernetes reserves.
pub(crate) fn atom(identity: &Identity, subject: &Subject) -> Atom {
    const IAM: &str = "IAM#";
    let prefixed =
        |prefix: &str, name: &SmolStr| if name.starts_with("system:") { name.clone() } else { format_smolstr!("{prefix}{name}") };
    match (subject, identity) {
        (Subject::ServiceAccount { namespace, name }, _) => Atom::account(namespace, name),
        (Subject::User(name), Identity::IbmIam) => Atom::User(prefixed(IAM, &name.strip_prefix(IAM).unwrap_or(name).into())),
        (Subject::User(name), Identity::Oidc { prefix }) => Atom::User(prefixed(prefix, name)),
        (Subject::Group(name), Identity::Oidc { prefix }) => Atom::Group(prefixed(prefix, name)),
        (Subject::User(name), _) => Atom::User(name.clone()),
        (Subject::Group(name), _) => Atom::Group(name.clone()),
    }
}

/// The rules of what verbs and objects mean, in a namespace or everywhere; none where no table has what `any` is.
pub(crate) fn rules(policy: &ir::Policy, cluster: &ir::Cluster, scope: &Scope, verbs: &Verbs, objects: &Objects) -> Vec<Rule> {
    Reader { policy, cluster }.rules(scope, verbs, objects)
}

/// A rule's parts about what is in namespaces, and about what is in none; the latter are told by `true`.
pub(crate) fn by_scope(policy: &ir::Policy, cluster: &ir::Cluster, rule: &Rule) -> Vec<(Rule, bool)> {
    let reader = Reader { policy, cluster };
    let Some(surface) = reader.surface(&Scope::Everywhere) else { return vec![(rule.clone(), false)] };
    let is_cluster_wide = |path: &SmolStr| {
        let named = rule.groups.first().map_or_else(|| path.to_string(), |group| in_full(group, path));
        // A request for one namespace is made in it (access-tls-audit R5).
        let found = matches!(surface.lookup(&named), surface::Lookup::Found(kind) if kind.scope == surface::Scope::Cluster && kind.name != "namespaces");
        found
    };
    let (none, some): (Vec<SmolStr>, Vec<SmolStr>) = rule.resources.iter().cloned().partition(is_cluster_wide);
    let part = |resources: Vec<SmolStr>, cluster_wide| (Rule { resources, ..rule.clone() }, cluster_wide);
    let both = [part(some, false), part(none, true)];
    both.into_iter().filter(|(part, _)| !part.resources.is_empty() || !part.urls.is_empty()).collect()
}

/// A path as a name with its group: `deployments.apps/scale`.
fn in_full(group: &str, path: &str) -> String {
    let group = if group.is_empty() { "core" } else { group };
    match path.split_once('/') {
        Some((resource, sub)) => format!("{resource}.{group}/{sub}"),
        None => format!("{path}.{group}"),
    }
}

fn key(role: &ir::Role) -> RoleKey {
    (namespace(&role.scope), role.name.clone())
}

fn namespace(scope: &Scope) -> Option<SmolStr> {
    match scope {
        Scope::Namespace(namespace) => Some(namespace.clone()),
        Scope::Everywhere => None,
    }
}

struct Reader<'a> {
    policy: &'a ir::Policy,
    cluster: &'a ir::Cluster,
}

impl Reader<'_> {
    fn role(&self, role: &ir::Role) -> Role {
        let (mut rules, mut sentences) = (Vec::new(), Vec::new());
        for permission in &role.permissions {
            let own = self.rules(&role.scope, &permission.verbs, &permission.objects);
            sentences.extend(own.iter().map(|_| permission.sentence));
            rules.extend(own);
        }
        let labels: BTreeMap<String, String> = role.joins.iter().flat_map(|joined| self.labels(joined)).collect();
        let aggregates = role.joined_by.as_ref().map(|(key, value)| vec![Labels::any().and(key.clone(), Values::one_of([value.clone()]))]);
        Role { source: Source::Sentence(role.sentence), rules, sentences, labels, aggregates }
    }

    /// The labels that put a role into another one.
    fn labels(&self, joined: &Joined) -> Vec<(String, String)> {
        let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
        match joined {
            Joined::Label(key, value) => vec![owned((key, value))],
            Joined::Declared(name) => {
                let is_it =
                    |role: &&ir::Role| role.scope == Scope::Everywhere && role.name == *name && self.is_here(&role.clusters, &role.scope);
                let other = self.policy.roles.iter().find(is_it);
                other.and_then(|role| role.joined_by.as_ref()).map(|(key, value)| owned((key, value))).into_iter().collect()
            }
            Joined::Builtin(name) => {
                let Some(surface) = self.surface(&Scope::Everywhere) else { return Vec::new() };
                surface.role(name).into_iter().flat_map(|role| &role.joins).map(|label| owned(*label)).collect()
            }
        }
    }

    /// Whether a sentence is about this cluster: nothing is said in a namespace that is elsewhere, or somebody else's.
    fn is_here(&self, clusters: &ir::Clusters, scope: &Scope) -> bool {
        let has_place = |name: &SmolStr| self.policy.namespaces.get(name).is_some_and(|it| it.held != Held::External) && self.has(name);
        clusters.contains(&self.cluster.name) && namespace(scope).is_none_or(|name| has_place(&name))
    }

    /// Whether a namespace is in the cluster; one that nobody declares may be.
    fn has(&self, namespace: &SmolStr) -> bool {
        self.policy.namespaces.get(namespace).is_none_or(|it| it.clusters.contains(&self.cluster.name))
    }

    fn bindings(&self, grant: &ir::Grant) -> Option<Binding> {
        let role = match &grant.role {
            Granted::Role(name) => (namespace(&grant.scope), name.clone()),
            Granted::ClusterRole(name) | Granted::Builtin(name) => (None, name.clone()),
            Granted::Given { cluster_wide, name } => (if *cluster_wide { None } else { namespace(&grant.scope) }, name.clone()),
            Granted::Service(_) => return None,
        };
        let place = namespace(&grant.scope).map_or(Place::Everywhere, Place::Namespace);
        Some(self.binding(grant, role, place))
    }

    fn service(&self, grant: &ir::Grant, role: ServiceRole) -> Binding {
        let place = namespace(&grant.scope);
        let name = match (role, &place) {
            (ServiceRole::Reader, _) => "view",
            (ServiceRole::Writer, _) => "edit",
            (ServiceRole::Manager, Some(_)) => "admin",
            (ServiceRole::Manager, None) => "cluster-admin",
        };
        let everywhere = if role == ServiceRole::Manager { Place::Everywhere } else { Place::EveryNamespace };
        self.binding(grant, (None, SmolStr::new_static(name)), place.map_or(everywhere, Place::Namespace))
    }

    fn binding(&self, grant: &ir::Grant, role: RoleKey, place: Place) -> Binding {
        // An account of a namespace that is elsewhere is nobody here.
        let is_somebody = |subject: &&Subject| !matches!(subject, Subject::ServiceAccount { namespace, .. } if !self.has(namespace));
        let subjects = grant.subjects.iter().filter(is_somebody).map(|subject| atom(&self.cluster.identity, subject)).collect();
        Binding { source: Source::Sentence(grant.sentence), name: role.1.clone(), place, role, subjects }
    }

    fn rules(&self, scope: &Scope, verbs: &Verbs, objects: &Objects) -> Vec<Rule> {
        let verbs = match verbs {
            Verbs::Named(verbs) => verbs.clone(),
            Verbs::Everything => vec![SmolStr::new_static("*")],
        };
        match objects {
            Objects::Urls(urls) => vec![Rule { verbs, urls: urls.clone(), ..Rule::default() }],
            Objects::Resources { kinds, except, names } => {
                let mut by_group: BTreeMap<SmolStr, Vec<SmolStr>> = BTreeMap::new();
                for (group, path) in kinds.iter().flat_map(|kind| self.kinds(scope, kind, except)) {
                    by_group.entry(group).or_default().push(path);
                }
                let rule = |(group, resources)| Rule {
                    verbs: verbs.clone(),
                    groups: vec![group],
                    resources,
                    names: names.clone(),
                    urls: Vec::new(),
                };
                by_group.into_iter().map(rule).collect()
            }
        }
    }

    /// Groups and paths of what a word for kinds means.
    fn kinds(&self, scope: &Scope, kinds: &Kinds, except: &[Resource]) -> Vec<(SmolStr, SmolStr)> {
        let star = SmolStr::new_static("*");
        match kinds {
            Kinds::One(Resource { group, resource, subresource }) => {
                let path = subresource.as_ref().map_or_else(|| resource.clone(), |sub| format_smolstr!("{resource}/{sub}"));
                vec![(group.clone(), path)]
            }
            Kinds::Everything => vec![(star.clone(), star)],
            Kinds::Any { group } => {
                let Some(surface) = self.surface(scope) else { return Vec::new() };
                let is_out = |kind: &surface::Resource| except.iter().any(|out| out.group == kind.group && out.resource == kind.name);
                // A role of a namespace holds what is in namespaces.
                let fits = |kind: &surface::Resource| *scope == Scope::Everywhere || kind.scope == surface::Scope::Namespaced;
                let all = surface.any(group.as_deref()).into_iter().filter(|kind| fits(kind) && !is_out(kind));
                all.map(|kind| (kind.group.clone(), kind.name.clone())).collect()
            }
        }
    }

    /// What the cluster serves, with the kinds declared where a sentence stands.
    fn surface(&self, scope: &Scope) -> Option<Surface> {
        self.policy.surface(self.cluster, scope)
    }
}
