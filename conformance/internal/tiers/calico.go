package tiers

import (
	"errors"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"polc.dev/conformance/internal/selector"
)

const defaultTier = "default"

// calicoNetworkPolicy is the spec of Calico's NetworkPolicy (projectcalico.org/v3).
type calicoNetworkPolicy struct {
	Tier                   string      `json:"tier"`
	Order                  *float64    `json:"order"`
	Selector               string      `json:"selector"`
	ServiceAccountSelector string      `json:"serviceAccountSelector"`
	Types                  []string    `json:"types"`
	Ingress                *[]ruleSpec `json:"ingress"`
	Egress                 *[]ruleSpec `json:"egress"`
	PerformanceHints       []string    `json:"performanceHints"`
}

// globalNetworkPolicy is the spec of Calico's GlobalNetworkPolicy.
type globalNetworkPolicy struct {
	calicoNetworkPolicy
	NamespaceSelector string `json:"namespaceSelector"`
	DoNotTrack        bool   `json:"doNotTrack"`
	PreDNAT           bool   `json:"preDNAT"`
	ApplyOnForward    bool   `json:"applyOnForward"`
}

type ruleSpec struct {
	Action      action              `json:"action"`
	IPVersion   *int                `json:"ipVersion"`
	Protocol    *intstr.IntOrString `json:"protocol"`
	NotProtocol *intstr.IntOrString `json:"notProtocol"`
	ICMP        *icmpMatch          `json:"icmp"`
	NotICMP     *icmpMatch          `json:"notICMP"`
	Source      entitySpec          `json:"source"`
	Destination entitySpec          `json:"destination"`
	HTTP        any                 `json:"http"`
	Metadata    struct {
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
}

type entitySpec struct {
	Nets              []string             `json:"nets"`
	NotNets           []string             `json:"notNets"`
	Selector          string               `json:"selector"`
	NotSelector       string               `json:"notSelector"`
	NamespaceSelector string               `json:"namespaceSelector"`
	Ports             []intstr.IntOrString `json:"ports"`
	NotPorts          []intstr.IntOrString `json:"notPorts"`
	Services          any                  `json:"services"`
	ServiceAccounts   *struct {
		Names    []string `json:"names"`
		Selector string   `json:"selector"`
	} `json:"serviceAccounts"`
}

// newNetworkPolicy compiles Calico's NetworkPolicy: about pods of its namespace alone.
func newNetworkPolicy(meta metav1.ObjectMeta, spec calicoNetworkPolicy) (*policy, error) {
	if meta.Namespace == "" {
		return nil, errors.New("a NetworkPolicy needs a namespace")
	}
	p, err := spec.compile(meta, "NetworkPolicy", nil)
	if err != nil {
		return nil, err
	}
	selects := p.selects
	p.selects = func(e *endpoint) bool { return e.namespace == meta.Namespace && selects(e) }
	return p, nil
}

// newGlobalNetworkPolicy compiles a GlobalNetworkPolicy for pods. Those for host endpoints alone are not covered.
func newGlobalNetworkPolicy(meta metav1.ObjectMeta, spec globalNetworkPolicy) (*policy, error) {
	if meta.Namespace != "" {
		return nil, errors.New("a GlobalNetworkPolicy has no namespace")
	}
	for name, is := range map[string]bool{
		"doNotTrack": spec.DoNotTrack, "preDNAT": spec.PreDNAT, "applyOnForward": spec.ApplyOnForward,
	} {
		if is {
			return nil, fmt.Errorf("not covered: spec.%s", name)
		}
	}
	var extra []selector.Selector
	if spec.NamespaceSelector != "" {
		namespaces, err := parsePolicyNamespaces(spec.NamespaceSelector)
		if err != nil {
			return nil, fmt.Errorf("spec.namespaceSelector: %w", err)
		}
		extra = append(extra, namespaces)
	}
	return spec.compile(meta, "GlobalNetworkPolicy", extra)
}

// parsePolicyNamespaces parses the namespaceSelector of a policy, where, unlike in a rule, global() must not stand.
func parsePolicyNamespaces(expression string) (selector.Selector, error) {
	if _, err := selector.ParsePlain(expression); err != nil {
		return selector.Selector{}, err
	}
	return selector.ParseNamespaces(expression)
}

// compile makes a policy whose pods must satisfy its own selectors and the extra ones.
func (s *calicoNetworkPolicy) compile(meta metav1.ObjectMeta, kind string, extra []selector.Selector) (*policy, error) {
	plain, err := selector.ParsePlain(s.Selector)
	if err != nil {
		return nil, fmt.Errorf("spec.selector: %w", err)
	}
	subject := entity{selectors: append(extra, plain)}
	if s.ServiceAccountSelector != "" {
		accounts, err := selector.ParseServiceAccounts(s.ServiceAccountSelector)
		if err != nil {
			return nil, fmt.Errorf("spec.serviceAccountSelector: %w", err)
		}
		subject.selectors = append(subject.selectors, accounts)
	}
	compiled := &policy{
		kind: kind, namespace: meta.Namespace, name: meta.Name, order: last,
		selects: func(e *endpoint) bool { return subject.selectsAll(e.labels) },
	}
	if s.Order != nil {
		compiled.order = *s.Order
	}
	if compiled.governs, err = s.governs(); err != nil {
		return nil, err
	}
	for towards, specs := range map[direction]*[]ruleSpec{ingress: s.Ingress, egress: s.Egress} {
		if specs == nil {
			continue
		}
		for i, spec := range *specs {
			when, err := spec.compile(meta.Namespace)
			if err != nil {
				return nil, fmt.Errorf("spec.%s[%d]: %w", towards, i, err)
			}
			compiled.rules[towards] = append(compiled.rules[towards], rule{spec.Action, when})
		}
	}
	return compiled, nil
}

// governs reads the types, or fills them in: Ingress where there is no egress rule, Egress where there is one and no
// ingress rule, else both. Calico's APIs differ on lists that are there and empty.
func (s *calicoNetworkPolicy) governs() (governs [2]bool, err error) {
	if len(s.Types) == 0 {
		for _, rules := range []*[]ruleSpec{s.Ingress, s.Egress} {
			if rules != nil && len(*rules) == 0 {
				return governs, errors.New("not covered: types are left out beside an empty list of rules, which " +
					"Calico's APIs understand differently")
			}
		}
		return [2]bool{ingress: s.Ingress != nil || s.Egress == nil, egress: s.Egress != nil}, nil
	}
	for _, name := range s.Types {
		switch name {
		case "Ingress":
			governs[ingress] = true
		case "Egress":
			governs[egress] = true
		default:
			return governs, fmt.Errorf("spec.types: %q is neither Ingress nor Egress", name)
		}
	}
	return governs, nil
}
