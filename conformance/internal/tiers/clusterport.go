package tiers

import (
	"errors"
	"fmt"
)

// protocol is an entry of the protocols of a ClusterNetworkPolicy's rule: exactly one field.
type protocol struct {
	TCP                  *protocolPorts `json:"tcp"`
	UDP                  *protocolPorts `json:"udp"`
	SCTP                 *protocolPorts `json:"sctp"`
	DestinationNamedPort string         `json:"destinationNamedPort"`
}

type protocolPorts struct {
	DestinationPort *struct {
		Number *int `json:"number"`
		Range  *struct {
			Start int `json:"start"`
			End   int `json:"end"`
		} `json:"range"`
	} `json:"destinationPort"`
}

// adminPort is an entry of the ports of version v1alpha1: exactly one field.
type adminPort struct {
	PortNumber *struct {
		Protocol string `json:"protocol"`
		Port     int    `json:"port"`
	} `json:"portNumber"`
	PortRange *struct {
		Protocol string `json:"protocol"`
		Start    int    `json:"start"`
		End      int    `json:"end"`
	} `json:"portRange"`
	NamedPort *string `json:"namedPort"`
}

// ports compiles whichever list the kind has; an absent one is no criterion, an empty one an error.
func (k clusterKind) ports(given clusterRule) ([]protoPort, error) {
	if k.isNew && given.Ports != nil || !k.isNew && given.Protocols != nil {
		return nil, fmt.Errorf("a %s has no such field: ports, or protocols", k.name)
	}
	var compiled []protoPort
	if given.Protocols != nil {
		for _, one := range *given.Protocols {
			port, err := one.compile()
			if err != nil {
				return nil, fmt.Errorf("protocols: %w", err)
			}
			compiled = append(compiled, port)
		}
	}
	if given.Ports != nil {
		for _, one := range *given.Ports {
			port, err := one.compile()
			if err != nil {
				return nil, fmt.Errorf("ports: %w", err)
			}
			compiled = append(compiled, port)
		}
	}
	if compiled == nil && (given.Protocols != nil || given.Ports != nil) {
		return nil, errors.New("an empty list of protocols or ports")
	}
	return compiled, nil
}

func (p *protocol) compile() (protoPort, error) {
	var found []protoPort
	if p.DestinationNamedPort != "" {
		found = append(found, protoPort{portMatch: portMatch{name: p.DestinationNamedPort}})
	}
	for _, one := range []struct {
		number uint8
		ports  *protocolPorts
	}{{tcp, p.TCP}, {udp, p.UDP}, {sctp, p.SCTP}} {
		if one.ports == nil {
			continue
		}
		compiled, err := one.ports.compile(one.number)
		if err != nil {
			return protoPort{}, err
		}
		found = append(found, compiled)
	}
	if len(found) != 1 {
		return protoPort{}, errors.New("exactly one of tcp, udp, sctp and destinationNamedPort")
	}
	return found[0], nil
}

func (p *protocolPorts) compile(protocol uint8) (protoPort, error) {
	port := p.DestinationPort
	if port == nil || (port.Number == nil) == (port.Range == nil) {
		return protoPort{}, errors.New("a destinationPort with a number or a range is required")
	}
	if port.Number != nil {
		return newRange(protocol, *port.Number, *port.Number)
	}
	if port.Range.Start == port.Range.End {
		return protoPort{}, errors.New("a range starts below its end")
	}
	return newRange(protocol, port.Range.Start, port.Range.End)
}

func (p *adminPort) compile() (protoPort, error) {
	switch {
	case p.PortNumber != nil && p.PortRange == nil && p.NamedPort == nil:
		return newAdminRange(p.PortNumber.Protocol, p.PortNumber.Port, p.PortNumber.Port)
	case p.PortRange != nil && p.PortNumber == nil && p.NamedPort == nil:
		return newAdminRange(p.PortRange.Protocol, p.PortRange.Start, p.PortRange.End)
	case p.NamedPort != nil && p.PortNumber == nil && p.PortRange == nil && *p.NamedPort != "":
		return protoPort{portMatch: portMatch{name: *p.NamedPort}}, nil
	}
	return protoPort{}, errors.New("exactly one of portNumber, portRange and namedPort")
}

// newAdminRange fills in the protocol as the API server does.
func newAdminRange(protocol string, first, last int) (protoPort, error) {
	if protocol == "" {
		protocol = "TCP"
	}
	number, ok := protocolNumbers[protocol]
	if !ok || !hasPorts(number) {
		return protoPort{}, fmt.Errorf("protocol %q", protocol)
	}
	return newRange(number, first, last)
}

func newRange(protocol uint8, first, last int) (protoPort, error) {
	if first < firstPort || last < first || last > lastPort {
		return protoPort{}, fmt.Errorf("ports %d to %d", first, last)
	}
	return protoPort{protocol, portMatch{first: uint16(first), last: uint16(last)}}, nil
}
