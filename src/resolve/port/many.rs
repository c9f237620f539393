//! Ports of many pods at once: a number holds for all of them, a name for each workload
//! that declares it.

use std::collections::BTreeMap;
use std::rc::Rc;

use smol_str::{SmolStr, format_smolstr};

use crate::ir::{self, Destination, Peer, PeerKind, Ports, Verdict, Who};
use crate::semantics::labels::{Labels, Values};
use crate::semantics::pods::NAMESPACE_NAME;
use crate::semantics::ports::PortSet;

use super::super::entry::{Declared, Entry};
use super::super::peer::Resolver;
use super::{Wanted, https, union, wrong};

/// A workload, by its namespace and name.
type Key = (SmolStr, SmolStr);

/// Which workloads declare a port, by its name; TLS ports under none.
pub(in super::super) type PortIndex = BTreeMap<Option<SmolStr>, BTreeMap<SmolStr, Vec<SmolStr>>>;

/// The parts of a destination, by workload.
type Parts = BTreeMap<Key, (Peer, PortSet)>;

/// How a peer and a workload meet.
enum Meeting {
    /// In these pods.
    In(PeerKind),
    /// Nowhere.
    Nowhere,
    /// The clusters know the workload by different labels.
    Unsettled,
}

impl Resolver<'_, '_> {
    /// The destination's parts: the whole for numbers, a workload's pods for names.
    pub(super) fn of_pods(&mut self, peer: &Peer, wanted: &Wanted<'_, '_>) -> Option<Vec<Destination>> {
        if !wanted.written {
            return Some(vec![Destination { peer: peer.clone(), ports: Ports::These(PortSet::all()) }]);
        }
        let mut plain = wanted.plain.clone();
        let mut parts = Parts::new();
        let mut sound = true;
        for word in &wanted.names {
            let any = self.add_parts(peer, Some(&word.text), wanted, &mut parts)?;
            if !any && self.all_read(peer) {
                let index = self.index();
                let problem = wrong::nobody_has(word, peer, index.keys().flatten().map(SmolStr::as_str), self.report);
                self.report.push(problem);
            }
            sound &= any;
        }
        if let Some(span) = wanted.tls {
            let any = self.add_parts(peer, None, wanted, &mut parts)?;
            if !any || wanted.verdict == Verdict::Deny {
                self.report.push(wrong::tls_assumed(span, peer, false));
                plain = plain.union(&wanted.widened(&https()));
            }
        }
        let whole = (!plain.is_empty()).then(|| Destination { peer: peer.clone(), ports: Ports::These(plain) });
        let each = parts.into_values().map(|(peer, ports)| Destination { peer, ports: Ports::These(ports) });
        sound.then(|| whole.into_iter().chain(each).collect())
    }

    /// Adds the ports of one name (none: of TLS), workload by workload; whether there was one.
    fn add_parts(&mut self, peer: &Peer, name: Option<&str>, wanted: &Wanted<'_, '_>, parts: &mut Parts) -> Option<bool> {
        let table = self.table;
        let mut any = false;
        for key in self.candidates(peer, name) {
            let Some(declared) = table.workload(&key.0, &key.1) else { continue };
            let has = |port: &&ir::WorkloadPort| name.map_or(port.tls, |name| port.name.as_deref() == Some(name));
            let ports = union(declared.workload.ports.iter().filter(has).map(|p| &p.ports));
            if ports.is_empty() {
                continue;
            }
            let kind = match self.meeting(peer, &key, wanted.verdict) {
                Meeting::In(kind) => kind,
                Meeting::Nowhere => continue,
                Meeting::Unsettled => {
                    self.report.push(wrong::label_unsettled(peer, &key.0, declared));
                    return None;
                }
            };
            any = true;
            let ports = wanted.widened(&ports);
            let part = parts.entry(key).or_insert_with_key(|key| (part(peer, kind, key, wanted), PortSet::none()));
            part.1 = part.1.union(&ports);
        }
        Some(any)
    }

