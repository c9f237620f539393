//! Definitions of custom resources (`apiextensions.k8s.io/v1`).

use std::collections::BTreeSet;

use serde::Deserialize;

use super::Reader;
use super::object::{Head, Reading, Used, typed};
use crate::ir::facts::CustomFacts;
use crate::manifest::tree::{Fault, Node};

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
    let mut subresources = BTreeSet::new();
    for below in served.into_iter().filter_map(|version| version.subresources) {
        subresources.extend(below.status.map(|_| "status".to_owned()));
        subresources.extend(below.scale.map(|_| "scale".to_owned()));
    }
    let facts = CustomFacts {
        // The API server's default (apiextensions' v1/defaults.go).
        singular: spec.names.singular.filter(|name| !name.is_empty()).unwrap_or_else(|| spec.names.kind.to_lowercase()),
        kind: spec.names.kind,
        short: spec.names.short_names.unwrap_or_default(),
        namespaced: matches!(spec.scope, Scope::Namespaced),
        subresources,
    };
    reader.custom((spec.group, spec.names.plural), facts, head.place);
    Ok(Used::Yes)
}
