package main

import (
	"fmt"
	"io"
	"strings"

	"sigs.k8s.io/yaml"

	"polc.dev/conformance/internal/manifest"
	"polc.dev/conformance/internal/selector"
)

// judgeManifests returns how many selectors of the files' Calico policies are bad.
func judgeManifests(files []string, out io.Writer) (bad int, err error) {
	for _, file := range files {
		documents, err := manifest.Read(file)
		if err != nil {
			return bad, err
		}
		for _, document := range documents {
			found, err := judgeDocument(document, out)
			if err != nil {
				return bad, fmt.Errorf("%s: %w", document.Position(), err)
			}
			bad += found
		}
	}
	return bad, nil
}

func judgeDocument(document manifest.Document, out io.Writer) (bad int, err error) {
	header, err := document.Header()
	if err != nil {
		return 0, err
	}
	if !strings.HasPrefix(header.APIVersion, "projectcalico.org/") {
		return 0, nil
	}
	var object map[string]any
	if err := yaml.UnmarshalStrict(document.Text, &object); err != nil {
		return 0, err
	}
	for _, field := range selector.Fields(object) {
		verdict, detail := "ok", ""
		if parsed, err := selector.Parse(field.Expression); err != nil {
			verdict, detail = "BAD", err.Error()
			bad++
		} else {
			detail = parsed.Canonical()
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", verdict, document.Position(), header.ID(), field.Path, detail)
	}
	return bad, nil
}
