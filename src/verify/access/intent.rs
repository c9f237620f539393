//! What the policy says of access in one cluster (docs/src/reference/access.md), read from the language alone, as roles
//! and bindings of sentences.

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use super::{Access, Atom, Binding, Place, Role, RoleKey, Source};
use crate::ir::access::{Custom, Granted, Identity, Joined, Kinds, Objects, Resource, ServiceRole, Subject, Verbs};
use crate::ir::{self, Scope};
use crate::semantics::labels::{Labels, Values};
use crate::semantics::rbac::Rule;
use crate::surface::{self, Surface};

/// What a policy says for one cluster, the roles of its version among it.
pub(crate) fn read(policy: &ir::Policy, cluster: &ir::Cluster) -> Access {
    let reader = Reader { policy, cluster };
    let here = |clusters: &ir::Clusters| clusters.contains(&cluster.name);
    let roles = policy.roles.iter().filter(|role| here(&role.clusters)).map(|role| (key(role), reader.role(role)));
    let grants = policy.grants.iter().filter(|grant| here(&grant.clusters));
    let bindings = grants.flat_map(|grant| reader.bindings(grant)).collect();
    Access { roles: roles.collect(), bindings }.with_builtin(cluster.kubernetes)
}

/// The grants of the cloud's own roles: no object is written for them, and the cloud writes its own (access-tls-audit §1b).
pub(crate) fn of_service(policy: &ir::Policy, cluster: &ir::Cluster) -> Vec<Binding> {
    let reader = Reader { policy, cluster };
    let here = policy.grants.iter().filter(|grant| grant.clusters.contains(&cluster.name));
    here.filter_map(|grant| match grant.role {
        Granted::Service(role) => Some(reader.service(grant, role)),
        _ => None,
    })
    .collect()
}

/// Whom a subject of the policy is in a cluster: names get the cluster's prefix, but for what Kubernetes reserves.
pub(crate) fn atom(identity: &Identity, subject: &Subject) -> Atom {
    let prefixed =
        |prefix: &str, name: &SmolStr| if name.starts_with("system:") { name.clone() } else { format_smolstr!("{prefix}{name}") };
    match (subject, identity) {
        (Subject::ServiceAccount { namespace, name }, _) => Atom::account(namespace, name),
        (Subject::User(name), Identity::IbmIam) => Atom::User(prefixed("IAM#", name)),
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
                let other =
                    self.policy.roles.iter().find(|role| role.scope == Scope::Everywhere && role.name == *name && self.is_here(role));
                other.and_then(|role| role.joined_by.as_ref()).map(|(key, value)| owned((key, value))).into_iter().collect()
            }
            Joined::Builtin(name) => {
                let Some(surface) = self.surface(&Scope::Everywhere) else { return Vec::new() };
                surface.role(name).into_iter().flat_map(|role| &role.joins).map(|label| owned(*label)).collect()
            }
        }
    }

    fn is_here(&self, role: &ir::Role) -> bool {
        role.clusters.contains(&self.cluster.name)
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
        let subjects = grant.subjects.iter().map(|subject| atom(&self.cluster.identity, subject)).collect();
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
        let version = self.cluster.kubernetes;
        let in_sight = |custom: &&Custom| {
            custom.clusters.contains(&self.cluster.name) && (custom.scope == Scope::Everywhere || custom.scope == *scope)
        };
        let customs = self.policy.customs.iter().filter(in_sight).map(|custom| surface::Custom {
            group: custom.resource.group.clone(),
            plural: custom.resource.resource.clone(),
            kind: SmolStr::default(),
            singular: SmolStr::default(),
            short: Vec::new(),
            scope: if custom.cluster_wide { surface::Scope::Cluster } else { surface::Scope::Namespaced },
            subresources: None,
        });
        Some(Surface::of(version.major, version.minor)?.with_custom(customs))
    }
}
