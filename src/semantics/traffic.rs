//! Sets of connections as one side of a pod sees them: with whom, and on which ports.

use super::ends::EndBox;
use super::ports::PortSet;

/// The connections between the pod and some ends on some ports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    /// The other end.
    pub end: EndBox,
    /// The destination's ports.
    pub ports: PortSet,
}

/// A union of [`Part`]s, which may overlap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traffic(Vec<Part>);

impl Part {
    /// Whether no connection is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ports.is_empty() || self.end.is_empty()
    }

    /// Connections in both; none if there is none.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let ports = self.ports.intersection(&other.ports);
        if ports.is_empty() {
            return None;
        }
        Some(Part { end: self.end.intersection(&other.end)?, ports })
    }

    /// Whether no connection is in both.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.ports.is_disjoint(&other.ports) || self.end.is_disjoint(&other.end)
    }

    /// Whether every connection of this is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.is_empty() || (self.ports.is_subset(&other.ports) && self.end.is_subset(&other.end))
    }

    /// Connections in this and not in the other, as disjoint parts.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Vec<Self> {
        let both = self.ports.intersection(&other.ports);
        if both.is_empty() || self.end.is_disjoint(&other.end) {
            return if self.is_empty() { Vec::new() } else { vec![self.clone()] };
        }
        let rest = self.ports.difference(&other.ports);
        let elsewhere = self.end.difference(&other.end).into_iter().map(|end| Part { end, ports: both.clone() });
        let on_others = (!rest.is_empty()).then(|| Part { end: self.end.clone(), ports: rest });
        elsewhere.chain(on_others).collect()
    }
}

impl Traffic {
    /// No connection.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Every connection.
    #[must_use]
    pub fn all() -> Self {
        Traffic(EndBox::everyone().map(|end| Part { end, ports: PortSet::all() }).into())
    }

    /// Whether no connection is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is every connection, as [`Traffic::all`] has it.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.0.iter().map(|part| &part.end).eq(&EndBox::everyone()) && self.0.iter().all(|part| part.ports.is_all())
    }

    /// Its parts.
    pub fn iter(&self) -> std::slice::Iter<'_, Part> {
        self.0.iter()
    }

    /// Adds a part, unless one part holds it already.
    pub fn add(&mut self, part: Part) {
        if !part.is_empty() && !self.0.iter().any(|own| part.is_subset(own)) {
            self.0.push(part);
        }
    }

    /// Connections in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.0.iter().flat_map(|own| other.0.iter().filter_map(|part| own.intersection(part))).collect()
    }

    /// Connections in this and not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let rest = |rest: Vec<Part>, other: &Part| rest.iter().flat_map(|part| part.difference(other)).collect();
        Traffic(other.0.iter().fold(self.0.clone(), rest))
    }
}

impl FromIterator<Part> for Traffic {
    fn from_iter<I: IntoIterator<Item = Part>>(parts: I) -> Self {
        let mut all = Self::none();
        parts.into_iter().for_each(|part| all.add(part));
        all
    }
}
