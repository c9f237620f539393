//! The tree of a policy file: what was written, and where.
//!
//! Nothing is resolved here: a bare name is a [`Word`], whatever it may mean.

mod access;
mod tls;

use smol_str::SmolStr;

use crate::source::{FileId, Span};

pub use access::{Can, Grant, Nobody, On, ResourceDeclaration, ResourceName, Role, Subject, SubjectKind};
pub use tls::{Backend, Expose, Exposed, Signing};

/// A policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Which file.
    pub file: FileId,
    /// Its sentences, in the order written.
    pub sentences: Vec<Sentence>,
    /// Every comment, `#` included, in the order written.
    pub comments: Vec<Span>,
    /// Whether a sentence that could not be read may have declared a name: what others name
    /// then may not be missing at all.
    pub names_lost: bool,
}

/// How a word was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// As it stands.
    Bare,
    /// In quotes: always a name.
    Quoted,
    /// `$name`: a template's parameter; `text` holds the name without `$`.
    Parameter,
}

/// A name, value or number, as a word of the text. Quotes and escapes are undone in `text`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word {
    /// What it says.
    pub text: SmolStr,
    /// How it was written.
    pub form: Form,
    /// Where, quotes included.
    pub span: Span,
}

/// One sentence with its block, if it has one, and its clauses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// From the first word to the last (the block included).
    pub span: Span,
    /// The words that say which sentence it is (`allow`, `namespace`, `mutual tls`).
    pub keyword: Span,
    /// The clauses at its end (before `{` where it has a block). Most sentences have none.
    pub clauses: Option<Box<Clauses>>,
    /// What it says.
    pub kind: Kind,
}

/// `because`, `owner`, `until`, `id`: kept, and shown by every answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clauses {
    /// `because "…"`.
    pub because: Option<Word>,
    /// `owner payments-team`.
    pub owner: Option<Word>,
    /// `until 2027-03-31`; the span covers the keyword too, the text is the date.
    pub until: Option<Word>,
    /// `id pay-01`.
    pub id: Option<Word>,
}

/// What a sentence says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `edition 1`.
    Edition(Word),
    /// `namespace …` and `namespaces …`.
    Namespace(Namespace),
    /// `everywhere { … }`.
    Everywhere(Vec<Sentence>),
    /// `hosts NAME { … }`.
    Hosts {
        /// Its name.
        name: Word,
        /// Its sentences.
        body: Vec<Sentence>,
    },
    /// `cluster NAME { … }`.
    Cluster {
        /// Its name.
        name: Word,
        /// What it states (all of kind [`Kind::Setting`]).
        body: Vec<Sentence>,
    },
    /// A line of a `cluster` block: few and large.
    Setting(Box<Setting>),
    /// `peers NAME = …`.
    Peers {
        /// Its name.
        name: Word,
        /// What it stands for.
        peers: Peers,
    },
    /// `template NAME(…) { … }`.
    Template {
        /// Its name.
        name: Word,
        /// Its parameters, without `$`.
        parameters: Vec<Word>,
        /// Its sentences.
        body: Vec<Sentence>,
    },
    /// `use NAME(…)`.
    Use {
        /// The template.
        name: Word,
        /// What stands for its parameters.
        arguments: Vec<Word>,
    },
    /// `include "FILE" [unanalysed]`.
    Include {
        /// The file, relative to this one.
        path: Word,
        /// The word `unanalysed`, where it stands.
        unanalysed: Option<Span>,
    },
    /// `labels K=V, …`.
    Labels(Vec<(Word, Word)>),
    /// `pod-security LEVEL`: `privileged`, `baseline` or `restricted`.
    PodSecurity(Word),
    /// `workload-label KEY`.
    WorkloadLabel(Word),
    /// `workload NAME …`.
    Workload(Workload),
    /// `select …`, in a workload or in hosts.
    Select(Vec<Requirement>),
    /// `ports …`.
    Ports(Vec<PortDeclaration>),
    /// `service NAME [443 -> https, …]`.
    Service {
        /// The Service's name.
        name: Word,
        /// Its ports: (Service's port, pod's port by name or number).
        ports: Vec<(PortNumbers, Port)>,
    },
    /// `serviceaccount NAME`, in a workload.
    ServiceAccount(Word),
    /// `isolate [SIDE] [PEERS] [without dns]`.
    Isolate {
        /// Side and DNS.
        isolation: Isolation,
        /// Whose; none: this namespace's pods (or these hosts).
        peers: Option<Peers>,
    },
    /// `allow …`.
    Allow(Flow),
    /// `deny …`.
    Deny(Flow),
    /// `assert …`.
    Assert(Claim),
    /// `authority NAME { … }`.
    Authority {
        /// Its name.
        name: Word,
        /// What it states (all of kind [`Kind::Signing`]).
        body: Vec<Sentence>,
    },
    /// A line of an `authority` block.
    Signing(Signing),
    /// `expose …`.
    Expose(Box<Expose>),
    /// `redirect HOST -> "URL" [tls]`.
    Redirect {
        /// The host name.
        host: Word,
        /// Where to.
        to: Word,
        /// `tls`, where it stands.
        tls: Option<Span>,
    },
    /// `mutual tls`.
    MutualTls,
    /// `require tls on ingress [except NAMESPACES]`.
    RequireTls {
        /// The namespaces it does not hold for.
        except: Vec<Word>,
    },
    /// `role NAME …`.
    Role(Role),
    /// `can …`, in a role.
    Can(Can),
    /// `grant …`.
    Grant(Grant),
    /// `resource …`.
    Resource(ResourceDeclaration),
    /// A sentence that is read but not compiled yet; `name` is its first word or words.
    Later {
        /// `audit`, `encrypt`, …
        name: &'static str,
        /// Its words without the block, comments left out.
        text: String,
        /// Its block's sentences, where it has a block.
        body: Option<Vec<Sentence>>,
    },
}

