//! projectcalico.org/v3 NetworkPolicy: the seal behind each isolation, and what Kubernetes'
//! NetworkPolicies cannot say about pods of one namespace.
//!
//! On Calico what no NetworkPolicy allows falls through to later policies of the default tier,
//! which could open it again. A seal right behind them closes for good what is isolated; what
//! only Calico can allow stands right before it (network-targets.md §2.9).

use std::collections::BTreeMap;

use super::Emitted;
use super::calico_policy::{Draft, close};
use super::calico_rule::{ends, one_sided};
use super::calico_selector::in_own_namespace;
use super::calico_set::Sets;
use super::name::object_name;
use super::order::{ALLOW_TENTHS, DEFAULT_TIER, SEAL_TENTHS};
use super::split::{is_in_one_namespace, is_selectable, split};
use crate::ir::Policy;
use crate::manifest::calico::Action;
use crate::plan::{Isolated, Plan, Side, Subject};

/// The Calico NetworkPolicies of one cluster.
pub(crate) fn emit(policy: &Policy, plan: &Plan<'_>, sets: &Sets) -> Vec<Emitted> {
    let seals = plan.isolated.iter().filter_map(|isolated| seal(policy, isolated));
    let mut allows: BTreeMap<&Subject, Draft> = BTreeMap::new();
    for rule in plan.rules.iter().filter(|rule| is_in_one_namespace(policy, &rule.subject.pods)) {
        let Some(part) = split(policy, rule).1 else { continue };
        let draft =
            allows.entry(&rule.subject).or_insert_with(|| Draft::new(DEFAULT_TIER, ALLOW_TENTHS, in_own_namespace(&rule.subject.pods)));
        draft.add(rule.side, one_sided(Action::Allow, rule.side, &ends(sets, &part.peers), &part.ports), &rule.sentences);
    }
    let allows = allows.iter().filter(|(_, draft)| !draft.is_empty()).filter_map(|(subject, draft)| {
        let namespace = subject.pods.namespace_name()?;
        Some(draft.emit(policy, Some(namespace), object_name("polc-allow", &subject.name)))
    });
    seals.chain(allows).collect()
}

/// Closes the sides that are isolated. Pods that no NetworkPolicy can select have no other
/// isolation than this.
fn seal(policy: &Policy, isolated: &Isolated) -> Option<Emitted> {
    let pods = &isolated.subject.pods;
    let namespace = pods.namespace_name().filter(|_| is_in_one_namespace(policy, pods))?;
    let mut draft = Draft::new(DEFAULT_TIER, SEAL_TENTHS, in_own_namespace(pods));
    for side in [Side::Ingress, Side::Egress] {
        if isolated.closes(side) {
            draft.add(side, close(), &isolated.sentences);
        }
    }
    let prefix = if is_selectable(policy, pods) { "polc-seal" } else { "polc-isolate" };
    Some(draft.emit(policy, Some(namespace), object_name(prefix, &isolated.subject.name)))
}
