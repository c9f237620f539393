//! Addresses that have labels: NetworkSets, and host endpoints by their expected addresses
//! (network-targets.md §2.7, §2.8).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::head::Head;
use super::super::reader::Reader;
use super::super::valid::wrong;
use super::network;
use crate::manifest::tree::{Fault, typed};
use crate::semantics::addresses::{AddressSet, parse_network};
use crate::semantics::labels::{Labels, Word};
use crate::verify::inventory::Inventory;

/// All of them.
#[derive(Debug, Default)]
pub(in crate::verify::world) struct Sets(Vec<Set>);

#[derive(Debug)]
struct Set {
    /// None of what is cluster-wide.
    namespace: Option<String>,
    labels: BTreeMap<String, String>,
    /// Its namespace's.
    namespace_labels: BTreeMap<String, String>,
    members: AddressSet,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Object {
    metadata: Option<Metadata>,
    spec: Option<Spec>,
}

#[derive(Deserialize, Default)]
#[serde(expecting = "an object")]
struct Metadata {
    labels: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Spec {
    nets: Option<Vec<String>>,
    #[serde(rename = "expectedIPs")]
    expected_ips: Option<Vec<String>>,
    allowed_egress_domains: Option<Vec<String>>,
}

/// Reads one.
pub(in crate::verify::world) fn read<'n>(reader: &mut Reader<'n>, head: &Head<'n>) -> Result<(), Fault> {
    let (object, _): (Object, _) = typed(head.node, "")?;
    let spec = object.spec.unwrap_or_default();
    let mut labels = object.metadata.unwrap_or_default().labels.unwrap_or_default();
    let mut members = AddressSet::none();
    for (index, text) in spec.nets.iter().flatten().enumerate() {
        members = members.union(&AddressSet::network(network(text, || format!("spec.nets[{index}]"))?));
    }
    for (index, text) in spec.expected_ips.iter().flatten().enumerate() {
        let Some(address) = parse_network(text) else {
            return wrong(format!("spec.expectedIPs[{index}]"), format!("`{text}` is no address"));
        };
        members = members.union(&AddressSet::network(address));
    }
    if spec.allowed_egress_domains.is_some_and(|domains| !domains.is_empty()) {
        let why = "names of the DNS are resolved by Calico's commercial versions alone";
        reader.not_understood(head, "spec.allowedEgressDomains", why, super::super::Reach::everything());
    }
    let namespace = (head.kind == "NetworkSet").then(|| head.own_namespace().to_owned());
    if let Some(name) = &namespace {
        labels.insert("projectcalico.org/namespace".to_owned(), name.clone());
    }
    reader.sets.0.push(Set { namespace, labels, namespace_labels: BTreeMap::new(), members });
    Ok(())
}

impl Sets {
    /// Gives each set its namespace's labels, under both of the names that Calico has for them.
    pub(in crate::verify::world) fn in_namespaces(&mut self, inventory: &Inventory) {
        for set in &mut self.0 {
            let Some(namespace) = &set.namespace else { continue };
            let mut labels: BTreeMap<String, String> =
                inventory.namespace_labels(namespace).into_iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
            labels.insert("projectcalico.org/name".to_owned(), namespace.clone());
            set.labels.extend(labels.iter().map(|(key, value)| (format!("pcns.{key}"), value.clone())));
            set.namespace_labels = labels;
        }
    }

    /// The members of all sets that have such labels and are of such a place.
    pub(super) fn members(&self, alternatives: &[Labels], place: &Place<'_>) -> AddressSet {
        let is_there = |set: &Set| match (place, &set.namespace) {
            (Place::Anywhere, _) => true,
            (Place::Global, namespace) => namespace.is_none(),
            (Place::Namespace(name), namespace) => namespace.as_deref() == Some(*name),
            (Place::Namespaces { labels, any_thing }, namespace) => {
                (*any_thing || namespace.is_some()) && labels.iter().any(|it| it.admits(&set.namespace_labels))
            }
        };
        let chosen = self.0.iter().filter(|set| is_there(set) && alternatives.iter().any(|labels| labels.admits(&set.labels)));
        chosen.fold(AddressSet::none(), |all, set| all.union(&set.members))
    }
}

impl Sets {
    /// The values that a label has at some set, or at its namespace.
    pub(super) fn values(&self, key: &str) -> impl Iterator<Item = Word> {
        let labels = self.0.iter().flat_map(|set| [&set.labels, &set.namespace_labels]);
        labels.filter_map(move |labels| labels.get(key)).map(Word::from)
    }
}

/// Where something is.
pub(super) enum Place<'a> {
    Anywhere,
    /// In no namespace.
    Global,
    Namespace(&'a str),
    /// In a namespace with such labels, or, of `any_thing`, in none that lacks them.
    Namespaces {
        labels: Vec<Labels>,
        any_thing: bool,
    },
}
