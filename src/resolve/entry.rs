//! A namespace and its workloads, as the first pass finds them.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use smol_str::SmolStr;

use crate::ir::{Clusters, Held, PeerKind, PodSecurity, SentenceId, Who, Workload};
use crate::semantics::labels::Labels;
use crate::source::Span;

use super::table::{Said, is_built_in};

/// A workload, with what only resolution asks of it.
#[derive(Debug)]
pub(super) struct Declared {
    /// As the IR has it; its selector is filled in last.
    pub(super) workload: Box<Workload>,
    /// What few workloads have.
    pub(super) beside: Option<Box<Beside>>,
    /// Who it is in its own namespace's sentences; made when first asked for.
    who: OnceCell<Rc<Who>>,
}

/// What resolution asks of a workload beside what the IR has.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// Something in its block was wrong: what is missing there may just not have been read.
    pub(super) broken: bool,
    /// Its Services, by the number that clients see: (name, number, number or name of the pod's port).
    pub(super) services: Vec<(SmolStr, u16, SmolStr)>,
    /// A Service named without its ports.
    pub(super) service: Option<SmolStr>,
    /// The manifest that says its pods run in the host's network.
    pub(super) host_network: Option<String>,
    /// The labels that its pods carry, where they are known.
    pub(super) pod_labels: Option<BTreeMap<String, String>>,
}

impl Declared {
    /// A workload as the IR has it.
    pub(super) fn new(workload: Workload) -> Self {
        Declared { workload: Box::new(workload), beside: None, who: OnceCell::new() }
    }

    /// What few workloads have, to be filled in.
    pub(super) fn beside(&mut self) -> &mut Beside {
        self.beside.get_or_insert_default()
    }

    /// Whether something in its block was wrong.
    pub(super) fn is_broken(&self) -> bool {
        self.beside.as_ref().is_some_and(|beside| beside.broken)
    }

    /// Its Services.
    pub(super) fn services(&self) -> &[(SmolStr, u16, SmolStr)] {
        self.beside.as_ref().map(|beside| beside.services.as_slice()).unwrap_or_default()
    }

    /// The manifest that says its pods run in the host's network.
    pub(super) fn host_network(&self) -> Option<&str> {
        self.beside.as_ref()?.host_network.as_deref()
    }

    /// The labels that its pods carry, where they are known.
    pub(super) fn pod_labels(&self) -> Option<&BTreeMap<String, String>> {
        self.beside.as_ref()?.pod_labels.as_ref()
    }

    /// The peer that the workload's own name means, one for all sentences of its namespace.
    pub(super) fn who(&self, namespace: &SmolStr, entry: &Entry) -> &Rc<Who> {
        self.who.get_or_init(|| {
            let name = self.workload.name.clone();
            Rc::new(Who { kind: entry.kind_of(namespace, &name, Some(self)), name })
        })
    }
}

/// A namespace, as its blocks and the manifests tell of it.
#[derive(Debug, Default)]
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
    /// Its own peer lists, as indexes into [`super::table::Table::lists`].
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

impl Entry {
    /// Whose the namespace is.
    pub(super) fn held(&self, name: &str) -> Held {
        if self.is_external(name) {
            Held::External
        } else if is_built_in(name) || self.headers.is_empty() {
            Held::Known
        } else {
            Held::Ours
        }
    }

    /// Whether nothing is written into it.
    pub(super) fn is_external(&self, name: &str) -> bool {
        self.external.is_some() || (self.headers.is_empty() && self.named_by_cluster.is_some() && !is_built_in(name))
    }

    /// A workload's labels; none where the cluster's workload-label decides.
    pub(super) fn selector(&self, name: &str) -> Option<Labels> {
        self.selector_of(name, self.workloads.get(name))
    }

    fn selector_of(&self, name: &str, declared: Option<&Declared>) -> Option<Labels> {
        let own = declared.and_then(|declared| declared.workload.selector.clone());
        own.or_else(|| self.workload_label.as_ref().map(|(key, _)| Labels::equal(key.clone(), name)))
    }

    /// A workload of it as the IR names it.
    pub(super) fn kind_of(&self, namespace: &SmolStr, name: &SmolStr, declared: Option<&Declared>) -> PeerKind {
        PeerKind::Workload { namespace: namespace.clone(), name: name.clone(), selector: self.selector_of(name, declared) }
    }
}
