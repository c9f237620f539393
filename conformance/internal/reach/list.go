package reach

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
)

// undeclared are probed at every destination beside what the pods declare, so that a rule that opens too much shows:
// a low and a high port of each protocol. Whatever of them a pod declares is probed as declared.
var undeclared = []int32{9, 61000}

// Options says what to ask about beside the pods and the ports they declare.
type Options struct {
	External []string // addresses outside, each both as a source and as a destination
	Ports    []Port   // probed at every destination
}

// Answer is the answer to one question.
type Answer struct {
	Source, Destination string
	Port                Port
	Allowed             bool
}

// String is "source -> destination TCP/80 allow" or "… deny".
func (a Answer) String() string {
	verdict := "deny"
	if a.Allowed {
		verdict = "allow"
	}
	return fmt.Sprintf("%s -> %s %s %s", a.Source, a.Destination, a.Port, verdict)
}

// List asks about all pairs of different ends, of which at least one is a pod, and reports the answers in order of
// source, destination, port. Every destination is asked for every port any pod declares, for those of the options
// and for undeclared ones, in all three protocols.
func (j *Judge) List(options Options, report func(Answer) error) error {
	ends, err := j.ends(options.External)
	if err != nil {
		return err
	}
	ports := j.ports(options.Ports)
	for _, source := range ends {
		for _, destination := range ends {
			if source.name == destination.name || (source.own == nil && destination.own == nil) {
				continue
			}
			for _, port := range ports {
				answer := Answer{source.name, destination.name, port, j.allows(source, destination, port)}
				if err := report(answer); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// ends returns the pods by name and then the addresses in the order given.
func (j *Judge) ends(external []string) ([]*endpoint, error) {
	var ends []*endpoint
	for _, name := range slices.Sorted(maps.Keys(j.pods)) {
		ends = append(ends, j.pods[name])
	}
	for _, address := range external {
		if _, err := netip.ParseAddr(address); err != nil {
			return nil, err
		}
		end, err := j.find(address)
		if err != nil {
			return nil, err
		}
		ends = append(ends, end)
	}
	return ends, nil
}

// ports returns each number to be probed in all three protocols, and the ports of the options.
func (j *Judge) ports(asked []Port) []Port {
	set := map[Port]bool{}
	for _, port := range asked {
		set[port] = true
	}
	numbers := slices.Clone(undeclared)
	for _, pod := range j.pods {
		for _, declared := range pod.ports {
			numbers = append(numbers, declared.Number)
		}
	}
	for _, number := range numbers {
		for _, protocol := range Protocols {
			set[Port{protocol, number}] = true
		}
	}
	return slices.SortedFunc(maps.Keys(set), comparePorts)
}
