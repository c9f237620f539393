//! What an allow opens: the sides of the ends it names, as far as they are isolated.

use smallvec::{SmallVec, smallvec};

use super::ends::{End, Ends, Reading, Role, can_be_selected, ends, is_flow_held, is_meant_as_written};
use super::isolation::Index;
use super::{Context, Peer, Rule, Side};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, PeerKind, Ports};
use crate::semantics::addresses::AddressSet;
use crate::semantics::pods::PodBox;
use crate::semantics::ports::{PortSet, Protocol};

/// Destinations of a flow that share their ports.
pub(super) struct Target {
    pub(super) ends: Ends,
    pub(super) ports: PortSet,
}

/// Adds the rules of one allow.
pub(super) fn rules(context: &mut Context<'_>, isolated: &Index, flow: &ir::Flow, rules: &mut Vec<Rule>) {
    if flow.implied && context.cluster.ingress.is_none() && !is_closed(context, isolated, flow) {
        return;
    }
    let Some((sources, targets)) = both_ends(context, flow, Reading::Narrow) else { return };
    if sources.is_empty() || targets.iter().all(|target| target.ends.is_empty()) {
        if is_flow_held(context.policy, context.cluster, flow) {
            of_nobody(context, flow);
        }
        return;
    }
    let before = rules.len();
    for target in &targets {
        for end in &target.ends {
            open(isolated, end, Side::Ingress, &sources, &target.ports, flow, rules);
        }
        for end in &sources {
            open(isolated, end, Side::Egress, &target.ends, &target.ports, flow, rules);
        }
    }
    let dropped = drop_unselectable(context, before, rules);
    if let Some(rule) = dropped.iter().find(|rule| is_meant_as_written(context.policy, &rule.subject.pods)) {
        label_unstated(context, flow, rule);
    } else if rules.len() == before && !flow.implied {
        without_effect(context, flow);
    }
}

/// Whether something closes the side at which a controller that nobody names would have to be let in.
fn is_closed(context: &mut Context<'_>, isolated: &Index, flow: &ir::Flow) -> bool {
    let list = flow.destinations.iter().map(|destination| &destination.peer);
    let found = ends(context, list, &flow.except, Role::Destination, Reading::Narrow).unwrap_or_default();
    let touched = |end: &End| matches!(&end.peer, Peer::Pods(pods) if isolated.touching(pods, Side::Ingress).next().is_some());
    found.iter().flatten().any(touched)
}

/// Takes out of the rules from a place on those whose pods no object can select: mostly none.
fn drop_unselectable(context: &Context<'_>, from: usize, rules: &mut Vec<Rule>) -> Vec<Rule> {
    let selectable = |rule: &Rule| can_be_selected(context, &rule.subject.pods);
    if rules.get(from..).is_none_or(|new| new.iter().all(selectable)) {
        return Vec::new();
    }
    let (kept, dropped): (Vec<Rule>, Vec<Rule>) = rules.split_off(from).into_iter().partition(selectable);
    rules.extend(kept);
    dropped
}

/// A flow's sources and destinations in this cluster. None where something is wrong and was said.
pub(super) fn both_ends(context: &mut Context<'_>, flow: &ir::Flow, reading: Reading) -> Option<(Ends, SmallVec<[Target; 1]>)> {
    let sources = ends(context, flow.sources.list.iter(), &flow.sources.except, Role::Source, reading);
    let list = flow.destinations.iter().map(|destination| &destination.peer);
    let destinations = ends(context, list, &flow.except, Role::Destination, reading);
    let (sources, destinations) = (sources?, destinations?);
    let mut targets = SmallVec::new();
    for (destination, ends) in flow.destinations.iter().zip(destinations) {
        for target in with_ports(context, destination, ends) {
            if !icmp_is_possible(context, &target.ports, &destination.peer) {
                return None;
            }
            join(&mut targets, target);
        }
    }
    Some((sources.into_iter().flatten().collect(), targets))
}

/// Destinations with equal ports become one rule.
fn join(targets: &mut SmallVec<[Target; 1]>, target: Target) {
    match targets.iter_mut().find(|other| other.ports == target.ports) {
        Some(other) => other.ends.extend(target.ends),
        None => targets.push(target),
    }
}

