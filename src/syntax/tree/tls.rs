//! Exposures, and who signs certificates.

use super::{Port, Word};
use crate::source::Span;

/// A line of an `authority` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signing {
    /// `self-signed`.
    SelfSigned,
    /// `acme "URL"`.
    Acme(Word),
    /// `email "…"`.
    Email(Word),
    /// `existing [cluster-]issuer NAME`.
    Existing {
        /// Whether it is a ClusterIssuer.
        cluster_wide: bool,
        /// Its name.
        name: Word,
    },
}

/// `expose W [PORT] at HOST [path [exact] P] (tls … | tls passthrough | plain) [with …]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expose {
    /// The workload.
    pub workload: Word,
    /// Its port, where one is written.
    pub port: Option<Port>,
    /// The host name; none: `any host`.
    pub host: Option<Word>,
    /// `path [exact] P`: whether `exact` is written, and the path.
    pub path: Option<(bool, Word)>,
    /// What is encrypted.
    pub tls: Exposed,
    /// `with K=V, …`.
    pub annotations: Vec<(Word, Word)>,
}

/// What is encrypted of an exposure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exposed {
    /// `plain`, and where it stands.
    Plain(Span),
    /// `tls passthrough`, and where it stands.
    Passthrough(Span),
    /// `tls [secret S] [authority A] [backend tls …]`.
    Terminated {
        /// `tls`, where it stands.
        tls: Span,
        /// `secret S`.
        secret: Option<Word>,
        /// `authority A`.
        authority: Option<Word>,
        /// `backend tls …`.
        backend: Option<Backend>,
    },
}

/// `backend tls [name N] [authority A] [unverified]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    /// `backend tls`, where it stands.
    pub span: Span,
    /// `name N`.
    pub name: Option<Word>,
    /// `authority A`.
    pub authority: Option<Word>,
    /// `unverified`, where it stands.
    pub unverified: Option<Span>,
}
