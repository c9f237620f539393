//! Which object stands in which file.

use std::collections::{BTreeMap, BTreeSet};

use polc::Compilation;
use polc::manifest::calico::Action;
use polc::manifest::{Object, yaml};

use crate::cli::exit::Failure;

/// The file for what belongs to no namespace.
const CLUSTER_WIDE: &str = "cluster-wide";

/// The file for what belongs to no namespace and closes pods that the other files open. No namespace has a dot in its
/// name, so no namespace's file is called so.
const CLOSING: &str = "cluster-wide.isolations";

/// A file beside the manifests, which no tool applies.
const BESIDE: &str = "ibm-iam.json";

/// The file kustomize reads.
const KUSTOMIZATION: &str = "kustomization";

/// The files of one cluster.
#[derive(Debug, Default)]
pub(crate) struct ClusterFiles {
    /// Text by file name, without the kustomization.
    pub(super) texts: BTreeMap<String, String>,
    /// The namespaces whose Namespace object is written.
    pub(super) namespaces: BTreeSet<String>,
}

/// The files of every cluster that was compiled for, by its name.
pub(crate) type Layout = BTreeMap<String, ClusterFiles>;

/// Puts every object into its file.
pub(crate) fn layout(compilation: &Compilation) -> Result<Layout, Failure> {
    let mut layout = Layout::new();
    for (cluster, _) in &compilation.clusters {
        layout.insert(safe(cluster, "cluster")?.to_owned(), ClusterFiles::default());
    }
    for output in &compilation.objects {
        let files = layout.entry(safe(&output.cluster, "cluster")?.to_owned()).or_default();
        let text = files.texts.entry(file_name(&output.object)?).or_default();
        yaml::write_stream(text, [&output.object]);
        if let Some(name) = namespace_object(&output.object) {
            files.namespaces.insert(name.to_owned());
        }
    }
    for file in &compilation.beside {
        let files = layout.entry(safe(&file.cluster, "cluster")?.to_owned()).or_default();
        files.texts.insert(file.name.to_owned(), file.text.clone());
    }
    distinct_without_case(&layout)?;
    Ok(layout)
}

/// Whether a name is one that polc may have written: a manifest, or a file beside them. A namespace has neither dot nor
/// `.json` in its file's name, so the two are never the same.
pub(super) fn is_ours(name: &str) -> bool {
    is_safe(name) && (is_manifest(name) || name == BESIDE)
}

fn is_manifest(name: &str) -> bool {
    name.ends_with(".yaml")
}

/// The kustomization that names a cluster's files. Their order is the order in which they
/// are applied: what is cluster-wide first, denies among it, and last what closes pods that the others open.
pub(super) fn kustomization<'a>(files: impl IntoIterator<Item = &'a String>) -> (String, String) {
    let mut names: Vec<&String> = files.into_iter().filter(|name| is_manifest(name)).collect();
    names.sort_by_key(|name| {
        let rank = match name.strip_suffix(".yaml") {
            Some(CLUSTER_WIDE) => 0,
            Some(CLOSING) => 2,
            _ => 1,
        };
        (rank, name.as_str())
    });
    let mut text = String::from("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nsortOptions:\n  order: fifo\n");
    text.push_str(if names.is_empty() { "resources: []\n" } else { "resources:\n" });
    text.extend(names.iter().map(|name| format!("- {name}\n")));
    (format!("{KUSTOMIZATION}.yaml"), text)
}

fn file_name(object: &Object) -> Result<String, Failure> {
    let namespace = namespace_object(object).or(object.metadata().namespace.as_deref());
    let Some(namespace) = namespace else {
        let name = if closes(object) { CLOSING } else { CLUSTER_WIDE };
        return Ok(format!("{name}.yaml"));
    };
    let namespace = safe(namespace, "namespace")?;
    // No namespace has a dot in its name, so the longer form is never another one's.
    let taken = namespace == CLUSTER_WIDE || namespace == KUSTOMIZATION;
    Ok(if taken { format!("{namespace}.namespace.yaml") } else { format!("{namespace}.yaml") })
}

