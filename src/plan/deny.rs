//! What a deny closes.

use super::allow::both_ends;
use super::ends::{End, Reading};
use super::{Context, Deny, Peer, Rule};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir;

/// The closed connections of one deny: one entry for each set of ports.
pub(super) fn denies(context: &mut Context<'_>, flow: &ir::Flow) -> Vec<Deny> {
    let Some((sources, targets)) = both_ends(context, flow, Reading::Wide) else {
        return Vec::new();
    };
    let name = name(flow);
    // In one order: what a deny leaves is cut along its ends one by one.
    let peers = |ends: &[End]| {
        let mut peers: Vec<Peer> = ends.iter().map(|end| end.peer.clone()).collect();
        peers.sort();
        peers.dedup();
        peers
    };
    if is_empty_by_contradiction(context, flow, &sources, targets.iter().all(|target| target.ends.is_empty())) {
        return Vec::new();
    }
    targets
        .iter()
        .filter(|target| !target.ends.is_empty() && !sources.is_empty())
        .map(|target| Deny {
            sources: peers(&sources),
            destinations: peers(&target.ends),
            ports: target.ports.clone(),
            name: name.clone(),
            sentence: flow.sentence,
        })
        .collect()
}

/// Warns of a deny that takes name resolution away from pods that had it (docs/src/reference/isolation.md): such
/// pods cannot even ask where to go, which is rarely meant.
pub(super) fn warn_of_dns(context: &mut Context<'_>, resolution: &[Rule], denies: &[Deny]) {
    for deny in denies {
        let asks = |rule: &&Rule| {
            deny.sources.iter().any(|source| match source {
                Peer::Pods(pods) => !pods.is_disjoint(&rule.subject.pods),
                Peer::Anyone => true,
                Peer::Addresses(_) | Peer::Listed(..) => false,
            })
        };
        let closed = |rule: &Rule| {
            !rule.ports.intersection(&deny.ports).is_empty() && rule.peers.iter().any(|server| holds(&deny.destinations, server))
        };
        if let Some(sentence) = context.policy.sentence(deny.sentence)
            && resolution.iter().filter(asks).any(closed)
        {
            context.diagnostics.push(
                Diagnostic::new(Code::DenyClosesDns, sentence.span, "this deny also closes the way to the cluster's DNS")
                    .label("its destinations include the DNS servers")
                    .note("pods that cannot resolve names reach nothing by name; an isolation leaves this way open by itself")
                    .help("if that is not meant, take the servers out: `except dns`"),
            );
        }
    }
}

/// Whether a server is surely among the ends of a deny.
fn holds(ends: &[Peer], server: &Peer) -> bool {
    ends.iter().any(|end| match (end, server) {
        (Peer::Anyone, _) => true,
        (Peer::Pods(all), Peer::Pods(server)) => server.is_covered(std::slice::from_ref(all)),
        (Peer::Addresses(all) | Peer::Listed(_, all), Peer::Addresses(server)) => !all.is_disjoint(server),
        _ => false,
    })
}

/// A deny of nobody would leave open what somebody wanted closed; but a cluster that does not
/// hold an end has nothing to close.
fn is_empty_by_contradiction(context: &mut Context<'_>, flow: &ir::Flow, sources: &[End], no_destination: bool) -> bool {
    if !sources.is_empty() && !no_destination {
        return false;
    }
    let side = if sources.is_empty() { flow.sources.list.first() } else { flow.destinations.first().map(|d| &d.peer) };
    if super::ends::is_flow_held(context.policy, context.cluster, flow)
        && let Some(peer) = side
    {
        context.diagnostics.push(
            Diagnostic::new(Code::EmptySet, peer.span, format!("nothing is left of `{}`", peer.name))
                .label("a deny of nobody closes nothing")
                .help("correct its conditions or exceptions, or remove the sentence"),
        );
    }
    true
}

/// The sentence's own words, from which an object's name is made: `api-to-internet`.
fn name(flow: &ir::Flow) -> String {
    // A peer list stands for its members, each under the list's name; the order of a list says nothing.
    let words = |peers: &[&ir::Peer]| {
        let mut names: Vec<&str> = peers.iter().map(|peer| peer.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names.join(",")
    };
    let destinations: Vec<&ir::Peer> = flow.destinations.iter().map(|destination| &destination.peer).collect();
    let mut name = words(&flow.sources.list.iter().collect::<Vec<_>>());
    if !flow.sources.except.is_empty() {
        name.push_str(&format!("-except-{}", words(&flow.sources.except.iter().collect::<Vec<_>>())));
    }
    name.push_str(&format!("-to-{}", words(&destinations)));
    if !flow.except.is_empty() {
        name.push_str(&format!("-except-{}", words(&flow.except.iter().collect::<Vec<_>>())));
    }
    name
}
