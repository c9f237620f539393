//! Defects as a target could have them, each at every place of some objects where it can be.

use super::{calico, network_policy};
use crate::manifest::Object;

/// A defect: every list of objects that has it in one place.
pub(super) struct Defect {
    pub(super) name: &'static str,
    at_every_place: fn(&[Object]) -> Vec<Vec<Object>>,
}

impl Defect {
    pub(super) const fn new(name: &'static str, at_every_place: fn(&[Object]) -> Vec<Vec<Object>>) -> Self {
        Defect { name, at_every_place }
    }

    /// What becomes of objects: one list for each place.
    pub(super) fn seeded(&self, objects: &[Object]) -> Vec<Vec<Object>> {
        (self.at_every_place)(objects)
    }
}

/// Every defect there is.
pub(super) fn all() -> impl Iterator<Item = &'static Defect> {
    WHOLE.iter().chain(network_policy::DEFECTS).chain(calico::DEFECTS)
}

const WHOLE: &[Defect] =
    &[Defect::new("object lost", without), Defect::new("object in another namespace", |objects| each(objects, elsewhere))];

/// An object of another one's namespace.
fn elsewhere(object: &Object) -> Vec<Object> {
    let mut object = object.clone();
    match &mut object {
        Object::NetworkPolicy(policy) => policy.metadata.namespace = Some("elsewhere".into()),
        Object::CalicoNetworkPolicy(policy) => policy.metadata.namespace = Some("elsewhere".into()),
        _ => return Vec::new(),
    }
    vec![object]
}

/// A list with one item replaced, in every way and place.
pub(super) fn each<T: Clone>(items: &[T], ways: impl Fn(&T) -> Vec<T>) -> Vec<Vec<T>> {
    let at = |place: usize, item: &T| {
        let with = |other: T| {
            let mut items = items.to_vec();
            items[place] = other;
            items
        };
        ways(item).into_iter().map(with).collect::<Vec<_>>()
    };
    items.iter().enumerate().flat_map(|(place, item)| at(place, item)).collect()
}

/// A list with one item fewer, in every place.
pub(super) fn without<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    let left = |place: usize| items.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, item)| item.clone()).collect();
    (0..items.len()).map(left).collect()
}
