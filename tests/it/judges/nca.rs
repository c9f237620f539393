//! network-config-analyzer, asked for the connectivity maps of many networks in one run.

use super::{Probe, Question, judge, run};
use serde_json::json;
use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// For each question whether each of its probes passes. The analyzer takes an address in a policy for one outside the
/// cluster: policies that mean pods by their addresses are not for it.
pub(crate) fn nca(folder: &Path, questions: &[Question]) -> Vec<Vec<bool>> {
    let map = |index: usize| folder.join(format!("nca-{index}.txt"));
    let scheme = folder.join("nca.yaml");
    fs::write(&scheme, scheme_of(questions, map)).expect("the build folder can be written");
    run(Command::new(judge("venv/bin/nca")).arg("--scheme").arg(&scheme), &[0]);
    let read = |index: usize| fs::read_to_string(map(index)).unwrap_or_else(|e| panic!("nca wrote no map {index}: {e}"));
    let answer = |(index, question): (usize, &Question)| {
        let permitted = parse(&read(index));
        question.probes.iter().map(|probe| permitted.iter().any(|p| p.holds(probe))).collect()
    };
    questions.iter().enumerate().map(answer).collect()
}

/// The analyzer's own file of what to read and what to ask; JSON is YAML.
fn scheme_of(questions: &[Question], map: impl Fn(usize) -> PathBuf) -> String {
    // A name of digits alone would be taken for a number.
    let name = |index: usize| format!("network-{index}");
    let configuration = |(index, question): (usize, &Question)| {
        json!({
            "name": name(index),
            "namespaceList": [question.inventory],
            "podList": [question.inventory],
            "networkPolicyList": [question.policies],
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
        "networkConfigList": questions.iter().enumerate().map(configuration).collect::<Vec<_>>(),
        "queries": (0..questions.len()).map(query).collect::<Vec<_>>(),
    })
    .to_string()
}

/// A line of a map. Whatever no line holds is denied.
struct Permitted {
    source: String,
    destination: String,
    /// Empty for every protocol.
    protocols: Vec<String>,
    /// First and last of each range; empty for every port.
    ports: Vec<(u16, u16)>,
}

impl Permitted {
    fn holds(&self, probe: &Probe) -> bool {
        let port = |&(first, last): &(u16, u16)| (first..=last).contains(&probe.port);
        covers(&self.source, &probe.source)
            && covers(&self.destination, &probe.destination)
            && (self.protocols.is_empty() || self.protocols.contains(&probe.protocol))
            && (self.ports.is_empty() || self.ports.iter().any(port))
    }
}

/// A map's lines, but for peers that the analyzer makes up where a policy names some that the inventory does not hold.
fn parse(map: &str) -> Vec<Permitted> {
    let lines = map.lines().filter(|line| !line.is_empty() && !line.contains("-livesim"));
    lines.map(|line| permitted(line).unwrap_or_else(|| panic!("nca wrote `{line}`"))).collect()
}

/// `x/a => y/b : {protocols:TCP,dst_ports:53,80-90}`, the two dimensions that a NetworkPolicy can speak of.
fn permitted(line: &str) -> Option<Permitted> {
    let (source, rest) = line.split_once(" => ")?;
    let (destination, connections) = rest.split_once(" : ")?;
    let of = |protocols, ports| Some(Permitted { source: source.to_owned(), destination: destination.to_owned(), protocols, ports });
    if connections == "All connections" {
        return of(Vec::new(), Vec::new());
    }
    let dimensions = connections.strip_prefix('{')?.strip_suffix('}')?;
    let (protocols, ports) = match dimensions.split_once("dst_ports:") {
        Some((before, ports)) => (before.trim_end_matches(','), ports.split(',').map(range).collect::<Option<_>>()?),
        None => (dimensions, Vec::new()),
    };
    match protocols {
        "" => of(Vec::new(), ports),
        _ => of(protocols.strip_prefix("protocols:")?.split(", ").map(str::to_owned).collect(), ports),
    }
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some((first.parse().ok()?, last.parse().ok()?))
}

/// A pod's name is that pod; an address may lie in one of the listed ranges.
fn covers(listed: &str, end: &str) -> bool {
    let Ok(address) = end.parse::<Ipv4Addr>() else { return listed == end };
    listed.split(',').any(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        match (first.parse::<Ipv4Addr>(), last.parse::<Ipv4Addr>()) {
            (Ok(first), Ok(last)) => (first..=last).contains(&address),
            _ => false,
        }
    })
}
