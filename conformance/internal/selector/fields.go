package selector

import "fmt"

// Field is a selector found in an object.
type Field struct {
	Path       string // as in error messages: spec.ingress[0].source.selector
	Expression string
}

// Fields returns every selector of a Calico policy, the staged kinds included, in the order of the document's lists.
// The object is decoded JSON; fields of a wrong type are left to the schema.
func Fields(object map[string]any) []Field {
	spec, _ := object["spec"].(map[string]any)
	fields := pick(spec, "spec", "selector", "namespaceSelector", "serviceAccountSelector")
	for _, direction := range []string{"ingress", "egress"} {
		rules, _ := spec[direction].([]any)
		for i, rule := range rules {
			fields = append(fields, ruleFields(rule, fmt.Sprintf("spec.%s[%d]", direction, i))...)
		}
	}
	return fields
}

func ruleFields(rule any, path string) []Field {
	content, _ := rule.(map[string]any)
	var fields []Field
	for _, side := range []string{"source", "destination"} {
		entity, _ := content[side].(map[string]any)
		sidePath := path + "." + side
		fields = append(fields, pick(entity, sidePath, "selector", "notSelector", "namespaceSelector")...)
		accounts, _ := entity["serviceAccounts"].(map[string]any)
		fields = append(fields, pick(accounts, sidePath+".serviceAccounts", "selector")...)
	}
	return fields
}

func pick(content map[string]any, path string, names ...string) []Field {
	var fields []Field
	for _, name := range names {
		if expression, ok := content[name].(string); ok {
			fields = append(fields, Field{Path: path + "." + name, Expression: expression})
		}
	}
	return fields
}
