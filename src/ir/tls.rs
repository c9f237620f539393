//! Exposures, redirects, and who signs certificates.
//!
//! Which controller answers and which authority is the default is the cluster's: `plan` asks it.

use std::rc::Rc;

use smol_str::{SmolStr, format_smolstr};

use super::{Clusters, Scope, SentenceId};
use crate::source::Span;

/// An `authority` block: who signs certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// The sentence.
    pub sentence: SentenceId,
    /// Its name.
    pub name: SmolStr,
    /// How it signs.
    pub signer: Signer,
}

/// How an authority signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// `self-signed`: a private CA in the cluster, its certificate distributed to those who are to trust it.
    SelfSigned,
    /// `acme "URL"; email "…"`.
    Acme {
        /// The directory's URL.
        directory: SmolStr,
        /// The address it writes to.
        email: Option<SmolStr>,
    },
    /// `existing [cluster-]issuer NAME`: referenced, never written.
    Existing {
        /// Whether it is a ClusterIssuer.
        cluster_wide: bool,
        /// The issuer's name.
        name: SmolStr,
    },
}

/// An `expose` sentence: a workload behind the cluster's Ingress controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// The sentence.
    pub sentence: SentenceId,
    /// Where the workload is named.
    pub place: Span,
    /// The workload's namespace; the objects stand there.
    pub namespace: SmolStr,
    /// The workload.
    pub workload: SmolStr,
    /// The port behind the controller.
    pub port: ExposedPort,
    /// The host name; none: `any host`.
    pub host: Option<SmolStr>,
    /// Below which path.
    pub path: Path,
    /// What is encrypted.
    pub tls: Exposed,
    /// `with`: annotations passed through, sorted by key, none twice.
    pub annotations: Vec<(SmolStr, SmolStr)>,
    /// The clusters it was said for: those of the block that holds it.
    pub clusters: Rc<Clusters>,
}

/// A port of the pods, and how the Service in front of them is asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposedPort {
    /// Its name, if it has one.
    pub name: Option<SmolStr>,
    /// Its number, at the pods; always TCP.
    pub number: u16,
    /// Whether TLS is spoken there.
    pub tls: bool,
    /// The Service.
    pub service: SmolStr,
    /// The Service's port.
    pub service_port: ServicePort,
}

/// A port of a Service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServicePort {
    /// By name.
    Name(SmolStr),
    /// By number: stated by a `service` line or a manifest given.
    Number(u16),
}

/// `path [exact] P`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// Whether this path alone; else everything below it, by whole elements.
    pub exact: bool,
    /// The path; `/` where none is written.
    pub text: SmolStr,
}

/// What is encrypted of an exposure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exposed {
    /// `plain`: nothing; the sentence says why.
    Plain,
    /// `tls passthrough`: the controller sees the name alone, the pods speak TLS with the client.
    Passthrough,
    /// `tls`: the controller decrypts.
    Terminated {
        /// The Secret with the host's key and certificate.
        secret: SmolStr,
        /// Who makes that Secret.
        issued: Issued,
        /// `backend tls`: how the controller speaks to the pods; none: in plain text.
        backend: Option<Backend>,
    },
}

/// The Secret of a host's certificate where no sentence names it: `shop-example-com-tls`.
#[must_use]
pub(crate) fn host_secret(host: &str) -> SmolStr {
    format_smolstr!("{}-tls", host.replace("*.", "wildcard.").replace('.', "-"))
}

/// Who makes a Secret with key and certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Issued {
    /// `authority A`.
    By(SmolStr),
    /// Nothing written: the cluster's default authority.
    ByDefault,
    /// `secret S` alone: whoever made S.
    Elsewhere,
}

/// `backend tls …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    /// `name N`: the name the pods' certificate must have; none: the Service's.
    pub name: Option<SmolStr>,
    /// `authority A`: who signed it; none: the cluster's default authority.
    pub authority: Option<SmolStr>,
    /// False where `unverified` is written: encrypted, with whomever.
    pub verified: bool,
}

/// `redirect HOST -> "URL" tls`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The sentence.
    pub sentence: SentenceId,
    /// The namespace the objects stand in.
    pub namespace: SmolStr,
    /// The host name.
    pub host: SmolStr,
    /// Where to, an `https` URL without path.
    pub to: SmolStr,
    /// Whether the host has a certificate, and sends on from `https` too.
    pub tls: bool,
    /// The clusters it was said for: those of the block that holds it.
    pub clusters: Rc<Clusters>,
}

/// `mutual tls`: pods take connections of the mesh alone, both ends proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MutualTls {
    /// The sentence.
    pub sentence: SentenceId,
    /// Whose pods.
    pub scope: Scope,
    /// The clusters it was said for: those of the block that holds it.
    pub clusters: Rc<Clusters>,
}

/// `require tls on ingress [except NAMESPACES because …]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequireTls {
    /// The sentence.
    pub sentence: SentenceId,
    /// The namespaces it does not hold for, with where they are named.
    pub except: Vec<(SmolStr, Span)>,
}

#[cfg(test)]
mod tests {
    use super::host_secret;

    #[test]
    fn a_secret_is_called_after_its_host() {
        assert_eq!(host_secret("shop.example.com"), "shop-example-com-tls");
        assert_eq!(host_secret("*.example.com"), "wildcard-example-com-tls");
    }
}
