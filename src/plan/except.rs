//! Taking ends out of ends: `except`, exactly or not at all.

use super::ends::{End, Ends, Reading, Role, ground, without_known};
use super::{Context, Peer};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir;
use crate::semantics::addresses::AddressSet;
use crate::semantics::pods::PodBox;

/// How many peers the exceptions of one side may add. Each one that turns on several labels at once splits what is
/// left of every peer, so that a few of them would make more than anybody can read, or any machine hold.
pub(crate) const MAX_ADDED: usize = 256;

/// What taking one end out of another leaves; none where that cannot be said.
type Rest = Option<Vec<Peer>>;

/// Whether an exception that cuts nothing is an error. One written in a sentence is; one of a
/// peer list may well cut another member of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vacuous {
    Wrong,
    Fine,
}

/// Takes every excepted peer out of all the ends. Says what is wrong: an exception that cuts
/// nothing, or one that cannot be said. Returns whether all went well.
pub(super) fn cut_all(
    context: &mut Context<'_>,
    all: &mut [Ends],
    excepted: &[ir::Peer],
    role: Role,
    reading: Reading,
    vacuous: Vacuous,
) -> bool {
    let mut fine = true;
    let most = all.iter().map(|ends| ends.len()).sum::<usize>() + MAX_ADDED;
    // In one order: what is left is cut along the exceptions one by one.
    let mut excepted: Vec<&ir::Peer> = excepted.iter().collect();
    excepted.sort_unstable();
    for peer in excepted {
        // An exception is taken as written: its addresses mean whoever holds them.
        let Some(cuts) = ground(context, peer, role, Reading::Wide) else {
            fine = false;
            continue;
        };
        let before = all.to_vec();
        let held_here = before.iter().any(|ends| !ends.is_empty()) && !cuts.is_empty();
        for ends in all.iter_mut() {
            for cut in &cuts {
                match cut_ends(context, ends, &shortest(context.policy, &cut.peer), reading) {
                    Some(rest) if rest.len() > most => {
                        too_many(context, peer);
                        return false;
                    }
                    Some(rest) => *ends = rest,
                    None => {
                        fine = false;
                        not_expressible(context, peer);
                    }
                }
            }
        }
        if fine && held_here && vacuous == Vacuous::Wrong && *all == *before {
            cuts_nothing(context, peer);
            fine = false;
        }
    }
    fine
}

/// The same peer in the fewest words, to cut along.
pub(super) fn shortest(policy: &ir::Policy, peer: &Peer) -> Peer {
    match peer {
        Peer::Pods(pods) => Peer::Pods(without_known(policy, pods.clone())),
        other => other.clone(),
    }
}

fn cut_ends(context: &Context<'_>, ends: &[End], cut: &Peer, reading: Reading) -> Option<Ends> {
    let mut rest = Ends::new();
    for end in ends {
        for peer in minus(&context.ranges, &end.peer, cut, reading)? {
            rest.push(match peer {
                Peer::Pods(pods) => end.of_pods(pods),
                Peer::Anyone => end.clone(),
                Peer::Addresses(set) | Peer::Listed(_, set) => end.of_addresses(set),
            });
        }
    }
    Some(rest)
}

