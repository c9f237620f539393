//! Looking at what is in an output folder, without following links out of it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::cli::exit::Failure;

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OnDisk {
    /// Nothing.
    Missing,
    /// A regular file, and what is in it.
    File(Vec<u8>),
    /// Something that polc never writes, in words.
    Other(&'static str),
}

/// Looks at a path; a link there is not followed.
pub(super) fn look(path: &Path) -> Result<OnDisk, Failure> {
    let kind = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata.file_type(),
        Err(why) if why.kind() == ErrorKind::NotFound => return Ok(OnDisk::Missing),
        Err(why) => return Err(Failure::io("read", path, why)),
    };
    if kind.is_file() {
        return fs::read(path).map(OnDisk::File).map_err(|why| Failure::io("read", path, why));
    }
    Ok(OnDisk::Other(if kind.is_symlink() {
        "a link"
    } else if kind.is_dir() {
        "a folder"
    } else {
        "no regular file"
    }))
}

/// Refuses a cluster's folder that is something else: a link would lead out of the output folder.
pub(super) fn must_be_folder_or_missing(path: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(Failure::new(format!("`{}` is not a folder, and polc writes through no link", path.display()))),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(()),
        Err(why) => Err(Failure::io("read", path, why)),
    }
}