    /// The workloads that have the port and may be among the peer's pods.
    fn candidates(&mut self, peer: &Peer, name: Option<&str>) -> Vec<Key> {
        let index = self.index();
        let Some(having) = index.get(&name.map(SmolStr::from)) else { return Vec::new() };
        let keys = |(namespace, names): (&SmolStr, &Vec<SmolStr>)| names.iter().map(|n| (namespace.clone(), n.clone())).collect::<Vec<_>>();
        match &peer.kind {
            PeerKind::Pods { namespace, .. } => having.get_key_value(namespace.as_str()).map(keys).unwrap_or_default(),
            _ => having.iter().flat_map(keys).collect(),
        }
    }

    /// Whether every workload among the peer's pods could be read.
    fn all_read(&self, peer: &Peer) -> bool {
        match &peer.kind {
            PeerKind::Pods { namespace, .. } => self.table.namespace(namespace).is_none_or(|entry| !entry.broken && !entry.unread),
            _ => !self.table.unread,
        }
    }

    /// The peer's pods that are also the workload's.
    fn meeting(&self, peer: &Peer, (namespace, name): &Key, verdict: Verdict) -> Meeting {
        let selector = self.table.namespace(namespace).and_then(|entry| entry.selector(name));
        let own = || PeerKind::Workload { namespace: namespace.clone(), name: name.clone(), selector: selector.clone() };
        let (namespaces, pods) = match &peer.kind {
            PeerKind::Pods { pods, .. } => (None, pods),
            PeerKind::PodsOf { namespaces, pods } => (Some(namespaces).filter(|labels| !labels.is_any()), pods),
            _ => return Meeting::Nowhere,
        };
        if namespaces.is_none() && pods.is_any() {
            return Meeting::In(own());
        }
        let by_cluster = || Some(Labels::equal(self.table.workload_label.clone()?, name.clone()));
        let Some(selector) = selector.clone().or_else(by_cluster) else { return Meeting::Unsettled };
        let pods = pods.intersection(&selector);
        if pods.is_empty() {
            return Meeting::Nowhere;
        }
        let Some(asked) = namespaces else { return Meeting::In(PeerKind::Pods { namespace: namespace.clone(), pods }) };
        let entry = self.table.namespace(namespace);
        match entry.and_then(|entry| in_namespace(asked, namespace, entry, verdict)) {
            Some(namespaces) => Meeting::In(PeerKind::PodsOf { namespaces, pods }),
            None => Meeting::Nowhere,
        }
    }

    /// Which workloads declare which ports; made when first asked for.
    fn index(&mut self) -> Rc<PortIndex> {
        if let Some(index) = &self.port_index {
            return Rc::clone(index);
        }
        let mut index = PortIndex::new();
        for (namespace, entry) in &self.table.namespaces {
            for (name, declared) in &entry.workloads {
                for key in keys(declared) {
                    index.entry(key).or_default().entry(namespace.clone()).or_default().push(name.clone());
                }
            }
        }
        let index = Rc::new(index);
        self.port_index = Some(Rc::clone(&index));
        index
    }
}

fn keys(declared: &Declared) -> impl Iterator<Item = Option<SmolStr>> {
    let names = declared.workload.ports.iter().filter_map(|port| port.name.clone()).map(Some);
    names.chain(declared.workload.ports.iter().any(|port| port.tls).then_some(None))
}

fn part(peer: &Peer, kind: PeerKind, (namespace, workload): &Key, wanted: &Wanted<'_, '_>) -> Peer {
    let name = if wanted.home.namespace() == Some(namespace) { workload.clone() } else { format_smolstr!("{namespace}/{workload}") };
    Peer { who: Rc::new(Who { kind, name }), except: peer.except.clone(), opens: peer.opens, span: peer.span }
}

/// The namespace by name and the labels asked of it. In an allow none where the policy gives it
/// other labels; in a deny the condition stays, whatever labels somebody may give it one day.
fn in_namespace(asked: &Labels, name: &str, entry: &Entry, verdict: Verdict) -> Option<Labels> {
    if verdict == Verdict::Allow && entry.held(name) == ir::Held::Ours {
        let mut labels: BTreeMap<String, String> = entry.labels.iter().map(|(key, (value, _))| (key.clone(), value.clone())).collect();
        labels.insert(NAMESPACE_NAME.to_owned(), name.to_owned());
        if !asked.admits(&labels) {
            return None;
        }
    }
    Some(asked.clone().and(NAMESPACE_NAME, Values::one_of([name]))).filter(|labels| !labels.is_empty())
}
