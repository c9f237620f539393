package crd

import (
	"context"
	"fmt"

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	schemavalidation "k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/api/meta"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"
)

// Judge returns what the API server would refuse in the document, a custom resource of a kind of this set.
// Unknown fields and duplicate keys are errors, as under fieldValidation=Strict.
func (s *Set) Judge(gvk schema.GroupVersionKind, text []byte) []string {
	kind := s.kinds[gvk]
	if kind == nil {
		return []string{fmt.Sprintf("no definition of %s", gvk)}
	}
	content, err := decode(text)
	if err != nil {
		return []string{err.Error()}
	}
	var messages []string
	for _, path := range unknownFields(kind, content) {
		messages = append(messages, fmt.Sprintf("unknown field %q", path))
	}
	defaulting.Default(content, kind.structural)
	errs, err := kind.validate(content)
	if err != nil {
		return append(messages, err.Error())
	}
	for _, e := range errs {
		messages = append(messages, e.Error())
	}
	return messages
}

// decode reads a document as the API server does: duplicate keys are an error, whole numbers are integers and not
// floats (CEL refuses a float where a schema says int-or-string).
func decode(text []byte) (map[string]any, error) {
	asJSON, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, err
	}
	var content map[string]any
	return content, utiljson.Unmarshal(asJSON, &content)
}

// unknownFields removes what the schema does not know from the content and names it.
func unknownFields(kind *kind, content map[string]any) []string {
	options := structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	return pruning.PruneWithOptions(content, kind.structural, true, options)
}

func (k *kind) validate(content map[string]any) (field.ErrorList, error) {
	accessor, err := meta.Accessor(&unstructured.Unstructured{Object: content})
	if err != nil {
		return nil, err
	}
	errs := apivalidation.ValidateObjectMetaAccessor(
		accessor, k.namespaced, apivalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
	errs = append(errs, objectmeta.Validate(nil, content, k.structural, true)...)
	errs = append(errs, schemavalidation.ValidateCustomResource(nil, content, k.schema)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, k.structural, content)...)
	if k.cel != nil {
		found, _ := k.cel.Validate(
			context.Background(), nil, k.structural, content, nil, celconfig.RuntimeCELCostBudget)
		errs = append(errs, found...)
	}
	return errs, nil
}
