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

    /// IANA's number.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Protocol::Tcp => 6,
            Protocol::Udp => 17,
            Protocol::Sctp => 132,
        }
    }
}

/// IANA's numbers of ICMP and ICMPv6.
pub const ICMP: [u8; 2] = [1, 58];

/// Which connections, by IP protocol and, within one, by destination port (ICMP: type and code).
///
/// A connection is one number: the protocol's, then 16 bits of port, or of type and code. Ports
/// run from 1 to 65535; the number where port 0 would stand goes with port 1, so that all ports
/// of a protocol are the protocol.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PortSet(Intervals<u32>);

/// The largest number of a connection.
const LAST: u32 = 0xff_ffff;

fn number(protocol: u8, detail: u16) -> u32 {
    u32::from(protocol) << 16 | u32::from(detail)
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
        PortSet(Intervals::range(0, LAST))
    }

    /// ICMP and ICMPv6 of every type, alone.
    #[must_use]
    pub fn icmp() -> Self {
        ICMP.into_iter().fold(Self::none(), |all, protocol| all.union(&Self::numbered(protocol)))
    }

    /// Everything of one IP protocol.
    #[must_use]
    pub fn numbered(protocol: u8) -> Self {
        PortSet(Intervals::range(number(protocol, 0), number(protocol, u16::MAX)))
    }

    /// One type of ICMP (protocol 1 or 58): one code of it, or every code.
    #[must_use]
    pub fn icmp_type(protocol: u8, kind: u8, code: Option<u8>) -> Self {
        let (low, high) = code.map_or((0, u8::MAX), |code| (code, code));
        let of = |code| number(protocol, u16::from_be_bytes([kind, code]));
        PortSet(Intervals::range(of(low), of(high)))
    }

    /// The ports `low` to `high` of one protocol.
    #[must_use]
    pub fn range(protocol: Protocol, low: u16, high: u16) -> Self {
        let low = if low <= 1 { 0 } else { low };
        if high == 0 { Self::none() } else { PortSet(Intervals::range(number(protocol.number(), low), number(protocol.number(), high))) }
    }

    /// Every port of one protocol.
    #[must_use]
    pub fn protocol(protocol: Protocol) -> Self {
        Self::numbered(protocol.number())
    }

    /// The ports of one protocol, as ranges, ascending.
    pub fn of(&self, protocol: Protocol) -> impl Iterator<Item = (u16, u16)> + '_ {
        let base = number(protocol.number(), 0);
        let port = move |number: u32| u16::try_from(number.saturating_sub(base)).unwrap_or(u16::MAX);
        let of_it = self.0.iter().filter(move |(low, high)| *low <= base + u32::from(u16::MAX) && base <= *high);
        of_it.map(move |(low, high)| (port(low).max(1), port(high)))
    }

    /// The IP protocols that something of is in it, ascending, each with whether all of it is.
    pub fn protocols(&self) -> impl Iterator<Item = (u8, bool)> + '_ {
        let whole = |protocol: u8| Self::numbered(protocol).is_subset(self);
        (0..=u8::MAX).filter(|protocol| !self.is_disjoint(&Self::numbered(*protocol))).map(move |protocol| (protocol, whole(protocol)))
    }

    /// Whether the port is in it, of some protocol.
    #[must_use]
    pub fn has_port(&self, port: u16) -> bool {
        Protocol::ALL.into_iter().any(|protocol| self.of(protocol).any(|(low, high)| low <= port && port <= high))
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every port of every protocol is in it.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.0.iter().eq([(0, LAST)])
    }

    /// Whether ICMP of some type is in it.
    #[must_use]
    pub fn has_icmp(&self) -> bool {
        let meets = |protocol: u8, low: u32, high: u32| low <= number(protocol, u16::MAX) && number(protocol, 0) <= high;
        self.0.iter().any(|(low, high)| ICMP.iter().any(|protocol| meets(*protocol, low, high)))
    }

    /// The set without ICMP.
    #[must_use]
    pub fn without_icmp(&self) -> Self {
        self.difference(&Self::icmp())
    }

    /// Whether one connection is in it: a protocol's number and a port (ICMP: type and code).
    #[must_use]
    pub fn holds(&self, protocol: u8, detail: u16) -> bool {
        let wanted = number(protocol, detail);
        self.0.iter().any(|(low, high)| low <= wanted && wanted <= high)
    }

    /// One connection of the set, as protocol number and port (ICMP: type and code); the lowest
    /// of TCP if there is one, then of UDP, SCTP, and of the rest.
    #[must_use]
    pub fn witness(&self) -> Option<(u8, u16)> {
        let named = Protocol::ALL.iter().find_map(|protocol| self.of(*protocol).next().map(|(low, _)| (protocol.number(), low)));
        let first = || self.0.iter().next().map(|(low, _)| low.to_be_bytes());
        named.or_else(|| first().map(|[_, protocol, high, low]| (protocol, u16::from_be_bytes([high, low]))))
    }

    /// Ports in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        PortSet(self.0.union(&other.0))
    }

    /// Ports in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        PortSet(self.0.intersection(&other.0))
    }

    /// Ports in this one and not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        PortSet(self.0.difference(&other.0))
    }

    /// Whether no port is in both.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.0.intersection(&other.0).is_empty()
    }

    /// Whether every port of this one is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        if other.is_empty() {
            return self.is_empty();
        }
        self.0 == other.0 || self.difference(other).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{PortSet, Protocol};

    #[test]
    fn icmp_is_found_wherever_some_type_of_it_is() {
        let with = [PortSet::all(), PortSet::icmp(), PortSet::icmp_type(58, 128, Some(0)), PortSet::icmp_type(1, 255, Some(255))];
        let without = [PortSet::none(), PortSet::all().without_icmp(), PortSet::numbered(2), PortSet::numbered(0), PortSet::numbered(57)];
        assert!(with.iter().all(PortSet::has_icmp) && !without.iter().any(PortSet::has_icmp));
    }

    #[test]
    fn all_ports_of_a_protocol_are_the_protocol() {
        assert_eq!(PortSet::range(Protocol::Udp, 1, u16::MAX), PortSet::protocol(Protocol::Udp));
        let rest = PortSet::all().difference(&PortSet::range(Protocol::Tcp, 1, u16::MAX));
        assert!(rest.of(Protocol::Tcp).next().is_none());
        assert_eq!(rest.of(Protocol::Udp).collect::<Vec<_>>(), [(1, u16::MAX)]);
    }

    #[test]
    fn ranges_of_neighboring_protocols_stay_apart() {
        let set = PortSet::range(Protocol::Tcp, 65_000, u16::MAX).union(&PortSet::numbered(7));
        assert_eq!(set.of(Protocol::Tcp).collect::<Vec<_>>(), [(65_000, u16::MAX)]);
        assert_eq!(set.protocols().collect::<Vec<_>>(), [(6, false), (7, true)]);
        assert_eq!(PortSet::all().without_icmp().protocols().count(), 254);
    }

    #[test]
    fn a_witness_is_a_connection_of_the_set() {
        assert_eq!(PortSet::all().witness(), Some((6, 1)));
        assert_eq!(PortSet::icmp_type(1, 8, None).witness(), Some((1, 0x0800)));
        assert_eq!(PortSet::range(Protocol::Sctp, 9, 12).witness(), Some((132, 9)));
        assert_eq!(PortSet::none().witness(), None);
    }
}
