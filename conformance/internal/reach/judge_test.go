package reach

import (
	"strings"
	"testing"

	"polc.dev/conformance/internal/manifest"
)

// fourPods is two namespaces with pods that differ in the label tier: web, db, none at all, and empty.
const fourPods = `
apiVersion: v1
kind: Namespace
metadata: {name: a, labels: {team: red}}
---
apiVersion: v1
kind: Namespace
metadata: {name: b}
---` + podWeb + `
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: a, labels: {tier: db}}
spec: {containers: [{name: c, ports: [{containerPort: 5432}]}]}
status: {podIP: 10.0.0.2}
---
apiVersion: v1
kind: Pod
metadata: {name: bare, namespace: b}
spec: {containers: [{name: c}]}
status: {podIP: 10.0.1.1}
---
apiVersion: v1
kind: Pod
metadata: {name: empty, namespace: b, labels: {tier: ""}}
spec: {containers: [{name: c}]}
status: {podIP: 10.0.1.2}
---
`

const podWeb = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: a, labels: {tier: web}}
spec:
  containers: [{name: c, ports: [{name: http, containerPort: 80}, {name: dns, containerPort: 53, protocol: UDP}]}]
status: {podIP: 10.0.0.1}
---`

func policy(spec string) string {
	return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: a}\nspec: " + spec + "\n"
}

func judgeOf(t *testing.T, text string) *Judge {
	t.Helper()
	world, err := load(text)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := NewJudge(world)
	if err != nil {
		t.Fatal(err)
	}
	return judge
}

func load(text string) (*World, error) {
	documents, err := manifest.Split("test", strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	return NewLoader(LoaderOptions{}).Load(documents)
}

// check asks each question, "source destination TCP 80", and compares the answer.
func check(t *testing.T, judge *Judge, want map[string]bool) {
	t.Helper()
	for question, allowed := range want {
		query, err := NewQuery(strings.Fields(question))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := judge.Ask(query)
		if err != nil {
			t.Fatal(err)
		}
		if answer.Allowed != allowed {
			t.Errorf("%s: got %v, want %v", question, answer.Allowed, allowed)
		}
	}
}

func TestNotInSelectsPodsWithoutTheLabel(t *testing.T) {
	peer := "{namespaceSelector: {}, podSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [db]}, {key: role, operator: NotIn, values: [x]}]}}"
	judge := judgeOf(t, fourPods+policy("{podSelector: {matchLabels: {tier: db}}, ingress: [{from: ["+peer+"]}]}"))
	check(t, judge, map[string]bool{
		"a/web a/db TCP 5432":     true,
		"b/bare a/db TCP 5432":    true, // neither label there: both NotIn hold
		"b/empty a/db TCP 5432":   true,
		"192.0.2.1 a/db TCP 5432": false,
	})
}

func TestNotInOfATargetSelectsPodsWithoutTheLabel(t *testing.T) {
	text := strings.ReplaceAll(fourPods, "namespace: b}", "namespace: a}") // bare lies beside the policy now
	judge := judgeOf(t, text+policy("{podSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [db]}]}, policyTypes: [Ingress]}"))
	check(t, judge, map[string]bool{
		"a/db a/bare TCP 1": false, // isolated, as it has no label tier
		"a/db a/web TCP 1":  false,
		"a/web a/db TCP 1":  true,
	})
}

func TestMatchLabelsWithEmptyValueNeedsTheLabel(t *testing.T) {
	judge := judgeOf(t, fourPods+policy("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {tier: \"\"}}}]}]}"))
	check(t, judge, map[string]bool{"b/empty a/db TCP 5432": true, "b/bare a/db TCP 5432": false})
}

func TestNamespaceNotIn(t *testing.T) {
	judge := judgeOf(t, fourPods+policy("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [red]}]}}]}]}"))
	check(t, judge, map[string]bool{"b/bare a/db TCP 5432": true, "a/web a/db TCP 5432": false})
}

func TestServerDefaults(t *testing.T) {
	t.Run("a port without protocol is TCP", func(t *testing.T) {
		judge := judgeOf(t, fourPods+policy("{podSelector: {}, ingress: [{ports: [{port: 53}]}]}"))
		check(t, judge, map[string]bool{
			"b/bare a/web TCP 53": true, "b/bare a/web UDP 53": false, "b/bare a/web SCTP 53": false, "b/bare a/web TCP 54": false,
		})
	})
	t.Run("an empty egress list without types does not isolate egress", func(t *testing.T) {
		judge := judgeOf(t, fourPods+policy("{podSelector: {}, egress: []}"))
		check(t, judge, map[string]bool{"a/web b/bare TCP 1": true, "b/bare a/web TCP 1": false})
	})
	t.Run("an egress rule without types isolates ingress too", func(t *testing.T) {
		judge := judgeOf(t, fourPods+policy("{podSelector: {}, egress: [{}]}"))
		check(t, judge, map[string]bool{"a/web b/bare TCP 1": true, "b/bare a/web TCP 1": false})
	})
	t.Run("from null is everyone", func(t *testing.T) {
		judge := judgeOf(t, fourPods+policy("{podSelector: {}, ingress: [{from: null}]}"))
		check(t, judge, map[string]bool{"192.0.2.1 a/web SCTP 7": true})
	})
}

func TestNamedPortIsThatOfTheDestination(t *testing.T) {
	judge := judgeOf(t, fourPods+policy("{podSelector: {}, ingress: [{ports: [{port: http}, {port: dns, protocol: TCP}]}]}"))
	check(t, judge, map[string]bool{
		"b/bare a/web TCP 80": true,
		"b/bare a/web UDP 80": false,
		"b/bare a/web UDP 53": false, // the rule's dns is TCP, the pod's is UDP
		"b/bare a/web TCP 53": false,
		"b/bare a/db TCP 80":  false, // no port of that name
	})
}

func TestAddresses(t *testing.T) {
	judge := judgeOf(t, fourPods+policy("{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 198.51.100.0/24, except: [198.51.100.128/25]}}], ports: [{port: 443, protocol: TCP, endPort: 445}]}]}"))
	check(t, judge, map[string]bool{
		"a/web 198.51.100.1 TCP 443":   true,
		"a/web 198.51.100.1 TCP 445":   true,
		"a/web 198.51.100.1 TCP 446":   false,
		"a/web 198.51.100.1 UDP 443":   false,
		"a/web 198.51.100.200 TCP 443": false,
		"a/web 2001:db8::1 TCP 443":    false,
		"198.51.100.200 a/web TCP 443": true,
		"b/bare 198.51.100.200 TCP 1":  true,
	})
}

func TestAPodReachesItself(t *testing.T) {
	judge := judgeOf(t, fourPods+policy("{podSelector: {}, policyTypes: [Ingress, Egress]}"))
	check(t, judge, map[string]bool{"a/web a/web TCP 80": true, "a/web a/db TCP 80": false})
}
