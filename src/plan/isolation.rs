//! Who is isolated, on which sides, and the name resolution that stays open.

use std::collections::{BTreeMap, HashMap};

use smallvec::{SmallVec, smallvec};
use smol_str::SmolStr;

use super::ends::{self, End, Reading, Role, ends, without_known};
use super::{Context, Isolated, Peer, Rule, Side, Subject, SubjectName};
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::Seeded;
use crate::ir;
use crate::semantics::pods::{PodBox, difference_all};

/// Every isolation of this cluster, with whether it keeps DNS open.
pub(super) fn isolations(context: &mut Context<'_>) -> Vec<(Isolated, bool)> {
    let mut found = Vec::new();
    let policy = context.policy;
    let here = |isolation: &&ir::Isolation| isolation.clusters.contains(&context.cluster.name);
    for isolation in policy.isolations.iter().filter(here).collect::<Vec<_>>() {
        let list = &isolation.subject.list;
        let Some(subjects) = ends(context, list.iter(), &isolation.subject.except, Role::Source, Reading::Wide) else {
            continue;
        };
        for (peer, subjects) in list.iter().zip(subjects) {
            empty_set(context, peer, &subjects);
            for end in subjects {
                let (name, span) = (end.name(), end.span);
                let Peer::Pods(pods) = end.peer else { continue };
                if pods.namespace_name().is_none() && !context.capabilities.unborn_namespaces {
                    unborn(context, peer, span);
                    continue;
                }
                if !context.capabilities.unborn_namespaces
                    && let Some(namespace) = external(context, &pods)
                {
                    somebody_elses(context, peer, span, &namespace);
                    continue;
                }
                if !ends::can_be_selected(context, &pods) {
                    label_unstated(context, peer, span);
                    continue;
                }
                let sides = isolation.sides;
                let subject = Subject { pods, name };
                let isolated = Isolated { subject, ingress: sides.ingress, egress: sides.egress, sentences: smallvec![isolation.sentence] };
                found.push((isolated, isolation.dns));
            }
        }
    }
    found
}

/// An isolation of nobody would leave open what somebody wanted closed.
fn empty_set(context: &mut Context<'_>, peer: &ir::Peer, subjects: &[End]) {
    if subjects.is_empty() && ends::is_held(context.policy, context.cluster, peer) {
        context.diagnostics.push(
            Diagnostic::new(Code::EmptySet, peer.span, format!("no pod can be in `{}`", peer.name))
                .label("its conditions contradict each other")
                .note("an isolation of nobody would leave open what was meant to be closed")
                .help("correct the conditions, or remove the sentence"),
        );
    }
}

/// The namespace of the pods, where nothing may be written into it: a NetworkPolicy would have to lie there.
fn external(context: &Context<'_>, pods: &PodBox) -> Option<String> {
    let name = pods.namespace_name()?;
    let namespace = context.policy.namespaces.get(name)?;
    (namespace.held == ir::Held::External).then(|| name.to_owned())
}

fn somebody_elses(context: &mut Context<'_>, peer: &ir::Peer, span: crate::source::Span, namespace: &str) {
    let headline = format!("NetworkPolicy cannot isolate `{}`: `{namespace}` is external", peer.name);
    context.needs_calico(span, headline, "leave its isolation to its owner, or remove `external` if the namespace is yours");
}

fn label_unstated(context: &mut Context<'_>, peer: &ir::Peer, span: crate::source::Span) {
    let headline = format!("whether `{}` is isolated turns on a namespace's label that nobody states", peer.name);
    context.diagnostics.push(
        Diagnostic::new(Code::NamespaceLabelUnstated, span, headline)
            .help("state the label where the namespace is declared: `namespace payments { labels env=prod }`"),
    );
}

fn unborn(context: &mut Context<'_>, peer: &ir::Peer, span: crate::source::Span) {
    let headline = format!("NetworkPolicy cannot isolate `{}`: it covers namespaces not yet made", peer.name);
    context.needs_calico(span, headline, "isolate namespaces by name: `namespaces team-a, team-b isolate { }`");
}

/// The rules that keep name resolution open: for each pod that is isolated for egress, unless
/// one of its isolations says `without dns`.
pub(super) fn dns_rules(context: &mut Context<'_>, isolations: &[(Isolated, bool)]) -> Vec<Rule> {
    let servers = ends::dns(context);
    let without = |isolated: &Isolated| without_known(context.policy, isolated.subject.pods.clone());
    let mut silent: BTreeMap<Option<&str>, Vec<PodBox>> = BTreeMap::new();
    for (isolated, _) in isolations.iter().filter(|(isolated, dns)| isolated.egress && !dns) {
        silent.entry(isolated.subject.pods.namespace_name()).or_default().push(without(isolated));
    }
    let mut rules = Vec::new();
    for (isolated, dns) in isolations {
        if !isolated.egress || !dns || servers.is_empty() {
            continue;
        }
        for pods in silenced(&isolated.subject.pods, &silent) {
            let name = if pods == isolated.subject.pods { isolated.subject.name.clone() } else { ends::selected(&pods) };
            rules.push(Rule {
                subject: Subject { pods, name },
                side: Side::Egress,
                peers: servers.clone(),
                ports: context.cluster.dns.ports.clone(),
                sentences: isolated.sentences.clone(),
            });
        }
    }
    rules
}

