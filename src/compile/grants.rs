//! What a pipeline needs to apply the objects of a cluster, and no more (access-targets R17).

use std::collections::{BTreeMap, BTreeSet};

use smol_str::{SmolStr, format_smolstr};

use super::Compilation;
use crate::manifest::rbac::{self, ClusterRole, ClusterRule, ClusterRules, ResourceRule, Role, RoleRef, Words};
use crate::manifest::{Metadata, Object, OneOrMore};
use crate::surface::{Scope, Surface};

/// The name of the roles. A name in a policy has no colon by itself.
const NAME: &str = "polc:apply";

/// What `kubectl apply` does with an object that is there, on the client's side or on the server's.
const APPLY: [&str; 2] = ["get", "patch"];

const CALICO: &str = "projectcalico.org";

/// The roles of who applies a cluster's objects, and what they cannot hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    /// A Role for each namespace, and a ClusterRole; no bindings, since who applies is not known here.
    pub roles: Vec<Object>,
    /// Objects that they are not enough for, and why, one sentence each.
    pub beyond: Vec<String>,
}

impl Compilation {
    /// The least that lets somebody apply the objects of a cluster: to make its kinds, to get and patch its objects by their
    /// names, to bind just the roles that they bind, and what the roles among them permit, since nobody may write a
    /// role that permits more than they hold. Never `escalate`, and nothing is deleted.
    #[must_use]
    pub fn grants(&self, cluster: &str) -> Grants {
        let mut needs = Needs::default();
        for output in self.objects.iter().filter(|output| output.cluster == cluster) {
            needs.of(&output.object);
        }
        needs.into_grants()
    }
}

/// Needs by namespace; the empty one is the whole cluster.
#[derive(Default)]
struct Needs {
    by_place: BTreeMap<SmolStr, Place>,
    beyond: BTreeSet<String>,
}

/// What is needed in one place.
#[derive(Default)]
struct Place {
    /// Names of objects, by group and resource.
    objects: BTreeMap<(SmolStr, SmolStr), BTreeSet<SmolStr>>,
    /// Names, by verb, group and resource.
    named: BTreeMap<(SmolStr, SmolStr, SmolStr), BTreeSet<SmolStr>>,
    /// Names that stand for whole tiers, by resource.
    tiers: BTreeMap<SmolStr, BTreeSet<SmolStr>>,
    /// What the roles permit that are written.
    held: BTreeSet<ClusterRule>,
}

impl Needs {
    fn of(&mut self, object: &Object) {
        if let Object::ClusterRole(ClusterRole { metadata, rules: ClusterRules::Aggregated { .. } }) = object {
            self.beyond.insert(format!(
                "ClusterRole `{}` takes in others: only who may do everything can write it, so it is not in these roles",
                metadata.name
            ));
            return;
        }
        let Some((resource, scope)) = resource_of(object) else {
            self.beyond(object, "what it is called in requests is not known");
            return;
        };
        let metadata = object.metadata();
        let namespace = match (scope, &metadata.namespace) {
            (Scope::Cluster, _) => SmolStr::default(),
            (Scope::Namespaced, Some(namespace)) => namespace.clone(),
            (Scope::Namespaced, None) => return self.beyond(object, "it does not say its namespace"),
        };
        if metadata.name.is_empty() {
            return self.beyond(object, "it has no name");
        }
        if matches!(object, Object::Included(_)) && group_of(object) == rbac::GROUP {
            return self.beyond(object, "whoever writes it must hold what it permits or binds");
        }
        let key = (SmolStr::new(group_of(object)), resource);
        let place = self.by_place.entry(namespace).or_default();
        place.objects.entry(key).or_default().insert(metadata.name.clone());
        self.access(object);
        self.tier(object);
    }

    fn beyond(&mut self, object: &Object, why: &str) {
        let metadata = object.metadata();
        let home = metadata.namespace.as_ref().map_or(String::new(), |namespace| format!("{namespace}/"));
        self.beyond.insert(format!("{} `{home}{}` is not in these roles: {why}", object.kind(), metadata.name));
    }

    /// Roles are held, and what is bound is named.
    fn access(&mut self, object: &Object) {
        let of = |namespace: &Option<SmolStr>| namespace.clone().unwrap_or_default();
        let (place, resource, name) = match object {
            Object::Role(role) => {
                let held = role.rules.iter().cloned().map(ClusterRule::Resources);
                return self.by_place.entry(of(&role.metadata.namespace)).or_default().held.extend(held);
            }
            Object::ClusterRole(ClusterRole { rules: ClusterRules::Own(rules), .. }) => {
                return self.by_place.entry(SmolStr::default()).or_default().held.extend(rules.iter().cloned());
            }
            // The server asks in the namespace of the binding, also for a ClusterRole.
            Object::RoleBinding(binding) => match &binding.role {
                RoleRef::Role(name) => (of(&binding.metadata.namespace), "roles", name),
                RoleRef::ClusterRole(name) => (of(&binding.metadata.namespace), "clusterroles", name),
            },
            Object::ClusterRoleBinding(binding) => (SmolStr::default(), "clusterroles", &binding.role),
            _ => return,
        };
        self.named(place, "bind", rbac::GROUP, resource, name.clone());
    }

