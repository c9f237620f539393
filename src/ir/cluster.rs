//! Clusters: what is particular to each.

use ipnet::IpNet;
use smol_str::SmolStr;

use super::{Identity, Peer};
use crate::semantics::addresses::AddressSet;
use crate::semantics::labels::Labels;
use crate::semantics::ports::{PortSet, Protocol};
use crate::source::Span;

/// Kubernetes' version where no cluster states one.
pub const KUBERNETES: Version = Version { major: 1, minor: 34 };

/// A cluster that the policy is compiled for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Its name; `default` where no cluster is declared.
    pub name: String,
    /// The account it belongs to.
    pub account: Option<String>,
    /// Kubernetes' version.
    pub kubernetes: Version,
    /// Calico's version, where it enforces; then NetworkPolicy is enforced too.
    pub calico: Option<Version>,
    /// The provider, e.g. `ibm-classic`.
    pub provider: Option<String>,
    /// The Ingress controller's pods.
    pub ingress: Option<IngressController>,
    /// The addresses of pods.
    pub pods: Range,
    /// The addresses of Services.
    pub services: Range,
    /// The addresses of nodes.
    pub nodes: Range,
    /// Where DNS is answered.
    pub dns: Dns,
    /// The API server.
    pub apiserver: Option<ApiServer>,
    /// Whether what comes from outside keeps its address on the way to a pod (`external traffic local`).
    /// If not, a node's address may carry anyone's traffic.
    pub external_traffic_local: bool,
    /// Who keeps certificates (`certificates`); none: nobody is named.
    pub certificates: Option<Certificates>,
    /// The authority where a sentence names none (`default authority`), and where that is said.
    pub default_authority: Option<(SmolStr, Span)>,
    /// How it knows people (`identity`).
    pub identity: Identity,
    /// The label that a workload without `select` is known by.
    pub workload_label: Option<String>,
    /// The name in its declaration; none for the cluster that nobody declared.
    pub declared: Option<Span>,
}

impl Cluster {
    /// A cluster whose block states nothing: what the edition says of every cluster.
    #[must_use]
    pub fn stating_nothing(name: &str, declared: Option<Span>) -> Self {
        let dns = |protocol| PortSet::range(protocol, 53, 53);
        Cluster {
            name: name.to_owned(),
            account: None,
            kubernetes: KUBERNETES,
            calico: None,
            provider: None,
            ingress: None,
            pods: Range::Unstated,
            services: Range::Unstated,
            nodes: Range::Unstated,
            dns: Dns {
                pods: vec![("kube-system".to_owned(), Labels::equal("k8s-app", "kube-dns"))],
                addresses: AddressSet::none(),
                ports: dns(Protocol::Udp).union(&dns(Protocol::Tcp)),
            },
            apiserver: None,
            external_traffic_local: false,
            certificates: None,
            default_authority: None,
            identity: Identity::default(),
            workload_label: None,
            declared,
        }
    }

    /// A line of its block as a message asks for it: in a block of its own where there is none yet, since a second
    /// block of one cluster is an error.
    #[must_use]
    pub fn with_line(&self, line: &str) -> String {
        if self.declared.is_some() {
            format!("`{line}` in the block of cluster `{}`", self.name)
        } else {
            format!("`cluster {} {{ {line} }}`", self.name)
        }
    }
}

/// `major.minor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Before the dot.
    pub major: u16,
    /// After it.
    pub minor: u16,
}

/// A cluster's address range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Range {
    /// Not stated.
    Unstated,
    /// `pods unknown`: taken as the network plugin takes them.
    Unknown,
    /// As stated.
    Stated(Vec<IpNet>),
}

impl Range {
    /// The addresses stated; none otherwise.
    #[must_use]
    pub fn addresses(&self) -> AddressSet {
        match self {
            Range::Stated(networks) => networks.iter().fold(AddressSet::none(), |all, net| all.union(&AddressSet::network(*net))),
            Range::Unstated | Range::Unknown => AddressSet::none(),
        }
    }
}

/// Who keeps certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificates {
    /// cert-manager, with trust-manager beside it.
    CertManager,
}

/// `ingress nginx in ingress-nginx select …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngressController {
    /// `nginx`, `traefik`, `haproxy`, `ibm-alb-legacy`, or a Gateway class.
    pub name: String,
    /// Whether `name` is a Gateway class.
    pub gateway: bool,
    /// Its namespace.
    pub namespace: String,
    /// Its pods' labels.
    pub pods: Labels,
}

/// Where pods ask for names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dns {
    /// The servers' pods.
    pub pods: Vec<(String, Labels)>,
    /// Addresses besides (`node-local`), each one network.
    pub addresses: AddressSet,
    /// Their port (53 or, on OpenShift, 5353), by UDP and TCP.
    pub ports: PortSet,
}

/// The API server, after address translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiServer {
    /// Its endpoints.
    pub endpoints: Vec<(IpNet, u16)>,
    /// Where its own connections come from (webhooks, logs); as peers of this cluster.
    pub from: Option<Peer>,
}
