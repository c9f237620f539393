package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const world = `apiVersion: v1
kind: Namespace
metadata: {name: a}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: a}
status: {podIP: 10.0.0.1}
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: p}
spec: {types: [Ingress], ingress: [{action: Allow, protocol: ICMP, icmp: {type: 8}}, {action: Allow, protocol: TCP, source: {ports: [7]}}]}
`

func TestRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "world.yaml")
	if err := os.WriteFile(file, []byte(world), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct{ arguments, want string }{
		{"-from 8.8.8.8 -to a/web -port 80 -source-port 7 " + file, "8.8.8.8 -> a/web TCP/80 allow\n  ingress of a/web: Allow by tier default, GlobalNetworkPolicy p, ingress rule 2\n"},
		{"-from 8.8.8.8 -to a/web -port 80 -source-port 8 " + file, "TCP/80 deny\n  ingress of a/web: Deny by tier default, no rule matches\n"},
		{"-from 8.8.8.8 -to a/web -protocol ICMP -icmp-type 8 -icmp-code 0 -ip-version 4 " + file, "ICMP allow"},
		{"-from 8.8.8.8 -to a/web -protocol ICMP -icmp-type 0 " + file, "ICMP deny"},
		{"-batch -", `{"error":"EOF"}`},
	}
	for _, c := range cases {
		var out bytes.Buffer
		if err := run(strings.Fields(c.arguments), strings.NewReader("\n"), &out); err != nil {
			t.Errorf("%s: %v", c.arguments, err)
		}
		if !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: %q", c.arguments, out.String())
		}
	}
	for _, arguments := range []string{"", "-from 8.8.8.8 -to a/web -port 80", "-from 8.8.8.8 -to a/web " + file, "-batch absent"} {
		var out bytes.Buffer
		if err := run(strings.Fields(arguments), nil, &out); err == nil || out.Len() > 0 {
			t.Errorf("%q: %v, %q", arguments, err, out.String())
		}
	}
}
