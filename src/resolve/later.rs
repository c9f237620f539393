//! Sentences that are read but not compiled yet, or that stand where they cannot.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::tree::{Kind, Sentence, Word};

/// A sentence of the language that this version does not compile.
pub(super) fn not_yet(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::NotYet, span, format!("`{name}` is not compiled yet"))
        .note("polc ignores no sentence, so the policy cannot be built with it")
        .help("remove it, and keep the manifest that does its work beside the policy")
}

/// A sentence that a template brought to a place where it may not stand.
pub(super) fn misplaced(sentence: &Sentence, place: &str) -> Diagnostic {
    let name = word(&sentence.kind);
    Diagnostic::new(Code::MisplacedSentence, sentence.keyword, format!("`{name}` may not stand {place}"))
        .help(format!("`{name}` may stand {}", where_it_may(&sentence.kind)))
}

/// An edition that this version does not read.
pub(super) fn unknown_edition(word: &Word) -> Diagnostic {
    Diagnostic::new(Code::UnknownEdition, word.span, format!("polc does not know edition {}", word.text))
        .note("edition 1 is the only one; a later one may read the same words otherwise")
        .help("write `edition 1`, or update polc")
}

/// The word that a sentence begins with.
pub(super) fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Edition(_) => "edition",
        Kind::Namespace(_) => "namespace",
        Kind::Everywhere(_) => "everywhere",
        Kind::Hosts { .. } => "hosts",
        Kind::Cluster { .. } | Kind::Setting(_) => "cluster",
        Kind::Peers { .. } => "peers",
        Kind::Template { .. } => "template",
        Kind::Use { .. } => "use",
        Kind::Include { .. } => "include",
        Kind::Labels(_) => "labels",
        Kind::PodSecurity(_) => "pod-security",
        Kind::WorkloadLabel(_) => "workload-label",
        Kind::Workload(_) => "workload",
        Kind::Select(_) => "select",
        Kind::Ports(_) => "ports",
        Kind::Service { .. } => "service",
        Kind::ServiceAccount(_) => "serviceaccount",
        Kind::Isolate { .. } => "isolate",
        Kind::Allow(_) => "allow",
        Kind::Deny(_) => "deny",
        Kind::Assert(_) => "assert",
        Kind::Authority { .. } | Kind::Signing(_) => "authority",
        Kind::Expose(_) => "expose",
        Kind::Redirect { .. } => "redirect",
        Kind::MutualTls => "mutual tls",
        Kind::RequireTls { .. } => "require",
        Kind::Role(_) => "role",
        Kind::Can(_) => "can",
        Kind::Grant(_) => "grant",
        Kind::Resource(_) => "resource",
        Kind::Later { name, .. } => name,
    }
}

fn where_it_may(kind: &Kind) -> &'static str {
    match kind {
        Kind::Labels(_) | Kind::PodSecurity(_) | Kind::WorkloadLabel(_) | Kind::Workload(_) => "in a namespace",
        Kind::Expose(_) | Kind::Redirect { .. } => "in a namespace",
        Kind::RequireTls { .. } => "in `everywhere`",
        Kind::Isolate { .. } | Kind::Allow(_) | Kind::Deny(_) | Kind::Role(_) | Kind::Grant(_) | Kind::MutualTls => {
            "in a namespace and in `everywhere`"
        }
        Kind::Peers { .. } | Kind::Include { .. } | Kind::Template { .. } | Kind::Assert(_) | Kind::Resource(_) => {
            "outside every block and in a namespace"
        }
        Kind::Select(_) | Kind::Ports(_) | Kind::Service { .. } | Kind::ServiceAccount(_) => "in the block of a workload",
        Kind::Can(_) => "in the block of a role",
        _ => "outside every block",
    }
}
