//! The ports of a flow: by number, by a name that the destination declares, by `tls`, or by
//! what the destination is.

mod wrong;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::ir::{self, Destination, PeerKind, Ports, Verdict};
use crate::semantics::labels::{Labels, Values};
use crate::semantics::pods::NAMESPACE_NAME;
use crate::semantics::ports::{PortSet, Protocol};
use crate::source::Span;
use crate::syntax::tree::{Port, PortKind, Word};

use super::number;
use super::peer::Resolver;
use super::place::Home;
use super::table::{Declared, Entry};
use super::workload;
pub(super) use wrong::shown;

/// Which workloads declare a port, by its name; TLS ports under none.
pub(super) type PortIndex = BTreeMap<Option<String>, Vec<(Rc<str>, String)>>;

/// The port of TLS where nothing is declared.
const HTTPS: u16 = 443;

/// What a flow says of ports.
#[derive(Debug)]
struct Wanted<'w> {
    /// Numbers, whole protocols, ICMP.
    plain: PortSet,
    /// Single numbers as written, to be held against Services.
    numbers: Vec<(&'w Word, u16)>,
    /// Names.
    names: Vec<&'w Word>,
    /// `tls`.
    tls: Option<Span>,
    /// Whether anything is written.
    written: bool,
    /// Which way it is read.
    verdict: Verdict,
    /// Where the sentence stands.
    home: &'w Home,
    /// The destinations, to show the order of peers and ports.
    peers: Vec<String>,
}

