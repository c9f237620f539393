// Package surface reads what an API server serves from the sources of one version of Kubernetes: its recorded
// discovery, which of it is on by default, and the roles that every cluster has.
package surface

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// served is one resource or subresource in one version of its group.
type served struct {
	version  schema.GroupVersion
	resource metav1.APIResource
}

// discovery reads the answers that the API server's own tests record under api/discovery, with every version of every
// group and every feature on.
func discovery(source string) ([]served, error) {
	files, err := filepath.Glob(filepath.Join(source, "api", "discovery", "*.json"))
	if err != nil {
		return nil, err
	}
	var all []served
	for _, file := range files {
		resources, err := list(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, resources...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no recorded discovery", source)
	}
	return all, nil
}

// list reads one recorded answer; one that is no list of resources holds none.
func list(file string) ([]served, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var answer metav1.APIResourceList
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, err
	}
	if answer.Kind != "APIResourceList" {
		return nil, nil
	}
	version, err := schema.ParseGroupVersion(answer.GroupVersion)
	if err != nil {
		return nil, err
	}
	var resources []served
	for _, resource := range answer.APIResources {
		resources = append(resources, served{version, resource})
	}
	return resources, nil
}

// Row is one resource or subresource of one group, over all versions of the group.
type Row struct {
	Group, Resource, Kind string
	Namespaced            bool
	Verbs, Short          []string
	Singular              string
	// Served by default, and served only where somebody asked for it; the latest version last.
	On, Off []string
}

// rows joins the versions of a resource: its facts are those of the versions that are on by default, or, if none is, of
// all of them.
func rows(resources []served, on func(served) bool) ([]Row, error) {
	joined := map[[2]string]*Row{}
	slices.SortStableFunc(resources, func(a, b served) int {
		return strings.Compare(a.version.Version, b.version.Version)
	})
	for _, phase := range []bool{true, false} {
		for _, it := range resources {
			if on(it) != phase {
				continue
			}
			if err := join(joined, it, phase); err != nil {
				return nil, err
			}
		}
	}
	var all []Row
	for _, row := range joined {
		slices.Sort(row.Verbs)
		all = append(all, *row)
	}
	slices.SortFunc(all, func(a, b Row) int {
		return slices.Compare([]string{a.Group, a.Resource}, []string{b.Group, b.Resource})
	})
	return all, nil
}

func join(joined map[[2]string]*Row, it served, on bool) error {
	key := [2]string{it.version.Group, it.resource.Name}
	row, known := joined[key]
	if !known {
		row = &Row{Group: it.version.Group, Resource: it.resource.Name, Kind: it.resource.Kind, Namespaced: it.resource.Namespaced, Short: it.resource.ShortNames, Singular: it.resource.SingularName}
		joined[key] = row
	}
	if row.Namespaced != it.resource.Namespaced || row.Kind != it.resource.Kind {
		return fmt.Errorf("%s in group %q has two scopes or kinds", it.resource.Name, it.version.Group)
	}
	if on {
		row.On = append(row.On, it.version.Version)
	} else {
		row.Off = append(row.Off, it.version.Version)
	}
	if on || len(row.On) == 0 {
		for _, verb := range it.resource.Verbs {
			if !slices.Contains(row.Verbs, verb) {
				row.Verbs = append(row.Verbs, verb)
			}
		}
	}
	return nil
}
