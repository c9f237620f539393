//! networking.k8s.io/v1 Ingress: for ingress-nginx, and for a controller that is not named.
//!
//! What ingress-nginx does for TLS it reads from annotations of the whole object (access-tls-audit T8), so exposures of
//! one host stand in one object as far as they ask for the same.

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use super::controller::{Kind, kind};
use super::{Emitted, Piece, annotate, name};
use crate::ir::Policy;
use crate::ir::tls::{Exposed, ServicePort};
use crate::manifest::ingress::{self, HostTls, Ingress};
use crate::manifest::{Object, OneOrMore, Texts};
use crate::plan::tls::{Backend, Redirected, Served, controller_secret};
use crate::plan::{Plan, Sentences};

/// What ingress-nginx reads.
const NGINX: &str = "nginx.ingress.kubernetes.io";

/// How many certificates may stand between the pods' and the authority's: one that it signs itself, and one between.
const DEPTH: &str = "2";

/// The Service of a host that only sends on. No request reaches it, so there need not be one.
const NOBODY: &str = "nobody";

/// The Ingress objects of one cluster.
pub(crate) fn emit(policy: &Policy, plan: &Plan<'_>) -> Vec<Emitted> {
    let kind = kind(plan.cluster);
    if kind == Kind::Later {
        return Vec::new();
    }
    let mut objects: BTreeMap<(&SmolStr, &Option<SmolStr>, Profile), Vec<&Served<'_>>> = BTreeMap::new();
    for served in &plan.tls.served {
        let exposure = served.exposure;
        objects.entry((&exposure.namespace, &exposure.host, profile(kind, served))).or_default().push(served);
    }
    let served = objects.into_iter().filter_map(|((namespace, host, profile), all)| {
        let sentences: Sentences = all.iter().map(|served| served.exposure.sentence).collect();
        let paths = all.iter().map(|served| path(served)).collect::<Vec<_>>();
        object(policy, kind, namespace, host.as_ref(), profile, paths, sentences)
    });
    served.chain(plan.tls.redirects.iter().filter_map(|redirected| redirect(policy, kind, redirected))).collect()
}

/// What an object asks for as a whole: its Secret, its annotations.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Profile {
    tls: Option<HostTls>,
    annotations: BTreeMap<SmolStr, SmolStr>,
    /// Whether it is what the host's first object asks for; others have it in their names.
    plain: bool,
}

fn profile(kind: Kind, served: &Served<'_>) -> Profile {
    let exposure = served.exposure;
    let mut annotations: BTreeMap<SmolStr, SmolStr> = BTreeMap::new();
    let mut nginx = |key: &str, value: &str| {
        annotations.insert(format_smolstr!("{NGINX}/{key}"), value.into());
    };
    if kind == Kind::Nginx {
        match &exposure.tls {
            Exposed::Plain => nginx("ssl-redirect", "false"),
            Exposed::Passthrough => nginx("ssl-passthrough", "true"),
            Exposed::Terminated { .. } => {
                nginx("ssl-redirect", "true");
                nginx("force-ssl-redirect", "true");
            }
        }
        if let Some(backend) = &served.backend {
            to_pods(&exposure.namespace, backend, &mut nginx);
        }
    }
    let tls = match &exposure.tls {
        Exposed::Terminated { secret, .. } => Some(HostTls { secret: Some(secret.clone()) }),
        Exposed::Passthrough => Some(HostTls { secret: None }),
        Exposed::Plain => None,
    };
    let plain = matches!(exposure.tls, Exposed::Terminated { .. }) && served.backend.is_none() && exposure.annotations.is_empty();
    annotations.extend(exposure.annotations.iter().cloned());
    Profile { tls, annotations, plain }
}

/// TLS to the pods: complete, or the Secret would be ignored and with it everything else (access-tls-audit T7).
fn to_pods(namespace: &str, backend: &Backend<'_>, nginx: &mut impl FnMut(&str, &str)) {
    nginx("backend-protocol", "HTTPS");
    let Backend::Verified { name, authority } = backend else { return };
    nginx("proxy-ssl-secret", &format!("{namespace}/{}", controller_secret(&authority.name)));
    nginx("proxy-ssl-verify", "on");
    nginx("proxy-ssl-verify-depth", DEPTH);
    nginx("proxy-ssl-server-name", "on");
    nginx("proxy-ssl-name", name);
    nginx("proxy-ssl-protocols", "TLSv1.2 TLSv1.3");
}

fn path(served: &Served<'_>) -> ingress::Path {
    let exposure = served.exposure;
    let port = match &exposure.port.service_port {
        ServicePort::Name(name) => ingress::ServicePort::Name(name.clone()),
        ServicePort::Number(number) => ingress::ServicePort::Number(*number),
    };
    ingress::Path { path: exposure.path.text.clone(), exact: exposure.path.exact, service: exposure.port.service.clone(), port }
}

fn object(
    policy: &Policy,
    kind: Kind,
    namespace: &SmolStr,
    host: Option<&SmolStr>,
    profile: Profile,
    mut paths: Vec<ingress::Path>,
    mut sentences: Sentences,
) -> Option<Emitted> {
    sentences.sort_unstable();
    paths.sort();
    let mut metadata = annotate::metadata(policy, Some(namespace), object_name(host, &profile), &sentences);
    metadata.annotations =
        metadata.annotations.with(&profile.annotations.iter().map(|(key, value)| (key.clone(), value.clone())).collect::<Texts>());
    let object = Ingress {
        metadata,
        class: (kind == Kind::Nginx).then(|| "nginx".into()),
        tls: profile.tls,
        host: host.cloned(),
        paths: OneOrMore::new(paths)?,
    };
    Some(Emitted { object: Object::Ingress(object), origins: vec![(Piece::Whole, sentences)] })
}

/// `shop-example-com`; for what asks for more, with eight digits of what it asks for.
fn object_name(host: Option<&SmolStr>, profile: &Profile) -> SmolStr {
    let host = host.map_or_else(|| "any-host".to_owned(), |host| host.replace("*.", "wildcard.").replace('.', "-"));
    let host = name::label(&host, 200);
    if profile.plain {
        return SmolStr::from(&*host);
    }
    let said: String = profile.annotations.iter().map(|(key, value)| format!("{key}={value}\n")).collect();
    format_smolstr!("{host}-{}", name::hash(&format!("{said}{}", profile.tls.is_some())))
}

/// A host that sends on, from plain text too.
fn redirect(policy: &Policy, kind: Kind, redirected: &Redirected<'_>) -> Option<Emitted> {
    if kind != Kind::Nginx {
        return None;
    }
    let redirect = redirected.redirect;
    let annotations = [
        (format_smolstr!("{NGINX}/permanent-redirect"), format_smolstr!("{}$request_uri", redirect.to)),
        (format_smolstr!("{NGINX}/permanent-redirect-code"), "308".into()),
    ];
    let profile = Profile {
        tls: redirected.secret.clone().map(|secret| HostTls { secret: Some(secret) }),
        annotations: annotations.into(),
        plain: true,
    };
    let path = ingress::Path { path: "/".into(), exact: false, service: NOBODY.into(), port: ingress::ServicePort::Number(80) };
    let sentences: Sentences = [redirect.sentence].into_iter().collect();
    object(policy, kind, &redirect.namespace, Some(&redirect.host), profile, vec![path], sentences)
}
