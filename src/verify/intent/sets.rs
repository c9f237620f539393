//! The sets of addresses that have a name in the language, and the cluster's own addresses
//! (docs/src/reference/built-in-sets.md, clusters.md).

use crate::ir::{Address, Cluster, cluster::Range};
use crate::semantics::addresses::AddressSet;

/// How a word is read: an `allow` opens the least it can mean, a `deny` and every `except`
/// take out the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::verify) enum Reading {
    Narrow,
    Wide,
}

/// What IPv4's internet leaves out: this network, private, shared, loopback, link-local,
/// multicast and reserved addresses.
const NOT_INTERNET_V4: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "224.0.0.0/4",
    "240.0.0.0/4",
];

/// IPv6's internet: global unicast.
const INTERNET_V6: &[&str] = &["2000::/3"];

/// What it leaves out: Teredo and 6to4.
const NOT_INTERNET_V6: &[&str] = &["2001::/32", "2002::/16"];

/// Where clouds answer with a machine's credentials.
const METADATA: &[&str] = &["169.254.169.254", "100.100.100.200", "fd00:ec2::254", "fd20:ce::254", "fd00:c1::a9fe:a9fe"];

/// The addresses that words mean in one cluster.
#[derive(Debug)]
pub(super) struct Sets {
    internet: AddressSet,
    metadata: AddressSet,
    /// The pods' and Services'.
    own: AddressSet,
    /// The families of the pods' range; both where it is not stated.
    families: AddressSet,
}

impl Sets {
    pub(super) fn new(cluster: &Cluster) -> Self {
        let v4 = AddressSet::all_v4().difference(&AddressSet::parse_all(NOT_INTERNET_V4));
        let v6 = AddressSet::parse_all(INTERNET_V6).difference(&AddressSet::parse_all(NOT_INTERNET_V6));
        let own = cluster.pods.addresses().union(&cluster.services.addresses());
        Sets { internet: v4.union(&v6).difference(&own), metadata: AddressSet::parse_all(METADATA), own, families: families(&cluster.pods) }
    }

    /// The addresses of a peer.
    pub(super) fn of(&self, address: &Address, reading: Reading) -> AddressSet {
        match (address, reading) {
            (Address::Literal(set) | Address::Listed(_, set), Reading::Wide) => set.clone(),
            (Address::Literal(set) | Address::Listed(_, set), Reading::Narrow) => set.difference(&self.own),
            (Address::Internet, Reading::Wide) => self.internet.clone(),
            (Address::Internet, Reading::Narrow) => self.internet.intersection(&self.families),
            (Address::Metadata, Reading::Wide) => self.metadata.clone(),
            (Address::Metadata, Reading::Narrow) => self.metadata.intersection(&self.families).difference(&self.own),
        }
    }
}

fn families(pods: &Range) -> AddressSet {
    let stated = pods.addresses();
    let (v4, v6) = (AddressSet::all_v4(), AddressSet::all_v6());
    match (stated.is_disjoint(&v4), stated.is_disjoint(&v6)) {
        (true, true) => AddressSet::all(),
        (false, true) => v4,
        (true, false) => v6,
        (false, false) => AddressSet::all(),
    }
}
