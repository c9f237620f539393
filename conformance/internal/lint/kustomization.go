package lint

import (
	"fmt"
	"os"
	"path/filepath"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"polc.dev/conformance/internal/manifest"
)

func isKustomization(gvk schema.GroupVersionKind) bool {
	return gvk.Group == "kustomize.config.k8s.io" && gvk.Kind == types.KustomizationKind
}

// judgeKustomization decodes the file strictly by kustomize's own code and checks that each resource it lists
// is there. kustomize itself passes duplicate keys; they are refused here.
func judgeKustomization(document manifest.Document) []string {
	if _, err := yaml.YAMLToJSONStrict(document.Text); err != nil {
		return []string{err.Error()}
	}
	var kustomization types.Kustomization
	if err := kustomization.Unmarshal(document.Text); err != nil {
		return []string{err.Error()}
	}
	errors := kustomization.EnforceFields()
	if err := kustomization.CheckEmpty(); err != nil {
		errors = append(errors, err.Error())
	}
	if deprecated := kustomization.CheckDeprecatedFields(); deprecated != nil {
		errors = append(errors, *deprecated...)
	}
	return append(errors, missingResources(document.File, kustomization.Resources)...)
}

// missingResources names listed files and folders that do not exist beside the kustomization.
func missingResources(file string, resources []string) []string {
	var errors []string
	seen := map[string]bool{}
	for i, resource := range resources {
		if seen[resource] {
			errors = append(errors, fmt.Sprintf("resources[%d]: Duplicate value: %q", i, resource))
		}
		seen[resource] = true
		if _, err := os.Stat(filepath.Join(filepath.Dir(file), resource)); err != nil {
			errors = append(errors, fmt.Sprintf("resources[%d]: no such file %q", i, resource))
		}
	}
	return errors
}
