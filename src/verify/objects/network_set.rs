//! GlobalNetworkSets, which are selected by their labels (network-targets.md §2.8).

use std::collections::BTreeMap;

use crate::manifest::Object;
use crate::semantics::addresses::AddressSet;
use crate::semantics::labels::Labels;

/// Each set's labels and addresses.
pub(super) struct Sets(Vec<(BTreeMap<String, String>, AddressSet)>);

impl Sets {
    pub(super) fn of<'a>(objects: impl Iterator<Item = &'a Object>) -> Self {
        let sets = objects.filter_map(|object| match object {
            Object::GlobalNetworkSet(set) => {
                let labels = set.metadata.labels.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
                let addresses = set.networks.iter().fold(AddressSet::none(), |all, net| all.union(&AddressSet::network(*net)));
                Some((labels, addresses))
            }
            _ => None,
        });
        Sets(sets.collect())
    }

    /// The members of all sets that have such labels.
    pub(super) fn members(&self, alternatives: &[Labels]) -> AddressSet {
        let chosen = self.0.iter().filter(|(labels, _)| alternatives.iter().any(|alternative| alternative.admits(labels)));
        chosen.fold(AddressSet::none(), |all, (_, members)| all.union(members))
    }
}
