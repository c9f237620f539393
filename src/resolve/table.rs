//! Everything that can be named: namespaces, their workloads, and peer lists.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use smol_str::SmolStr;

use crate::ir::facts::Facts;
use crate::ir::{Clusters, Held, PodSecurity, SentenceId, Workload};
use crate::semantics::labels::Labels;
use crate::source::Span;
use crate::syntax::tree::Word;

use super::place::{Home, Node};

/// Namespaces that every cluster has.
pub(super) const EVERY_CLUSTER: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];
/// Namespaces that a cluster has where Calico enforces.
pub(super) const WITH_CALICO: [&str; 2] = ["calico-system", "tigera-operator"];

/// A value with the place that says so.
pub(super) type Said<T> = (T, Span);

/// A workload, with what only resolution asks of it.
#[derive(Debug, Clone)]
pub(super) struct Declared {
    /// As the IR has it; its selector is filled in last.
    pub(super) workload: Workload,
    /// Something in its block was wrong: what is missing there may just not have been read.
    pub(super) broken: bool,
    /// Its Services, by the number that clients see: (name, number, number or name of the pod's port).
    pub(super) services: Vec<(SmolStr, u16, SmolStr)>,
    /// The manifest that says its pods run in the host's network.
    pub(super) host_network: Option<String>,
    /// The labels that its pods carry, where they are known.
    pub(super) pod_labels: Option<BTreeMap<String, String>>,
}

/// A namespace, as its blocks and the manifests tell of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    /// Its name in each header.
    pub(super) headers: Vec<Span>,
    /// Where it is called external.
    pub(super) external: Option<Span>,
    /// Where a header isolates it.
    pub(super) isolated: Option<Span>,
    /// Another line that only its owner can write: labels, Pod Security.
    pub(super) ours: Option<Span>,
    /// Such lines in blocks that are limited to some clusters.
    pub(super) partial: Vec<(Rc<Clusters>, Span)>,
    /// Where a cluster's settings name it first.
    pub(super) named_by_cluster: Option<Span>,
    /// It stands in a manifest.
    pub(super) in_manifests: bool,
    /// Labels: value and the label's place. Of a manifest: no place.
    pub(super) labels: BTreeMap<String, Said<String>>,
    /// Labels found in manifests.
    pub(super) found_labels: BTreeMap<String, String>,
    /// `pod-security`.
    pub(super) pod_security: Option<Said<PodSecurity>>,
    /// `workload-label`.
    pub(super) workload_label: Option<Said<SmolStr>>,
    /// Workloads, declared or found.
    pub(super) workloads: BTreeMap<SmolStr, Declared>,
    /// Its own peer lists, as indexes into [`Table::lists`].
    pub(super) lists: BTreeMap<SmolStr, usize>,
    /// The clusters of all its blocks; none: no block yet.
    pub(super) clusters: Option<Clusters>,
    /// Its headers.
    pub(super) sentences: Vec<SentenceId>,
    /// A workload of it could not be read, so any name may be that one.
    pub(super) broken: bool,
    /// Something in the block of one of its workloads could not be read.
    pub(super) unread: bool,
}

/// A peer list.
#[derive(Debug, Clone)]
pub(super) struct List<'a> {
    /// Its name.
    pub(super) name: Word,
    /// Its sentence.
    pub(super) node: Node<'a>,
    /// Where it is declared.
    pub(super) home: Home,
}

/// All that can be named.
#[derive(Debug, Default)]
pub(super) struct Table<'a> {
    /// Namespaces.
    pub(super) namespaces: BTreeMap<Rc<str>, Entry>,
    /// Peer lists of the top level, as indexes into `lists`.
    pub(super) top_lists: BTreeMap<SmolStr, usize>,
    /// Peer lists that a use of a template brought, by use.
    pub(super) template_lists: BTreeMap<usize, BTreeMap<SmolStr, usize>>,
    /// All peer lists.
    pub(super) lists: Vec<List<'a>>,
    /// The workload-label where neither namespace nor cluster sets one; none: clusters differ.
    pub(super) workload_label: Option<SmolStr>,
    /// Whether some workload, or something in its block, could not be read.
    pub(super) unread: bool,
    /// Whether any cluster is enforced by Calico.
    pub(super) calico: bool,
}

