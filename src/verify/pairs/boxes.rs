//! The peers of all rules, each box once, and the ends that are in them.

use std::collections::BTreeMap;

use crate::semantics::ends::EndBox;
use crate::semantics::labels::Word;
use crate::verify::concrete::{Concrete, Truth};
use crate::verify::index::{Index, names};

/// A box, by its place.
pub(super) type BoxId = u32;

/// A box that an end is in, and whether that is so whatever its address.
pub(super) type Member = (BoxId, bool);

/// With more groups a box is not narrow: rules about it are about many.
const NARROW: usize = if cfg!(test) { 4 } else { 32 };

/// Every box, found by what an end must have to be in it.
pub(super) struct Boxes<'a> {
    ids: BTreeMap<&'a EndBox, BoxId>,
    all: Vec<&'a EndBox>,
    /// Pods of namespaces by name.
    by_namespace: BTreeMap<&'a Word, Vec<BoxId>>,
    /// Pods of other namespaces, by one label they must have.
    by_label: BTreeMap<(&'a str, &'a str), Vec<BoxId>>,
    /// What is left.
    other: Vec<BoxId>,
    /// The groups in each box.
    groups: Vec<Vec<u32>>,
}

impl<'a> Boxes<'a> {
    pub(super) fn new(stacks: [&Index<'a>; 2]) -> Self {
        let (by_namespace, by_label) = (BTreeMap::new(), BTreeMap::new());
        let mut boxes = Boxes { ids: BTreeMap::new(), all: Vec::new(), by_namespace, by_label, other: Vec::new(), groups: Vec::new() };
        let policies = stacks.into_iter().flat_map(|index| &index.stack.tiers).flat_map(|tier| &tier.policies);
        for end in policies.flat_map(|policy| &policy.rules).flat_map(|rule| &rule.peers) {
            let next = BoxId::try_from(boxes.all.len()).unwrap_or(BoxId::MAX);
            if *boxes.ids.entry(end).or_insert(next) == next {
                boxes.all.push(end);
                boxes.find_by(next, end);
            }
        }
        boxes
    }

    fn find_by(&mut self, id: BoxId, end: &'a EndBox) {
        if let Some(names) = names(end) {
            names.iter().for_each(|name| self.by_namespace.entry(name).or_default().push(id));
            return;
        }
        let label = match end {
            EndBox::Pods { pods, .. } => pods.pod.singles().next(),
            EndBox::Outside(_) => None,
        };
        match label {
            Some(label) => self.by_label.entry((label.0.as_str(), label.1.as_str())).or_default().push(id),
            None => self.other.push(id),
        }
    }

    pub(super) fn id(&self, end: &EndBox) -> Option<BoxId> {
        self.ids.get(end).copied()
    }

    /// The boxes that an end is in, sorted.
    pub(super) fn holding(&self, end: &Concrete) -> Vec<Member> {
        let mut found: Vec<&BoxId> = self.other.iter().collect();
        if let Concrete::Pod(pod) = end {
            found.extend(self.by_namespace.get(&pod.namespace).into_iter().flatten());
            for (key, value) in &pod.labels {
                found.extend(self.by_label.get(&(key.as_str(), value.as_str())).into_iter().flatten());
            }
        }
        let member = |id: &BoxId| match end.is_in(self.all.get(*id as usize)?) {
            Truth::No => None,
            truth => Some((*id, truth == Truth::Yes)),
        };
        let mut all: Vec<Member> = found.into_iter().filter_map(member).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Learns which groups are in each box.
    pub(super) fn enter<'m>(&mut self, members: impl Iterator<Item = &'m [Member]>) {
        self.groups = vec![Vec::new(); self.all.len()];
        for (number, member) in (0..).zip(members) {
            for (id, _) in member {
                if let Some(groups) = self.groups.get_mut(*id as usize) {
                    groups.push(number);
                }
            }
        }
    }

    /// The groups in a box, sorted.
    pub(super) fn groups(&self, id: BoxId) -> &[u32] {
        self.groups.get(id as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether few groups are in a box.
    pub(super) fn is_narrow(&self, id: BoxId) -> bool {
        self.groups(id).len() <= NARROW
    }
}
