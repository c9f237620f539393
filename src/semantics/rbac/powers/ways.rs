//! The ways to each power: which request, if permitted, gives it.

use super::{Power, Scope};

/// One way: any of the verbs on the resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub(super) power: Power,
    pub(super) group: &'static str,
    /// With its subresource.
    pub(super) resource: &'static str,
    pub(super) verbs: &'static [&'static str],
    /// Whether it needs the whole cluster: what it is about is in no namespace.
    cluster_wide: bool,
    /// Whether it is one even for some names alone. Reading the secret `db` is just what it says.
    pub(super) named_too: bool,
    /// The first minor version without it.
    before: Option<u16>,
}

impl Way {
    pub(super) fn is_open(&self, minor: u16, scope: Scope) -> bool {
        (scope == Scope::Cluster || !self.cluster_wide) && self.before.is_none_or(|before| minor < before)
    }

    const fn cluster_wide(mut self) -> Self {
        self.cluster_wide = true;
        self
    }

    const fn unnamed_only(mut self) -> Self {
        self.named_too = false;
        self
    }

    const fn before(mut self, minor: u16) -> Self {
        self.before = Some(minor);
        self
    }
}

const fn way(power: Power, group: &'static str, resource: &'static str, verbs: &'static [&'static str]) -> Way {
    Way { power, group, resource, verbs, cluster_wide: false, named_too: true, before: None }
}

const RBAC: &str = "rbac.authorization.k8s.io";
const AUTHENTICATION: &str = "authentication.k8s.io";
const CERTIFICATES: &str = "certificates.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";
const READ: &[&str] = &["get", "list", "watch"];
const CHANGE: &[&str] = &["update", "patch"];
const MAKE: &[&str] = &["create", "update", "patch"];
const WRITE: &[&str] = &["create", "update", "patch", "delete", "deletecollection"];
/// The five methods of HTTP that a proxy passes on.
const PROXY: &[&str] = &["get", "create", "update", "patch", "delete"];

/// All ways.
pub(super) fn all() -> impl Iterator<Item = Way> {
    WAYS.iter().copied().chain(isolating()).chain(intercepting()).chain(running())
}

const WAYS: &[Way] = &[
    way(Power::Escalate, RBAC, "roles", &["escalate"]),
    way(Power::Escalate, RBAC, "clusterroles", &["escalate"]).cluster_wide(),
    way(Power::Bind, RBAC, "roles", &["bind"]),
    // A RoleBinding to a ClusterRole asks in its own namespace.
    way(Power::Bind, RBAC, "clusterroles", &["bind"]),
    way(Power::Impersonate, "", "users", &["impersonate"]).cluster_wide(),
    way(Power::Impersonate, "", "groups", &["impersonate"]).cluster_wide(),
    way(Power::Impersonate, "", "serviceaccounts", &["impersonate"]),
    way(Power::Impersonate, AUTHENTICATION, "uids", &["impersonate"]).cluster_wide(),
    way(Power::Impersonate, AUTHENTICATION, "userextras/*", &["impersonate"]).cluster_wide(),
    way(Power::IssueTokens, "", "serviceaccounts/token", &["create"]),
    way(Power::ReadSecrets, "", "secrets", READ).unnamed_only(),
    way(Power::RunCommands, "", "pods/exec", &["create"]),
    way(Power::RunCommands, "", "pods/attach", &["create"]),
    // By WebSocket `get` was enough before 1.35 (access-targets R14).
    way(Power::RunCommands, "", "pods/exec", &["get"]).before(35),
    way(Power::RunCommands, "", "pods/attach", &["get"]).before(35),
    way(Power::RunCommands, "", "pods/ephemeralcontainers", CHANGE),
    way(Power::ReachPods, "", "pods/portforward", &["create"]),
    way(Power::ReachPods, "", "pods/portforward", &["get"]).before(35),
    way(Power::ReachPods, "", "pods/proxy", PROXY),
    way(Power::ReachPods, "", "services/proxy", PROXY),
    way(Power::NodeProxy, "", "nodes/proxy", PROXY).cluster_wide(),
    way(Power::LabelNamespaces, "", "namespaces", CHANGE),
    way(Power::LabelNamespaces, "", "namespaces", &["create"]).cluster_wide(),
    way(Power::SignCertificates, CERTIFICATES, "certificatesigningrequests/approval", CHANGE).cluster_wide(),
    way(Power::SignCertificates, CERTIFICATES, "certificatesigningrequests/status", CHANGE).cluster_wide(),
    way(Power::SignCertificates, CERTIFICATES, "signers", &["approve", "sign"]).cluster_wide(),
    way(Power::MountNodes, "", "persistentvolumes", MAKE).cluster_wide(),
    way(Power::Redirect, "", "nodes", CHANGE).cluster_wide(),
    way(Power::Redirect, "", "nodes/status", CHANGE).cluster_wide(),
    way(Power::Redirect, "", "pods/status", CHANGE),
    way(Power::Redirect, "", "services/status", CHANGE),
    way(Power::Redirect, "", "endpoints", MAKE),
    way(Power::Redirect, "discovery.k8s.io", "endpointslices", MAKE),
];

