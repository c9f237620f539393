//! A deny where the enforcer has none: taken out of what is allowed, exactly, or refused.
//!
//! A deny of sources S to destinations T on ports P can be held at one end: at T where every
//! pod of T is isolated for ingress, or at S where every pod of S is isolated for egress. There
//! each rule (subject X, peers A, ports Q) becomes
//! `(X−T, A, Q)  ∪  (X∩T, A, Q−P)  ∪  (X∩T, A−S, Q)`, which is the rule less the deny.

use std::collections::BTreeMap;

use super::addresses::Ranges;
use super::ends::{Reading, is_certain, selected, without_known};
use super::isolation::Index;
use super::{Context, Deny, Peer, Rule, Side, Subject, except};
use crate::diagnostic::{Code, Diagnostic};
use crate::semantics::pods::{PodBox, difference_all};
use crate::semantics::ports::PortSet;

/// Into how many rules one sentence's rules for one namespace and side may be cut. A policy that
/// nobody can read is refused rather than written.
pub(crate) const MAX_PIECES: usize = 64;

/// How many rules all denies together may add to one namespace and side.
pub(crate) const MAX_ADDED: usize = 1024;

/// How many peers one rule may have after cutting.
pub(crate) const MAX_PEERS: usize = 256;

/// Why a deny cannot be held at an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Refusal {
    /// Not every pod of the end is isolated on its side.
    NotIsolated,
    /// It concerns a namespace by a label that nobody wrote for it.
    NamespaceLabel,
    /// Pods and addresses meet, and the cluster's ranges do not tell them apart.
    PodsByAddress,
    /// The result is beyond the stated bound.
    TooLarge,
}

/// Takes every deny out of the rules.
pub(super) fn all(context: &mut Context<'_>, isolated: &Index, rules: Vec<Rule>, denies: &[Deny]) -> Vec<Rule> {
    if denies.is_empty() {
        return rules;
    }
    let mut by_subject = Rules::default();
    rules.into_iter().for_each(|rule| by_subject.add(rule));
    for deny in in_one_order(denies) {
        let at_destination = hold(context, isolated, &mut by_subject, deny, Side::Ingress);
        let refusal = at_destination.or_else(|first| {
            let at_source = hold(context, isolated, &mut by_subject, deny, Side::Egress);
            at_source.map_err(|second| first.max(second))
        });
        if let Err(refusal) = refusal {
            refuse(context, deny, refusal);
        }
    }
    by_subject.into_rules()
}

/// The denies by what they say: the pieces that are left depend on which is taken out first,
/// and which was written first says nothing.
fn in_one_order(denies: &[Deny]) -> Vec<&Deny> {
    let mut sorted: Vec<&Deny> = denies.iter().collect();
    sorted.sort_by_key(|deny| (&deny.name, &deny.sources, &deny.destinations, &deny.ports));
    sorted
}

/// Rules by the side and the namespace of their subject.
#[derive(Default)]
struct Rules(BTreeMap<(Side, String), Group>);

/// The rules of one namespace and side.
#[derive(Default)]
struct Group {
    rules: Vec<Rule>,
    /// How many there were before anything was cut.
    written: usize,
}

impl Rules {
    fn add(&mut self, rule: Rule) {
        let namespace = rule.subject.pods.namespace_name().unwrap_or_default().to_owned();
        let group = self.0.entry((rule.side, namespace)).or_default();
        group.rules.push(rule);
        group.written += 1;
    }

    fn into_rules(self) -> Vec<Rule> {
        self.0.into_values().flat_map(|group| group.rules).collect()
    }
}

