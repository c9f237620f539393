//! Reading files within limits, so that a wrong path costs an error and not the machine's memory.

use std::fs::File;
use std::io::{self, Read};

use polc::SourceFile;

use super::Found;
use crate::cli::exit::Failure;

/// The largest file that is read.
pub(crate) const MAX_FILE_BYTES: u64 = polc::MAX_FILE as u64;

/// The most that is read in one run.
pub(crate) const MAX_TOTAL_BYTES: u64 = 256 << 20;

/// A file that is no UTF-8.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// The file, with U+FFFD for what cannot be read.
    pub(crate) file: SourceFile,
    /// Where in [`Self::file`]'s text the first such character stands; equal to the offset
    /// of the first wrong byte in the file.
    pub(crate) offset: usize,
}

/// Reads files, and counts what it read.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    total: u64,
    /// Files that are no UTF-8, in the order in which they were read.
    pub(crate) unreadable: Vec<Unreadable>,
}

impl Reader {
    /// Reads a file; none if it is no UTF-8, which is kept in [`Self::unreadable`].
    pub(crate) fn read(&mut self, found: &Found) -> Result<Option<SourceFile>, Failure> {
        let limit = MAX_FILE_BYTES.min(MAX_TOTAL_BYTES - self.total);
        let bytes = bytes(found, limit).map_err(|why| Failure::new(format!("cannot read `{}`: {why}", found.name)))?;
        let Some(bytes) = bytes else { return Err(too_large(found, limit)) };
        self.total += bytes.len() as u64;
        let name = found.name.clone();
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(SourceFile { name, text })),
            Err(error) => {
                let offset = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                self.unreadable.push(Unreadable { file: SourceFile { name, text }, offset });
                Ok(None)
            }
        }
    }
}

/// The file's bytes; none if there are more than `limit`. A file's size is looked at before
/// it is read, and the limit holds also for what has no size or grows meanwhile.
fn bytes(found: &Found, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    match &found.path {
        None => io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)?,
        Some(path) => {
            let file = File::open(path)?;
            if file.metadata()?.len() > limit {
                return Ok(None);
            }
            file.take(limit + 1).read_to_end(&mut bytes)?
        }
    };
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

fn too_large(found: &Found, limit: u64) -> Failure {
    if limit < MAX_FILE_BYTES {
        return Failure::new(format!("the files given hold more than {} MiB, the most that one run reads", MAX_TOTAL_BYTES >> 20))
            .help("name a narrower folder");
    }
    Failure::new(format!("`{}` is larger than {} MiB, the most that one file may hold", found.name, MAX_FILE_BYTES >> 20))
        .help("split the policy into several files: their order never matters")
}

/// A text of lines: a file, or stdin (`-`).
pub(crate) fn lines(path: &std::path::Path) -> Result<String, Failure> {
    let path = Some(path).filter(|path| *path != std::path::Path::new("-"));
    let name = path.map_or(super::STDIN.to_owned(), super::shown);
    let found = Found { name, path: path.map(std::path::Path::to_owned) };
    let Some(bytes) = bytes(&found, MAX_TOTAL_BYTES).map_err(|why| Failure::new(format!("cannot read `{}`: {why}", found.name)))? else {
        return Err(too_large(&found, MAX_TOTAL_BYTES));
    };
    String::from_utf8(bytes).map_err(|_| Failure::new(format!("`{}` is not UTF-8", found.name)))
}