/// Whatever isolates, on any enforcer: a policy written later may add or remove one.
fn isolating() -> impl Iterator<Item = Way> {
    const NAMESPACED: [(&str, &str); 4] = [
        ("networking.k8s.io", "networkpolicies"),
        ("projectcalico.org", "networkpolicies"),
        ("projectcalico.org", "networksets"),
        ("crd.projectcalico.org", "networkpolicies"),
    ];
    const CLUSTER_WIDE: [(&str, &str); 12] = [
        ("projectcalico.org", "globalnetworkpolicies"),
        ("projectcalico.org", "globalnetworksets"),
        ("projectcalico.org", "tiers"),
        ("projectcalico.org", "hostendpoints"),
        ("projectcalico.org", "felixconfigurations"),
        ("crd.projectcalico.org", "globalnetworkpolicies"),
        ("crd.projectcalico.org", "globalnetworksets"),
        ("crd.projectcalico.org", "tiers"),
        ("crd.projectcalico.org", "hostendpoints"),
        ("policy.networking.k8s.io", "adminnetworkpolicies"),
        ("policy.networking.k8s.io", "baselineadminnetworkpolicies"),
        ("policy.networking.k8s.io", "clusternetworkpolicies"),
    ];
    let here = NAMESPACED.map(|(group, resource)| way(Power::ChangeIsolation, group, resource, WRITE));
    let wide = CLUSTER_WIDE.map(|(group, resource)| way(Power::ChangeIsolation, group, resource, WRITE).cluster_wide());
    here.into_iter().chain(wide)
}

/// Webhooks, admission policies, and servers that answer in the API server's place.
fn intercepting() -> impl Iterator<Item = Way> {
    const KINDS: [(&str, &str); 7] = [
        (ADMISSION, "mutatingwebhookconfigurations"),
        (ADMISSION, "validatingwebhookconfigurations"),
        (ADMISSION, "mutatingadmissionpolicies"),
        (ADMISSION, "mutatingadmissionpolicybindings"),
        (ADMISSION, "validatingadmissionpolicies"),
        (ADMISSION, "validatingadmissionpolicybindings"),
        ("apiregistration.k8s.io", "apiservices"),
    ];
    KINDS.map(|(group, resource)| way(Power::InterceptRequests, group, resource, WRITE).cluster_wide()).into_iter()
}

/// Pods, and what makes them.
fn running() -> impl Iterator<Item = Way> {
    const KINDS: [(&str, &str); 7] = [
        ("", "replicationcontrollers"),
        ("apps", "daemonsets"),
        ("apps", "deployments"),
        ("apps", "replicasets"),
        ("apps", "statefulsets"),
        ("batch", "cronjobs"),
        ("batch", "jobs"),
    ];
    // A pod that is there keeps its service account.
    let pods = way(Power::RunWorkloads, "", "pods", &["create"]);
    KINDS.map(|(group, resource)| way(Power::RunWorkloads, group, resource, MAKE)).into_iter().chain([pods])
}
