//! What a build would change in its output folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::folder::{self, OnDisk};
use super::index::{self, Entry, Index};
use super::layout::{ClusterFiles, Layout, kustomization};
use super::namespaces;
use crate::cli::exit::Failure;

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
    /// How many files are already right.
    pub(crate) unchanged: usize,
    /// Namespace objects that are kept although nothing declares them: path and name.
    pub(crate) kept: Vec<(String, String)>,
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
        let new = plan.cluster(&cluster, files, &old)?;
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
    /// Plans one cluster's folder; answers the hashes of the files it will hold.
    fn cluster(&mut self, cluster: &str, files: ClusterFiles, old: &Entry) -> Result<BTreeMap<String, String>, Failure> {
        folder::must_be_folder_or_missing(&self.dir.join(cluster))?;
        let (kustomization_file, _) = kustomization([]);
        let names: BTreeSet<&String> = old.files.keys().chain(files.texts.keys()).filter(|name| **name != kustomization_file).collect();
        let mut new = BTreeMap::new();
        for name in names {
            let path = format!("{cluster}/{name}");
            let before = folder::look(&self.dir.join(&path))?;
            let after = self.with_kept(&path, &before, files.texts.get(name), &files.namespaces, old.files.contains_key(name));
            self.file(name, path, before, after, old, &mut new)?;
        }
        let path = format!("{cluster}/{kustomization_file}");
        let before = folder::look(&self.dir.join(&path))?;
        let after = (!new.is_empty()).then(|| kustomization(new.keys()).1);
        if after.is_some() || old.files.contains_key(&kustomization_file) {
            self.file(&kustomization_file, path, before, after, old, &mut new)?;
        }
        Ok(new)
    }

    /// A file's text, with the Namespace objects in front that stay although nothing declares them.
    fn with_kept(
        &mut self,
        path: &str,
        before: &OnDisk,
        text: Option<&String>,
        declared: &BTreeSet<String>,
        written: bool,
    ) -> Option<String> {
        let kept = match before {
            OnDisk::File(bytes) if written => namespaces::kept(bytes, declared),
            _ => Vec::new(),
        };
        self.kept.extend(kept.iter().map(|kept| (path.to_owned(), kept.name.clone())));
        namespaces::before(&kept, text.map(String::as_str))
    }

    /// Plans one file, and notes its hash for the index.
    fn file(
        &mut self,
        name: &str,
        path: String,
        before: OnDisk,
        after: Option<String>,
        old: &Entry,
        new: &mut BTreeMap<String, String>,
    ) -> Result<(), Failure> {
        if let Some(text) = &after {
            new.insert(name.to_owned(), index::hash(text.as_bytes()));
        }
        let recorded = old.files.get(name).map_or(Recorded::No, |hash| Recorded::Hash(hash));
        self.add(path, before, after, recorded)
    }

    fn add(&mut self, path: String, before: OnDisk, after: Option<String>, recorded: Recorded<'_>) -> Result<(), Failure> {
        let before = match before {
            OnDisk::Other(what) => {
                return Err(Failure::new(format!("`{}` is {what}; polc writes there and follows no link", self.dir.join(path).display())));
            }
            OnDisk::Missing => None,
            OnDisk::File(bytes) => Some(bytes),
        };
        if before.as_deref() == after.as_deref().map(str::as_bytes) {
            self.unchanged += usize::from(after.is_some());
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
