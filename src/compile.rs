//! The public face: files in, objects out. The only place that decides that an error
//! means no output.

use smol_str::SmolStr;

use crate::diagnostic::{self, Code, Diagnostic};
use crate::manifest::{self, Object};
use crate::source::{SourceFile, Sources};
use crate::verify::proof::Proof;
use crate::{ir, plan, resolve, syntax, target};

use self::judge::Others;

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
    /// Leaves out the proof that the objects mean what the policy says: only to measure what it costs.
    #[doc(hidden)]
    pub unproved: bool,
}

/// What came of it. With an error among the diagnostics there are no objects.
#[derive(Debug, Clone, Default)]
pub struct Compilation {
    /// The objects, by cluster, namespace, kind and name.
    pub objects: Vec<Output>,
    /// What is no object of Kubernetes, and is written beside the objects, by cluster and name.
    pub beside: Vec<Beside>,
    /// Everything there is to say, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The policy files, to show places by.
    pub sources: Sources,
    /// The clusters compiled for, by name, with their accounts.
    pub clusters: Vec<(String, Option<String>)>,
    /// What was proved of each cluster compiled for, and what that rests on.
    pub proofs: Vec<Proof>,
    /// Where each object comes from.
    origins: Vec<target::Origins>,
    sentences: Vec<ir::Sentence>,
}

/// An object, and the cluster it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The cluster's name.
    pub cluster: SmolStr,
    /// The object.
    pub object: Object,
}

/// A file beside a cluster's objects, which Kubernetes does not read: what somebody else is to grant or set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// The cluster's name.
    pub cluster: SmolStr,
    /// The file's name, e.g. `ibm-iam.json`.
    pub name: &'static str,
    /// Its text.
    pub text: String,
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

/// How much text is put together before it is passed on: little enough to stay in the processor's cache.
const PIECE: usize = 64 << 10;

impl Compilation {
    /// Whether the policy has errors; then there are no objects.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Which sentences each object, and each rule of it, comes from.
    #[must_use]
    pub fn source_map(&self) -> Vec<SourceMapEntry> {
        let pieces = self.origins.iter().enumerate().flat_map(|(object, origins)| origins.iter().map(move |origin| (object, origin)));
        let entry = |(object, (piece, ids)): (usize, &(target::Piece, plan::Sentences))| SourceMapEntry {
            object,
            pointer: piece.to_string(),
            places: self.places(ids),
        };
        pieces.map(entry).collect()
    }

    /// The objects that have a rule of a sentence on one side, and those without rules that are there
    /// because of it (isolations), as answers call them.
    pub(crate) fn objects_of(&self, id: ir::SentenceId, side: &str) -> impl Iterator<Item = String> {
        let of_side = move |piece: &target::Piece| piece.to_string().starts_with(&format!("/spec/{side}/"));
        let of_it = move |pieces: &target::Origins| {
            let has_rules = pieces.iter().any(|(piece, _)| *piece != target::Piece::Whole);
            let counts = |piece: &target::Piece| if *piece == target::Piece::Whole { !has_rules } else { of_side(piece) };
            pieces.iter().any(|(piece, ids)| ids.contains(&id) && counts(piece))
        };
        let objects = self.objects.iter().zip(&self.origins).filter(move |(_, pieces)| of_it(pieces)).map(|(output, _)| output);
        objects.filter(|output| !matches!(output.object, Object::Namespace(_))).map(|output| {
            let metadata = output.object.metadata();
            let home = metadata.namespace.as_ref().map_or(String::new(), |namespace| format!("{namespace}/"));
            format!("{} {home}{}", output.object.kind(), metadata.name)
        })
    }

    /// The roles and bindings that a sentence stands in, as answers call them.
    pub(crate) fn access_objects_of(&self, id: ir::SentenceId) -> impl Iterator<Item = String> {
        let of_it = move |pieces: &target::Origins| pieces.iter().any(|(_, ids)| ids.contains(&id));
        let objects = self.objects.iter().zip(&self.origins).filter(move |(_, pieces)| of_it(pieces)).map(|(output, _)| &output.object);
        let is_access = |object: &&Object| matches!(object.kind(), "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding");
        objects.filter(is_access).map(|object| {
            let metadata = object.metadata();
            let home = metadata.namespace.as_ref().map_or(String::new(), |namespace| format!("{namespace}/"));
            format!("{} {home}{}", object.kind(), metadata.name)
        })
    }

