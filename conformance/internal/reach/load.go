package reach

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"

	"polc.dev/conformance/internal/kubernetes"
	"polc.dev/conformance/internal/manifest"
)

// Loader reads documents into worlds.
type Loader struct {
	ignore    map[string]bool
	namespace string
}

// LoaderOptions says what a loader is lenient about; its zero value is lenient about nothing.
type LoaderOptions struct {
	// IgnoredKinds are passed over ("Service", "Kustomization"): only for kinds that cannot change what
	// NetworkPolicies mean. Namespace, Pod and NetworkPolicy are never passed over.
	IgnoredKinds []string
	// Namespace is that of pods and policies that name none, as with kubectl --namespace. Empty: those are refused.
	Namespace string
}

// NewLoader returns a loader with these options.
func NewLoader(options LoaderOptions) *Loader {
	ignore := map[string]bool{}
	for _, kind := range options.IgnoredKinds {
		ignore[kind] = true
	}
	return &Loader{
		ignore:    ignore,
		namespace: options.Namespace,
	}
}

// Load builds a world of the documents. Whatever does not decode strictly, is not valid or is of an unknown kind is
// an error: an answer about a world that was understood in part is worth nothing.
func (l *Loader) Load(documents []manifest.Document) (*World, error) {
	world := NewWorld()
	for _, document := range documents {
		if err := l.add(world, document); err != nil {
			return nil, fmt.Errorf("%s: %w", document.Position(), err)
		}
	}
	return world, world.check()
}

func (l *Loader) add(world *World, document manifest.Document) error {
	header, err := document.Header()
	if err != nil {
		return err
	}
	switch header.APIVersion + "/" + header.Kind {
	case "v1/Namespace", "v1/Pod", "networking.k8s.io/v1/NetworkPolicy":
	default:
		if l.ignore[header.Kind] {
			return nil
		}
		return fmt.Errorf("%s: a kind that reach does not know", header.ID())
	}
	object, err := kubernetes.Decode(document.Text)
	if err != nil {
		return fmt.Errorf("%s: %w", header.ID(), err)
	}
	if accessor, err := meta.Accessor(object); err == nil && accessor.GetNamespace() == "" && header.Kind != "Namespace" {
		accessor.SetNamespace(l.namespace)
	}
	if err := addObject(world, object); err != nil {
		return fmt.Errorf("%s: %w", header.ID(), err)
	}
	return nil
}

func addObject(world *World, object runtime.Object) error {
	switch object := object.(type) {
	case *corev1.Namespace:
		return world.addNamespace(object)
	case *corev1.Pod:
		return world.addPod(object)
	case *networkingv1.NetworkPolicy:
		// Cyclonus panics on some invalid policies and misreads others.
		if err := kubernetes.ValidateNetworkPolicy(object); err != nil {
			return err
		}
		return world.addPolicy(object)
	}
	return fmt.Errorf("decoded to %T", object)
}
