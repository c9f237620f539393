// Package reach says which connections NetworkPolicies let pass, by the matcher of Cyclonus, an evaluator that shares
// no code with the project. Cyclonus is given what the API server would have stored (defaults applied, objects
// validated) and label selectors that Kubernetes' own code has already evaluated.
package reach

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

// World is the objects a question is asked about.
type World struct {
	namespaces map[string]map[string]string // name to labels
	pods       map[string]*corev1.Pod       // by namespace/name
	policies   map[string]*networkingv1.NetworkPolicy
}

// NewWorld returns a world without objects.
func NewWorld() *World {
	return &World{
		namespaces: map[string]map[string]string{},
		pods:       map[string]*corev1.Pod{},
		policies:   map[string]*networkingv1.NetworkPolicy{},
	}
}

// addNamespace adds a namespace, or labels to a namespace already there. One label of two values is an error.
func (w *World) addNamespace(namespace *corev1.Namespace) error {
	labels := w.namespaces[namespace.Name]
	if labels == nil {
		labels = map[string]string{}
		w.namespaces[namespace.Name] = labels
	}
	for key, value := range namespace.Labels {
		if old, ok := labels[key]; ok && old != value {
			return fmt.Errorf("label %s is %q in one object of this namespace and %q in another", key, old, value)
		}
	}
	maps.Copy(labels, namespace.Labels)
	labels[corev1.LabelMetadataName] = namespace.Name // the API server sets it and nobody can change it
	return nil
}

func (w *World) addPod(pod *corev1.Pod) error {
	name := pod.Namespace + "/" + pod.Name
	if pod.Namespace == "" || pod.Name == "" {
		return errors.New("a pod needs a namespace and a name")
	}
	if w.pods[name] != nil {
		return fmt.Errorf("pod %s is there twice", name)
	}
	if pod.Spec.HostNetwork {
		return fmt.Errorf("pod %s is in the host network, for which NetworkPolicy is undefined", name)
	}
	if len(pod.Status.PodIPs) > 1 {
		return fmt.Errorf("pod %s has several addresses; give it one", name)
	}
	if ip := pod.Status.PodIP; ip != "" {
		if _, err := netip.ParseAddr(ip); err != nil {
			return fmt.Errorf("pod %s: %w", name, err)
		}
	}
	w.pods[name] = pod
	return nil
}

func (w *World) addPolicy(policy *networkingv1.NetworkPolicy) error {
	name := policy.Namespace + "/" + policy.Name
	if w.policies[name] != nil {
		return fmt.Errorf("NetworkPolicy %s is there twice", name)
	}
	w.policies[name] = policy
	return nil
}

// check refuses a world in which an answer would be a guess.
func (w *World) check() error {
	for name, pod := range w.pods {
		if w.namespaces[pod.Namespace] == nil {
			return fmt.Errorf("pod %s: its namespace is not given", name)
		}
		if pod.Status.PodIP == "" && w.usesAddresses() {
			return fmt.Errorf("pod %s has no status.podIP, and a policy selects by address", name)
		}
	}
	for name, policy := range w.policies {
		if w.namespaces[policy.Namespace] == nil {
			return fmt.Errorf("NetworkPolicy %s: its namespace is not given", name)
		}
	}
	return nil
}

func (w *World) usesAddresses() bool {
	for _, policy := range w.policies {
		for _, peer := range peers(policy) {
			if peer.IPBlock != nil {
				return true
			}
		}
	}
	return false
}

func peers(policy *networkingv1.NetworkPolicy) []*networkingv1.NetworkPolicyPeer {
	var found []*networkingv1.NetworkPolicyPeer
	for i := range policy.Spec.Ingress {
		for j := range policy.Spec.Ingress[i].From {
			found = append(found, &policy.Spec.Ingress[i].From[j])
		}
	}
	for i := range policy.Spec.Egress {
		for j := range policy.Spec.Egress[i].To {
			found = append(found, &policy.Spec.Egress[i].To[j])
		}
	}
	return found
}
