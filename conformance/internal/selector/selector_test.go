package selector

import (
	"strings"
	"testing"
)

func TestCheckGlobal(t *testing.T) {
	for _, expression := range []string{"", "global()", " global() ", "app == 'global()'", "global == 'x'", "has(global)"} {
		if err := CheckGlobal(expression); err != nil {
			t.Errorf("%q: %v", expression, err)
		}
	}
	for _, expression := range []string{"global() && app == 'x'", "!global()", "(global())", "global() || all()"} {
		if CheckGlobal(expression) == nil {
			t.Errorf("%q passes", expression)
		}
	}
}

func TestFieldsFindsEverySelectorOfAPolicy(t *testing.T) {
	entity := func(prefix string) map[string]any {
		return map[string]any{
			"selector": prefix + "1", "notSelector": prefix + "2", "namespaceSelector": prefix + "3",
			"serviceAccounts": map[string]any{"selector": prefix + "4"},
		}
	}
	rule := func(prefix string) any {
		return map[string]any{"source": entity(prefix + "s"), "destination": entity(prefix + "d")}
	}
	object := map[string]any{"spec": map[string]any{
		"selector": "a", "namespaceSelector": "b", "serviceAccountSelector": "c",
		"ingress": []any{rule("i0"), rule("i1")}, "egress": []any{rule("e0")},
	}}
	found := map[string]string{}
	for _, field := range Fields(object) {
		found[field.Path] = field.Expression
	}
	for path, want := range map[string]string{
		"spec.selector": "a", "spec.namespaceSelector": "b", "spec.serviceAccountSelector": "c",
		"spec.ingress[1].source.selector":                     "i1s1",
		"spec.ingress[0].destination.notSelector":             "i0d2",
		"spec.egress[0].source.namespaceSelector":             "e0s3",
		"spec.egress[0].destination.serviceAccounts.selector": "e0d4",
	} {
		if found[path] != want {
			t.Errorf("%s is %q, want %q", path, found[path], want)
		}
	}
	const policy, sides, each = 3, 6, 4
	if len(found) != policy+sides*each {
		t.Errorf("%d selectors found", len(found))
	}
}

func TestUnequalAndNotInSelectWhatLacksTheLabel(t *testing.T) {
	for expression, want := range map[string]bool{
		"nope != 'x'": true, "nope not in {'x'}": true, "nope == 'x'": false, "nope in {'x'}": false, "!has(nope)": true,
	} {
		parsed, err := Parse(expression)
		if err != nil {
			t.Fatal(err)
		}
		if got := parsed.Evaluate(map[string]string{"app": "api"}); got != want {
			t.Errorf("%s is %v", expression, got)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, expression := range []string{"app = 'x'", "app == x", "has (app)", "a and b", "app == 'x'\n&& has(b)", strings.Repeat("(", 3)} {
		if _, err := Parse(expression); err == nil {
			t.Errorf("%q parses", expression)
		}
	}
}
