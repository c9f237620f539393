//! Ports as manifests write them. What is wrong is said in words of the manifest.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// A port number, 1 to 65535.
#[derive(Clone, Copy)]
pub(crate) struct Number(pub(crate) u16);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a port number from 1 to 65535")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Number, E> {
        let port = u16::try_from(number).ok().filter(|port| *port > 0);
        port.map(Number).ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }
}

/// A port by number or by name; the API server takes 0 and "" for the Service's own number.
pub(crate) enum Target {
    Own,
    Number(u16),
    Name(String),
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TargetVisitor)
    }
}

struct TargetVisitor;

impl Visitor<'_> for TargetVisitor {
    type Value = Target;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a port number from 1 to 65535 or a port name")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Target, E> {
        if number == 0 {
            return Ok(Target::Own);
        }
        NumberVisitor.visit_u64(number).map(|Number(number)| Target::Number(number))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Target, E> {
        Ok(if name.is_empty() { Target::Own } else { Target::Name(name.to_owned()) })
    }
}
