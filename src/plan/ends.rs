//! Peers of the IR as ends in one cluster: which pods, which addresses.

use std::cell::Cell;

use smallvec::{SmallVec, smallvec};
use smol_str::SmolStr;

use super::except::{self, Vacuous};
use super::{Context, Peer, Peers, SubjectName, addresses};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Address, PeerKind};
use crate::semantics::accounts::Accounts;
use crate::semantics::addresses::AddressSet;
use crate::semantics::labels::{Labels, Values};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::source::Span;

/// How a sentence is read where its words leave something open (docs/src/reference/flows.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// An allow: the least it can mean.
    Narrow,
    /// A deny, an isolation: the most it can mean.
    Wide,
}

/// Which end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Source,
    Destination,
}

/// The ends of one peer.
pub(super) type Ends = SmallVec<[End; 1]>;

/// One end of a flow, in this cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    pub(super) peer: Peer,
    /// Whether an allow opens this end's own side.
    pub(super) opens: bool,
    /// The workload's name, if its pods are all that is meant.
    workload: Option<SmolStr>,
    pub(super) span: Span,
}

impl End {
    /// The same end, of other pods: they are described by their selector then.
    pub(super) fn of_pods(&self, pods: PodBox) -> End {
        let same = matches!(&self.peer, Peer::Pods(old) if *old == pods);
        let workload = self.workload.clone().filter(|_| same);
        End { peer: Peer::Pods(pods), workload, opens: self.opens, span: self.span }
    }

    /// How its pods are called as a subject.
    pub(super) fn name(&self) -> SubjectName {
        match (&self.workload, &self.peer) {
            (Some(name), _) => SubjectName::Workload(name.clone()),
            (None, Peer::Pods(pods)) => selected(pods),
            (None, _) => SubjectName::All,
        }
    }

    pub(super) fn of_addresses(&self, set: AddressSet) -> End {
        End { peer: Peer::Addresses(set), opens: false, ..self.clone() }
    }
}

/// The name of pods that only a selector describes.
pub(super) fn selected(pods: &PodBox) -> SubjectName {
    if pods.pod.is_any() && pods.account.is_any() && pods.namespace_name().is_some() {
        return SubjectName::All;
    }
    SubjectName::Selected(pods.describe().into())
}

/// The ends of each peer in this cluster, less what is excepted. None where something is
/// wrong and was said. A peer of a namespace that this cluster does not hold has no ends.
pub(super) fn ends<'p>(
    context: &mut Context<'_>,
    list: impl Iterator<Item = &'p ir::Peer>,
    excepted: &[ir::Peer],
    role: Role,
    reading: Reading,
) -> Option<SmallVec<[Ends; 1]>> {
    let mut failed = false;
    let mut all: SmallVec<[Ends; 1]> = SmallVec::new();
    for peer in list {
        let own = ground(context, peer, role, reading);
        failed |= own.is_none();
        all.push(own.unwrap_or_default());
    }
    let fine = excepted.is_empty() || failed || except::cut_all(context, &mut all, excepted, role, reading, Vacuous::Wrong);
    (fine && !failed).then_some(all)
}

/// One peer's ends, less the exceptions of its own (those of a peer list).
pub(super) fn ground(context: &mut Context<'_>, peer: &ir::Peer, role: Role, reading: Reading) -> Option<Ends> {
    let peers = peers(context, peer, role, reading)?;
    let workload = match &peer.kind {
        PeerKind::Workload { name, .. } => Some(name),
        _ => None,
    };
    let someone = |peer: &Peer| !matches!(peer, Peer::Pods(pods) if pods.is_empty());
    let end = |found| End { peer: found, opens: peer.opens, workload: workload.cloned(), span: peer.span };
    let mut found: Ends = peers.into_iter().filter(someone).map(end).collect();
    if peer.except.is_empty() {
        return Some(found);
    }
    except::cut_all(context, std::slice::from_mut(&mut found), &peer.except, role, reading, Vacuous::Fine).then_some(found)
}

