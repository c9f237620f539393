//! What can be wrong with an exposure.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::WorkloadPort;
use crate::source::Span;
use crate::syntax::tree::{Expose, Exposed, Word};

use super::super::names::shortened;
use super::super::port::listed;

/// What is exposed is one workload.
pub(super) fn no_workload(word: &Word) -> Diagnostic {
    Diagnostic::new(Code::UnknownWorkload, word.span, format!("`{}` is no workload of this namespace", shortened(&word.text)))
        .note("an Ingress leads to one workload, through its Service")
        .help("write one `expose` for each workload")
}

/// `plain` says why.
pub(super) fn plain(span: Span) -> Diagnostic {
    Diagnostic::new(Code::PlainWithoutReason, span, "`plain` does not say why nothing is encrypted")
        .note("everyone on the way reads and changes what passes")
        .help("write `tls`, or say why: `plain because \"health checks of the load balancer\"`")
}

/// `unverified` says why.
pub(super) fn unverified(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnverifiedWithoutReason, span, "`unverified` does not say why nobody is proved to answer")
        .note("without a look at the certificate, whoever gets between controller and pods reads along")
        .help("write `backend tls`, or say why: `backend tls unverified because \"the appliance makes its own certificate\"`")
}

/// An exception says why.
pub(super) fn exception(span: Span) -> Diagnostic {
    Diagnostic::new(Code::ExceptionWithoutReason, span, "this exception does not say why")
        .help("say why Ingress objects without TLS are taken here: `because \"…\"`")
}

/// `unverified` beside what would be verified.
pub(super) fn verified_and_not(span: Span, word: &Word) -> Diagnostic {
    Diagnostic::new(Code::ConflictingSettings, span, "`unverified` looks at no name and no authority")
        .also(word.span, "nobody would look at it")
        .help("keep one of the two")
}

/// A path is not seen through TLS.
pub(super) fn path_unseen(word: &Word) -> Diagnostic {
    Diagnostic::new(Code::InvalidPath, word.span, "the controller sees no path of what it passes through")
        .note("with `tls passthrough` only the host's name is readable on the way")
        .help("remove the path, or let the controller decrypt: `tls backend tls`")
}

/// Passing through needs a name.
pub(super) fn passthrough_without_name(span: Span) -> Diagnostic {
    Diagnostic::new(Code::InvalidHost, span, "`tls passthrough` needs a host's name")
        .note("the name in the client's first message says where to")
        .help("write the name: `at db.example.com tls passthrough`")
}

/// The certificate of every host.
pub(super) fn secret_of_any_host(span: Span) -> Diagnostic {
    Diagnostic::new(Code::SecretUnnamed, span, "no certificate is valid for any host")
        .help("name the Secret that holds the certificate: `at any host tls secret wildcard`")
}

/// One annotation, two values.
pub(super) fn annotation_twice(key: &Word) -> Diagnostic {
    Diagnostic::new(Code::ConflictingSettings, key.span, format!("the annotation `{}` is stated twice", shortened(&key.text)))
        .help("keep one of the two")
}

/// An Ingress leads to one port.
pub(super) fn no_single_port(span: Span) -> Diagnostic {
    Diagnostic::new(Code::ExposedPort, span, "an Ingress leads to one TCP port").help("write one number, or the name of one port")
}

/// A workload with none or several ports that fit.
pub(super) fn which_port(workload: &Word, ports: &[WorkloadPort], tls: bool) -> Diagnostic {
    let name = shortened(&workload.text);
    let kind = if tls { "TLS port" } else { "port without TLS" };
    let found = Diagnostic::new(Code::ExposedPort, workload.span, format!("which {kind} of `{name}` is meant is not known"));
    if ports.is_empty() {
        let tls = if tls { " tls" } else { "" };
        return found.note("it declares no ports").help(format!("declare it: `workload {name} {{ ports http 8080{tls} }}`"));
    }
    found.note(format!("it declares {}", listed(ports))).help(format!("write the port: `expose {name} PORT at …`"))
}

/// The controller would speak otherwise than the port.
pub(super) fn spoken_otherwise(written: &Expose, wants: bool, speaks: bool, number: u16, stated: bool) -> Option<Diagnostic> {
    let name = shortened(&written.workload.text);
    let span = written.port.as_ref().map_or(written.workload.span, |port| port.span);
    match (wants, speaks, &written.tls) {
        (true, false, Exposed::Passthrough(tls)) if stated => Some(
            Diagnostic::new(Code::BackendSpeaksOtherwise, *tls, format!("port {number} of `{name}` is not declared to speak TLS"))
                .also(span, "this port")
                .help(format!("if it does, say so: `workload {name} {{ ports https {number} tls }}`")),
        ),
        (true, false, Exposed::Terminated { backend: Some(backend), .. }) if stated => Some(
            Diagnostic::new(Code::BackendSpeaksOtherwise, backend.span, format!("port {number} of `{name}` is not declared to speak TLS"))
                .also(span, "this port")
                .help(format!("if it does, say so: `workload {name} {{ ports https {number} tls }}`")),
        ),
        (false, true, _) => Some(
            Diagnostic::new(Code::BackendSpeaksOtherwise, span, format!("port {number} of `{name}` speaks TLS, the controller would not"))
                .help("write `backend tls` behind `tls`, or name a port without TLS"),
        ),
        _ => None,
    }
}

/// Nothing says through which Service the port is reached.
pub(super) fn service_unknown(workload: &Word, number: u16) -> Diagnostic {
    let name = shortened(&workload.text);
    let headline = format!("how the Service of `{name}` is asked for port {number} is not known");
    Diagnostic::new(Code::ServicePortUnknown, workload.span, headline)
        .note("a Service's port and a pod's port need not be equal, so polc does not guess")
        .help(format!("say it in the workload: `service {name} 80 -> {number}`, or give its manifest with `--manifests`"))
}

/// Several Services lead to the port.
pub(super) fn several_services(workload: &Word, found: &[String]) -> Diagnostic {
    let name = shortened(&workload.text);
    Diagnostic::new(Code::ServicePortUnknown, workload.span, format!("several ports of Services lead to this port of `{name}`"))
        .note(format!("these do: {}", found.join(", ")))
        .help(format!(
            "say which in the workload: `service {} -> PORT`",
            found.first().map_or("NAME 443", String::as_str).replace(':', " ")
        ))
}
