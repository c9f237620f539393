package reach

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Port is a protocol and a port number.
type Port struct {
	Protocol corev1.Protocol
	Number   int32
}

// Protocols are those NetworkPolicy is defined for.
var Protocols = []corev1.Protocol{corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP}

func (p Port) String() string { return fmt.Sprintf("%s/%d", p.Protocol, p.Number) }

// ParsePort reads "TCP/80".
func ParsePort(text string) (Port, error) {
	protocol, number, ok := strings.Cut(text, "/")
	if !ok {
		return Port{}, fmt.Errorf("port %q: want PROTOCOL/NUMBER", text)
	}
	return newPort(protocol, number)
}

func newPort(protocol, number string) (Port, error) {
	for _, known := range Protocols {
		if protocol != string(known) {
			continue
		}
		value, err := strconv.ParseUint(number, 10, 16)
		if err != nil || value == 0 {
			return Port{}, fmt.Errorf("port number %q: want 1 to 65535", number)
		}
		return Port{Protocol: known, Number: int32(value)}, nil
	}
	return Port{}, fmt.Errorf("protocol %q: want TCP, UDP or SCTP", protocol)
}

// comparePorts orders by number, then TCP, UDP, SCTP.
func comparePorts(a, b Port) int {
	return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(rank(a.Protocol), rank(b.Protocol)))
}

func rank(protocol corev1.Protocol) int {
	for i, known := range Protocols {
		if protocol == known {
			return i
		}
	}
	return len(Protocols)
}