fn peers(context: &mut Context<'_>, peer: &ir::Peer, role: Role, reading: Reading) -> Option<Peers> {
    match &peer.kind {
        PeerKind::Workload { namespace, name, selector } => {
            let labels = selector.clone().unwrap_or_else(|| default_selector(context, name));
            Some(in_namespace(context, namespace, &labels))
        }
        PeerKind::Pods { namespace, pods } => Some(in_namespace(context, namespace, pods)),
        PeerKind::PodsOf { namespaces, pods } => {
            let pods = PodBox { namespace: namespaces.clone(), pod: pods.clone(), ..PodBox::default() };
            let held = pods.namespace_name().is_none_or(|name| is_namespace_held(context.policy, context.cluster, name));
            Some(held.then_some(Peer::Pods(pods)).into_iter().collect())
        }
        PeerKind::ServiceAccount { namespace, name } => service_account(context, peer, namespace, name),
        PeerKind::Addresses(address) => self::address(context, peer, address, reading),
        PeerKind::Anywhere => Some(smallvec![Peer::Anyone]),
        PeerKind::Ingress => ingress(context, peer),
        PeerKind::Nodes => nodes(context, peer),
        PeerKind::Dns => Some(dns(context)),
        PeerKind::ApiServer => api_server(context, peer, role, reading),
    }
}

fn default_selector(context: &mut Context<'_>, workload: &SmolStr) -> Labels {
    if let Some(known) = context.default_selectors.get(workload) {
        return known.clone();
    }
    let labels = Labels::equal(context.cluster.workload_label.as_deref().unwrap_or("app"), workload.clone());
    context.default_selectors.insert(workload.clone(), labels.clone());
    labels
}

/// Pods of one namespace, with what is known of its labels; none where the cluster does not hold it.
pub(super) fn in_namespace(context: &Context<'_>, namespace: &str, pods: &Labels) -> Peers {
    let namespace = match context.namespaces.get(namespace) {
        Some(None) => return smallvec![],
        Some(Some(known)) => known,
        None => PodBox::namespace_called(namespace),
    };
    smallvec![Peer::Pods(PodBox { namespace, pod: pods.clone(), ..PodBox::default() })]
}

/// Each namespace's name and known labels, made once and shared.
pub(super) struct Namespaces<'a> {
    policy: &'a ir::Policy,
    /// In the policy's order; none: not of this cluster.
    labels: Vec<Option<Labels>>,
    /// The one that was asked for last: the next mostly is the same.
    last: Cell<usize>,
}

impl<'a> Namespaces<'a> {
    pub(super) fn of(policy: &'a ir::Policy, cluster: &ir::Cluster) -> Self {
        let labels = |namespace: &ir::Namespace| and_labels_of(PodBox::namespace_called(namespace.name.clone()), namespace);
        let held = |namespace: &ir::Namespace| namespace.clusters.contains(&cluster.name);
        let labels = policy.namespaces.values().map(|namespace| held(namespace).then(|| labels(namespace))).collect();
        Namespaces { policy, labels, last: Cell::new(0) }
    }

    /// The labels of a namespace, or that the cluster does not hold it; none where nobody knows it.
    fn get(&self, name: &str) -> Option<Option<Labels>> {
        let is_last = self.policy.namespaces.get_index(self.last.get()).is_some_and(|(last, _)| last == name);
        if !is_last {
            self.last.set(self.policy.namespaces.get_index_of(name)?);
        }
        self.labels.get(self.last.get()).cloned()
    }
}

/// What is known of the labels of the box's namespace, where it is one by name.
pub(super) fn known_labels(policy: &ir::Policy, pods: &PodBox) -> Labels {
    let known = pods.namespace_name().and_then(|name| policy.namespaces.get(name));
    known.map_or_else(Labels::any, |namespace| and_labels_of(Labels::any(), namespace))
}

/// A condition, and that a namespace's labels are what is known of them.
fn and_labels_of(condition: Labels, namespace: &ir::Namespace) -> Labels {
    namespace.labels.iter().fold(condition, |all, (key, value)| all.and(key.clone(), Values::one_of([value.clone()])))
}

/// A namespace's name says its known labels too. Without them a box is shorter, and what it
/// is taken out of is not cut along labels that say nothing new.
pub(super) fn without_known(policy: &ir::Policy, mut pods: PodBox) -> PodBox {
    let known = known_labels(policy, &pods);
    if !known.is_any() {
        // A condition that the known label contradicts stays: without it the box would be larger.
        let says_more = |key: &str, values: &Values| known.get(key).and_then(Values::only).is_none_or(|value| !values.admits(Some(value)));
        let rest = pods.namespace.iter().filter(|(key, values)| says_more(key, values));
        pods.namespace = rest.fold(Labels::any(), |all, (key, values): (&str, &Values)| all.and(key, values.clone()));
    }
    pods
}