/// Takes a deny out of the rules of one side. On a refusal nothing is changed.
fn hold(context: &Context<'_>, isolated: &Index, rules: &mut Rules, deny: &Deny, side: Side) -> Result<(), Refusal> {
    let (held, others) = match side {
        Side::Ingress => (&deny.destinations, &deny.sources),
        Side::Egress => (&deny.sources, &deny.destinations),
    };
    let held: Vec<PodBox> = held
        .iter()
        .map(|peer| match peer {
            Peer::Pods(pods) if isolated.covers(pods, side) => Ok(without_known(context.policy, pods.clone())),
            _ => Err(Refusal::NotIsolated),
        })
        .collect::<Result<_, _>>()?;
    let others: Vec<Peer> = others.iter().map(|peer| except::shortest(context.policy, peer)).collect();
    let mut namespaces: Vec<&str> = held.iter().filter_map(PodBox::namespace_name).collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    let mut changed = Vec::new();
    for namespace in namespaces {
        let key = (side, namespace.to_owned());
        if let Some(group) = rules.0.get(&key) {
            let pieces = cut_all(context, group, &held, &others, &deny.ports)?;
            changed.push((key, pieces));
        }
    }
    for (key, pieces) in changed {
        if let Some(group) = rules.0.get_mut(&key) {
            replace(&mut group.rules, pieces);
        }
    }
    Ok(())
}

/// The rules of a group that the deny concerns, by their place, each as what is left of it.
type Pieces = Vec<(usize, Vec<Rule>)>;

fn cut_all(context: &Context<'_>, group: &Group, held: &[PodBox], others: &[Peer], ports: &PortSet) -> Result<Pieces, Refusal> {
    let mut all = Vec::new();
    let mut total = group.rules.len();
    for (at, rule) in group.rules.iter().enumerate() {
        let Some(pieces) = cut(&context.ranges, rule, held, others, ports)? else { continue };
        total = (total + pieces.len()).saturating_sub(1);
        if pieces.len() > MAX_PIECES || total > group.written + MAX_ADDED || pieces.iter().any(|piece| piece.peers.len() > MAX_PEERS) {
            return Err(Refusal::TooLarge);
        }
        if pieces.iter().any(|piece| !is_certain(context.policy, &piece.subject.pods)) {
            return Err(Refusal::NamespaceLabel);
        }
        all.push((at, pieces));
    }
    Ok(all)
}

/// Puts the pieces of each rule where the rule stood.
fn replace(rules: &mut Vec<Rule>, pieces: Pieces) {
    let mut pieces = pieces.into_iter().peekable();
    let old = std::mem::take(rules);
    for (at, rule) in old.into_iter().enumerate() {
        match pieces.next_if(|(place, _)| *place == at) {
            Some((_, left)) => rules.extend(left),
            None => rules.push(rule),
        }
    }
}

/// One rule less the connections between `held` (on the rule's own side) and `others`; none
/// where the deny does not concern it.
fn cut(ranges: &Ranges, rule: &Rule, held: &[PodBox], others: &[Peer], ports: &PortSet) -> Result<Option<Vec<Rule>>, Refusal> {
    let subject = &rule.subject.pods;
    if held.iter().all(|pods| pods.is_disjoint(subject)) || rule.ports.intersection(ports).is_empty() {
        return Ok(None);
    }
    let (touched, untouched) = touched_peers(ranges, &rule.peers, others)?;
    if touched.is_empty() {
        return Ok(None);
    }
    let piece = |pods: &PodBox, peers: Vec<Peer>, ports: PortSet| {
        let name = if *pods == rule.subject.pods { rule.subject.name.clone() } else { selected(pods) };
        Rule { subject: Subject { pods: pods.clone(), name }, peers: peers.into(), ports, ..rule.clone() }
    };
    let mut pieces: Vec<Rule> = less(subject, held)?.iter().map(|pods| piece(pods, rule.peers.to_vec(), rule.ports.clone())).collect();
    let mut rest: Vec<Peer> = untouched;
    rest.extend(touched.iter().flat_map(|(_, rest)| rest.clone()));
    let whole: Vec<Peer> = touched.into_iter().map(|(whole, _)| whole).collect();
    for pods in inside(subject, held)? {
        pieces.push(piece(&pods, whole.clone(), rule.ports.difference(ports)));
        pieces.push(piece(&pods, rest.clone(), rule.ports.clone()));
    }
    pieces.retain(|piece| !piece.peers.is_empty() && !piece.ports.is_empty());
    Ok(Some(pieces))
}

