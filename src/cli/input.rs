//! From the paths on the command line to texts: finding files, and reading them within limits.

mod find;
mod include;
mod read;

pub(crate) use find::{Found, manifests, policies};
pub(crate) use include::included;
pub(crate) use read::{Reader, Unreadable, lines};

use std::path::Path;

/// What stdin is called in messages.
pub(crate) const STDIN: &str = "<stdin>";

/// A path as messages show it: as the user typed it, with `/`, without a leading `./`.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let mut rest = text.as_str();
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter.trim_start_matches('/');
    }
    if rest.is_empty() { ".".into() } else { rest.into() }
}
