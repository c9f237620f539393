//! Finding the files below the paths that were given.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::shown;
use crate::cli::exit::Failure;

/// How deep folders are followed.
const MAX_DEPTH: usize = 64;

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its name in messages.
    pub(crate) name: String,
    /// Where it is; none: stdin.
    pub(crate) path: Option<PathBuf>,
}

/// All `.polc` files below the paths, sorted by name; a file reached twice counts once.
pub(crate) fn policies(paths: &[PathBuf]) -> Result<Vec<Found>, Failure> {
    let mut search = Search::new(&["polc"]);
    for path in in_order(paths) {
        if path == Path::new("-") {
            search.stdin = true;
        } else {
            search.add(path)?;
        }
    }
    let found = search.finish();
    if found.is_empty() {
        let places: Vec<String> = paths.iter().map(|path| format!("`{}`", shown(path))).collect();
        return Err(Failure::new(format!("no policy found: there is no `.polc` file below {}", places.join(", ")))
            .help("name a file or a folder that holds some, or `-` to read stdin"));
    }
    Ok(found)
}

/// All manifests below the folders.
pub(crate) fn manifests(paths: &[PathBuf]) -> Result<Vec<Found>, Failure> {
    let mut search = Search::new(&["yaml", "yml", "json"]);
    for path in in_order(paths) {
        search.add(path)?;
    }
    Ok(search.finish())
}

/// The paths in an order of their own, so that a file's name never depends on the order
/// in which overlapping paths were given.
fn in_order(paths: &[PathBuf]) -> BTreeSet<&Path> {
    paths.iter().map(PathBuf::as_path).collect()
}

/// A search in progress.
struct Search {
    extensions: &'static [&'static str],
    stdin: bool,
    /// Files by what they really are; of several ways to one file the first name is kept.
    files: BTreeMap<PathBuf, Found>,
    /// Real folders that were entered: links cannot lead into one twice.
    entered: BTreeSet<PathBuf>,
}

impl Search {
    fn new(extensions: &'static [&'static str]) -> Self {
        Search { extensions, stdin: false, files: BTreeMap::new(), entered: BTreeSet::new() }
    }

    /// Adds a path that was named: a file, or all below a folder.
    fn add(&mut self, path: &Path) -> Result<(), Failure> {
        let metadata = std::fs::metadata(path).map_err(|why| Failure::io("read", path, why))?;
        if metadata.is_dir() {
            return self.walk(path);
        }
        // What is no regular file is a pipe somebody set up: `<(…)` has no extension.
        if metadata.is_file() && !self.is_wanted(path) {
            return Err(Failure::new(format!("`{}` is not a `.{}` file", shown(path), self.extensions.join("`, `.")))
                .help(format!("rename it, or name the folder whose `.{}` files are meant", self.extensions.join("`, `."))));
        }
        self.keep(path)
    }

    /// Adds the files below a folder. What cannot be read is an error: the sentences in it
    /// may be the ones that close something.
    fn walk(&mut self, root: &Path) -> Result<(), Failure> {
        let mut entered = std::mem::take(&mut self.entered);
        let mut found = Vec::new();
        let walk = WalkDir::new(root).follow_links(true).max_depth(MAX_DEPTH + 1).sort_by_file_name();
        for entry in walk.into_iter().filter_entry(|entry| enter(entry, &mut entered)) {
            match entry {
                Ok(entry) if entry.depth() > MAX_DEPTH => return Err(too_deep(entry.path())),
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) if self.is_wanted(entry.path()) => found.push(entry),
                Ok(_) => {}
                // The folder a link leads back to is being read already.
                Err(error) if error.loop_ancestor().is_some() => {}
                Err(error) => self.unreadable(&error, root)?,
            }
        }
        self.entered = entered;
        for entry in found {
            if !entry.file_type().is_file() {
                return Err(Failure::new(format!("`{}` is not a regular file", shown(entry.path()))));
            }
            self.keep(entry.path())?;
        }
        Ok(())
    }

    /// A link that leads nowhere, or to itself, matters only where it is named like a file we want.
    fn unreadable(&self, error: &walkdir::Error, root: &Path) -> Result<(), Failure> {
        let path = error.path().unwrap_or(root);
        let denied = error.io_error().is_some_and(|why| why.kind() == std::io::ErrorKind::PermissionDenied);
        if path != root && path.is_symlink() && !denied && !self.is_wanted(path) {
            return Ok(());
        }
        let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
        Err(Failure::io("read", path, why))
    }

    fn keep(&mut self, path: &Path) -> Result<(), Failure> {
        let real = std::fs::canonicalize(path).map_err(|why| Failure::io("read", path, why))?;
        self.files.entry(real).or_insert_with(|| Found { name: shown(path), path: Some(path.to_owned()) });
        Ok(())
    }

    fn is_wanted(&self, path: &Path) -> bool {
        path.extension().and_then(OsStr::to_str).is_some_and(|extension| self.extensions.contains(&extension))
    }

    fn finish(self) -> Vec<Found> {
        let mut found: Vec<Found> = self.files.into_values().collect();
        if self.stdin {
            found.push(Found { name: super::STDIN.into(), path: None });
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }
}

/// Whether a walk goes into an entry: not into hidden ones, and into each folder once.
fn enter(entry: &DirEntry, entered: &mut BTreeSet<PathBuf>) -> bool {
    let hidden = entry.file_name().to_str().is_some_and(|name| name.starts_with('.'));
    if hidden && entry.depth() > 0 {
        return false;
    }
    if !entry.file_type().is_dir() {
        return true;
    }
    std::fs::canonicalize(entry.path()).is_ok_and(|real| entered.insert(real))
}

fn too_deep(path: &Path) -> Failure {
    Failure::new(format!("`{}` lies more than {MAX_DEPTH} folders deep", shown(path)))
}
