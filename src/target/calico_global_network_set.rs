//! projectcalico.org/v3 GlobalNetworkSet: addresses that rules refer to by name.

use smol_str::format_smolstr;

use super::annotate;
use super::calico_selector::SET_LABEL;
use super::calico_set::{Set, Sets};
use super::{Emitted, Piece};
use crate::ir::Policy;
use crate::manifest::calico::GlobalNetworkSet;
use crate::manifest::{Object, Texts};
use crate::semantics::addresses::AddressSet;

/// The network sets of one cluster. Their only label is the one polc selects them by: any other
/// could put them into somebody else's rule.
pub(crate) fn emit(policy: &Policy, sets: &Sets) -> Vec<Emitted> {
    let marks = annotate::marks(&[]);
    sets.iter().map(|(addresses, set)| network_set(policy, addresses, set, &marks)).collect()
}

fn network_set(policy: &Policy, addresses: &AddressSet, set: &Set, marks: &Texts) -> Emitted {
    let mut metadata = annotate::unlabeled(policy, format_smolstr!("polc-{}", set.label), &set.sentences, marks);
    metadata.labels = [(SET_LABEL, set.label.as_str())].into_iter().collect();
    let object = GlobalNetworkSet { metadata, networks: addresses.networks() };
    Emitted { object: Object::GlobalNetworkSet(object), origins: vec![(Piece::Whole, set.sentences.iter().copied().collect())] }
}
