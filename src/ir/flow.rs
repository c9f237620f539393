//! Isolations and flows.

use std::cmp::Ordering;
use std::ops::Deref;
use std::rc::Rc;

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::{Clusters, SentenceId};
use crate::semantics::addresses::AddressSet;
use crate::semantics::labels::Labels;
use crate::semantics::ports::PortSet;
use crate::source::Span;

/// Which sides of a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sides {
    /// Connections to it.
    pub ingress: bool,
    /// Connections it opens.
    pub egress: bool,
}

/// Pods that are closed but for what is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Isolation {
    /// The sentence or header.
    pub sentence: SentenceId,
    /// Which sides.
    pub sides: Sides,
    /// Whose pods.
    pub subject: Peers,
    /// Whether name resolution stays open (egress).
    pub dns: bool,
    /// Where it was said.
    pub scope: Scope,
    /// The clusters it was said for: those of the block that holds it.
    pub clusters: Rc<Clusters>,
}

/// Where a sentence stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// In a namespace's block.
    Namespace(SmolStr),
    /// In `everywhere`.
    Everywhere,
}

/// Allow or deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// `allow`.
    Allow,
    /// `deny`.
    Deny,
}

/// `allow` or `deny`, names resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// The sentence.
    pub sentence: SentenceId,
    /// Where it stands.
    pub scope: Scope,
    /// Allow or deny.
    pub verdict: Verdict,
    /// Who opens the connection.
    pub sources: Peers,
    /// To whom, each with its ports (peer lists are expanded, `pods` with a port name is
    /// one entry for each workload that has the name).
    pub destinations: SmallVec<[Destination; 1]>,
    /// What is cut out of the destinations.
    pub except: Vec<Peer>,
    /// Whether TLS was asked for.
    pub tls: bool,
    /// Whether it follows from a sentence of another kind (`expose`): it may well have no effect.
    pub implied: bool,
    /// The clusters it was said for: those of the block that holds it.
    pub clusters: Rc<Clusters>,
}

/// A peer with the ports that the sentence means there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Who.
    pub peer: Peer,
    /// On which ports.
    pub ports: Ports,
}

/// Ports, as far as they are known before the cluster is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ports {
    /// These.
    These(PortSet),
    /// None written, and the peer is one whose ports the cluster states (`dns`, `apiserver`).
    AsTheClusterSays,
}

/// A list of peers, less some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peers {
    /// Everything before `except`, peer lists expanded.
    pub list: SmallVec<[Peer; 1]>,
    /// Everything after it. What a peer list cuts out of itself stands at its members.
    pub except: Vec<Peer>,
}

/// One end. Its kind and name are read as if they were its own fields.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Peer {
    /// Who. Ends that name one workload in one way share it.
    pub who: Rc<Who>,
    /// What the peer list that it comes from cuts out of it (each less its own `except`).
    pub except: Vec<Peer>,
    /// Whether an allow opens this end's own side (docs/src/reference/flows.md: "the ends it names").
    pub opens: bool,
    /// Where it is written.
    pub span: Span,
}

impl Ord for Peer {
    /// First by what it means: how it is called and where it stands decides between equals only.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |peer: &Self| (peer.opens, peer.span);
        let meaning = self.kind.cmp(&other.kind).then_with(|| self.except.cmp(&other.except));
        meaning.then_with(|| key(self).cmp(&key(other))).then_with(|| self.name.cmp(&other.name))
    }
}

impl PartialOrd for Peer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Deref for Peer {
    type Target = Who;

    fn deref(&self) -> &Who {
        &self.who
    }
}

/// Who is at an end, and how it is called.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Who {
    /// Who.
    pub kind: PeerKind,
    /// How it is called in object names and messages: `api`, `orders/api`, `pods`, `10.0.0.0/8`.
    pub name: SmolStr,
}

/// Who, as far as it is known before the cluster is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeerKind {
    /// A workload of a namespace.
    Workload {
        /// The namespace.
        namespace: SmolStr,
        /// The workload's name. Its labels: [`PeerKind::Workload::selector`].
        name: SmolStr,
        /// Its pods' labels; none: by the cluster's workload-label, with its name as value.
        selector: Option<Labels>,
    },
    /// Pods by labels, of one namespace.
    Pods {
        /// The namespace.
        namespace: SmolStr,
        /// Their labels.
        pods: Labels,
    },
    /// Pods by labels, of every namespace whose labels satisfy a predicate (`any/pods`: all).
    PodsOf {
        /// The namespaces' labels.
        namespaces: Labels,
        /// The pods' labels.
        pods: Labels,
    },
    /// Pods that run under a service account.
    ServiceAccount {
        /// The namespace.
        namespace: SmolStr,
        /// The account.
        name: SmolStr,
    },
    /// Addresses.
    Addresses(Address),
    /// Every address and every pod.
    Anywhere,
    /// The Ingress controller's pods.
    Ingress,
    /// The nodes' addresses.
    Nodes,
    /// The name servers.
    Dns,
    /// The API server.
    ApiServer,
}

/// Addresses, by how they were named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// Written out.
    Literal(AddressSet),
    /// A literal that is a member of a declared list; the list's name, `namespace/name` for
    /// one that is private to a namespace.
    Listed(SmolStr, AddressSet),
    /// `internet`.
    Internet,
    /// `metadata`.
    Metadata,
}