/// `end` less `cut`. Pods have addresses: where the two kinds meet, the answer is exact by
/// the cluster's stated ranges, or there is none.
pub(super) fn minus(ranges: &super::addresses::Ranges, end: &Peer, cut: &Peer, reading: Reading) -> Rest {
    let addresses = |set: AddressSet| (!set.is_empty()).then_some(Peer::Addresses(set));
    match (end, cut) {
        (_, Peer::Anyone) => Some(Vec::new()),
        (Peer::Pods(pods), Peer::Pods(out)) => Some(pods.difference(out).into_iter().map(Peer::Pods).collect()),
        (Peer::Pods(_), Peer::Addresses(out) | Peer::Listed(_, out)) => {
            Some(if pods_of_addresses(ranges, out)? { Vec::new() } else { vec![end.clone()] })
        }
        (Peer::Addresses(set) | Peer::Listed(_, set), Peer::Addresses(out) | Peer::Listed(_, out)) => {
            if set.is_disjoint(out) {
                Some(vec![end.clone()])
            } else {
                Some(addresses(set.difference(out)).into_iter().collect())
            }
        }
        (Peer::Addresses(set) | Peer::Listed(_, set), Peer::Pods(out)) => addresses_less_pods(ranges, end, set, out, reading),
        (Peer::Anyone, Peer::Pods(out)) => {
            let others = PodBox::default().difference(out).into_iter().map(Peer::Pods);
            let outside = family(ranges, reading).difference(ranges.pods()?);
            Some(others.chain(addresses(outside)).collect())
        }
        (Peer::Anyone, Peer::Addresses(out) | Peer::Listed(_, out)) => {
            let pods = if pods_of_addresses(ranges, out)? { None } else { Some(Peer::Pods(PodBox::default())) };
            Some(pods.into_iter().chain(addresses(family(ranges, reading).difference(out))).collect())
        }
    }
}

fn family(ranges: &super::addresses::Ranges, reading: Reading) -> AddressSet {
    if reading == Reading::Narrow { ranges.families().clone() } else { AddressSet::all() }
}

/// Whether every pod's address is among these (true), or no pod's (false); none if some may be.
fn pods_of_addresses(ranges: &super::addresses::Ranges, set: &AddressSet) -> Option<bool> {
    if ranges.may_be_pods().is_disjoint(set) {
        return Some(false);
    }
    ranges.pods().filter(|pods| pods.is_subset(set)).map(|_| true)
}

/// Addresses less pods. An allow's addresses lie outside the cluster, so that nothing is to be
/// taken out; those that `anywhere` leaves are freed of the pods' range. A deny's addresses
/// mean whoever holds them: that is exact only where they hold every pod, or none.
fn addresses_less_pods(ranges: &super::addresses::Ranges, end: &Peer, set: &AddressSet, out: &PodBox, reading: Reading) -> Rest {
    if set.is_disjoint(ranges.may_be_pods()) {
        return Some(vec![end.clone()]);
    }
    let pods = ranges.pods()?;
    let outside = set.difference(pods);
    let outside = (!outside.is_empty()).then_some(Peer::Addresses(outside));
    match reading {
        Reading::Narrow => Some(outside.into_iter().collect()),
        Reading::Wide if pods.is_subset(set) => {
            Some(outside.into_iter().chain(PodBox::default().difference(out).into_iter().map(Peer::Pods)).collect())
        }
        Reading::Wide => None,
    }
}

fn cuts_nothing(context: &mut Context<'_>, peer: &ir::Peer) {
    context.diagnostics.push(
        Diagnostic::new(Code::ExceptCutsNothing, peer.span, format!("`except {}` takes nothing out", peer.name))
            .label("not among what stands before `except`")
            .help("remove it, or name what was meant to be left out"),
    );
}

fn too_many(context: &mut Context<'_>, peer: &ir::Peer) {
    context.diagnostics.push(
        Diagnostic::new(Code::ExceptNotExpressible, peer.span, format!("up to here `except` adds more than {MAX_ADDED} peers"))
            .note("each exception that turns on several labels at once splits everything that is left")
            .help("give the pods that are left out one label that they share, and except that"),
    );
}

fn not_expressible(context: &mut Context<'_>, peer: &ir::Peer) {
    context.diagnostics.push(
        Diagnostic::new(Code::ExceptNotExpressible, peer.span, format!("`except {}` mixes pods and addresses", peer.name))
            .label("pods may hold these addresses, and no selector can tell which")
            .help(format!("state the pods' range, so that it can be told: {}", context.cluster.with_line("pods 10.244.0.0/16")))
            .help("or except pods from pods, and addresses from addresses"),
    );
}
