package lint

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"polc.dev/conformance/internal/manifest"
)

const (
	badFolder  = "../../testdata/bad"
	goodFolder = "../../testdata/good"
	// leastCases guards against a corpus that is not found.
	leastCases = 40
)

// expectation is the first line of a bad manifest: the rule it breaks and a part of the error that must come.
var expectation = regexp.MustCompile(`^# rule: (.+); expect: (.+)\n`)

func newLinter(t *testing.T) *Linter {
	t.Helper()
	schemas, err := Schemas()
	if err != nil {
		t.Fatal(err)
	}
	return New(schemas, "../../.build/schemas")
}

func corpus(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < leastCases {
		t.Fatalf("%d manifests in %s", len(files), folder)
	}
	return files
}

func theDocument(t *testing.T, file string) manifest.Document {
	t.Helper()
	documents, err := manifest.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(documents) != 1 {
		t.Fatalf("%s holds %d documents", file, len(documents))
	}
	return documents[0]
}

func TestBadManifestsAreRefusedForTheRuleTheyBreak(t *testing.T) {
	linter := newLinter(t)
	for _, file := range corpus(t, badFolder) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		part := expectation.FindSubmatch(text)
		if part == nil {
			t.Errorf("%s: the first line names no rule and no error", file)
			continue
		}
		verdict := linter.Judge(theDocument(t, file))
		if !verdict.Bad() {
			t.Errorf("%s passes; it breaks: %s", file, part[1])
		} else if all := strings.Join(verdict.Errors, " | "); !strings.Contains(all, string(part[2])) {
			t.Errorf("%s: got %s, want %s", file, all, part[2])
		}
	}
}

func TestGoodNeighborsPass(t *testing.T) {
	linter := newLinter(t)
	for _, file := range corpus(t, goodFolder) {
		if verdict := linter.Judge(theDocument(t, file)); verdict.Bad() {
			t.Errorf("%s: %s", file, verdict.Line())
		}
	}
}

func TestEveryBadManifestHasAGoodNeighbor(t *testing.T) {
	good := map[string]bool{}
	for _, file := range corpus(t, goodFolder) {
		good[filepath.Base(file)] = true
	}
	for _, file := range corpus(t, badFolder) {
		if !good[filepath.Base(file)] {
			t.Errorf("%s has no neighbor in %s", file, goodFolder)
		}
		delete(good, filepath.Base(file))
	}
	for name := range good {
		t.Errorf("%s has no bad neighbor", name)
	}
}
