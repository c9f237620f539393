//! Who signs what: certificates of hosts, of pods, and of the controller where it has to prove itself.

use std::collections::BTreeSet;

use smallvec::smallvec;
use smol_str::{SmolStr, format_smolstr};

use super::{Certificate, Tls, Usage, wrong};
use crate::ir::cluster::Certificates;
use crate::ir::tls::{Authority, Exposure, Issued, Signer};
use crate::ir::{Held, SentenceId};
use crate::plan::Context;
use crate::source::Span;

/// A certificate that a sentence asks for.
pub(super) struct Request<'r, 'a> {
    pub(super) namespace: &'r SmolStr,
    pub(super) secret: &'r SmolStr,
    pub(super) names: Vec<SmolStr>,
    pub(super) usage: Usage,
    pub(super) authority: &'a Authority,
    pub(super) sentence: SentenceId,
}

/// Where a sentence stands.
pub(super) fn place(context: &Context<'_>, sentence: SentenceId) -> Span {
    context.policy.sentence(sentence).map(|sentence| sentence.span).unwrap_or_default()
}

/// The name of a Service that pods are asked by from another namespace.
pub(super) fn service_name(service: &str, namespace: &str) -> SmolStr {
    format_smolstr!("{service}.{namespace}.svc")
}

/// The authority that signs for a name in this cluster; says so where there is none, or it cannot.
pub(super) fn signer<'a>(context: &mut Context<'a>, issued: &Issued, span: Span, name: &str) -> Option<&'a Authority> {
    let policy = context.policy;
    let named = match issued {
        Issued::By(name) => Some(name),
        Issued::ByDefault => context.cluster.default_authority.as_ref().map(|(name, _)| name),
        Issued::Elsewhere => None,
    };
    let Some(authority) = named.and_then(|name| policy.authorities.get(name)) else {
        let found = wrong::no_authority(context, span, name);
        context.diagnostics.push(found);
        return None;
    };
    if context.cluster.certificates != Some(Certificates::CertManager) {
        let line = "certificates cert-manager";
        context.fact_missing(span, "who keeps its certificates", line);
        return None;
    }
    if matches!(authority.signer, Signer::Acme { .. }) && (name.ends_with(".svc") || name.starts_with("*.")) {
        let found = wrong::acme_cannot(authority, span, name);
        context.diagnostics.push(found);
        return None;
    }
    Some(authority)
}

/// Takes a request; one that asks for the Secret of another adds its names.
pub(super) fn request<'a>(tls: &mut Tls<'a>, asked: Request<'_, 'a>) {
    if !matches!(asked.authority.signer, Signer::Existing { .. }) {
        tls.authorities.insert(&asked.authority.name, asked.authority);
    }
    let known = tls.certificates.iter_mut().find(|other| other.namespace == *asked.namespace && other.secret == *asked.secret);
    match known {
        Some(known) => {
            known.names.extend(asked.names);
            if !known.sentences.contains(&asked.sentence) {
                known.sentences.push(asked.sentence);
                known.sentences.sort_unstable();
            }
        }
        None => tls.certificates.push(Certificate {
            namespace: asked.namespace.clone(),
            secret: asked.secret.clone(),
            names: asked.names.into_iter().collect(),
            usage: asked.usage,
            authority: asked.authority,
            sentences: smallvec![asked.sentence],
        }),
    }
}

/// The certificate that an exposed workload shows the controller.
pub(super) fn request_for_pods<'a>(
    context: &mut Context<'a>,
    tls: &mut Tls<'a>,
    exposure: &Exposure,
    name: SmolStr,
    authority: &'a Authority,
) {
    let namespace = &exposure.namespace;
    let secret = pods_secret(&exposure.workload);
    let mut names = service_names(&exposure.port.service, namespace);
    names.insert(name);
    let sentence = exposure.sentence;
    if let Some(other) = tls.certificates.iter().find(|other| other.namespace == *namespace && other.secret == secret)
        && other.authority.name != authority.name
    {
        let found = wrong::two_signers(exposure, place(context, sentence), &other.authority.name, &authority.name);
        context.diagnostics.push(found);
        return;
    }
    trust(tls, authority, namespace);
    request(tls, Request { namespace, secret: &secret, names: names.into_iter().collect(), usage: Usage::Server, authority, sentence });
}

/// The key and certificate by which the controller proves itself to pods: its Secret brings the authority's certificate too.
pub(super) fn request_for_controller<'a>(tls: &mut Tls<'a>, exposure: &Exposure, authority: &'a Authority) {
    let names = vec![format_smolstr!("ingress.{}.svc", exposure.namespace)];
    let (namespace, sentence) = (&exposure.namespace, exposure.sentence);
    let secret = controller_secret(&authority.name);
    request(tls, Request { namespace, secret: &secret, names, usage: Usage::Client, authority, sentence });
}

/// The Secret of a workload's own certificate.
pub(crate) fn pods_secret(workload: &str) -> SmolStr {
    format_smolstr!("{workload}-serving-tls")
}

/// The Secret by which the controller speaks to pods whose certificate an authority signed.
pub(crate) fn controller_secret(authority: &str) -> SmolStr {
    format_smolstr!("ingress-to-pods-{authority}")
}

/// The names of a Service, from near and far.
fn service_names(service: &str, namespace: &str) -> BTreeSet<SmolStr> {
    [
        SmolStr::from(service),
        format_smolstr!("{service}.{namespace}"),
        format_smolstr!("{service}.{namespace}.svc"),
        format_smolstr!("{service}.{namespace}.svc.cluster.local"),
    ]
    .into()
}

/// Notes that an authority of the cluster's own has to be known in a namespace.
fn trust<'a>(tls: &mut Tls<'a>, authority: &'a Authority, namespace: &SmolStr) {
    if authority.signer == Signer::SelfSigned {
        tls.trust.entry(&authority.name).or_default().insert(namespace.clone());
    }
}

/// Where the cluster has an authority, each workload with a TLS port gets a certificate for the names of its Service,
/// and its namespace knows the authority.
pub(super) fn of_workloads<'a>(context: &mut Context<'a>, tls: &mut Tls<'a>) {
    let policy = context.policy;
    let default = context.cluster.default_authority.as_ref().and_then(|(name, _)| policy.authorities.get(name));
    let Some(authority) = default.filter(|authority| !matches!(authority.signer, Signer::Acme { .. })) else { return };
    if context.cluster.certificates.is_none() {
        return;
    }
    for namespace in policy.namespaces.values() {
        if namespace.held != Held::Ours || !namespace.clusters.contains(&context.cluster.name) {
            continue;
        }
        for workload in namespace.workloads.values().filter(|workload| workload.ports.iter().any(|port| port.tls)) {
            let secret = pods_secret(&workload.name);
            let Some(sentence) = namespace.sentences.first().copied() else { continue };
            trust(tls, authority, &namespace.name);
            let known = tls.certificates.iter().any(|other| other.namespace == namespace.name && other.secret == secret);
            if known {
                continue;
            }
            let services: &[SmolStr] = if workload.services.is_empty() { std::slice::from_ref(&workload.name) } else { &workload.services };
            let names = services.iter().flat_map(|service| service_names(service, &namespace.name)).collect();
            request(tls, Request { namespace: &namespace.name, secret: &secret, names, usage: Usage::Server, authority, sentence });
        }
    }
}
