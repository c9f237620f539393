//! What becomes of plans on Calico. Each test names the rule of network-targets.md it holds.

mod denies;
mod isolation;
mod limits;
mod objects;

use std::collections::BTreeMap;

use insta::assert_snapshot;

use super::emit;
use crate::ir::{Cluster, SentenceId};
use crate::manifest::{Object, calico};
use crate::plan::access::Access;
use crate::plan::{Deny, Isolated, Peer, Plan, Rule, Side, Subject, SubjectName};
use crate::semantics::addresses::AddressSet;
use crate::semantics::labels::{Labels, Values};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::semantics::ports::{PortSet, Protocol};
use crate::target::Emitted;
use crate::target::fixture::{cluster, policy};

fn empty(cluster: &Cluster) -> Plan<'_> {
    Plan {
        cluster,
        isolated: Vec::new(),
        rules: Vec::new(),
        denies: Vec::new(),
        access: Access::default(),
        tls: crate::plan::tls::Tls::default(),
    }
}

fn emitted(change: impl FnOnce(&mut Plan<'_>)) -> Vec<Emitted> {
    let cluster = cluster();
    let mut plan = empty(&cluster);
    change(&mut plan);
    let (mut emitted, diagnostics) = emit(&policy(), &plan);
    assert_eq!(diagnostics, []);
    crate::target::order::sort(&mut emitted);
    emitted
}

fn yaml(emitted: &[Emitted]) -> String {
    let mut out = String::new();
    crate::manifest::yaml::write_stream(&mut out, emitted.iter().map(|emitted| &emitted.object));
    out
}

fn policies(emitted: &[Emitted]) -> Vec<&calico::Policy> {
    emitted.iter().filter_map(|emitted| calico_policy(&emitted.object)).collect()
}

fn calico_policy(object: &Object) -> Option<&calico::Policy> {
    if let Object::GlobalNetworkPolicy(policy) | Object::CalicoNetworkPolicy(policy) = object { Some(policy) } else { None }
}

fn workload(namespace: &str, app: &str) -> PodBox {
    PodBox::in_namespace(namespace).with(&Labels::equal("app", app))
}

fn subject(pods: PodBox, name: &str) -> Subject {
    Subject { pods, name: SubjectName::Workload(name.into()) }
}

fn whole(namespace: &str) -> Subject {
    Subject { pods: PodBox::in_namespace(namespace), name: SubjectName::All }
}

/// Every pod of every namespace but kube-system.
fn wide() -> Subject {
    let pods = PodBox { namespace: Labels::any().and(NAMESPACE_NAME, Values::none_of(["kube-system"])), ..PodBox::default() };
    Subject { name: SubjectName::Selected(pods.describe().into()), pods }
}

fn isolated(subject: Subject, ingress: bool, egress: bool) -> Isolated {
    Isolated { subject, ingress, egress, sentences: [SentenceId(0)].into_iter().collect() }
}

fn allow(subject: Subject, side: Side, peers: Vec<Peer>, ports: PortSet) -> Rule {
    Rule { subject, side, peers: peers.into(), ports, sentences: [SentenceId(1)].into_iter().collect() }
}

fn deny(sources: Vec<Peer>, destinations: Vec<Peer>, ports: PortSet) -> Deny {
    Deny { sources, destinations, ports, name: "a-to-b".into(), sentence: SentenceId(1) }
}

fn tcp(low: u16, high: u16) -> PortSet {
    PortSet::range(Protocol::Tcp, low, high)
}

fn networks(list: &[&str]) -> AddressSet {
    AddressSet::parse_all(list)
}
