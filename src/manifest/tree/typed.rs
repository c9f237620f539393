//! Values read into types as the API server reads them: `null` is as good as absent, a list or an
//! object of `null` is empty. Fields that the type does not have are remembered.

use std::fmt::{self, Write as _};

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::{Content, Node};

/// What a value is not.
#[derive(Debug)]
pub(crate) struct Fault {
    /// Where in the object, as `spec.ingress[0].from`; empty for the whole.
    pub(crate) path: String,
    /// What is wrong there.
    pub(crate) text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { out.write_str(&self.text) } else { write!(out, "{}: {}", self.path, self.text) }
    }
}

/// A field that the type does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unknown {
    /// Where in the object, as `spec.ingress[0].source.http`.
    pub(crate) path: String,
}

/// Reads a value into a type. `from` is the path of the value in its object.
///
/// # Errors
///
/// A value that is none of the type.
pub(crate) fn typed<'n, T: Deserialize<'n>>(node: &'n Node<'_>, from: &'n str) -> Result<(T, Vec<Unknown>), Fault> {
    let mut walk = Walk { path: if from.is_empty() { Vec::new() } else { vec![Step::Field(from)] }, unknown: Vec::new() };
    match T::deserialize(Typed { node, walk: &mut walk }) {
        Ok(value) => Ok((value, walk.unknown)),
        // Where a text lies in memory is nothing to say of a manifest.
        Err(Message(text)) => Err(Fault { path: walk.shown(), text: text.replace("a borrowed string", "a string") }),
    }
}

/// Where the reading is. After an error it stays where that came up.
struct Walk<'n> {
    path: Vec<Step<'n>>,
    unknown: Vec<Unknown>,
}

enum Step<'n> {
    Field(&'n str),
    Item(usize),
}

impl Walk<'_> {
    fn shown(&self) -> String {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Field(name) if path.is_empty() => path.push_str(name),
                Step::Field(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                Step::Item(index) => {
                    // Writing to a text does not fail.
                    let _ = write!(path, "[{index}]");
                }
            }
        }
        path
    }
}

#[derive(Debug)]
struct Message(String);

impl fmt::Display for Message {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Message {}

impl Error for Message {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Message(text.to_string())
    }
}

struct Typed<'n, 't, 'w> {
    node: &'n Node<'t>,
    walk: &'w mut Walk<'n>,
}

impl<'n, 't> Typed<'n, 't, '_> {
    fn map<V: Visitor<'n>>(self, fields: Option<&'static [&'static str]>, visitor: V) -> Result<V::Value, Message> {
        match &self.node.content {
            Content::Map(entries) => visitor.visit_map(Entries { rest: entries.iter(), value: None, fields, walk: self.walk }),
            Content::Null => visitor.visit_map(Entries { rest: [].iter(), value: None, fields, walk: self.walk }),
            _ => Err(Message::invalid_type(self.node.unexpected(), &visitor)),
        }
    }
}

impl Node<'_> {
    fn unexpected(&self) -> Unexpected<'_> {
        match &self.content {
            Content::Null => Unexpected::Unit,
            Content::Bool(value) => Unexpected::Bool(*value),
            Content::Integer(value) => Unexpected::Signed(*value),
            Content::Float(value) => Unexpected::Float(*value),
            Content::Text(text) => Unexpected::Str(text),
            Content::List(_) => Unexpected::Seq,
            Content::Map(_) => Unexpected::Map,
        }
    }
}

impl<'de> Deserializer<'de> for Typed<'de, '_, '_> {
    type Error = Message;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Message> {
        match &self.node.content {
            Content::Null => visitor.visit_unit(),
            Content::Bool(value) => visitor.visit_bool(*value),
            Content::Integer(value) => match u64::try_from(*value) {
                Ok(value) => visitor.visit_u64(value),
                Err(_) => visitor.visit_i64(*value),
            },
            Content::Float(value) => visitor.visit_f64(*value),
            Content::Text(text) => visitor.visit_borrowed_str(text),
            Content::List(items) => visitor.visit_seq(Items { rest: items.iter().enumerate(), walk: self.walk }),
            Content::Map(_) => self.map(None, visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Message> {
        if self.node.content == Content::Null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Message> {
        if self.node.content == Content::Null { visitor.visit_borrowed_str("") } else { self.deserialize_any(visitor) }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Message> {
        self.deserialize_str(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Message> {
        match self.node.content {
            Content::Null => visitor.visit_seq(Items { rest: [].iter().enumerate(), walk: self.walk }),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Message> {
        self.map(None, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Message> {
        self.map(Some(fields), visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Message> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Message> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        tuple tuple_struct enum identifier
    }
}

struct Items<'n, 't, 'w> {
    rest: std::iter::Enumerate<std::slice::Iter<'n, Node<'t>>>,
    walk: &'w mut Walk<'n>,
}

impl<'n> SeqAccess<'n> for Items<'n, '_, '_> {
    type Error = Message;

    fn next_element_seed<T: DeserializeSeed<'n>>(&mut self, seed: T) -> Result<Option<T::Value>, Message> {
        let Some((index, node)) = self.rest.next() else { return Ok(None) };
        self.walk.path.push(Step::Item(index));
        let item = seed.deserialize(Typed { node, walk: self.walk })?;
        self.walk.path.pop();
        Ok(Some(item))
    }
}

struct Entries<'n, 't, 'w> {
    rest: std::slice::Iter<'n, (std::borrow::Cow<'t, str>, Node<'t>)>,
    value: Option<&'n Node<'t>>,
    /// The fields of the type; none for a map, which may have any.
    fields: Option<&'static [&'static str]>,
    walk: &'w mut Walk<'n>,
}

impl<'n> MapAccess<'n> for Entries<'n, '_, '_> {
    type Error = Message;

    fn next_key_seed<K: DeserializeSeed<'n>>(&mut self, seed: K) -> Result<Option<K::Value>, Message> {
        loop {
            let Some((key, value)) = self.rest.next() else { return Ok(None) };
            self.walk.path.push(Step::Field(key));
            if self.fields.is_some_and(|fields| !fields.contains(&&**key)) {
                let path = self.walk.shown();
                self.walk.unknown.push(Unknown { path });
                self.walk.path.pop();
                continue;
            }
            self.value = Some(value);
            return seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some);
        }
    }

    fn next_value_seed<T: DeserializeSeed<'n>>(&mut self, seed: T) -> Result<T::Value, Message> {
        let Some(node) = self.value.take() else { return Err(Message::custom("a value without its key")) };
        let value = seed.deserialize(Typed { node, walk: self.walk })?;
        self.walk.path.pop();
        Ok(value)
    }
}
