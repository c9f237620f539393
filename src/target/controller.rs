//! What each Ingress controller can be told, and what it must not be told.

use crate::ir::Cluster;
use crate::plan::tls::Controller;

/// A cluster's Ingress controller, as polc writes for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// None is named: an Ingress that any controller reads.
    Unnamed,
    /// The community's ingress-nginx.
    Nginx,
    /// One that polc does not write for yet.
    Later,
}

/// Which controller a cluster has.
pub(crate) fn kind(cluster: &Cluster) -> Kind {
    match &cluster.ingress {
        None => Kind::Unnamed,
        Some(controller) if !controller.gateway && controller.name == "nginx" => Kind::Nginx,
        Some(_) => Kind::Later,
    }
}

/// What follows ingress-nginx's prefix and may undo TLS: redirects and their absence, what is spoken to the pods and
/// whether it is looked at, client certificates, other Services, and configuration as text.
const NGINX_UNDOING: [&str; 22] = [
    "app-root",
    "auth-tls-",
    "backend-protocol",
    "canary",
    "configuration-snippet",
    "default-backend",
    "force-ssl-redirect",
    "from-to-www-redirect",
    "http2-push-preload",
    "modsecurity-snippet",
    "permanent-redirect",
    "preserve-trailing-slash",
    "proxy-redirect-",
    "proxy-ssl-",
    "rewrite-target",
    "server-alias",
    "server-snippet",
    "ssl-",
    "stream-snippet",
    "temporal-redirect",
    "upstream-vhost",
    "use-regex",
];

/// What a cluster's controller can do.
pub(crate) fn capabilities(cluster: &Cluster) -> Controller {
    let none = Controller {
        name: "a controller that is not named",
        ready: true,
        backend: false,
        passthrough: false,
        redirect: false,
        annotations: None,
        needs_client_certificate: false,
    };
    match kind(cluster) {
        Kind::Unnamed => none,
        Kind::Nginx => Controller {
            name: "ingress-nginx",
            backend: true,
            passthrough: true,
            redirect: true,
            annotations: Some(("nginx.ingress.kubernetes.io/", &NGINX_UNDOING)),
            needs_client_certificate: true,
            ..none
        },
        Kind::Later => Controller { name: "this controller", ready: false, ..none },
    }
}