impl<'t> Resolver<'t, '_> {
    /// Each destination with its ports; none if a port is wrong.
    pub(super) fn destinations(&mut self, peers: &[ir::Peer], ports: &[Port], verdict: Verdict, home: &Home) -> Option<Vec<Destination>> {
        let mut wanted = self.wanted(ports, verdict, home)?;
        wanted.peers = peers.iter().map(|peer| peer.name.clone()).collect();
        let mut found = Some(Vec::new());
        for peer in peers {
            match (self.destination(peer, &wanted), &mut found) {
                (Some(parts), Some(found)) => found.extend(parts),
                _ => found = None,
            }
        }
        found
    }

    fn wanted<'w>(&mut self, ports: &'w [Port], verdict: Verdict, home: &'w Home) -> Option<Wanted<'w>> {
        let protocols: &[Protocol] = if verdict == Verdict::Allow { &[Protocol::Tcp] } else { &Protocol::ALL };
        let mut wanted = Wanted {
            plain: PortSet::none(),
            numbers: Vec::new(),
            names: Vec::new(),
            tls: None,
            written: !ports.is_empty(),
            verdict,
            home,
            peers: Vec::new(),
        };
        let mut sound = true;
        for port in ports {
            let part = match &port.kind {
                PortKind::Name(word) => {
                    wanted.names.push(word);
                    continue;
                }
                PortKind::Numbers(numbers) if numbers.protocols.is_empty() && !number::is_numeric(&numbers.numbers) => {
                    wanted.names.push(&numbers.numbers);
                    continue;
                }
                PortKind::Tls => {
                    wanted.tls = Some(port.span);
                    continue;
                }
                PortKind::Icmp => Some(PortSet::icmp()),
                PortKind::Protocol(protocol) => Some(PortSet::protocol(number::protocol(*protocol))),
                PortKind::Numbers(numbers) => {
                    if let Ok(single) = numbers.numbers.text.parse() {
                        wanted.numbers.push((&numbers.numbers, single));
                    }
                    number::ports(numbers, protocols, self.report)
                }
            };
            match part {
                Some(part) => {
                    if part.is_subset(&wanted.plain) {
                        self.report.push(wrong::covered_twice(port.span));
                    }
                    wanted.plain = wanted.plain.union(&part);
                }
                None => sound = false,
            }
        }
        sound.then_some(wanted)
    }

    fn destination(&mut self, peer: &ir::Peer, wanted: &Wanted<'_>) -> Option<Vec<Destination>> {
        match &peer.kind {
            PeerKind::Workload { namespace, name, .. } => {
                let ports = self.of_workload(peer, namespace, name, wanted)?;
                Some(vec![Destination { peer: peer.clone(), ports: Ports::These(ports) }])
            }
            PeerKind::Pods { .. } | PeerKind::PodsOf { .. } => self.of_pods(peer, wanted),
            PeerKind::Dns | PeerKind::ApiServer => self.of_service(peer, wanted),
            _ => {
                let ports = self.of_undeclared(peer, wanted)?;
                Some(vec![Destination { peer: peer.clone(), ports: Ports::These(ports) }])
            }
        }
    }

    fn of_workload(&mut self, peer: &ir::Peer, namespace: &str, name: &str, wanted: &Wanted<'_>) -> Option<PortSet> {
        let declared = self.table.workload(namespace, name);
        if !wanted.written {
            let every = declared.map_or(PortSet::none(), |d| union(d.workload.ports.iter().map(|p| &p.ports)));
            let narrow = wanted.verdict == Verdict::Allow && !every.is_empty();
            let broken = declared.is_some_and(|d| d.broken);
            return (!broken).then(|| if narrow { every } else { PortSet::all() });
        }
        let mut ports = wanted.plain.clone();
        let mut sound = true;
        for word in &wanted.names {
            match declared.and_then(|d| d.workload.ports.iter().find(|p| p.name.as_deref() == Some(&word.text))) {
                Some(port) => ports = ports.union(&wanted.widened(&port.ports)),
                None => {
                    sound = false;
                    self.no_port(word, peer, declared, wanted);
                }
            }
        }
        if let Some(span) = wanted.tls {
            match self.tls_of(span, peer, declared) {
                Some(tls) => ports = ports.union(&wanted.widened(&tls)),
                None => sound = false,
            }
        }
        if let Some(declared) = declared {
            sound &= self.check_services(namespace, declared, wanted);
        }
        sound.then_some(ports)
    }

    fn no_port(&mut self, word: &Word, peer: &ir::Peer, declared: Option<&Declared>, wanted: &Wanted<'_>) {
        if declared.is_some_and(|d| d.broken) {
            return;
        }
        let is_peer = wanted.home.namespace().is_some_and(|ns| self.table.workload(ns, &word.text).is_some())
            || self.table.list(&word.text, wanted.home, None).is_some();
        if is_peer {
            let others: Vec<&str> = wanted.names.iter().map(|w| w.text.as_str()).filter(|n| *n != word.text).collect();
            return self.report.push(wrong::peer_among_ports(word, &wanted.peers, &others));
        }
        let problem = wrong::no_port(word, peer, declared, self.report);
        self.report.push(problem);
    }

    /// The TLS ports of a workload; 443 where it declares none at all.
    fn tls_of(&mut self, span: Span, peer: &ir::Peer, declared: Option<&Declared>) -> Option<PortSet> {
        let all = declared.map(|d| d.workload.ports.as_slice()).unwrap_or_default();
        let tls = union(all.iter().filter(|p| p.tls).map(|p| &p.ports));
        if !tls.is_empty() {
            return Some(tls);
        }
        if declared.is_some_and(|d| d.broken) {
            return None;
        }
        if !all.is_empty() {
            self.report.push(wrong::no_tls_port(span, peer, all));
            return None;
        }
        self.report.push(wrong::tls_assumed(span, peer, true));
        Some(https())
    }

    /// Every pod of a namespace or of several: numbers hold for all, a name for each workload
    /// that declares it.
    fn of_pods(&mut self, peer: &ir::Peer, wanted: &Wanted<'_>) -> Option<Vec<Destination>> {
        if !wanted.written {
            return Some(vec![Destination { peer: peer.clone(), ports: Ports::These(PortSet::all()) }]);
        }
        let mut plain = wanted.plain.clone();
        let mut parts: BTreeMap<(Rc<str>, String), (ir::Peer, PortSet)> = BTreeMap::new();
        let mut sound = true;
        for word in &wanted.names {
            let (any, complete) = self.gather_ports(peer, Some(&word.text), wanted, &mut parts);
            if !any && complete {
                let index = self.index();
                let problem = wrong::nobody_has(word, peer, index.keys().flatten().map(String::as_str), self.report);
                self.report.push(problem);
            }
            sound &= any;
        }
        if let Some(span) = wanted.tls {
            let (any, _) = self.gather_ports(peer, None, wanted, &mut parts);
            if !any || wanted.verdict == Verdict::Deny {
                self.report.push(wrong::tls_assumed(span, peer, false));
                plain = plain.union(&wanted.widened(&https()));
            }
        }
        let whole = (!plain.is_empty()).then(|| Destination { peer: peer.clone(), ports: Ports::These(plain) });
        let each = parts.into_values().map(|(peer, ports)| Destination { peer, ports: Ports::These(ports) });
        sound.then(|| whole.into_iter().chain(each).collect())
    }

    /// Adds the ports of one name, workload by workload; whether there was one, and whether
    /// every workload there could be read.
    fn gather_ports(
        &mut self,
        peer: &ir::Peer,
        name: Option<&str>,
        wanted: &Wanted<'_>,
        parts: &mut BTreeMap<(Rc<str>, String), (ir::Peer, PortSet)>,
    ) -> (bool, bool) {
        let index = self.index();
        let table = self.table;
        let of_one: Vec<(Rc<str>, String)>;
        let candidates: &[(Rc<str>, String)] = match (&peer.kind, index.get(&name.map(str::to_owned))) {
            (PeerKind::Pods { namespace, .. }, _) => {
                let found = table.namespaces.get_key_value(namespace.as_str());
                of_one = found.into_iter().flat_map(|(key, entry)| entry.workloads.keys().map(|w| (Rc::clone(key), w.clone()))).collect();
                &of_one
            }
            (_, Some(all)) => all,
            (_, None) => &[],
        };
        let mut any = false;
        for (namespace, workload) in candidates {
            let Some(declared) = table.workload(namespace, workload) else { continue };
            let has = |port: &&ir::WorkloadPort| name.map_or(port.tls, |name| port.name.as_deref() == Some(name));
            let ports = union(declared.workload.ports.iter().filter(has).map(|p| &p.ports));
            if ports.is_empty() {
                continue;
            }
            let Some(narrowed) = self.narrowed(peer, namespace, declared, wanted.home) else { continue };
            any = true;
            let part = parts.entry((Rc::clone(namespace), workload.clone())).or_insert_with(|| (narrowed, PortSet::none()));
            part.1 = part.1.union(&wanted.widened(&ports));
        }
        let complete = match &peer.kind {
            PeerKind::Pods { namespace, .. } => {
                table.namespace(namespace).is_none_or(|e| !e.broken && e.workloads.values().all(|d| !d.broken))
            }
            _ => table.namespaces.values().all(|e| !e.broken && e.workloads.values().all(|d| !d.broken)),
        };
        (any, complete)
    }

    /// The peer's pods that are also the workload's; none if there can be none.
    fn narrowed(&self, peer: &ir::Peer, namespace: &str, declared: &Declared, home: &Home) -> Option<ir::Peer> {
        let workload = &declared.workload;
        let entry = self.table.namespace(namespace)?;
        let own = PeerKind::Workload {
            namespace: namespace.to_owned(),
            name: workload.name.clone(),
            selector: self.workload_selector(namespace, declared),
        };
        let both = |pods: &Labels| {
            let selector = self
                .workload_selector(namespace, declared)
                .or_else(|| Some(Labels::equal(self.table.workload_label.clone()?, workload.name.clone())))?;
            Some(pods.intersection(&selector)).filter(|labels| !labels.is_empty())
        };
        let kind = match &peer.kind {
            PeerKind::Pods { pods, .. } if pods.is_any() => own,
            PeerKind::PodsOf { namespaces, pods } if namespaces.is_any() && pods.is_any() => own,
            PeerKind::Pods { pods, .. } => PeerKind::Pods { namespace: namespace.to_owned(), pods: both(pods)? },
            PeerKind::PodsOf { namespaces, pods } if namespaces.is_any() => {
                PeerKind::Pods { namespace: namespace.to_owned(), pods: both(pods)? }
            }
            PeerKind::PodsOf { namespaces, pods } => {
                PeerKind::PodsOf { namespaces: in_namespace(namespaces, namespace, entry)?, pods: both(pods)? }
            }
            _ => return None,
        };
        let shown = if home.namespace() == Some(namespace) { workload.name.clone() } else { format!("{namespace}/{}", workload.name) };
        Some(ir::Peer { kind, except: peer.except.clone(), opens: peer.opens, span: peer.span, name: shown })
    }

    fn workload_selector(&self, namespace: &str, declared: &Declared) -> Option<Labels> {
        declared.workload.selector.clone().or_else(|| {
            let (key, _) = self.table.namespace(namespace)?.workload_label.as_ref()?;
            Some(Labels::equal(key.clone(), declared.workload.name.clone()))
        })
    }

    fn index(&mut self) -> Rc<PortIndex> {
        if let Some(index) = &self.port_index {
            return Rc::clone(index);
        }
        let mut index = PortIndex::new();
        for (namespace, entry) in &self.table.namespaces {
            for (name, declared) in &entry.workloads {
                let names = declared.workload.ports.iter().filter_map(|p| p.name.clone()).map(Some);
                let tls = declared.workload.ports.iter().any(|p| p.tls).then_some(None);
                for key in names.chain(tls) {
                    index.entry(key).or_default().push((Rc::clone(namespace), name.clone()));
                }
            }
        }
        let index = Rc::new(index);
        self.port_index = Some(Rc::clone(&index));
        index
    }

    /// `dns` and `apiserver`: the cluster knows their ports.
    fn of_service(&mut self, peer: &ir::Peer, wanted: &Wanted<'_>) -> Option<Vec<Destination>> {
        let own = wanted.verdict == Verdict::Allow && (!wanted.written || (peer.kind == PeerKind::ApiServer && wanted.tls.is_some()));
        let one = |ports| Destination { peer: peer.clone(), ports };
        if !own {
            let ports = self.of_undeclared(peer, wanted)?;
            return Some(vec![one(Ports::These(ports))]);
        }
        let rest = Wanted {
            tls: None,
            plain: wanted.plain.clone(),
            numbers: Vec::new(),
            names: wanted.names.clone(),
            peers: wanted.peers.clone(),
            ..*wanted
        };
        let others = if wanted.written { self.of_undeclared(peer, &rest)? } else { PortSet::none() };
        let also = (!others.is_empty()).then(|| one(Ports::These(others)));
        Some(std::iter::once(one(Ports::AsTheClusterSays)).chain(also).collect())
    }

    /// A peer that declares no ports.
    fn of_undeclared(&mut self, peer: &ir::Peer, wanted: &Wanted<'_>) -> Option<PortSet> {
        if !wanted.written {
            return Some(PortSet::all());
        }
        let mut ports = wanted.plain.clone();
        for word in &wanted.names {
            self.no_port(word, peer, None, wanted);
        }
        if let Some(span) = wanted.tls {
            self.report.push(wrong::tls_assumed(span, peer, false));
            ports = ports.union(&wanted.widened(&https()));
        }
        wanted.names.is_empty().then_some(ports)
    }

    /// Numbers that only a Service in front of the pods has; a policy on them would do nothing.
    fn check_services(&mut self, namespace: &str, declared: &Declared, wanted: &Wanted<'_>) -> bool {
        let mut sound = true;
        for (word, number) in &wanted.numbers {
            if let Some(meant) = self.behind_service(namespace, declared, *number) {
                self.report.push(wrong::service_port(word, &declared.workload.name, &meant));
                sound = false;
            }
        }
        sound
    }

    fn behind_service(&self, namespace: &str, declared: &Declared, number: u16) -> Option<wrong::BehindService> {
        let found = self.facts.workloads.get(&(namespace.to_owned(), declared.workload.name.clone()));
        let held = union(declared.workload.ports.iter().map(|p| &p.ports));
        let held_by_pod = found.is_some_and(|f| f.ports.iter().any(|p| p.number == number));
        if held_by_pod || Protocol::ALL.iter().any(|p| !PortSet::range(*p, number, number).intersection(&held).is_empty()) {
            return None;
        }
        let said = declared.services.iter().filter(|(_, outer, _)| *outer == number).map(|(name, _, inner)| (name.clone(), inner.clone()));
        let label = self.table.workload_label.as_deref().unwrap_or("app");
        let labels = workload::certain_labels(declared, label);
        let from = (namespace.to_owned(), String::new());
        let services = self.facts.services.range(from..).take_while(|((ns, _), _)| ns == namespace);
        let ahead = services.filter(|(_, s)| !s.selector.is_empty() && s.selector.iter().all(|(k, v)| labels.get(k) == Some(v)));
        let given = ahead.flat_map(|((_, name), s)| {
            s.ports.iter().filter(|(outer, _, _)| *outer == number).map(move |(_, inner, _)| (name.clone(), inner.clone()))
        });
        let mut meant: Vec<(String, String)> = said.chain(given).collect();
        if meant.iter().any(|(_, inner)| inner.parse() == Ok(number)) {
            return None;
        }
        let (service, inner) = if meant.is_empty() { return None } else { meant.swap_remove(0) };
        Some(wrong::BehindService { service, port: inner })
    }
}

