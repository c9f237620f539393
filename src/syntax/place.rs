//! Which sentence may stand where.

use super::grammar::Rule;

/// Where a sentence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the block of that name")]
pub enum Place {
    Top,
    Namespace,
    Template,
    Everywhere,
    Hosts,
    Cluster,
    Workload,
    Role,
    Audit,
    Authority,
}

impl Place {
    /// As messages name it: "a `cluster` block".
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Place::Top => "top level",
            Place::Namespace => "a namespace",
            Place::Template => "a template",
            Place::Everywhere => "`everywhere`",
            Place::Hosts => "a `hosts` block",
            Place::Cluster => "a `cluster` block",
            Place::Workload => "a workload",
            Place::Role => "a role",
            Place::Audit => "`audit`",
            Place::Authority => "an `authority` block",
        }
    }
}

impl Place {
    /// As an adverb: "in a namespace", "at top level".
    #[must_use]
    pub fn locative(self) -> String {
        let preposition = if self == Place::Top { "at" } else { "in" };
        format!("{preposition} {}", self.describe())
    }
}

/// Whether a sentence has a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Braces {
    /// Never.
    Never,
    /// It may.
    May(Place),
    /// It must.
    Must(Place),
}

/// A sentence of the language: its first word, its rule, its places.
#[derive(Debug)]
pub(super) struct Form {
    /// Its first word.
    pub(super) word: &'static str,
    /// How it goes on.
    pub(super) rule: Rule,
    /// Its block.
    pub(super) braces: Braces,
    /// Where it may stand.
    pub(super) places: &'static [Place],
    /// A right example, for messages.
    pub(super) example: &'static str,
}

impl Form {
    /// The place inside its block.
    pub(super) fn inside(&self) -> Option<Place> {
        match self.braces {
            Braces::Never => None,
            Braces::May(place) | Braces::Must(place) => Some(place),
        }
    }
}

use Braces::{May, Must, Never};
use Place::{Audit, Authority, Cluster, Everywhere, Hosts, Namespace, Role, Template, Top, Workload};

const TOP: &[Place] = &[Top];
const SHARED: &[Place] = &[Top, Namespace, Template];
const IN_NAMESPACE: &[Place] = &[Namespace, Template];
const FLOWS: &[Place] = &[Namespace, Template, Everywhere, Hosts];
const ACCESS: &[Place] = &[Namespace, Template, Everywhere];

const fn form(word: &'static str, rule: Rule, braces: Braces, places: &'static [Place], example: &'static str) -> Form {
    Form { word, rule, braces, places, example }
}

