package tiers

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"polc.dev/conformance/internal/selector"
)

// judge puts the objects together, and refuses a world in which an answer would be a guess.
func (o *objects) judge() (*Judge, error) {
	built := &Judge{pods: map[string]*endpoint{}, addresses: map[netip.Addr]*endpoint{}}
	for _, name := range slices.Sorted(maps.Keys(o.pods)) {
		if err := o.addEndpoint(built, o.pods[name]); err != nil {
			return nil, fmt.Errorf("pod %s: %w", name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.sets)) {
		set, err := o.inheritedSet(o.sets[name])
		if err != nil {
			return nil, fmt.Errorf("NetworkSet %s: %w", name, err)
		}
		built.sets = append(built.sets, set)
	}
	var err error
	built.tiers, err = o.sortedTiers()
	return built, err
}

func (o *objects) addEndpoint(built *Judge, pod *corev1.Pod) error {
	namespace := o.namespaces[pod.Namespace]
	if namespace == nil {
		return fmt.Errorf("its namespace %s is not given", pod.Namespace)
	}
	account := o.accounts[pod.Namespace+"/"+accountOf(pod)]
	if account == nil {
		if pod.Spec.ServiceAccountName != "" && pod.Spec.ServiceAccountName != "default" {
			return fmt.Errorf("its ServiceAccount %s is not given", accountOf(pod))
		}
		account = accountLabels(nil, accountOf(pod)) // the one of every namespace
	}
	compiled, err := newEndpoint(pod, namespace, account)
	if err != nil {
		return err
	}
	for _, address := range compiled.addresses {
		if other := built.addresses[address]; other != nil {
			return fmt.Errorf("it has the address of pod %s", other.name)
		}
		built.addresses[address] = compiled
	}
	built.pods[compiled.name] = compiled
	return nil
}

// inheritedSet gives a NetworkSet of a namespace the labels that come with it.
func (o *objects) inheritedSet(set setObject) (networkSet, error) {
	if set.namespace == "" {
		return set.networkSet, nil
	}
	namespace := o.namespaces[set.namespace]
	if namespace == nil {
		return networkSet{}, fmt.Errorf("its namespace %s is not given", set.namespace)
	}
	labels := inherited(namespace, selector.NamespacePrefix)
	maps.Copy(labels, set.labels)
	labels[selector.NamespaceLabel] = set.namespace
	return networkSet{labels, set.nets}, nil
}

// sortedTiers puts the policies into their tiers. A policy of a tier that is not there closes the pods it selects until
// the tier comes; what else it does then is not known, so it is an error.
func (o *objects) sortedTiers() ([]*tier, error) {
	tiers := maps.Clone(o.tiers)
	for _, builtIn := range builtInTiers() {
		tiers[builtIn.name] = builtIn
	}
	for _, placed := range o.placed {
		if placed.namespace != "" && o.namespaces[placed.namespace] == nil {
			return nil, fmt.Errorf("%s: its namespace is not given", placed.policy)
		}
		in := tiers[placed.tier]
		if in == nil {
			return nil, fmt.Errorf("not covered: %s is in tier %s, which is not given", placed.policy, placed.tier)
		}
		in.policies = append(in.policies, placed.policy)
	}
	if isUsed(tiers, adminTier, baselineTier) && isUsed(tiers, oldAdminTier, oldBaselineTier) {
		return nil, errors.New("no version of Calico has both ClusterNetworkPolicy and AdminNetworkPolicy")
	}
	sorted := slices.SortedFunc(maps.Values(tiers), compareTiers)
	for _, one := range sorted {
		slices.SortFunc(one.policies, comparePolicies)
	}
	return sorted, nil
}

func isUsed(tiers map[string]*tier, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return len(tiers[name].policies) > 0 })
}
