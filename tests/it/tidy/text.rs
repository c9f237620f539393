//! Files and their text.

use super::{library, none};
use crate::checkout::{files, folders, root, shown, text};

/// Longest file without its own tests, and longest of those that are listed below and of any with its tests.
const LINES: usize = 400;
const LINES_OF_LONG: usize = 600;

/// Files that are one list which nobody would look for in two places.
const LONG: &[&str] = &["src/syntax/tree.rs"];

#[test]
fn a_file_is_short_enough_to_be_read() {
    let mut findings = Vec::new();
    for path in [files("src", &["rs"]), files("tests", &["rs"])].concat() {
        let (name, whole) = (shown(&path), text(&path));
        let (lines, own) = (whole.lines().count(), library::without_tests(&whole).lines().count());
        if lines > LINES_OF_LONG || own > LINES && !LONG.contains(&name.as_str()) {
            findings.push(format!("{name}: {own} lines, {lines} with its tests"));
        }
    }
    none(&findings, "a file over the limit is split; would each part know its room?");
}

#[test]
fn a_file_listed_as_long_is_long() {
    let short = |name: &&&str| library::without_tests(&text(&root().join(name))).lines().count() <= LINES;
    let findings: Vec<String> = LONG.iter().filter(short).map(|name| (*name).to_owned()).collect();
    none(&findings, "these need no exception any more:");
}

#[test]
fn no_room_for_odds_and_ends() {
    let odd = ["utils", "util", "common", "helpers", "helper", "misc"];
    let stem = |path: &std::path::Path| path.file_stem().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let inside = |path: &std::path::Path| path.components().any(|part| odd.iter().any(|it| part.as_os_str() == *it));
    let findings: Vec<String> = [files("src", &["rs"]), files("tests", &["rs"]), files("conformance", &["go"])]
        .concat()
        .iter()
        .filter(|path| odd.contains(&stem(path).as_str()) || inside(path.strip_prefix(root()).unwrap_or(path)))
        .map(|path| shown(path))
        .collect();
    none(&findings, "a thing has a name or it has no place:");
}

#[test]
fn no_space_at_a_line_end() {
    let mut findings = Vec::new();
    for path in files("", &["rs", "md", "toml", "pest", "py", "sh", "go"]) {
        for (number, line) in text(&path).lines().enumerate() {
            if line.ends_with([' ', '\t']) {
                findings.push(format!("{}:{}", shown(&path), number + 1));
            }
        }
    }
    none(&findings, "space at a line's end:");
}

#[test]
fn no_path_of_one_machine() {
    // Put together here, so that this file does not hold them.
    let paths: Vec<String> = ["work", "root", "farm", "home"].iter().map(|it| format!("/{it}/")).collect();
    let mut findings = Vec::new();
    for path in files("", &["rs", "md", "toml", "pest", "py", "sh", "go", "polc", "yaml", "json"]) {
        for (number, line) in text(&path).lines().enumerate() {
            let starts = |found: &String| {
                line.match_indices(found.as_str()).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-".contains(c)))
            };
            findings.extend(paths.iter().filter(|it| starts(it)).map(|it| format!("{}:{}: `{it}`", shown(&path), number + 1)));
        }
    }
    none(&findings, "a path that exists on one machine only:");
}

#[test]
fn every_version_with_a_table_of_resources_is_in_the_book() {
    let page = text(&root().join("docs/src/reference/resources.md"));
    let tables = files("src/surface/tables", &["tsv"]);
    let versions: Vec<String> =
        tables.iter().filter_map(|it| Some(shown(it).split_once("resources-")?.1.trim_end_matches(".tsv").to_owned())).collect();
    assert!(versions.len() >= 5, "{versions:?}");
    let row = |version: &String| format!("| {version} | `resources-{version}.tsv`, `roles-{version}.tsv` |");
    let findings: Vec<String> = versions.iter().map(row).filter(|row| !page.contains(row)).collect();
    none(&findings, "rows that docs/src/reference/resources.md lacks:");
}

#[test]
fn every_test_file_is_compiled() {
    let main = text(&root().join("tests/it/main.rs"));
    let findings: Vec<String> = files("tests/it", &["rs"])
        .iter()
        .filter(|path| path.parent().is_some_and(|folder| folder.ends_with("tests/it")))
        .filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()))
        .filter(|stem| stem != "main" && !main.contains(&format!("mod {stem};\n")))
        .collect();
    none(&findings, "no `mod` line in tests/it/main.rs:");
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = text(&root().join("Cargo.toml"));
    let mut findings = Vec::new();
    let (mut inside, mut said) = (false, false);
    for line in manifest.lines() {
        match line {
            _ if line.starts_with('[') => inside = line.ends_with("dependencies]"),
            _ if line.starts_with('#') => said = true,
            "" => said = false,
            // A second line under one reason: pest and its derive.
            _ if inside && !said => findings.push(line.to_owned()),
            _ => {}
        }
    }
    none(&findings, "no comment above these dependencies:");
}

#[test]
fn every_example_that_the_readme_names_exists() {
    let readme = text(&root().join("README.md"));
    let known = folders("examples");
    let named: Vec<&str> = readme
        .split("examples/")
        .skip(1)
        .map(|rest| rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).next().unwrap_or_default())
        .collect();
    assert!(!named.is_empty(), "the README shows no example");
    let findings: Vec<String> =
        named.iter().filter(|name| !name.is_empty() && !known.iter().any(|it| it == *name)).map(|name| (*name).to_owned()).collect();
    none(&findings, "the README names examples that are not there:");
}

#[test]
fn the_changelog_has_room_for_the_next_change() {
    assert!(text(&root().join("CHANGELOG.md")).contains("\n## [Unreleased]\n"), "no `## [Unreleased]` in CHANGELOG.md");
}
