package reach

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func lines(t *testing.T, judge *Judge, options Options) []string {
	t.Helper()
	var lines []string
	err := judge.List(options, func(answer Answer) error {
		lines = append(lines, answer.String())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestListProbesUndeclaredPortsAllProtocolsAndBothWays(t *testing.T) {
	judge := judgeOf(t, fourPods+policy("{podSelector: {matchLabels: {tier: web}}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 80}]}]}"))
	got := lines(t, judge, Options{External: []string{"192.0.2.1", "2001:db8::1"}, Ports: []Port{{"UDP", 7}}})
	all := strings.Join(got, "\n")
	for _, want := range []string{
		"192.0.2.1 -> a/web TCP/80 allow", "192.0.2.1 -> a/web UDP/80 deny", "192.0.2.1 -> a/web TCP/9 deny",
		"192.0.2.1 -> a/web SCTP/61000 deny", "192.0.2.1 -> a/web TCP/5432 deny", "2001:db8::1 -> a/web TCP/80 deny",
		"a/web -> 192.0.2.1 SCTP/9 allow", "b/bare -> a/db UDP/7 allow", "a/db -> a/web UDP/7 deny",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no line %q", want)
		}
	}
	const ends, pods, ports = 6, 4, 5*3 + 1 // 80, 53, 5432 and two undeclared in three protocols, and UDP/7
	if want := (ends*(ends-1) - 2) * ports; len(got) != want {
		t.Errorf("%d lines, want %d for %d pods", len(got), want, pods)
	}
	if again := lines(t, judge, Options{External: []string{"192.0.2.1", "2001:db8::1"}, Ports: []Port{{"UDP", 7}}}); strings.Join(again, "\n") != all {
		t.Error("two runs differ")
	}
}

// TestManyPods holds the cost of a question down: it must not grow with the number of policies of other pods.
func TestManyPods(t *testing.T) {
	const pods = 200
	var text strings.Builder
	text.WriteString("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n")
	for i := range pods {
		fmt.Fprintf(&text, "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p%d, namespace: a, labels: {app: p%d}}\nspec: {containers: [{name: c, ports: [{containerPort: 80}]}]}\nstatus: {podIP: 10.0.0.%d}\n", i, i, i)
		fmt.Fprintf(&text, "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p%d, namespace: a}\nspec: {podSelector: {matchLabels: {app: p%d}}, ingress: [{from: [{podSelector: {matchLabels: {app: p%d}}}]}]}\n", i, i, (i+1)%pods)
	}
	judge := judgeOf(t, text.String())
	start := time.Now()
	allowed := 0
	for _, line := range lines(t, judge, Options{}) {
		if strings.HasSuffix(line, "TCP/80 allow") {
			allowed++
		}
	}
	if allowed != pods {
		t.Errorf("%d pairs allowed, want %d", allowed, pods)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}
