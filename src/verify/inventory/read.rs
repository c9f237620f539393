//! Objects to inventory, by kind.

use std::net::IpAddr;

use serde::Deserialize;
use smol_str::SmolStr;

use super::{ContainerPort, Inventory, LabelSet, Namespace, Node, Service, ServicePort, Target, Workload, entries, group};
use crate::manifest::read::object::{Labeled, Service as ServiceObject};
use crate::manifest::read::port;
use crate::manifest::read::workload::{self, Status, Workload as WorkloadObject};
use crate::manifest::tree::{Fault, typed};
use crate::semantics::pods::NAMESPACE_NAME;
use crate::semantics::ports::Protocol;
use crate::verify::world::head::Head;
use crate::verify::world::words::Words;

/// What was read so far.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    pub(super) inventory: Inventory,
    /// Workloads, with what owns them.
    pub(super) owned: Vec<group::Owned>,
}

/// Reads one object, if its kind is one of the inventory's.
pub(in crate::verify) fn read(reader: &mut Reader, words: &mut Words, head: &Head<'_>) -> Result<(), Fault> {
    match (head.group(), head.kind) {
        ("", "Namespace") => namespace(reader, words, head),
        ("", "ServiceAccount") => account(reader, words, head),
        ("", "Node") => node(reader, words, head),
        ("", "Service") => service(reader, words, head),
        ("apps" | "extensions", "Deployment" | "DaemonSet" | "ReplicaSet")
        | ("apps", "StatefulSet")
        | ("batch", "Job" | "CronJob")
        | ("", "Pod" | "ReplicationController") => workload(reader, words, head),
        _ => entries::read(reader, words, head),
    }
}

/// Labels of texts.
pub(super) fn label_set<K: AsRef<str>, V: AsRef<str>>(words: &mut Words, labels: impl IntoIterator<Item = (K, V)>) -> LabelSet {
    labels.into_iter().map(|(key, value)| (words.word(key.as_ref()), words.word(value.as_ref()))).collect()
}

/// What the server writes on every namespace.
pub(super) fn forced(name: &str) -> LabelSet {
    LabelSet::from([(SmolStr::new_static(NAMESPACE_NAME), SmolStr::new(name))])
}

fn labels_of(words: &mut Words, head: &Head<'_>) -> Result<LabelSet, Fault> {
    let (object, _): (Labeled, _) = typed(head.node, "")?;
    Ok(label_set(words, object.metadata.labels.unwrap_or_default()))
}

fn namespace(reader: &mut Reader, words: &mut Words, head: &Head<'_>) -> Result<(), Fault> {
    let mut labels = labels_of(words, head)?;
    labels.extend(forced(head.name));
    reader.inventory.namespaces.insert(words.word(head.name), Namespace { labels, declared: true });
    Ok(())
}

/// Enters the namespace of an object; its labels are known only where its own object is read.
pub(super) fn mention(reader: &mut Reader, words: &mut Words, head: &Head<'_>) -> SmolStr {
    let name = words.word(head.own_namespace());
    let namespace = || Namespace { labels: forced(head.own_namespace()), declared: false };
    reader.inventory.namespaces.entry(name.clone()).or_insert_with(namespace);
    name
}

