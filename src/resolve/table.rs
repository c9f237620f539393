//! Everything that can be named: namespaces, their workloads, and peer lists.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use smol_str::SmolStr;

use crate::hash::Seeded;
use crate::ir::facts::Facts;
use crate::source::Span;
use crate::syntax::tree::Word;

use super::entry::{Declared, Entry};
use super::place::{Home, Node};

/// Namespaces that every cluster has.
pub(super) const EVERY_CLUSTER: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];
/// Namespaces that a cluster has where Calico enforces.
pub(super) const WITH_CALICO: [&str; 2] = ["calico-system", "tigera-operator"];

/// A value with the place that says so.
pub(super) type Said<T> = (T, Span);

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
    /// Namespaces, in the order in which they were first named: a block knows the place of its own here, so that
    /// none is sought for it again.
    pub(super) namespaces: IndexMap<SmolStr, Entry, Seeded>,
    /// Places of namespaces, by name; made once all are known.
    by_name: OnceCell<Vec<usize>>,
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

    /// The namespace that a block is of, by its name.
    pub(super) fn own(&self, home: &Home) -> Option<(&SmolStr, &Entry)> {
        self.namespaces.get_index(home.place()?)
    }

    /// The same, to be changed.
    pub(super) fn own_mut(&mut self, home: &Home) -> Option<&mut Entry> {
        self.namespaces.get_index_mut(home.place()?).map(|(_, entry)| entry)
    }

    /// A namespace's entry, made where there is none.
    pub(super) fn entry(&mut self, name: &str) -> &mut Entry {
        self.placed(&SmolStr::new(name)).1
    }

    /// The same, with its place.
    pub(super) fn placed(&mut self, name: &SmolStr) -> (usize, &mut Entry) {
        let slot = self.namespaces.entry(name.clone());
        (slot.index(), slot.or_default())
    }

    /// All namespaces, by name.
    pub(super) fn by_name(&self) -> impl Iterator<Item = (&SmolStr, &Entry)> {
        let places = self.by_name.get_or_init(|| {
            let mut places: Vec<usize> = (0..self.namespaces.len()).collect();
            places.sort_by_key(|place| self.namespaces.get_index(*place).map(|(name, _)| name));
            places
        });
        places.iter().filter_map(|place| self.namespaces.get_index(*place))
    }

    /// The peer lists declared at a place.
    pub(super) fn lists_at(&mut self, expansion: Option<usize>, home: &Home) -> &mut BTreeMap<SmolStr, usize> {
        match (expansion, home.place().and_then(|place| self.namespaces.get_index_mut(place))) {
            (Some(expansion), _) => self.template_lists.entry(expansion).or_default(),
            (None, Some((_, entry))) => &mut entry.lists,
            (None, None) => &mut self.top_lists,
        }
    }

    /// A workload of a namespace.
    pub(super) fn workload(&self, namespace: &str, name: &str) -> Option<&Declared> {
        self.namespaces.get(namespace)?.workloads.get(name)
    }

    /// The peer list that a bare name means, at a place.
    pub(super) fn list(&self, name: &str, home: &Home, expansion: Option<usize>) -> Option<usize> {
        let in_template = expansion.and_then(|e| self.template_lists.get(&e)).and_then(|lists| lists.get(name));
        let private = || self.own(home).and_then(|(_, entry)| entry.lists.get(name));
        in_template.or_else(private).or_else(|| self.top_lists.get(name)).copied()
    }

    /// Whether nothing is written into a namespace.
    pub(super) fn is_external(&self, name: &str) -> bool {
        self.namespace(name).is_some_and(|entry| entry.is_external(name))
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
            self.entry(name).found_labels = facts.namespaces.get(name).cloned().unwrap_or_default();
        }
    }
}

/// Whether the cluster's makers own the namespace: its Namespace object is not ours to write.
pub(super) fn is_built_in(name: &str) -> bool {
    EVERY_CLUSTER.contains(&name) || WITH_CALICO.contains(&name)
}