/// Whether it is known of the box's namespace, where it is one by name, that it satisfies the
/// conditions on its labels. A NetworkPolicy lies in its namespace and cannot ask for them.
pub(super) fn is_certain(policy: &ir::Policy, pods: &PodBox) -> bool {
    let Some(name) = pods.namespace_name() else { return true };
    let is_known = |key: &str| policy.namespaces.get(name).is_some_and(|namespace| namespace.labels.contains_key(key));
    pods.namespace.iter().all(|(key, _)| key == NAMESPACE_NAME || is_known(key))
}

/// Whether the box's namespace satisfies the conditions on its labels if it has those that are
/// known and no others.
pub(super) fn is_meant_as_written(policy: &ir::Policy, pods: &PodBox) -> bool {
    let known = pods.namespace_name().and_then(|name| policy.namespaces.get(name));
    let value = |key: &str| known.and_then(|namespace| namespace.labels.get(key)).map(String::as_str);
    pods.namespace.iter().all(|(key, values)| key == NAMESPACE_NAME || values.admits(value(key)))
}

/// Whether objects can select these pods and no others: a policy outside namespaces asks for a
/// namespace's labels itself.
pub(super) fn can_be_selected(context: &Context<'_>, pods: &PodBox) -> bool {
    context.capabilities.unborn_namespaces || is_certain(context.policy, pods)
}

fn service_account(context: &mut Context<'_>, peer: &ir::Peer, namespace: &str, name: &str) -> Option<Peers> {
    if !context.capabilities.service_accounts {
        let what = format!("NetworkPolicy cannot tell service accounts apart in cluster `{}`", context.cluster.name);
        context.needs_calico(peer.span, what, "name the workload or the pods' labels instead");
        return None;
    }
    let account: Accounts = Values::one_of([name]).into();
    Some(
        in_namespace(context, namespace, &Labels::any())
            .into_iter()
            .map(|found| match found {
                Peer::Pods(pods) => Peer::Pods(PodBox { account: account.clone(), ..pods }),
                other => other,
            })
            .collect(),
    )
}

fn address(context: &mut Context<'_>, peer: &ir::Peer, address: &Address, reading: Reading) -> Option<Peers> {
    let families = if reading == Reading::Narrow { context.ranges.families().clone() } else { AddressSet::all() };
    match (address, reading) {
        (Address::Internet, _) => Some(smallvec![Peer::Addresses(context.ranges.internet().intersection(&families))]),
        (Address::Metadata, _) => Some(smallvec![Peer::Addresses(addresses::metadata().intersection(&families))]),
        (Address::Literal(set) | Address::Listed(_, set), Reading::Narrow) => {
            Some(smallvec![Peer::Addresses(outside(context, peer, set)?)])
        }
        (Address::Literal(set), Reading::Wide) => Some(smallvec![Peer::Addresses(set.clone())]),
        (Address::Listed(name, set), Reading::Wide) => Some(smallvec![Peer::Listed(name.clone(), set.clone())]),
    }
}

/// An allow's addresses are those outside the cluster (docs/src/reference/flows.md): a policy on an
/// address of a pod means one thing to one network plugin and another to the next.
fn outside(context: &mut Context<'_>, peer: &ir::Peer, set: &AddressSet) -> Option<AddressSet> {
    let cluster = &context.cluster.name;
    let line = format!("state them: {} (or `pods unknown`)", context.cluster.with_line("pods 10.244.0.0/16"));
    if context.ranges.unknown {
        return Some(set.clone());
    }
    if context.ranges.pods().is_none() && !set.is_disjoint(&addresses::private()) {
        let headline = format!("`{}` may be inside cluster `{cluster}`", peer.name);
        context.diagnostics.push(
            Diagnostic::new(Code::ClusterRangesUnstated, peer.span, headline)
                .label("private addresses, and the cluster's own are not stated")
                .note("an allow opens addresses outside the cluster only; pods are allowed by name or label")
                .help(line),
        );
        return None;
    }
    let outside = set.difference(context.ranges.inside());
    if outside.is_empty() {
        context.diagnostics.push(
            Diagnostic::new(Code::AddressInsideCluster, peer.span, format!("`{}` is inside cluster `{cluster}`", peer.name))
                .label("only pods and Services have these addresses")
                .note("network plugins differ on whether an address rule reaches pods, so an allow never relies on it")
                .help("name the pods: a workload, or `pods(label=value)`"),
        );
        return None;
    }
    Some(outside)
}

fn ingress(context: &mut Context<'_>, peer: &ir::Peer) -> Option<Peers> {
    let Some(controller) = &context.cluster.ingress else {
        context.fact_missing(peer.span, "which pods its ingress controller has", "ingress nginx in ingress-nginx");
        return None;
    };
    Some(in_namespace(context, &controller.namespace, &controller.pods))
}