/// Whether a policy for all namespaces isolates pods: applied before the namespaces' files it would close, for a moment,
/// what they open. A deny, in a tier of its own, closes for good.
fn closes(object: &Object) -> bool {
    let Object::GlobalNetworkPolicy(policy) = object else { return false };
    let rules = policy.ingress.iter().chain(&policy.egress).flatten();
    policy.tier == "default" && rules.into_iter().all(|rule| rule.action != Action::Allow)
}

/// The name of the namespace that a Namespace object is.
fn namespace_object(object: &Object) -> Option<&str> {
    (object.api_version() == "v1" && object.kind() == "Namespace").then(|| object.metadata().name.as_str())
}

/// A name that is about to be part of a path: one that could lead elsewhere is refused.
fn safe<'a>(name: &'a str, what: &str) -> Result<&'a str, Failure> {
    if is_safe(name) {
        Ok(name)
    } else {
        Err(Failure::new(format!("`{name}` cannot be a file name, so the {what} of that name has no file")))
    }
}

/// Whether a name can be one part of a path on every file system, and is not hidden.
pub(super) fn is_safe(name: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    !name.is_empty() && name.len() <= 253 && name.bytes().all(inner) && !name.starts_with(['.', '-']) && !name.ends_with('.')
}

/// Two clusters that differ in case alone would share a folder where file systems ignore it.
fn distinct_without_case(layout: &Layout) -> Result<(), Failure> {
    let mut seen: BTreeMap<String, &String> = BTreeMap::new();
    for name in layout.keys() {
        if let Some(other) = seen.insert(name.to_lowercase(), name) {
            return Err(Failure::new(format!("the clusters `{other}` and `{name}` would share a folder where case does not count")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use polc::Output;
    use polc::manifest::Metadata;

    fn compilation(clusters: &[&str], namespaces: &[&str]) -> Compilation {
        let object = |name: &&str| Object::Namespace(Metadata { name: (*name).into(), ..Metadata::default() });
        let objects =
            clusters.iter().flat_map(|cluster| namespaces.iter().map(|name| Output { cluster: (*cluster).into(), object: object(name) }));
        let mut compilation = Compilation::default();
        compilation.objects = objects.collect();
        compilation.clusters = clusters.iter().map(|name| ((*name).to_owned(), None)).collect();
        compilation
    }

    #[test]
    fn a_namespace_never_takes_the_place_of_another_file() {
        let layout = layout(&compilation(&["default"], &["cluster-wide", "kustomization", "payments"])).expect("a layout");
        let names: Vec<&String> = layout["default"].texts.keys().collect();
        assert_eq!(names, ["cluster-wide.namespace.yaml", "kustomization.namespace.yaml", "payments.yaml"]);
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for name in ["..", "../x", "a/b", "a\\b", "", ".git", "a\0", "-rf"] {
            assert!(layout(&compilation(&["default"], &[name])).is_err(), "namespace {name:?}");
            assert!(layout(&compilation(&[name], &["a"])).is_err(), "cluster {name:?}");
        }
    }

    #[test]
    fn clusters_that_differ_in_case_are_refused() {
        assert!(layout(&compilation(&["Prod", "prod"], &["a"])).is_err());
    }

    #[test]
    fn what_is_cluster_wide_comes_first_what_closes_last_and_what_is_no_manifest_not_at_all() {
        let names = ["a.yaml", "cluster-wide.isolations.yaml", "cluster-wide.yaml", "ibm-iam.json", "z.yaml"].map(str::to_owned);
        let listed = "resources:\n- cluster-wide.yaml\n- a.yaml\n- z.yaml\n- cluster-wide.isolations.yaml\n";
        assert!(kustomization(&names).1.ends_with(listed));
    }
}
