//! The plain part of YAML: no anchors, no tags, no merging, keys that are texts. Whatever is not
//! plain, or not right, has no value here; [`super::whole`] reads it then.

use std::borrow::Cow;
use std::collections::BTreeSet;

use granit_parser::{Event, Options, Parser, ScalarStyle};

use super::{Content, Node};

/// How deep values may stand in one another.
const DEEPEST: usize = 128;

/// How many keys are compared pair by pair.
const FEW: usize = 24;

/// The roots of all documents.
pub(super) fn documents(text: &str) -> Option<Vec<Node<'_>>> {
    if text.starts_with('\u{feff}') {
        return None;
    }
    let mut options = Options::default();
    options.set_emit_comments(false);
    let mut loader = Loader::default();
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.ok()?;
        let at = span.start.byte_offset().and_then(|at| u32::try_from(at).ok());
        loader.take(event, at)?;
    }
    loader.open.is_empty().then_some(loader.roots)
}

/// A list or map whose end has not come.
struct Open<'t> {
    at: Option<u32>,
    items: Items<'t>,
}

enum Items<'t> {
    List(Vec<Node<'t>>),
    Map(Vec<(Cow<'t, str>, Node<'t>)>, Option<Cow<'t, str>>),
}

#[derive(Default)]
struct Loader<'t> {
    open: Vec<Open<'t>>,
    roots: Vec<Node<'t>>,
}

impl<'t> Loader<'t> {
    fn take(&mut self, event: Event<'t>, at: Option<u32>) -> Option<()> {
        match event {
            Event::StreamStart | Event::StreamEnd | Event::DocumentStart(..) | Event::DocumentEnd => Some(()),
            Event::Scalar(text, style, 0, None) => self.scalar(text, style, at),
            Event::SequenceStart(_, 0, None) => self.begin(Open { at, items: Items::List(Vec::new()) }),
            Event::MappingStart(_, 0, None) => self.begin(Open { at, items: Items::Map(Vec::new(), None) }),
            Event::SequenceEnd | Event::MappingEnd => {
                let Open { at, items } = self.open.pop()?;
                let content = match items {
                    Items::List(items) => Content::List(items),
                    Items::Map(entries, None) if are_distinct(&entries) => Content::Map(entries),
                    Items::Map(..) => return None,
                };
                self.add(Node { content, at })
            }
            _ => None,
        }
    }

    fn begin(&mut self, open: Open<'t>) -> Option<()> {
        // A list or map as a key is not plain.
        if self.wants_key() || self.open.len() >= DEEPEST {
            return None;
        }
        self.open.push(open);
        Some(())
    }

    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { items: Items::Map(_, None), .. }))
    }

    fn scalar(&mut self, text: Cow<'t, str>, style: ScalarStyle, at: Option<u32>) -> Option<()> {
        let content = if style == ScalarStyle::Plain { unquoted(text)? } else { Content::Text(text) };
        if let Some(Open { items: Items::Map(_, key @ None), .. }) = self.open.last_mut() {
            let Content::Text(text) = content else { return None };
            *key = Some(text);
            return key.as_deref().filter(|key| *key != "<<").map(|_| ());
        }
        self.add(Node { content, at })
    }

    fn add(&mut self, node: Node<'t>) -> Option<()> {
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.roots.push(node),
            Some(Items::List(items)) => items.push(node),
            Some(Items::Map(entries, key)) => entries.push((key.take()?, node)),
        }
        Some(())
    }
}

fn are_distinct(entries: &[(Cow<'_, str>, Node<'_>)]) -> bool {
    if entries.len() > FEW {
        let keys: BTreeSet<&str> = entries.iter().map(|(key, _)| &**key).collect();
        return keys.len() == entries.len();
    }
    let keys = || entries.iter().map(|(key, _)| key);
    keys().enumerate().all(|(at, key)| !keys().take(at).any(|before| before == key))
}

/// Words that may be something else than text, in any case of their letters.
const WORDS: [&str; 13] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity", "nil"];

/// What a scalar without quotes says.
fn unquoted(text: Cow<'_, str>) -> Option<Content<'_>> {
    match &*text {
        "" | "~" | "null" => return Some(Content::Null),
        "true" => return Some(Content::Bool(true)),
        "false" => return Some(Content::Bool(false)),
        _ => {}
    }
    let bytes = text.as_bytes();
    let is_number = bytes.len() < 18 && bytes.iter().all(u8::is_ascii_digit) && (bytes.len() == 1 || !text.starts_with('0'));
    if is_number {
        return text.parse().ok().map(Content::Integer);
    }
    let numeric = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.' | b'_');
    let may_be_number = bytes.first().is_some_and(|b| !b.is_ascii_alphabetic()) && bytes.iter().all(numeric);
    let may_be_word = || bytes.len() <= 8 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    if may_be_number || may_be_word() {
        return serde_saphyr::from_str::<Node<'static>>(&text).ok().map(|node| node.content);
    }
    Some(Content::Text(text))
}
