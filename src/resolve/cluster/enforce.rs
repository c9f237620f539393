//! Which versions and enforcers polc knows.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::cluster::Version;
use crate::source::Span;
use crate::syntax::tree::Word;

use super::super::report::Report;

/// Versions of Kubernetes that the output is held against.
const KUBERNETES: (Version, Version) = (Version { major: 1, minor: 29 }, Version { major: 1, minor: 37 });
/// Versions of Calico. 3.29 is the first with tiers for everybody (network-targets.md §2.0).
const CALICO: (Version, Version) = (Version { major: 3, minor: 29 }, Version { major: 3, minor: 33 });
/// Enforcers that a later version will have.
const RESERVED: [&str; 3] = ["cilium", "cluster-network-policy", "istio"];

/// `kubernetes 1.34`.
pub(super) fn kubernetes(word: &Word, report: &mut Report) -> Option<Version> {
    supported("Kubernetes", "kubernetes", word, KUBERNETES, report)
}

/// Calico's version, where it is among the enforcers.
pub(super) fn enforcers(list: &[(Word, Option<Word>)], report: &mut Report) -> Option<Version> {
    let mut calico = None;
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for (name, version) in list {
        if let Some(first) = seen.insert(&name.text, name.span) {
            let headline = format!("`{}` is named twice", name.text);
            report.push(
                Diagnostic::new(Code::ConflictingSettings, name.span, headline).also(first, "first here").help("keep one of the two"),
            );
            continue;
        }
        match (name.text.as_str(), version) {
            ("calico", Some(version)) => calico = supported("Calico", "calico", version, CALICO, report),
            ("networkpolicy", None) => {}
            _ => {
                let problem = not_an_enforcer(name, version.as_ref(), report);
                report.push(problem);
            }
        }
    }
    calico
}

fn not_an_enforcer(name: &Word, version: Option<&Word>, report: &Report) -> Diagnostic {
    let at_name = |code: Code, headline: String| Diagnostic::new(code, name.span, headline);
    match (name.text.as_str(), version) {
        ("calico", _) => at_name(Code::UnsupportedVersion, "`calico` needs its version: what it can do depends on it".to_owned())
            .help("write the version that runs in the cluster, like `enforce calico 3.31`"),
        ("networkpolicy", version) => {
            Diagnostic::new(Code::InvalidSetting, version.unwrap_or(name).span, "`networkpolicy` has no version of its own")
                .help("remove it; Kubernetes' version is stated by `kubernetes 1.34`")
        }
        (other, _) if RESERVED.contains(&other) => at_name(Code::NotYet, format!("the enforcer `{other}` is not compiled for yet"))
            .note("the name is reserved for it")
            .help("write `enforce networkpolicy`, which it enforces too, or `enforce calico 3.31` where Calico runs"),
        (other, _) => {
            let diagnostic = at_name(Code::UnknownWord, format!("`{other}` is not an enforcer"));
            match report.near(other, ["networkpolicy", "calico"]) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help("write `networkpolicy`, or `calico` with its version"),
            }
        }
    }
}

fn supported(product: &str, keyword: &str, word: &Word, (oldest, newest): (Version, Version), report: &mut Report) -> Option<Version> {
    let shown = |v: Version| format!("{}.{}", v.major, v.minor);
    let Some(version) = read(&word.text) else {
        report.push(
            Diagnostic::new(Code::UnsupportedVersion, word.span, format!("`{}` is not a version", word.text))
                .help(format!("write it like `{keyword} {}`", shown(newest))),
        );
        return None;
    };
    if version < oldest {
        let headline = format!("{product} {} is older than polc knows", word.text);
        report.push(
            Diagnostic::new(Code::UnsupportedVersion, word.span, headline)
                .note(format!(
                    "{product} {} to {} are known; an older one may not enforce what is written for them",
                    shown(oldest),
                    shown(newest)
                ))
                .help("state the version that runs in the cluster; if it is older, update the cluster first"),
        );
        return None;
    }
    if version > newest {
        let headline = format!("{product} {} is newer than polc knows", word.text);
        report.push(
            Diagnostic::new(Code::NewerVersion, word.span, headline)
                .note(format!("what is written is held against {}", shown(newest)))
                .help("update polc when a version that knows it is out"),
        );
    }
    Some(version)
}

/// `1.34`, or `1.34.2`, of which the last number does not matter.
fn read(text: &str) -> Option<Version> {
    let mut parts = text.split('.');
    let (major, minor) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let patch = parts.next().is_none_or(|part| part.parse::<u16>().is_ok());
    (patch && parts.next().is_none()).then_some(Version { major, minor })
}
