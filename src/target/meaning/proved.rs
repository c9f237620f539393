//! The proof's reader of objects, held against the plain one here.

use super::world::{Connection, End};
use crate::manifest::Object;
use crate::semantics::addresses::AddressSet;
use crate::verify::concrete::{Concrete, Pod, Truth};
use crate::verify::decide::{Port, World, decide};
use crate::verify::objects::{Enforcer, stacks};
use crate::verify::stack::Sides;

/// What the proof makes of objects on Calico.
pub(super) fn sides(objects: &[Object]) -> Sides {
    stacks(objects, Enforcer::Calico).unwrap_or_else(|fault| panic!("{fault:?}: {:#?}", objects[fault.object as usize]))
}

/// Whether a connection passes.
pub(super) fn passes(world: &World<'_>, connection: &Connection) -> bool {
    let protocol = match connection.protocol {
        "TCP" => 6,
        "UDP" => 17,
        "SCTP" => 132,
        "ICMP" => 1,
        _ => 58,
    };
    let port = Port { protocol, detail: connection.port.unwrap_or(0x0800) };
    match decide(world, &end(&connection.source), &end(&connection.destination), port).allowed {
        Truth::Yes => true,
        Truth::No => false,
        Truth::Unknown => panic!("nothing of it is unknown: {connection:?}"),
    }
}

fn end(end: &End) -> Concrete {
    let addresses = AddressSet::network(end.address.into());
    match &end.pod {
        None => Concrete::Outside(addresses),
        Some(pod) => Concrete::Pod(Pod {
            namespace: pod.namespace.into(),
            namespace_labels: pod.namespace_labels.clone(),
            labels: pod.labels.clone(),
            account: pod.account.into(),
            addresses,
            ports: Vec::new(),
        }),
    }
}
