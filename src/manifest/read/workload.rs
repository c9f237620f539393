//! Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Reader;
use super::object::{Head, Metadata, Reading, Used, protocol, typed};
use super::port::Number;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::facts::{PortFacts, WorkloadFacts};
use crate::manifest::tree::Node;

/// The label that the Job controller puts on a Job's pods.
const JOB_NAME: &str = "batch.kubernetes.io/job-name";

/// Any of the kinds; each uses its own part.
#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(crate) struct Workload {
    pub(crate) metadata: Owned,
    spec: Spec,
    pub(crate) status: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub(crate) struct Owned {
    pub(crate) owner_references: Option<Vec<Owner>>,
    labels: Option<BTreeMap<String, String>>,
}

/// What made an object.
#[derive(Deserialize, Clone, PartialEq, Eq)]
#[serde(expecting = "an object")]
pub(crate) struct Owner {
    #[serde(default)]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) controller: Option<bool>,
}

/// What a cluster says of a pod.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub(crate) struct Status {
    #[serde(rename = "podIP")]
    pub(crate) pod_ip: Option<String>,
    #[serde(rename = "podIPs")]
    pub(crate) pod_ips: Option<Vec<PodAddress>>,
    #[serde(rename = "hostIP")]
    pub(crate) host_ip: Option<String>,
    pub(crate) phase: Option<String>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
pub(crate) struct PodAddress {
    #[serde(default)]
    pub(crate) ip: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Spec {
    selector: Option<Selector>,
    template: Option<Template>,
    job_template: Option<JobTemplate>,
    // A bare pod's own.
    containers: Option<Vec<Container>>,
    init_containers: Option<Vec<Container>>,
    host_network: Option<bool>,
    service_account_name: Option<String>,
    service_account: Option<String>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct JobTemplate {
    spec: JobSpec,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct JobSpec {
    template: Template,
}

/// The pods that a workload makes, or a bare pod.
#[derive(Deserialize, Default)]
#[serde(expecting = "an object")]
pub(crate) struct Template {
    #[serde(default)]
    pub(crate) metadata: Metadata,
    #[serde(default)]
    pub(crate) spec: PodSpec,
}

/// What polc reads of a pod's `spec`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub(crate) struct PodSpec {
    containers: Option<Vec<Container>>,
    init_containers: Option<Vec<Container>>,
    pub(crate) host_network: Option<bool>,
    service_account_name: Option<String>,
    /// Its old name, which still works.
    service_account: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Container {
    ports: Option<Vec<ContainerPort>>,
    restart_policy: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct ContainerPort {
    name: Option<String>,
    container_port: Number,
    protocol: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Selector {
    match_labels: Option<BTreeMap<String, String>>,
    match_expressions: Option<Vec<Expression>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Expression {
    key: String,
    operator: String,
    values: Option<Vec<String>>,
}

impl Workload {
    /// The pods it makes, as they are written.
    pub(crate) fn take_template(&mut self) -> Template {
        if let Some(job) = self.spec.job_template.take() {
            return job.spec.template;
        }
        let Some(template) = self.spec.template.take() else {
            let spec = PodSpec {
                containers: self.spec.containers.take(),
                init_containers: self.spec.init_containers.take(),
                host_network: self.spec.host_network,
                service_account_name: self.spec.service_account_name.take(),
                service_account: self.spec.service_account.take(),
            };
            return Template { metadata: Metadata { labels: self.metadata.labels.take() }, spec };
        };
        template
    }
}

impl PodSpec {
    /// The service account it names.
    pub(crate) fn account(&self) -> Option<&String> {
        self.service_account_name.as_ref().or(self.service_account.as_ref()).filter(|name| !name.is_empty())
    }
}

pub(super) fn read(reader: &mut Reader, head: &Head<'_>, value: &Node<'_>) -> Reading {
    let mut workload: Workload = typed(value)?;
    reader.namespace(&head.namespace, BTreeMap::new(), head.place);
    if workload.metadata.owner_references.as_ref().is_some_and(|owners| !owners.is_empty()) {
        return Ok(Used::No("its owner is what the policy names"));
    }
    let template = workload.take_template();
    let pod_labels = template.metadata.labels.unwrap_or_default();
    let selector = match workload.spec.selector.map(plain) {
        Some(Some(selector)) => selector,
        Some(None) => {
            reader.diagnostics.push(not_plain(head));
            return Ok(Used::No("its selector is more than labels with one value each"));
        }
        None if pod_labels.is_empty() && head.kind == "Job" => BTreeMap::from([(JOB_NAME.to_owned(), head.name.clone())]),
        None => pod_labels.clone(),
    };
    if selector.is_empty() {
        // No labels would be every pod of the namespace.
        return Ok(Used::No("no label tells its pods from others"));
    }
    let facts = WorkloadFacts {
        kind: head.kind.clone(),
        pod_labels,
        selector,
        ports: ports(&template.spec),
        host_network: template.spec.host_network.unwrap_or_default(),
        service_account: template.spec.account().cloned(),
        file: head.file.to_owned(),
    };
    reader.workload(head.key(), facts, head.place);
    Ok(Used::Yes)
}

/// The selector as labels with one value each; none where it is more than that.
fn plain(selector: Selector) -> Option<BTreeMap<String, String>> {
    let mut labels = selector.match_labels.unwrap_or_default();
    for expression in selector.match_expressions.unwrap_or_default() {
        let value = match (expression.operator.as_str(), expression.values.unwrap_or_default().as_slice()) {
            ("In", [value]) => value.clone(),
            _ => return None,
        };
        if labels.get(&expression.key).is_some_and(|old| *old != value) {
            return None;
        }
        labels.insert(expression.key, value);
    }
    Some(labels)
}

fn not_plain(head: &Head<'_>) -> Diagnostic {
    let headline = format!("the selector of {} `{}` is more than plain labels", head.kind, head.name);
    Diagnostic::new(Code::ManifestSelectorNotPlain, head.place, headline)
        .note("A policy cannot name this workload by the manifest alone.")
        .help(format!("declare it: `namespace {} {{ workload {} {{ select KEY=VALUE }} }}`", head.namespace, head.name))
}

/// Ports of the containers that run as long as the pod does, each once.
pub(crate) fn ports(spec: &PodSpec) -> Vec<PortFacts> {
    let sidecars = spec.init_containers.iter().flatten().filter(|container| container.restart_policy.as_deref() == Some("Always"));
    let mut ports: Vec<PortFacts> = Vec::new();
    for port in spec.containers.iter().flatten().chain(sidecars).flat_map(|container| container.ports.iter().flatten()) {
        let protocol = protocol(port.protocol.clone());
        let fact = PortFacts { name: port.name.clone(), number: port.container_port.0, protocol };
        if !ports.contains(&fact) {
            ports.push(fact);
        }
    }
    ports
}
