package selector

import (
	"bufio"
	"os"
	"regexp"
	"strconv"
	"testing"

	"polc.dev/conformance/internal/shareddata"
)

// vectorLabels are the labels the vectors' evaluations stand for.
var vectorLabels = map[string]string{
	"app": "api", "tier": "web", "in": "x", "contains": "xyz", "all": "z", "a.b/c-d_e": "v", "empty": "",
}

// vectorLine is: quoted selector, then "ok eval=B canonical=S" or "ERROR message".
var vectorLine = regexp.MustCompile(`^("(?:[^"\\]|\\.)*") +(?:ok eval=(true|false) canonical=(.*)|ERROR (.*))$`)

func TestVectorsOfANewerCalico(t *testing.T) {
	const vectors = 58
	stream, err := os.Open(shareddata.Path(t, "selector-vectors.txt", vectors))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	seen := 0
	for scanner := bufio.NewScanner(stream); scanner.Scan(); seen++ {
		part := vectorLine.FindStringSubmatch(scanner.Text())
		if part == nil {
			t.Fatalf("cannot read %q", scanner.Text())
		}
		expression, err := strconv.Unquote(part[1])
		if err != nil {
			t.Fatal(err)
		}
		checkVector(t, expression, part[2], part[3], part[4])
	}
	if seen != vectors {
		t.Errorf("%d vectors, want %d", seen, vectors)
	}
}

func checkVector(t *testing.T, expression, evaluation, canonical, message string) {
	t.Helper()
	parsed, err := Parse(expression)
	if message != "" {
		if err == nil { // the words of the message differ from version to version
			t.Errorf("%q parses, want %s", expression, message)
		}
		return
	}
	if err != nil {
		t.Errorf("%q: %v", expression, err)
		return
	}
	if got := strconv.FormatBool(parsed.Evaluate(vectorLabels)); got != evaluation {
		t.Errorf("%q evaluates to %s, want %s", expression, got, evaluation)
	}
	if parsed.Canonical() != canonical {
		t.Errorf("%q is printed as %s, want %s", expression, parsed.Canonical(), canonical)
	}
}
