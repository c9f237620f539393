package surface

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// ownServers are the groups that the API server's extension and aggregation servers serve; both have one stable version.
var ownServers = []schema.GroupVersion{
	{Group: "apiextensions.k8s.io", Version: "v1"},
	{Group: "apiregistration.k8s.io", Version: "v1"},
}

// enabled reads the versions of groups that pkg/controlplane/instance.go turns on. A version is named there by its Go
// package, whose folder begins with the first word of the group.
func enabled(source string, resources []served) (map[schema.GroupVersion]bool, error) {
	groups := map[string]string{"core": ""}
	for _, it := range resources {
		if it.version.Group != "" {
			folder, _, _ := strings.Cut(it.version.Group, ".")
			groups[folder] = it.version.Group
		}
	}
	on := map[schema.GroupVersion]bool{}
	for _, version := range ownServers {
		on[version] = true
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(source, "pkg", "controlplane", "instance.go"), nil, 0)
	if err != nil {
		return nil, err
	}
	packages := imports(file)
	for _, alias := range listed(file) {
		folder := packages[alias]
		group, known := groups[path.Base(path.Dir(folder))]
		if !known {
			return nil, fmt.Errorf("instance.go turns on %s (%q), which no group of the discovery is", alias, folder)
		}
		on[schema.GroupVersion{Group: group, Version: path.Base(folder)}] = true
	}
	if len(on) <= len(ownServers) {
		return nil, fmt.Errorf("instance.go turns on no version of a group that this program finds")
	}
	return on, nil
}

// imports gives the import path of each name that a file uses for a package.
func imports(file *ast.File) map[string]string {
	packages := map[string]string{}
	for _, it := range file.Imports {
		path, err := strconv.Unquote(it.Path.Value)
		if err == nil && it.Name != nil {
			packages[it.Name.Name] = path
		}
	}
	return packages
}

// listed gives the packages whose SchemeGroupVersion stands in a variable called …EnabledByDefault.
func listed(file *ast.File) []string {
	var packages []string
	ast.Inspect(file, func(node ast.Node) bool {
		variable, ok := node.(*ast.ValueSpec)
		if !ok || !strings.HasSuffix(variable.Names[0].Name, "EnabledByDefault") {
			return true
		}
		ast.Inspect(variable, func(node ast.Node) bool {
			member, ok := node.(*ast.SelectorExpr)
			if ok && member.Sel.Name == "SchemeGroupVersion" {
				if name, ok := member.X.(*ast.Ident); ok {
					packages = append(packages, name.Name)
				}
			}
			return true
		})
		return false
	})
	return packages
}
