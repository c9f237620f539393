package crd

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"polc.dev/conformance/internal/manifest"
)

const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Thing, listKind: ThingList, plural: things, singular: thing}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                mode: {type: string, default: slow}
                port: {x-kubernetes-int-or-string: true}
                tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}
              x-kubernetes-validations:
                - {rule: self.mode == 'slow' || has(self.port), message: fast needs a port}
                - {rule: "!has(self.port) || self.port == 80 || self.port == 'http'", message: only one port}
`

var thing = schema.GroupVersionKind{Group: "example.org", Version: "v1", Kind: "Thing"}

func document(text string) manifest.Document {
	return manifest.Document{File: "test", Index: 1, Text: []byte(text)}
}

func TestJudge(t *testing.T) {
	set := NewSet()
	if err := set.Add(document(definition)); err != nil {
		t.Fatal(err)
	}
	if !set.Has(thing) || set.Kinds() != 1 {
		t.Fatalf("%d kinds", set.Kinds())
	}
	head := "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: t, namespace: a}\n"
	for text, want := range map[string]string{
		head + "spec: {}":                              "", // the default of mode keeps the rule
		head + "spec: {mode: fast}":                    "fast needs a port",
		head + "spec: {mode: fast, port: 80}":          "",
		head + "spec: {mode: fast, port: http}":        "",
		head + "spec: {port: 81}":                      "only one port",
		head + "spec: {mode: 1}":                       "must be of type string",
		head + "spec: {nope: 1}":                       `unknown field "spec.nope"`,
		head + "spec: {tags: [a, a]}":                  "Duplicate value",
		head + "spec: {mode: slow, mode: slow}":        "already set",
		strings.Replace(head, "t,", "T,", 1):           "metadata.name",
		strings.Replace(head, ", namespace: a", "", 1): "metadata.namespace",
	} {
		got := strings.Join(set.Judge(thing, []byte(text)), " | ")
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s\ngot %q, want %q", text, got, want)
		}
	}
	if got := set.Judge(schema.GroupVersionKind{Kind: "Other"}, nil); len(got) == 0 {
		t.Error("a kind without a definition passes")
	}
}

func TestAddRefusesBadDefinitions(t *testing.T) {
	for name, text := range map[string]string{
		"another kind":      "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n",
		"unknown field":     strings.Replace(definition, "served:", "serve: true\n      served:", 1),
		"not structural":    strings.Replace(definition, "mode: {type: string, ", "mode: {", 1),
		"rule is no CEL":    strings.Replace(definition, "self.mode ==", "self.mode =", 1),
		"rule is no truth":  strings.Replace(definition, "self.mode == 'slow' || has(self.port)", "self.mode", 1),
		"name not in group": strings.Replace(definition, "things.example.org", "things.example.com", 1),
	} {
		if err := NewSet().Add(document(text)); err == nil {
			t.Errorf("%s: added", name)
		}
	}
}
