package rbac

import (
	"sort"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// aggregate gives every ClusterRole with an aggregation rule the rules of those that its selectors select, again and
// again until nothing changes, as the controller of ClusterRole aggregation does. What is written in such a role is
// overwritten, so it begins with nothing.
func (o *objects) aggregate() {
	for _, role := range o.clusterRoles {
		if role.AggregationRule != nil {
			role.Rules = nil
		}
	}
	sort.Slice(o.clusterRoles, func(a, b int) bool { return o.clusterRoles[a].Name < o.clusterRoles[b].Name })
	for changed := true; changed; {
		changed = false
		for _, role := range o.clusterRoles {
			if role.AggregationRule == nil {
				continue
			}
			rules := o.selected(role)
			if !equality.Semantic.DeepEqual(rules, role.Rules) {
				role.Rules = rules
				changed = true
			}
		}
	}
}

func (o *objects) selected(role *rbacv1.ClusterRole) []rbacv1.PolicyRule {
	var rules []rbacv1.PolicyRule
	for i := range role.AggregationRule.ClusterRoleSelectors {
		selector, err := metav1.LabelSelectorAsSelector(&role.AggregationRule.ClusterRoleSelectors[i])
		if err != nil {
			continue
		}
		for _, other := range o.clusterRoles {
			if other.Name != role.Name && selector.Matches(labels.Set(other.Labels)) {
				rules = added(rules, other.Rules)
			}
		}
	}
	// In one order, so that roles that aggregate each other come to rest.
	sort.Slice(rules, func(a, b int) bool { return rules[a].String() < rules[b].String() })
	return rules
}

func added(rules, more []rbacv1.PolicyRule) []rbacv1.PolicyRule {
next:
	for _, rule := range more {
		for _, known := range rules {
			if equality.Semantic.DeepEqual(known, rule) {
				continue next
			}
		}
		rules = append(rules, rule)
	}
	return rules
}