fn nodes(context: &mut Context<'_>, peer: &ir::Peer) -> Option<Peers> {
    let stated = context.cluster.nodes.addresses();
    if stated.is_empty() {
        context.fact_missing(peer.span, "which addresses its nodes have", "nodes 10.0.0.0/20");
        return None;
    }
    Some(smallvec![Peer::Addresses(stated.difference(context.ranges.inside()))])
}

/// The name servers of the cluster.
pub(super) fn dns(context: &Context<'_>) -> Peers {
    let servers = &context.cluster.dns;
    let pods = servers.pods.iter().flat_map(|(namespace, labels)| in_namespace(context, namespace, labels));
    let addresses = (!servers.addresses.is_empty()).then(|| Peer::Addresses(servers.addresses.clone()));
    pods.chain(addresses).collect()
}

fn api_server(context: &mut Context<'_>, peer: &ir::Peer, role: Role, reading: Reading) -> Option<Peers> {
    let Some(server) = &context.cluster.apiserver else {
        context.fact_missing(peer.span, "where its API server is", "apiserver 172.20.0.1:2040 from nodes");
        return None;
    };
    match (role, &server.from) {
        (Role::Destination, _) => {
            let all = server.endpoints.iter().map(|(net, _)| AddressSet::network(*net));
            Some(smallvec![Peer::Addresses(all.fold(AddressSet::none(), |all, set| all.union(&set)))])
        }
        (Role::Source, Some(from)) => {
            let from = from.clone();
            peers(context, &from, role, reading)
        }
        (Role::Source, None) => {
            let what = "where its API server's own connections come from";
            context.fact_missing(peer.span, what, "apiserver 172.20.0.1:2040 from nodes");
            None
        }
    }
}

impl Context<'_> {
    /// Something that only Calico can enforce.
    pub(super) fn needs_calico(&mut self, span: Span, headline: String, instead: &str) {
        let line = format!("have Calico enforce it: {}", self.cluster.with_line("enforce calico 3.31"));
        self.diagnostics.push(Diagnostic::new(Code::NeedsCalico, span, headline).help(instead).help(line));
    }

    /// A word whose meaning the cluster's block should state, and does not.
    pub(super) fn fact_missing(&mut self, span: Span, what: &str, line: &str) {
        let headline = format!("cluster `{}` does not say {what}", self.cluster.name);
        let help = format!("state it, for example: {}", self.cluster.with_line(line));
        self.diagnostics.push(Diagnostic::new(Code::ClusterFactMissing, span, headline).help(help));
    }
}

/// Flows and isolations that no cluster holds the ends of.
pub(crate) fn held_nowhere(policy: &ir::Policy) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if policy.namespaces.values().all(|namespace| namespace.clusters == ir::Clusters::All) {
        return found;
    }
    for flow in &policy.flows {
        if !policy.clusters.iter().any(|cluster| is_flow_held(policy, cluster, flow))
            && let Some(sentence) = policy.sentence(flow.sentence)
        {
            found.push(
                Diagnostic::new(Code::FlowInNoCluster, sentence.span, "no cluster holds both ends of this flow")
                    .help("compare the `in` lists of the namespaces it names"),
            );
        }
    }
    found
}

/// Whether a cluster holds something of both ends.
pub(super) fn is_flow_held(policy: &ir::Policy, cluster: &ir::Cluster, flow: &ir::Flow) -> bool {
    flow.sources.list.iter().any(|peer| is_held(policy, cluster, peer))
        && flow.destinations.iter().any(|destination| is_held(policy, cluster, &destination.peer))
}

/// Whether a cluster holds a peer's namespace, where it is one by name.
pub(super) fn is_held(policy: &ir::Policy, cluster: &ir::Cluster, peer: &ir::Peer) -> bool {
    let name = match &peer.kind {
        PeerKind::Workload { namespace, .. } | PeerKind::Pods { namespace, .. } | PeerKind::ServiceAccount { namespace, .. } => {
            Some(namespace.as_str())
        }
        PeerKind::PodsOf { namespaces, .. } => namespaces.get(NAMESPACE_NAME).and_then(Values::only),
        _ => None,
    };
    name.is_none_or(|name| is_namespace_held(policy, cluster, name))
}

fn is_namespace_held(policy: &ir::Policy, cluster: &ir::Cluster, name: &str) -> bool {
    policy.namespaces.get(name).is_none_or(|known| known.clusters.contains(&cluster.name))
}
