//! Namespaces: several blocks of one name merge, contradictions show both places.

use std::collections::BTreeSet;
use std::rc::Rc;

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Clusters, Held, PodSecurity, SentenceId};
use crate::semantics::labels::Labels;
use crate::source::Span;
use crate::syntax::tree::{self, Kind, Sentence, Word};

use super::entry::{Declared, Entry};
use super::gather::Gather;
use super::later;
use super::names::{Becomes, check};
use super::place::{Block, Home};
use super::report::Report;
use super::table::{Table, is_built_in};

/// `in a, b`; all of them where it is not written.
pub(super) fn clusters(header: &tree::Namespace) -> Clusters {
    if header.clusters.is_empty() { Clusters::All } else { Clusters::Only(header.clusters.iter().map(|word| word.text.clone()).collect()) }
}

/// Takes a header; none if the name cannot be a namespace's.
pub(super) fn open(
    gather: &mut Gather<'_, '_>,
    name: &Word,
    header: &tree::Namespace,
    clusters: &Rc<Clusters>,
    id: SentenceId,
) -> Option<Rc<Block>> {
    if !check(name, Becomes::DnsLabel, "a namespace", gather.report) {
        return None;
    }
    let (place, entry) = gather.out.table.placed(&name.text);
    let ours = header.isolation.as_ref().map(|i| i.span);
    if let Some(problem) = contradiction(name, entry, header.external, ours) {
        gather.report.push(problem);
    }
    entry.headers.push(name.span);
    entry.external = entry.external.or(header.external);
    entry.isolated = entry.isolated.or(ours);
    entry.clusters = Some(match entry.clusters.take() {
        Some(before) => joined(before, clusters),
        None => (**clusters).clone(),
    });
    if entry.sentences.last() != Some(&id) {
        entry.sentences.push(id);
    }
    let home = Home::Namespace(name.text.clone(), place);
    Some(Rc::new(Block { home, clusters: Rc::clone(clusters), external: header.external.is_some() }))
}

fn joined(before: Clusters, with: &Clusters) -> Clusters {
    match (before, with) {
        (Clusters::Only(a), Clusters::Only(b)) => Clusters::Only(&a | b),
        _ => Clusters::All,
    }
}

fn contradiction(name: &Word, entry: &Entry, external: Option<Span>, isolated: Option<Span>) -> Option<Diagnostic> {
    let says = |here: Span, other: Span, headline: &str| {
        Diagnostic::new(Code::ExternalNamespace, here, format!("`{}` {headline}", name.text))
            .also(other, "contradicts this")
            .note("nothing is written into an external namespace, so it cannot be isolated or labeled here")
            .help("remove `external` if the namespace is yours; else leave its isolation to its owner")
    };
    if let (Some(external), Some(isolated)) = (external, entry.isolated.or(entry.ours)) {
        return Some(says(external, isolated, "is called external, and isolated or labeled elsewhere"));
    }
    match (entry.external, isolated) {
        (Some(external), Some(isolated)) => Some(says(isolated, external, "is isolated, and called external elsewhere")),
        _ => None,
    }
}

/// A sentence that would write into somebody else's namespace.
pub(super) fn not_in_external(sentence: &Sentence, home: &Home) -> Diagnostic {
    let name = home.namespace().unwrap_or_default();
    Diagnostic::new(
        Code::ExternalNamespace,
        sentence.keyword,
        format!("`{}` cannot stand in the external namespace `{name}`", later::word(&sentence.kind)),
    )
    .note("an external namespace is somebody else's: its workloads can be named, nothing is written into it")
    .help("move the sentence to the namespace at the other end, or remove `external` if the namespace is yours")
}

/// `labels`, `pod-security`, `workload-label`.
pub(super) fn setting(gather: &mut Gather<'_, '_>, sentence: &Sentence, block: &Block) {
    let Some(name) = block.home.namespace() else { return };
    let Some(entry) = gather.out.table.own_mut(&block.home) else { return };
    let partial = matches!(*block.clusters, Clusters::Only(_)).then(|| Rc::clone(&block.clusters));
    match &sentence.kind {
        Kind::WorkloadLabel(key) => workload_label(entry, name, key, gather.report),
        _ if is_built_in(name) => gather.report.push(not_ours(sentence, name)),
        Kind::Labels(pairs) => pairs.iter().for_each(|pair| label(entry, name, pair, gather.report)),
        Kind::PodSecurity(word) => pod_security(entry, name, word, gather.report),
        _ => {}
    }
    if !matches!(sentence.kind, Kind::WorkloadLabel(_)) {
        entry.ours = entry.ours.or(Some(sentence.keyword));
        if let Some(clusters) = partial {
            entry.partial.push((clusters, sentence.keyword));
        }
    }
}

fn label(entry: &mut Entry, namespace: &str, (key, value): &(Word, Word), report: &mut Report) {
    let sound = check(key, Becomes::LabelKey, "a label's key", report) & check(value, Becomes::LabelValue, "a label's value", report);
    if !sound {
        return;
    }
    if key.text == "kubernetes.io/metadata.name" || key.text.starts_with("pod-security.kubernetes.io/") {
        return report.push(reserved_label(key));
    }
    match entry.labels.get(key.text.as_str()) {
        Some((first, place)) if *first != value.text => {
            let headline = format!("the label `{}` of `{namespace}` has two values", key.text);
            let diagnostic = Diagnostic::new(Code::ConflictingSettings, value.span, headline).label(format!("here `{}`", value.text));
            report.push(diagnostic.also(*place, format!("here `{first}`")).help("keep one of the two"));
        }
        Some(_) => {}
        None => {
            entry.labels.insert(key.text.to_string(), (value.text.to_string(), value.span));
        }
    }
}

