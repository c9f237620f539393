package tiers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
)

// Probe is one question: may source open this connection to destination?
type Probe struct {
	// Source and Destination are pods, "namespace/name", or addresses. The address of a pod is that pod.
	Source      string `json:"source"`
	Destination string `json:"destination"`
	// Protocol is TCP, UDP, SCTP, ICMP, ICMPv6, UDPLite or a number from 1 to 255, as text or number.
	Protocol any `json:"protocol"`
	// Port is at the destination, of TCP, UDP and SCTP alone, which need it.
	Port       *int `json:"port"`
	SourcePort *int `json:"sourcePort"`
	ICMPType   *int `json:"icmpType"`
	ICMPCode   *int `json:"icmpCode"`
	// IPVersion is 4 or 6, needed only between pods with addresses of both where the answers differ.
	IPVersion *int `json:"ipVersion"`
}

// Answer is what becomes of a connection, and what decided it.
type Answer struct {
	Allowed bool
	Reason  string
}

// Ask answers a question. What the objects or the question do not say enough about is an error.
func (j *Judge) Ask(probe Probe) (Answer, error) {
	source, err := j.find(probe.Source)
	if err != nil {
		return Answer{}, fmt.Errorf("source: %w", err)
	}
	destination, err := j.find(probe.Destination)
	if err != nil {
		return Answer{}, fmt.Errorf("destination: %w", err)
	}
	asked, err := probe.connection()
	if err != nil {
		return Answer{}, err
	}
	var answers []Answer
	for _, family := range probe.families(asked.protocol) {
		from, to := addressOf(source, family), addressOf(destination, family)
		if !from.IsValid() || !to.IsValid() {
			continue
		}
		asked.source, asked.destination = j.end(from), j.end(to)
		decided, err := j.judge(asked)
		if err != nil {
			return Answer{}, err
		}
		answers = append(answers, Answer{decided.allowed, decided.reason})
	}
	if len(answers) == 0 {
		return Answer{}, fmt.Errorf("%s and %s have no addresses of one family for this", probe.Source, probe.Destination)
	}
	if answers[0].Allowed != answers[len(answers)-1].Allowed {
		return Answer{}, errors.New("IPv4 and IPv6 have different answers: name an ipVersion")
	}
	return answers[0], nil
}

// find returns the addresses of a pod, or the address itself.
func (j *Judge) find(name string) ([]netip.Addr, error) {
	pod := j.pods[name]
	address, err := parseAddress(name)
	if pod == nil && err != nil {
		return nil, fmt.Errorf("%q is neither a pod of this world nor an address", name)
	}
	addresses := []netip.Addr{address}
	if pod != nil {
		addresses = pod.addresses
	} else {
		pod = j.addresses[address]
	}
	if pod != nil && pod.isHostNetwork {
		return nil, fmt.Errorf("not covered: pod %s is in the host network", pod.name)
	}
	if len(addresses) == 0 {
		return nil, fmt.Errorf("pod %s has no status.podIP", pod.name)
	}
	return addresses, nil
}

func addressOf(addresses []netip.Addr, family int) netip.Addr {
	for _, address := range addresses {
		if familyOf(address) == family {
			return address
		}
	}
	return netip.Addr{}
}

// families are those a probe can be about.
func (p *Probe) families(protocol uint8) []int {
	var families []int
	for _, family := range []int{ipv4, ipv6} {
		if p.IPVersion != nil && *p.IPVersion != family ||
			protocol == icmp && family != ipv4 || protocol == icmpV6 && family != ipv6 {
			continue
		}
		families = append(families, family)
	}
	return families
}

// connection reads everything but the ends.
func (p *Probe) connection() (*connection, error) {
	protocol, err := p.protocol()
	if err != nil {
		return nil, err
	}
	if p.IPVersion != nil && *p.IPVersion != ipv4 && *p.IPVersion != ipv6 {
		return nil, fmt.Errorf("ipVersion %d", *p.IPVersion)
	}
	read := &connection{protocol: protocol, icmpType: p.ICMPType, icmpCode: p.ICMPCode}
	if hasPorts(protocol) != (p.Port != nil) || !hasPorts(protocol) && p.SourcePort != nil {
		return nil, errors.New("TCP, UDP and SCTP, and no other protocol, need a port")
	}
	if p.Port != nil {
		if read.port, err = readPort(*p.Port); err != nil {
			return nil, err
		}
	}
	if p.SourcePort != nil {
		port, err := readPort(*p.SourcePort)
		if err != nil {
			return nil, err
		}
		read.sourcePort = &port
	}
	isICMP := protocol == icmp || protocol == icmpV6
	if (p.ICMPType != nil || p.ICMPCode != nil) && !isICMP || p.ICMPCode != nil && p.ICMPType == nil {
		return nil, errors.New("icmpType is for ICMP and ICMPv6, icmpCode beside icmpType")
	}
	if !isWithin(p.ICMPType, 255) || !isWithin(p.ICMPCode, 255) {
		return nil, errors.New("icmpType and icmpCode are 0 to 255")
	}
	return read, nil
}

func readPort(given int) (uint16, error) {
	if given < firstPort || given > lastPort {
		return 0, fmt.Errorf("port %d: want 1 to 65535", given)
	}
	return uint16(given), nil
}

func (p *Probe) protocol() (uint8, error) {
	var text string
	switch given := p.Protocol.(type) {
	case string:
		text = given
	case json.Number:
		text = given.String()
	}
	if number, ok := protocolNumbers[text]; ok {
		return number, nil
	}
	number, err := strconv.ParseUint(text, 10, 8)
	if err != nil || number == 0 {
		return 0, fmt.Errorf("protocol %v: want TCP, UDP, SCTP, ICMP, ICMPv6, UDPLite or 1 to 255", p.Protocol)
	}
	return uint8(number), nil
}
