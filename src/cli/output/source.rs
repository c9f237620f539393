//! The policy files a build was made from, as the index names them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::cli::exit::Failure;
use crate::cli::input::Found;

/// The files' paths relative to the output folder, so that they are the same on every
/// machine that has both in the same places. stdin is no file.
pub(crate) fn sources(policies: &[Found], dir: &Path) -> Result<BTreeSet<String>, Failure> {
    let base = real(dir).map_err(|why| Failure::io("read", dir, why))?;
    let paths = policies.iter().filter_map(|found| found.path.as_deref());
    paths.map(|path| real(path).map(|real| relative(&base, &real)).map_err(|why| Failure::io("read", path, why))).collect()
}

/// The real path, also of something that does not exist yet.
fn real(path: &Path) -> std::io::Result<PathBuf> {
    match (fs::canonicalize(path), path.parent(), path.file_name()) {
        (Ok(real), _, _) => Ok(real),
        (Err(_), Some(parent), Some(name)) => {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            Ok(real(parent)?.join(name))
        }
        (Err(why), _, _) => Err(why),
    }
}

/// The way from one absolute path to another, with `/`.
fn relative(from: &Path, to: &Path) -> String {
    let from: Vec<Component> = from.components().collect();
    let to: Vec<Component> = to.components().collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(shared).map(|_| "..".to_owned());
    let down = to.iter().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_goes_up_and_down() {
        assert_eq!(relative(Path::new("/r/out"), Path::new("/r/policies/a.polc")), "../policies/a.polc");
        assert_eq!(relative(Path::new("/r"), Path::new("/r/a.polc")), "a.polc");
    }
}
