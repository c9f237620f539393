//! Clusters: what each `cluster` block states, and what holds where it states nothing.

mod enforce;
mod identity;
mod ingress;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::cluster::{ApiServer, Certificates, KUBERNETES, Range};
use crate::ir::{self, PeerKind};
use crate::semantics::addresses::AddressSet;
use crate::semantics::labels::Labels;
use crate::semantics::ports::{PortSet, Protocol};
use crate::source::Span;
use crate::syntax::tree::{self, Kind, PortNumbers, RangeKind, Sentence, Setting, Word};

use super::names::{Becomes, check, shortened};
use super::peer::{At, Resolver};
use super::place::Home;
use super::report::Report;
use super::table::Table;
use super::{address, later, number, tls};

/// The label of a workload without `select` where nothing else is said.
pub(super) const WORKLOAD_LABEL: &str = "app";

/// A cluster of which only the peers are still to be resolved.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    /// The cluster.
    pub(super) cluster: ir::Cluster,
    dns: Option<&'a tree::Peer>,
    from: Option<&'a tree::Peer>,
    /// The namespaces that its settings name.
    pub(super) namespaces: Vec<(String, Span)>,
    /// First place of each setting.
    stated: BTreeMap<&'static str, Span>,
}

/// Reads all blocks; without one there is one cluster, `default`.
pub(super) fn read<'a>(blocks: &[(&'a Word, &'a [Sentence])], report: &mut Report) -> Vec<Draft<'a>> {
    let mut drafts: BTreeMap<&str, Draft<'a>> = BTreeMap::new();
    for (name, body) in blocks {
        if !check(name, Becomes::DnsLabel, "a cluster", report) {
            continue;
        }
        if let Some(first) = drafts.get(name.text.as_str()) {
            report.push(declared_twice(name, first.cluster.declared));
            continue;
        }
        let mut draft = Draft::stating_nothing(&name.text, Some(name.span));
        for sentence in *body {
            draft.sentence(sentence, report);
        }
        draft.check_overlap(name, report);
        drafts.insert(&name.text, draft);
    }
    if blocks.is_empty() {
        drafts.insert("default", Draft::stating_nothing("default", None));
    }
    drafts.into_values().collect()
}

