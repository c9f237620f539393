package tiers

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"polc.dev/conformance/internal/kubernetes"
	"polc.dev/conformance/internal/manifest"
)

// Loader reads documents into judges.
type Loader struct{ ignore map[string]bool }

// NewLoader returns a loader that passes over objects of the named kinds, unless it knows the kind.
func NewLoader(ignoredKinds []string) *Loader {
	ignore := map[string]bool{}
	for _, kind := range ignoredKinds {
		ignore[kind] = true
	}
	return &Loader{ignore: ignore}
}

// Load prepares the documents' objects for questions. Whatever does not decode strictly, is of an unknown kind or is
// not covered is an error: an answer about a world that was understood in part is worth nothing.
func (l *Loader) Load(documents []manifest.Document) (*Judge, error) {
	read := newObjects()
	for _, document := range documents {
		if err := l.add(read, document); err != nil {
			return nil, fmt.Errorf("%s: %w", document.Position(), err)
		}
	}
	return read.judge()
}

func (l *Loader) add(read *objects, document manifest.Document) error {
	header, err := document.Header()
	if err != nil {
		return err
	}
	if err := refuseTags(document.Text); err != nil {
		return fmt.Errorf("%s: %w", header.ID(), err)
	}
	kind := header.APIVersion + "/" + header.Kind
	add, ok := kinds[kind]
	if cluster, isCluster := clusterKinds[kind]; isCluster {
		ok, add = true, func(o *objects, text []byte) error { return o.addClusterPolicy(cluster, text) }
	}
	if !ok {
		if l.ignore[header.Kind] {
			return nil
		}
		return fmt.Errorf("%s: not covered: a kind that calico-tiers does not know", header.ID())
	}
	if err := add(read, document.Text); err != nil {
		return fmt.Errorf("%s: %w", header.ID(), err)
	}
	return nil
}

// kinds are the kinds that are read, but for those of clusterKinds. Staged policies are enforced by nobody.
var kinds = map[string]func(*objects, []byte) error{
	"v1/Namespace":                       (*objects).addNative,
	"v1/Pod":                             (*objects).addNative,
	"v1/ServiceAccount":                  (*objects).addNative,
	"networking.k8s.io/v1/NetworkPolicy": (*objects).addNative,

	"projectcalico.org/v3/Tier":                          (*objects).addTier,
	"projectcalico.org/v3/GlobalNetworkPolicy":           (*objects).addGlobalNetworkPolicy,
	"projectcalico.org/v3/NetworkPolicy":                 (*objects).addNetworkPolicy,
	"projectcalico.org/v3/GlobalNetworkSet":              (*objects).addNetworkSet,
	"projectcalico.org/v3/NetworkSet":                    (*objects).addNetworkSet,
	"projectcalico.org/v3/StagedGlobalNetworkPolicy":     (*objects).passOver,
	"projectcalico.org/v3/StagedNetworkPolicy":           (*objects).passOver,
	"projectcalico.org/v3/StagedKubernetesNetworkPolicy": (*objects).passOver,
}

func (o *objects) passOver([]byte) error { return nil }

// custom is an object of a kind that Kubernetes does not define.
type custom[Spec any] struct {
	metav1.TypeMeta `json:",inline"`
	Metadata        metav1.ObjectMeta `json:"metadata"`
	Spec            Spec              `json:"spec"`
	Status          any               `json:"status"`
}

// decode reads a custom object as the API server does: unknown fields and duplicate keys are errors, and names of
// fields are case-sensitive.
func decode[Spec any](text []byte) (*custom[Spec], error) {
	asJSON, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, err
	}
	var object custom[Spec]
	problems, err := json.UnmarshalStrict(asJSON, &object)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, problems[0]
	}
	if object.Metadata.Name == "" {
		return nil, fmt.Errorf("an object needs a name")
	}
	return &object, nil
}

func (o *objects) addNative(text []byte) error {
	object, err := kubernetes.Decode(text)
	if err != nil {
		return err
	}
	switch object := object.(type) {
	case *corev1.Namespace:
		return o.addNamespace(object)
	case *corev1.Pod:
		return o.addPod(object)
	case *corev1.ServiceAccount:
		return o.addAccount(object)
	case *networkingv1.NetworkPolicy:
		if err := kubernetes.ValidateNetworkPolicy(object); err != nil {
			return err
		}
		compiled, err := newKubernetesPolicy(object)
		if err != nil {
			return err
		}
		return o.addPolicy(defaultTier, compiled)
	}
	return fmt.Errorf("decoded to %T", object)
}