/// `namespace NAME [in CLUSTERS] [external | isolate …]`, with a block or opening its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    /// One name; several after `namespaces`.
    pub names: Vec<Word>,
    /// `in a, b`: the clusters it is in; empty: all.
    pub clusters: Vec<Word>,
    /// `external`, where it stands.
    pub external: Option<Span>,
    /// `isolate …`, where it stands.
    pub isolation: Option<Isolation>,
    /// Its sentences.
    pub body: Vec<Sentence>,
    /// Whether it opens the file: no block, everything after it is its body.
    pub opens_file: bool,
}

/// `isolate [ingress|egress] [without dns]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Isolation {
    /// From `isolate` to the last of its words.
    pub span: Span,
    /// Which side; none: both. `nodeports` in hosts only.
    pub side: Option<Side>,
    /// `without dns`, where it stands.
    pub without_dns: Option<Span>,
}

/// The word after `isolate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// `ingress`.
    Ingress,
    /// `egress`.
    Egress,
    /// `nodeports`, in hosts.
    Nodeports,
}

/// `workload NAME [isolate …] [{ … }]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// Its name.
    pub name: Word,
    /// `isolate …`, where it stands.
    pub isolation: Option<Isolation>,
    /// `select`, `ports`, `service`, `serviceaccount` lines; none: no block.
    pub body: Option<Vec<Sentence>>,
}

/// One condition of a selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The label's key.
    pub key: Word,
    /// What is asked of it.
    pub test: Test,
    /// The whole condition.
    pub span: Span,
}

/// What a condition asks of a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// `key=value`.
    Is(Word),
    /// `key!=value`: another value, or none.
    IsNot(Word),
    /// `key in (…)`.
    In(Vec<Word>),
    /// `key not in (…)`: another value, or none.
    NotIn(Vec<Word>),
    /// `has key`.
    Has,
    /// `lacks key`.
    Lacks,
}

/// `PEER, … [except PEER, …]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peers {
    /// Everything before `except`.
    pub list: Vec<Peer>,
    /// Everything after it.
    pub except: Vec<Peer>,
    /// The whole.
    pub span: Span,
}

/// One peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// What was written.
    pub kind: PeerKind,
    /// Where.
    pub span: Span,
}

/// The ways to name a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeerKind {
    /// `api`: a workload or a peer list.
    Name(Word),
    /// `orders/api`: namespace and workload.
    Qualified(Word, Word),
    /// `pods`, `pods(…)`.
    Pods(Vec<Requirement>),
    /// `orders/pods`, `orders/pods(…)`.
    NamespacePods(Word, Vec<Requirement>),
    /// `any/pods`, `any/pods(…)`.
    AnyPods(Vec<Requirement>),
    /// `namespaces(…)`, `namespaces(…)/pods(…)`.
    LabelledNamespaces(Vec<Requirement>, Vec<Requirement>),
    /// `serviceaccount ci`, `serviceaccount orders/ci`.
    ServiceAccount(Option<Word>, Word),
    /// `10.0.0.0/8`, `203.0.113.7`, `2001:db8::/32`, as written.
    Address(Word),
    /// A word of the language that is a peer.
    Builtin(Builtin),
    /// `nodeports(31852)`.
    Nodeports(Vec<Port>),
}

/// Peers the language names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the word itself")]
pub enum Builtin {
    Anywhere,
    Internet,
    Metadata,
    Ingress,
    Nodes,
    Nodeports,
    Hosts,
    Dns,
    ApiServer,
}