fn with_ports(context: &Context<'_>, destination: &ir::Destination, ends: Ends) -> SmallVec<[Target; 1]> {
    match (&destination.ports, &destination.peer.kind, &context.cluster.apiserver) {
        (Ports::These(ports), _, _) => smallvec![Target { ends, ports: ports.clone() }],
        (Ports::AsTheClusterSays, PeerKind::ApiServer, Some(server)) => {
            let endpoint = |(net, port): &(ipnet::IpNet, u16)| Target {
                ends: ends.iter().filter_map(|end| within(end, &AddressSet::network(*net))).collect(),
                ports: PortSet::range(Protocol::Tcp, *port, *port),
            };
            server.endpoints.iter().map(endpoint).collect()
        }
        (Ports::AsTheClusterSays, PeerKind::Dns, _) => smallvec![Target { ends, ports: context.cluster.dns.ports.clone() }],
        (Ports::AsTheClusterSays, ..) => smallvec![Target { ends, ports: PortSet::all() }],
    }
}

fn within(end: &End, network: &AddressSet) -> Option<End> {
    let Peer::Addresses(set) = &end.peer else {
        return None;
    };
    let set = set.intersection(network);
    (!set.is_empty()).then(|| end.of_addresses(set))
}

/// ICMP by name needs an enforcer that has it; "every port" does not ask for it by name.
fn icmp_is_possible(context: &mut Context<'_>, ports: &PortSet, peer: &ir::Peer) -> bool {
    if !ports.has_icmp() || ports.is_all() || context.capabilities.icmp {
        return true;
    }
    let headline = format!("NetworkPolicy cannot say `icmp`, in cluster `{}`", context.cluster.name);
    // Without it the sentence would name no port, and open others.
    let instead = if *ports == PortSet::icmp() { "remove the sentence" } else { "leave `icmp` out of the ports" };
    let instead = format!("{instead}: whether NetworkPolicy stops ping depends on the network plugin");
    context.needs_calico(peer.span, headline, &instead);
    false
}

/// Adds the rules for one end's side: none where the sentence does not open it, or nothing isolates it.
fn open(isolated: &Index, end: &End, side: Side, others: &[End], ports: &PortSet, flow: &ir::Flow, rules: &mut Vec<Rule>) {
    let pods = match &end.peer {
        Peer::Pods(pods) => pods.clone(),
        Peer::Anyone => PodBox::default(),
        Peer::Addresses(_) | Peer::Listed(..) => return,
    };
    if !end.opens || others.is_empty() {
        return;
    }
    let peers = || others.iter().map(|other| other.peer.clone()).collect();
    let rule = |subject| Rule { subject, side, peers: peers(), ports: ports.clone(), sentences: smallvec![flow.sentence] };
    rules.extend(isolated.isolated_part(pods, || end.name(), side).into_iter().map(rule));
}

/// An allow that holds in a namespace only if nobody gives it a label: a NetworkPolicy there could
/// not ask for it. Not opening it without a word would be another meaning than Calico's.
fn label_unstated(context: &mut Context<'_>, flow: &ir::Flow, rule: &Rule) {
    let (Some(sentence), Some(namespace)) = (context.policy.sentence(flow.sentence), rule.subject.pods.namespace_name()) else {
        return;
    };
    let headline = format!("whether pods of `{namespace}` are opened turns on a label that nobody states");
    context.diagnostics.push(
        Diagnostic::new(Code::NamespaceLabelUnstated, sentence.span, headline)
            .label("NetworkPolicy lies in a namespace and cannot ask for the namespace's own labels")
            .help(format!("state the label where the namespace is declared: `namespace {namespace} {{ labels env=prod }}`")),
    );
}

/// An allow of nobody opens nothing: there is no rule, and never one without peers.
fn of_nobody(context: &mut Context<'_>, flow: &ir::Flow) {
    let Some(sentence) = context.policy.sentence(flow.sentence) else { return };
    context.diagnostics.push(
        Diagnostic::new(Code::AllowWithoutEffect, sentence.span, "this allow has no effect")
            .label("its conditions or exceptions leave nobody on one side")
            .note("what is allowed of nobody opens nothing")
            .help("correct them, or remove the sentence"),
    );
}

fn without_effect(context: &mut Context<'_>, flow: &ir::Flow) {
    let Some(sentence) = context.policy.sentence(flow.sentence) else {
        return;
    };
    context.diagnostics.push(
        Diagnostic::new(Code::AllowWithoutEffect, sentence.span, "this allow has no effect")
            .label("nothing isolates the ends it opens, so they are open already")
            .note("an allow never isolates: what Kubernetes leaves open stays open to everyone")
            .help("isolate an end, for example `namespace payments isolate`, or remove the sentence"),
    );
}
