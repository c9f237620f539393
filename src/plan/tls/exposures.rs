//! What the controller serves: each exposure with its certificate and its way to the pods.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::certificates::{self, Request};
use super::{Backend, Redirected, Served, Tls, Usage, wrong};
use crate::ir::tls::{Exposed, Exposure, Issued, host_secret};
use crate::plan::Context;
use crate::source::Span;

/// Adds everything that is exposed or sent on in this cluster.
pub(super) fn serve<'a>(context: &mut Context<'a>, tls: &mut Tls<'a>) {
    let policy = context.policy;
    let here = |exposure: &&Exposure| exposure.clusters.contains(&context.cluster.name);
    let mut exposures: Vec<&Exposure> = policy.exposures.iter().filter(here).collect();
    exposures.sort_by(|a, b| (&a.namespace, &a.host, &a.path, &a.workload).cmp(&(&b.namespace, &b.host, &b.path, &b.workload)));
    later(context);
    check_hosts(context, &exposures);
    for exposure in exposures {
        if let Some(served) = served(context, tls, exposure) {
            tls.served.push(served);
        }
    }
    let cluster = &context.cluster.name;
    let mut redirects: Vec<_> = policy.redirects.iter().filter(|redirect| redirect.clusters.contains(cluster)).collect();
    redirects.sort_by(|a, b| (&a.namespace, &a.host).cmp(&(&b.namespace, &b.host)));
    for redirect in redirects {
        let span = certificates::place(context, redirect.sentence);
        if !context.capabilities.controller.redirect {
            let found = wrong::no_redirect(context, span);
            context.diagnostics.push(found);
            continue;
        }
        let mut secret = None;
        if redirect.tls {
            let Some(authority) = certificates::signer(context, &Issued::ByDefault, span, &redirect.host) else { continue };
            let name = host_secret(&redirect.host);
            certificates::request(
                tls,
                Request {
                    namespace: &redirect.namespace,
                    secret: &name,
                    names: vec![redirect.host.clone()],
                    usage: Usage::Server,
                    authority,
                    sentence: redirect.sentence,
                },
            );
            secret = Some(name);
        }
        tls.redirects.push(Redirected { redirect, secret });
    }
}

/// Sentences that are not compiled yet.
fn later(context: &mut Context<'_>) {
    let mutual = context.policy.mutual_tls.iter().map(|sentence| ("mutual tls", sentence.sentence));
    let found: Vec<_> = mutual.map(|(name, id)| wrong::sentence_not_yet(name, certificates::place(context, id))).collect();
    context.diagnostics.extend(found);
}

/// One host belongs to one namespace, and one path of it to one exposure.
fn check_hosts(context: &mut Context<'_>, exposures: &[&Exposure]) {
    let mut hosts: BTreeMap<&Option<SmolStr>, &Exposure> = BTreeMap::new();
    let mut paths: BTreeMap<_, &Exposure> = BTreeMap::new();
    let mut found = Vec::new();
    let span = |exposure: &Exposure| certificates::place(context, exposure.sentence);
    for exposure in exposures {
        let first = hosts.entry(&exposure.host).or_insert(exposure);
        if first.namespace != exposure.namespace {
            found.push(wrong::host_of_two(exposure, span(exposure), first, span(first)));
        }
        if let Some(first) = paths.insert((&exposure.host, &exposure.path), exposure) {
            found.push(wrong::path_twice(exposure, span(exposure), span(first)));
        }
        if let (Some((secret, issued)), Some((others, issued_before))) = (secret_of(exposure), secret_of(first))
            && first.namespace == exposure.namespace
            && (secret != others || issued != issued_before)
        {
            found.push(wrong::two_certificates(exposure, span(exposure), span(first)));
        }
    }
    context.diagnostics.extend(found);
}

fn secret_of(exposure: &Exposure) -> Option<(&SmolStr, &Issued)> {
    match &exposure.tls {
        Exposed::Terminated { secret, issued, .. } => Some((secret, issued)),
        Exposed::Plain | Exposed::Passthrough => None,
    }
}

fn served<'a>(context: &mut Context<'a>, tls: &mut Tls<'a>, exposure: &'a Exposure) -> Option<Served<'a>> {
    let span = certificates::place(context, exposure.sentence);
    let controller = context.capabilities.controller;
    if !controller.ready {
        let found = wrong::not_yet(context, span);
        context.diagnostics.push(found);
        return None;
    }
    annotations(context, exposure, span)?;
    if exposure.tls == Exposed::Passthrough && !controller.passthrough {
        let found = wrong::no_passthrough(context, span);
        context.diagnostics.push(found);
        return None;
    }
    let Exposed::Terminated { secret, issued, backend } = &exposure.tls else { return Some(Served { exposure, backend: None }) };
    if *issued != Issued::Elsewhere
        && let Some(host) = &exposure.host
    {
        let authority = certificates::signer(context, issued, span, host)?;
        let (namespace, names) = (&exposure.namespace, vec![host.clone()]);
        certificates::request(tls, Request { namespace, secret, names, usage: Usage::Server, authority, sentence: exposure.sentence });
    }
    let Some(asked) = backend else { return Some(Served { exposure, backend: None }) };
    if !controller.backend {
        let found = wrong::no_backend(context, span);
        context.diagnostics.push(found);
        return None;
    }
    if !asked.verified {
        return Some(Served { exposure, backend: Some(Backend::Unverified) });
    }
    let issued = asked.authority.clone().map_or(Issued::ByDefault, Issued::By);
    let name = asked.name.clone().unwrap_or_else(|| certificates::service_name(&exposure.port.service, &exposure.namespace));
    let authority = certificates::signer(context, &issued, span, &name)?;
    certificates::request_for_pods(context, tls, exposure, name.clone(), authority);
    if controller.needs_client_certificate {
        certificates::request_for_controller(tls, exposure, authority);
    }
    Some(Served { exposure, backend: Some(Backend::Verified { name, authority }) })
}

/// Annotations that the controller takes, and that leave its TLS alone.
fn annotations(context: &mut Context<'_>, exposure: &Exposure, span: Span) -> Option<()> {
    let mut sound = true;
    for (key, _) in &exposure.annotations {
        let found = match context.capabilities.controller.annotations {
            None => wrong::no_annotations(context, span),
            Some((prefix, undoing)) => match key.strip_prefix(prefix) {
                None => wrong::foreign_annotation(context, span, key, prefix),
                Some(rest) if undoing.iter().any(|begin| rest.starts_with(begin)) => wrong::undoing_annotation(span, key),
                Some(_) => continue,
            },
        };
        context.diagnostics.push(found);
        sound = false;
    }
    sound.then_some(())
}
