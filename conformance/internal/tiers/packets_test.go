package tiers

import (
	"strings"
	"testing"
)

// What the reference says was seen with real packets (2.9), as far as it is about pods.
func TestSeenWithRealPackets(t *testing.T) {
	isolated := plain("a/isolated", "{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], "+
		"ingress: [{from: [{podSelector: {}}], ports: [{port: 5432}]}]}")
	permitted, stranger := "a/web a/db TCP/5432", "b/web a/db TCP/5432"
	guardrail := "{tier: guard, selector: app == 'db', types: [Ingress], ingress: [" + denyWeb + "]}"
	seal := func(order string) string {
		return toDB("default", order, "{action: Deny}")
	}
	play(t, []scene{
		{"2.9 a foreign Allow at order 1500 opens an isolated pod",
			isolated + global("foreign", toDB("default", "1500", "{action: Allow}")), []string{permitted, stranger}, nil},
		{"2.9 a foreign Pass at order 1500 opens an isolated pod",
			isolated + global("foreign", toDB("default", "1500", "{action: Pass}")), []string{permitted, stranger}, nil},
		{"2.9 a seal at 1000.5 closes that again, as GlobalNetworkPolicy",
			isolated + global("seal", seal("1000.5")) + global("foreign", toDB("default", "1500", "{action: Allow}")),
			[]string{permitted}, []string{stranger}},
		{"2.9 a seal at 1000.5 closes that again, as NetworkPolicy",
			isolated + local("a/seal", seal("1000.5")) + global("foreign", toDB("default", "1500", "{action: Pass}")),
			[]string{permitted}, []string{stranger}},
		{"2.9 a seal without a rule does not seal",
			isolated + global("seal", toDB("default", "1000.5", "")) + global("foreign", toDB("default", "1500", "{action: Allow}")),
			[]string{permitted, stranger}, nil},
		{"2.9 a seal at 1001 loses to a foreign Allow at 1000.7",
			isolated + global("seal", seal("1001")) + global("foreign", toDB("default", "1000.7", "{action: Allow}")),
			[]string{stranger}, nil},
		{"2.9 at equal order the name decides: the foreign one first",
			isolated + global("seal", seal("1000.5")) + global("foreign", toDB("default", "1000.5", "{action: Allow}")),
			[]string{stranger}, nil},
		{"2.9 at equal order the name decides: the seal first",
			isolated + global("a-seal", seal("1000.5")) + global("foreign", toDB("default", "1000.5", "{action: Allow}")),
			[]string{permitted}, []string{stranger}},
		{"2.9 a foreign Allow below 1000 opens, the seal notwithstanding",
			isolated + global("seal", seal("1000.5")) + global("foreign", toDB("default", "999", "{action: Allow}")),
			[]string{stranger}, nil},
		{"2.9 a foreign Allow in an earlier tier opens, the seal notwithstanding",
			isolated + global("seal", seal("1000.5")) + tierOf("early", "{order: 1}") +
				global("early.foreign", toDB("early", "", "{action: Allow}")),
			[]string{stranger}, nil},
		{"2.9 a guardrail tier: denied flows are blocked, open pods stay open",
			tierOf("guard", passTier) + global("guard.p", guardrail), []string{"a/web a/db TCP/81"}, []string{"a/web a/db TCP/80"}},
		{"2.9 a guardrail tier: what NetworkPolicies allow passes",
			isolated + tierOf("guard", passTier) + global("guard.p", guardrail),
			[]string{permitted}, []string{stranger, "a/web a/db TCP/80"}},
		{"2.9 a guardrail tier without defaultAction closes what it selects",
			tierOf("guard", "{order: 500}") + global("guard.p", guardrail), []string{"a/web b/web TCP/81"}, []string{"a/web a/db TCP/81"}},
		{"2.9 a guardrail tier without order cannot stop allowed flows",
			plain("a/open", "{podSelector: {}, ingress: [{}]}") + tierOf("guard", "{defaultAction: Pass}") + global("guard.p", guardrail),
			[]string{"a/web a/db TCP/80"}, nil},
		{"2.9 a guardrail tier after default cannot stop allowed flows",
			plain("a/open", "{podSelector: {}, ingress: [{}]}") + tierOf("guard", "{order: 1000001, defaultAction: Pass}") +
				global("guard.p", guardrail),
			[]string{"a/web a/db TCP/80"}, nil},
		{"2.9 the deny-only policy in tier default makes open pods default-deny",
			global("p", toDB("default", "", denyWeb)), nil, []string{"a/web a/db TCP/81"}},
		{"2.9 with a trailing Pass it skips the NetworkPolicies and opens isolated pods",
			isolated + global("p", toDB("default", "900", denyWeb+", {action: Pass}")), []string{stranger}, []string{"b/web a/db TCP/80"}},
		{"2.9 except as a Pass rule skips the tier's later denies",
			tierOf("guard", passTier) +
				global("guard.a", toDB("guard", "1", "{action: Pass, source: {selector: app == 'web'}}, {action: Deny}")) +
				global("guard.b", toDB("guard", "2", denyWeb)),
			[]string{"a/web a/db TCP/80"}, []string{"b/old a/db TCP/80"}},
		{"2.9 except as !(…) works",
			tierOf("guard", passTier) + global("guard.a", toDB("guard", "1", "{action: Deny, source: {selector: '!(app == ''web'')'}}")) +
				global("guard.b", toDB("guard", "2", denyWeb)),
			[]string{"a/web a/db TCP/81"}, []string{"b/old a/db TCP/81", "a/web a/db TCP/80"}},
		{"2.9 except as notSelector works, for addresses outside too",
			tierOf("guard", passTier) + global("guard.a", toDB("guard", "1", "{action: Deny, source: {notSelector: app == 'web'}}")),
			[]string{"a/web a/db TCP/81"}, []string{"b/old a/db TCP/81", "8.8.8.8 a/db TCP/81"}},
		{"2.9 except as notNets works",
			tierOf("guard", passTier) + global("guard.a", toDB("guard", "1", "{action: Deny, source: {notNets: [10.0.0.1/32]}}")),
			[]string{"a/web a/db TCP/81"}, []string{"b/old a/db TCP/81", "8.8.8.8 a/db TCP/81"}},
		{"2.9 a baseline for all pods isolates, NetworkPolicies hold as before",
			isolated + global("base", "{order: 2000, selector: \"projectcalico.org/orchestrator == 'k8s'\", types: [Ingress], ingress: [{action: Deny}]}") +
				global("foreign", "{order: 3000, types: [Ingress], ingress: [{action: Allow}]}"),
			[]string{permitted}, []string{stranger, "a/web b/web TCP/80"}},
		{"2.9 a baseline without Deny rules: a foreign Allow at 3000 opens again",
			global("base", "{order: 2000, types: [Ingress]}") + global("foreign", toDB("default", "3000", "{action: Allow}")),
			[]string{stranger}, []string{"a/web b/web TCP/80"}},
		{"2.9 a baseline of both types needs egress allows too",
			global("base", "{order: 2000, types: [Ingress, Egress], ingress: [{action: Allow}]}"), nil, []string{permitted}},
		{"2.9 one tier: denies, passes, and one Deny last beat an Allow of order 1 in tier default",
			tierOf("only", passTier) + global("only.deny", toDB("only", "1", denyWeb)) +
				global("only.pass", toDB("only", "2", "{action: Pass, source: {selector: app == 'web'}}")) +
				global("only.rest", toDB("only", "3", "{action: Deny}")) + global("foreign", toDB("default", "1", "{action: Allow}")),
			[]string{"a/web a/db TCP/81"}, []string{"a/web a/db TCP/80", "b/old a/db TCP/81"}},
		{"2.9 two policies of the form [Pass; Deny] on one pod: the second is never reached",
			tierOf("only", passTier) +
				global("only.a", toDB("only", "1", "{action: Pass, source: {selector: extra == ''}}, {action: Deny}")) +
				global("only.b", toDB("only", "2", "{action: Pass, source: {selector: app == 'web'}}, {action: Deny}")),
			[]string{"b/db a/db TCP/80"}, []string{"a/web a/db TCP/80"}},
		{"2.9 a foreign tier at 100 beats the one at 500",
			tierOf("only", passTier) + global("only.rest", toDB("only", "3", "{action: Deny}")) +
				tierOf("foreign", "{order: 100}") + global("foreign.p", toDB("foreign", "", "{action: Allow}")),
			[]string{stranger}, nil},
		{"2.9 passed flows still meet the NetworkPolicies",
			isolated + tierOf("only", passTier) + global("only.pass", toDB("only", "2", "{action: Pass}")),
			[]string{permitted}, []string{stranger}},
	})
}

// 2.9: a policy whose tier does not exist yet closes the pods it selects. What else it does is not known.
func TestAbsentTierIsRefused(t *testing.T) {
	_, err := load(fivePods + global("guard.p", toDB("guard", "", denyWeb)))
	if err == nil || !strings.Contains(err.Error(), "tier guard, which is not given") {
		t.Errorf("got %v", err)
	}
	_, err = load(fivePods + global("guard.p", toDB("guard", "", denyWeb)) + tierOf("guard", passTier))
	if err != nil {
		t.Errorf("a tier that comes after its policy: %v", err)
	}
}
