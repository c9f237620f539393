//! How a cluster knows people.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Identity;
use crate::syntax::tree::Word;

use super::super::report::Report;

/// The words that `identity` takes.
const KINDS: [&str; 5] = ["eks", "gke", "ibm-iam", "none", "oidc"];

/// `identity KIND [prefix "…"]`.
pub(super) fn identity(kind: &Word, prefix: Option<&Word>, report: &mut Report) -> Option<Identity> {
    let found = match (kind.text.as_str(), prefix) {
        ("oidc", Some(prefix)) => prefixed(prefix),
        ("oidc", None) => Err(Box::new(no_prefix(kind))),
        ("none", None) => Ok(Identity::Plain),
        ("ibm-iam", None) => Ok(Identity::IbmIam),
        ("eks", None) => Ok(Identity::Eks),
        ("gke", None) => Ok(Identity::Gke),
        (known, Some(prefix)) if KINDS.contains(&known) => Err(Box::new(prefix_of_another(kind, prefix))),
        _ => Err(Box::new(unknown(kind, report))),
    };
    found.map_err(|diagnostic| report.push(*diagnostic)).ok()
}

/// A prefix that makes names of the system's own would make anybody whatever they say they are.
fn prefixed(prefix: &Word) -> Result<Identity, Box<Diagnostic>> {
    if prefix.text.starts_with("system:") || "system:".starts_with(prefix.text.as_str()) && !prefix.text.is_empty() {
        return Err(Box::new(
            Diagnostic::new(Code::InvalidSetting, prefix.span, "a prefix must not begin the names that Kubernetes keeps")
                .note("names that begin with `system:` are the cluster's own parts")
                .help("write the prefix that the API server puts before the names, for example `identity oidc prefix \"oidc:\"`"),
        ));
    }
    Ok(Identity::Oidc { prefix: prefix.text.clone() })
}

fn no_prefix(kind: &Word) -> Diagnostic {
    Diagnostic::new(Code::InvalidSetting, kind.span, "`oidc` needs to say what names begin with")
        .note("the API server puts `--oidc-username-prefix` and `--oidc-groups-prefix` before the names that it is told")
        .help("write `identity oidc prefix \"oidc:\"`, or `prefix \"\"` where it puts nothing before them")
}

fn prefix_of_another(kind: &Word, prefix: &Word) -> Diagnostic {
    Diagnostic::new(Code::InvalidSetting, prefix.span, format!("`identity {}` has no prefix of its own", kind.text))
        .help(format!("write `identity {}`; only `oidc` takes a prefix", kind.text))
}

fn unknown(kind: &Word, report: &Report) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnknownWord, kind.span, format!("`{}` is no way to sign in that polc knows", kind.text));
    match report.near(&kind.text, KINDS) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("write `ibm-iam`, `oidc prefix \"…\"`, `eks`, `gke` or `none`"),
    }
}
