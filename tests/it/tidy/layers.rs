//! Who may use whom. A module's production code names another top-level module only if its line here allows it.

use super::{library, none};
use crate::checkout::{files, root, shown, text};

/// Module, and what it may name as `crate::…`. `ir::facts` allows that part alone.
const ALLOWED: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("hash", &[]),
    ("semantics", &[]),
    ("diagnostic", &["source"]),
    ("surface", &["diagnostic"]),
    ("syntax", &["source", "diagnostic"]),
    ("ir", &["source", "hash", "semantics", "surface"]),
    ("resolve", &["syntax", "ir", "surface", "semantics", "source", "hash", "diagnostic"]),
    ("plan", &["ir", "surface", "semantics", "source", "hash", "diagnostic"]),
    ("manifest", &["ir::facts", "surface", "semantics", "source", "diagnostic"]),
    ("target", &["plan", "manifest", "ir", "surface", "semantics", "source", "hash", "diagnostic"]),
    ("verify", &["manifest", "ir", "surface", "semantics", "source", "diagnostic"]),
    ("import", &["verify", "syntax", "manifest", "ir", "semantics", "source", "diagnostic"]),
    ("compile", &["syntax", "resolve", "ir", "surface", "plan", "target", "manifest", "verify", "semantics", "source", "diagnostic"]),
    ("query", &["compile", "syntax", "resolve", "ir", "surface", "manifest", "verify", "semantics", "source", "diagnostic"]),
];

/// Files of `src/target/` that make no objects of their own; every target may use them. Those of Calico are pieces of
/// its policies: sets of addresses, rules, a policy being put together.
const SHARED_BY_TARGETS: &[&str] =
    &["name", "annotate", "controller", "order", "split", "calico_selector", "calico_set", "calico_rule", "calico_policy"];

/// Files that only put together what targets make, and look it over.
const ABOVE_TARGETS: &[&str] = &["calico", "calico_limit", "collision"];

#[test]
fn a_module_uses_only_what_stands_before_it() {
    let mut findings = Vec::new();
    for file in library::sources() {
        let Some(module) = file.modules.first() else { continue };
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| name == module) else {
            findings.push(format!("{}: module `{module}` has no line in the table of layers", file.name));
            continue;
        };
        for (line, used) in uses(&file.code, "crate::") {
            let own = used.first() == Some(module);
            let two = used.iter().take(2).cloned().collect::<Vec<_>>().join("::");
            if !own && !allowed.iter().any(|it| *it == used[0] || *it == two) {
                findings.push(format!("{}:{line}: `{module}` uses `{two}`", file.name));
            }
        }
    }
    none(&findings, "a stage knows only the stages before it (ARCHITECTURE.md, Code map):");
}

#[test]
fn no_path_climbs_out_of_its_module() {
    let mut findings = Vec::new();
    for file in library::sources() {
        for (number, line) in file.code.lines().enumerate() {
            let climbs = line.matches("super::").count();
            let run = (1..=climbs).take_while(|n| line.contains(&"super::".repeat(*n))).count();
            if run >= file.modules.len() && run > 0 {
                findings.push(format!("{}:{}: `super::` reaches the crate's root", file.name, number + 1));
            }
        }
    }
    none(&findings, "other modules are named by `crate::`, where the table of layers sees them:");
}

#[test]
fn no_target_uses_another_target() {
    let mut findings = Vec::new();
    let mut targets = 0;
    for file in library::sources() {
        let ["target", own, ..] = file.modules.iter().map(String::as_str).collect::<Vec<_>>()[..] else { continue };
        if ABOVE_TARGETS.contains(&own) {
            continue;
        }
        targets += usize::from(!SHARED_BY_TARGETS.contains(&own));
        let absolute =
            uses(&file.code, "crate::").into_iter().filter(|(_, used)| used[0] == "target").map(|(line, used)| (line, used[1..].to_vec()));
        // What a target's own folder calls `super` is the target itself.
        let relative = uses(&file.code, "super::").into_iter().filter(|_| file.modules.len() == 2);
        for (line, used) in absolute.chain(relative) {
            // Types and functions of `target.rs` itself begin differently than its files are called.
            let other = used.first().filter(|it| root().join(format!("src/target/{it}.rs")).exists());
            if let Some(other) = other.filter(|it| *it != own && !SHARED_BY_TARGETS.contains(&it.as_str())) {
                findings.push(format!("{}:{line}: uses `{other}`", file.name));
            }
        }
    }
    assert!(targets >= 6, "only {targets} targets found");
    none(&findings, "a target imports no other target; what two share makes no objects and is listed as shared:");
}

#[test]
fn the_command_line_uses_the_public_face_alone() {
    let mut findings = Vec::new();
    for path in files("src", &["rs"]).iter().filter(|path| !library::holds(path)) {
        for (line, used) in uses(&text(path), "crate::") {
            if used[0] != "cli" {
                findings.push(format!("{}:{line}: `crate::{}`", shown(path), used.join("::")));
            }
        }
    }
    none(&findings, "the binary reaches the compiler as any other program does, by `polc::`:");
}

/// Every path of a text that begins with `crate::` or `super::`: its line, and its words, the first left out. `{…}` right
/// after it gives one each.
fn uses(code: &str, beginning: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    for (at, mark) in code.match_indices(beginning) {
        // `$crate::` and `pub(in crate::…)` are paths too; a longer word is not.
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let line = code[..at].matches('\n').count() + 1;
        let rest = &code[at + mark.len()..];
        let members = rest.strip_prefix('{').map_or_else(|| vec![rest], members);
        found.extend(members.into_iter().map(words).filter(|words| !words.is_empty()).map(|words| (line, words)));
    }
    found
}

/// The members of a group of imports, each from its first word on.
fn members(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut members) = (0usize, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                members.push(group[start..at].trim());
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    members
}

/// The leading `a::b::c` of a text.
fn words(text: &str) -> Vec<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    text[..end].split("::").filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[test]
fn paths_are_found_in_groups_and_alone() {
    let code = "use crate::ir::{self, Flow};\nuse crate::{plan, target::{a, b}, source::Span};\nlet x = crate::syntax::parse();\n";
    let found: Vec<String> = uses(code, "crate::").into_iter().map(|(line, words)| format!("{line} {}", words.join("::"))).collect();
    assert_eq!(found, ["1 ir", "2 plan", "2 target", "2 source::Span", "3 syntax::parse"]);
}
