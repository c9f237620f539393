//! What a plan says of a connection (docs/src/reference/flows.md).

use ipnet::IpNet;

use super::world::{Connection, End};
use crate::plan::{Peer, Plan, Side};
use crate::semantics::addresses::AddressSet;
use crate::semantics::pods::PodBox;
use crate::semantics::ports::{PortSet, Protocol};

/// No deny matches, and each side that is isolated has a rule for it.
pub(super) fn passes(plan: &Plan<'_>, connection: &Connection) -> bool {
    let (source, destination) = (&connection.source, &connection.destination);
    let denied = plan
        .denies
        .iter()
        .any(|deny| among(&deny.sources, source) && among(&deny.destinations, destination) && reaches(&deny.ports, connection));
    !denied && open(plan, Side::Egress, source, destination, connection) && open(plan, Side::Ingress, destination, source, connection)
}

fn open(plan: &Plan<'_>, side: Side, end: &End, other: &End, connection: &Connection) -> bool {
    let isolated = plan.isolated.iter().any(|isolated| isolated.closes(side) && holds(&isolated.subject.pods, end));
    let allowed = plan
        .rules
        .iter()
        .any(|rule| rule.side == side && holds(&rule.subject.pods, end) && among(&rule.peers, other) && reaches(&rule.ports, connection));
    !isolated || allowed
}

fn among(peers: &[Peer], end: &End) -> bool {
    peers.iter().any(|peer| match peer {
        Peer::Pods(pods) => holds(pods, end),
        Peer::Addresses(set) | Peer::Listed(_, set) => AddressSet::network(IpNet::from(end.address)).is_subset(set),
        Peer::Anyone => true,
    })
}

fn holds(pods: &PodBox, end: &End) -> bool {
    end.pod.as_ref().is_some_and(|pod| {
        pods.namespace.admits(&pod.namespace_labels) && pods.pod.admits(&pod.labels) && pods.account.admits(Some(pod.account))
    })
}

fn reaches(ports: &PortSet, connection: &Connection) -> bool {
    let of = |protocol: Protocol| connection.port.is_some_and(|port| ports.of(protocol).any(|(low, high)| low <= port && port <= high));
    match connection.protocol {
        "TCP" => of(Protocol::Tcp),
        "UDP" => of(Protocol::Udp),
        "SCTP" => of(Protocol::Sctp),
        _ => ports.has_icmp(),
    }
}
