//! YAML documents as values with their places, texts borrowed from the file.
//!
//! A dump of a cluster has tens of megabytes. The plain part of YAML, which is all that dumps and
//! most files use, is read from the parser's events ([`plain`]); a file with anything else, or with
//! an error, is read by serde-saphyr ([`whole`]), which also has the words for what is wrong.

mod plain;
#[cfg(test)]
mod tests;
mod typed;
mod whole;

use std::borrow::Cow;

pub(crate) use typed::{Fault, typed};

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// A value, and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node<'t> {
    /// The value.
    pub(crate) content: Content<'t>,
    /// Bytes before it in its file; none where only its document is known.
    pub(crate) at: Option<u32>,
}

/// What YAML can say, as JSON has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content<'t> {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(Cow<'t, str>),
    List(Vec<Node<'t>>),
    /// In the order written; no key is there twice.
    Map(Vec<(Cow<'t, str>, Node<'t>)>),
}

/// One document of a file.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    /// Where it begins.
    pub(crate) place: Span,
    /// What it says.
    pub(crate) root: Node<'t>,
}

/// The documents of a file. Empty ones are left out.
///
/// # Errors
///
/// What is not YAML, or more than is read: with its place.
pub(crate) fn documents(file: FileId, text: &str) -> Result<Vec<Document<'_>>, Box<Diagnostic>> {
    let Some(roots) = plain::documents(text) else { return whole::documents(file, text) };
    let said = roots.into_iter().filter(|root| root.content != Content::Null);
    Ok(said.map(|root| Document { place: place(file, text, root.at), root }).collect())
}

/// The character at an offset, or nothing at the end of the text.
pub(crate) fn place(file: FileId, text: &str, at: Option<u32>) -> Span {
    let rest = text.get(at.unwrap_or_default() as usize..).unwrap_or_default();
    let start = text.len() - rest.len();
    let end = start + rest.chars().next().map_or(0, char::len_utf8);
    Span { file, start: u32::try_from(start).unwrap_or(u32::MAX), end: u32::try_from(end).unwrap_or(u32::MAX) }
}

impl<'t> Node<'t> {
    /// The value of a key; none where there is none, and where this is no map.
    pub(crate) fn get(&self, key: &str) -> Option<&Node<'t>> {
        match &self.content {
            Content::Map(entries) => entries.iter().find(|(own, _)| own == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text, where it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items, where it is a list.
    pub(crate) fn items(&self) -> Option<&[Node<'t>]> {
        match &self.content {
            Content::List(items) => Some(items),
            _ => None,
        }
    }

    /// Whether both have the same values, wherever they stand, and their keys in whatever order.
    pub(crate) fn says_the_same(&self, other: &Node<'_>) -> bool {
        match (&self.content, &other.content) {
            (Content::Null, Content::Null) => true,
            (Content::Bool(own), Content::Bool(other)) => own == other,
            (Content::Integer(own), Content::Integer(other)) => own == other,
            (Content::Float(own), Content::Float(other)) => own == other,
            (Content::Text(own), Content::Text(other)) => own == other,
            (Content::List(own), Content::List(other)) => {
                own.len() == other.len() && own.iter().zip(other).all(|(own, other)| own.says_the_same(other))
            }
            (Content::Map(own), Content::Map(entries)) => {
                own.len() == entries.len() && own.iter().all(|(key, own)| other.get(key).is_some_and(|other| own.says_the_same(other)))
            }
            _ => false,
        }
    }

    /// Where the value of a path such as `spec.ingress[0].from` begins, or the last one before it that is there.
    pub(crate) fn at_path(&self, path: &str) -> Option<u32> {
        let mut node = self;
        let mut at = self.at;
        for step in path.split(['.', '[']) {
            let next = match step.strip_suffix(']') {
                Some(index) => index.parse().ok().and_then(|index: usize| node.items()?.get(index)),
                None => node.get(step),
            };
            let Some(next) = next else { break };
            node = next;
            at = node.at.or(at);
        }
        at
    }
}
