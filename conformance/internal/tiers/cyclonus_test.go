package tiers

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"polc.dev/conformance/internal/manifest"
	"polc.dev/conformance/internal/reach"
)

// Where there is nothing but NetworkPolicies, Cyclonus must say the same.
func TestNetworkPoliciesAsCyclonusJudgesThem(t *testing.T) {
	const worlds = 150
	pods := strings.ReplaceAll(fivePods, `, podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]`, "")
	for _, text := range []string{
		`, podIPs: [{ip: 10.0.0.2}, {ip: "fd00::2"}]`, `, podIPs: [{ip: 10.0.1.1}, {ip: "fd00:1::1"}]`,
		`, podIPs: [{ip: 10.0.1.2}, {ip: "fd00:1::2"}]`,
	} {
		pods = strings.ReplaceAll(pods, text, "")
	}
	denied, asked := 0, 0
	for seed := range uint64(worlds) {
		text := pods + randomPolicies(rand.New(rand.NewPCG(seed, 1)))
		ours, err := load(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		theirs := cyclonus(t, text)
		for _, query := range everyQuery() {
			answer, err := theirs.Ask(query)
			if err != nil {
				t.Fatal(err)
			}
			port := int(query.Port.Number)
			mine, err := ours.Ask(Probe{
				Source: query.Source, Destination: query.Destination, Protocol: string(query.Port.Protocol), Port: &port,
			})
			if err != nil {
				t.Fatal(err)
			}
			if mine.Allowed != answer.Allowed {
				t.Fatalf("seed %d: Cyclonus: %v, we: %s, %s\n%s", seed, answer, mine.Verdict(), mine.Reason, text)
			}
			asked++
			if !mine.Allowed {
				denied++
			}
		}
	}
	if denied*10 < asked || denied*10 > 9*asked {
		t.Errorf("%d of %d denied: the worlds say too little", denied, asked)
	}
}

func cyclonus(t *testing.T, text string) *reach.Judge {
	t.Helper()
	documents, err := manifest.Split("test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	world, err := reach.NewLoader(reach.LoaderOptions{IgnoredKinds: []string{"ServiceAccount"}}).Load(documents)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := reach.NewJudge(world)
	if err != nil {
		t.Fatal(err)
	}
	return judge
}

func everyQuery() []reach.Query {
	var queries []reach.Query
	ends := []string{"a/web", "a/db", "b/web", "b/db", "b/old", "8.8.8.8"}
	for _, source := range ends {
		for _, destination := range ends {
			for _, text := range []string{"TCP/80", "TCP/5432", "TCP/3306", "UDP/9090", "SCTP/80"} {
				port, err := reach.ParsePort(text)
				if err != nil {
					panic(err)
				}
				queries = append(queries, reach.Query{Source: source, Destination: destination, Port: port})
			}
		}
	}
	return queries
}

func randomPolicies(random *rand.Rand) string {
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	several := func(least, most int, one func() string) string {
		var texts []string
		for range least + random.IntN(most-least+1) {
			texts = append(texts, one())
		}
		return "[" + strings.Join(texts, ", ") + "]"
	}
	pods := func() string {
		return pick("{}", "{matchLabels: {app: web}}", "{matchLabels: {app: db}}", "{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}",
			"{matchExpressions: [{key: extra, operator: Exists}]}", "{matchLabels: {extra: ''}}")
	}
	namespaces := func() string {
		return pick("{}", "{matchLabels: {team: red}}", "{matchLabels: {kubernetes.io/metadata.name: a}}")
	}
	peer := func() string {
		return pick("{podSelector: "+pods()+"}", "{namespaceSelector: "+namespaces()+"}",
			"{podSelector: "+pods()+", namespaceSelector: "+namespaces()+"}",
			"{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.1.0/24]}}", "{ipBlock: {cidr: 0.0.0.0/0}}", "{ipBlock: {cidr: '::/0'}}")
	}
	port := func() string {
		return pick("{port: 80}", "{port: sql}", "{protocol: UDP, port: metrics}", "{protocol: SCTP}", "{}", "{port: 3000, endPort: 6000}")
	}
	var text strings.Builder
	for i := range 1 + random.IntN(3) {
		rules := func(peers string) string {
			return several(0, 2, func() string {
				return "{" + peers + ": " + several(0, 2, peer) + ", ports: " + several(0, 2, port) + "}"
			})
		}
		types := pick("", "policyTypes: [Ingress], ", "policyTypes: [Egress], ", "policyTypes: [Ingress, Egress], ")
		text.WriteString(plain(fmt.Sprintf("%s/p%d", pick("a", "b"), i), "{podSelector: "+pods()+", "+types+
			"ingress: "+rules("from")+", egress: "+rules("to")+"}"))
	}
	return text.String()
}
