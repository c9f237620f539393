//! `include`: a manifest passed through. Network policies among it are judged once the policy is compiled; a kind
//! of which it is not known what it opens has to be taken over by name.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Clusters};
use crate::source::{SourceFile, Sources, Span};
use crate::syntax;
use crate::syntax::tree::{File, Kind, Sentence, Word};

use super::clauses::Sentences;
use super::peer::Resolver;
use super::place::Statement;
use super::report::Report;

/// Kinds that neither open nor close a connection nor say who may, by their API group. Every other
/// kind may do so for all that polc knows: an operator's own policy, or what installs one.
const HARMLESS: [(&str, &[&str]); 14] = [
    (
        "",
        &[
            "ConfigMap",
            "Endpoints",
            "Event",
            "LimitRange",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "Pod",
            "PodTemplate",
            "ReplicationController",
            "ResourceQuota",
            "Secret",
            "Service",
            "ServiceAccount",
        ],
    ),
    ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
    ("apps", &["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]),
    ("autoscaling", &["HorizontalPodAutoscaler"]),
    ("autoscaling.k8s.io", &["VerticalPodAutoscaler"]),
    ("batch", &["CronJob", "Job"]),
    ("cert-manager.io", &["Certificate", "ClusterIssuer", "Issuer"]),
    ("coordination.k8s.io", &["Lease"]),
    ("discovery.k8s.io", &["EndpointSlice"]),
    ("monitoring.coreos.com", &["PodMonitor", "PrometheusRule", "ServiceMonitor"]),
    ("networking.k8s.io", &["IngressClass"]),
    ("policy", &["PodDisruptionBudget"]),
    ("scheduling.k8s.io", &["PriorityClass"]),
    ("storage.k8s.io", &["CSIDriver", "StorageClass"]),
];

/// Kinds that open and close connections, each by rules that are known: they are judged.
const JUDGED: [(&str, &[&str]); 4] = [
    ("networking.k8s.io", &["NetworkPolicy"]),
    ("policy.networking.k8s.io", &["AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"]),
    ("projectcalico.org", CALICO),
    ("crd.projectcalico.org", CALICO),
];

const CALICO: &[&str] = &["GlobalNetworkPolicy", "GlobalNetworkSet", "NetworkPolicy", "NetworkSet", "Tier"];

/// Whether it is known what an object of this API group and kind opens and closes.
fn is_known(document: &Document) -> bool {
    let mut kinds = HARMLESS.iter().chain(&JUDGED);
    kinds.any(|(group, kinds)| *group == document.group && kinds.contains(&document.kind.as_str()))
}

impl Resolver<'_, '_> {
    /// The manifest that a sentence passes through; none if it cannot be.
    pub(super) fn include(&mut self, statement: &Statement<'_>, sources: &Sources, included: &[SourceFile]) -> Option<ir::Include> {
        let sentence = &statement.node.sentence;
        let Kind::Include { path, unanalysed } = &sentence.kind else { return None };
        let Some(target) = target(sources.name(path.span.file), &path.text) else {
            self.report.push(outside(path));
            return None;
        };
        let Some(file) = included.iter().find(|file| file.name == target) else {
            self.report.push(not_given(path, &target));
            return None;
        };
        let known = match kinds(&file.text) {
            Err(error) => {
                self.report.push(
                    Diagnostic::new(Code::InvalidInclude, path.span, format!("`{target}` is not a manifest polc can read"))
                        .note(error)
                        .help("put the file right, or take the `include` out"),
                );
                return None;
            }
            Ok(kinds) => self.check_kinds(sentence, path, *unanalysed, &kinds)?,
        };
        Some(ir::Include {
            sentence: statement.id,
            path: target,
            text: file.text.clone(),
            namespace: statement.block.home.namespace().map(str::to_owned),
            clusters: (*statement.block.clusters).clone(),
            unanalysed: *unanalysed,
            known,
        })
    }

    /// Whether every kind is known; none where one that is not has to be taken over by name first.
    fn check_kinds(&mut self, sentence: &Sentence, path: &Word, unanalysed: Option<Span>, kinds: &[Document]) -> Option<bool> {
        if let Some(span) = unanalysed
            && sentence.clauses.as_ref().is_none_or(|clauses| clauses.because.is_none())
        {
            self.report.push(without_because(span));
            return None;
        }
        let unknown = kinds.iter().find(|document| !is_known(document));
        if let (Some(document), None) = (unknown, unanalysed) {
            self.report.push(needs_unanalysed(path, document));
            return None;
        }
        Some(unknown.is_none())
    }
}

/// A file's place: relative to the file that includes it, inside the file set.
fn target(from: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains('\\') || path.is_empty() {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.pop() {
                Some(folder) if !matches!(folder, "" | "." | "..") => {}
                _ => return None,
            },
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// The files that `include` sentences name, sorted, each once.
pub(super) fn paths(sources: &Sources, trees: &[File]) -> Vec<String> {
    let named = |tree| syntax::includes(tree).filter_map(|path| target(sources.name(path.span.file), &path.text));
    let mut found: Vec<String> = trees.iter().flat_map(named).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// A document of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Document {
    group: String,
    kind: String,
    name: String,
}

/// The kinds of all documents, those inside lists included.
fn kinds(text: &str) -> Result<Vec<Document>, String> {
    let documents: Vec<serde_json::Value> = serde_saphyr::from_multiple(text).map_err(|error| error.to_string())?;
    let mut found = Vec::new();
    for document in &documents {
        read_document(document, &mut found)?;
    }
    Ok(found)
}

fn read_document(document: &serde_json::Value, found: &mut Vec<Document>) -> Result<(), String> {
    if document.is_null() {
        return Ok(());
    }
    let text = |pointer: &str| document.pointer(pointer).and_then(serde_json::Value::as_str);
    let (Some(version), Some(kind)) = (text("/apiVersion"), text("/kind")) else {
        return Err("a document has no `apiVersion` or no `kind`".to_owned());
    };
    if let Some(items) = document.get("items").filter(|_| kind.ends_with("List")) {
        let items = items.as_array().ok_or_else(|| "the `items` of a list are no list".to_owned())?;
        return items.iter().try_for_each(|item| read_document(item, found));
    }
    let name = text("/metadata/name").ok_or_else(|| format!("a {kind} has no name"))?;
    let group = version.split_once('/').map_or("", |(group, _)| group);
    found.push(Document { group: group.to_owned(), kind: kind.to_owned(), name: name.to_owned() });
    Ok(())
}

/// A file passed through twice to one cluster: every object of it would be there twice.
pub(super) fn repeated(includes: &[ir::Include], sentences: &Sentences, report: &mut Report) {
    let mut seen: BTreeMap<&str, Vec<&ir::Include>> = BTreeMap::new();
    for include in includes {
        let same = seen.entry(&include.path).or_default();
        let first = same.iter().find(|other| meet(&other.clusters, &include.clusters));
        if let (Some(first), Some(second)) = (first.and_then(|i| sentences.get(i.sentence)), sentences.get(include.sentence)) {
            let diagnostic = Diagnostic::new(Code::DuplicateDeclaration, second.span, format!("`{}` is included twice", include.path));
            let elsewhere = Some(first.span).filter(|span| *span != second.span);
            let diagnostic = elsewhere.into_iter().fold(diagnostic, |d, span| d.also(span, "first included here"));
            report.push(diagnostic.help("include it once, outside the namespaces"));
        }
        same.push(include);
    }
}

fn meet(a: &Clusters, b: &Clusters) -> bool {
    match (a, b) {
        (Clusters::Only(a), Clusters::Only(b)) => !a.is_disjoint(b),
        _ => true,
    }
}

fn outside(path: &Word) -> Diagnostic {
    Diagnostic::new(Code::IncludeNotFound, path.span, format!("`{}` lies outside the policy set", path.text))
        .help("put the file below the folder of the policy, and write its path relative to this file")
}

fn not_given(path: &Word, target: &str) -> Diagnostic {
    Diagnostic::new(Code::IncludeNotFound, path.span, format!("there is no file `{}`", path.text))
        .note(format!("looked for `{target}`"))
        .help("write the path relative to this file")
}

fn without_because(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnanalysedWithoutReason, span, "`unanalysed` needs a reason")
        .help("say why the file may pass unjudged: `unanalysed because \"…\"`")
}

fn needs_unanalysed(path: &Word, document: &Document) -> Diagnostic {
    Diagnostic::new(
        Code::IncludeUnanalysed,
        path.span,
        format!("`{}` holds a {}, and what that opens is not known", path.text, document.kind),
    )
    .label(format!("{} `{}`", document.kind, document.name))
    .note("it could open what this policy closes, and no answer would say so")
    .help("write its meaning as sentences and take it out of the file; if it has to stay, add `unanalysed because \"…\"` after the path")
}
