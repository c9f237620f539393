//! Reading the files that `include` sentences name.

use std::path::PathBuf;

use polc::SourceFile;

use super::{Found, Reader};
use crate::cli::exit::Failure;

/// The included files that exist. One that does not is left out: the compiler knows the
/// sentence that names it, and says so at its place.
pub(crate) fn included(policies: &[SourceFile], reader: &mut Reader) -> Result<Vec<SourceFile>, Failure> {
    let mut files = Vec::new();
    for name in polc::included_paths(policies) {
        let path = PathBuf::from(&name);
        if path.is_file() {
            files.extend(reader.read(&Found { name, path: Some(path) })?);
        }
    }
    Ok(files)
}
