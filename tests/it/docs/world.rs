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
  apiserver 192.168.0.10:6443";

/// The estate with a piece in its place.
pub(crate) fn world(place: Place, calico: bool, piece: &str) -> String {
    let here = |wanted: Place| if place == wanted { piece } else { "" };
    let enforce = if calico { "  enforce calico 3.31\n" } else { "" };
    let cluster = if place == Place::Cluster { piece } else { CLUSTER };
    let everywhere = if place == Place::Everywhere { format!("everywhere {{\n{piece}\n}}\n") } else { String::new() };
    let workload = if place == Place::Workload { format!("  workload piece {{\n{piece}\n  }}\n") } else { String::new() };
    format!(
        "\
cluster default {{
{enforce}{cluster}
}}
{everywhere}{top}
peers office = 203.0.113.0/24
namespace payments isolate {{
  workload frontend {{ ports http 8080 }}
  workload api {{ ports https 8443 tls, metrics 9090; serviceaccount api }}
  workload db {{ select app=postgres; ports postgres 5432 }}
{workload}{namespace}
}}
namespace orders isolate {{
  labels env=prod
  workload gateway {{ ports http 8080 }}
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
    let policies = vec![SourceFile { name: "book.polc".into(), text: text.into() }];
    polc::compile(Files { policies, ..Files::default() }, &Options::default())
}
