//! Namespaces: several blocks of one name merge, contradictions show both places.

use std::collections::BTreeSet;
use std::rc::Rc;

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Clusters, Held, PodSecurity, SentenceId};
use crate::semantics::labels::Labels;
use crate::source::Span;
use crate::syntax::tree::{self, Kind, Sentence, Word};

use super::gather::{Block, Gather};
use super::later;
use super::names::{Becomes, check};
use super::place::Home;
use super::table::{Entry, Table, is_built_in};

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
) -> Option<Block> {
    if !check(name, Becomes::DnsLabel, "a namespace", gather.report) {
        return None;
    }
    let (key, entry) = gather.out.table.entry(&name.text);
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
    Some(Block { home: Home::Namespace(key), clusters: Rc::clone(clusters), external: header.external.is_some() })
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
    let Some(name) = block.home.namespace().map(str::to_owned) else { return };
    let partial = matches!(*block.clusters, Clusters::Only(_)).then(|| Rc::clone(&block.clusters));
    match &sentence.kind {
        Kind::WorkloadLabel(key) => workload_label(gather, &name, key),
        _ if is_built_in(&name) => gather.report.push(not_ours(sentence, &name)),
        Kind::Labels(pairs) => pairs.iter().for_each(|pair| label(gather, &name, pair)),
        Kind::PodSecurity(word) => pod_security(gather, &name, word),
        _ => {}
    }
    if !matches!(sentence.kind, Kind::WorkloadLabel(_)) {
        let entry = gather.out.table.entry(&name).1;
        entry.ours = entry.ours.or(Some(sentence.keyword));
        if let Some(clusters) = partial {
            entry.partial.push((clusters, sentence.keyword));
        }
    }
}

fn label(gather: &mut Gather<'_, '_>, namespace: &str, (key, value): &(Word, Word)) {
    let sound =
        check(key, Becomes::LabelKey, "a label's key", gather.report) & check(value, Becomes::LabelValue, "a label's value", gather.report);
    if !sound {
        return;
    }
    if key.text == "kubernetes.io/metadata.name" || key.text.starts_with("pod-security.kubernetes.io/") {
        return gather.report.push(reserved_label(key));
    }
    let entry = gather.out.table.entry(namespace).1;
    match entry.labels.get(key.text.as_str()) {
        Some((first, place)) if *first != value.text => {
            let headline = format!("the label `{}` of `{namespace}` has two values", key.text);
            let diagnostic = Diagnostic::new(Code::ConflictingSettings, value.span, headline).label(format!("here `{}`", value.text));
            gather.report.push(diagnostic.also(*place, format!("here `{first}`")).help("keep one of the two"));
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

fn pod_security(gather: &mut Gather<'_, '_>, namespace: &str, word: &Word) {
    let level = match word.text.as_str() {
        "privileged" => PodSecurity::Privileged,
        "baseline" => PodSecurity::Baseline,
        "restricted" => PodSecurity::Restricted,
        other => {
            let headline = format!("`{other}` is not a level of Pod Security");
            return gather
                .report
                .push(Diagnostic::new(Code::UnknownWord, word.span, headline).help("write `restricted`, `baseline` or `privileged`"));
        }
    };
    let entry = gather.out.table.entry(namespace).1;
    match &entry.pod_security {
        Some((first, place)) if *first != level => {
            let diagnostic = Diagnostic::new(Code::ConflictingSettings, word.span, format!("`{namespace}` has two levels of Pod Security"));
            let diagnostic = diagnostic.also(*place, format!("here `{}`", first.as_str()));
            gather.report.push(diagnostic.help("keep the stricter one"));
        }
        Some(_) => {}
        None => entry.pod_security = Some((level, word.span)),
    }
}

fn workload_label(gather: &mut Gather<'_, '_>, namespace: &str, key: &Word) {
    if !check(key, Becomes::LabelKey, "a label's key", gather.report) {
        return;
    }
    let entry = gather.out.table.entry(namespace).1;
    match &entry.workload_label {
        Some((first, place)) if *first != key.text => {
            let diagnostic = Diagnostic::new(Code::ConflictingSettings, key.span, format!("`{namespace}` has two workload labels"));
            gather.report.push(diagnostic.also(*place, format!("here `{first}`")).help("keep one of the two"));
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
    for (name, entry) in &table.namespaces {
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
pub(super) fn finish(name: &str, entry: Entry) -> ir::Namespace {
    let held = entry.held(name);
    let label = entry.workload_label.map(|(key, _)| key);
    let labels = match held {
        Held::Ours => entry.labels.into_iter().map(|(key, (value, _))| (key, value)).collect(),
        Held::External | Held::Known => entry.found_labels,
    };
    ir::Namespace {
        name: name.into(),
        held,
        labels,
        pod_security: entry.pod_security.map(|(level, _)| level),
        clusters: entry.clusters.unwrap_or(Clusters::All),
        workloads: entry.workloads.into_iter().map(|(name, declared)| (name, selected(declared.workload, label.as_deref()))).collect(),
        sentences: entry.sentences,
    }
}

/// A workload without `select`, where its namespace says which label it is known by.
fn selected(mut workload: ir::Workload, label: Option<&str>) -> ir::Workload {
    if let (None, Some(key)) = (&workload.selector, label) {
        workload.selector = Some(Labels::equal(key, workload.name.clone()));
    }
    workload
}
