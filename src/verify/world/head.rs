//! Documents to objects: lists taken apart, and what every object says of itself.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::manifest::tree::{self, Content, Document, Fault, Node};
use crate::source::{FileId, Span};

use super::reader::Reader;

/// What every object says of itself.
#[derive(Clone, Copy)]
pub(in crate::verify) struct Head<'n> {
    /// Its file's text.
    pub(in crate::verify) text: &'n str,
    /// Where its document begins.
    pub(in crate::verify) document: Span,
    /// The object.
    pub(in crate::verify) node: &'n Node<'n>,
    pub(in crate::verify) api_version: &'n str,
    pub(in crate::verify) kind: &'n str,
    /// As written; empty where there is none.
    pub(in crate::verify) namespace: &'n str,
    pub(in crate::verify) name: &'n str,
}

impl<'n> Head<'n> {
    /// The group of its `apiVersion`; empty for the core.
    pub(in crate::verify) fn group(&self) -> &'n str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// Where it begins.
    pub(in crate::verify) fn place(&self) -> Span {
        self.at(self.node.at)
    }

    /// Where the value of a path begins.
    pub(in crate::verify) fn place_of(&self, path: &str) -> Span {
        self.at(self.node.at_path(path))
    }

    fn at(&self, at: Option<u32>) -> Span {
        if at.is_some() { tree::place(self.file(), self.text, at) } else { self.document }
    }

    fn file(&self) -> FileId {
        self.document.file
    }

    /// The namespace of a namespaced object.
    pub(in crate::verify) fn own_namespace(&self) -> &'n str {
        if self.namespace.is_empty() { "default" } else { self.namespace }
    }
}

/// An object, read for its `spec`; what every object has besides is known, and any other field is not.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object", bound(deserialize = "Spec: Deserialize<'de>"))]
pub(super) struct Envelope<Spec> {
    pub(super) spec: Option<Spec>,
    #[serde(rename = "apiVersion")]
    _api_version: IgnoredAny,
    #[serde(rename = "kind")]
    _kind: IgnoredAny,
    #[serde(rename = "metadata")]
    _metadata: Option<IgnoredAny>,
    /// Of NetworkPolicies old servers had one, which was taken away again.
    #[serde(rename = "status")]
    _status: Option<IgnoredAny>,
}

/// Every object of all files, in their order.
pub(super) fn heads<'n>(files: &'n [(&'n str, Vec<Document<'n>>)], reader: &mut Reader<'n>) -> Vec<Head<'n>> {
    let mut found = Vec::new();
    for (text, documents) in files {
        for document in documents {
            let nothing = Inherited { api_version: "", kind: "" };
            add((text, document.place), &document.root, nothing, reader, &mut found);
        }
    }
    found
}

/// What the items of a list such as `PodList` may leave out.
#[derive(Clone, Copy)]
struct Inherited<'n> {
    api_version: &'n str,
    kind: &'n str,
}

fn add<'n>(
    (text, document): (&'n str, Span),
    node: &'n Node<'n>,
    inherited: Inherited<'n>,
    reader: &mut Reader<'n>,
    found: &mut Vec<Head<'n>>,
) {
    let word = |key, inherited: &'n str| node.get(key).and_then(Node::text).filter(|it| !it.is_empty()).unwrap_or(inherited);
    let kind = word("kind", inherited.kind);
    let api_version = word("apiVersion", inherited.api_version);
    let items = if kind.ends_with("List") { node.get("items").and_then(Node::items) } else { None };
    if let Some(items) = items {
        let of_items = Inherited { api_version, kind: kind.strip_suffix("List").unwrap_or_default() };
        return items.iter().for_each(|item| add((text, document), item, of_items, reader, found));
    }
    let of_metadata = |key| node.get("metadata").and_then(|metadata| metadata.get(key));
    let text_of = |key| of_metadata(key).and_then(Node::text).unwrap_or_default();
    let head = Head { text, document, node, api_version, kind, namespace: text_of("namespace"), name: text_of("name") };
    if kind.is_empty() {
        return;
    }
    for key in ["name", "namespace"] {
        if of_metadata(key).is_some_and(|value| !matches!(value.content, Content::Text(_) | Content::Null)) {
            reader
                .invalid(&head, &Fault { path: format!("metadata.{key}"), text: "a name is a string: put it in double quotes".to_owned() });
            return;
        }
    }
    found.push(head);
}
