//! The ports of a flow: by number, by a name that the destination declares, by `tls`, or by
//! what the destination is.

mod many;
mod service;
mod wrong;

use smallvec::SmallVec;

use crate::ir::{self, Destination, PeerKind, Ports, Verdict};
use crate::semantics::ports::{PortSet, Protocol};
use crate::source::Span;
use crate::syntax::tree::{Port, PortKind, Word};

use super::entry::Declared;
use super::number;
use super::peer::{End, Resolver};
use super::place::Home;

pub(super) use many::PortIndex;
pub(super) use wrong::{listed, no_port, shown};

/// The port of TLS where nothing is declared.
const HTTPS: u16 = 443;
/// How many destinations a message shows.
const SHOWN: usize = 3;

/// The destinations of a flow: mostly one.
type Destinations = SmallVec<[Destination; 1]>;

/// What a flow says of ports.
#[derive(Debug)]
struct Wanted<'w, 't> {
    /// Numbers, whole protocols, ICMP.
    plain: PortSet,
    /// Single numbers as written, to be held against Services.
    numbers: SmallVec<[(&'w Word, u16); 2]>,
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
    ends: &'w [End<'t>],
}

impl<'t> Resolver<'t, '_> {
    /// Each destination with its ports; none if a port is wrong.
    pub(super) fn destinations(&mut self, ends: &[End<'t>], ports: &[Port], verdict: Verdict, home: &Home) -> Option<Destinations> {
        let wanted = self.wanted(ends, ports, verdict, home)?;
        let mut found = Destinations::new();
        let mut sound = true;
        for end in ends {
            sound &= self.destination(end, &wanted, &mut found).is_some();
        }
        sound.then_some(found)
    }

    fn wanted<'w>(&mut self, ends: &'w [End<'t>], ports: &'w [Port], verdict: Verdict, home: &'w Home) -> Option<Wanted<'w, 't>> {
        let (plain, numbers, names) = (PortSet::none(), SmallVec::new(), Vec::new());
        let mut wanted = Wanted { plain, numbers, names, tls: None, written: !ports.is_empty(), verdict, home, ends };
        let mut sound = true;
        for port in ports {
            sound &= self.want(port, &mut wanted).is_some();
        }
        sound.then_some(wanted)
    }

    fn want<'w>(&mut self, port: &'w Port, wanted: &mut Wanted<'w, 't>) -> Option<()> {
        let part = match &port.kind {
            PortKind::Name(word) => {
                wanted.names.push(word);
                return Some(());
            }
            PortKind::Numbers(numbers) if numbers.protocols.is_empty() && !number::is_numeric(&numbers.numbers) => {
                wanted.names.push(&numbers.numbers);
                return Some(());
            }
            PortKind::Tls => {
                wanted.tls = Some(port.span);
                return Some(());
            }
            PortKind::Icmp => PortSet::icmp(),
            PortKind::Protocol(protocol) => PortSet::protocol(number::protocol(*protocol)),
            PortKind::Numbers(numbers) => {
                let otherwise: &[Protocol] = if wanted.verdict == Verdict::Allow { &[Protocol::Tcp] } else { &Protocol::ALL };
                let part = number::ports(numbers, otherwise, self.report)?;
                wanted.numbers.extend(numbers.numbers.text.parse().ok().map(|single| (&numbers.numbers, single)));
                part
            }
        };
        if part.is_subset(&wanted.plain) {
            self.report.push(wrong::covered_twice(port.span));
        }
        wanted.plain = if wanted.plain.is_empty() { part } else { wanted.plain.union(&part) };
        Some(())
    }

    /// Adds a destination with its ports, in parts where they are not those of all its pods.
    fn destination(&mut self, end: &End<'t>, wanted: &Wanted<'_, 't>, found: &mut Destinations) -> Option<()> {
        let (peer, declared) = (&end.peer, end.declared);
        let ports = match &peer.kind {
            PeerKind::Workload { namespace, .. } => self.of_workload(peer, namespace, declared, wanted)?,
            PeerKind::Pods { .. } | PeerKind::PodsOf { .. } => {
                found.extend(self.of_pods(peer, wanted)?);
                return Some(());
            }
            PeerKind::Dns | PeerKind::ApiServer => {
                found.extend(self.of_service(peer, wanted)?);
                return Some(());
            }
            _ => self.of_undeclared(peer, wanted)?,
        };
        found.push(Destination { peer: peer.clone(), ports: Ports::These(ports) });
        Some(())
    }

