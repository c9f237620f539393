//! An application's manifests, as far as they tell who calls whom.

use crate::pods::Pod;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Pods, and the documents they come from.
pub(crate) struct Application {
    /// One of each workload.
    pub(crate) pods: Vec<Pod>,
    workloads: Vec<(String, PodSpec)>,
    services: Vec<(String, ServiceSpec)>,
    namespace: String,
}

#[derive(Deserialize)]
struct Document {
    kind: String,
    metadata: Metadata,
    spec: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    name: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct WorkloadSpec {
    template: Template,
}

#[derive(Deserialize)]
struct Template {
    metadata: Metadata,
    spec: PodSpec,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PodSpec {
    #[serde(default)]
    init_containers: Vec<Container>,
    containers: Vec<Container>,
}

#[derive(Deserialize)]
struct Container {
    #[serde(default)]
    ports: Vec<ContainerPort>,
    #[serde(default)]
    env: Vec<Setting>,
    #[serde(default)]
    args: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContainerPort {
    name: Option<String>,
    container_port: u16,
    #[serde(default = "tcp")]
    protocol: String,
}

#[derive(Deserialize)]
struct Setting {
    name: String,
    /// Absent where it comes from elsewhere.
    value: Option<String>,
}

#[derive(Deserialize)]
struct ServiceSpec {
    #[serde(default)]
    selector: BTreeMap<String, String>,
    ports: Vec<ServicePort>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServicePort {
    port: u16,
    /// A number, a container port's name, or nothing; a headless Service may have a 0 here.
    target_port: Option<serde_json::Value>,
}

fn tcp() -> String {
    "TCP".to_owned()
}

impl Application {
    pub(crate) fn read(path: &Path, namespace: &str) -> Application {
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let documents: Vec<Document> = serde_saphyr::from_multiple(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut application =
            Application { pods: Vec::new(), workloads: Vec::new(), services: Vec::new(), namespace: namespace.to_owned() };
        for Document { kind, metadata, spec } in documents {
            let spec = spec.unwrap_or_default();
            match kind.as_str() {
                "Deployment" | "StatefulSet" | "DaemonSet" => application.workload(&metadata.name, spec),
                "Service" => application.services.push((metadata.name, serde_json::from_value(spec).expect("a Service"))),
                _ => {}
            }
        }
        application
    }

    fn workload(&mut self, name: &str, spec: serde_json::Value) {
        let Template { metadata, spec } = serde_json::from_value::<WorkloadSpec>(spec).expect("a workload").template;
        let name = format!("{}/{name}", self.namespace);
        let ports = spec.containers.iter().flat_map(|c| &c.ports).map(|p| (p.container_port, p.protocol.clone()));
        self.pods.push(Pod { name: name.clone(), labels: metadata.labels, ports: ports.collect(), ..Pod::default() });
        self.workloads.push((name, spec));
    }

    /// Every call that a setting or an argument names, at the port of the pod that answers.
    pub(crate) fn calls(&self) -> BTreeSet<(String, String, String, u16)> {
        let mut calls = BTreeSet::new();
        for (source, spec) in &self.workloads {
            for container in spec.init_containers.iter().chain(&spec.containers) {
                for (service, spec) in &self.services {
                    for port in spec.ports.iter().filter(|port| names(container, service, port.port)) {
                        let answering = self.answering(spec, port).into_iter().filter(|(name, _)| name != source);
                        calls.extend(answering.map(|(name, port)| (source.clone(), name, tcp(), port)));
                    }
                }
            }
        }
        calls
    }

    /// The pods behind a Service, with the number its port has there.
    fn answering(&self, service: &ServiceSpec, port: &ServicePort) -> Vec<(String, u16)> {
        let behind = |pod: &&Pod| service.selector.iter().all(|(key, value)| pod.labels.get(key) == Some(value));
        let number = |name: &str| match &port.target_port {
            Some(serde_json::Value::String(named)) => self.container_port(name, named),
            Some(target) if target.as_u64() != Some(0) => u16::try_from(target.as_u64().expect("a port")).expect("a port"),
            _ => port.port,
        };
        self.pods.iter().filter(behind).map(|pod| (pod.name.clone(), number(&pod.name))).collect()
    }

    fn container_port(&self, pod: &str, name: &str) -> u16 {
        let (_, spec) = self.workloads.iter().find(|(workload, _)| workload == pod).expect("a pod is of a workload");
        let port = spec.containers.iter().flat_map(|c| &c.ports).find(|port| port.name.as_deref() == Some(name));
        port.unwrap_or_else(|| panic!("{pod} has no port {name}")).container_port
    }
}

/// Whether a container is told of a Service's port: `service:port` in a setting or an argument, or the name in one
/// setting, `X_HOST`, and the number in another, `X_…PORT…`.
fn names(container: &Container, service: &str, port: u16) -> bool {
    let settings: Vec<(&str, String)> =
        container.env.iter().filter_map(|s| Some((s.name.as_str(), expanded(container, s.value.as_deref()?)))).collect();
    let told = |text: &str| mentions(text, &format!("{service}:{port}"));
    let paired = |(name, value): &(&str, String)| {
        let Some(prefix) = name.strip_suffix("HOST") else { return false };
        value == service
            && settings
                .iter()
                .any(|(other, number)| other.strip_prefix(prefix).is_some_and(|rest| rest.contains("PORT")) && *number == port.to_string())
    };
    settings.iter().any(|(_, value)| told(value)) || container.args.iter().any(|a| told(a)) || settings.iter().any(paired)
}

/// A value with `$(NAME)` replaced by that setting's own.
fn expanded(container: &Container, value: &str) -> String {
    container.env.iter().fold(value.to_owned(), |value, setting| {
        setting.value.as_ref().map_or(value.clone(), |own| value.replace(&format!("$({})", setting.name), own))
    })
}

/// Whether an address stands in a text, and not as a part of a longer one.
fn mentions(text: &str, address: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    text.match_indices(address)
        .any(|(at, _)| !text[..at].ends_with(part) && !text[at + address.len()..].starts_with(|c: char| c.is_ascii_digit()))
}
