//! What the policy says for one cluster (docs/src/reference/flows.md, decisions.md), as a
//! [`Stack`] for each direction. It is read here a second time, from the language alone.
//!
//! A side of a pod lets a connection unless a deny matches, or the pod is isolated on that side
//! and no allow that opens that side matches. So there are three tiers: the denies, the allows,
//! the isolations. Only the last ends in Deny, and only for the pods that it selects: an allow
//! never isolates.

mod ends;
mod flows;
mod isolations;
mod sets;
#[cfg(test)]
mod tests;

use crate::ir::{self, Verdict};
use crate::semantics::ends::EndBox;

pub(super) use self::ends::Reader;
use self::ends::Role;
pub(super) use self::flows::Question;
pub(super) use self::sets::Reading;
use super::compare::WrittenDeny;
use super::stack::{End, Policy, Sides, Stack, Tier};

/// What the policy says for one cluster.
#[derive(Debug, Default)]
pub(crate) struct Intent {
    /// Both directions.
    pub(crate) sides: Sides,
    /// The denies once more, as connections: an enforcer may hold each at one of its ends.
    pub(crate) denies: Vec<WrittenDeny>,
}

/// The policies of each tier, in one direction.
#[derive(Debug, Default)]
struct Tiers {
    denies: Vec<Policy>,
    allows: Vec<Policy>,
    isolations: Vec<Policy>,
}

/// Both directions.
#[derive(Debug, Default)]
struct Draft {
    ingress: Tiers,
    egress: Tiers,
    denies: Vec<WrittenDeny>,
}

/// Reads the policy for one cluster.
pub(crate) fn read(policy: &ir::Policy, cluster: &ir::Cluster) -> Intent {
    let reader = Reader::new(policy, cluster);
    let mut draft = Draft::default();
    isolations::read(&reader, policy, &mut draft);
    let here = policy.flows.iter().filter(|flow| flow.clusters.contains(&cluster.name));
    for flow in here {
        match flow.verdict {
            Verdict::Allow => flows::allow(&reader, flow, &mut draft),
            Verdict::Deny => flows::deny(&reader, flow, &mut draft),
        }
    }
    let sides = Sides { ingress: draft.ingress.stack(), egress: draft.egress.stack() };
    Intent { sides, denies: draft.denies }
}

/// The ends that a peer means when it is asked about: as widely as its words can be read.
pub(crate) fn ends(policy: &ir::Policy, cluster: &ir::Cluster, peer: &ir::Peer) -> Vec<EndBox> {
    Reader::new(policy, cluster).peer(peer, Reading::Wide, Role::Source).into_iter().collect()
}

impl Tiers {
    fn stack(self) -> Stack {
        let tier = |name, policies, end| Tier { name, policies, end };
        Stack {
            tiers: vec![
                tier("denies".into(), self.denies, End::Pass),
                tier("allows".into(), self.allows, End::Pass),
                tier("isolations".into(), self.isolations, End::Deny),
            ],
        }
    }
}