impl Wanted<'_> {
    /// Named ports as the sentence reads them: a deny closes the numbers for all three protocols.
    fn widened(&self, ports: &PortSet) -> PortSet {
        if self.verdict == Verdict::Allow {
            return ports.clone();
        }
        let every = Protocol::ALL.iter().flat_map(|p| ports.of(*p).iter());
        every.fold(PortSet::none(), |all, (low, high)| Protocol::ALL.iter().fold(all, |all, p| all.union(&PortSet::range(*p, low, high))))
    }
}

/// The namespace by name and the labels asked of it; none where it is known not to have them.
fn in_namespace(asked: &Labels, name: &str, entry: &Entry) -> Option<Labels> {
    if entry.held(name) == ir::Held::Ours {
        let mut labels: BTreeMap<String, String> = entry.labels.iter().map(|(key, (value, _))| (key.clone(), value.clone())).collect();
        labels.insert(NAMESPACE_NAME.to_owned(), name.to_owned());
        if !asked.admits(&labels) {
            return None;
        }
    }
    Some(asked.clone().and(NAMESPACE_NAME, Values::one_of([name]))).filter(|labels| !labels.is_empty())
}

fn https() -> PortSet {
    PortSet::range(Protocol::Tcp, HTTPS, HTTPS)
}

fn union<'p>(ports: impl Iterator<Item = &'p PortSet>) -> PortSet {
    ports.fold(PortSet::none(), |all, ports| all.union(ports))
}
