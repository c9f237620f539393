// Package crd judges custom resources by CustomResourceDefinitions with the API server's own code: structural
// schema, pruning, defaulting, list types and CEL validation rules.
package crd

import (
	"context"
	"errors"
	"fmt"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	apiextensionsvalidation "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	schemavalidation "k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	celconfig "k8s.io/apiserver/pkg/apis/cel"

	"polc.dev/conformance/internal/manifest"
)

// Set is the kinds defined by some CustomResourceDefinitions.
type Set struct {
	scheme *runtime.Scheme
	codecs serializer.CodecFactory
	kinds  map[schema.GroupVersionKind]*kind
}

// kind is one served version of a custom resource.
type kind struct {
	namespaced bool
	structural *structuralschema.Structural
	schema     schemavalidation.SchemaValidator
	cel        *cel.Validator
}

// NewSet returns a set without kinds.
func NewSet() *Set {
	scheme := runtime.NewScheme()
	install.Install(scheme)
	return &Set{
		scheme: scheme,
		codecs: serializer.NewCodecFactory(scheme, serializer.EnableStrict),
		kinds:  map[schema.GroupVersionKind]*kind{},
	}
}

// Has says whether a definition of the kind was added.
func (s *Set) Has(gvk schema.GroupVersionKind) bool { return s.kinds[gvk] != nil }

// Kinds is the number of kinds defined (a version each).
func (s *Set) Kinds() int { return len(s.kinds) }

// Add decodes, defaults and validates a CustomResourceDefinition as the API server does, and adds its versions.
// A document of another kind is an error.
func (s *Set) Add(document manifest.Document) error {
	definition, err := s.decode(document.Text)
	if err != nil {
		return fmt.Errorf("%s: %w", document.Position(), err)
	}
	if errs := apiextensionsvalidation.ValidateCustomResourceDefinition(context.Background(), definition); len(errs) > 0 {
		return fmt.Errorf("%s: %w", document.Position(), errs.ToAggregate())
	}
	for _, version := range definition.Spec.Versions {
		compiled, err := compile(definition, version.Name)
		if err != nil {
			return fmt.Errorf("%s: version %s: %w", document.Position(), version.Name, err)
		}
		s.kinds[schema.GroupVersionKind{
			Group: definition.Spec.Group, Version: version.Name, Kind: definition.Spec.Names.Kind,
		}] = compiled
	}
	return nil
}

func (s *Set) decode(text []byte) (*apiextensions.CustomResourceDefinition, error) {
	object, _, err := s.codecs.UniversalDeserializer().Decode(text, nil, nil)
	if err != nil {
		return nil, err
	}
	s.scheme.Default(object)
	internal, err := s.scheme.ConvertToVersion(object, apiextensions.SchemeGroupVersion)
	if err != nil {
		return nil, err
	}
	definition, ok := internal.(*apiextensions.CustomResourceDefinition)
	if !ok {
		return nil, errors.New("not a CustomResourceDefinition")
	}
	setStoredVersions(definition)
	return definition, nil
}

// setStoredVersions fills in what the server's create strategy fills in before validation.
func setStoredVersions(definition *apiextensions.CustomResourceDefinition) {
	if len(definition.Status.StoredVersions) > 0 {
		return
	}
	for _, version := range definition.Spec.Versions {
		if version.Storage {
			definition.Status.StoredVersions = []string{version.Name}
		}
	}
}

func compile(definition *apiextensions.CustomResourceDefinition, version string) (*kind, error) {
	validation, err := apiextensions.GetSchemaForVersion(definition, version)
	if err != nil {
		return nil, err
	}
	if validation == nil || validation.OpenAPIV3Schema == nil {
		return nil, errors.New("no schema")
	}
	structural, err := structuralschema.NewStructural(validation.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	validator, _, err := schemavalidation.NewSchemaValidator(validation.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	return &kind{
		namespaced: definition.Spec.Scope == apiextensions.NamespaceScoped,
		structural: structural,
		schema:     validator,
		cel:        cel.NewValidator(structural, true, celconfig.PerCallLimit),
	}, nil
}