    fn places(&self, ids: &[ir::SentenceId]) -> Vec<Place> {
        let mut cited: Vec<&ir::Sentence> = ids.iter().filter_map(|id| self.sentences.get(id.0 as usize)).collect();
        cited.sort_by_key(|sentence| sentence.span);
        let place = |sentence: &ir::Sentence| {
            let position = self.sources.position(sentence.span);
            let file = self.sources.name(sentence.span.file).to_owned();
            Place { file, line: position.line, column: position.column, because: sentence.because().map(ToString::to_string) }
        };
        cited.into_iter().map(place).collect()
    }
}

/// The files that `include` sentences name, as names of the file set, sorted: what to put
/// into [`Files::included`]. A path is relative to the file whose sentence names it.
#[must_use]
pub fn included_paths(policies: &[SourceFile]) -> Vec<String> {
    // Most files include nothing, and need not be read twice.
    let including = policies.iter().filter(|policy| policy.text.contains("include")).cloned();
    let sources = Sources::new(including.collect());
    let trees: Vec<_> = sources.iter().map(|(id, file)| syntax::parse(id, &file.text).0).collect();
    resolve::included_paths(&sources, &trees)
}

/// Compiles a policy set. Never panics; does no I/O; the same files and options give the
/// same bytes, in whatever order the files are given.
#[must_use]
pub fn compile(files: Files, options: &Options) -> Compilation {
    compiled(files, options).0
}

/// The same, and the policy as it was understood, for who has questions about it.
pub(crate) fn compiled(files: Files, options: &Options) -> (Compilation, ir::Policy) {
    through_all_stages(files, options, Others::Judged)
}

/// The same, for who asks what holds beside the policies of others and is answered, whatever they open.
pub(crate) fn compiled_beside_others(files: Files, options: &Options) -> (Compilation, ir::Policy) {
    through_all_stages(files, options, Others::Counted)
}

fn through_all_stages(files: Files, options: &Options, others: Others) -> (Compilation, ir::Policy) {
    let sources = Sources::new(files.policies).with_manifests(files.manifests);
    let mut diagnostics = Vec::new();
    let mut trees = Vec::new();
    for (id, file) in sources.iter() {
        let (tree, found) = syntax::parse(id, &file.text);
        trees.push(tree);
        diagnostics.extend(found);
    }
    if diagnostics.is_empty() && trees.iter().all(|tree| tree.sentences.is_empty()) {
        diagnostics.push(nothing_said());
    }
    let (facts, found) = manifest::read::facts(&sources);
    // What a lost sentence or an unreadable manifest may have declared is not complained of as missing.
    let incomplete = trees.iter().any(|tree| tree.names_lost) || found.iter().any(Diagnostic::is_error);
    diagnostics.extend(found);
    let (policy, found) = resolve::resolve(&resolve::Input {
        incomplete,
        sources: &sources,
        trees: &trees,
        included: &files.included,
        facts: &facts,
        today: options.today.as_deref(),
    });
    drop(trees);
    diagnostics.extend(found);
    let mut compilation = Compilation { clusters: chosen(&policy, options), sources, ..Compilation::default() };
    if !diagnostics.iter().any(Diagnostic::is_error) {
        diagnostics.extend(asked_in_vain(&policy, options));
    }
    // Decisions about a policy that could not be read whole would complain of sentences that are only misspelt.
    if !diagnostics.iter().any(Diagnostic::is_error) {
        diagnostics.extend(plan::held_nowhere(&policy));
        for cluster in &policy.clusters {
            diagnostics.extend(compilation.add_cluster(&policy, cluster, options));
        }
        if !diagnostics.iter().any(Diagnostic::is_error) {
            diagnostics.extend(judge::beside(&policy, &compilation, others));
        }
    }
    compilation.sentences.clone_from(&policy.sentences);
    diagnostic::settle(&mut diagnostics);
    compilation.diagnostics = diagnostics;
    if compilation.has_errors() {
        compilation.objects.clear();
        compilation.beside.clear();
        compilation.proofs.clear();
        compilation.origins.clear();
    }
    (compilation, policy)
}

/// A policy that says nothing would leave everything open, and take away what was written before.
fn nothing_said() -> Diagnostic {
    Diagnostic::nowhere(Code::EmptyPolicy, "the policy has no sentences")
        .note("what it says nothing about stays open")
        .help("write a first sentence: `namespace payments isolate`")
}

