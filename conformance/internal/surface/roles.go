package surface

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"
)

// roleFiles hold the ClusterRoles that an API server writes at its start, as its own tests record them.
var roleFiles = []string{"cluster-roles.yaml", "controller-roles.yaml"}

// roles reads the bootstrap ClusterRoles, in the order of their names.
func roles(source string) ([]rbacv1.ClusterRole, error) {
	folder := filepath.Join(source, "plugin", "pkg", "auth", "authorizer", "rbac", "bootstrappolicy", "testdata")
	var all []rbacv1.ClusterRole
	for _, name := range roleFiles {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		var read rbacv1.ClusterRoleList
		if err := yaml.UnmarshalStrict(text, &read); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, read.Items...)
	}
	slices.SortFunc(all, func(a, b rbacv1.ClusterRole) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// roleLines is a role, and then its rules, a line each.
func roleLines(role rbacv1.ClusterRole) ([]string, error) {
	selectors, err := selectors(role)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", role.Name, err)
	}
	lines := []string{line("role", role.Name, labels(role.Labels), selectors)}
	for _, rule := range role.Rules {
		if len(rule.NonResourceURLs) > 0 {
			lines = append(lines, line("urls", some(rule.NonResourceURLs), some(rule.Verbs)))
			continue
		}
		var groups []string
		for _, group := range rule.APIGroups {
			groups = append(groups, shown(group))
		}
		lines = append(lines, line("rule", some(groups), some(rule.Resources), some(rule.ResourceNames), some(rule.Verbs)))
	}
	return lines, nil
}

// selectors are the labels whose roles an aggregated role joins. Kubernetes' own have one selector of equalities.
func selectors(role rbacv1.ClusterRole) (string, error) {
	if role.AggregationRule == nil {
		return none, nil
	}
	var all []string
	for _, selector := range role.AggregationRule.ClusterRoleSelectors {
		if len(selector.MatchExpressions) > 0 || len(selector.MatchLabels) != 1 {
			return "", fmt.Errorf("its aggregation is more than one label a selector")
		}
		all = append(all, labels(selector.MatchLabels))
	}
	return some(all), nil
}

func labels(of map[string]string) string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(of)) {
		all = append(all, key+"="+of[key])
	}
	return some(all)
}
