package reach

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	corev1 "k8s.io/api/core/v1"
)

// Judge answers questions about one world.
type Judge struct {
	pods      map[string]*endpoint
	addresses map[netip.Addr]string // the pods' addresses, to their names
}

// endpoint is one end of a connection: a pod, or an address outside, of which nothing but the address is known.
type endpoint struct {
	name  string
	peer  *matcher.TrafficPeer
	ports []DeclaredPort
	// own holds the parts of the policies whose target this pod is; nil for an address outside.
	own *matcher.Policy
}

// DeclaredPort is a container port of a pod.
type DeclaredPort struct {
	Port
	Name string
}

// NewJudge prepares a world for questions.
func NewJudge(world *World) (*Judge, error) {
	selectors := newSelectors()
	all := matcher.NewPolicy()
	for _, name := range slices.Sorted(maps.Keys(world.policies)) {
		policy, err := selectors.markPolicy(world.policies[name])
		if err != nil {
			return nil, fmt.Errorf("NetworkPolicy %s: %w", name, err)
		}
		ingress, egress := matcher.BuildTarget(policy)
		if ingress != nil {
			all.AddTarget(true, ingress)
		}
		if egress != nil {
			all.AddTarget(false, egress)
		}
	}
	judge := &Judge{pods: map[string]*endpoint{}, addresses: map[netip.Addr]string{}}
	namespaces := map[string]map[string]string{}
	for name, labels := range world.namespaces {
		namespaces[name] = selectors.markLabels(labels)
	}
	for name, pod := range world.pods {
		if address, err := netip.ParseAddr(pod.Status.PodIP); err == nil {
			judge.addresses[address.Unmap()] = name
		}
		judge.pods[name] = newEndpoint(name, pod, selectors.markLabels(pod.Labels), namespaces[pod.Namespace], all)
	}
	return judge, nil
}

// newEndpoint picks, once and by Cyclonus, the targets that apply to the pod: asking about all of them at every
// question would make a question cost as much as there are policies.
func newEndpoint(name string, pod *corev1.Pod, labels, namespaceLabels map[string]string, all *matcher.Policy) *endpoint {
	return &endpoint{
		name: name,
		peer: &matcher.TrafficPeer{
			IP: pod.Status.PodIP,
			Internal: &matcher.InternalPeer{
				PodLabels: labels, NamespaceLabels: namespaceLabels, Namespace: pod.Namespace,
			},
		},
		ports: declaredPorts(pod),
		own: matcher.NewPolicyWithTargets(
			all.TargetsApplyingToPod(true, pod.Namespace, labels),
			all.TargetsApplyingToPod(false, pod.Namespace, labels)),
	}
}

func declaredPorts(pod *corev1.Pod) []DeclaredPort {
	var ports []DeclaredPort
	for _, container := range slices.Concat(restartable(pod.Spec.InitContainers), pod.Spec.Containers) {
		for _, port := range container.Ports {
			ports = append(ports, DeclaredPort{Port{port.Protocol, port.ContainerPort}, port.Name})
		}
	}
	return ports
}

// restartable keeps the init containers that run beside the others (sidecars): only theirs are ports of the pod.
func restartable(containers []corev1.Container) []corev1.Container {
	return slices.DeleteFunc(slices.Clone(containers), func(container corev1.Container) bool {
		return container.RestartPolicy == nil || *container.RestartPolicy != corev1.ContainerRestartPolicyAlways
	})
}

// find returns the pod "namespace/name" or the address outside.
func (j *Judge) find(name string) (*endpoint, error) {
	if pod := j.pods[name]; pod != nil {
		return pod, nil
	}
	address, err := netip.ParseAddr(name)
	if err != nil {
		return nil, fmt.Errorf("%q is neither a pod of this world nor an address", name)
	}
	if pod, ok := j.addresses[address.Unmap()]; ok {
		return nil, fmt.Errorf("%s is the address of pod %s", name, pod)
	}
	return &endpoint{name: name, peer: &matcher.TrafficPeer{IP: name}}, nil
}

// allows says whether a connection may be opened. A pod always reaches itself: no policy can stop that.
func (j *Judge) allows(source, destination *endpoint, port Port) bool {
	if source.name == destination.name {
		return true
	}
	const egress, ingress = false, true
	return allowsSide(source.own, egress, source, destination, port) &&
		allowsSide(destination.own, ingress, source, destination, port)
}

// allowsSide asks Cyclonus about one side by the policies of its end. A port declared under several names is open if
// one name is allowed; a port that is not declared has no name.
func allowsSide(own *matcher.Policy, isIngress bool, source, destination *endpoint, port Port) bool {
	if own == nil {
		return true // no policy governs an address outside
	}
	return slices.ContainsFunc(destination.namesOf(port), func(name string) bool {
		return own.IsIngressOrEgressAllowed(&matcher.Traffic{
			Source: source.peer, Destination: destination.peer,
			ResolvedPort: int(port.Number), ResolvedPortName: name, Protocol: port.Protocol,
		}, isIngress).IsAllowed()
	})
}

// namesOf returns the names of a port of this endpoint, at least one: the empty name.
func (e *endpoint) namesOf(port Port) []string {
	names := []string{""}
	for _, declared := range e.ports {
		if declared.Port == port && declared.Name != "" {
			names = append(names, declared.Name)
		}
	}
	return names
}