/// The clusters that are compiled for: every one, or those asked for.
fn chosen(policy: &ir::Policy, options: &Options) -> Vec<(String, Option<String>)> {
    let asked = |cluster: &&ir::Cluster| {
        let named = options.clusters.is_empty() || options.clusters.contains(&cluster.name);
        let owned = options.accounts.is_empty() || cluster.account.as_ref().is_some_and(|name| options.accounts.contains(name));
        named && owned
    };
    policy.clusters.iter().filter(asked).map(|cluster| (cluster.name.clone(), cluster.account.clone())).collect()
}

/// Clusters and accounts that are asked for and that no `cluster` block declares.
fn asked_in_vain(policy: &ir::Policy, options: &Options) -> Vec<Diagnostic> {
    let clusters: Vec<&str> = policy.clusters.iter().map(|cluster| cluster.name.as_str()).collect();
    let accounts: Vec<&str> = policy.clusters.iter().filter_map(|cluster| cluster.account.as_deref()).collect();
    let cluster = options.clusters.iter().filter(|name| !clusters.contains(&name.as_str()));
    let account = options.accounts.iter().filter(|name| !accounts.contains(&name.as_str()));
    let cluster = cluster.map(|name| in_vain(Code::NoSuchCluster, "cluster", name, &clusters));
    cluster.chain(account.map(|name| in_vain(Code::NoSuchAccount, "account", name, &accounts))).collect()
}

fn in_vain(code: Code, what: &str, name: &str, known: &[&str]) -> Diagnostic {
    let near = diagnostic::suggest::nearest(name, known.iter().copied());
    let help = match (near.first(), known) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => format!("no `cluster` block names an {what}: narrow by cluster, or build for all"),
        (None, known) => format!("there is: `{}`", known.join("`, `")),
    };
    Diagnostic::nowhere(code, format!("no `cluster` block declares the {what} `{name}`")).help(help)
}

impl Compilation {
    /// Plans one cluster and keeps its objects, where they are asked for. Every cluster is
    /// planned all the same: a policy that is wrong for one is wrong.
    fn add_cluster(&mut self, policy: &ir::Policy, cluster: &ir::Cluster, options: &Options) -> Vec<Diagnostic> {
        let (plan, mut diagnostics) = plan::plan(policy, cluster, &target::capabilities(cluster));
        let (emitted, found) = target::emit(policy, &plan);
        let beside = target::ibm_iam::text(policy, &plan);
        drop(plan);
        diagnostics.extend(found);
        if self.clusters.iter().any(|(name, _)| *name == cluster.name) {
            if !options.unproved && !diagnostics.iter().any(Diagnostic::is_error) {
                match judge::prove(policy, cluster, &emitted) {
                    Ok(proof) => self.proofs.push(proof),
                    Err(refuted) => diagnostics.push(*refuted),
                }
            }
            self.objects.reserve(emitted.len());
            self.origins.reserve(emitted.len());
            let name = SmolStr::new(&cluster.name);
            self.beside.extend(beside.map(|text| Beside { cluster: name.clone(), name: target::ibm_iam::FILE, text }));
            for target::Emitted { object, origins } in emitted {
                self.objects.push(Output { cluster: name.clone(), object });
                self.origins.push(origins);
            }
        }
        diagnostics
    }
}

impl Compilation {
    /// All objects as one YAML stream, in the order in which they are to be applied: `---`
    /// between documents, and a comment with the cluster's name where there are several.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        let mut all = String::new();
        let Ok(()) = self.write_yaml(|piece| {
            all.push_str(piece);
            Ok::<_, std::convert::Infallible>(())
        });
        all
    }

    /// The stream of [`Compilation::to_yaml`], passed on piece by piece, so that it is never in memory as a whole.
    ///
    /// # Errors
    ///
    /// The first that `write` answers; nothing more is passed on then.
    pub fn write_yaml<E>(&self, mut write: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        let mut out = String::with_capacity(PIECE);
        let several = self.objects.windows(2).any(|pair| matches!(pair, [a, b] if a.cluster != b.cluster));
        let mut before = None;
        for Output { cluster, object } in &self.objects {
            if before.is_some() {
                out.push_str("---\n");
            }
            if several && before != Some(cluster) {
                out.push_str("# cluster ");
                out.push_str(cluster);
                out.push('\n');
            }
            before = Some(cluster);
            object.write_yaml(&mut out);
            if out.len() >= PIECE / 2 {
                write(&out)?;
                out.clear();
            }
        }
        write(&out)
    }
}

mod judge;
#[cfg(test)]
mod tests;
