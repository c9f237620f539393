//! Whether a defect that the proof lets stand changes anything: by the plain evaluator of the
//! targets' tests, over connections of every kind that the policy or the objects speak of.

use std::collections::BTreeSet;

use crate::manifest::Object;
use crate::semantics::ends::EndBox;
use crate::semantics::traffic::Part;
use crate::target::enforced::passes;
use crate::target::world::{Connection, End, Pod};
use crate::verify::concrete::Concrete;
use crate::verify::decide::Port;
use crate::verify::stack::Sides;
use crate::verify::universe::{Piece, Universe};
use crate::verify::witness::witness;

/// The first connection of which two lists of objects say different things.
pub(super) fn difference(sides: &[&Sides], universe: &Universe, whole: &[Object], defective: &[Object]) -> Option<Connection> {
    connections(sides, universe).into_iter().find(|connection| passes(whole, connection) != passes(defective, connection))
}

/// A connection between any two of the ends that the stacks speak of, on any of their ports.
fn connections(sides: &[&Sides], universe: &Universe) -> Vec<Connection> {
    let (mut ends, mut ports) = (Vec::<End>::new(), BTreeSet::new());
    let stacks = sides.iter().flat_map(|sides| [&sides.ingress, &sides.egress]);
    for policy in stacks.flat_map(|stack| &stack.tiers).flat_map(|tier| &tier.policies) {
        for subject in &policy.subjects {
            let anyone = Part { end: subject.clone(), ports: crate::semantics::ports::PortSet::all() };
            let parts = policy
                .rules
                .iter()
                .flat_map(|rule| rule.peers.iter().map(|end: &EndBox| Part { end: end.clone(), ports: rule.ports.clone() }));
            for part in parts.chain([anyone]) {
                for piece in universe.narrow(&Piece { pods: subject.clone(), part }) {
                    let Some(found) = witness(universe, &piece) else { continue };
                    for end in [&found.pod, &found.other].map(end) {
                        if !ends.iter().any(|known| format!("{known:?}") == format!("{end:?}")) {
                            ends.push(end);
                        }
                    }
                    ports.extend(around(found.port));
                }
            }
        }
    }
    // Each of these is asked of every other.
    ends.truncate(16);
    let ports: Vec<_> = ports.into_iter().take(12).collect();
    let mut all = Vec::new();
    for source in &ends {
        for destination in &ends {
            let ours = source.pod.is_some() || destination.pod.is_some();
            if !ours || source.address.is_ipv4() != destination.address.is_ipv4() {
                continue;
            }
            let asked = |(protocol, port): &(&'static str, Option<u16>)| Connection {
                source: source.clone(),
                destination: destination.clone(),
                protocol,
                port: *port,
            };
            all.extend(ports.iter().map(asked));
        }
    }
    all
}

/// A port and its neighbors, by the names that manifests have for protocols.
fn around(Port { protocol, detail }: Port) -> Vec<(&'static str, Option<u16>)> {
    match protocol {
        6 | 17 | 132 => {
            let near = [detail.saturating_sub(1), detail, detail.saturating_add(1)];
            ["TCP", "UDP"].into_iter().flat_map(|name| near.map(|port| (name, Some(port)))).collect()
        }
        1 => vec![("ICMP", None)],
        58 => vec![("ICMPv6", None)],
        _ => Vec::new(),
    }
}

fn end(end: &Concrete) -> End {
    let kept = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    match end {
        Concrete::Outside(addresses) => End { pod: None, address: addresses.first().expect("an address") },
        Concrete::Pod(pod) => End {
            pod: Some(Pod {
                namespace: kept(&pod.namespace),
                namespace_labels: pod.namespace_labels.clone(),
                labels: pod.labels.clone(),
                account: kept(&pod.account),
            }),
            address: pod.addresses.first().expect("an address"),
        },
    }
}
