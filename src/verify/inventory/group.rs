//! Pods and what made them are one workload: the owner's, by its name.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{LabelSet, Workload};
use crate::manifest::read::workload::Owner;

/// A workload, and the controller that made it.
#[derive(Debug)]
pub(super) struct Owned {
    pub(super) workload: Workload,
    /// Kind and name.
    pub(super) owner: Option<(SmolStr, SmolStr)>,
}

/// Labels that controllers give each of their pods for their own use: pods that differ in nothing else are alike.
const CONTROLLERS: [&str; 8] = [
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "controller-revision-hash",
    "controller-uid",
    "pod-template-generation",
    "pod-template-hash",
    "statefulset.kubernetes.io/pod-name",
];

/// The owner that controls, or the only one. A node owns the pods that its kubelet starts by itself, which are nobody's.
pub(super) fn controller(owners: Vec<Owner>) -> Option<(SmolStr, SmolStr)> {
    let chosen = owners.iter().find(|owner| owner.controller == Some(true)).or(owners.first())?;
    (chosen.kind != "Node").then(|| (chosen.kind.as_str().into(), chosen.name.as_str().into()))
}

type Id = (SmolStr, SmolStr, SmolStr);

/// The workloads by namespace, name and kind. Pods of an owner that are not alike stay under their own names.
pub(super) fn grouped(all: Vec<Owned>) -> Vec<Workload> {
    let id = |workload: &Workload| (workload.namespace.clone(), workload.name.clone(), workload.kind.clone());
    let owners: BTreeMap<Id, Id> = all
        .iter()
        .filter_map(|Owned { workload, owner }| {
            let (kind, name) = owner.clone().filter(|(_, name)| !name.is_empty())?;
            // Who writes an owner without its kind means one of the same.
            let kind = if kind.is_empty() { workload.kind.clone() } else { kind };
            Some((id(workload), (workload.namespace.clone(), name, kind)))
        })
        .collect();
    let mut groups: BTreeMap<Id, Workload> = BTreeMap::new();
    // What nobody made comes first: its pods are like it.
    let (made, own): (Vec<Owned>, Vec<Owned>) = all.into_iter().partition(|it| owners.contains_key(&id(&it.workload)));
    for Owned { workload, .. } in own {
        groups.entry(id(&workload)).or_insert(workload);
    }
    for Owned { workload, .. } in made {
        let top = top(&owners, id(&workload));
        match groups.get_mut(&top) {
            Some(group) if are_alike(group, &workload) => join(group, workload),
            Some(_) => {
                groups.entry(id(&workload)).or_insert(workload);
            }
            None => {
                let (_, name, kind) = top.clone();
                let labels = plain(&workload.labels);
                groups.insert(top, Workload { name, kind, labels, ..workload });
            }
        }
    }
    groups.into_values().collect()
}

/// The last owner of owners.
fn top(owners: &BTreeMap<Id, Id>, start: Id) -> Id {
    let mut id = start;
    // Longer chains than Deployment, ReplicaSet, Pod and CronJob, Job, Pod are circles.
    for _ in 0..4 {
        match owners.get(&id) {
            Some(owner) => id = owner.clone(),
            None => break,
        }
    }
    id
}

fn plain(labels: &LabelSet) -> LabelSet {
    labels.iter().filter(|(key, _)| !CONTROLLERS.contains(&key.as_str())).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Whether no policy can tell them apart, but for the address.
fn are_alike(one: &Workload, other: &Workload) -> bool {
    one.account == other.account
        && one.host_network == other.host_network
        && one.ports == other.ports
        && plain(&one.labels) == plain(&other.labels)
}

fn join(group: &mut Workload, other: Workload) {
    group.addresses.extend(other.addresses);
    group.hosts.extend(other.hosts);
    for list in [&mut group.addresses, &mut group.hosts] {
        list.sort_unstable();
        list.dedup();
    }
}
