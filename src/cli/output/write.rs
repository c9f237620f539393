//! Carrying out a plan: all of it, or nothing.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::plan::{Change, Plan};
use crate::cli::exit::Failure;

/// Makes the folder as planned. Every text is first written beside its place; only when
/// all are there do they take their places. If one cannot, what was done is undone.
pub(crate) fn write(plan: &Plan) -> Result<(), Failure> {
    let mut folders = Folders::default();
    let result = stage(plan, &mut folders).and_then(|staged| commit(plan, staged));
    match result {
        Ok(()) => {
            remove_empty_folders(plan);
            Ok(())
        }
        Err(failure) => {
            folders.remove();
            Err(failure)
        }
    }
}

/// The folders that were made, outermost first.
#[derive(Default)]
struct Folders(Vec<PathBuf>);

impl Folders {
    fn make(&mut self, path: &Path) -> Result<(), Failure> {
        let missing: Vec<&Path> = path.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists()).collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder).map_err(|why| Failure::io("make", folder, why))?;
            self.0.push(folder.to_owned());
        }
        Ok(())
    }

    fn remove(self) {
        for folder in self.0.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Writes each new text to a temporary file in the folder it will stand in.
fn stage(plan: &Plan, folders: &mut Folders) -> Result<Vec<Option<NamedTempFile>>, Failure> {
    folders.make(&plan.dir)?;
    plan.changes
        .iter()
        .map(|change| {
            let Some(text) = &change.after else { return Ok(None) };
            let path = plan.dir.join(&change.path);
            let folder = path.parent().unwrap_or(&plan.dir);
            folders.make(folder)?;
            temporary(folder, text).map(Some).map_err(|why| Failure::io("write", &path, why))
        })
        .collect()
}

/// A temporary file with a text and with the permissions of an ordinary new file.
pub(crate) fn temporary(folder: &Path, text: &str) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".polc-");
    #[cfg(unix)]
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(permissions);
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    Ok(file)
}

/// Puts the texts in place and removes what is to go.
fn commit(plan: &Plan, staged: Vec<Option<NamedTempFile>>) -> Result<(), Failure> {
    for (done, (change, file)) in plan.changes.iter().zip(staged).enumerate() {
        let path = plan.dir.join(&change.path);
        let result = match file {
            Some(file) => file.persist(&path).map(drop).map_err(|error| error.error),
            None => fs::remove_file(&path),
        };
        if let Err(why) = result {
            undo(plan, plan.changes.iter().take(done));
            return Err(Failure::io("write", &path, why));
        }
    }
    Ok(())
}

/// Puts back what was there.
fn undo<'a>(plan: &Plan, changes: impl Iterator<Item = &'a Change>) {
    for change in changes {
        let path = plan.dir.join(&change.path);
        let _ = match &change.before {
            Some(bytes) => fs::write(&path, bytes),
            None => fs::remove_file(&path),
        };
    }
}

/// A cluster's folder that holds nothing any more goes too; one that holds somebody's file stays.
fn remove_empty_folders(plan: &Plan) {
    let removed = plan.changes.iter().filter(|change| change.after.is_none());
    for folder in removed.filter_map(|change| Path::new(&change.path).parent()) {
        let _ = fs::remove_dir(plan.dir.join(folder));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: &str, before: Option<&str>, after: Option<&str>) -> Change {
        Change { path: path.into(), before: before.map(|text| text.as_bytes().to_vec()), after: after.map(str::to_owned), obstacle: None }
    }

    /// What stands below a folder, by path.
    fn tree(folder: &Path) -> Vec<(PathBuf, Option<String>)> {
        let mut found: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        found.sort();
        found
            .into_iter()
            .flat_map(|path| {
                if path.is_dir() {
                    [vec![(path.clone(), None)], tree(&path)].concat()
                } else {
                    vec![(path.clone(), fs::read_to_string(&path).ok())]
                }
            })
            .collect()
    }

    #[test]
    fn a_change_that_fails_undoes_those_before_it() {
        let sandbox = tempfile::tempdir().expect("a folder");
        let dir = sandbox.path().join("out");
        fs::create_dir_all(dir.join("c/blocked.yaml/x")).expect("a folder that no file can replace");
        fs::write(dir.join("c/a.yaml"), "old").expect("a file");
        fs::write(dir.join("c/gone.yaml"), "gone").expect("a file");
        let before = tree(sandbox.path());
        let changes = vec![
            change("c/a.yaml", Some("old"), Some("new")),
            change("c/added.yaml", None, Some("new")),
            change("c/gone.yaml", Some("gone"), None),
            change("new/deep.yaml", None, Some("new")),
            change("c/blocked.yaml", None, Some("new")),
        ];
        let plan = Plan { dir, changes, unchanged: 0, kept: Vec::new() };
        assert!(write(&plan).is_err());
        assert_eq!(tree(sandbox.path()), before);
    }
}
