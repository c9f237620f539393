//! Sets of IP addresses, both families.

use std::cmp::Ordering;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use ipnet::{IpNet, Ipv4Net, Ipv4Subnets, Ipv6Net, Ipv6Subnets};

use super::intervals::Intervals;

/// Which addresses. Copies share the set, and none and all take no memory: peers and their plans are
/// copied far more often than addresses are computed, and most of them are pods, of any address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct AddressSet(Held);

/// What a set holds, in the one form it has.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
enum Held {
    #[default]
    Nothing,
    Some(Arc<Families>),
    Everything,
}

/// The addresses of each family; never none of both, and never all.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Families {
    v4: Intervals<u32>,
    v6: Intervals<u128>,
}

static NOTHING: Families = Families { v4: Intervals::EMPTY, v6: Intervals::EMPTY };
static EVERYTHING: Families = Families { v4: Intervals::ALL, v6: Intervals::ALL };

impl Ord for AddressSet {
    /// By the intervals, IPv4 first; copies are told equal without a look at them.
    fn cmp(&self, other: &Self) -> Ordering {
        let (own, other) = (self.families(), other.families());
        if std::ptr::eq(own, other) { Ordering::Equal } else { own.v4.cmp(&other.v4).then_with(|| own.v6.cmp(&other.v6)) }
    }
}

impl PartialOrd for AddressSet {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl AddressSet {
    fn of(v4: Intervals<u32>, v6: Intervals<u128>) -> Self {
        let families = Families { v4, v6 };
        if families == NOTHING {
            Self::none()
        } else if families == EVERYTHING {
            Self::all()
        } else {
            Self(Held::Some(Arc::new(families)))
        }
    }

    fn families(&self) -> &Families {
        match &self.0 {
            Held::Nothing => &NOTHING,
            Held::Some(families) => families,
            Held::Everything => &EVERYTHING,
        }
    }

    fn v4(&self) -> &Intervals<u32> {
        &self.families().v4
    }

    fn v6(&self) -> &Intervals<u128> {
        &self.families().v6
    }

    /// No address.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Every address of both families.
    #[must_use]
    pub fn all() -> Self {
        Self(Held::Everything)
    }

    /// Every IPv4 address.
    #[must_use]
    pub fn all_v4() -> Self {
        Self::of(Intervals::all(), Intervals::empty())
    }

    /// Every IPv6 address.
    #[must_use]
    pub fn all_v6() -> Self {
        Self::of(Intervals::empty(), Intervals::all())
    }

    /// The addresses of one network; bits beyond the mask do not matter.
    #[must_use]
    pub fn network(network: IpNet) -> Self {
        match network {
            IpNet::V4(net) => Self::of(Intervals::range(net.network().to_bits(), net.broadcast().to_bits()), Intervals::empty()),
            IpNet::V6(net) => Self::of(Intervals::empty(), Intervals::range(net.network().to_bits(), net.broadcast().to_bits())),
        }
    }

    /// The addresses of several networks, written as CIDRs or single addresses; what cannot be read is left out.
    /// Meant for the tables of the language itself.
    #[must_use]
    pub fn parse_all(networks: &[&str]) -> Self {
        networks.iter().filter_map(|text| parse_network(text)).fold(Self::none(), |all, net| all.union(&Self::network(net)))
    }

    /// Whether no address is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0 == Held::Nothing
    }

