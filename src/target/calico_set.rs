//! Which addresses stand in network sets of their own, and what those are called.
//!
//! A declared list is one set, so that reviewers see its name and a change of the list
//! changes one object; a long list is one because a rule holds at most 256 networks.

use std::collections::{BTreeMap, BTreeSet};

use super::name;
use super::split::split;
use crate::ir::Policy;
use crate::ir::SentenceId;
use crate::plan::{Peer, Plan};
use crate::semantics::addresses::AddressSet;
use crate::semantics::pods::PodBox;

/// The most networks that one end of a rule may list (Calico 3.33).
pub(crate) const MOST_NETWORKS: usize = 256;

/// The longest value of a label.
const LONGEST_VALUE: usize = 63;

/// The other ends of a rule, by what they are.
#[derive(Debug, Default)]
pub(crate) struct Ends<'a> {
    /// Pods.
    pub(crate) pods: Vec<&'a PodBox>,
    /// Addresses written out.
    pub(crate) literal: AddressSet,
    /// Addresses of declared lists, by the list's name.
    pub(crate) listed: BTreeMap<&'a str, AddressSet>,
    /// Every address and every pod.
    pub(crate) anyone: bool,
}

impl<'a> Ends<'a> {
    /// Sorts peers by what they are; members of one list come together.
    pub(crate) fn of(peers: &'a [Peer]) -> Self {
        let mut ends = Ends::default();
        for peer in peers {
            match peer {
                Peer::Pods(pods) => ends.pods.push(pods),
                Peer::Addresses(set) => ends.literal = ends.literal.union(set),
                Peer::Listed(name, set) => {
                    let listed = ends.listed.entry(name).or_default();
                    *listed = listed.union(set);
                }
                Peer::Anyone => ends.anyone = true,
            }
        }
        ends
    }
}

/// The network sets of one cluster.
#[derive(Debug, Default)]
pub(crate) struct Sets(BTreeMap<Key, Set>);

/// The list that a set stands for (none for a long literal one), and what is in it: an
/// `except` somewhere makes another set of the same list.
type Key = (Option<String>, AddressSet);

/// A set, as it is selected, and who asks for it.
#[derive(Debug, Default)]
pub(crate) struct Set {
    /// The value of its label.
    pub(crate) label: String,
    /// The sentences.
    pub(crate) sentences: BTreeSet<SentenceId>,
}

impl Sets {
    /// The sets that Calico's policies of a plan refer to.
    pub(crate) fn of(policy: &Policy, plan: &Plan<'_>) -> Self {
        let mut sets = Sets::default();
        for rule in plan.rules.iter().filter_map(|rule| split(policy, rule).1) {
            sets.add(&rule.peers, &rule.sentences);
        }
        for deny in &plan.denies {
            sets.add(&deny.sources, &[deny.sentence]);
            sets.add(&deny.destinations, &[deny.sentence]);
        }
        sets.name();
        sets
    }

    fn add(&mut self, peers: &[Peer], sentences: &[SentenceId]) {
        let ends = Ends::of(peers);
        let listed = ends.listed.into_iter().map(|(list, set)| (Some(list.to_owned()), set));
        let literal = is_long(&ends.literal).then_some((None, ends.literal));
        for key in listed.chain(literal) {
            self.0.entry(key).or_default().sentences.extend(sentences);
        }
    }

    /// A list's own name where it is one set everywhere; a hash besides where it is several.
    fn name(&mut self) {
        let mut sets_of: BTreeMap<Option<String>, usize> = BTreeMap::new();
        for (list, _) in self.0.keys() {
            *sets_of.entry(list.clone()).or_default() += 1;
        }
        for ((list, addresses), set) in &mut self.0 {
            set.label = match list {
                Some(name) if sets_of.get(list) == Some(&1) => name::label(name, LONGEST_VALUE).into_owned(),
                Some(name) => name::label(&format!("{name}-{}", hash(addresses)), LONGEST_VALUE).into_owned(),
                None => format!("addresses-{}", hash(addresses)),
            };
        }
    }

    /// The label value of the set that holds these addresses; none where they are written out.
    pub(crate) fn label(&self, list: Option<&str>, addresses: &AddressSet) -> Option<&str> {
        self.0.get(&(list.map(str::to_owned), addresses.clone())).map(|set| set.label.as_str())
    }

    /// Every set with its addresses.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&AddressSet, &Set)> {
        self.0.iter().map(|((_, addresses), set)| (addresses, set))
    }
}

/// Whether a rule could not list them.
fn is_long(set: &AddressSet) -> bool {
    let (v4, v6): (Vec<_>, Vec<_>) = set.networks().into_iter().partition(|network| network.addr().is_ipv4());
    v4.len() > MOST_NETWORKS || v6.len() > MOST_NETWORKS
}

fn hash(set: &AddressSet) -> String {
    name::hash(&set.networks().iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
}
