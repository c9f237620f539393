//! v1 Namespace: labels, Pod Security, and marks that keep GitOps tools from removing it.

use std::collections::BTreeMap;

use super::annotate;
use super::{Emitted, Piece};
use crate::ir::{Cluster, Held, Namespace, PodSecurity, Policy};
use crate::manifest::{Object, Texts};

/// Pod Security's modes: refuse, record, tell.
const MODES: [&str; 3] = ["enforce", "audit", "warn"];

/// With a namespace everything in it is removed, so the tools that remove what is no longer in
/// the repository are told to leave it: Argo CD, and Flux.
const KEPT: [(&str, &str); 2] = [("argocd.argoproj.io/sync-options", "Prune=false"), ("kustomize.toolkit.fluxcd.io/prune", "disabled")];

/// The Namespace objects of one cluster: of namespaces that are the policy's own.
pub(crate) fn emit(policy: &Policy, cluster: &Cluster) -> Vec<Emitted> {
    let ours = policy.namespaces.values().filter(|namespace| namespace.held == Held::Ours && namespace.clusters.contains(&cluster.name));
    let marks = annotate::marks(&KEPT);
    let mut levels: BTreeMap<PodSecurity, Texts> = BTreeMap::new();
    ours.map(|namespace| {
        let level = namespace.pod_security.map(|level| &*levels.entry(level).or_insert_with(|| pod_security(cluster, level)));
        self::namespace(policy, namespace, level, &marks)
    })
    .collect()
}

fn namespace(policy: &Policy, namespace: &Namespace, level: Option<&Texts>, marks: &Texts) -> Emitted {
    let mut metadata = annotate::unlabeled(policy, namespace.name.clone(), &namespace.sentences, marks);
    let own: Texts = namespace.labels.iter().collect();
    metadata.labels = match level {
        Some(level) => own.with(level),
        None => own,
    };
    Emitted { object: Object::Namespace(metadata), origins: vec![(Piece::Whole, namespace.sentences.iter().copied().collect())] }
}

/// Every mode, with the standard of the cluster's own version: `latest` would change what is
/// refused when the cluster is upgraded.
fn pod_security(cluster: &Cluster, level: PodSecurity) -> Texts {
    let version = format!("v{}.{}", cluster.kubernetes.major, cluster.kubernetes.minor);
    let labels = MODES.into_iter().flat_map(|mode| {
        let key = format!("pod-security.kubernetes.io/{mode}");
        [(format!("{key}-version"), version.clone()), (key, level.as_str().to_owned())]
    });
    labels.collect()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::ir::{Clusters, SentenceId};
    use crate::target::fixture;

    fn written(change: impl FnOnce(&mut Namespace)) -> String {
        let mut namespace = Namespace {
            name: "payments".into(),
            held: Held::Ours,
            labels: BTreeMap::from([("team".to_owned(), "payments".to_owned()), ("pci".to_owned(), "true".to_owned())]),
            pod_security: None,
            clusters: Clusters::All,
            workloads: BTreeMap::new(),
            sentences: vec![SentenceId(0)],
        };
        change(&mut namespace);
        let mut policy = fixture::policy();
        policy.namespaces.insert("payments".into(), namespace);
        let mut out = String::new();
        for emitted in emit(&policy, &fixture::cluster()) {
            emitted.object.write_yaml(&mut out);
        }
        out
    }

    #[test]
    fn a_namespace_has_its_labels_and_is_kept_by_gitops_tools() {
        assert_snapshot!(written(|_| {}), @r#"
    apiVersion: v1
    kind: Namespace
    metadata:
      name: payments
      labels:
        pci: "true"
        team: payments
      annotations:
        app.kubernetes.io/managed-by: polc
        argocd.argoproj.io/sync-options: Prune=false
        kustomize.toolkit.fluxcd.io/prune: disabled
        polc.dev/because: first
    "#);
    }

    #[test]
    fn pod_security_is_pinned_to_the_version_of_the_cluster() {
        assert_snapshot!(written(|namespace| namespace.pod_security = Some(PodSecurity::Restricted)), @r#"
    apiVersion: v1
    kind: Namespace
    metadata:
      name: payments
      labels:
        pci: "true"
        pod-security.kubernetes.io/audit: restricted
        pod-security.kubernetes.io/audit-version: v1.34
        pod-security.kubernetes.io/enforce: restricted
        pod-security.kubernetes.io/enforce-version: v1.34
        pod-security.kubernetes.io/warn: restricted
        pod-security.kubernetes.io/warn-version: v1.34
        team: payments
      annotations:
        app.kubernetes.io/managed-by: polc
        argocd.argoproj.io/sync-options: Prune=false
        kustomize.toolkit.fluxcd.io/prune: disabled
        polc.dev/because: first
    "#);
    }

    #[test]
    fn a_namespace_of_somebody_else_or_of_another_cluster_is_not_written() {
        assert_eq!(written(|namespace| namespace.held = Held::External), "");
        assert_eq!(written(|namespace| namespace.held = Held::Known), "");
        assert_eq!(written(|namespace| namespace.clusters = Clusters::Only(["prod".into()].into())), "");
    }
}
