//! All of Calico's objects of one cluster.

#[cfg(test)]
mod tests;

use super::calico_set::Sets;
use super::{Emitted, calico_global_network_policy, calico_global_network_set, calico_limit, calico_network_policy, calico_tier};
use crate::diagnostic::Diagnostic;
use crate::ir::Policy;
use crate::plan::Plan;

/// Calico's objects, where Calico enforces; else none.
pub(crate) fn emit(policy: &Policy, plan: &Plan<'_>) -> (Vec<Emitted>, Vec<Diagnostic>) {
    if plan.cluster.calico.is_none() {
        return (Vec::new(), Vec::new());
    }
    let sets = Sets::of(policy, plan);
    let mut emitted: Vec<Emitted> = calico_tier::emit(policy, plan).into_iter().collect();
    emitted.extend(calico_global_network_set::emit(policy, &sets));
    emitted.extend(calico_global_network_policy::emit(policy, plan, &sets));
    emitted.extend(calico_network_policy::emit(policy, plan, &sets));
    let found = calico_limit::check(policy, plan, &emitted);
    (emitted, found)
}