    /// Addresses in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (_, Held::Nothing) | (Held::Everything, _) => self.clone(),
            (Held::Nothing, _) | (_, Held::Everything) => other.clone(),
            _ => Self::of(self.v4().union(other.v4()), self.v6().union(other.v6())),
        }
    }

    /// Addresses in any; of halves, so that long lists stay cheap.
    #[must_use]
    pub fn union_all(mut sets: Vec<Self>) -> Self {
        while sets.len() > 1 {
            let pairs = sets.chunks(2).map(|pair| pair.iter().fold(Self::none(), |all, one| all.union(one)));
            sets = pairs.collect();
        }
        sets.pop().unwrap_or_default()
    }

    /// Addresses in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (_, Held::Everything) | (Held::Nothing, _) => self.clone(),
            (Held::Everything, _) | (_, Held::Nothing) => other.clone(),
            _ => Self::of(self.v4().intersection(other.v4()), self.v6().intersection(other.v6())),
        }
    }

    /// Addresses in this one and not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Held::Nothing, _) | (_, Held::Nothing) => self.clone(),
            (_, Held::Everything) => Self::none(),
            _ => Self::of(self.v4().difference(other.v4()), self.v6().difference(other.v6())),
        }
    }

    /// Whether every address of this one is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.difference(other).is_empty()
    }

    /// Whether no address is in both.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.intersection(other).is_empty()
    }

    /// Its lowest address, of IPv4 if there is one.
    #[must_use]
    pub fn first(&self) -> Option<IpAddr> {
        let v4 = self.v4().iter().next().map(|(low, _)| IpAddr::from(Ipv4Addr::from_bits(low)));
        v4.or_else(|| self.v6().iter().next().map(|(low, _)| IpAddr::from(Ipv6Addr::from_bits(low))))
    }

    /// The fewest networks that are exactly this set, ascending, IPv4 first. Every network is
    /// canonical: masked, in RFC 5952 form.
    #[must_use]
    pub fn networks(&self) -> Vec<IpNet> {
        let v4 = self.v4().iter().flat_map(|(low, high)| Ipv4Subnets::new(Ipv4Addr::from_bits(low), Ipv4Addr::from_bits(high), 0));
        let v6 = self.v6().iter().flat_map(|(low, high)| Ipv6Subnets::new(Ipv6Addr::from_bits(low), Ipv6Addr::from_bits(high), 0));
        v4.map(IpNet::V4).chain(v6.map(IpNet::V6)).collect()
    }

    /// The set as few blocks with exceptions, as `ipBlock` has them: each block is a network
    /// that holds the set's part in it, less the networks strictly inside it that are not in
    /// the set. Plain networks where those are no more numerous.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        let plain = self.networks();
        let families = [Self::of(self.v4().clone(), Intervals::empty()), Self::of(Intervals::empty(), self.v6().clone())];
        let excepting: Vec<Block> = families.iter().filter_map(AddressSet::cover_with_exceptions).collect();
        let cost = |blocks: &[Block]| blocks.iter().map(|b| 1 + b.except.len()).sum::<usize>();
        if cost(&excepting) < plain.len() {
            excepting
        } else {
            plain.into_iter().map(|network| Block { network, except: Vec::new() }).collect()
        }
    }

    fn cover_with_exceptions(&self) -> Option<Block> {
        let v4 = self.v4().iter().next().zip(self.v4().iter().last()).map(|((low, _), (_, high))| {
            let shared = (low ^ high).leading_zeros();
            Ipv4Net::new_assert(Ipv4Addr::from_bits(low), u8::try_from(shared).unwrap_or(32)).trunc().into()
        });
        let v6 = self.v6().iter().next().zip(self.v6().iter().last()).map(|((low, _), (_, high))| {
            let shared = (low ^ high).leading_zeros();
            Ipv6Net::new_assert(Ipv6Addr::from_bits(low), u8::try_from(shared).unwrap_or(128)).trunc().into()
        });
        let network: IpNet = v4.or(v6)?;
        Some(Block { network, except: AddressSet::network(network).difference(self).networks() })
    }
}

/// A network less some networks strictly inside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Block {
    /// The network.
    pub network: IpNet,
    /// What is cut out of it.
    pub except: Vec<IpNet>,
}

/// Reads `10.0.0.0/8` or a single address; host bits are cleared.
#[must_use]
pub fn parse_network(text: &str) -> Option<IpNet> {
    let network = match text.parse::<IpNet>() {
        Ok(network) => network,
        Err(_) => IpNet::from(text.parse::<IpAddr>().ok()?),
    };
    Some(network.trunc())
}

#[cfg(test)]
mod tests {
    use super::AddressSet;

    fn shown(set: &AddressSet) -> Vec<String> {
        set.blocks().iter().map(|b| format!("{} - {:?}", b.network, b.except.iter().map(ToString::to_string).collect::<Vec<_>>())).collect()
    }

    #[test]
    fn networks_are_canonical_and_minimal() {
        let set = AddressSet::parse_all(&["10.0.0.1/25", "10.0.0.128/25", "2001:DB8:0::1"]);
        assert_eq!(set.networks().iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.0.0.0/24", "2001:db8::1/128"]);
    }

    #[test]
    fn a_network_with_holes_is_one_block_with_exceptions() {
        let set = AddressSet::all_v4().difference(&AddressSet::parse_all(&["10.0.0.0/8", "192.168.0.0/16"]));
        assert_eq!(shown(&set), ["0.0.0.0/0 - [\"10.0.0.0/8\", \"192.168.0.0/16\"]"]);
    }

    #[test]
    fn everything_is_two_plain_blocks() {
        assert_eq!(shown(&AddressSet::all()), ["0.0.0.0/0 - []", "::/0 - []"]);
    }
}
