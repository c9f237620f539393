//! Cyclonus' matcher, asked for every pair at once.

use super::{Probe, judge, run};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Which probes pass. `inputs` hold the inventory and the policies; `outside` are addresses to probe from and to.
pub(crate) fn reach(inputs: &[&Path], outside: &BTreeSet<String>) -> BTreeMap<Probe, bool> {
    let mut command = Command::new(judge("conformance/.build/reach"));
    for address in outside {
        command.args(["-ext", address]);
    }
    let stdout = run(command.args(inputs), &[0]);
    stdout.lines().map(|line| parse(line).unwrap_or_else(|| panic!("reach wrote `{line}`"))).collect()
}

/// `x/a -> y/b TCP/80 allow`
fn parse(line: &str) -> Option<(Probe, bool)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [source, "->", destination, port, verdict] = words[..] else { return None };
    let (protocol, port) = port.split_once('/')?;
    let allowed = match verdict {
        "allow" => true,
        "deny" => false,
        _ => return None,
    };
    let probe = Probe {
        source: source.to_owned(),
        destination: destination.to_owned(),
        protocol: protocol.to_owned(),
        port: port.parse().ok()?,
    };
    Some((probe, allowed))
}
