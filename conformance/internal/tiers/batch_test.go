package tiers

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestBatchAnswersInOrderAndKeepsGoing(t *testing.T) {
	type fields = map[string]any
	probe := fields{"source": "a/web", "destination": "a/db", "protocol": "TCP", "port": 80}
	world := fivePods + global("p", toDB("default", "1", denyWeb+", {action: Allow}"))
	var requests bytes.Buffer
	for _, request := range []fields{
		{"manifests": world, "probes": []fields{probe, {"source": "10.0.0.1", "destination": "a/db", "protocol": 17, "port": 80}}},
		{"manifests": "kind: Nonsense", "probes": []fields{}},
		{"manifests": world, "probes": []fields{probe, {"source": "a/web", "destination": "a/nobody", "protocol": "TCP", "port": 80}}},
		{"manifests": world, "probes": []fields{{"source": "a/web", "destination": "a/db", "protocol": "TCP", "Ports": 80}}},
		{"manifests": world, "probes": []fields{{"source": "a/web", "destination": "a/db", "protocol": "TCP", "port": "80"}}},
		{"manifests": world, "probes": []fields{{"source": "a/web", "destination": "a/db", "protocol": 6.5, "port": 80}}},
		{"manifests": world, "queries": []fields{}},
		{"manifests": fivePods, "probes": []fields{probe}, "explain": true},
		{"manifests": fivePods, "probes": []fields{}},
	} {
		if err := json.NewEncoder(&requests).Encode(request); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := NewLoader(nil).Batch(&requests, &out); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`{"verdicts":["deny","allow"]}`, `"error":"manifests#1: /Nonsense /: not covered`, `"error":"probes[1]: destination: \"a/nobody\"`,
		`"error":"json: unknown field \"Ports\""`, `"error":"json`, `"error":"probes[0]: protocol 6.5`, `"error":"json: unknown field`,
		`{"verdicts":["allow"],"reasons":["ingress of a/db: Allow by the profile of the namespace"]}`, `{"verdicts":[]}`,
	}
	got := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(got) != len(want) {
		t.Fatalf("%d lines, want %d: %q", len(got), len(want), got)
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("line %d is %s, want %s", i, got[i], want[i])
		}
	}
}

func TestOnlyUnknownKindsCanBeIgnored(t *testing.T) {
	loader := NewLoader([]string{"Service", "GlobalNetworkPolicy"})
	var out bytes.Buffer
	manifests := fivePods + object("v1", "Service", "a/s", "{}") + global("p", toDB("default", "1", denyWeb))
	request, err := json.Marshal(map[string]any{"manifests": manifests, "probes": []Probe{readProbe(t, "a/web a/db TCP/80")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := loader.Batch(bytes.NewReader(request), &out); err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(out.String()); got != `{"verdicts":["deny"]}` {
		t.Errorf("got %s", got)
	}
}