/// All sentences; those met most often first.
pub(super) const FORMS: &[Form] = &[
    form("allow", Rule::allow, Never, FLOWS, "allow frontend -> api tls"),
    form("deny", Rule::deny, Never, FLOWS, "deny pods -> metadata"),
    form("workload", Rule::workload, May(Workload), IN_NAMESPACE, "workload api { ports https 8443 tls }"),
    form("select", Rule::select, Never, &[Workload, Hosts], "select app=api, tier in (a, b)"),
    form("ports", Rule::declare_ports, Never, &[Workload], "ports https 8443 tls, metrics 9090"),
    form("service", Rule::service, Never, &[Workload], "service api-svc 443 -> https"),
    form("serviceaccount", Rule::service_account, Never, &[Workload], "serviceaccount api"),
    form("namespace", Rule::namespace, Must(Namespace), TOP, "namespace payments isolate { … }"),
    form("namespaces", Rule::namespaces, Must(Namespace), TOP, "namespaces team-a, team-b isolate { … }"),
    form("isolate", Rule::isolate, Never, FLOWS, "isolate ingress"),
    form("labels", Rule::labels, Never, IN_NAMESPACE, "labels team=payments"),
    form("pod-security", Rule::pod_security, Never, IN_NAMESPACE, "pod-security restricted"),
    form("peers", Rule::declare_peers, Never, SHARED, "peers office = 203.0.113.0/24"),
    form("use", Rule::use_template, Never, &[Top, Namespace, Template, Everywhere, Hosts], "use microservice(cart, 8080)"),
    form("include", Rule::include, Never, SHARED, "include \"legacy.yaml\""),
    form("assert", Rule::assertion, Never, SHARED, "assert deny internet -> payments/db"),
    form("everywhere", Rule::everywhere, Must(Everywhere), TOP, "everywhere { … }"),
    form("hosts", Rule::hosts, Must(Hosts), TOP, "hosts public { … }"),
    form("cluster", Rule::cluster, Must(Cluster), TOP, "cluster default { … }"),
    form("template", Rule::template, Must(Template), &[Top, Namespace], "template web(name) { … }"),
    form("resource", Rule::resource, Never, SHARED, "resource certificates in cert-manager.io"),
    form("workload-label", Rule::workload_label, Never, &[Namespace, Template, Cluster], "workload-label app.kubernetes.io/name"),
    form("expose", Rule::expose, Never, IN_NAMESPACE, "expose web at shop.example.com tls"),
    form("redirect", Rule::redirect, Never, IN_NAMESPACE, "redirect old.example.com -> \"https://new.example.com\" tls"),
    form("role", Rule::role, May(Role), ACCESS, "role reader { can read on pods }"),
    form("can", Rule::can, Never, &[Role], "can read on pods"),
    form("grant", Rule::grant, Never, ACCESS, "grant view to group developers"),
    form("mutual", Rule::mutual, Never, ACCESS, "mutual tls"),
    form("require", Rule::require, Never, &[Everywhere], "require tls on ingress"),
    form("authority", Rule::authority, Must(Authority), TOP, "authority internal { self-signed }"),
    form("self-signed", Rule::self_signed, Never, &[Authority], "self-signed"),
    form("acme", Rule::acme, Never, &[Authority], "acme \"https://acme-v02.api.letsencrypt.org/directory\""),
    form("email", Rule::email, Never, &[Authority], "email \"ops@example.com\""),
    form("existing", Rule::existing, Never, &[Authority], "existing cluster-issuer corp-ca"),
    form("audit", Rule::audit, Must(Audit), TOP, "audit { … }"),
    form("log", Rule::log, Never, &[Audit], "log metadata on everything"),
    form("ignore", Rule::ignore, Never, &[Audit], "ignore read on events"),
    form("omit", Rule::omit, Never, &[Audit], "omit stage request-received"),
    form("encrypt", Rule::encrypt, Never, TOP, "encrypt secrets with kms key-a at \"unix:///run/kms.sock\""),
    form("delegate", Rule::delegate, Never, TOP, "delegate payments to \"teams/payments\""),
    form("edition", Rule::edition, Never, TOP, "edition 1"),
    form("account", Rule::cloud_account, Never, &[Cluster], "account acme-prod"),
    form("kubernetes", Rule::kubernetes, Never, &[Cluster], "kubernetes 1.34"),
    form("enforce", Rule::enforce, Never, &[Cluster], "enforce networkpolicy, calico 3.31"),
    form("provider", Rule::provider, Never, &[Cluster], "provider ibm-classic"),
    form("ingress", Rule::controller, Never, &[Cluster], "ingress traefik in kube-system"),
    form("pods", Rule::pod_ranges, Never, &[Cluster], "pods 172.30.0.0/16"),
    form("services", Rule::service_ranges, Never, &[Cluster], "services 172.21.0.0/16"),
    form("nodes", Rule::node_ranges, Never, &[Cluster], "nodes 10.0.0.0/20"),
    form("dns", Rule::dns, Never, &[Cluster], "dns openshift-dns/pods(dns=default) 5353"),
    form("apiserver", Rule::api_server, Never, &[Cluster], "apiserver 172.20.0.1:2040"),
    form("identity", Rule::identity, Never, &[Cluster], "identity ibm-iam"),
    form("certificates", Rule::certificates, Never, &[Cluster], "certificates cert-manager"),
    form("default", Rule::default_authority, Never, &[Cluster], "default authority internal"),
    form("external", Rule::external_traffic, Never, &[Cluster], "external traffic local"),
];

/// The sentences that may stand in a place.
pub(super) fn forms_in(place: Place) -> impl Iterator<Item = &'static Form> {
    FORMS.iter().filter(move |form| form.places.contains(&place))
}

/// The sentence that begins with a word: the one of this place, else one of another.
pub(super) fn find(word: &str, place: Place) -> Option<&'static Form> {
    let mut elsewhere = None;
    for form in FORMS.iter().filter(|form| form.word == word) {
        if form.places.contains(&place) {
            return Some(form);
        }
        elsewhere = elsewhere.or(Some(form));
    }
    elsewhere
}
