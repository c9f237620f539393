//! np-guard's lists of what is allowed. What they do not list is denied, so every pair is asked on every port at which
//! something changes.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::path::Path;

use super::{Expected, Tally, manifests, name, read};
use crate::real_cases::{children, say, shared};

/// How many questions were judged once, and how many of them were answered `unknown`.
const NETPOL: (usize, usize) = (111_423, 3);
const ANP: (usize, usize) = (13_521, 165);

const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];

#[test]
fn netpol_analyzer_cases() {
    judge("npguard-netpol", NETPOL);
}

#[test]
fn admin_network_policy_cases() {
    judge("npguard-anp", ANP);
}

fn judge(folder: &str, (rows, unknown): (usize, usize)) {
    let Some(shared) = shared() else {
        return say(&format!("SKIP real data absent: {rows} rows ({folder})"));
    };
    let mut tally = Tally::default();
    for case in children(&shared.join(folder)) {
        let table = case.join("expected.csv");
        if table.is_file() {
            let list = List::read(&table);
            tally.judge(&name(&case), &manifests(&case), &list.expected());
        }
    }
    tally.settle(folder, rows, unknown);
}

/// An end as the lists write it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// `ns/name[Kind]`, without the kind.
    Workload(String),
    /// `low-high[External]`.
    Outside(Ipv4Addr, Ipv4Addr),
    /// `{ingress-controller}`.
    Ingress,
}

/// Protocol, first port, last port.
type Ports = (&'static str, u16, u16);

struct List(BTreeMap<(End, End), Vec<Ports>>);

impl List {
    fn read(table: &Path) -> Self {
        let mut rows: BTreeMap<(End, End), Vec<Ports>> = BTreeMap::new();
        for line in read(table).lines().skip(1) {
            let columns: Vec<&str> = line.split(',').collect();
            let [source, destination, port, protocol, "allowed"] = columns[..] else { panic!("{}: `{line}`", table.display()) };
            rows.entry((end(source), end(destination))).or_default().extend(ports(port, protocol));
        }
        List(rows)
    }

    /// A question for every two ends, and every port at or beside which something is listed.
    fn expected(&self) -> Vec<Expected> {
        let ends: BTreeSet<&End> = self.0.keys().flat_map(|(source, destination)| [source, destination]).collect();
        let mut rows = Vec::new();
        let asked: BTreeSet<End> = ends.into_iter().flat_map(End::asked).collect();
        for source in &asked {
            for destination in asked.iter().filter(|it| *it != source && !matches!(it, End::Ingress)) {
                if *source != End::Ingress && matches!((source, destination), (End::Workload(_), _) | (_, End::Workload(_))) {
                    rows.extend(self.pair(source, destination));
                }
            }
        }
        rows
    }

    fn pair(&self, source: &End, destination: &End) -> Vec<Expected> {
        let listed = self.0.iter().filter(|((from, to), _)| from.holds(source) && to.holds(destination));
        let open: Vec<&Ports> = listed.flat_map(|(_, ports)| ports).collect();
        let (from, to) = (source.spoken(), destination.spoken());
        let ask = |(protocol, port): (&'static str, u16)| Expected {
            question: format!("{from} -> {to} {port}/{}", protocol.to_lowercase()),
            allowed: open.iter().any(|(of, low, high)| *of == protocol && *low <= port && port <= *high),
        };
        self.edges().into_iter().map(ask).collect()
    }

    /// Ports at which something begins or ends, and their neighbors.
    fn edges(&self) -> BTreeSet<(&'static str, u16)> {
        let near = |port: u16| [port.saturating_sub(1).max(1), port, port.saturating_add(1)];
        let listed =
            self.0.values().flatten().flat_map(|(of, low, high)| near(*low).into_iter().chain(near(*high)).map(|port| (*of, port)));
        listed.chain(PROTOCOLS.map(|protocol| (protocol, 80))).collect()
    }
}

impl End {
    /// Whom to ask about: of a range its first and last address.
    fn asked(&self) -> Vec<End> {
        match self {
            End::Outside(low, high) => [*low, *high].map(|address| End::Outside(address, address)).to_vec(),
            _ => vec![self.clone()],
        }
    }

    fn holds(&self, other: &End) -> bool {
        match (self, other) {
            (End::Outside(low, high), End::Outside(first, last)) => low <= first && last <= high,
            _ => self == other,
        }
    }

    fn spoken(&self) -> String {
        match self {
            End::Workload(name) => quoted(name),
            End::Outside(low, _) => low.to_string(),
            End::Ingress => "ingress".to_owned(),
        }
    }
}

/// A workload may be called by a word of the language.
fn quoted(name: &str) -> String {
    let (namespace, workload) = name.split_once('/').unwrap_or_else(|| panic!("`{name}` has no namespace"));
    format!("{namespace}/\"{workload}\"")
}

fn end(text: &str) -> End {
    if text == "{ingress-controller}" {
        return End::Ingress;
    }
    let (name, kind) = text.split_once('[').unwrap_or_else(|| panic!("`{text}` has no kind"));
    if kind != "External]" {
        return End::Workload(name.to_owned());
    }
    let (low, high) = name.split_once('-').unwrap_or((name, name));
    let address = |text: &str| text.parse().unwrap_or_else(|_| panic!("`{text}` is no address"));
    End::Outside(address(low), address(high))
}

fn ports(port: &str, protocol: &str) -> Vec<Ports> {
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("`{text}` is no port"));
    let (low, high) = match port.split_once('-') {
        _ if port == "any" => (1, u16::MAX),
        Some((low, high)) => (number(low), number(high)),
        None => (number(port), number(port)),
    };
    let of: Vec<&'static str> = PROTOCOLS.into_iter().filter(|it| protocol == "any" || *it == protocol).collect();
    assert!(!of.is_empty(), "`{protocol}` is no protocol");
    of.into_iter().map(|it| (it, low, high)).collect()
}
