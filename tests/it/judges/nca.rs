//! network-config-analyzer, asked for the whole connectivity map.

use super::{Probe, judge, run};
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;

/// What the analyzer finds permitted; whatever it does not list is denied.
pub(crate) struct Connections(Vec<Permitted>);

struct Permitted {
    source: String,
    destination: String,
    traffic: Traffic,
}

#[derive(Default)]
struct Traffic {
    /// Empty for every protocol.
    protocols: Vec<String>,
    /// First and last of each range; empty for every port.
    ports: Vec<(u16, u16)>,
}

impl Connections {
    /// Reads namespaces and pods from `inventory` and NetworkPolicies from `policies`.
    pub(crate) fn of(inventory: &Path, policies: &Path) -> Connections {
        let mut command = Command::new(judge(".venv/bin/nca"));
        command.arg("--connectivity").arg(policies).arg("-p").arg(inventory).arg("-n").arg(inventory);
        command.args(["-o", "txt_no_fw_rules", "--output_endpoints", "pods"]);
        Connections::parse(&run(&mut command, &[0]))
    }

    fn parse(text: &str) -> Connections {
        let said = |line: &&str| {
            // A header, a footer, peers that the analyzer makes up where a policy names none of its own, and a port's
            // name that addresses outside do not have. Any other remark is one it could not judge by.
            !(line.is_empty()
                || line.contains(" unique endpoints")
                || line.starts_with("Total run time")
                || line.contains("-livesim")
                || line.starts_with("Warning: Missing named port"))
        };
        let parse = |line: &str| permitted(line).unwrap_or_else(|| panic!("nca wrote `{line}`"));
        Connections(text.lines().filter(said).map(parse).collect())
    }

    /// Whether the probe passes.
    pub(crate) fn allow(&self, probe: &Probe) -> bool {
        self.0.iter().any(|p| {
            covers(&p.source, &probe.source)
                && covers(&p.destination, &probe.destination)
                && p.traffic.holds(&probe.protocol, probe.port)
        })
    }
}

impl Traffic {
    fn holds(&self, protocol: &str, port: u16) -> bool {
        (self.protocols.is_empty() || self.protocols.iter().any(|p| p == protocol))
            && (self.ports.is_empty() || self.ports.iter().any(|&(first, last)| (first..=last).contains(&port)))
    }
}

/// `x/a => y/b : {protocols:TCP,dst_ports:53,80-90}`
fn permitted(line: &str) -> Option<Permitted> {
    let (source, rest) = line.split_once(" => ")?;
    let (destination, connections) = rest.split_once(" : ")?;
    let traffic = match connections {
        "All connections" => Traffic::default(),
        _ => traffic(connections.strip_prefix('{')?.strip_suffix('}')?)?,
    };
    Some(Permitted { source: source.to_owned(), destination: destination.to_owned(), traffic })
}

/// The two dimensions a NetworkPolicy can speak of; any other is not understood.
fn traffic(text: &str) -> Option<Traffic> {
    let (protocols, ports) = match text.split_once("dst_ports:") {
        Some((before, ports)) => (before.trim_end_matches(','), Some(ports)),
        None => (text, None),
    };
    let protocols = match protocols {
        "" => Vec::new(),
        _ => protocols.strip_prefix("protocols:")?.split(", ").map(str::to_owned).collect(),
    };
    let ports = ports.map_or(Some(Vec::new()), |list| list.split(',').map(range).collect())?;
    Some(Traffic { protocols, ports })
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    Some((from.parse().ok()?, to.parse().ok()?))
}

/// A pod's name is that pod; an address may lie in one of the listed ranges.
fn covers(listed: &str, peer: &str) -> bool {
    let Ok(address) = peer.parse::<Ipv4Addr>() else { return listed == peer };
    listed.split(',').any(|range| {
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        match (from.parse::<Ipv4Addr>(), to.parse::<Ipv4Addr>()) {
            (Ok(from), Ok(to)) => (from..=to).contains(&address),
            _ => false,
        }
    })
}
