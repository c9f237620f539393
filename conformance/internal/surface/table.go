package surface

import (
	"fmt"
	"slices"
	"strings"
)

// none stands in a column that holds nothing.
const none = "-"

// Tables are the files of one version.
type Tables struct {
	Resources, Roles string

	release string
}

// Of writes the tables of the sources in a folder, which are those of a module k8s.io/kubernetes.
func Of(module Module) (Tables, error) {
	resources, err := discovery(module.Dir)
	if err != nil {
		return Tables{}, err
	}
	on, err := enabled(module.Dir, resources)
	if err != nil {
		return Tables{}, err
	}
	gates, err := gated(module.Dir)
	if err != nil {
		return Tables{}, err
	}
	all, err := rows(resources, func(it served) bool { return on[it.version] && gates.open(it) })
	if err != nil {
		return Tables{}, err
	}
	roles, err := roles(module.Dir)
	if err != nil {
		return Tables{}, err
	}
	var roleText []string
	for _, role := range roles {
		lines, err := roleLines(role)
		if err != nil {
			return Tables{}, err
		}
		roleText = append(roleText, lines...)
	}
	return Tables{
		release: module.Release(),
		Resources: headed(module, "What the API server serves.", "group, resource, kind, scope, verbs, short names, singular, "+
			"versions served by default, versions served on demand", rowLines(all)),
		Roles: headed(module, "The ClusterRoles of every cluster.",
			"role, name, labels, joined labels; its rules: groups, resources, names, verbs; urls, verbs", roleText),
	}, nil
}

// headed puts the lines under a head that says where they come from.
func headed(module Module, what, columns string, lines []string) string {
	head := []string{
		fmt.Sprintf("# Kubernetes %s. %s Written by conformance/cmd/surface; do not edit.", module.Release(), what),
		fmt.Sprintf("# Source: %s %s %s, Copyright The Kubernetes Authors, Apache-2.0.", Path, module.Version, module.Sum),
		"# Columns: " + columns + ".",
	}
	return strings.Join(append(head, lines...), "\n") + "\n"
}

func rowLines(all []Row) []string {
	var lines []string
	for _, row := range all {
		scope := "cluster"
		if row.Namespaced {
			scope = "namespaced"
		}
		singular := row.Singular
		if singular == "" {
			singular = none
		}
		lines = append(lines, line(shown(row.Group), row.Resource, row.Kind, scope, some(row.Verbs), some(row.Short), singular, some(row.On), some(row.Off)))
	}
	return lines
}

// shown is a group as the tables have it: the one without a name is `core`.
func shown(group string) string {
	if group == "" {
		return "core"
	}
	return group
}

func some(words []string) string {
	if len(words) == 0 {
		return none
	}
	return strings.Join(words, ",")
}

func line(columns ...string) string {
	for i, column := range columns {
		if column == "" || strings.ContainsAny(column, "\t\n") || slices.Contains(strings.Split(column, ","), "") {
			panic(fmt.Sprintf("column %d of %q cannot be written", i, columns))
		}
	}
	return strings.Join(columns, "\t")
}