impl<'a> Table<'a> {
    /// A namespace's entry; none if it is unknown.
    pub(super) fn namespace(&self, name: &str) -> Option<&Entry> {
        self.namespaces.get(name)
    }

    /// A namespace's entry, made where there is none.
    pub(super) fn entry(&mut self, name: &str) -> (Rc<str>, &mut Entry) {
        let key: Rc<str> = match self.namespaces.get_key_value(name) {
            Some((key, _)) => Rc::clone(key),
            None => Rc::from(name),
        };
        (Rc::clone(&key), self.namespaces.entry(key).or_default())
    }

    /// The peer lists declared at a place.
    pub(super) fn lists_at(&mut self, expansion: Option<usize>, home: &Home) -> &mut BTreeMap<SmolStr, usize> {
        match (expansion, home.namespace()) {
            (Some(expansion), _) => self.template_lists.entry(expansion).or_default(),
            (None, Some(namespace)) => &mut self.entry(namespace).1.lists,
            (None, None) => &mut self.top_lists,
        }
    }

    /// A workload of a namespace.
    pub(super) fn workload(&self, namespace: &str, name: &str) -> Option<&Declared> {
        self.namespaces.get(namespace)?.workloads.get(name)
    }

    /// A workload's labels; none where the cluster's workload-label decides.
    pub(super) fn selector(&self, namespace: &str, name: &str) -> Option<Labels> {
        let entry = self.namespaces.get(namespace)?;
        let declared = entry.workloads.get(name).and_then(|declared| declared.workload.selector.clone());
        declared.or_else(|| entry.workload_label.as_ref().map(|(key, _)| Labels::equal(key.clone(), name)))
    }

    /// The peer list that a bare name means, at a place.
    pub(super) fn list(&self, name: &str, home: &Home, expansion: Option<usize>) -> Option<usize> {
        let in_template = expansion.and_then(|e| self.template_lists.get(&e)).and_then(|lists| lists.get(name));
        let private = || home.namespace().and_then(|ns| self.namespaces.get(ns)).and_then(|entry| entry.lists.get(name));
        in_template.or_else(private).or_else(|| self.top_lists.get(name)).copied()
    }

    /// Whether nothing is written into a namespace.
    pub(super) fn is_external(&self, name: &str) -> bool {
        self.namespace(name).is_some_and(|entry| entry.held(name) == Held::External)
    }

    /// Adds the namespaces that every cluster has, and what the manifests hold.
    pub(super) fn add_known(&mut self, facts: &Facts) {
        for name in EVERY_CLUSTER {
            self.entry(name);
        }
        if self.calico {
            for name in WITH_CALICO {
                self.entry(name);
            }
        }
        let named: BTreeSet<&str> = facts.namespaces.keys().chain(facts.workloads.keys().map(|(ns, _)| ns)).map(String::as_str).collect();
        for name in named {
            let entry = self.entry(name).1;
            entry.in_manifests = true;
            entry.found_labels = facts.namespaces.get(name).cloned().unwrap_or_default();
        }
    }
}

impl Entry {
    /// Whose the namespace is.
    pub(super) fn held(&self, name: &str) -> Held {
        if self.external.is_some() {
            Held::External
        } else if is_built_in(name) {
            Held::Known
        } else if !self.headers.is_empty() {
            Held::Ours
        } else if self.named_by_cluster.is_some() {
            Held::External
        } else {
            Held::Known
        }
    }
}

/// Whether the cluster's makers own the namespace: its Namespace object is not ours to write.
pub(super) fn is_built_in(name: &str) -> bool {
    EVERY_CLUSTER.contains(&name) || WITH_CALICO.contains(&name)
}
