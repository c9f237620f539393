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
)

// gates are the feature gates that a resource or subresource stands behind, by `folder/version/name`, where the folder
// is that of the group's Go package, and which gates are open by default.
type gates struct {
	behind map[string][]string
	byName map[string]bool
}

// open says whether every gate before a resource is open by default.
func (g gates) open(it served) bool {
	folder, _, _ := strings.Cut(it.version.Group, ".")
	if folder == "" {
		folder = "core"
	}
	for _, gate := range g.behind[path.Join(folder, it.version.Version, it.resource.Name)] {
		if !g.byName[gate] {
			return false
		}
	}
	return true
}

// gated reads the gates from where each group's storage is put together, pkg/registry/*/rest.
func gated(source string) (gates, error) {
	byName, err := defaults(filepath.Join(source, "pkg", "features", "kube_features.go"))
	if err != nil {
		return gates{}, err
	}
	files, err := filepath.Glob(filepath.Join(source, "pkg", "registry", "*", "rest", "storage_*.go"))
	if err != nil {
		return gates{}, err
	}
	all := gates{behind: map[string][]string{}, byName: byName}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return gates{}, err
		}
		packages := imports(file)
		ast.Inspect(file, func(node ast.Node) bool {
			if branch, ok := node.(*ast.IfStmt); ok {
				if folder, resource, ok := resourceOf(branch, packages); ok {
					all.stored(folder, resource, nil, branch.Body)
				}
			}
			return true
		})
	}
	for key, behind := range all.behind {
		for _, gate := range behind {
			if _, known := byName[gate]; !known {
				return gates{}, fmt.Errorf("%s stands behind the gate %s, whose default this program does not find", key, gate)
			}
		}
	}
	return all, nil
}

// stored walks the statements that store a resource, `storage[resource+"/sub"] = …`, and notes the gates around each.
func (g gates) stored(folder, resource string, around []string, body *ast.BlockStmt) {
	for _, statement := range body.List {
		switch it := statement.(type) {
		case *ast.IfStmt:
			g.stored(folder, resource, append(around[:len(around):len(around)], asked(it.Cond)...), it.Body)
			if other, ok := it.Else.(*ast.BlockStmt); ok {
				g.stored(folder, resource, around, other)
			}
		case *ast.AssignStmt:
			if name, ok := storedAs(it.Lhs[0], resource); ok && len(around) > 0 {
				g.behind[path.Join(folder, name)] = around
			}
		}
	}
}

// resourceOf reads `if resource := "pods"; ….ResourceEnabled(corev1.SchemeGroupVersion.WithResource(resource))`: the
// folder of the group and its version, and the resource.
func resourceOf(branch *ast.IfStmt, packages map[string]string) (folder, resource string, ok bool) {
	assigned, ok := branch.Init.(*ast.AssignStmt)
	if !ok || len(assigned.Rhs) != 1 {
		return "", "", false
	}
	resource, ok = text(assigned.Rhs[0])
	if !ok {
		return "", "", false
	}
	ast.Inspect(branch.Cond, func(node ast.Node) bool {
		member, isMember := node.(*ast.SelectorExpr)
		if isMember && member.Sel.Name == "SchemeGroupVersion" {
			if name, isName := member.X.(*ast.Ident); isName {
				folder = strings.TrimPrefix(packages[name.Name], "k8s.io/api/")
			}
		}
		return true
	})
	return folder, resource, folder != ""
}

// storedAs gives the name that `storage[resource]` or `storage[resource+"/sub"]` stores under.
func storedAs(target ast.Expr, resource string) (string, bool) {
	place, ok := target.(*ast.IndexExpr)
	if !ok {
		return "", false
	}
	if sum, ok := place.Index.(*ast.BinaryExpr); ok {
		sub, ok := text(sum.Y)
		return resource + sub, ok
	}
	return resource, true
}

// asked are the gates that a condition asks to be open. One that is asked to be closed, or is one of several, is no
// gate of what follows.
func asked(condition ast.Expr) []string {
	switch it := condition.(type) {
	case *ast.BinaryExpr:
		if it.Op == token.LAND {
			return append(asked(it.X), asked(it.Y)...)
		}
	case *ast.CallExpr:
		function, ok := it.Fun.(*ast.SelectorExpr)
		if ok && function.Sel.Name == "Enabled" && len(it.Args) == 1 {
			if gate, ok := it.Args[0].(*ast.SelectorExpr); ok {
				return []string{gate.Sel.Name}
			}
		}
	}
	return nil
}

// defaults reads the table of feature gates, `Gate: {{Version: …, Default: true, …}}`; the last line is this version's.
func defaults(name string) (map[string]bool, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		return nil, err
	}
	byName := map[string]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		entry, ok := node.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		gate, isName := entry.Key.(*ast.Ident)
		specs, isList := entry.Value.(*ast.CompositeLit)
		if isName && isList && len(specs.Elts) > 0 {
			if last, ok := specs.Elts[len(specs.Elts)-1].(*ast.CompositeLit); ok {
				if open, ok := byDefault(last); ok {
					byName[gate.Name] = open
				}
			}
		}
		return true
	})
	return byName, nil
}

func byDefault(spec *ast.CompositeLit) (open, ok bool) {
	for _, field := range spec.Elts {
		pair, isPair := field.(*ast.KeyValueExpr)
		if !isPair {
			continue
		}
		key, isKey := pair.Key.(*ast.Ident)
		value, isValue := pair.Value.(*ast.Ident)
		if isKey && isValue && key.Name == "Default" {
			return value.Name == "true", true
		}
	}
	return false, false
}

func text(expression ast.Expr) (string, bool) {
	literal, ok := expression.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(literal.Value)
	return value, err == nil
}
