package calico

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"

	"polc.dev/conformance/internal/selector"
)

// Judge returns what Calico's validator would refuse in the document beyond its schema. A document that does not
// decode is refused by the schema and not judged here.
func Judge(kind string, text []byte) []string {
	switch kind {
	case "GlobalNetworkPolicy", "NetworkPolicy":
		return append(judgeSelectors(text), judgePolicy(text)...)
	case "GlobalNetworkSet":
		return judgeNetworkSet(text)
	}
	return nil
}

func judgeSelectors(text []byte) []string {
	var object map[string]any
	if yaml.Unmarshal(text, &object) != nil {
		return nil
	}
	var errors []string
	for _, found := range selector.Fields(object) {
		_, err := selector.Parse(found.Expression)
		if err == nil {
			err = selector.CheckGlobal(found.Expression)
		}
		if err != nil {
			errors = append(errors, fmt.Sprintf("%s: Invalid selector %q: %v", found.Path, found.Expression, err))
		}
	}
	return errors
}

func judgePolicy(text []byte) []string {
	var object struct {
		Spec policy `json:"spec"`
	}
	if yaml.Unmarshal(text, &object) != nil {
		return nil
	}
	spec := field.NewPath("spec")
	var errs field.ErrorList
	if len(object.Spec.Types) == 0 {
		// Calico's API server fills the list in, its CRDs do not: the object would mean different things.
		errs = append(errs, field.Required(spec.Child("types"), "left out, it means different things to Calico's APIs"))
	}
	for i, rule := range object.Spec.Ingress {
		errs = append(errs, rule.validate(spec.Child("ingress").Index(i))...)
	}
	for i, rule := range object.Spec.Egress {
		errs = append(errs, rule.validate(spec.Child("egress").Index(i))...)
	}
	return texts(errs)
}

func judgeNetworkSet(text []byte) []string {
	var object networkSet
	if yaml.Unmarshal(text, &object) != nil {
		return nil
	}
	errs := validateNets(object.Spec.Nets, field.NewPath("spec", "nets"))
	if _, set := object.Metadata.Labels[namespaceLabel]; set {
		path := field.NewPath("metadata", "labels").Key(namespaceLabel)
		errs = append(errs, field.Forbidden(path, "Calico sets this label itself"))
	}
	return texts(errs)
}

const namespaceLabel = "projectcalico.org/namespace"

func texts(errs field.ErrorList) []string {
	var messages []string
	for _, err := range errs {
		messages = append(messages, err.Error())
	}
	return messages
}