    fn of_workload(&mut self, peer: &ir::Peer, namespace: &str, declared: Option<&Declared>, wanted: &Wanted<'_, 't>) -> Option<PortSet> {
        if !wanted.written {
            let every = declared.map_or(PortSet::none(), |d| union(d.workload.ports.iter().map(|p| &p.ports)));
            let narrow = wanted.verdict == Verdict::Allow && !every.is_empty();
            let broken = declared.is_some_and(Declared::is_broken);
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

    fn no_port(&mut self, word: &Word, peer: &ir::Peer, declared: Option<&Declared>, wanted: &Wanted<'_, 't>) {
        if declared.is_some_and(Declared::is_broken) {
            return;
        }
        let is_peer = self.table.own(wanted.home).is_some_and(|(_, own)| own.workloads.contains_key(&word.text))
            || self.table.list(&word.text, wanted.home, None).is_some();
        if is_peer {
            let first: Vec<&str> = wanted.ends.iter().take(SHOWN).map(|end| end.peer.name.as_str()).collect();
            let others: Vec<&str> = wanted.names.iter().map(|w| w.text.as_str()).filter(|n| *n != word.text).collect();
            return self.report.push(wrong::peer_among_ports(word, &first, &others));
        }
        let problem = wrong::no_port(word, peer, declared, self.report);
        self.report.push(problem);
    }

    /// The TLS ports of a workload; 443 where it declares none at all.
    fn tls_of(&mut self, span: Span, peer: &ir::Peer, declared: Option<&Declared>) -> Option<PortSet> {
        let all = declared.map(|d| &d.workload.ports[..]).unwrap_or_default();
        let tls = union(all.iter().filter(|p| p.tls).map(|p| &p.ports));
        if !tls.is_empty() {
            return Some(tls);
        }
        if declared.is_some_and(Declared::is_broken) {
            return None;
        }
        if !all.is_empty() {
            self.report.push(wrong::no_tls_port(span, peer, all));
            return None;
        }
        self.report.push(wrong::tls_assumed(span, peer, true));
        Some(https())
    }

    /// `dns` and `apiserver`: the cluster knows their ports.
    fn of_service(&mut self, peer: &ir::Peer, wanted: &Wanted<'_, 't>) -> Option<Vec<Destination>> {
        let own = wanted.verdict == Verdict::Allow && (!wanted.written || (peer.kind == PeerKind::ApiServer && wanted.tls.is_some()));
        let one = |ports| Destination { peer: peer.clone(), ports };
        if !own {
            let ports = self.of_undeclared(peer, wanted)?;
            return Some(vec![one(Ports::These(ports))]);
        }
        let rest = Wanted { tls: None, plain: wanted.plain.clone(), numbers: SmallVec::new(), names: wanted.names.clone(), ..*wanted };
        let others = if wanted.written { self.of_undeclared(peer, &rest)? } else { PortSet::none() };
        let also = (!others.is_empty()).then(|| one(Ports::These(others)));
        Some(std::iter::once(one(Ports::AsTheClusterSays)).chain(also).collect())
    }

    /// A peer that declares no ports.
    fn of_undeclared(&mut self, peer: &ir::Peer, wanted: &Wanted<'_, 't>) -> Option<PortSet> {
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
}

impl Wanted<'_, '_> {
    /// Named ports as the sentence reads them: a deny closes the numbers for all three protocols.
    fn widened(&self, ports: &PortSet) -> PortSet {
        if self.verdict == Verdict::Allow {
            return ports.clone();
        }
        let every = Protocol::ALL.iter().flat_map(|p| ports.of(*p));
        every.fold(PortSet::none(), |all, (low, high)| Protocol::ALL.iter().fold(all, |all, p| all.union(&PortSet::range(*p, low, high))))
    }
}

fn https() -> PortSet {
    PortSet::range(Protocol::Tcp, HTTPS, HTTPS)
}

fn union<'p>(ports: impl Iterator<Item = &'p PortSet>) -> PortSet {
    ports.fold(PortSet::none(), |all, ports| all.union(ports))
}
