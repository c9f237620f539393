//! The order in which objects are written, and therefore applied.
//!
//! A policy whose Tier does not exist yet closes the pods it selects
//! (network-targets.md §2.9), so tiers go first, then what policies refer to. Denies only
//! close. Allows come before isolations, so that closing a pod never cuts, for a moment,
//! what is allowed; seals come last, since they refer to what the others let through. Then who may ask what: a
//! role before what binds it, and what a binding names before it.

use super::Emitted;
use crate::manifest::{Object, network_policy};

/// The order of Calico policies that allow, in tenths: right before the seal.
pub(crate) const ALLOW_TENTHS: u32 = 10_004;

/// The order of seals and of Calico's own isolations, in tenths: right behind 1000, where
/// NetworkPolicies are. Never 1000 itself: a tie is decided by names, differently by version.
pub(crate) const SEAL_TENTHS: u32 = 10_005;

/// The tier of denies, before Calico's own.
pub(crate) const DENY_TIER: &str = "polc";

/// Calico's own tier, in which NetworkPolicies stand too.
pub(crate) const DEFAULT_TIER: &str = "default";

/// Sorts the objects of one cluster.
pub(crate) fn sort(objects: &mut [Emitted]) {
    objects.sort_by(|a, b| key(&a.object).cmp(&key(&b.object)));
}

fn key(object: &Object) -> (u8, Option<&str>, &str, &str) {
    let metadata = object.metadata();
    // Included documents stay in the order of their files.
    let name = if matches!(object, Object::Included(_)) { ("", "") } else { (metadata.name.as_str(), object.kind()) };
    let namespace = metadata.namespace.as_deref().filter(|_| !name.1.is_empty());
    (rank(object), namespace, name.0, name.1)
}

/// Lower is written first.
fn rank(object: &Object) -> u8 {
    match object {
        Object::Tier(_) => 0,
        Object::GlobalNetworkSet(_) => 1,
        Object::Namespace(_) => 2,
        Object::AdmissionPolicy(_) | Object::AdmissionBinding(_) => 3,
        Object::GlobalNetworkPolicy(policy) if policy.tier != DEFAULT_TIER => 3,
        Object::NetworkPolicy(policy) if allows(policy) => 4,
        Object::GlobalNetworkPolicy(policy) | Object::CalicoNetworkPolicy(policy) if policy.order_tenths <= ALLOW_TENTHS => 4,
        Object::NetworkPolicy(_) => 5,
        Object::GlobalNetworkPolicy(_) | Object::CalicoNetworkPolicy(_) => 6,
        // Who signs, what is signed, then what asks for it.
        Object::ClusterIssuer(_) | Object::Certificate(_) | Object::Bundle(_) => 7,
        Object::Ingress(_) => 8,
        Object::ServiceAccount(_) => 9,
        Object::ClusterRole(_) | Object::Role(_) => 10,
        Object::ClusterRoleBinding(_) | Object::RoleBinding(_) => 11,
        Object::Included(_) => 12,
    }
}

fn allows(policy: &network_policy::NetworkPolicy) -> bool {
    let any = |rules: &Option<Vec<network_policy::Rule>>| rules.as_ref().is_some_and(|rules| !rules.is_empty());
    any(&policy.ingress) || any(&policy.egress)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Metadata, calico};

    fn emitted(object: Object) -> Emitted {
        Emitted { object, origins: Vec::new() }
    }

    fn named(name: &str, namespace: Option<&str>) -> Metadata {
        Metadata { name: name.into(), namespace: namespace.map(Into::into), ..Metadata::default() }
    }

    fn network_policy(name: &str, rules: Vec<network_policy::Rule>) -> Object {
        Object::NetworkPolicy(network_policy::NetworkPolicy {
            metadata: named(name, Some("shop")),
            pod_selector: network_policy::Selector::default(),
            ingress: Some(rules),
            egress: None,
        })
    }

    fn calico(name: &str, tier: &str, order_tenths: u32) -> calico::Policy {
        calico::Policy {
            metadata: named(name, Some("shop")),
            tier: tier.into(),
            order_tenths,
            selector: "all()".into(),
            ingress: Some(Vec::new()),
            egress: None,
        }
    }

    /// network-targets 2.9: the Tier goes first in every output; allows come before isolations.
    #[test]
    fn the_tier_goes_first_and_allows_before_isolations() {
        let everyone = network_policy::Rule { peers: None, ports: None };
        let mut objects = vec![
            emitted(Object::CalicoNetworkPolicy(calico("seal", "default", SEAL_TENTHS))),
            emitted(network_policy("isolate", Vec::new())),
            emitted(network_policy("zz-allow", vec![everyone])),
            emitted(Object::CalicoNetworkPolicy(calico("allow", "default", ALLOW_TENTHS))),
            emitted(Object::GlobalNetworkPolicy(calico("deny", "polc", 1000))),
            emitted(Object::Namespace(named("shop", None))),
            emitted(Object::GlobalNetworkSet(calico::GlobalNetworkSet { metadata: named("office", None), networks: Vec::new() })),
            emitted(Object::Tier(calico::Tier { metadata: named("polc", None), order: 500, default_action: calico::Action::Pass })),
        ];
        sort(&mut objects);
        let names: Vec<&str> = objects.iter().map(|e| e.object.metadata().name.as_str()).collect();
        assert_eq!(names, ["polc", "office", "shop", "deny", "allow", "zz-allow", "isolate", "seal"]);
    }
}