    fn named(&mut self, place: SmolStr, verb: &'static str, group: &'static str, resource: &'static str, name: SmolStr) {
        let key = [verb, group, resource].map(SmolStr::new_static).into();
        self.by_place.entry(place).or_default().named.entry(key).or_default().insert(name);
    }

    /// Calico's API server asks for a policy's tier as well: `get` on it, and the verb on `tier.networkpolicies`, where a
    /// name is the tier's with `.*`, since an object that is being made is not asked for by name.
    fn tier(&mut self, object: &Object) {
        let (place, resource, tier) = match object {
            Object::GlobalNetworkPolicy(policy) => (SmolStr::default(), "tier.globalnetworkpolicies", &policy.tier),
            Object::CalicoNetworkPolicy(policy) => {
                (policy.metadata.namespace.clone().unwrap_or_default(), "tier.networkpolicies", &policy.tier)
            }
            _ => return,
        };
        self.named(SmolStr::default(), "get", CALICO, "tiers", SmolStr::new(tier));
        let tiers = &mut self.by_place.entry(place).or_default().tiers;
        tiers.entry(SmolStr::new_static(resource)).or_default().insert(format_smolstr!("{tier}.*"));
    }

    fn into_grants(self) -> Grants {
        let roles = self.by_place.into_iter().filter_map(|(namespace, place)| role(namespace, place));
        Grants { roles: roles.collect(), beyond: self.beyond.into_iter().collect() }
    }
}

fn group_of(object: &Object) -> &str {
    object.api_version().split_once('/').map_or("", |(group, _)| group)
}

/// What an object's kind is called in requests, and where its objects are.
fn resource_of(object: &Object) -> Option<(SmolStr, Scope)> {
    let custom = |name: &'static str, scope| Some((SmolStr::new_static(name), scope));
    match object {
        Object::Tier(_) => custom("tiers", Scope::Cluster),
        Object::GlobalNetworkSet(_) => custom("globalnetworksets", Scope::Cluster),
        Object::GlobalNetworkPolicy(_) => custom("globalnetworkpolicies", Scope::Cluster),
        Object::CalicoNetworkPolicy(_) => custom("networkpolicies", Scope::Namespaced),
        Object::ClusterIssuer(_) => custom("clusterissuers", Scope::Cluster),
        Object::Certificate(_) => custom("certificates", Scope::Namespaced),
        Object::Bundle(_) => custom("bundles", Scope::Cluster),
        _ => built_in(group_of(object), object.kind()),
    }
}

/// A kind of Kubernetes' own, by the newest version that has it: what a kind is called never changes.
fn built_in(group: &str, kind: &str) -> Option<(SmolStr, Scope)> {
    let versions: Vec<(u16, u16)> = Surface::known().collect();
    versions.into_iter().rev().find_map(|(major, minor)| {
        let surface = Surface::of(major, minor)?;
        let found = surface.any(Some(group)).into_iter().find(|it| it.kind == kind)?;
        Some((found.name.clone(), found.scope))
    })
}

fn role(namespace: SmolStr, place: Place) -> Option<Object> {
    let rules = rules(place);
    let metadata = |namespace| Metadata { name: SmolStr::new_static(NAME), namespace, ..Metadata::default() };
    if namespace.is_empty() {
        let rules = ClusterRules::Own(OneOrMore::new(rules)?);
        return Some(Object::ClusterRole(ClusterRole { metadata: metadata(None), rules }));
    }
    let rules = rules.into_iter().filter_map(|rule| if let ClusterRule::Resources(rule) = rule { Some(rule) } else { None });
    Some(Object::Role(Role { metadata: metadata(Some(namespace)), rules: OneOrMore::new(rules)? }))
}

fn rules(place: Place) -> Vec<ClusterRule> {
    // What is being made has no name yet, so names cannot limit it (access-targets R3).
    let mut made: BTreeMap<SmolStr, BTreeSet<SmolStr>> = BTreeMap::new();
    for (group, resource) in place.objects.keys() {
        made.entry(group.clone()).or_default().insert(resource.clone());
    }
    let make = made.into_iter().filter_map(|(group, resources)| rule(group, resources, BTreeSet::new(), &["create"]));
    let change = place.objects.into_iter().filter_map(|((group, resource), names)| rule(group, [resource].into(), names, &APPLY));
    let named = place.named.into_iter().filter_map(|((verb, group, resource), names)| rule(group, [resource].into(), names, &[&verb]));
    let tiers = place
        .tiers
        .into_iter()
        .filter_map(|(resource, names)| rule(SmolStr::new_static(CALICO), [resource].into(), names, &["create", "get", "patch"]));
    let mut all: Vec<ClusterRule> = make.chain(change).chain(named).chain(tiers).map(ClusterRule::Resources).collect();
    all.extend(place.held);
    all
}

fn rule(group: SmolStr, resources: BTreeSet<SmolStr>, names: BTreeSet<SmolStr>, verbs: &[&str]) -> Option<ResourceRule> {
    Some(ResourceRule {
        groups: Words::named([group])?,
        resources: Words::named(resources)?,
        names: OneOrMore::new(names),
        verbs: Words::named(verbs.iter().map(SmolStr::new))?,
    })
}

#[cfg(test)]
mod tests;
