package tiers

import (
	"net/netip"
	"slices"

	"polc.dev/conformance/internal/selector"
)

// calicoRule is the match of a rule of Calico's policies. All criteria given must hold.
type calicoRule struct {
	family                int    // of ipVersion, or else of the networks; zero: both
	protocol, notProtocol *uint8 // nil: not given
	source, destination   entity
	icmp, notICMP         *icmpMatch
}

// icmpMatch is a type, or a type and a code; without a type it says nothing.
type icmpMatch struct {
	Type *int `json:"type"`
	Code *int `json:"code"`
}

// entity is the match of one end.
type entity struct {
	// selectors must all select one and the same thing of which the address is known.
	selectors       []selector.Selector
	notSelector     *selector.Selector
	nets, notNets   []netip.Prefix
	ports, notPorts []portMatch
}

// portMatch is a range of ports or, with a name, the ports of this name at the pod.
type portMatch struct {
	first, last uint16
	name        string
}

// matches looks at what the question may not say last, so that it is missed only where it decides.
func (r *calicoRule) matches(c *connection) (bool, error) {
	if r.family != 0 && r.family != c.family() ||
		r.protocol != nil && *r.protocol != c.protocol ||
		r.notProtocol != nil && *r.notProtocol == c.protocol ||
		!r.source.matchesAddress(c.source) || !r.destination.matchesAddress(c.destination) ||
		!r.destination.matchesPort(c.destination, c.port, c.protocol, r.namedProtocol()) {
		return false, nil
	}
	if matches, err := r.matchesICMP(c); !matches || err != nil {
		return false, err
	}
	if !r.source.looksAtPorts() || !hasPorts(c.protocol) {
		return r.source.matchesPort(c.source, 0, c.protocol, r.namedProtocol()), nil
	}
	if c.sourcePort == nil {
		return false, errSourcePort
	}
	return r.source.matchesPort(c.source, *c.sourcePort, c.protocol, r.namedProtocol()), nil
}

// namedProtocol is the protocol of the named ports a rule means: its own, and TCP if it has none with ports.
func (r *calicoRule) namedProtocol() uint8 {
	if r.protocol != nil && hasPorts(*r.protocol) {
		return *r.protocol
	}
	return tcp
}

func (r *calicoRule) matchesICMP(c *connection) (bool, error) {
	if matches, err := r.icmp.matches(c); !matches || err != nil {
		return false, err
	}
	if r.notICMP == nil || r.notICMP.Type == nil {
		return true, nil
	}
	matches, err := r.notICMP.matches(c)
	return !matches, err
}

func (m *icmpMatch) matches(c *connection) (bool, error) {
	if m == nil || m.Type == nil {
		return true, nil
	}
	if c.icmpType == nil {
		return false, errICMPType
	}
	if *m.Type != *c.icmpType || m.Code == nil {
		return *m.Type == *c.icmpType, nil
	}
	if c.icmpCode == nil {
		return false, errICMPCode
	}
	return *m.Code == *c.icmpCode, nil
}

func (e *entity) looksAtPorts() bool { return len(e.ports)+len(e.notPorts) > 0 }

func (e *entity) matchesAddress(at end) bool {
	if len(e.nets) > 0 && !contains(e.nets, at.address) || contains(e.notNets, at.address) {
		return false
	}
	if len(e.selectors) > 0 && !slices.ContainsFunc(at.known, e.selectsAll) {
		return false
	}
	return e.notSelector == nil || !slices.ContainsFunc(at.known, e.notSelector.Evaluate)
}

// selectsAll says whether every selector selects what has these labels.
func (e *entity) selectsAll(labels map[string]string) bool {
	for _, one := range e.selectors {
		if !one.Evaluate(labels) {
			return false
		}
	}
	return true
}

func (e *entity) matchesPort(at end, port uint16, protocol, namedProtocol uint8) bool {
	isOneOf := func(m portMatch) bool { return e.isPort(m, at, port, protocol, namedProtocol) }
	return (len(e.ports) == 0 || slices.ContainsFunc(e.ports, isOneOf)) && !slices.ContainsFunc(e.notPorts, isOneOf)
}

// isPort says whether a port is the one a rule means. A name is looked up at the pods the selectors select.
func (e *entity) isPort(m portMatch, at end, port uint16, protocol, namedProtocol uint8) bool {
	if m.name == "" {
		return m.first <= port && port <= m.last
	}
	return at.pod != nil && protocol == namedProtocol && e.selectsAll(at.pod.labels) &&
		at.pod.holds(namedPort{m.name, protocol, port})
}
