//! Documents to facts, by kind.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::port::{Number, Target};
use super::{Reader, definition, role, workload};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::facts::{ServiceFacts, Unused};
use crate::manifest::tree::{self, Content, Fault, Node};
use crate::source::Span;

/// The namespace of a namespaced object that names none.
const DEFAULT_NAMESPACE: &str = "default";

/// What every object says of itself.
pub(super) struct Head<'a> {
    pub(super) file: &'a str,
    pub(super) place: Span,
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
}

impl Head<'_> {
    pub(super) fn key(&self) -> (String, String) {
        (self.namespace.clone(), self.name.clone())
    }
}

/// Reads one object, or every object of a list.
pub(super) fn read(reader: &mut Reader, file: &str, place: Span, value: &Node<'_>) {
    let api_version = text(value.get("apiVersion"));
    let kind = text(value.get("kind"));
    let items = if kind.ends_with("List") { value.get("items").and_then(Node::items) } else { None };
    if let Some(items) = items {
        return items.iter().for_each(|item| read(reader, file, place, item));
    }
    let metadata = |key| value.get("metadata").and_then(|metadata| metadata.get(key));
    let name = text(metadata("name"));
    if metadata("name").is_some_and(|name| !matches!(name.content, Content::Text(_) | Content::Null)) {
        return reader.diagnostics.push(nameless(&kind, place));
    }
    let unused = |reason| Unused {
        place,
        api_version: api_version.clone(),
        kind: kind.clone(),
        namespace: metadata("namespace").and_then(Node::text).map(str::to_owned),
        name: name.clone(),
        reason,
    };
    if kind.is_empty() {
        return reader.unused.push(unused("it is not a Kubernetes object"));
    }
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    let read = match (group, kind.as_str()) {
        ("", "Namespace") => namespace,
        ("", "Service") => service,
        ("rbac.authorization.k8s.io", "Role" | "ClusterRole") => role::role,
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => role::binding,
        // `v1beta1`, which is written otherwise, is gone since Kubernetes 1.22.
        ("apiextensions.k8s.io", "CustomResourceDefinition") if api_version.ends_with("/v1") => definition::read,
        ("apps" | "extensions", "Deployment" | "DaemonSet" | "ReplicaSet")
        | ("apps", "StatefulSet")
        | ("batch", "Job" | "CronJob")
        | ("", "Pod") => workload::read,
        _ => return reader.unused.push(unused("its kind says nothing that polc uses")),
    };
    if name.is_empty() {
        return reader.unused.push(unused("it has no name"));
    }
    let namespace = match text(metadata("namespace")) {
        written if written.is_empty() => DEFAULT_NAMESPACE.to_owned(),
        written => written,
    };
    let head = Head { file, place, kind: kind.clone(), namespace, name: name.clone() };
    match read(reader, &head, value) {
        Ok(Used::Yes) => {}
        Ok(Used::No(reason)) => reader.unused.push(unused(reason)),
        Err(error) => reader.diagnostics.push(invalid(&head, &error)),
    }
}

/// Whether an object gave a fact.
pub(super) enum Used {
    Yes,
    No(&'static str),
}

/// What reading an object comes to.
pub(super) type Reading = Result<Used, Fault>;

fn text(value: Option<&Node<'_>>) -> String {
    value.and_then(Node::text).unwrap_or_default().to_owned()
}

/// A name such as a bare `on`, which is no string to kubectl either.
fn nameless(kind: &str, place: Span) -> Diagnostic {
    Diagnostic::new(Code::ManifestUnreadable, place, format!("the name of this {kind} is not a string"))
        .help("put the name in double quotes")
}

fn invalid(head: &Head<'_>, error: &Fault) -> Diagnostic {
    Diagnostic::new(Code::ManifestUnreadable, head.place, format!("{} `{}` is not a valid object of its kind", head.kind, head.name))
        .label(error.to_string())
        .help("correct the file, or do not give it with `--manifests`")
}

/// Reads the part of an object that polc uses.
pub(super) fn typed<'n, T: Deserialize<'n>>(value: &'n Node<'_>) -> Result<T, Fault> {
    tree::typed(value, "").map(|(typed, _)| typed)
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(crate) struct Labeled {
    pub(crate) metadata: Metadata,
}

/// What polc reads of `metadata`.
#[derive(Deserialize, Default)]
#[serde(expecting = "an object")]
pub(crate) struct Metadata {
    pub(crate) labels: Option<BTreeMap<String, String>>,
}

fn namespace(reader: &mut Reader, head: &Head<'_>, value: &Node<'_>) -> Reading {
    let namespace: Labeled = typed(value)?;
    reader.namespace(&head.name, namespace.metadata.labels.unwrap_or_default(), head.place);
    Ok(Used::Yes)
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(crate) struct Service {
    pub(crate) spec: ServiceSpec,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(crate) struct ServiceSpec {
    pub(crate) selector: Option<BTreeMap<String, String>>,
    pub(crate) ports: Option<Vec<ServicePort>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub(crate) struct ServicePort {
    pub(crate) name: Option<String>,
    pub(crate) port: Number,
    pub(crate) target_port: Option<Target>,
    pub(crate) protocol: Option<String>,
}

fn service(reader: &mut Reader, head: &Head<'_>, value: &Node<'_>) -> Reading {
    let service: Service = typed(value)?;
    let ports = service.spec.ports.unwrap_or_default().into_iter().map(|port| {
        let Number(number) = port.port;
        let target = match port.target_port {
            None | Some(Target::Own) => number.to_string(),
            Some(Target::Number(target)) => target.to_string(),
            Some(Target::Name(name)) => name,
        };
        (number, target, protocol(port.protocol))
    });
    let facts = ServiceFacts { selector: service.spec.selector.unwrap_or_default(), ports: ports.collect() };
    reader.namespace(&head.namespace, BTreeMap::new(), head.place);
    reader.service(head.key(), facts, head.place);
    Ok(Used::Yes)
}

/// A port's protocol, TCP where none is named.
pub(super) fn protocol(written: Option<String>) -> String {
    written.filter(|name| !name.is_empty()).unwrap_or_else(|| "TCP".to_owned())
}
