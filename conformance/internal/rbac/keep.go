package rbac

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kubeconversion "k8s.io/apimachinery/pkg/conversion"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"

	"polc.dev/conformance/internal/manifest"
)

// object is what every object has that matters here.
type object interface {
	metav1.Object
}

// keep adds an object to its list, unless the API server would refuse it. A namespaced object without a namespace is
// in the namespace default, where kubectl would create it; of a cluster-wide one the API server clears the namespace
// (EnsureObjectNamespaceMatchesRequestNamespace).
func keep[V any, I any](
	o *objects, text []byte, header manifest.Header, list *[]*V, setDefaults func(*V),
	convert func(*V, *I, kubeconversion.Scope) error, validate func(*I) field.ErrorList,
) error {
	decoded := new(V)
	if err := yaml.Unmarshal(text, decoded); err != nil {
		return err
	}
	named := any(decoded).(object)
	switch {
	case header.Kind == "ClusterRole" || header.Kind == "ClusterRoleBinding":
		named.SetNamespace("")
	case named.GetNamespace() == "":
		named.SetNamespace("default")
	}
	if setDefaults != nil {
		setDefaults(decoded)
	}
	converted := new(I)
	if err := convert(decoded, converted, nil); err != nil {
		return err
	}
	if errs := validate(converted); len(errs) > 0 {
		o.refused = append(o.refused, header.ID()+": "+errs.ToAggregate().Error())
		return nil
	}
	*list = append(without(*list, decoded), decoded)
	return nil
}

// without is the list less what has the object's name: of two the later one is what the cluster holds.
func without[V any](list []*V, decoded *V) []*V {
	return slices.DeleteFunc(list, func(other *V) bool {
		a, b := any(other).(object), any(decoded).(object)
		return a.GetNamespace() == b.GetNamespace() && a.GetName() == b.GetName()
	})
}
