package tiers

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"polc.dev/conformance/internal/manifest"
)

// fivePods are two namespaces with pods of both families, one pod of IPv4 alone.
const fivePods = `
apiVersion: v1
kind: Namespace
metadata: {name: a, labels: {team: blue}}
---
apiVersion: v1
kind: Namespace
metadata: {name: b, labels: {team: red}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: reader, namespace: b, labels: {role: reader}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: a, labels: {app: web}}
status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: a, labels: {app: db}}
spec:
  containers:
  - name: c
    ports: [{name: sql, containerPort: 5432}, {name: metrics, containerPort: 9090, protocol: UDP}]
status: {podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.2}, {ip: "fd00::2"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: b, labels: {app: web}}
spec: {serviceAccountName: reader, containers: [{name: c}]}
status: {podIP: 10.0.1.1, podIPs: [{ip: 10.0.1.1}, {ip: "fd00:1::1"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: b, labels: {app: db, extra: ""}}
spec: {containers: [{name: c, ports: [{name: sql, containerPort: 3306}]}]}
status: {podIP: 10.0.1.2, podIPs: [{ip: 10.0.1.2}, {ip: "fd00:1::2"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: old, namespace: b}
status: {podIP: 10.0.1.3}
---
`

// object is one document; body is its part from the spec on, in YAML's flow form.
func object(apiVersion, kind, name, spec string) string {
	namespace, name, ok := strings.Cut(name, "/")
	meta := fmt.Sprintf("{name: %s, namespace: %s}", name, namespace)
	if !ok {
		meta = fmt.Sprintf("{name: %s}", namespace)
	}
	return fmt.Sprintf("apiVersion: %s\nkind: %s\nmetadata: %s\nspec: %s\n---\n", apiVersion, kind, meta, spec)
}

func tierOf(name, spec string) string { return object("projectcalico.org/v3", "Tier", name, spec) }

func global(name, spec string) string {
	return object("projectcalico.org/v3", "GlobalNetworkPolicy", name, spec)
}

func local(name, spec string) string {
	return object("projectcalico.org/v3", "NetworkPolicy", name, spec)
}

func plain(name, spec string) string {
	return object("networking.k8s.io/v1", "NetworkPolicy", name, spec)
}

func cluster(name, spec string) string {
	return object("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", name, spec)
}

func admin(name, spec string) string {
	return object("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", name, spec)
}

func baseline(spec string) string {
	return object("policy.networking.k8s.io/v1alpha1", "BaselineAdminNetworkPolicy", "default", spec)
}

func set(name, labels, nets string) string {
	kind := "GlobalNetworkSet"
	meta := "{name: " + name + ", labels: " + labels + "}"
	if namespace, name, ok := strings.Cut(name, "/"); ok {
		kind, meta = "NetworkSet", "{name: "+name+", namespace: "+namespace+", labels: "+labels+"}"
	}
	return fmt.Sprintf("apiVersion: projectcalico.org/v3\nkind: %s\nmetadata: %s\nspec: {nets: %s}\n---\n", kind, meta, nets)
}

func load(text string) (*Judge, error) {
	documents, err := manifest.Split("test", strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	return NewLoader(nil).Load(documents)
}

// readProbe reads "a/web a/db TCP/80 type=8 code=0 from=40000 v=4".
func readProbe(t *testing.T, text string) Probe {
	t.Helper()
	words := strings.Fields(text)
	probe := Probe{Source: words[0], Destination: words[1]}
	protocol, port, hasPort := strings.Cut(words[2], "/")
	probe.Protocol = protocol
	number := func(text string) *int {
		value, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return &value
	}
	if hasPort {
		probe.Port = number(port)
	}
	for _, word := range words[3:] {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "type":
			probe.ICMPType = number(value)
		case "code":
			probe.ICMPCode = number(value)
		case "from":
			probe.SourcePort = number(value)
		case "v":
			probe.IPVersion = number(value)
		default:
			t.Fatalf("cannot read %q", text)
		}
	}
	return probe
}

// scene is policies beside fivePods and probes with the answers that follow from one rule.
type scene struct {
	rule     string // the section of the rule, and the rule
	policies string
	allowed  []string
	denied   []string
}

func play(t *testing.T, scenes []scene) {
	t.Helper()
	for _, s := range scenes {
		t.Run(s.rule, func(t *testing.T) {
			judge, err := load(fivePods + s.policies)
			if err != nil {
				t.Fatal(err)
			}
			if len(s.allowed)+len(s.denied) == 0 {
				t.Fatal("nothing asked")
			}
			expect(t, judge, s.allowed, true)
			expect(t, judge, s.denied, false)
		})
	}
}

func expect(t *testing.T, judge *Judge, probes []string, allowed bool) {
	t.Helper()
	for _, text := range probes {
		answer, err := judge.Ask(readProbe(t, text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if answer.Allowed != allowed {
			t.Errorf("%s: %s, %s", text, answer.Verdict(), answer.Reason)
		}
	}
}
