//! Sets of ports, by protocol.

use super::intervals::Intervals;

/// A protocol of the transport layer that a policy can name ports of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    /// All of them, in the order output uses.
    pub const ALL: [Protocol; 3] = [Protocol::Tcp, Protocol::Udp, Protocol::Sctp];

    /// The name that Kubernetes and Calico use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
            Protocol::Sctp => "SCTP",
        }
    }
}

/// Which connections, by protocol and destination port. Ports run from 1 to 65535.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PortSet {
    tcp: Intervals<u16>,
    udp: Intervals<u16>,
    sctp: Intervals<u16>,
    /// ICMP and ICMPv6, of every type; and, in [`PortSet::all`], every other protocol.
    pub icmp: bool,
}

impl PortSet {
    /// Nothing.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Every protocol and every port.
    #[must_use]
    pub fn all() -> Self {
        let every = Intervals::range(1, u16::MAX);
        PortSet { tcp: every.clone(), udp: every.clone(), sctp: every, icmp: true }
    }

    /// ICMP and ICMPv6 alone.
    #[must_use]
    pub fn icmp() -> Self {
        PortSet { icmp: true, ..Self::default() }
    }

    /// The ports `low` to `high` of one protocol.
    #[must_use]
    pub fn range(protocol: Protocol, low: u16, high: u16) -> Self {
        let mut set = Self::default();
        *set.of_mut(protocol) = Intervals::range(low.max(1), high);
        set
    }

    /// Every port of one protocol.
    #[must_use]
    pub fn protocol(protocol: Protocol) -> Self {
        Self::range(protocol, 1, u16::MAX)
    }

    /// The ports of one protocol.
    #[must_use]
    pub fn of(&self, protocol: Protocol) -> &Intervals<u16> {
        match protocol {
            Protocol::Tcp => &self.tcp,
            Protocol::Udp => &self.udp,
            Protocol::Sctp => &self.sctp,
        }
    }

    fn of_mut(&mut self, protocol: Protocol) -> &mut Intervals<u16> {
        match protocol {
            Protocol::Tcp => &mut self.tcp,
            Protocol::Udp => &mut self.udp,
            Protocol::Sctp => &mut self.sctp,
        }
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.icmp && Protocol::ALL.iter().all(|p| self.of(*p).is_empty())
    }

    /// Whether every port of every protocol is in it.
    #[must_use]
    pub fn is_all(&self) -> bool {
        let whole = |protocol: &Protocol| self.of(*protocol).iter().eq([(1, u16::MAX)]);
        self.icmp && Protocol::ALL.iter().all(whole)
    }

    /// The set without ICMP.
    #[must_use]
    pub fn without_icmp(mut self) -> Self {
        self.icmp = false;
        self
    }

    fn combine(&self, other: &Self, icmp: bool, join: impl Fn(&Intervals<u16>, &Intervals<u16>) -> Intervals<u16>) -> Self {
        PortSet { tcp: join(&self.tcp, &other.tcp), udp: join(&self.udp, &other.udp), sctp: join(&self.sctp, &other.sctp), icmp }
    }

    /// Ports in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.combine(other, self.icmp || other.icmp, Intervals::union)
    }

    /// Ports in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.combine(other, self.icmp && other.icmp, Intervals::intersection)
    }

    /// Ports in this one and not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.combine(other, self.icmp && !other.icmp, Intervals::difference)
    }

    /// Whether every port of this one is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.is_empty() || (!other.is_empty() && self.difference(other).is_empty())
    }
}
