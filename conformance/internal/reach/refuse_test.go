package reach

import (
	"strings"
	"testing"

	"polc.dev/conformance/internal/manifest"
)

func TestLoadRefusesWhatItDoesNotUnderstand(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"unknown kind":       {"apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: a}\n", "a kind that reach does not know"},
		"Calico's kind":      {"apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: s, namespace: a}\n", "a kind that reach does not know"},
		"unknown field":      {policy("{podSelector: {}, order: 5}"), `unknown field "spec.order"`},
		"duplicate key":      {policy("{podSelector: {}, podSelector: {matchLabels: {a: b}}}"), `"podSelector" already set`},
		"not YAML":           {"kind: [", "did not find expected"},
		"no kind":            {"a: b\n", "a kind that reach does not know"},
		"invalid policy":     {policy("{podSelector: {}, ingress: [{from: [{}]}]}"), "must specify a peer"},
		"policy twice":       {policy("{podSelector: {}}") + "---\n" + policy("{podSelector: {}}"), "is there twice"},
		"pod twice":          {podWeb, "is there twice"},
		"unknown namespace":  {strings.Replace(policy("{podSelector: {}}"), "namespace: a", "namespace: c", 1), "its namespace is not given"},
		"host network":       {"apiVersion: v1\nkind: Pod\nmetadata: {name: h, namespace: a}\nspec: {hostNetwork: true, containers: [{name: c}]}\n", "host network"},
		"pod without IP":     {"apiVersion: v1\nkind: Pod\nmetadata: {name: h, namespace: a}\n---\n" + policy("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}"), "no status.podIP"},
		"labels that differ": {"apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {team: blue}}\n", `label team is "red"`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := load(fourPods + c.text)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestOnlyIgnoredKindsArePassedOver(t *testing.T) {
	text := fourPods + "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: a}\n---\n" + policy("{podSelector: {}}")
	documents, err := manifest.Split("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	world, err := NewLoader(LoaderOptions{IgnoredKinds: []string{"Service", "NetworkPolicy"}}).Load(documents)
	if err != nil {
		t.Fatal(err)
	}
	if len(world.policies) != 1 {
		t.Error("a NetworkPolicy was passed over")
	}
}

func TestQueriesRefuse(t *testing.T) {
	judge := judgeOf(t, fourPods)
	for _, question := range []string{"a/web\ta/nobody\tTCP\t80", "10.0.0.1\ta/db\tTCP\t80", "a/web\tnowhere\tTCP\t80"} {
		queries, err := ReadQueries("q", strings.NewReader(question))
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := judge.Ask(queries[0]); err == nil {
			t.Errorf("%q was answered: %v", question, answer)
		}
	}
	for _, line := range []string{"a\tb\tICMP\t1", "a\tb\tTCP\t0", "a\tb\tTCP\t65536", "a\tb\tTCP\thttp", "a\tb\tTCP", "a\tb\tTCP\t1\t"} {
		if _, err := ReadQueries("q", strings.NewReader(line)); err == nil {
			t.Errorf("%q was read", line)
		}
	}
}