/// A box less the silent ones: those of its own namespace and those of many; all for a box of many.
fn silenced<'a>(pods: &'a PodBox, silent: &BTreeMap<Option<&'a str>, Vec<PodBox>>) -> Vec<PodBox> {
    let name = pods.namespace_name();
    let mut rest = vec![pods.clone()];
    if silent.is_empty() {
        return rest;
    }
    if name.is_some() {
        for key in [name, None] {
            rest = difference_all(&rest, silent.get(&key).map_or(&[][..], Vec::as_slice));
        }
        return rest;
    }
    silent.values().for_each(|boxes| rest = difference_all(&rest, boxes));
    rest
}

/// Isolating the name servers for ingress closes name resolution for the whole cluster. It is what
/// was said, so it is what is written; but rarely what was meant, unless something lets askers in.
pub(super) fn warn_of_servers(context: &mut Context<'_>, isolated: &Index, rules: &[Rule]) {
    for server in ends::dns(context) {
        let Peer::Pods(server) = server else { continue };
        let ports = &context.cluster.dns.ports;
        let answers = |rule: &Rule| {
            rule.side == Side::Ingress && !rule.subject.pods.is_disjoint(&server) && !rule.ports.intersection(ports).is_empty()
        };
        if !isolated.covers(&server, Side::Ingress) || rules.iter().any(answers) {
            continue;
        }
        let sentences = isolated.touching(&server, Side::Ingress).flat_map(|isolated| isolated.sentences.iter().copied());
        let first = sentences.min().and_then(|id| context.policy.sentence(id));
        let Some(span) = first.map(|sentence| sentence.span) else { continue };
        context.diagnostics.push(
            Diagnostic::new(Code::IsolationClosesDns, span, "this isolation closes the cluster's name servers")
                .label("nobody may ask them any more")
                .note("every pod that looks up a name asks them, and caches on nodes ask with the node's address")
                .help("let pods ask: `everywhere { allow any/pods -> dns }`"),
        );
    }
}

/// Isolations, found by the namespace of a pod.
pub(super) struct Index {
    isolated: Vec<Isolated>,
    by_namespace: HashMap<SmolStr, SmallVec<[usize; 1]>, Seeded>,
    /// Those not of one namespace by name.
    wide: Vec<usize>,
}

impl Index {
    pub(super) fn new(isolated: Vec<Isolated>) -> Self {
        let mut by_namespace: HashMap<SmolStr, SmallVec<[usize; 1]>, Seeded> = HashMap::default();
        let mut wide = Vec::new();
        for (at, item) in isolated.iter().enumerate() {
            match item.subject.pods.namespace_name() {
                Some(name) => by_namespace.entry(SmolStr::new(name)).or_default().push(at),
                None => wide.push(at),
            }
        }
        Index { isolated, by_namespace, wide }
    }

    pub(super) fn into_isolated(self) -> Vec<Isolated> {
        self.isolated
    }

    /// The isolations of a side that may concern some of these pods.
    pub(super) fn touching<'i>(&'i self, pods: &PodBox, side: Side) -> impl Iterator<Item = &'i Isolated> + use<'i> {
        let (named, all) = match pods.namespace_name() {
            Some(name) => (self.by_namespace.get(name).map_or(&[][..], SmallVec::as_slice), false),
            None => (&[][..], true),
        };
        let all = if all { self.isolated.as_slice() } else { &[] };
        let chosen = named.iter().chain(if all.is_empty() { self.wide.as_slice() } else { &[] });
        chosen.filter_map(|at| self.isolated.get(*at)).chain(all).filter(move |isolated| isolated.closes(side))
    }

    /// Whether every one of these pods is isolated on a side.
    pub(super) fn covers(&self, pods: &PodBox, side: Side) -> bool {
        let boxes: Vec<PodBox> = self.touching(pods, side).map(|isolated| isolated.subject.pods.clone()).collect();
        pods.is_covered(&boxes)
    }

    /// The part of a subject that is isolated on a side: whole where one isolation covers it,
    /// else piece by piece. A rule for any other pod would isolate it.
    pub(super) fn isolated_part(&self, all: PodBox, name: impl Fn() -> SubjectName, side: Side) -> SmallVec<[Subject; 1]> {
        let mut parts: SmallVec<[Subject; 1]> = SmallVec::new();
        for isolated in self.touching(&all, side) {
            if all.is_subset(&isolated.subject.pods) {
                return smallvec![Subject { pods: all, name: name() }];
            }
            if !all.is_disjoint(&isolated.subject.pods) {
                let pods = all.intersection(&isolated.subject.pods);
                let name = if pods == isolated.subject.pods { isolated.subject.name.clone() } else { ends::selected(&pods) };
                parts.push(Subject { pods, name });
            }
        }
        parts.sort();
        parts.dedup();
        parts
    }
}