/// Enters the namespaces that the clusters name, and the workload-label they agree on.
pub(super) fn enter(drafts: &[Draft<'_>], table: &mut Table<'_>) {
    table.calico = drafts.iter().any(|draft| draft.cluster.calico.is_some());
    for (name, span) in drafts.iter().flat_map(|draft| &draft.namespaces) {
        let entry = table.entry(name);
        entry.named_by_cluster = entry.named_by_cluster.or(Some(*span));
    }
    let mut labels = drafts.iter().map(|d| d.cluster.workload_label.as_deref().unwrap_or(WORKLOAD_LABEL));
    let first = labels.next().unwrap_or(WORKLOAD_LABEL);
    table.workload_label = labels.all(|label| label == first).then(|| first.into());
}

/// Every default authority is declared.
pub(super) fn check_authorities(drafts: &[Draft<'_>], all: &tls::Authorities, report: &mut Report) {
    for (name, span) in drafts.iter().filter_map(|draft| draft.cluster.default_authority.as_ref()) {
        let word = Word { text: name.clone(), form: tree::Form::Bare, span: *span };
        let _known = tls::known(&word, all, report);
    }
}

/// Every cluster that a namespace's header names is declared.
pub(super) fn check_named(words: &[&Word], drafts: &[Draft<'_>], report: &mut Report) {
    let known: BTreeSet<&str> = drafts.iter().map(|d| d.cluster.name.as_str()).collect();
    for word in words.iter().filter(|word| !known.contains(word.text.as_str())) {
        let diagnostic = Diagnostic::new(Code::UnknownCluster, word.span, format!("no cluster is called `{}`", word.text));
        let diagnostic = match report.near(&word.text, known.iter().copied()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("declare it: `cluster {} {{ }}`", word.text)),
        };
        report.push_once(word.text.clone(), diagnostic);
    }
}

impl<'a> Draft<'a> {
    fn stating_nothing(name: &str, declared: Option<Span>) -> Self {
        let cluster = ir::Cluster::stating_nothing(name, declared);
        Draft { cluster, dns: None, from: None, namespaces: Vec::new(), stated: BTreeMap::new() }
    }

    fn sentence(&mut self, sentence: &'a Sentence, report: &mut Report) {
        let Kind::Setting(setting) = &sentence.kind else {
            report.push(later::misplaced(sentence, "in a cluster"));
            return;
        };
        if let Some(name) = once(setting) {
            if let Some(first) = self.stated.get(name) {
                report.push(stated_twice(name, sentence.keyword, *first));
                return;
            }
            self.stated.insert(name, sentence.keyword);
        }
        self.setting(setting, report);
    }

    fn setting(&mut self, setting: &'a Setting, report: &mut Report) {
        let cluster = &mut self.cluster;
        match setting {
            Setting::Account(word) => cluster.account = check(word, Becomes::Name, "an account", report).then(|| word.text.to_string()),
            Setting::Kubernetes(word) => cluster.kubernetes = enforce::kubernetes(word, report).unwrap_or(KUBERNETES),
            Setting::Enforce(list) => cluster.calico = enforce::enforcers(list, report),
            Setting::Provider(word) => cluster.provider = Some(word.text.to_string()),
            Setting::Ingress { gateway, name, namespace, select } => {
                cluster.ingress = ingress::controller(gateway.is_some(), name, namespace.as_ref(), select, report);
                let place = namespace.as_ref().map_or(name.span, |word| word.span);
                self.namespaces.extend(cluster.ingress.iter().map(|controller| (controller.namespace.clone(), place)));
            }
            Setting::Ranges(kind, words) => {
                let one = |word| if *kind == RangeKind::Nodes { address::network(word, report) } else { address::range(word, report) };
                *self.range(*kind) = Range::Stated(words.iter().filter_map(one).collect());
            }
            Setting::PodsUnknown => cluster.pods = Range::Unknown,
            Setting::Dns(..) | Setting::DnsNodeLocal(_) | Setting::ApiServer { .. } => self.server(setting, report),
            Setting::WorkloadLabel(word) => {
                cluster.workload_label = check(word, Becomes::LabelKey, "a label's key", report).then(|| word.text.to_string())
            }
            Setting::ExternalTrafficLocal => cluster.external_traffic_local = true,
            Setting::Certificates(word) if word.text == "cert-manager" => cluster.certificates = Some(Certificates::CertManager),
            Setting::Certificates(word) => report.push(unknown_keeper(word)),
            Setting::DefaultAuthority(word) => cluster.default_authority = Some((word.text.clone(), word.span)),
            Setting::Identity { kind, prefix } => cluster.identity = identity::identity(kind, prefix.as_ref(), report).unwrap_or_default(),
        }
    }

    /// Settings of what the cluster answers itself.
    fn server(&mut self, setting: &'a Setting, report: &mut Report) {
        match setting {
            Setting::Dns(peer, numbers) => {
                self.dns = Some(peer);
                self.name_namespace(peer, report);
                if let Some(ports) = numbers.as_ref().and_then(|n| self.dns_numbers(n, report)) {
                    self.cluster.dns.ports = ports;
                }
            }
            Setting::DnsNodeLocal(word) => {
                if let Some(one) = address::address(word, report) {
                    self.cluster.dns.addresses = self.cluster.dns.addresses.union(&AddressSet::network(one));
                }
            }
            Setting::ApiServer { endpoints, from } => {
                let endpoints = endpoints.iter().filter_map(|(host, port)| endpoint(host, port, report)).collect();
                self.cluster.apiserver = Some(ApiServer { endpoints, from: None });
                self.from = from.as_ref();
                from.iter().for_each(|peer| self.name_namespace(peer, report));
            }
            _ => {}
        }
    }

    fn dns_numbers(&self, numbers: &PortNumbers, report: &mut Report) -> Option<PortSet> {
        number::ports(numbers, &[Protocol::Udp, Protocol::Tcp], report)
    }

    fn name_namespace(&mut self, peer: &tree::Peer, report: &mut Report) {
        let word = match &peer.kind {
            tree::PeerKind::Qualified(word, _) | tree::PeerKind::NamespacePods(word, _) | tree::PeerKind::ServiceAccount(Some(word), _) => {
                word
            }
            _ => return,
        };
        if check(word, Becomes::DnsLabel, "a namespace", report) {
            self.namespaces.push((word.text.to_string(), word.span));
        }
    }

    fn range(&mut self, kind: RangeKind) -> &mut Range {
        match kind {
            RangeKind::Pods => &mut self.cluster.pods,
            RangeKind::Services => &mut self.cluster.services,
            RangeKind::Nodes => &mut self.cluster.nodes,
        }
    }

    /// A pod's address is never a Service's.
    fn check_overlap(&self, name: &Word, report: &mut Report) {
        let shared = self.cluster.pods.addresses().intersection(&self.cluster.services.addresses());
        if let (false, Some(pods), Some(services)) = (shared.is_empty(), self.stated.get("pods"), self.stated.get("services")) {
            let networks = shared.networks().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            report.push(
                Diagnostic::new(Code::RangesOverlap, *services, format!("pods and Services of `{}` share addresses", name.text))
                    .label(networks)
                    .also(*pods, "the pods' ranges")
                    .help("take both ranges from the cluster's configuration; they never overlap"),
            );
        }
    }

    /// The cluster, its peers resolved.
    pub(super) fn finish(mut self, resolver: &mut Resolver<'_, '_>) -> ir::Cluster {
        let at = At { home: &Home::Top, expansion: None, implicit: false, only_pods: false, list: None };
        if let Some(peer) = self.dns {
            let label = self.cluster.workload_label.clone().unwrap_or_else(|| WORKLOAD_LABEL.to_owned());
            let found = resolver.all(std::slice::from_ref(peer), &at).unwrap_or_default();
            self.cluster.dns.pods = found.into_iter().filter_map(|end| server(end.peer, &label, resolver.report)).collect();
        }
        if let (Some(peer), Some(apiserver)) = (self.from, &mut self.cluster.apiserver) {
            let mut found = resolver.all(std::slice::from_ref(peer), &at).unwrap_or_default();
            if found.len() > 1 {
                resolver.report.push(
                    Diagnostic::new(Code::InvalidSetting, peer.span, "the API server's connections come from one peer")
                        .help("write `nodes`, or one range that holds its addresses"),
                );
            }
            apiserver.from = found.pop().map(|end| end.peer);
        }
        self.cluster
    }
}

/// The setting's name, if it may be stated once only.
fn once(setting: &Setting) -> Option<&'static str> {
    Some(match setting {
        Setting::Account(_) => "account",
        Setting::Kubernetes(_) => "kubernetes",
        Setting::Enforce(_) => "enforce",
        Setting::Provider(_) => "provider",
        Setting::Ingress { .. } => "ingress",
        Setting::Ranges(RangeKind::Pods, _) | Setting::PodsUnknown => "pods",
        Setting::Ranges(RangeKind::Services, _) => "services",
        Setting::Ranges(RangeKind::Nodes, _) => "nodes",
        Setting::Dns(..) => "dns",
        Setting::ApiServer { .. } => "apiserver",
        Setting::WorkloadLabel(_) => "workload-label",
        Setting::Certificates(_) => "certificates",
        Setting::DefaultAuthority(_) => "default authority",
        Setting::Identity { .. } => "identity",
        Setting::DnsNodeLocal(_) | Setting::ExternalTrafficLocal => return None,
    })
}

fn endpoint(host: &Word, port: &Word, report: &mut Report) -> Option<(ipnet::IpNet, u16)> {
    let bare = Word { text: host.text.trim_start_matches('[').trim_end_matches(']').into(), ..host.clone() };
    let address = address::address(&bare, report);
    let number = port.text.parse::<u16>().ok().filter(|n| *n > 0);
    if number.is_none() {
        report.push(
            Diagnostic::new(Code::InvalidPort, port.span, format!("`{}` is not a port", port.text)).help("ports run from 1 to 65535"),
        );
    }
    address.zip(number)
}

/// The pods of a DNS peer.
fn server(end: ir::Peer, label: &str, report: &mut Report) -> Option<(String, Labels)> {
    match &end.kind {
        PeerKind::Pods { namespace, pods } if end.except.is_empty() => Some((namespace.to_string(), pods.clone())),
        PeerKind::Workload { namespace, name, selector } if end.except.is_empty() => {
            Some((namespace.to_string(), selector.clone().unwrap_or_else(|| Labels::equal(label, name.clone()))))
        }
        _ => {
            let diagnostic = Diagnostic::new(Code::InvalidSetting, end.span, format!("`{}` cannot be the cluster's DNS", end.name));
            report.push(diagnostic.help("write the servers' pods, like `dns openshift-dns/pods(dns=default) 5353`; an address on each node is added by `dns node-local 169.254.20.10`"));
            None
        }
    }
}

fn unknown_keeper(word: &Word) -> Diagnostic {
    Diagnostic::new(Code::InvalidSetting, word.span, format!("nobody called `{}` keeps certificates", shortened(&word.text)))
        .help("write `certificates cert-manager`; without it, Secrets with certificates are made by somebody else")
}

fn declared_twice(name: &Word, first: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::DuplicateDeclaration, name.span, format!("the cluster `{}` is declared twice", name.text))
        .help("merge the two, or give one another name");
    first.into_iter().fold(diagnostic, |d, span| d.also(span, "first declared here"))
}

fn stated_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::ConflictingSettings, span, format!("`{name}` is stated twice in this cluster"))
        .also(first, "first stated here")
        .help("keep one of the two; several values are joined by commas")
}
