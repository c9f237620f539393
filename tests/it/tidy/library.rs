//! What the library never does.

use std::path::{Path, PathBuf};

use super::none;
use crate::checkout::{files, root, shown, text};

/// A source file of the library, without its tests.
pub(super) struct Source {
    /// Its path, as messages show it.
    pub(super) name: String,
    /// Its place among the modules: `["target", "name"]`; empty for `lib.rs`.
    pub(super) modules: Vec<String>,
    /// Its text up to its own tests; line comments are blanked, since they may speak of anything.
    pub(super) code: String,
}

/// Whether a file belongs to the library and not to the binary.
pub(super) fn holds(path: &Path) -> bool {
    let name = shown(path);
    name != "src/main.rs" && name != "src/cli.rs" && !name.starts_with("src/cli/")
}

/// All of the library's production code.
pub(super) fn sources() -> impl Iterator<Item = Source> {
    let paths: Vec<PathBuf> = files("src", &["rs"]).into_iter().filter(|path| holds(path)).collect();
    let tests: Vec<Vec<String>> = paths.iter().flat_map(|path| test_modules(path)).collect();
    paths.into_iter().filter(move |path| !tests.iter().any(|test| modules(path).starts_with(test))).map(|path| Source {
        name: shown(&path),
        modules: modules(&path),
        code: production(&text(&path)),
    })
}

/// The modules that a file declares for tests alone.
fn test_modules(path: &Path) -> Vec<Vec<String>> {
    let text = text(path);
    let names = text.split("#[cfg(test)]\nmod ").skip(1).filter_map(|rest| rest.split_once(';')).map(|(name, _)| name.to_owned());
    names.filter(|name| !name.contains(' ')).map(|name| [modules(path), vec![name]].concat()).collect()
}

fn modules(path: &Path) -> Vec<String> {
    let inside: PathBuf = path.strip_prefix(root().join("src")).expect("a file of src").with_extension("");
    inside.iter().map(|part| part.to_string_lossy().into_owned()).filter(|part| part != "lib").collect()
}

/// A file's text up to its own tests.
pub(super) fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}

fn production(text: &str) -> String {
    without_tests(text).lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Every line of the library's code that holds one of the words.
fn lines_with(words: &[&str], but: impl Fn(&Source) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in sources().filter(|file| !but(file)) {
        for (number, line) in file.code.lines().enumerate() {
            found.extend(words.iter().filter(|word| line.contains(**word)).map(|word| format!("{}:{}: `{word}`", file.name, number + 1)));
        }
    }
    found
}

#[test]
fn no_input_and_no_output() {
    let words = ["std::fs", "std::env", "std::io", "std::time", "std::thread", "std::process", "println!", "eprintln!", "print!(", "dbg!("];
    none(&lines_with(&words, |_| false), "the library touches no file, environment, clock or terminal:");
}

#[test]
fn no_panic() {
    let words = [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!(", "unimplemented!(", "assert!(", "assert_eq!("];
    none(&lines_with(&words, |_| false), "the library never panics: an impossible case is an error or has no value:");
}

#[test]
fn pest_stays_in_syntax() {
    let findings = lines_with(&["pest::", "pest_derive", "pest "], |file| file.modules.first().is_some_and(|it| it == "syntax"));
    none(&findings, "pest never leaves src/syntax:");
}

#[test]
fn the_ir_knows_no_vendor() {
    let words = ["NetworkPolicy", "Calico", "yaml", "Yaml", "projectcalico", "apiVersion"];
    let findings = lines_with(&words, |file| file.modules.first().is_none_or(|it| it != "ir"));
    none(&findings, "the IR is what the author means, in nobody's dialect:");
}
