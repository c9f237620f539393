package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"polc.dev/conformance/internal/lint"
)

const twoDocuments = `apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: Shop}
`

// judge runs the program's core on one file and returns what it prints.
func judge(t *testing.T, text string, quiet, asJSON bool) (output []string, judged, bad int) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "f.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	schemas, err := loadSchemas("")
	if err != nil {
		t.Fatal(err)
	}
	var buffer bytes.Buffer
	out := bufio.NewWriter(&buffer)
	judged, bad, err = judgeFiles(lint.New(schemas, ""), []string{file}, printer(out, quiet, asJSON))
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(buffer.String(), "\n"), "\n"), judged, bad
}

func TestOneLineADocument(t *testing.T) {
	lines, judged, bad := judge(t, twoDocuments, false, false)
	if judged != 2 || bad != 1 || len(lines) != 2 {
		t.Fatalf("judged %d, bad %d, lines %q", judged, bad, lines)
	}
	for i, want := range []string{"ok\t", "BAD\t"} {
		columns := strings.Split(lines[i], "\t")
		if !strings.HasPrefix(lines[i], want) || len(columns) != 4 || !strings.HasSuffix(columns[1], []string{"f.yaml#1", "f.yaml#2"}[i]) {
			t.Errorf("line %d is %q", i, lines[i])
		}
	}
}

func TestQuietPrintsBadDocumentsOnly(t *testing.T) {
	lines, judged, _ := judge(t, twoDocuments, true, false)
	if judged != 2 || len(lines) != 1 || !strings.Contains(lines[0], "v1/Namespace /Shop") {
		t.Errorf("judged %d, lines %q", judged, lines)
	}
}

func TestJSONHasOneObjectADocument(t *testing.T) {
	lines, _, _ := judge(t, twoDocuments, false, true)
	var verdicts []lint.Verdict
	for _, line := range lines {
		var verdict lint.Verdict
		if err := json.Unmarshal([]byte(line), &verdict); err != nil {
			t.Fatal(err)
		}
		verdicts = append(verdicts, verdict)
	}
	if len(verdicts) != 2 || verdicts[0].Verdict != "ok" || len(verdicts[0].Errors) != 0 ||
		verdicts[1].Verdict != "BAD" || verdicts[1].Index != 2 || len(verdicts[1].Errors) == 0 {
		t.Errorf("got %+v", verdicts)
	}
	if !strings.Contains(lines[0], `"errors":[]`) {
		t.Errorf("errors is no list in %s", lines[0])
	}
}

func TestAFileThatCannotBeReadIsAnError(t *testing.T) {
	schemas, err := loadSchemas("")
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = judgeFiles(lint.New(schemas, ""), []string{"absent.yaml"}, func(lint.Verdict) error { return nil })
	if err == nil {
		t.Error("an absent file was judged")
	}
	if _, err := loadSchemas("absent"); err == nil {
		t.Error("absent definitions were loaded")
	}
}
