//! Which enforcer says a rule: NetworkPolicy wherever it can, Calico only what it alone can.

use std::borrow::Cow;

use crate::ir::{Held, Policy};
use crate::plan::{Peer, Rule};
use crate::semantics::pods::PodBox;
use crate::semantics::ports::PortSet;

/// Whether these are pods of one namespace by its name alone, and objects may be written into
/// it: a policy of that namespace can select them. Into somebody else's nothing is written.
pub(crate) fn is_in_one_namespace(policy: &Policy, pods: &PodBox) -> bool {
    let external = |name: &str| policy.namespaces.get(name).is_some_and(|namespace| namespace.held == Held::External);
    pods.namespace_name().is_some_and(|name| !external(name)) && pods.namespace.iter().count() == 1
}

/// Whether a Kubernetes NetworkPolicy can select exactly these pods: by their own labels alone.
pub(crate) fn is_selectable(policy: &Policy, pods: &PodBox) -> bool {
    is_in_one_namespace(policy, pods) && pods.account.is_any()
}

/// A rule as NetworkPolicy says it, and the rest of it that only Calico can say. Each is none
/// where nothing is left to it.
///
/// Only Calico says service accounts, ICMP by name, and pods of namespaces not yet born as
/// subject (network-targets.md §1.4.17, §2.2). "Every port" stays one rule: NetworkPolicy
/// without ports is every protocol that the network plugin passes.
pub(crate) fn split<'a>(policy: &Policy, rule: &'a Rule) -> (Option<Cow<'a, Rule>>, Option<Cow<'a, Rule>>) {
    if is_selectable(policy, &rule.subject.pods) { parts(rule) } else { (None, Some(Cow::Borrowed(rule))) }
}

/// The same of a rule whose subject NetworkPolicy can select.
pub(crate) fn parts(rule: &Rule) -> (Option<Cow<'_, Rule>>, Option<Cow<'_, Rule>>) {
    let by_account = |peer: &&Peer| matches!(peer, Peer::Pods(pods) if !pods.account.is_any());
    let icmp_apart = rule.ports.has_icmp() && !rule.ports.is_all();
    let accounts: Vec<Peer> = rule.peers.iter().filter(by_account).cloned().collect();
    if accounts.is_empty() && !icmp_apart {
        return (Some(Cow::Borrowed(rule)), None);
    }
    let others: Vec<Peer> = rule.peers.iter().filter(|peer| !by_account(peer)).cloned().collect();
    let some = |peers: Vec<Peer>, ports: PortSet| {
        (!peers.is_empty() && !ports.is_empty()).then(|| Cow::Owned(Rule { peers: peers.into(), ports, ..rule.clone() }))
    };
    if !icmp_apart {
        return (some(others, rule.ports.clone()), some(accounts, rule.ports.clone()));
    }
    // Ports without ICMP stay with NetworkPolicy for the peers that it can name; where accounts
    // stand among the peers the whole rule is Calico's, so that it is written once.
    if accounts.is_empty() {
        return (some(others.clone(), rule.ports.without_icmp()), some(others, PortSet::icmp()));
    }
    (None, Some(Cow::Borrowed(rule)))
}
