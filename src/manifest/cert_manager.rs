//! cert-manager.io/v1 ClusterIssuer and Certificate, and trust-manager's Bundle.

use smol_str::SmolStr;

use super::{Metadata, OneOrMore};

/// A ClusterIssuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterIssuer {
    /// Its name.
    pub metadata: Metadata,
    /// How it signs.
    pub signer: Signer,
}

/// How an issuer signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// `selfSigned`: each certificate by its own key. Only to make a private authority's root.
    SelfSigned,
    /// `ca`: with the key of a Secret in cert-manager's own namespace.
    Ca {
        /// The Secret.
        secret: SmolStr,
    },
    /// `acme`, proved over HTTP.
    Acme {
        /// The directory.
        server: SmolStr,
        /// The address it writes to.
        email: Option<SmolStr>,
        /// The Secret for the account's key.
        account: SmolStr,
        /// Where the proof is answered.
        solver: Solver,
    },
}

/// Who answers ACME's question over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Solver {
    /// An Ingress of a class; none: of the cluster's default class.
    Ingress(Option<SmolStr>),
    /// A route at a Gateway.
    Gateway {
        /// Its namespace.
        namespace: SmolStr,
        /// Its name.
        name: SmolStr,
    },
}

/// A Certificate: a request that is kept up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Name and namespace.
    pub metadata: Metadata,
    /// The Secret for key and certificate.
    pub secret: SmolStr,
    /// What it proves.
    pub subject: Subject,
    /// How long it is valid, in hours.
    pub hours: u32,
    /// How long before its end it is renewed, in hours.
    pub renew_hours: u32,
    /// Who signs.
    pub issuer: Issuer,
}

/// What a certificate proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An authority, by its common name. Its key is never changed by renewal, so what it has signed stays valid.
    Authority(SmolStr),
    /// A server of these names.
    Server(OneOrMore<SmolStr>),
    /// A client of these names.
    Client(OneOrMore<SmolStr>),
}

/// An issuer, referred to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// Whether it is a ClusterIssuer.
    pub cluster_wide: bool,
    /// Its name.
    pub name: SmolStr,
}

/// A Bundle: an authority's certificate, brought to where it has to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Its name, which each ConfigMap has too.
    pub metadata: Metadata,
    /// The Secret with the authority's certificate, in trust-manager's own namespace.
    pub secret: SmolStr,
    /// The namespaces, by name.
    pub namespaces: OneOrMore<SmolStr>,
}
