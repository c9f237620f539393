//! Pods for the judges of reach: an inventory, and everything that could be tried in it.

use crate::judges::Probe;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// A pod to be judged.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pod {
    /// `namespace/name`.
    pub(crate) name: String,
    pub(crate) labels: BTreeMap<String, String>,
    /// Number and protocol.
    pub(crate) ports: Vec<(u16, String)>,
    /// None for the namespace's default one.
    pub(crate) account: Option<String>,
}

/// A cluster's name servers.
pub(crate) fn dns() -> Pod {
    Pod {
        name: "kube-system/dns".to_owned(),
        labels: [("k8s-app".to_owned(), "kube-dns".to_owned())].into(),
        ports: vec![(53, "TCP".to_owned()), (53, "UDP".to_owned())],
        account: None,
    }
}

/// Every pair of ends, one of them a pod, on every port that a pod declares and on the others given.
pub(crate) fn probes(pods: &[Pod], addresses: &[&str], others: &[(u16, &str)]) -> Vec<Probe> {
    let mut ports: BTreeSet<(u16, String)> = pods.iter().flat_map(|pod| pod.ports.iter().cloned()).collect();
    ports.extend(others.iter().map(|(port, protocol)| (*port, (*protocol).to_owned())));
    let ends: Vec<&str> = pods.iter().map(|pod| pod.name.as_str()).chain(addresses.iter().copied()).collect();
    let mut probes = Vec::new();
    for source in &ends {
        for destination in ends.iter().filter(|end| *end != source && (end.contains('/') || source.contains('/'))) {
            probes.extend(ports.iter().map(|(port, protocol)| Probe {
                source: (*source).to_owned(),
                destination: (*destination).to_owned(),
                protocol: protocol.clone(),
                port: *port,
            }));
        }
    }
    probes
}

/// Namespaces and running pods as the judges read them; JSON is YAML.
pub(crate) fn inventory(pods: &[Pod]) -> String {
    let namespaces: BTreeSet<&str> = pods.iter().filter_map(|pod| pod.name.split_once('/')).map(|(namespace, _)| namespace).collect();
    let namespaces = namespaces.into_iter().map(|name| {
        let labels = json!({ "kubernetes.io/metadata.name": name });
        json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name, "labels": labels } })
    });
    let pods = pods.iter().enumerate().map(|(index, pod)| {
        let (namespace, name) = pod.name.split_once('/').expect("namespace/name");
        let ports: Vec<_> = pod.ports.iter().map(|(port, protocol)| json!({ "containerPort": port, "protocol": protocol })).collect();
        json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": { "name": name, "namespace": namespace, "labels": pod.labels },
            "spec": {
                "serviceAccountName": pod.account.as_deref().unwrap_or("default"),
                "containers": [{ "name": "c", "image": "x", "ports": ports }],
            },
            "status": { "podIP": format!("10.244.{}.{}", index / 200, index % 200 + 1) },
        })
    });
    namespaces.chain(pods).map(|document| format!("---\n{document}\n")).collect()
}
