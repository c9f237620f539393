package tiers

import (
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

const (
	networkPolicyKind = "Kubernetes NetworkPolicy"
	// networkPolicyOrder is where Calico puts NetworkPolicies within tier default.
	networkPolicyOrder = 1000

	firstPort = 1
	lastPort  = 65535
)

// newKubernetesPolicy compiles a NetworkPolicy that has the server's defaults and is valid.
func newKubernetesPolicy(given *networkingv1.NetworkPolicy) (*policy, error) {
	subject, err := newPodSelector(&given.Spec.PodSelector, nil, given.Namespace)
	if err != nil {
		return nil, err
	}
	compiled := &policy{
		kind: networkPolicyKind, namespace: given.Namespace, name: given.Name, order: networkPolicyOrder,
		selects: subject.selects, isNative: true,
	}
	for _, one := range given.Spec.PolicyTypes {
		compiled.governs[ingress] = compiled.governs[ingress] || one == networkingv1.PolicyTypeIngress
		compiled.governs[egress] = compiled.governs[egress] || one == networkingv1.PolicyTypeEgress
	}
	for _, one := range given.Spec.Ingress {
		if err := compiled.allow(ingress, one.From, one.Ports); err != nil {
			return nil, err
		}
	}
	for _, one := range given.Spec.Egress {
		if err := compiled.allow(egress, one.To, one.Ports); err != nil {
			return nil, err
		}
	}
	return compiled, nil
}

// allow adds a rule. Absent and empty lists are no criterion.
func (p *policy) allow(
	towards direction, peers []networkingv1.NetworkPolicyPeer, ports []networkingv1.NetworkPolicyPort,
) error {
	match := &peerRule{towards: towards}
	for _, given := range peers {
		compiled, err := newPeer(given, p.namespace)
		if err != nil {
			return err
		}
		match.peers = append(match.peers, compiled)
	}
	for _, given := range ports {
		match.ports = append(match.ports, newPort(given))
	}
	p.rules[towards] = append(p.rules[towards], rule{allow, match})
	return nil
}

// newPeer compiles a peer. Without a namespaceSelector it means pods of the policy's own namespace.
func newPeer(given networkingv1.NetworkPolicyPeer, namespace string) (peer, error) {
	if given.IPBlock != nil {
		net, err := netip.ParsePrefix(given.IPBlock.CIDR)
		if err != nil {
			return peer{}, err
		}
		compiled := peer{nets: []netip.Prefix{net.Masked()}}
		for _, text := range given.IPBlock.Except {
			net, err := netip.ParsePrefix(text)
			if err != nil {
				return peer{}, err
			}
			compiled.except = append(compiled.except, net.Masked())
		}
		return compiled, nil
	}
	if given.NamespaceSelector != nil {
		namespace = ""
	}
	pods, err := newPodSelector(given.PodSelector, given.NamespaceSelector, namespace)
	return peer{pods: pods}, err
}

// newPort compiles a port whose protocol the server has filled in and whose numbers it has judged.
func newPort(given networkingv1.NetworkPolicyPort) protoPort {
	protocol := corev1.ProtocolTCP
	if given.Protocol != nil {
		protocol = *given.Protocol
	}
	compiled := protoPort{protocolNumbers[string(protocol)], portMatch{first: firstPort, last: lastPort}}
	switch {
	case given.Port == nil:
	case given.Port.Type == intstr.String:
		compiled.portMatch = portMatch{name: given.Port.StrVal}
	default:
		compiled.first, compiled.last = uint16(given.Port.IntVal), uint16(given.Port.IntVal)
		if given.EndPort != nil {
			compiled.last = uint16(*given.EndPort)
		}
	}
	return compiled
}
