//! What polc's own objects say, by their enforcers' published rules (network-targets.md §1, §2).
//!
//! Covered is what polc writes. Manifests passed through (`include`) are text: they are read as
//! anybody's manifests are, and are left out here.

mod calico;
pub(in crate::verify) mod endpoint;
mod entity;
mod network_policy;
mod network_set;

#[cfg(test)]
mod tests;

use super::selector::Fault;
use super::stack::{End, Policy, Sides, Stack};
use super::tiers::{Place, Tiers};
use crate::manifest::Object;
use network_set::Sets;

/// Who enforces the objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Enforcer {
    /// Any network plugin, by the rules of NetworkPolicy alone.
    NetworkPolicy,
    /// Calico, which holds NetworkPolicies in its tier `default`.
    Calico,
}

/// Something in an object that is not covered: nothing can be said of the objects then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotCovered {
    /// The object, by its place among the objects.
    pub(crate) object: u32,
    /// What.
    pub(crate) what: What,
}

/// What is not covered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// A selector that cannot be read, or is no set of pods.
    Selector(Fault),
    /// A selector that takes host endpoints too.
    HostEndpoints,
    /// A field, or a value of it.
    Field(&'static str),
    /// A policy's tier is not among the objects: its pods are closed until it comes.
    NoTier(String),
    /// An object of Calico's, where Calico enforces nothing.
    NotEnforced,
}

impl From<Fault> for What {
    fn from(fault: Fault) -> Self {
        What::Selector(fault)
    }
}

/// Calico's tier for what names none, its order and what it does at its end.
const DEFAULT_TIER: (&str, f64, End) = ("default", 1_000_000.0, End::Deny);

/// The order of NetworkPolicies in it.
const NETWORK_POLICY_ORDER: f64 = 1000.0;

/// What the objects of one cluster say, with the places of the objects as origins.
///
/// # Errors
///
/// The first object that has something which is not covered.
pub(crate) fn stacks<'a, I>(objects: I, enforcer: Enforcer) -> Result<Sides, NotCovered>
where
    I: IntoIterator<Item = &'a Object>,
    I::IntoIter: Clone,
{
    let objects = objects.into_iter();
    let mut reader = Reader::new(objects.clone(), enforcer);
    for (index, object) in (0..).zip(objects) {
        reader.read(index, object).map_err(|what| NotCovered { object: index, what })?;
    }
    Ok(reader.finish())
}

struct Reader {
    enforcer: Enforcer,
    sets: Sets,
    ingress: Tiers,
    egress: Tiers,
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Ingress,
    Egress,
}

impl Reader {
    /// Knows tiers and network sets, which may come after what refers to them.
    fn new<'a>(objects: impl Iterator<Item = &'a Object> + Clone, enforcer: Enforcer) -> Self {
        let sets = Sets::of(objects.clone());
        let mut reader = Reader { enforcer, sets, ingress: Tiers::default(), egress: Tiers::default() };
        let (name, order, end) = DEFAULT_TIER;
        reader.tier(name, order, end);
        for object in objects {
            if let Object::Tier(tier) = object {
                reader.tier(&tier.metadata.name, tier.order.into(), calico::end(tier.default_action));
            }
        }
        reader
    }

    fn tier(&mut self, name: &str, order: f64, end: End) {
        self.ingress.declare(name, order, end);
        self.egress.declare(name, order, end);
    }

    fn read(&mut self, index: u32, object: &Object) -> Result<(), What> {
        match object {
            Object::NetworkPolicy(policy) => self.network_policy(index, policy),
            Object::GlobalNetworkPolicy(_) | Object::CalicoNetworkPolicy(_) | Object::Tier(_) | Object::GlobalNetworkSet(_)
                if self.enforcer == Enforcer::NetworkPolicy =>
            {
                Err(What::NotEnforced)
            }
            Object::GlobalNetworkPolicy(policy) | Object::CalicoNetworkPolicy(policy) => self.calico_policy(index, policy),
            Object::Tier(tier) => calico::default_action(tier),
            Object::GlobalNetworkSet(_) | Object::Namespace(_) | Object::Included(_) => Ok(()),
            Object::Ingress(_) | Object::ClusterIssuer(_) | Object::Certificate(_) | Object::Bundle(_) => Ok(()),
            Object::AdmissionPolicy(_) | Object::AdmissionBinding(_) => Ok(()),
            // Access is another proof's.
            Object::ServiceAccount(_)
            | Object::Role(_)
            | Object::ClusterRole(_)
            | Object::RoleBinding(_)
            | Object::ClusterRoleBinding(_) => Ok(()),
        }
    }

    /// Puts policies into a tier, in this order at one place.
    fn add(&mut self, side: Side, tier: &str, place: &Place, policies: Vec<Policy>) -> Result<(), What> {
        let tiers = match side {
            Side::Ingress => &mut self.ingress,
            Side::Egress => &mut self.egress,
        };
        let all_in = policies.into_iter().all(|policy| tiers.add(tier, place.clone(), policy));
        if all_in { Ok(()) } else { Err(What::NoTier(tier.to_owned())) }
    }

    fn finish(self) -> Sides {
        let named = |mut stack: Stack| {
            if let (Enforcer::NetworkPolicy, Some(only)) = (self.enforcer, stack.tiers.first_mut()) {
                only.name = "NetworkPolicy".into();
            }
            stack
        };
        Sides { ingress: named(self.ingress.finish()), egress: named(self.egress.finish()) }
    }
}
