package tiers

import (
	"fmt"
	"net/netip"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// peerRule is the match of a rule of Kubernetes' policies: any of the peers and any of the ports.
type peerRule struct {
	towards direction
	peers   []peer      // nil: everything
	ports   []protoPort // nil: every port of every protocol
}

// peer is either networks or pods.
type peer struct {
	nets, except []netip.Prefix
	pods         *podSelector
}

// podSelector selects pods by their labels and those of their namespace.
type podSelector struct {
	pods, namespaces labels.Selector // nil: all
	namespace        string          // only this one; empty: any
}

// protoPort is a range of ports of one protocol, or the ports of a name.
type protoPort struct {
	protocol uint8 // zero, with a name: any
	portMatch
}

func (r *peerRule) matches(c *connection) (bool, error) {
	other := c.source
	if r.towards == egress {
		other = c.destination
	}
	isPeer := func(p peer) bool { return p.matches(other) }
	isPort := func(p protoPort) bool { return p.matches(c) }
	return (r.peers == nil || slices.ContainsFunc(r.peers, isPeer)) &&
		(r.ports == nil || slices.ContainsFunc(r.ports, isPort)), nil
}

func (p *peer) matches(at end) bool {
	if p.pods == nil {
		return contains(p.nets, at.address) && !contains(p.except, at.address)
	}
	return at.pod != nil && p.pods.selects(at.pod)
}

func (s *podSelector) selects(e *endpoint) bool {
	return (s.namespace == "" || s.namespace == e.namespace) &&
		(s.pods == nil || s.pods.Matches(labels.Set(e.labels))) &&
		(s.namespaces == nil || s.namespaces.Matches(labels.Set(e.namespaceLabels)))
}

func (p *protoPort) matches(c *connection) bool {
	if p.protocol != 0 && p.protocol != c.protocol {
		return false
	}
	if p.name == "" {
		return p.first <= c.port && c.port <= p.last
	}
	return c.destination.pod != nil && c.destination.pod.holds(namedPort{p.name, c.protocol, c.port})
}

// newPodSelector reads label selectors; an absent one selects everything.
func newPodSelector(pods, namespaces *metav1.LabelSelector, namespace string) (*podSelector, error) {
	compiled := &podSelector{namespace: namespace}
	var err error
	if compiled.pods, err = parseLabels(pods); err != nil {
		return nil, fmt.Errorf("podSelector: %w", err)
	}
	if compiled.namespaces, err = parseLabels(namespaces); err != nil {
		return nil, fmt.Errorf("namespaceSelector: %w", err)
	}
	return compiled, nil
}

func parseLabels(given *metav1.LabelSelector) (labels.Selector, error) {
	if given == nil {
		return nil, nil
	}
	return metav1.LabelSelectorAsSelector(given)
}
