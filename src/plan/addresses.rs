//! The address sets that the language names, pinned by edition, and a cluster's own.

use ipnet::IpNet;

use crate::ir::Cluster;
use crate::ir::cluster::Range;
use crate::semantics::addresses::AddressSet;

/// What `internet` leaves out of IPv4: "this network", private, shared, loopback,
/// link-local, multicast and reserved space (the IANA special-purpose registries).
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

/// Global unicast IPv6.
const INTERNET_V6: &[&str] = &["2000::/3"];

/// What `internet` leaves out of it: Teredo, and 6to4.
const NOT_INTERNET_V6: &[&str] = &["2001::/32", "2002::/16"];

/// Where clouds answer for instance metadata and credentials: the address that AWS, Azure,
/// Google, IBM, Oracle and others share; Alibaba's; and the IPv6 ones of AWS, Google and Oracle.
const METADATA: &[&str] = &["169.254.169.254/32", "100.100.100.200/32", "fd00:ec2::254/128", "fd20:ce::254/128", "fd00:c1::a9fe:a9fe/128"];

/// Space in which no pod has its address: "this network", loopback, link-local, multicast.
const NEVER_PODS: &[&str] = &["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "::/127", "fe80::/10", "ff00::/8"];

/// The addresses a cluster counts as its own.
#[derive(Debug, Clone)]
pub(super) struct Ranges {
    /// Its pods' addresses; none: not stated.
    pods: Option<AddressSet>,
    /// The pods' range is stated to be unknown: addresses are taken as the network plugin takes them.
    pub(super) unknown: bool,
    may_be_pods: AddressSet,
    /// Pods and Services, as far as stated.
    inside: AddressSet,
    internet: AddressSet,
    families: AddressSet,
}

impl Ranges {
    pub(super) fn of(cluster: &Cluster) -> Self {
        let pods = match &cluster.pods {
            Range::Stated(_) => Some(cluster.pods.addresses()),
            Range::Unstated | Range::Unknown => None,
        };
        let inside = cluster.pods.addresses().union(&cluster.services.addresses());
        let own = inside.union(&cluster.nodes.addresses());
        let never = AddressSet::parse_all(NEVER_PODS).union(&metadata());
        Ranges {
            may_be_pods: pods.clone().unwrap_or_else(|| private().difference(&never)),
            internet: internet().difference(&own),
            families: families(&cluster.pods),
            unknown: cluster.pods == Range::Unknown,
            pods,
            inside,
        }
    }

    /// Where a pod's address may lie: the stated range, or else nearly all that `internet` leaves out.
    pub(super) fn may_be_pods(&self) -> &AddressSet {
        &self.may_be_pods
    }

    /// The pods' range, where it is stated.
    pub(super) fn pods(&self) -> Option<&AddressSet> {
        self.pods.as_ref()
    }

    /// Pods' and Services' ranges, as far as stated.
    pub(super) fn inside(&self) -> &AddressSet {
        &self.inside
    }

    /// The families an allow writes: those of the pods' range; both where it is not stated.
    pub(super) fn families(&self) -> &AddressSet {
        &self.families
    }

    /// `internet`, less what the cluster states as its own.
    pub(super) fn internet(&self) -> &AddressSet {
        &self.internet
    }
}

fn families(pods: &Range) -> AddressSet {
    let Range::Stated(networks) = pods else {
        return AddressSet::all();
    };
    let v4 = networks.iter().any(|net| matches!(net, IpNet::V4(_)));
    let v6 = networks.iter().any(|net| matches!(net, IpNet::V6(_)));
    match (v4, v6) {
        (true, false) => AddressSet::all_v4(),
        (false, true) => AddressSet::all_v6(),
        _ => AddressSet::all(),
    }
}

fn internet() -> AddressSet {
    let v4 = AddressSet::all_v4().difference(&AddressSet::parse_all(NOT_INTERNET_V4));
    v4.union(&AddressSet::parse_all(INTERNET_V6).difference(&AddressSet::parse_all(NOT_INTERNET_V6)))
}

/// Private space: what `internet` leaves out.
pub(super) fn private() -> AddressSet {
    AddressSet::all().difference(&internet())
}

/// `metadata`.
pub(super) fn metadata() -> AddressSet {
    AddressSet::parse_all(METADATA)
}
