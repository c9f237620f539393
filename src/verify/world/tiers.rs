//! Policies put into the order in which they decide (network-targets.md §2.6, §4.1).

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::reader::{Placed, Side};
use crate::verify::stack::{End, Sides};
use crate::verify::tiers::Tiers;

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
    let (mut ingress, mut egress) = (Tiers::default(), Tiers::default());
    let built_in = BUILT_IN.iter().map(|(name, spec)| (SmolStr::new_static(name), *spec));
    for (name, spec) in built_in.chain(tiers.iter().map(|(name, spec)| (name.clone(), *spec))) {
        ingress.declare(name.clone(), spec.order, spec.end);
        egress.declare(name, spec.order, spec.end);
    }
    for Placed { side, tier, place, policy } in placed {
        let of_side = match side {
            Side::Ingress => &mut ingress,
            Side::Egress => &mut egress,
        };
        // What a tier that nobody knows would do was said where its policy was read.
        let _known = of_side.add(&tier, place, policy);
    }
    Sides { ingress: ingress.finish(), egress: egress.finish() }
}