fn account(reader: &mut Reader, words: &mut Words, head: &Head<'_>) -> Result<(), Fault> {
    let labels = labels_of(words, head)?;
    let namespace = mention(reader, words, head);
    reader.inventory.accounts.insert((namespace, words.word(head.name)), labels);
    Ok(())
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct NodeObject {
    status: Option<NodeStatus>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct NodeStatus {
    addresses: Option<Vec<NodeAddress>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct NodeAddress {
    #[serde(default)]
    address: String,
}

fn node(reader: &mut Reader, words: &mut Words, head: &Head<'_>) -> Result<(), Fault> {
    let labels = labels_of(words, head)?;
    let (object, _): (NodeObject, _) = typed(head.node, "")?;
    let written = object.status.and_then(|status| status.addresses).unwrap_or_default();
    let addresses = written.iter().filter_map(|it| it.address.parse().ok()).collect();
    reader.inventory.nodes.insert(words.word(head.name), Node { labels, addresses });
    Ok(())
}

fn service(reader: &mut Reader, words: &mut Words, head: &Head<'_>) -> Result<(), Fault> {
    let (object, _): (ServiceObject, _) = typed(head.node, "")?;
    let mut ports = Vec::new();
    for port in object.spec.ports.unwrap_or_default() {
        let port::Number(number) = port.port;
        let target = match port.target_port {
            None | Some(port::Target::Own) => Target::Number(number),
            Some(port::Target::Number(target)) => Target::Number(target),
            Some(port::Target::Name(name)) => Target::Name(words.word(&name)),
        };
        let name = port.name.filter(|name| !name.is_empty()).map(|name| words.word(&name));
        ports.push(ServicePort { name, number, protocol: protocol(port.protocol.as_deref())?, target });
    }
    let selector = label_set(words, object.spec.selector.unwrap_or_default());
    let namespace = mention(reader, words, head);
    reader.inventory.services.insert((namespace, words.word(head.name)), Service { place: head.place(), selector, ports });
    Ok(())
}

/// A port's protocol, TCP where none is named.
fn protocol(written: Option<&str>) -> Result<Protocol, Fault> {
    match written {
        None | Some("") => Ok(Protocol::Tcp),
        Some(name) => {
            let found = Protocol::ALL.into_iter().find(|it| it.as_str() == name);
            found.ok_or_else(|| Fault { path: "spec".to_owned(), text: format!("`{name}` is no protocol: TCP, UDP or SCTP") })
        }
    }
}

fn workload(reader: &mut Reader, words: &mut Words, head: &Head<'_>) -> Result<(), Fault> {
    let (mut object, _): (WorkloadObject, _) = typed(head.node, "")?;
    let status = object.status.take();
    if status.as_ref().and_then(|status| status.phase.as_deref()).is_some_and(|phase| matches!(phase, "Succeeded" | "Failed")) {
        // Its pod is over, and its address another's.
        return Ok(());
    }
    let owner = object.metadata.owner_references.take().and_then(group::controller);
    let template = object.take_template();
    let mut ports = Vec::new();
    for port in workload::ports(&template.spec) {
        let name = port.name.filter(|name| !name.is_empty()).map(|name| words.word(&name));
        ports.push(ContainerPort { name, number: port.number, protocol: protocol(Some(&port.protocol))? });
    }
    let (addresses, hosts) = if head.kind == "Pod" { addresses(status) } else { <(Vec<IpAddr>, Vec<IpAddr>)>::default() };
    let workload = Workload {
        namespace: mention(reader, words, head),
        name: words.word(head.name),
        kind: words.word(head.kind),
        place: head.place(),
        account: template.spec.account().map_or(SmolStr::new_static("default"), |name| words.word(name)),
        host_network: template.spec.host_network.unwrap_or_default(),
        labels: label_set(words, template.metadata.labels.unwrap_or_default()),
        ports,
        addresses,
        hosts,
    };
    reader.owned.push(group::Owned { workload, owner });
    Ok(())
}

/// A pod's addresses and its node's.
fn addresses(status: Option<Status>) -> (Vec<IpAddr>, Vec<IpAddr>) {
    let Some(status) = status else { return <(Vec<IpAddr>, Vec<IpAddr>)>::default() };
    let several = status.pod_ips.unwrap_or_default().into_iter().map(|it| it.ip);
    let mut own: Vec<IpAddr> = status.pod_ip.into_iter().chain(several).filter_map(|text| text.parse().ok()).collect();
    own.sort_unstable();
    own.dedup();
    (own, status.host_ip.and_then(|text| text.parse().ok()).into_iter().collect())
}

impl Reader {
    /// Everything, with pods under what owns them.
    pub(crate) fn finish(self) -> Inventory {
        Inventory { workloads: group::grouped(self.owned), ..self.inventory }
    }
}
