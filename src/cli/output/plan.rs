//! What a build would change in its output folder.

mod cluster;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::folder::{self, OnDisk};
use super::index::{self, Entry, Index};
use super::layout::Layout;
use crate::cli::exit::Failure;
use cluster::Cluster;

/// A file that is not as it should be.
#[derive(Debug)]
pub(crate) struct Change {
    /// Its path below the output folder, with `/`.
    pub(crate) path: String,
    /// What is there.
    pub(crate) before: Option<Vec<u8>>,
    /// What should be there; none: nothing.
    pub(crate) after: Option<String>,
    /// Why it must not simply be made so.
    pub(crate) obstacle: Option<Obstacle>,
}

/// Why a file must not be overwritten or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// polc wrote it, and somebody edited it since.
    Edited,
    /// polc did not write it.
    Foreign,
}

/// Everything a build would change.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The output folder.
    pub(crate) dir: PathBuf,
    /// The changes, by path; the index last.
    pub(crate) changes: Vec<Change>,
    /// How many files are already right; the index is not counted.
    pub(crate) unchanged: usize,
    /// Namespace objects that are kept although nothing declares them.
    pub(crate) kept: Vec<KeptNamespace>,
}

/// A Namespace object that stays.
#[derive(Debug)]
pub(crate) struct KeptNamespace {
    /// Its cluster.
    pub(crate) cluster: String,
    /// The file it stays in.
    pub(crate) file: String,
    /// Its name.
    pub(crate) name: String,
}

/// Compares what should be with what is. Clusters a narrowed build was not made for are left alone.
pub(crate) fn plan(dir: &Path, mut layout: Layout, narrowed: bool, sources: &BTreeSet<String>) -> Result<Plan, Failure> {
    let mut index = Index::read(dir)?;
    if !narrowed {
        for cluster in index.clusters.keys() {
            layout.entry(cluster.clone()).or_default();
        }
    }
    let mut plan = Plan { dir: dir.to_owned(), changes: Vec::new(), unchanged: 0, kept: Vec::new() };
    for (cluster, files) in layout {
        let old = index.clusters.remove(&cluster).unwrap_or_default();
        refuse_missing_sources(dir, &old, sources)?;
        let new = Cluster::new(&mut plan, &cluster, &files, &old).run()?;
        if !new.is_empty() {
            index.clusters.insert(cluster, Entry { files: new, sources: sources.clone() });
        }
    }
    let text = index.text()?;
    let before = folder::look(&dir.join(index::FILE))?;
    plan.add(index::FILE.into(), before, Some(text), Recorded::Own)?;
    Ok(plan)
}

/// What the index says of a file.
enum Recorded<'a> {
    /// It is polc's own whatever is in it: the index itself.
    Own,
    /// polc wrote it with this hash.
    Hash(&'a str),
    /// Nothing.
    No,
}

impl Plan {
    fn add(&mut self, path: String, before: OnDisk, after: Option<String>, recorded: Recorded<'_>) -> Result<(), Failure> {
        let before = match before {
            OnDisk::Other(what) => {
                return Err(Failure::new(format!("`{}` is {what}; polc writes there and follows no link", self.dir.join(path).display())));
            }
            OnDisk::Missing => None,
            OnDisk::File(bytes) => Some(bytes),
        };
        if before.as_deref() == after.as_deref().map(str::as_bytes) {
            self.unchanged += usize::from(after.is_some() && !matches!(recorded, Recorded::Own));
            return Ok(());
        }
        let obstacle = match (&before, recorded) {
            (None, _) | (_, Recorded::Own) => None,
            (Some(bytes), Recorded::Hash(hash)) => (index::hash(bytes) != *hash).then_some(Obstacle::Edited),
            (Some(_), Recorded::No) => Some(Obstacle::Foreign),
        };
        self.changes.push(Change { path, before, after, obstacle });
        Ok(())
    }
}

/// A policy file that was part of the last build and still exists must be part of this one:
/// else naming too few files would remove what the other ones isolate.
fn refuse_missing_sources(dir: &Path, old: &Entry, sources: &BTreeSet<String>) -> Result<(), Failure> {
    let missing: Vec<&String> = old.sources.difference(sources).filter(|source| dir.join(source).is_file()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut failure = Failure::new(format!(
        "{} of the last build into `{}` {} not among the files given, and would be forgotten",
        if missing.len() == 1 { "a policy file".to_owned() } else { format!("{} policy files", missing.len()) },
        dir.display(),
        if missing.len() == 1 { "is" } else { "are" },
    ));
    for source in missing.iter().take(10) {
        failure = failure.help(format!("name `{}` too, or delete it if its sentences should no longer hold", dir.join(source).display()));
    }
    Err(failure)
}
