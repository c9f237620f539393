//! What `build` and `check` have in common: which policies, for what, and compiling them.

use std::path::PathBuf;

use clap::Args;
use polc::diagnostic::{Code, Diagnostic, render};
use polc::source::{Sources, Span};
use polc::{Compilation, Files, Options, SourceFile};

use super::exit::{Exit, Failure};
use super::input::{self, Found, Reader, Unreadable};
use super::progress::Progress;
use super::terminal::{self, ColorWhen};

/// The arguments that say what is compiled.
#[derive(Debug, Args)]
pub(crate) struct PolicySet {
    /// Policy files, folders that hold `.polc` files at any depth, or `-` for stdin
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,

    /// A folder of YAML or JSON manifests that give facts: workloads, Services, namespaces;
    /// nothing of it is emitted. May be repeated
    #[arg(long, value_name = "DIR")]
    manifests: Vec<PathBuf>,

    /// Compile for this cluster only. May be repeated
    #[arg(long, value_name = "NAME")]
    cluster: Vec<String>,

    /// Compile for the clusters of this account only. May be repeated
    #[arg(long, value_name = "NAME")]
    account: Vec<String>,
}

/// What came of a run, with what is needed to write it down.
pub(crate) struct Compiled {
    /// What the compiler answered.
    pub(crate) compilation: Compilation,
    /// The policy files, by name.
    pub(crate) policies: Vec<Found>,
}

/// The texts of a run, or what is wrong with their bytes.
pub(crate) enum Inputs {
    /// All of them.
    Read(Files),
    /// Some are no UTF-8.
    Unreadable(Compilation),
}

/// Finds and reads policies and manifests; no path: no policies.
pub(crate) fn files(paths: &[PathBuf], manifests: &[PathBuf]) -> Result<Inputs, Failure> {
    let policies = if paths.is_empty() { Vec::new() } else { input::policies(paths)? };
    let manifests = input::manifests(manifests)?;
    let progress = Progress::over(policies.len() + manifests.len());
    let mut reader = Reader::default();
    let files = read(&policies, &manifests, &mut reader, &progress)?;
    Ok(if reader.unreadable.is_empty() { Inputs::Read(files) } else { Inputs::Unreadable(not_utf_8(reader.unreadable)) })
}

impl PolicySet {
    /// Whether only some clusters are compiled for.
    pub(crate) fn is_narrowed(&self) -> bool {
        !self.cluster.is_empty() || !self.account.is_empty()
    }

    /// Finds, reads and compiles. Errors in the policy are in the answer.
    pub(crate) fn compile(&self, today: Option<String>) -> Result<Compiled, Failure> {
        let policies = input::policies(&self.paths)?;
        let manifests = input::manifests(&self.manifests)?;
        let progress = Progress::over(policies.len() + manifests.len());
        let mut reader = Reader::default();
        let files = read(&policies, &manifests, &mut reader, &progress)?;
        if !reader.unreadable.is_empty() {
            return Ok(Compiled { compilation: not_utf_8(reader.unreadable), policies });
        }
        progress.compiling();
        let options = Options { today, clusters: self.cluster.clone(), accounts: self.account.clone(), ..Options::default() };
        Ok(Compiled { compilation: polc::compile(files, &options), policies })
    }
}

fn read(policies: &[Found], manifests: &[Found], reader: &mut Reader, progress: &Progress) -> Result<Files, Failure> {
    let mut read_all = |found: &[Found]| -> Result<Vec<SourceFile>, Failure> {
        let mut files = Vec::with_capacity(found.len());
        for one in found {
            files.extend(reader.read(one)?);
            progress.read_one();
        }
        Ok(files)
    };
    let policies = read_all(policies)?;
    let manifests = read_all(manifests)?;
    let included = input::included(&policies, reader)?;
    Ok(Files { policies, included, manifests })
}

/// A text that cannot be read hides sentences: nothing is compiled without them.
fn not_utf_8(unreadable: Vec<Unreadable>) -> Compilation {
    let offsets: Vec<(String, usize)> = unreadable.iter().map(|one| (one.file.name.clone(), one.offset)).collect();
    let sources = Sources::new(unreadable.into_iter().map(|one| one.file).collect());
    let mut diagnostics = Vec::new();
    for (file, source) in sources.iter() {
        for (_, offset) in offsets.iter().filter(|(name, _)| *name == source.name) {
            let start = u32::try_from(*offset).unwrap_or(u32::MAX);
            let span = Span { file, start, end: start.saturating_add(3) };
            let headline = format!("the file is not UTF-8: the byte at offset {offset} belongs to no character");
            diagnostics.push(Diagnostic::new(Code::NotUtf8, span, headline).help("save the file as UTF-8"));
        }
    }
    let mut compilation = Compilation::default();
    compilation.diagnostics = diagnostics;
    compilation.sources = sources;
    compilation
}

/// How a policy with errors ends a run: as a bug, if it was not proved; as a finding, if only assertions fail; in a
/// usage error, if only what was asked for was wrong.
pub(crate) fn error_exit(compilation: &Compilation) -> Exit {
    let all_are = |code: Code| compilation.diagnostics.iter().filter(|it| it.is_error()).all(|it| it.code == code);
    if compilation.diagnostics.iter().any(|diagnostic| diagnostic.code == Code::ProofFailed) {
        return Exit::Bug;
    }
    if all_are(Code::AssertionFailed) {
        return Exit::Finding;
    }
    let asked = |diagnostic: &Diagnostic| matches!(diagnostic.code, Code::NoSuchCluster | Code::NoSuchAccount);
    let mut errors = compilation.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    if errors.all(asked) { Exit::Usage } else { Exit::PolicyErrors }
}

/// Shows diagnostics to people, on stderr.
pub(crate) fn tell(compilation: &Compilation, color: ColorWhen) {
    let options = render::Options { color: color.on_stderr(), width: terminal::width(), ..render::Options::default() };
    terminal::tell(&render::human::render(&compilation.diagnostics, &compilation.sources, &options));
}
