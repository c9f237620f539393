package reach

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestBatchAnswersInOrderAndKeepsGoing(t *testing.T) {
	var requests bytes.Buffer
	encoder := json.NewEncoder(&requests)
	world := fourPods + policy("{podSelector: {}, policyTypes: [Ingress]}")
	for _, request := range []map[string]any{
		{"manifests": world, "queries": [][]any{{"a/web", "a/db", "TCP", 80}, {"a/web", "b/bare", "UDP", "53"}}},
		{"manifests": "kind: Nonsense", "queries": [][]any{}},
		{"manifests": world, "queries": [][]any{{"a/web", "a/nobody", "TCP", 80}}},
		{"manifests": world, "queries": [][]any{{"a/web", "a/db", "TCP", 80, "more"}}},
		{"manifests": world, "unknown": true},
		{"manifests": fourPods, "queries": [][]any{{"a/web", "a/db", "TCP", 80}}},
	} {
		if err := encoder.Encode(request); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := NewLoader(LoaderOptions{}).Batch(&requests, &out); err != nil {
		t.Fatal(err)
	}
	want := []string{`{"answers":[false,true]}`, "kind that reach does not know", "a/nobody", "got 5 columns", "unknown field", `{"answers":[true]}`}
	got := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(got) != len(want) {
		t.Fatalf("%d lines, want %d: %q", len(got), len(want), got)
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("line %d is %s, want %s", i, got[i], want[i])
		}
		if isError := strings.HasPrefix(got[i], `{"error"`); isError == strings.Contains(want[i], "answers") {
			t.Errorf("line %d is %s", i, got[i])
		}
	}
}
