//! Manifests of a repository or cluster, read as facts. Nothing of them is emitted.

mod definition;
pub(crate) mod object;
pub(crate) mod port;
mod role;
pub(crate) mod workload;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::facts::{Facts, ServiceFacts, Unused, WorkloadFacts};
use crate::manifest::tree;
use crate::source::{Sources, Span};
use crate::surface::Custom;

/// Reads every manifest of the file set. What could be read is there beside the errors.
pub(crate) fn facts(sources: &Sources) -> (Facts, Vec<Diagnostic>) {
    let mut reader = Reader::default();
    for (id, file) in sources.manifests() {
        match tree::documents(id, &file.text) {
            Ok(documents) => documents.iter().for_each(|it| object::read(&mut reader, &file.name, it.place, &it.root)),
            Err(error) => reader.diagnostics.push(*error),
        }
    }
    reader.finish()
}

/// Namespace and name, or group and name.
type Key = (String, String);

/// What was read so far, each with its place.
#[derive(Default)]
struct Reader {
    namespaces: BTreeMap<String, BTreeMap<String, String>>,
    labels: BTreeMap<Key, Option<(String, Span)>>,
    workloads: BTreeMap<Key, Option<(WorkloadFacts, Span)>>,
    services: BTreeMap<Key, Option<(ServiceFacts, Span)>>,
    roles: BTreeSet<Key>,
    bound: BTreeSet<Key>,
    custom: BTreeMap<Key, Option<(Custom, Span)>>,
    unused: Vec<Unused>,
    diagnostics: Vec<Diagnostic>,
}

impl Reader {
    /// A namespace that is there, with labels where its own object says them.
    fn namespace(&mut self, name: &str, labels: BTreeMap<String, String>, place: Span) {
        self.namespaces.entry(name.to_owned()).or_default();
        for (key, value) in labels {
            let what = || format!("label `{key}` of namespace `{name}`");
            settle(&mut self.labels, (name.to_owned(), key.clone()), value, place, what, &mut self.diagnostics);
        }
    }

    fn workload(&mut self, key: Key, facts: WorkloadFacts, place: Span) {
        let what = || format!("workload `{}` of namespace `{}`", key.1, key.0);
        settle(&mut self.workloads, key.clone(), facts, place, what, &mut self.diagnostics);
    }

    fn service(&mut self, key: Key, facts: ServiceFacts, place: Span) {
        let what = || format!("Service `{}` of namespace `{}`", key.1, key.0);
        settle(&mut self.services, key.clone(), facts, place, what, &mut self.diagnostics);
    }

    fn custom(&mut self, key: Key, facts: Custom, place: Span) {
        let what = || format!("the custom resource `{}.{}`", key.1, key.0);
        settle(&mut self.custom, key.clone(), facts, place, what, &mut self.diagnostics);
    }

    fn finish(self) -> (Facts, Vec<Diagnostic>) {
        let mut namespaces = self.namespaces;
        for ((name, key), label) in self.labels {
            if let (Some(labels), Some((value, _))) = (namespaces.get_mut(&name), label) {
                labels.insert(key, value);
            }
        }
        let facts = Facts {
            namespaces,
            workloads: agreed(self.workloads),
            services: agreed(self.services),
            roles: self.roles,
            bound: self.bound,
            custom: agreed(self.custom),
            unused: self.unused,
        };
        (facts, self.diagnostics)
    }
}

/// Enters a fact, or, where another manifest says otherwise, that there is none: taking
/// either one could select the wrong pods.
fn settle<V: Same>(
    facts: &mut BTreeMap<Key, Option<(V, Span)>>,
    key: Key,
    fact: V,
    place: Span,
    what: impl Fn() -> String,
    diagnostics: &mut Vec<Diagnostic>,
) {
    match facts.get_mut(&key) {
        None => {
            facts.insert(key, Some((fact, place)));
        }
        Some(Some((old, _))) if old.same(&fact) => {}
        // Already said.
        Some(None) => {}
        Some(old) => {
            let mut conflict = Diagnostic::new(Code::ManifestConflict, place, format!("manifests disagree about {}", what()))
                .label("one of them")
                .note("polc uses neither.")
                .help("give the manifests of one environment, or declare it in the policy");
            if let Some((_, first)) = old.take() {
                conflict = conflict.also(first, "the other");
            }
            diagnostics.push(conflict);
        }
    }
}

/// The facts on which all manifests agree.
fn agreed<V>(facts: BTreeMap<Key, Option<(V, Span)>>) -> BTreeMap<Key, V> {
    facts.into_iter().filter_map(|(key, fact)| fact.map(|(fact, _)| (key, fact))).collect()
}

/// Whether two manifests say the same.
trait Same {
    fn same(&self, other: &Self) -> bool;
}

impl Same for String {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl Same for ServiceFacts {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl Same for Custom {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl Same for WorkloadFacts {
    /// All but the file.
    fn same(&self, other: &Self) -> bool {
        *self == WorkloadFacts { file: self.file.clone(), ..other.clone() }
    }
}
