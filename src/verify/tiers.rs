//! Tiers being filled with policies in any order, as an enforcer finds them.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::stack::{End, Policy, Stack, Tier};

/// What decides which of two policies, or tiers, comes first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    /// Lower first; infinite where none is written.
    pub(crate) order: f64,
    /// Of two of one order: by name, then by namespace, then by kind.
    pub(crate) name: SmolStr,
    /// Empty for what is cluster-wide.
    pub(crate) namespace: SmolStr,
    /// As Calico calls it.
    pub(crate) kind: &'static str,
}

/// What Calico calls a NetworkPolicy of Kubernetes.
pub(crate) const NETWORK_POLICY: &str = "KubernetesNetworkPolicy";

impl Eq for Place {}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_name = || self.name.cmp(&other.name).then_with(|| self.namespace.cmp(&other.namespace));
        self.order.total_cmp(&other.order).then_with(by_name).then_with(|| self.kind.cmp(other.kind))
    }
}

/// The tiers of one direction.
#[derive(Debug, Default)]
pub(crate) struct Tiers(BTreeMap<SmolStr, Held>);

#[derive(Debug)]
struct Held {
    order: f64,
    end: End,
    policies: Vec<(Place, Policy)>,
}

impl Tiers {
    /// A tier that there is; said again, the first stays.
    pub(crate) fn declare(&mut self, name: impl Into<SmolStr>, order: f64, end: End) {
        self.0.entry(name.into()).or_insert_with(|| Held { order, end, policies: Vec::new() });
    }

    /// Puts a policy into a tier; whether there is such a tier. Policies of one place stay in
    /// the order in which they come.
    #[must_use]
    pub(crate) fn add(&mut self, tier: &str, place: Place, policy: Policy) -> bool {
        let held = self.0.get_mut(tier);
        held.map(|held| held.policies.push((place, policy))).is_some()
    }

    /// The tiers that have policies, first to last.
    pub(crate) fn finish(self) -> Stack {
        let mut tiers: Vec<(SmolStr, Held)> = self.0.into_iter().filter(|(_, held)| !held.policies.is_empty()).collect();
        // The map is by name already: of two tiers of one order the name decides.
        tiers.sort_by(|(_, a), (_, b)| a.order.total_cmp(&b.order));
        let tier = |(name, mut held): (SmolStr, Held)| {
            held.policies.sort_by(|(a, _), (b, _)| a.cmp(b));
            Tier { name, end: held.end, policies: held.policies.into_iter().map(|(_, policy)| policy).collect() }
        };
        Stack { tiers: tiers.into_iter().map(tier).collect() }
    }
}
