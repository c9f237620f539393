//! What several files of this folder say.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir;
use crate::source::Span;
use crate::surface::Surface;
use crate::syntax::tree::Word;

use super::super::names::shortened;

/// A cluster whose API server nobody wrote a table of.
pub(super) fn no_table(cluster: &ir::Cluster, span: Span) -> Diagnostic {
    let version = cluster.kubernetes;
    let known: Vec<String> = Surface::known().map(|(major, minor)| format!("{major}.{minor}")).collect();
    let range = match known.as_slice() {
        [first, .., last] => format!("{first} to {last}"),
        other => other.concat(),
    };
    let headline = format!("what Kubernetes {}.{} serves is not known to polc", version.major, version.minor);
    let diagnostic = Diagnostic::new(Code::UnsupportedVersion, span, headline)
        .note(format!("access is compiled for Kubernetes {range}; cluster `{}` is another one", cluster.name))
        .help("state the version that runs in the cluster, or update polc");
    cluster.declared.into_iter().fold(diagnostic, |it, place| it.also(place, "this cluster"))
}

/// A `*` where names stand.
pub(super) fn wildcard(span: Span, help: &str) -> Diagnostic {
    Diagnostic::new(Code::WildcardInRole, span, "a role has no `*`")
        .note("it would hold what comes in later versions too; in a rule, `pods/*` matches nothing at all")
        .help(help)
}

/// A word that says what another one says.
pub(super) fn named_twice(word: &Word, first: Span) -> Diagnostic {
    Diagnostic::new(Code::NamedTwice, word.span, format!("`{}` is already said", shortened(&word.text)))
        .also(first, "here")
        .help("remove one of the two")
}

/// Every path, and nobody says why.
pub(super) fn without_reason(span: Span) -> Diagnostic {
    Diagnostic::new(Code::PermissionNeedsReason, span, "a permission on every path needs a reason")
        .note("it holds paths that polc does not know, and those of later versions")
        .help("name what is meant; if it must be every path, say why: `because \"…\"`")
}