/// The pods of the subject that are in one of the boxes, as disjoint boxes.
fn inside(subject: &PodBox, boxes: &[PodBox]) -> Result<Vec<PodBox>, Refusal> {
    let mut seen: Vec<PodBox> = Vec::new();
    let mut parts = Vec::new();
    for pods in boxes {
        let part = subject.intersection(pods);
        parts.extend(less(&part, &seen)?);
        seen.push(part);
    }
    Ok(parts)
}

/// One box less others, as long as the pieces stay few: each other may double them.
fn less(pods: &PodBox, others: &[PodBox]) -> Result<Vec<PodBox>, Refusal> {
    let mut rest = if pods.is_empty() { Vec::new() } else { vec![pods.clone()] };
    for other in others {
        rest = difference_all(&rest, std::slice::from_ref(other));
        if rest.len() > MAX_PIECES {
            return Err(Refusal::TooLarge);
        }
    }
    Ok(rest)
}

/// Peers that the deny concerns, each with what it leaves of it; and those it does not concern.
type Touched = (Vec<(Peer, Vec<Peer>)>, Vec<Peer>);

fn touched_peers(ranges: &Ranges, peers: &[Peer], others: &[Peer]) -> Result<Touched, Refusal> {
    let (mut touched, mut untouched) = (Vec::new(), Vec::new());
    for peer in peers {
        let mut rest = vec![peer.clone()];
        for other in others {
            let mut less = Vec::new();
            for part in &rest {
                less.extend(except::minus(ranges, part, other, Reading::Narrow).ok_or(Refusal::PodsByAddress)?);
            }
            if less.len() > MAX_PEERS {
                return Err(Refusal::TooLarge);
            }
            rest = less;
        }
        if rest.len() == 1 && rest.first() == Some(peer) { untouched.push(peer.clone()) } else { touched.push((peer.clone(), rest)) }
    }
    Ok((touched, untouched))
}

fn refuse(context: &mut Context<'_>, deny: &Deny, refusal: Refusal) {
    let cluster = &context.cluster.name;
    let Some(sentence) = context.policy.sentence(deny.sentence) else {
        return;
    };
    let calico = format!("or have Calico enforce it: {}", context.cluster.with_line("enforce calico 3.31"));
    let diagnostic = |code, headline: String| Diagnostic::new(code, sentence.span, headline);
    context.diagnostics.push(match refusal {
        Refusal::NotIsolated => diagnostic(Code::DenyNotExpressible, format!("NetworkPolicy cannot hold this deny in cluster `{cluster}`"))
            .label("neither all its sources nor all its destinations are isolated")
            .note("NetworkPolicy only allows; a deny can be taken out of what is allowed where an end is isolated")
            .help("isolate its sources for egress or its destinations for ingress, for example `namespace payments isolate`")
            .help(calico),
        Refusal::NamespaceLabel => {
            diagnostic(Code::NamespaceLabelUnstated, "this deny turns on a namespace's label that nobody states".to_owned())
                .label("NetworkPolicy lies in a namespace and cannot ask for the namespace's own labels")
                .help("state the label where the namespace is declared: `namespace payments { labels env=prod }`")
                .help(calico)
        }
        Refusal::PodsByAddress => {
            diagnostic(Code::DenyNotExpressible, format!("NetworkPolicy cannot hold this deny in cluster `{cluster}`"))
                .label("it closes addresses that pods may hold, or pods among addresses that are allowed")
                .help(format!("state the pods' range, so that they can be told apart: {}", context.cluster.with_line("pods 10.244.0.0/16")))
                .help(calico)
        }
        Refusal::TooLarge => diagnostic(Code::DenyTooLarge, format!("what this deny leaves is too long a list in cluster `{cluster}`"))
            .label("NetworkPolicy only allows, so what is left has to be listed")
            .help("allow less, so that less has to be cut out, or split the deny")
            .help(calico),
    });
}
