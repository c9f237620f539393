//! projectcalico.org/v3 Tier: where denies stand, before every other policy of theirs.

use super::annotate;
use super::order::DENY_TIER;
use super::{Emitted, Piece};
use crate::ir::Policy;
use crate::manifest::Object;
use crate::manifest::calico::{Action, Tier};
use crate::plan::{Plan, Sentences};

/// Before Calico's own tiers (1,000 and later), with room for others before and behind.
const ORDER: u32 = 500;

/// The tier of denies, if there is any. What no deny matches goes on to the next tier: with
/// the default of Deny every pod that a deny selects would be closed (network-targets.md §2.6b).
pub(crate) fn emit(policy: &Policy, plan: &Plan<'_>) -> Option<Emitted> {
    let sentences: Sentences = plan.denies.iter().map(|deny| deny.sentence).collect();
    if sentences.is_empty() {
        return None;
    }
    // The reasons stand on the denies themselves.
    let metadata = annotate::metadata(policy, None, DENY_TIER.into(), &[]);
    let object = Tier { metadata, order: ORDER, default_action: Action::Pass };
    Some(Emitted { object: Object::Tier(object), origins: vec![(Piece::Whole, sentences)] })
}