fn reserved_label(key: &Word) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::ReservedLabel, key.span, format!("`{}` cannot be set by `labels`", key.text));
    if key.text == "kubernetes.io/metadata.name" {
        diagnostic.note("the API server sets it to the namespace's name").help("remove it")
    } else {
        diagnostic.help("write `pod-security restricted`, `pod-security baseline` or `pod-security privileged`")
    }
}

fn pod_security(entry: &mut Entry, namespace: &str, word: &Word, report: &mut Report) {
    let level = match word.text.as_str() {
        "privileged" => PodSecurity::Privileged,
        "baseline" => PodSecurity::Baseline,
        "restricted" => PodSecurity::Restricted,
        other => {
            let headline = format!("`{other}` is not a level of Pod Security");
            return report
                .push(Diagnostic::new(Code::UnknownWord, word.span, headline).help("write `restricted`, `baseline` or `privileged`"));
        }
    };
    match &entry.pod_security {
        Some((first, place)) if *first != level => {
            let diagnostic = Diagnostic::new(Code::ConflictingSettings, word.span, format!("`{namespace}` has two levels of Pod Security"));
            let diagnostic = diagnostic.also(*place, format!("here `{}`", first.as_str()));
            report.push(diagnostic.help("keep the stricter one"));
        }
        Some(_) => {}
        None => entry.pod_security = Some((level, word.span)),
    }
}

fn workload_label(entry: &mut Entry, namespace: &str, key: &Word, report: &mut Report) {
    if !check(key, Becomes::LabelKey, "a label's key", report) {
        return;
    }
    match &entry.workload_label {
        Some((first, place)) if *first != key.text => {
            let diagnostic = Diagnostic::new(Code::ConflictingSettings, key.span, format!("`{namespace}` has two workload labels"));
            report.push(diagnostic.also(*place, format!("here `{first}`")).help("keep one of the two"));
        }
        Some(_) => {}
        None => entry.workload_label = Some((key.text.clone(), key.span)),
    }
}

fn not_ours(sentence: &Sentence, name: &str) -> Diagnostic {
    let word = later::word(&sentence.kind);
    Diagnostic::new(Code::NotOurs, sentence.keyword, format!("`{word}` cannot be set on `{name}`"))
        .note("every cluster has this namespace; its Namespace object is the cluster's, and polc does not write it")
        .help("remove the line, and set it where the cluster is set up")
}

/// Labels that hold in some clusters of a namespace only cannot be told from those that hold
/// in all, so they are refused.
pub(super) fn check_partial(table: &Table<'_>, all: &BTreeSet<SmolStr>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, entry) in table.by_name().filter(|(_, entry)| !entry.partial.is_empty()) {
        let whole = match &entry.clusters {
            Some(Clusters::Only(names)) => names.clone(),
            Some(Clusters::All) | None => all.clone(),
        };
        let known = |clusters: &Clusters| matches!(clusters, Clusters::Only(names) if names.is_subset(all));
        for (clusters, span) in entry.partial.iter().filter(|(clusters, _)| known(clusters)) {
            if let Some(missing) = whole.intersection(all).find(|cluster| !clusters.contains(cluster)) {
                found.push(
                    Diagnostic::new(
                        Code::PartialLabels,
                        *span,
                        format!("`{name}` is also in the cluster `{missing}`, where this is not said"),
                    )
                    .note("labels and Pod Security of a namespace are the same in all its clusters")
                    .help(format!(
                        "move the line to a block of `{name}` that is in all its clusters, or give the namespaces different names"
                    )),
                );
            }
        }
    }
    found
}

/// The namespace as the IR has it.
pub(super) fn finish(name: SmolStr, entry: Entry) -> ir::Namespace {
    let held = entry.held(&name);
    let label = entry.workload_label.map(|(key, _)| key);
    let labels = match held {
        Held::Ours => entry.labels.into_iter().map(|(key, (value, _))| (key, value)).collect(),
        Held::External | Held::Known => entry.found_labels,
    };
    ir::Namespace {
        name,
        held,
        labels,
        pod_security: entry.pod_security.map(|(level, _)| level),
        clusters: entry.clusters.unwrap_or(Clusters::All),
        workloads: entry
            .workloads
            .into_iter()
            .map(|(name, declared)| (name, selected(with_services(declared), label.as_deref())))
            .collect(),
        sentences: entry.sentences,
    }
}

/// A workload with the names of its Services.
fn with_services(mut declared: Declared) -> Box<ir::Workload> {
    let ported = declared.services().iter().map(|(name, _, _)| name.clone());
    let mut services: Vec<_> = ported.chain(declared.beside.iter().filter_map(|beside| beside.service.clone())).collect();
    services.sort();
    services.dedup();
    declared.workload.services = services;
    declared.workload
}

/// A workload without `select`, where its namespace says which label it is known by.
fn selected(mut workload: Box<ir::Workload>, label: Option<&str>) -> Box<ir::Workload> {
    if let (None, Some(key)) = (&workload.selector, label) {
        workload.selector = Some(Labels::equal(key, workload.name.clone()));
    }
    workload
}
