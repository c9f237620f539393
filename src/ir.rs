//! What the author means: names resolved, ports numbered, nothing of YAML or vendors.
//!
//! What depends on a cluster (where its DNS is, which addresses are its own) is still
//! a word here; `plan` answers it cluster by cluster. Every item leads back to its
//! sentence by a [`SentenceId`].

pub mod access;
pub mod assertion;
pub mod cluster;
pub mod facts;
pub mod flow;
pub mod namespace;
pub mod served;
pub mod tls;

use std::collections::BTreeSet;

use indexmap::IndexMap;
use smol_str::SmolStr;

pub use access::{Grant, Identity, Role};
pub use assertion::{Assertion, Claim};
pub use cluster::Cluster;
pub use flow::{Address, Destination, Flow, Isolation, Peer, PeerKind, Peers, Ports, Scope, Sides, Verdict, Who};
pub use namespace::{Clusters, Held, Namespace, PodSecurity, Workload, WorkloadPort};

use crate::hash::Seeded;
use crate::source::Span;

/// Index into [`Policy::sentences`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SentenceId(pub u32);

/// A sentence as every answer cites it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Where it stands; for one of a template: in the template.
    pub span: Span,
    /// The `use` sentences that brought it here, outermost first.
    pub used_at: Box<[Span]>,
    /// Its clauses; none where it has none, as most sentences.
    pub clauses: Option<Box<Clauses>>,
}

/// What a sentence says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clauses {
    /// `because`.
    pub because: Option<SmolStr>,
    /// `owner`.
    pub owner: Option<SmolStr>,
    /// `id`.
    pub id: Option<SmolStr>,
    /// `until`, as written: an ISO date, already checked.
    pub until: Option<SmolStr>,
}

impl Sentence {
    /// `because`.
    #[must_use]
    pub fn because(&self) -> Option<&SmolStr> {
        self.clauses.as_ref()?.because.as_ref()
    }

    /// `owner`.
    #[must_use]
    pub fn owner(&self) -> Option<&SmolStr> {
        self.clauses.as_ref()?.owner.as_ref()
    }

    /// `id`.
    #[must_use]
    pub fn id(&self) -> Option<&SmolStr> {
        self.clauses.as_ref()?.id.as_ref()
    }
}

/// The whole policy set.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// All clusters, by name; one named `default` where none is declared.
    pub clusters: Vec<Cluster>,
    /// All namespaces that are declared, known or found in the manifests given, by name: in its order, and found by it.
    pub namespaces: IndexMap<SmolStr, Namespace, Seeded>,
    /// All `isolate` sentences and headers.
    pub isolations: Vec<Isolation>,
    /// All `allow` and `deny` sentences.
    pub flows: Vec<Flow>,
    /// All `role` sentences.
    pub roles: Vec<Role>,
    /// All `grant` sentences.
    pub grants: Vec<Grant>,
    /// Kinds that `resource` sentences declare.
    pub customs: Vec<access::Custom>,
    /// All `authority` blocks, by name.
    pub authorities: IndexMap<SmolStr, tls::Authority, Seeded>,
    /// All `expose` sentences.
    pub exposures: Vec<tls::Exposure>,
    /// All `redirect` sentences.
    pub redirects: Vec<tls::Redirect>,
    /// All `mutual tls` sentences.
    pub mutual_tls: Vec<tls::MutualTls>,
    /// All `require tls on ingress` sentences.
    pub required_tls: Vec<tls::RequireTls>,
    /// Kinds that definitions among the manifests bring, by group and name.
    pub definitions: Vec<crate::surface::Custom>,
    /// Service accounts, by namespace and name, that the manifests given have: they are somebody else's to write.
    pub accounts: BTreeSet<(SmolStr, SmolStr)>,
    /// All `assert` sentences but those about access.
    pub assertions: Vec<Assertion>,
    /// All `assert nobody` sentences.
    pub nobody: Vec<access::Nobody>,
    /// Manifests passed through.
    pub includes: Vec<Include>,
    /// Every sentence that something above comes from.
    pub sentences: Vec<Sentence>,
}

impl Policy {
    /// The sentence of an id.
    #[must_use]
    pub fn sentence(&self, id: SentenceId) -> Option<&Sentence> {
        self.sentences.get(id.0 as usize)
    }
}

/// A manifest file passed through as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    /// The sentence.
    pub sentence: SentenceId,
    /// The file's path, as the file set names it.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The namespace whose block holds the sentence.
    pub namespace: Option<String>,
    /// The clusters it was said for: those of the block that holds it.
    pub clusters: Clusters,
    /// Where it says `unanalysed`.
    pub unanalysed: Option<Span>,
    /// Whether every kind among its objects is one of which it is known what it opens and closes.
    pub known: bool,
}
