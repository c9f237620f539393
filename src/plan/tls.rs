//! TLS in one cluster: who signs what, where trust has to go, and what the controller has to do.
//!
//! Every controller fails open when half of what it needs is there, so nothing is decided here that the
//! cluster cannot do whole.

mod certificates;
mod exposures;
mod required;
mod wrong;

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::{Context, Sentences};
use crate::ir::tls::{Authority, Exposure, Redirect};
pub(crate) use certificates::controller_secret;

/// The decisions about TLS in one cluster.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tls<'a> {
    /// What stands behind the controller, by namespace, host and path.
    pub(crate) served: Vec<Served<'a>>,
    /// Hosts that send on to others, by namespace and host.
    pub(crate) redirects: Vec<Redirected<'a>>,
    /// Certificates to be requested, by namespace and Secret.
    pub(crate) certificates: Vec<Certificate<'a>>,
    /// The authorities that something in this cluster is signed by and that are polc's to write, by name.
    pub(crate) authorities: BTreeMap<&'a str, &'a Authority>,
    /// What is required of every Ingress; none: nothing.
    pub(crate) required: Option<Required>,
    /// Where each private authority's certificate has to be known, by authority: namespaces.
    pub(crate) trust: BTreeMap<&'a str, BTreeSet<SmolStr>>,
}

/// That every Ingress and Route has TLS.
#[derive(Debug, Clone)]
pub(crate) struct Required {
    /// The namespaces it is not required in, sorted.
    pub(crate) except: Vec<SmolStr>,
    /// The sentences that say so.
    pub(crate) sentences: Sentences,
}

/// An exposure, as the controller has to serve it.
#[derive(Debug, Clone)]
pub(crate) struct Served<'a> {
    /// The exposure.
    pub(crate) exposure: &'a Exposure,
    /// How the controller speaks to the pods; none: in plain text, or not at all (passed through).
    pub(crate) backend: Option<Backend<'a>>,
}

/// TLS from the controller to the pods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Backend<'a> {
    /// Encrypted with whomever answers.
    Unverified,
    /// The pods' certificate is signed by the authority and has the name.
    Verified {
        /// The name.
        name: SmolStr,
        /// The authority.
        authority: &'a Authority,
    },
}

/// A host that sends on to another.
#[derive(Debug, Clone)]
pub(crate) struct Redirected<'a> {
    /// The sentence's redirect.
    pub(crate) redirect: &'a Redirect,
    /// The Secret of the host's certificate; none where there is no `tls`.
    pub(crate) secret: Option<SmolStr>,
}

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Usage {
    /// To prove a server to its clients.
    Server,
    /// To prove a client to a server.
    Client,
}

/// A certificate to be requested.
#[derive(Debug, Clone)]
pub(crate) struct Certificate<'a> {
    /// Where it and its Secret lie.
    pub(crate) namespace: SmolStr,
    /// The Secret; the request has its name.
    pub(crate) secret: SmolStr,
    /// The names in it, sorted.
    pub(crate) names: BTreeSet<SmolStr>,
    /// What it is for.
    pub(crate) usage: Usage,
    /// Who signs.
    pub(crate) authority: &'a Authority,
    /// The sentences that ask for it.
    pub(crate) sentences: Sentences,
}

/// What the cluster's Ingress controller can do; each target states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Controller {
    /// As messages call it.
    pub(crate) name: &'static str,
    /// Whether polc writes for it.
    pub(crate) ready: bool,
    /// Whether it can be told to speak verified TLS to the pods.
    pub(crate) backend: bool,
    /// Whether it can pass TLS through.
    pub(crate) passthrough: bool,
    /// Whether it can send one host on to another.
    pub(crate) redirect: bool,
    /// Annotations that it takes beside polc's: the prefix it has, and keys or beginnings of keys behind it that may
    /// undo TLS. None: it takes none.
    pub(crate) annotations: Option<(&'static str, &'static [&'static str])>,
    /// Whether the proof to pods needs a key of the controller's own beside the authority's certificate.
    pub(crate) needs_client_certificate: bool,
}

/// Decides for one cluster.
pub(super) fn tls<'a>(context: &mut Context<'a>) -> Tls<'a> {
    let mut tls = Tls::default();
    exposures::serve(context, &mut tls);
    tls.required = required::required(context);
    certificates::of_workloads(context, &mut tls);
    tls.certificates.sort_by(|a, b| (&a.namespace, &a.secret).cmp(&(&b.namespace, &b.secret)));
    tls
}
