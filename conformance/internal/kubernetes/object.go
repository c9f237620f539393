// Package kubernetes reads objects of Kubernetes' own kinds as the API server does: strictly decoded, with its defaults
// filled in, and judged by its validation.
package kubernetes

import (
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/apis/networking"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	"k8s.io/kubernetes/pkg/apis/networking/validation"
)

var codecs = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)

// Decode decodes a document and fills in the server's defaults. Unknown fields and duplicate keys are errors.
func Decode(text []byte) (runtime.Object, error) {
	object, _, err := codecs.UniversalDeserializer().Decode(text, nil, nil)
	if err != nil {
		return nil, err
	}
	legacyscheme.Scheme.Default(object)
	return object, nil
}

// ValidateNetworkPolicy runs the API server's validation.
func ValidateNetworkPolicy(policy *networkingv1.NetworkPolicy) error {
	internal, err := legacyscheme.Scheme.ConvertToVersion(policy, networking.SchemeGroupVersion)
	if err != nil {
		return err
	}
	converted, ok := internal.(*networking.NetworkPolicy)
	if !ok {
		return fmt.Errorf("converted to %T", internal)
	}
	options := validation.ValidationOptionsForNetworking(converted, nil)
	return validation.ValidateNetworkPolicy(converted, options).ToAggregate()
}
