package tiers

import (
	"errors"
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// The built-in tiers of the cluster-wide policies of Kubernetes, by the names of Calico 3.32, and of 3.29 to 3.31.
const (
	adminTier       = "kube-admin"
	baselineTier    = "kube-baseline"
	oldAdminTier    = "adminnetworkpolicy"
	oldBaselineTier = "baselineadminnetworkpolicy"
)

// clusterPolicy is the spec of all three cluster-wide kinds; each accepts the fields of its own version only.
type clusterPolicy struct {
	Tier     string        `json:"tier"`
	Priority *int          `json:"priority"`
	Subject  podPeer       `json:"subject"`
	Ingress  []clusterRule `json:"ingress"`
	Egress   []clusterRule `json:"egress"`
}

type clusterRule struct {
	Name      string        `json:"name"`
	Action    string        `json:"action"`
	From      []clusterPeer `json:"from"`
	To        []clusterPeer `json:"to"`
	Protocols *[]protocol   `json:"protocols"` // ClusterNetworkPolicy
	Ports     *[]adminPort  `json:"ports"`     // AdminNetworkPolicy and BaselineAdminNetworkPolicy
}

type podPeer struct {
	Namespaces *metav1.LabelSelector `json:"namespaces"`
	Pods       *struct {
		NamespaceSelector *metav1.LabelSelector `json:"namespaceSelector"`
		PodSelector       *metav1.LabelSelector `json:"podSelector"`
	} `json:"pods"`
}

type clusterPeer struct {
	podPeer
	Networks    []string              `json:"networks"`
	Nodes       *metav1.LabelSelector `json:"nodes"`
	DomainNames []string              `json:"domainNames"`
}

// clusterKind is what differs between the kinds.
type clusterKind struct {
	name    string
	accepts string // the word for Allow
	// isNew is true for ClusterNetworkPolicy, which has tiers and protocols.
	isNew, isBaseline bool
}

const (
	newGroup = "policy.networking.k8s.io/v1alpha2/"
	oldGroup = "policy.networking.k8s.io/v1alpha1/"
)

var clusterKinds = map[string]clusterKind{
	newGroup + "ClusterNetworkPolicy": {name: "ClusterNetworkPolicy", accepts: "Accept", isNew: true},
	oldGroup + "AdminNetworkPolicy":   {name: "AdminNetworkPolicy", accepts: "Allow"},
	oldGroup + "BaselineAdminNetworkPolicy": {
		name: "BaselineAdminNetworkPolicy", accepts: "Allow", isBaseline: true,
	},
}

// compile makes a policy and names the tier it is of. Its order is its priority.
func (k clusterKind) compile(meta metav1.ObjectMeta, spec clusterPolicy) (*policy, string, error) {
	if meta.Namespace != "" {
		return nil, "", fmt.Errorf("a %s has no namespace", k.name)
	}
	tier, order, err := k.place(meta, spec)
	if err != nil {
		return nil, "", err
	}
	subject, err := spec.Subject.compile()
	if err != nil {
		return nil, "", fmt.Errorf("spec.subject: %w", err)
	}
	compiled := &policy{kind: k.name, name: meta.Name, order: order, selects: subject.selects, isNative: true}
	for towards, rules := range map[direction][]clusterRule{ingress: spec.Ingress, egress: spec.Egress} {
		compiled.governs[towards] = len(rules) > 0
		for i, given := range rules {
			one, err := k.rule(towards, given)
			if err != nil {
				return nil, "", fmt.Errorf("spec.%s[%d]: %w", towards, i, err)
			}
			compiled.rules[towards] = append(compiled.rules[towards], one)
		}
	}
	return compiled, tier, nil
}

func (k clusterKind) place(meta metav1.ObjectMeta, spec clusterPolicy) (string, float64, error) {
	if k.isBaseline {
		if meta.Name != "default" || spec.Priority != nil || spec.Tier != "" {
			return "", 0, errors.New("a BaselineAdminNetworkPolicy is named default and has neither priority nor tier")
		}
		return oldBaselineTier, 0, nil
	}
	const most = 1000
	if spec.Priority == nil || *spec.Priority < 0 || *spec.Priority > most {
		return "", 0, errors.New("spec.priority is 0 to 1000")
	}
	order := float64(*spec.Priority)
	switch {
	case !k.isNew && spec.Tier == "":
		return oldAdminTier, order, nil
	case k.isNew && spec.Tier == "Admin":
		return adminTier, order, nil
	case k.isNew && spec.Tier == "Baseline":
		return baselineTier, order, nil
	}
	return "", 0, fmt.Errorf("spec.tier: %q", spec.Tier)
}

func (k clusterKind) rule(towards direction, given clusterRule) (rule, error) {
	taken, err := k.action(given.Action)
	if err != nil {
		return rule{}, err
	}
	peers, none := given.From, given.To
	if towards == egress {
		peers, none = given.To, given.From
	}
	if len(peers) == 0 || none != nil {
		return rule{}, errors.New("an ingress rule has from, an egress rule has to, with at least one peer")
	}
	match := &peerRule{towards: towards}
	for i, one := range peers {
		compiled, err := one.compile(towards)
		if err != nil {
			return rule{}, fmt.Errorf("peer %d: %w", i, err)
		}
		match.peers = append(match.peers, compiled)
	}
	if match.ports, err = k.ports(given); err != nil {
		return rule{}, err
	}
	hasNets := slices.ContainsFunc(match.peers, func(p peer) bool { return p.pods == nil })
	if hasNets && slices.ContainsFunc(match.ports, func(p protoPort) bool { return p.name != "" }) {
		return rule{}, errors.New("a named port cannot go with networks")
	}
	return rule{taken, match}, nil
}

func (k clusterKind) action(given string) (action, error) {
	switch {
	case given == k.accepts:
		return allow, nil
	case given == "Deny":
		return deny, nil
	case given == "Pass" && !k.isBaseline:
		return pass, nil
	}
	return "", fmt.Errorf("action %q", given)
}

// compile wants exactly one of the two fields.
func (p *podPeer) compile() (*podSelector, error) {
	if (p.Namespaces == nil) == (p.Pods == nil) {
		return nil, errors.New("exactly one of namespaces and pods")
	}
	if p.Namespaces != nil {
		return newPodSelector(nil, p.Namespaces, "")
	}
	if p.Pods.PodSelector == nil {
		return nil, errors.New("pods: a podSelector is required")
	}
	return newPodSelector(p.Pods.PodSelector, p.Pods.NamespaceSelector, "")
}

func (p *clusterPeer) compile(towards direction) (peer, error) {
	if p.Nodes != nil || p.DomainNames != nil {
		return peer{}, errors.New("not covered: nodes and domainNames")
	}
	if p.Networks == nil {
		pods, err := p.podPeer.compile()
		return peer{pods: pods}, err
	}
	if towards == ingress || p.Namespaces != nil || p.Pods != nil || len(p.Networks) == 0 {
		return peer{}, errors.New("networks stand alone, in egress rules, and are at least one")
	}
	nets, err := parseNets(p.Networks)
	return peer{nets: nets}, err
}
