//! cert-manager's ClusterIssuers and Certificates, and trust-manager's Bundles (access-tls-audit T14 to T16).
//!
//! A private authority is a chain: an issuer that signs nothing but the root, the root with a key that renewal keeps,
//! and the issuer that signs with it. Its certificate is brought by a Bundle to where it has to be known; the copy in
//! each leaf's Secret goes stale and is not relied on for that.

use smol_str::{SmolStr, format_smolstr};

use super::controller::{Kind, kind};
use super::{Emitted, Piece, annotate};
use crate::ir::tls::{Authority, Signer};
use crate::ir::{Cluster, Policy};
use crate::manifest::cert_manager::{self, Bundle, Certificate, ClusterIssuer, Issuer, Solver, Subject};
use crate::manifest::{Object, OneOrMore};
use crate::plan::tls::{self, Usage};
use crate::plan::{Plan, Sentences};

/// The namespace in which cert-manager looks for a ClusterIssuer's key, and trust-manager for what it distributes.
const HOME: &str = "cert-manager";

/// The issuer that signs roots.
const ROOTS: &str = "polc-roots";

/// Hours that a root is valid: ten years; renewed one year before.
const ROOT_HOURS: (u32, u32) = (87_600, 8_760);

/// Hours that a certificate is valid: ninety days; renewed thirty before.
const LEAF_HOURS: (u32, u32) = (2_160, 720);

/// Issuers, certificates and bundles of one cluster.
pub(crate) fn emit(policy: &Policy, plan: &Plan<'_>) -> Vec<Emitted> {
    let mut emitted = Vec::new();
    let private = |authority: &&&Authority| authority.signer == Signer::SelfSigned;
    let mut roots: Sentences = plan.tls.authorities.values().filter(|a| private(&a)).map(|authority| authority.sentence).collect();
    roots.sort_unstable();
    if !roots.is_empty() {
        let metadata = annotate::metadata(policy, None, ROOTS.into(), &roots);
        emitted.push(whole(Object::ClusterIssuer(ClusterIssuer { metadata, signer: cert_manager::Signer::SelfSigned }), roots));
    }
    for authority in plan.tls.authorities.values() {
        emitted.extend(self::authority(policy, plan.cluster, authority));
    }
    emitted.extend(plan.tls.certificates.iter().filter_map(|certificate| leaf(policy, certificate)));
    for (name, namespaces) in &plan.tls.trust {
        let Some(authority) = plan.tls.authorities.get(name) else { continue };
        let sentences: Sentences = [authority.sentence].into_iter().collect();
        let metadata = annotate::metadata(policy, None, bundle_name(authority), &sentences);
        let Some(namespaces) = OneOrMore::new(namespaces.iter().cloned()) else { continue };
        emitted.push(whole(Object::Bundle(Bundle { metadata, secret: root_name(authority), namespaces }), sentences));
    }
    emitted
}

fn whole(object: Object, sentences: Sentences) -> Emitted {
    Emitted { object, origins: vec![(Piece::Whole, sentences)] }
}

/// The ClusterIssuer of an authority of the policy's own.
fn issuer_name(authority: &Authority) -> SmolStr {
    format_smolstr!("polc-{}", authority.name)
}

/// The Certificate and the Secret of a private authority's root.
fn root_name(authority: &Authority) -> SmolStr {
    format_smolstr!("polc-{}-root", authority.name)
}

/// The Bundle, and the ConfigMap in each namespace.
pub(crate) fn bundle_name(authority: &Authority) -> SmolStr {
    format_smolstr!("polc-{}-trust", authority.name)
}

fn authority(policy: &Policy, cluster: &Cluster, authority: &Authority) -> Vec<Emitted> {
    let sentences: Sentences = [authority.sentence].into_iter().collect();
    let named = |name| annotate::metadata(policy, None, name, &sentences);
    let issuer =
        |signer| whole(Object::ClusterIssuer(ClusterIssuer { metadata: named(issuer_name(authority)), signer }), sentences.clone());
    match &authority.signer {
        Signer::SelfSigned => {
            let root = Certificate {
                metadata: annotate::metadata(policy, Some(HOME), root_name(authority), &sentences),
                secret: root_name(authority),
                subject: Subject::Authority(format_smolstr!("{} of {}", authority.name, cluster.name)),
                hours: ROOT_HOURS.0,
                renew_hours: ROOT_HOURS.1,
                issuer: Issuer { cluster_wide: true, name: ROOTS.into() },
            };
            let signing = issuer(cert_manager::Signer::Ca { secret: root_name(authority) });
            vec![whole(Object::Certificate(root), sentences.clone()), signing]
        }
        Signer::Acme { directory, email } => vec![issuer(cert_manager::Signer::Acme {
            server: directory.clone(),
            email: email.clone(),
            account: format_smolstr!("polc-{}-account", authority.name),
            solver: solver(cluster),
        })],
        Signer::Existing { .. } => Vec::new(),
    }
}

fn solver(cluster: &Cluster) -> Solver {
    Solver::Ingress((kind(cluster) == Kind::Nginx).then(|| "nginx".into()))
}

fn leaf(policy: &Policy, asked: &tls::Certificate<'_>) -> Option<Emitted> {
    let names = OneOrMore::new(asked.names.iter().cloned())?;
    let issuer = match &asked.authority.signer {
        Signer::Existing { cluster_wide, name } => Issuer { cluster_wide: *cluster_wide, name: name.clone() },
        Signer::SelfSigned | Signer::Acme { .. } => Issuer { cluster_wide: true, name: issuer_name(asked.authority) },
    };
    let certificate = Certificate {
        metadata: annotate::metadata(policy, Some(&asked.namespace), asked.secret.clone(), &asked.sentences),
        secret: asked.secret.clone(),
        subject: match asked.usage {
            Usage::Server => Subject::Server(names),
            Usage::Client => Subject::Client(names),
        },
        hours: LEAF_HOURS.0,
        renew_hours: LEAF_HOURS.1,
        issuer,
    };
    Some(whole(Object::Certificate(certificate), asked.sentences.clone()))
}
