package tiers

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// action is what a rule does with a connection it matches.
type action string

const (
	allow action = "Allow"
	deny  action = "Deny"
	pass  action = "Pass" // to the next tier
	log   action = "Log"  // and on to the next rule
)

// matcher says whether a rule matches a connection, or that the question does not say enough to tell.
type matcher interface {
	matches(*connection) (bool, error)
}

// rule is one rule of a policy.
type rule struct {
	action action
	when   matcher
}

// last is the order of a policy that names none: after all others.
var last = math.Inf(1)

// policy is a policy of any kind, in the form tiers evaluate.
type policy struct {
	kind, namespace, name string
	order                 float64
	// selects says whether the policy is about an endpoint.
	selects func(*endpoint) bool
	// governs says which directions the policy has; rules of other directions are inert.
	governs [2]bool
	rules   [2][]rule
	// isNative marks kinds of Kubernetes. Their names in Calico differ by version, so that their place among others of
	// the same order does too.
	isNative bool
}

func (p *policy) String() string {
	if p.namespace == "" {
		return p.kind + " " + p.name
	}
	return fmt.Sprintf("%s %s/%s", p.kind, p.namespace, p.name)
}

// key settles equal orders.
func (p *policy) key() string { return p.name + "/" + p.namespace + "/" + p.kind }

func comparePolicies(a, b *policy) int {
	return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.key(), b.key()))
}

// checkTies refuses policies of which nobody can say which comes first. NetworkPolicies only allow, so that their
// order among themselves has no effect.
func checkTies(sorted []*policy) error {
	for i, one := range sorted {
		for _, other := range sorted[i+1:] {
			if one.order != other.order {
				break
			}
			if !one.isNative && !other.isNative || one.kind == networkPolicyKind && other.kind == networkPolicyKind {
				continue
			}
			return fmt.Errorf("not covered: %s and %s have the same order, %v, in one tier: which comes first is "+
				"undefined or differs by version", one, other, one.order)
		}
	}
	return nil
}

// tier is a tier with its policies in the order of their evaluation.
type tier struct {
	name     string
	order    float64
	passes   bool // defaultAction Pass
	policies []*policy
}

func compareTiers(a, b *tier) int {
	return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.name, b.name))
}

// applicable is the tier's policies that are about an endpoint in one direction.
func (t *tier) applicable(own *endpoint, towards direction) ([]*policy, error) {
	found := slices.Clone(t.policies)
	found = slices.DeleteFunc(found, func(p *policy) bool { return !p.governs[towards] || !p.selects(own) })
	return found, checkTies(found)
}