impl Builtin {
    /// All of them.
    pub const ALL: [Builtin; 9] = [
        Builtin::Anywhere,
        Builtin::Internet,
        Builtin::Metadata,
        Builtin::Ingress,
        Builtin::Nodes,
        Builtin::Nodeports,
        Builtin::Hosts,
        Builtin::Dns,
        Builtin::ApiServer,
    ];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Builtin::Anywhere => "anywhere",
            Builtin::Internet => "internet",
            Builtin::Metadata => "metadata",
            Builtin::Ingress => "ingress",
            Builtin::Nodes => "nodes",
            Builtin::Nodeports => "nodeports",
            Builtin::Hosts => "hosts",
            Builtin::Dns => "dns",
            Builtin::ApiServer => "apiserver",
        }
    }
}

/// `PEERS -> PEERS [PORTS]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Who opens the connection.
    pub sources: Peers,
    /// To whom.
    pub destinations: Peers,
    /// On which ports; empty: none written.
    pub ports: Vec<Port>,
}

/// What an `assert` claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// `deny PEERS -> PEERS [PORTS]`.
    Deny(Flow),
    /// `allow PEERS -> PEERS [PORTS]`.
    Allow(Flow),
    /// `only PEERS -> PEERS [PORTS]`.
    Only(Flow),
    /// `isolated [SIDE] PEERS`.
    Isolated {
        /// The side; none: both.
        side: Option<Side>,
        /// Whose pods.
        peers: Peers,
    },
    /// `nobody … can …`.
    Nobody(Nobody),
}

/// One port as a flow names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// What was written.
    pub kind: PortKind,
    /// Where.
    pub span: Span,
}

/// The ways to name ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortKind {
    /// A name the destination declares.
    Name(Word),
    /// `tls`.
    Tls,
    /// `icmp`.
    Icmp,
    /// `tcp`, `udp`, `sctp`: all of it.
    Protocol(Protocol),
    /// `5432`, `8000-8100`, `53/udp`, `53/tcp+udp`.
    Numbers(PortNumbers),
}

/// A transport protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the word itself")]
pub enum Protocol {
    Tcp,
    Udp,
    Sctp,
}

/// A number or range, with protocols where written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortNumbers {
    /// `5432` or `8000-8100` as written, or a parameter.
    pub numbers: Word,
    /// `/tcp+udp`; empty: none written.
    pub protocols: Vec<Protocol>,
    /// The whole.
    pub span: Span,
}

/// `https 8443 tls`, in a workload's `ports`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortDeclaration {
    /// Its name, if it has one.
    pub name: Option<Word>,
    /// Its numbers.
    pub numbers: PortNumbers,
    /// `tls`, where it stands.
    pub tls: Option<Span>,
    /// The whole.
    pub span: Span,
}

/// A line of a `cluster` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// `account NAME`.
    Account(Word),
    /// `kubernetes 1.34`.
    Kubernetes(Word),
    /// `enforce networkpolicy, calico 3.31`: each with its version, if written.
    Enforce(Vec<(Word, Option<Word>)>),
    /// `provider NAME`.
    Provider(Word),
    /// `ingress [gateway] NAME [in NAMESPACE] [select …]`.
    Ingress {
        /// `gateway`, where it stands; then `name` is the class.
        gateway: Option<Span>,
        /// The controller.
        name: Word,
        /// Its namespace.
        namespace: Option<Word>,
        /// Its pods.
        select: Vec<Requirement>,
    },
    /// `pods`, `services` or `nodes` with address ranges.
    Ranges(RangeKind, Vec<Word>),
    /// `pods unknown`.
    PodsUnknown,
    /// `dns PEER [PORT]`.
    Dns(Peer, Option<PortNumbers>),
    /// `dns node-local ADDRESS`.
    DnsNodeLocal(Word),
    /// `apiserver ADDRESS:PORT, … [from PEER]`: addresses as written.
    ApiServer {
        /// `(address, port)`, each as written.
        endpoints: Vec<(Word, Word)>,
        /// Where its own connections come from.
        from: Option<Peer>,
    },
    /// `workload-label KEY`.
    WorkloadLabel(Word),
    /// `external traffic local`.
    ExternalTrafficLocal,
    /// `certificates cert-manager`.
    Certificates(Word),
    /// `default authority NAME`.
    DefaultAuthority(Word),
    /// `identity KIND [prefix "…"]`.
    Identity {
        /// How people sign in.
        kind: Word,
        /// What their names begin with.
        prefix: Option<Word>,
    },
}

/// Which of a cluster's address ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the word itself")]
pub enum RangeKind {
    Pods,
    Services,
    Nodes,
}
