//! All of YAML, by serde-saphyr.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::{Content, Document, Node};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

pub(super) fn documents(file: FileId, text: &str) -> Result<Vec<Document<'_>>, Box<Diagnostic>> {
    let options = serde_saphyr::options! {
        // A dump of a cluster is large; nesting and aliases stay bounded.
        budget: serde_saphyr::budget! {
            max_events: usize::MAX,
            max_nodes: usize::MAX,
            max_documents: usize::MAX,
            max_total_scalar_bytes: usize::MAX,
            max_total_comment_bytes: usize::MAX,
        },
        with_snippet: false,
        emit_comments: false,
    };
    match serde_saphyr::from_multiple_with_options::<Spanned<Node<'static>>>(text, options) {
        Ok(documents) => Ok(documents.into_iter().map(|it| Document { place: place(file, text, it.referenced), root: it.value }).collect()),
        Err(error) => Err(Box::new(unreadable(file, text, &error))),
    }
}

fn unreadable(file: FileId, text: &str, error: &serde_saphyr::Error) -> Diagnostic {
    let span = error.location().map_or(Span { file, start: 0, end: 0 }, |location| place(file, text, location));
    let help = if text.contains("{{") {
        "this looks like a template of Helm: give what `helm template` makes of it"
    } else {
        "correct the file, or do not give it with `--manifests`"
    };
    Diagnostic::new(Code::ManifestUnreadable, span, "this manifest is not valid YAML").label(reason(error)).help(help)
}

/// What the parser says, without the place it repeats.
fn reason(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let text = text.lines().next().unwrap_or_default();
    let end = [" at line ", " (line ", ", set "].iter().filter_map(|rest| text.find(rest)).min().unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim_start_matches("error: ").to_owned()
}

/// The character at a place of the text, or nothing at its end.
fn place(file: FileId, text: &str, location: serde_saphyr::Location) -> Span {
    let offset =
        location.span().byte_offset().and_then(|offset| usize::try_from(offset).ok()).unwrap_or_else(|| line_start(text, location.line()));
    super::place(file, text, u32::try_from(offset).ok())
}

/// Where a line, counted from 1, begins.
fn line_start(text: &str, line: impl TryInto<usize>) -> usize {
    let before = line.try_into().unwrap_or(1).saturating_sub(1);
    text.split_inclusive('\n').take(before).map(str::len).sum()
}

impl<'de> Deserialize<'de> for Node<'static> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor).map(|content| Node { content, at: None })
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Content<'static>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Content::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Content::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Content::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        #[allow(clippy::cast_precision_loss, reason = "as JSON's readers have it; no field has such a number")]
        Ok(i64::try_from(value).map_or(Content::Float(value as f64), Content::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Content::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Self::Value, E> {
        Ok(Content::Text(Cow::Owned(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<Node<'static>>()? {
            list.push(item);
        }
        Ok(Content::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = Vec::new();
        while let Some((key, value)) = entries.next_entry::<String, Node<'static>>()? {
            map.push((Cow::Owned(key), value));
        }
        Ok(Content::Map(map))
    }
}
