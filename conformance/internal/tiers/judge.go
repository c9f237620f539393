package tiers

import (
	"fmt"
	"net/netip"
)

// Judge answers questions about one world.
type Judge struct {
	tiers     []*tier // in the order of their evaluation
	pods      map[string]*endpoint
	addresses map[netip.Addr]*endpoint
	sets      []networkSet
}

// networkSet is a NetworkSet or GlobalNetworkSet.
type networkSet struct {
	labels map[string]string
	nets   []netip.Prefix
}

// verdict is what decided a connection, or one side of it.
type verdict struct {
	allowed bool
	reason  string
}

// judge evaluates the policies of both ends. Ends that are no pods have none.
func (j *Judge) judge(c *connection) (verdict, error) {
	if c.source.pod != nil && c.source.pod == c.destination.pod {
		return verdict{true, "a pod always reaches itself"}, nil
	}
	reason := "no end is a pod"
	for _, side := range []struct {
		towards direction
		own     *endpoint
	}{{egress, c.source.pod}, {ingress, c.destination.pod}} {
		if side.own == nil {
			continue
		}
		decided, err := j.judgeSide(side.towards, side.own, c)
		if err != nil {
			return verdict{}, fmt.Errorf("%s of %s: %w", side.towards, side.own.name, err)
		}
		reason = fmt.Sprintf("%s of %s: %s", side.towards, side.own.name, decided.reason)
		if !decided.allowed {
			return verdict{false, reason}, nil
		}
	}
	return verdict{true, reason}, nil
}

// judgeSide goes through the tiers; only those with a policy about this endpoint and direction take part. What passes
// all of them meets the profile of the pod's namespace, which allows everything.
func (j *Judge) judgeSide(towards direction, own *endpoint, c *connection) (verdict, error) {
	passedBy := ""
	for _, t := range j.tiers {
		policies, err := t.applicable(own, towards)
		if err != nil {
			return verdict{}, fmt.Errorf("tier %s: %w", t.name, err)
		}
		if len(policies) == 0 {
			continue
		}
		taken, reason, err := firstAction(policies, towards, c)
		if err != nil {
			return verdict{}, fmt.Errorf("tier %s: %w", t.name, err)
		}
		if taken == "" {
			taken, reason = t.defaultAction(), "no rule matches"
		}
		reason = fmt.Sprintf("%s by tier %s, %s", taken, t.name, reason)
		if taken != pass {
			return verdict{taken == allow, reason}, nil
		}
		passedBy = " after " + reason
	}
	return verdict{true, "Allow by the profile of the namespace" + passedBy}, nil
}

func (t *tier) defaultAction() action {
	if t.passes {
		return pass
	}
	return deny
}

// firstAction is the first action other than Log whose rule matches, or none.
func firstAction(policies []*policy, towards direction, c *connection) (action, string, error) {
	for _, p := range policies {
		for i, r := range p.rules[towards] {
			if r.action == log {
				continue
			}
			matches, err := r.when.matches(c)
			place := fmt.Sprintf("%s, %s rule %d", p, towards, i+1)
			if err != nil {
				return "", "", fmt.Errorf("%s: %w", place, err)
			}
			if matches {
				return r.action, place, nil
			}
		}
	}
	return "", "", nil
}

// end makes an end of a connection of an address.
func (j *Judge) end(address netip.Addr) end {
	found := end{address: address, pod: j.addresses[address]}
	if found.pod != nil {
		found.known = append(found.known, found.pod.labels)
	}
	for _, set := range j.sets {
		if contains(set.nets, address) {
			found.known = append(found.known, set.labels)
		}
	}
	return found
}
