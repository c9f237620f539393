//! What a cluster cannot do of what an exposure asks.

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::tls::{Authority, Exposure};
use crate::plan::Context;
use crate::source::Span;

fn host(exposure: &Exposure) -> &str {
    exposure.host.as_deref().unwrap_or("any host")
}

/// One host, two namespaces.
pub(super) fn host_of_two(exposure: &Exposure, span: Span, first: &Exposure, first_span: Span) -> Diagnostic {
    Diagnostic::new(Code::HostClaimedTwice, span, format!("`{}` belongs to `{}` already", host(exposure), first.namespace))
        .also(first_span, "claimed here")
        .note("whoever answers for a host sees what its clients send, so one namespace holds it")
        .help("take another host name, or move both sentences into one namespace")
}

/// One path, two workloads.
pub(super) fn path_twice(exposure: &Exposure, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::HostClaimedTwice, span, format!("`{}{}` is exposed twice", host(exposure), exposure.path.text))
        .also(first, "first exposed here")
        .help("keep one of the two, or tell them apart by a path")
}

/// One host, two certificates.
pub(super) fn two_certificates(exposure: &Exposure, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::HostClaimedTwice, span, format!("`{}` would have two certificates", host(exposure)))
        .also(first, "the other is asked for here")
        .help("write the same Secret and authority in every `expose` of a host")
}

/// Nobody signs.
pub(super) fn no_authority(context: &Context<'_>, span: Span, name: &str) -> Diagnostic {
    let headline = format!("nobody signs the certificate of `{name}` in cluster `{}`", context.cluster.name);
    Diagnostic::new(Code::CertificateWithoutAuthority, span, headline)
        .help("name who does: `tls authority public`, or `tls secret NAME` for one that is made elsewhere")
        .help(format!("or name one for all: {}", context.cluster.with_line("default authority internal")))
}

/// ACME proves names over HTTP from outside.
pub(super) fn acme_cannot(authority: &Authority, span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(Code::AuthorityCannotSign, span, format!("`{}` cannot sign for `{name}`", authority.name))
        .note("ACME proves over HTTP, from the internet, that a name is yours")
        .help("name an authority of the cluster's own: `authority internal { self-signed }`, and `authority internal` here")
}

/// One workload, one certificate.
pub(super) fn two_signers(exposure: &Exposure, span: Span, first: &SmolStr, second: &SmolStr) -> Diagnostic {
    let headline = format!("`{}` would have certificates of `{first}` and of `{second}`", exposure.workload);
    Diagnostic::new(Code::ConflictingSettings, span, headline).help("name one authority in every `backend tls` of a workload")
}

fn controller(context: &Context<'_>, span: Span, cannot: &str) -> Diagnostic {
    let name = context.capabilities.controller.name;
    Diagnostic::new(Code::ControllerCannot, span, format!("{name} {cannot}, in cluster `{}`", context.cluster.name))
}

/// An Ingress of the policy's own that the policy refuses.
pub(super) fn refused(span: Span, namespace: &str, required: Span) -> Diagnostic {
    Diagnostic::new(Code::PlainRefused, span, format!("the policy itself refuses an Ingress without TLS in `{namespace}`"))
        .also(required, "TLS is required here")
        .help(format!("write `tls`, or except the namespace: `require tls on ingress except {namespace} because \"…\"`"))
}

/// A sentence that is not compiled yet.
pub(super) fn sentence_not_yet(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::NotYet, span, format!("`{name}` is not compiled yet"))
        .note("polc ignores no sentence, so the policy cannot be built with it")
        .help("remove it, and keep the manifest that does its work beside the policy")
}

/// A controller that is not compiled for yet.
pub(super) fn not_yet(context: &Context<'_>, span: Span) -> Diagnostic {
    let name = context.cluster.ingress.as_ref().map_or("", |controller| controller.name.as_str());
    Diagnostic::new(Code::NotYet, span, format!("`expose` is not compiled for the controller `{name}` yet"))
        .note("polc ignores no sentence, so the policy cannot be built with it")
        .help("remove it, and keep the manifest that does its work beside the policy")
}

/// TLS to the pods.
pub(super) fn no_backend(context: &Context<'_>, span: Span) -> Diagnostic {
    let found = controller(context, span, "cannot be told to speak TLS to pods");
    let line = context.cluster.with_line("ingress nginx");
    found.note("what a plain Ingress says of it, controllers ignore without a word").help(format!("name the controller: {line}"))
}

/// TLS passed through.
pub(super) fn no_passthrough(context: &Context<'_>, span: Span) -> Diagnostic {
    let found = controller(context, span, "cannot be told to pass TLS through");
    found.help(format!("name a controller that can: {}", context.cluster.with_line("ingress nginx")))
}

/// One host sent on to another.
pub(super) fn no_redirect(context: &Context<'_>, span: Span) -> Diagnostic {
    let found = controller(context, span, "cannot be told to send a host on");
    found.help(format!("name a controller that can: {}", context.cluster.with_line("ingress nginx")))
}

/// Annotations without a controller.
pub(super) fn no_annotations(context: &Context<'_>, span: Span) -> Diagnostic {
    let found = controller(context, span, "takes no annotations");
    found.help(format!("name the controller that reads them: {}", context.cluster.with_line("ingress nginx")))
}

/// Another controller's annotation.
pub(super) fn foreign_annotation(context: &Context<'_>, span: Span, key: &str, prefix: &str) -> Diagnostic {
    let found = controller(context, span, &format!("does not read `{key}`"));
    found.note("an annotation that nobody reads does nothing, without a word").help(format!("its own begin with `{prefix}`"))
}

/// An annotation that may undo TLS.
pub(super) fn undoing_annotation(span: Span, key: &str) -> Diagnostic {
    Diagnostic::new(Code::AnnotationUndoesTls, span, format!("`{key}` could undo what `tls` says"))
        .note("TLS, redirects and what is spoken to the pods follow from the sentence alone")
        .help("take it out; what it is to change is said by `tls`, `backend tls` and `plain`")
}
