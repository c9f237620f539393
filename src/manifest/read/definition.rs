//! Definitions of custom resources (`apiextensions.k8s.io/v1`).

use serde::Deserialize;

use super::Reader;
use super::object::{Head, Reading, Used, typed};
use crate::manifest::tree::{Fault, Node};
use crate::surface::{self, Custom};

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Definition {
    spec: Spec,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Spec {
    group: String,
    names: Names,
    scope: Scope,
    versions: Vec<Version>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Names {
    plural: String,
    singular: Option<String>,
    short_names: Option<Vec<String>>,
    kind: String,
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
enum Scope {
    Namespaced,
    Cluster,
}

impl TryFrom<String> for Scope {
    type Error = String;

    fn try_from(text: String) -> Result<Scope, String> {
        match text.as_str() {
            "Namespaced" => Ok(Scope::Namespaced),
            "Cluster" => Ok(Scope::Cluster),
            _ => Err(format!("`{text}` is neither `Namespaced` nor `Cluster`")),
        }
    }
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Version {
    served: bool,
    subresources: Option<Subresources>,
}

/// A subresource is there if its field is, whatever is in it.
#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Subresources {
    status: Option<Object>,
    scale: Option<Object>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Object {}

/// The resource that a definition brings, with the subresources of every version served: RBAC knows no versions.
pub(super) fn read(reader: &mut Reader, head: &Head<'_>, value: &Node<'_>) -> Reading {
    let Definition { spec } = typed(value)?;
    let full = format!("{}.{}", spec.names.plural, spec.group);
    if full != head.name {
        return Err(Fault { path: "metadata.name".to_owned(), text: format!("must be the plural name and the group, `{full}`") });
    }
    if !spec.group.contains('.') {
        return Err(Fault { path: "spec.group".to_owned(), text: format!("`{}` is no domain with a dot", spec.group) });
    }
    let served: Vec<Version> = spec.versions.into_iter().filter(|version| version.served).collect();
    if served.is_empty() {
        return Ok(Used::No("no version of it is served"));
    }
    let below: Vec<Subresources> = served.into_iter().filter_map(|version| version.subresources).collect();
    let subresources = [("scale", below.iter().any(|it| it.scale.is_some())), ("status", below.iter().any(|it| it.status.is_some()))];
    let custom = Custom {
        group: spec.group.as_str().into(),
        plural: spec.names.plural.as_str().into(),
        // The API server's default (apiextensions' v1/defaults.go).
        singular: spec.names.singular.filter(|name| !name.is_empty()).unwrap_or_else(|| spec.names.kind.to_lowercase()).into(),
        kind: spec.names.kind.into(),
        short: spec.names.short_names.into_iter().flatten().map(Into::into).collect(),
        scope: match spec.scope {
            Scope::Namespaced => surface::Scope::Namespaced,
            Scope::Cluster => surface::Scope::Cluster,
        },
        subresources: Some(subresources.into_iter().filter(|(_, there)| *there).map(|(name, _)| name.into()).collect()),
    };
    reader.custom((spec.group, spec.names.plural), custom, head.place);
    Ok(Used::Yes)
}
