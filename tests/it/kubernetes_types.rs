//! Every snapshot read as Kubernetes' own types: whatever they do not know would be lost on the
//! way back, so what comes back must be what was written.

use std::fs;
use std::path::{Path, PathBuf};

use k8s_openapi::api::core::v1::{Namespace, ServiceAccount};
use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[test]
fn every_snapshot_reads_back_as_it_is() {
    let mut read = 0;
    for file in snapshots(&Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots")) {
        let text = fs::read_to_string(&file).expect("a snapshot can be read");
        for document in text.split("\n---\n") {
            let written: Value = serde_saphyr::from_str(document).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            let back = match (written["apiVersion"].as_str(), written["kind"].as_str()) {
                (Some("v1"), Some("Namespace")) => through::<Namespace>(document),
                (Some("v1"), Some("ServiceAccount")) => through::<ServiceAccount>(document),
                (Some("networking.k8s.io/v1"), Some("NetworkPolicy")) => through::<NetworkPolicy>(document),
                (Some("rbac.authorization.k8s.io/v1"), Some("Role")) => through::<Role>(document),
                (Some("rbac.authorization.k8s.io/v1"), Some("ClusterRole")) => through::<ClusterRole>(document),
                (Some("rbac.authorization.k8s.io/v1"), Some("RoleBinding")) => through::<RoleBinding>(document),
                (Some("rbac.authorization.k8s.io/v1"), Some("ClusterRoleBinding")) => through::<ClusterRoleBinding>(document),
                _ => continue,
            };
            assert_eq!(back, written, "{}", file.display());
            read += 1;
        }
    }
    assert!(read > 100, "only {read} objects were read");
}

fn through<T: DeserializeOwned + Serialize>(document: &str) -> Value {
    let object: T = serde_saphyr::from_str(document).expect("Kubernetes' types read a snapshot");
    serde_json::to_value(object).expect("and write it")
}

fn snapshots(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            found.extend(snapshots(&path));
        } else if path.extension().is_some_and(|extension| extension == "yaml")
            && path.file_name().is_some_and(|name| name != "kustomization.yaml")
        {
            found.push(path);
        }
    }
    found
}
