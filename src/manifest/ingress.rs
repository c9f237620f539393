//! networking.k8s.io/v1 Ingress.

use smol_str::SmolStr;

use super::{Metadata, OneOrMore};

/// An Ingress. One without rules or default backend cannot be built: the API server refuses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingress {
    /// Name, namespace, and what its controller is told by annotations.
    pub metadata: Metadata,
    /// `ingressClassName`; none: the cluster's default class.
    pub class: Option<SmolStr>,
    /// That TLS is spoken, and the Secret with the host's certificate; none: in plain text.
    pub tls: Option<HostTls>,
    /// The host; none: every host.
    pub host: Option<SmolStr>,
    /// Where its paths lead.
    pub paths: OneOrMore<Path>,
}

/// A host's certificate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostTls {
    /// The Secret, in the Ingress's namespace; none: what is passed through needs none here.
    pub secret: Option<SmolStr>,
}

/// A path, and the Service behind it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    /// The path.
    pub path: SmolStr,
    /// `pathType: Exact`; else `Prefix`.
    pub exact: bool,
    /// The Service.
    pub service: SmolStr,
    /// Its port.
    pub port: ServicePort,
}

/// A port of a Service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServicePort {
    /// By name.
    Name(SmolStr),
    /// By number.
    Number(u16),
}
