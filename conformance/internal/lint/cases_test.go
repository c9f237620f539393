package lint

import (
	"bufio"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"polc.dev/conformance/internal/crd"
	"polc.dev/conformance/internal/manifest"
	"polc.dev/conformance/internal/shareddata"
)

// caseLine is a line of expected verdicts: "doc N …" with OK, INVALID or DECODE-ERROR and an error after the latter two.
var caseLine = regexp.MustCompile(`^doc ([0-9]+) (?:.*? )?(OK|INVALID|DECODE-ERROR)(?: (.*))?$`)

// expectedVerdicts reads the errors expected of each document, by its place from 0; none for a good one.
func expectedVerdicts(t *testing.T, path string) map[int][]string {
	t.Helper()
	stream, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	verdicts := map[int][]string{}
	for scanner := bufio.NewScanner(stream); scanner.Scan(); {
		part := caseLine.FindStringSubmatch(scanner.Text())
		if part == nil {
			continue // what the server filled in
		}
		document, err := strconv.Atoi(part[1])
		if err != nil {
			t.Fatal(err)
		}
		errors := verdicts[document]
		if part[2] != "OK" {
			errors = append(errors, part[3])
		}
		verdicts[document] = errors
	}
	return verdicts
}

func readAll(t *testing.T, path string, want int) []manifest.Document {
	t.Helper()
	documents, err := manifest.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(documents) != want {
		t.Fatalf("%s holds %d documents, want %d", path, len(documents), want)
	}
	return documents
}

func TestNetworkPolicyCasesGetTheServersVerdicts(t *testing.T) {
	const cases = 29
	documents := readAll(t, shareddata.Path(t, "np-cases.yaml", cases), cases)
	expected := expectedVerdicts(t, shareddata.Path(t, "np-cases.out", cases))
	linter := newLinter(t)
	for i, document := range documents {
		want, known := expected[i]
		if !known {
			t.Fatalf("no verdict for document %d", i)
		}
		// A newer server counts bytes where 1.34 counts characters.
		got := strings.ReplaceAll(strings.Join(linter.Judge(document).Errors, " | "), " characters", " bytes")
		for _, message := range want {
			if !strings.Contains(got, strings.ReplaceAll(message, " characters", " bytes")) {
				t.Errorf("document %d: got %q, want %q", i, got, message)
			}
		}
		if len(want) == 0 && got != "" {
			t.Errorf("document %d: got %q, want no error", i, got)
		}
	}
}

// TestCustomResourceCasesGetTheirVerdicts runs the schemas of other projects through the same code as ours.
func TestCustomResourceCasesGetTheirVerdicts(t *testing.T) {
	const cases = 25
	documents := readAll(t, shareddata.Path(t, "crd-cases.yaml", cases), cases)
	expected := expectedVerdicts(t, shareddata.Path(t, "crd-cases.out", cases))
	schemas := map[string]*crd.Set{}
	for group, folder := range map[string]string{
		"projectcalico.org":        "calico-projectcalico.org-v3-native-release-v3.33-branch",
		"policy.networking.k8s.io": "network-policy-api-v0.2.0/standard",
		"cilium.io":                "cilium-v1.20.2",
		"security.istio.io":        "istio-api-v1.31.4",
	} {
		set, err := SchemasFrom(shareddata.Path(t, "crds/"+folder, cases))
		if err != nil {
			t.Fatal(err)
		}
		schemas[group] = set
	}
	for i, document := range documents {
		header, err := document.Header()
		if err != nil {
			t.Fatal(err)
		}
		gvk := schema.FromAPIVersionAndKind(header.APIVersion, header.Kind)
		got := schemas[gvk.Group].Judge(gvk, document.Text)
		want, known := expected[i]
		if !known || (len(got) > 0) != (len(want) > 0) {
			t.Errorf("document %d (%s): got %v, want %v", i, header.ID(), got, want)
		}
	}
}
