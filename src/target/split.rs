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
    if !is_selectable(policy, &rule.subject.pods) {
        return (None, Some(Cow::Borrowed(rule)));
    }
    let by_account = |peer: &&Peer| matches!(peer, Peer::Pods(pods) if !pods.account.is_any());
    let has_accounts = rule.peers.iter().any(|peer| by_account(&peer));
    let icmp_apart = rule.ports.icmp && !rule.ports.is_all();
    let part = |peers: Vec<Peer>, ports: PortSet| {
        (!peers.is_empty() && !ports.is_empty()).then(|| {
            let rule = rule.clone();
            Cow::Owned(Rule { peers, ports, ..rule })
        })
    };
    match (has_accounts, icmp_apart) {
        (false, false) => (Some(Cow::Borrowed(rule)), None),
        (true, false) => {
            let (accounts, others): (Vec<&Peer>, Vec<&Peer>) = rule.peers.iter().partition(by_account);
            let some = |peers: Vec<&Peer>| part(peers.into_iter().cloned().collect(), rule.ports.clone());
            (some(others), some(accounts))
        }
        (false, true) => (part(rule.peers.clone(), rule.ports.clone().without_icmp()), part(rule.peers.clone(), PortSet::icmp())),
        // The whole rule is Calico's, so that it is written once.
        (true, true) => (None, Some(Cow::Borrowed(rule))),
    }
}
