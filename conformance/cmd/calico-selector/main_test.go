package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEvaluateLines(t *testing.T) {
	in := strings.NewReader("app == 'api'\tapp=api,tier=web\napp == 'api'\tapp=web\n!has(app)\nx = 1\n")
	var out bytes.Buffer
	bad, err := evaluateLines(in, &out)
	if err != nil || bad != 1 {
		t.Fatalf("bad %d, %v", bad, err)
	}
	want := "ok\ttrue\tapp == \"api\"\nok\tfalse\tapp == \"api\"\nok\ttrue\t!has(app)\nerr\texpected ==\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
	if _, err := evaluateLines(strings.NewReader("all()\tnonsense\n"), &out); err == nil {
		t.Error("a label without a value was read")
	}
}

func TestJudgeManifestsLooksAtCalicosObjectsOnly(t *testing.T) {
	text := `apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: p}
spec:
  selector: app == 'api'
  ingress: [{action: Deny, source: {notSelector: app = 'api'}}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: a}
spec: {selector: "not a selector"}
`
	file := filepath.Join(t.TempDir(), "f.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	bad, err := judgeManifests([]string{file}, &out)
	if err != nil || bad != 1 {
		t.Fatalf("bad %d, %v", bad, err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "ok\t") || !strings.HasSuffix(lines[0], "spec.selector\tapp == \"api\"") ||
		!strings.HasPrefix(lines[1], "BAD\t") || !strings.Contains(lines[1], "spec.ingress[0].source.notSelector") {
		t.Errorf("got %q", lines)
	}
	if _, err := judgeManifests([]string{"absent.yaml"}, &out); err == nil {
		t.Error("an absent file was judged")
	}
}
