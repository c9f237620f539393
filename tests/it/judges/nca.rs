//! network-config-analyzer, asked for the whole connectivity map.

use super::{Probe, judge, run};
use serde_json::json;
use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Policies, and the namespaces and pods they are judged on.
pub(crate) struct Network<'a> {
    pub(crate) inventory: &'a Path,
    pub(crate) policies: &'a Path,
}

/// What is permitted in each network, in their order. One run answers for all, since most of a run is the start.
pub(crate) fn nca(folder: &Path, networks: &[Network]) -> Vec<Connections> {
    let map = |index: usize| folder.join(format!("nca-{index}.txt"));
    let scheme = folder.join("nca.yaml");
    fs::write(&scheme, scheme_of(networks, map)).expect("the target folder can be written");
    run(Command::new(judge(".venv/bin/nca")).arg("--scheme").arg(&scheme), &[0]);
    let read = |index: usize| fs::read_to_string(map(index)).unwrap_or_else(|e| panic!("nca wrote no map {index}: {e}"));
    (0..networks.len()).map(|index| Connections::parse(&read(index))).collect()
}

/// The analyzer's own file of what to read and what to ask; JSON is YAML.
fn scheme_of(networks: &[Network], map: impl Fn(usize) -> PathBuf) -> String {
    // A name of digits alone would be taken for a number.
    let name = |index: usize| format!("network-{index}");
    let configuration = |(index, network): (usize, &Network)| {
        json!({
            "name": name(index),
            "namespaceList": [network.inventory],
            "podList": [network.inventory],
            "networkPolicyList": [network.policies],
        })
    };
    let query = |index: usize| {
        json!({
            "name": name(index),
            "connectivityMap": [name(index)],
            "outputConfiguration": {
                "outputFormat": "txt_no_fw_rules", "outputEndpoints": "pods", "outputPath": map(index),
            },
        })
    };
    json!({
        "networkConfigList": networks.iter().enumerate().map(configuration).collect::<Vec<_>>(),
        "queries": (0..networks.len()).map(query).collect::<Vec<_>>(),
    })
    .to_string()
}

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
    fn parse(text: &str) -> Connections {
        // Peers that the analyzer makes up where a policy names some that the inventory does not hold.
        let said = |line: &&str| !(line.is_empty() || line.contains("-livesim"));
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
