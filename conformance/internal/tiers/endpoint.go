package tiers

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"polc.dev/conformance/internal/selector"
)

// endpoint is a pod as Calico sees it.
type endpoint struct {
	name            string // namespace/name
	namespace       string
	labels          map[string]string
	namespaceLabels map[string]string
	addresses       []netip.Addr
	ports           []namedPort
	isHostNetwork   bool // not an endpoint at all; it is kept so that questions about it can be refused
}

// namedPort is a container port with a name.
type namedPort struct {
	name     string
	protocol uint8
	number   uint16
}

// holds says whether the endpoint has a port of this name, protocol and number.
func (e *endpoint) holds(port namedPort) bool { return slices.Contains(e.ports, port) }

// longestLabeledAccount is how long a service account's name may be to become a label of its pods.
const longestLabeledAccount = 62

// newEndpoint makes an endpoint of a pod whose namespace and service account have these labels. A label of the pod
// itself wins over one it inherits, and one that Calico sets wins over the pod's.
func newEndpoint(pod *corev1.Pod, namespaceLabels, accountLabels map[string]string) (*endpoint, error) {
	labels := inherited(namespaceLabels, selector.NamespacePrefix)
	maps.Copy(labels, inherited(accountLabels, selector.ServiceAccountPrefix))
	maps.Copy(labels, pod.Labels)
	labels[selector.NamespaceLabel] = pod.Namespace
	labels[selector.OrchestratorLabel] = "k8s"
	if account := accountOf(pod); len(account) <= longestLabeledAccount {
		labels[selector.ServiceAccountLabel] = account
	}
	addresses, err := addressesOf(pod)
	if err != nil {
		return nil, err
	}
	ports, err := portsOf(pod)
	return &endpoint{
		name: pod.Namespace + "/" + pod.Name, namespace: pod.Namespace, labels: labels,
		namespaceLabels: namespaceLabels, addresses: addresses, ports: ports, isHostNetwork: pod.Spec.HostNetwork,
	}, err
}

func inherited(own map[string]string, prefix string) map[string]string {
	labels := map[string]string{}
	for key, value := range own {
		labels[prefix+key] = value
	}
	return labels
}

// accountOf is the name of the pod's service account, filled in as the API server does.
func accountOf(pod *corev1.Pod) string {
	if pod.Spec.ServiceAccountName == "" {
		return "default"
	}
	return pod.Spec.ServiceAccountName
}

func addressesOf(pod *corev1.Pod) ([]netip.Addr, error) {
	var texts []string
	if pod.Status.PodIP != "" {
		texts = append(texts, pod.Status.PodIP)
	}
	for _, entry := range pod.Status.PodIPs {
		if entry.IP != pod.Status.PodIP {
			texts = append(texts, entry.IP)
		}
	}
	var addresses []netip.Addr
	seen := map[int]bool{}
	for _, text := range texts {
		address, err := parseAddress(text)
		if err != nil {
			return nil, err
		}
		if seen[familyOf(address)] {
			return nil, fmt.Errorf("two addresses of family IPv%d", familyOf(address))
		}
		seen[familyOf(address)] = true
		addresses = append(addresses, address)
	}
	return addresses, nil
}

// parseAddress reads an IPv4 or IPv6 address; forms that could mean either, or need an interface, are errors.
func parseAddress(text string) (netip.Addr, error) {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}, err
	}
	if address.Is4In6() || address.Zone() != "" {
		return netip.Addr{}, fmt.Errorf("%q is not a plain IPv4 or IPv6 address", text)
	}
	return address, nil
}

func portsOf(pod *corev1.Pod) ([]namedPort, error) {
	for _, container := range pod.Spec.InitContainers {
		for _, port := range container.Ports {
			if port.Name != "" {
				return nil, fmt.Errorf("not covered: named port %s of an init container", port.Name)
			}
		}
	}
	var ports []namedPort
	for _, container := range pod.Spec.Containers {
		for _, port := range container.Ports {
			protocol, ok := protocolNumbers[string(port.Protocol)]
			if !ok || !hasPorts(protocol) || port.ContainerPort < 1 || port.ContainerPort > 65535 {
				return nil, fmt.Errorf("container port %s/%d", port.Protocol, port.ContainerPort)
			}
			if port.Name != "" {
				ports = append(ports, namedPort{port.Name, protocol, uint16(port.ContainerPort)})
			}
		}
	}
	return ports, nil
}
