//! Policies put into the order in which they decide (network-targets.md §2.6, §4.1).

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::reader::{Placed, Side};
use crate::verify::stack::{End, Sides, Stack, Tier};

/// The tier of NetworkPolicies, and of Calico's policies that name none.
pub(super) const DEFAULT: &str = "default";

/// A tier as its object, or Calico itself, has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TierSpec {
    pub(super) order: f64,
    pub(super) end: End,
}

/// The order of a tier that gives none (since Calico 3.29), and of `default`.
pub(super) const DEFAULT_ORDER: f64 = 1_000_000.0;

/// Tiers that are there without an object: Calico's own names, and where ClusterNetworkPolicies stand.
const BUILT_IN: [(&str, TierSpec); 5] = [
    ("adminnetworkpolicy", TierSpec { order: 1_000.0, end: End::Pass }),
    ("kube-admin", TierSpec { order: 1_000.0, end: End::Pass }),
    (DEFAULT, TierSpec { order: DEFAULT_ORDER, end: End::Deny }),
    ("baselineadminnetworkpolicy", TierSpec { order: 10_000_000.0, end: End::Pass }),
    ("kube-baseline", TierSpec { order: 10_000_000.0, end: End::Pass }),
];

/// What is known of a tier.
pub(super) fn spec(tiers: &BTreeMap<SmolStr, TierSpec>, name: &str) -> Option<TierSpec> {
    let built_in = || BUILT_IN.iter().find(|(own, _)| *own == name).map(|(_, spec)| *spec);
    built_in().or_else(|| tiers.get(name).copied())
}

/// Both sides, each with the tiers that have policies there. Policies of tiers that nobody knows are left out.
pub(super) fn sides(tiers: &BTreeMap<SmolStr, TierSpec>, placed: Vec<Placed>) -> Sides {
    let mut ranked: Vec<(TierSpec, Placed)> = placed.into_iter().filter_map(|placed| Some((spec(tiers, &placed.tier)?, placed))).collect();
    ranked.sort_by(|(a, one), (b, other)| {
        let tier = a.order.total_cmp(&b.order).then_with(|| one.tier.cmp(&other.tier));
        tier.then_with(|| one.order.total_cmp(&other.order)).then_with(|| one.key.cmp(&other.key))
    });
    let mut sides = Sides::default();
    for (spec, placed) in ranked {
        let stack: &mut Stack = match placed.side {
            Side::Ingress => &mut sides.ingress,
            Side::Egress => &mut sides.egress,
        };
        match stack.tiers.last_mut() {
            Some(tier) if tier.name == placed.tier => tier.policies.push(placed.policy),
            _ => stack.tiers.push(Tier { name: placed.tier, policies: vec![placed.policy], end: spec.end }),
        }
    }
    sides
}
