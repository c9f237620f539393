package tiers

import (
	"errors"
	"net/netip"
)

// Protocols with ports, and the names Calico has for protocols.
const (
	icmp   = 1
	tcp    = 6
	udp    = 17
	icmpV6 = 58
	sctp   = 132
)

var protocolNumbers = map[string]uint8{
	"ICMP": icmp, "TCP": tcp, "UDP": udp, "ICMPv6": icmpV6, "SCTP": sctp, "UDPLite": 136,
}

// hasPorts says whether a protocol is one whose ports Calico's rules can name.
func hasPorts(protocol uint8) bool { return protocol == tcp || protocol == udp || protocol == sctp }

const (
	ipv4 = 4
	ipv6 = 6
)

func familyOf(address netip.Addr) int {
	if address.Is4() {
		return ipv4
	}
	return ipv6
}

// direction of a policy's rules: of connections to the pod, or of those the pod opens.
type direction int

const (
	ingress direction = iota
	egress
)

func (d direction) String() string { return [...]string{"ingress", "egress"}[d] }

// end is one end of a connection.
type end struct {
	address netip.Addr
	pod     *endpoint // nil for an address that no pod holds
	// known holds the labels of everything Calico knows this address of: the pod, and every set of networks it is in.
	known []map[string]string
}

// connection is what policies judge: the first packet of a connection, as it is at the pods.
type connection struct {
	source, destination end
	protocol            uint8
	port                uint16  // at the destination; zero for protocols without ports
	sourcePort          *uint16 // nil: not asked
	icmpType, icmpCode  *int    // nil: not asked
}

func (c *connection) family() int { return familyOf(c.source.address) }

// Errors of rules that look at what the question does not say.
var (
	errSourcePort = errors.New("a rule looks at the source port, and the probe names no sourcePort")
	errICMPType   = errors.New("a rule looks at the ICMP type, and the probe names no icmpType")
	errICMPCode   = errors.New("a rule looks at the ICMP code, and the probe names no icmpCode")
)

func contains(nets []netip.Prefix, address netip.Addr) bool {
	for _, net := range nets {
		if net.Contains(address) {
			return true
		}
	}
	return false
}
