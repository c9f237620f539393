package reach

import (
	"fmt"
	"maps"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// selectors replaces label selectors by marks. Cyclonus 0.5.6 matches labels wrongly in two places: NotIn does not
// match an object without the label, and matchLabels with an empty value does. So each distinct selector is evaluated
// here by Kubernetes' own label code; what it selects gets a label of its own, the mark, and Cyclonus is given a
// selector for that mark. Cyclonus still decides everything else: isolation, directions, peers, addresses, ports.
type selectors struct {
	marks map[string]string          // serialized selector to mark
	known map[string]labels.Selector // mark to selector
}

func newSelectors() *selectors {
	return &selectors{marks: map[string]string{}, known: map[string]labels.Selector{}}
}

// markKey is a label key that no object can have: it is longer than the API server allows.
const markKey = "selected-by-a-selector-of-this-world-as-kubernetes-itself-evaluates-it-"

// mark returns a selector that Cyclonus cannot get wrong: one label that is equal to one value. The empty selector
// stays what it is, since Cyclonus takes it for "all".
func (s *selectors) mark(selector metav1.LabelSelector) (metav1.LabelSelector, error) {
	if len(selector.MatchLabels) == 0 && len(selector.MatchExpressions) == 0 {
		return metav1.LabelSelector{}, nil
	}
	parsed, err := metav1.LabelSelectorAsSelector(&selector)
	if err != nil {
		return metav1.LabelSelector{}, err
	}
	mark, ok := s.marks[parsed.String()]
	if !ok {
		mark = fmt.Sprintf("%s%d", markKey, len(s.marks))
		s.marks[parsed.String()] = mark
		s.known[mark] = parsed
	}
	return metav1.LabelSelector{MatchLabels: map[string]string{mark: "yes"}}, nil
}

// markPolicy returns the policy with every selector replaced.
func (s *selectors) markPolicy(policy *networkingv1.NetworkPolicy) (*networkingv1.NetworkPolicy, error) {
	marked := policy.DeepCopy()
	var err error
	if marked.Spec.PodSelector, err = s.mark(policy.Spec.PodSelector); err != nil {
		return nil, err
	}
	for _, peer := range peers(marked) {
		for _, selector := range []*metav1.LabelSelector{peer.PodSelector, peer.NamespaceSelector} {
			if selector == nil {
				continue
			}
			if *selector, err = s.mark(*selector); err != nil {
				return nil, err
			}
		}
	}
	return marked, nil
}

// markLabels returns the labels of an object together with the marks of the selectors that select it.
func (s *selectors) markLabels(own map[string]string) map[string]string {
	marked := maps.Clone(own)
	if marked == nil {
		marked = map[string]string{}
	}
	for mark, selector := range s.known {
		if selector.Matches(labels.Set(own)) {
			marked[mark] = "yes"
		}
	}
	return marked
}
