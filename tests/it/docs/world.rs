//! A small estate into which the pieces of policy that the book shows are set.

use polc::{Compilation, Files, Options, SourceFile};

/// Where a piece stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In `namespace payments`, which is isolated and has `frontend`, `api` and `db`.
    Namespace,
    /// In `everywhere`.
    Everywhere,
    /// In `cluster default`, instead of what it says in the other places.
    Cluster,
    /// In a workload of `payments`.
    Workload,
    /// In a namespace that has nothing else.
    Bare,
    /// At top level.
    Top,
}

impl Place {
    /// The place of a name.
    pub(crate) fn named(name: &str) -> Option<Place> {
        Some(match name {
            "namespace" => Place::Namespace,
            "everywhere" => Place::Everywhere,
            "cluster" => Place::Cluster,
            "workload" => Place::Workload,
            "top" => Place::Top,
            _ => return None,
        })
    }
}

/// What the cluster says where the piece is not about it.
const CLUSTER: &str = "\
  pods 10.244.0.0/16; services 10.96.0.0/12; nodes 192.168.0.0/24
  ingress nginx in ingress-nginx select app.kubernetes.io/name=ingress-nginx
  apiserver 192.168.0.10:6443 from nodes";

/// The estate with a piece in its place.
pub(crate) fn world(place: Place, calico: bool, piece: &str) -> String {
    let here = |wanted: Place| if place == wanted { piece } else { "" };
    let enforce = if calico { "  enforce calico 3.31\n" } else { "" };
    let cluster = if place == Place::Cluster { piece } else { CLUSTER };
    let everywhere = if place == Place::Everywhere { format!("everywhere {{\n{piece}\n}}\n") } else { String::new() };
    let bare = if place == Place::Bare { format!("namespace shop isolate {{\n{piece}\n}}\n") } else { String::new() };
    let workload = if place == Place::Workload { format!("  workload piece {{\n{piece}\n  }}\n") } else { String::new() };
    format!(
        "\
cluster default {{
{enforce}{cluster}
}}
{everywhere}{bare}{top}
peers office = 203.0.113.0/24
namespace payments isolate {{
  workload frontend {{ ports http 8080 }}
  workload api {{ ports https 8443 tls, metrics 9090; serviceaccount api }}
  workload db {{ select app=postgres; ports postgres 5432 }}
{workload}{namespace}
}}
namespace orders isolate {{
  labels env=prod
  workload cart {{ ports http 8080 }}
  workload worker
}}
namespace monitoring external {{ workload prometheus }}
",
        top = here(Place::Top),
        namespace = here(Place::Namespace),
    )
}

/// Compiles one policy file.
pub(crate) fn compile(text: &str) -> Compilation {
    polc::compile(Files { policies: vec![file("payments.polc", text)], ..Files::default() }, &Options::default())
}

/// Compiles one policy file on a day in March 2027, beside the files that pages of diagnostics speak of.
pub(crate) fn compile_beside_files(text: &str) -> Compilation {
    let files = Files {
        policies: vec![file("payments.polc", text)],
        included: vec![
            file("teams/payments.yaml", SETTINGS),
            file("legacy.yaml", LEGACY),
            file("opening.yaml", OPENING),
            file("vendor.yaml", VENDOR),
            file("settings.yaml", SETTINGS),
            file("notes.txt", "- not a manifest\n"),
        ],
        manifests: vec![file("deploy.yaml", DEPLOYED)],
    };
    polc::compile(files, &Options { today: Some("2027-03-25".into()), ..Options::default() })
}

fn file(name: &str, text: &str) -> SourceFile {
    SourceFile { name: name.into(), text: text.into() }
}

/// A file to include that opens something.
const OPENING: &str = "\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: scrape
  namespace: payments
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
";

/// A file to include of which it is not known what it opens.
const VENDOR: &str = "\
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: vendor
  namespace: payments
spec: {endpointSelector: {}}
";

/// A file to include with a policy that opens nothing.
const LEGACY: &str = "\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: legacy
  namespace: payments
spec:
  podSelector: {}
  policyTypes: [Ingress]
";

/// A file to include that cannot.
const SETTINGS: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: payments
";

/// Manifests given: pods in their node's network, and pods with other ports than a page's policy declares.
const DEPLOYED: &str = "\
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: node-exporter
  namespace: monitoring
spec:
  selector: {matchLabels: {app: node-exporter}}
  template:
    metadata: {labels: {app: node-exporter}}
    spec:
      hostNetwork: true
      containers: [{name: node-exporter, image: node-exporter}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]
";
