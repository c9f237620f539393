//! Everyone: each workload, a pod of each kind that some rule speaks of, a pod that nobody speaks of,
//! and the addresses outside. As many as the policy and the manifests are long.

use std::collections::BTreeSet;

use smol_str::{SmolStr, format_smolstr};

use super::lookup::{Group, OTHER};
use super::model::Cluster;
use super::shown;
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::Values;
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::verify::query::Ends;

/// The addresses that are no pod's, as lists call them.
pub(super) const OUTSIDE: &str = "outside";

impl Cluster<'_> {
    /// Everyone, sorted by name.
    pub(super) fn everyone(&self) -> &[Group] {
        self.everyone.get_or_init(|| self.all_groups())
    }

    fn all_groups(&self) -> Vec<Group> {
        let mut all = Everyone { cluster: self, seen: BTreeSet::new(), groups: Vec::new() };
        let everywhere = PodBox::default();
        for (name, workload) in self.known.among(&everywhere).filter(|(_, workload)| !workload.host_network) {
            all.add(self.listed(name, workload));
        }
        let named = self.known.namespaces.iter().filter(|(name, _)| self.is_spoken_of(name));
        for (name, namespace) in named {
            let own = PodBox { namespace: namespace.labels.clone(), ..PodBox::default() };
            all.add_pods(format_smolstr!("{OTHER}{name}/pods"), &own);
        }
        all.add_pods(format_smolstr!("{OTHER}namespaces/pods"), &self.unnamed(&PodBox::default()));
        let mut spoken: Vec<PodBox> = self.keys.boxes().map(|pods| self.known.at_home(pods)).collect();
        spoken.sort();
        spoken.dedup();
        for pods in &spoken {
            all.add_spoken_of(pods);
        }
        let outside = EndBox::Outside(AddressSet::all().difference(&self.stated_pod_addresses()));
        all.add(Group {
            name: OUTSIDE.into(),
            ends: Ends { boxes: vec![outside], ports: None },
            workload: None,
            home: None,
            listed: true,
            leads: None,
        });
        let mut groups = all.groups;
        groups.sort_by(|a, b| a.name.cmp(&b.name));
        groups
    }

    /// Whether a rule or a workload is about the namespace: then its other pods may differ from everybody's.
    fn is_spoken_of(&self, name: &SmolStr) -> bool {
        self.keys.has_name(name) || self.known.of_namespace(name).next().is_some()
    }

    /// Pods of namespaces that nobody names.
    fn unnamed(&self, pods: &PodBox) -> PodBox {
        let names = self.known.namespaces.keys().cloned().chain(self.keys.names().cloned());
        let unnamed = Values::none_of(names).intersection(&Values::present());
        PodBox { namespace: pods.namespace.clone().and(NAMESPACE_NAME, unnamed), ..pods.clone() }
    }
}

/// The groups so far; pods that are alike are one.
struct Everyone<'a, 'm> {
    cluster: &'a Cluster<'m>,
    seen: BTreeSet<Vec<EndBox>>,
    groups: Vec<Group>,
}

impl Everyone<'_, '_> {
    fn add(&mut self, group: Group) {
        if group.ends.boxes.iter().all(|end| !end.is_empty()) && self.seen.insert(group.ends.boxes.clone()) {
            self.groups.push(group);
        }
    }

    fn add_pods(&mut self, name: SmolStr, pods: &PodBox) {
        let end = self.cluster.pods_end(self.cluster.keys.plain(pods));
        let home = pods.namespace_name().map(SmolStr::from);
        self.add(Group { name, ends: Ends { boxes: vec![end], ports: None }, workload: None, home, listed: true, leads: None });
    }

    /// Pods that a rule speaks of and that are no workload; those of every namespace stand for one that nobody names.
    fn add_spoken_of(&mut self, pods: &PodBox) {
        // A workload among them stands for them.
        if self.cluster.known.among(pods).next().is_some() {
            return;
        }
        let name = shown::peer(pods);
        match pods.namespace.get(NAMESPACE_NAME).and_then(Values::only) {
            Some(_) => self.add_pods(name.into(), pods),
            None => self.add_pods(name.into(), &self.cluster.unnamed(pods)),
        }
    }
}
