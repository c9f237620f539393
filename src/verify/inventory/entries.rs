//! Ingress, OpenShift's Route and HTTPRoute: which Services an ingress controller is told to reach.

use serde::Deserialize;
use smol_str::{SmolStr, format_smolstr};

use super::read::mention;
use super::{BackendPort, Entry, Reader, Target};
use crate::manifest::read::port;
use crate::manifest::tree::{Fault, typed};
use crate::verify::world::head::Head;
use crate::verify::world::words::Words;

/// Reads one, if it is one.
pub(super) fn read(reader: &mut Reader, words: &mut Words, head: &Head<'_>) -> Result<(), Fault> {
    let backends = match (head.group(), head.kind) {
        ("networking.k8s.io" | "extensions", "Ingress") => ingress(words, head)?,
        ("route.openshift.io", "Route") => route(words, head)?,
        ("gateway.networking.k8s.io", "HTTPRoute" | "GRPCRoute" | "TLSRoute" | "TCPRoute") => gateway(words, head)?,
        _ => return Ok(()),
    };
    let namespace = mention(reader, words, head);
    let object = format_smolstr!("{} {namespace}/{}", head.kind, head.name);
    for Backend { namespace: elsewhere, service, port } in backends {
        let namespace = elsewhere.unwrap_or_else(|| namespace.clone());
        let entry = Entry { object: object.clone(), place: head.place(), namespace, service, port };
        if !reader.inventory.entries.contains(&entry) {
            reader.inventory.entries.push(entry);
        }
    }
    Ok(())
}

struct Backend {
    /// None: the object's own.
    namespace: Option<SmolStr>,
    service: SmolStr,
    port: Option<BackendPort>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Object<S> {
    spec: Option<S>,
}

fn spec<'n, S: Deserialize<'n> + Default>(head: &Head<'n>) -> Result<S, Fault> {
    typed::<Object<S>>(head.node, "").map(|(object, _)| object.spec.unwrap_or_default())
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Ingress {
    default_backend: Option<IngressBackend>,
    /// Its name in old versions.
    backend: Option<IngressBackend>,
    rules: Option<Vec<IngressRule>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct IngressRule {
    http: Option<Http>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Http {
    paths: Option<Vec<HttpPath>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct HttpPath {
    backend: Option<IngressBackend>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct IngressBackend {
    service: Option<IngressService>,
    // As old versions have it.
    service_name: Option<String>,
    service_port: Option<port::Target>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct IngressService {
    #[serde(default)]
    name: String,
    port: Option<IngressPort>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct IngressPort {
    number: Option<port::Number>,
    name: Option<String>,
}

fn ingress(words: &mut Words, head: &Head<'_>) -> Result<Vec<Backend>, Fault> {
    let spec: Ingress = spec(head)?;
    let paths = spec.rules.into_iter().flatten().filter_map(|rule| rule.http?.paths).flatten().filter_map(|path| path.backend);
    let all = spec.default_backend.into_iter().chain(spec.backend).chain(paths);
    Ok(all.filter_map(|backend| ingress_backend(words, backend)).collect())
}

fn ingress_backend(words: &mut Words, backend: IngressBackend) -> Option<Backend> {
    if let Some(service) = backend.service {
        let port = service.port.and_then(|port| match (port.number, port.name) {
            (Some(port::Number(number)), _) => Some(BackendPort::Number(number)),
            (None, name) => name.map(|name| BackendPort::Name(words.word(&name))),
        });
        return Some(Backend { namespace: None, service: words.word(&service.name), port });
    }
    let port = match backend.service_port {
        Some(port::Target::Number(number)) => Some(BackendPort::Number(number)),
        Some(port::Target::Name(name)) => Some(BackendPort::Name(words.word(&name))),
        Some(port::Target::Own) | None => None,
    };
    Some(Backend { namespace: None, service: words.word(&backend.service_name?), port })
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Route {
    to: Option<RouteTarget>,
    alternate_backends: Option<Vec<RouteTarget>>,
    port: Option<RoutePort>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct RouteTarget {
    kind: Option<String>,
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct RoutePort {
    target_port: Option<port::Target>,
}

fn route(words: &mut Words, head: &Head<'_>) -> Result<Vec<Backend>, Fault> {
    let spec: Route = spec(head)?;
    let port = match spec.port.and_then(|port| port.target_port) {
        Some(port::Target::Number(number)) => Some(BackendPort::Target(Target::Number(number))),
        Some(port::Target::Name(name)) => Some(BackendPort::Target(Target::Name(words.word(&name)))),
        Some(port::Target::Own) | None => None,
    };
    let services = spec.to.into_iter().chain(spec.alternate_backends.into_iter().flatten());
    let services = services.filter(|to| to.kind.as_deref().is_none_or(|kind| matches!(kind, "Service" | "")));
    Ok(services.map(|to| Backend { namespace: None, service: words.word(&to.name), port: port.clone() }).collect())
}

#[derive(Deserialize, Default)]
#[serde(expecting = "an object")]
struct Gateway {
    rules: Option<Vec<GatewayRule>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct GatewayRule {
    backend_refs: Option<Vec<GatewayBackend>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct GatewayBackend {
    kind: Option<String>,
    #[serde(default)]
    name: String,
    namespace: Option<String>,
    port: Option<port::Number>,
}

fn gateway(words: &mut Words, head: &Head<'_>) -> Result<Vec<Backend>, Fault> {
    let spec: Gateway = spec(head)?;
    let all = spec.rules.into_iter().flatten().filter_map(|rule| rule.backend_refs).flatten();
    let services = all.filter(|backend| backend.kind.as_deref().is_none_or(|kind| kind == "Service"));
    let backend = |backend: GatewayBackend| Backend {
        namespace: backend.namespace.map(|name| words.word(&name)),
        service: words.word(&backend.name),
        port: backend.port.map(|port::Number(number)| BackendPort::Number(number)),
    };
    Ok(services.map(backend).collect())
}
