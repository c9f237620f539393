package tiers

import "testing"

const (
	allowWeb  = "{action: Allow, protocol: TCP, destination: {ports: [80]}}"
	denyWeb   = "{action: Deny, protocol: TCP, destination: {ports: [80]}}"
	passWeb   = "{action: Pass, protocol: TCP, destination: {ports: [80]}}"
	logWeb    = "{action: Log, protocol: TCP, destination: {ports: [80]}}"
	passTier  = "{order: 500, defaultAction: Pass}"
	isolateDB = "{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}"
)

// toDB is a policy about connections to the pods with app=db.
func toDB(tier, order, rules string) string {
	if order != "" {
		order = "order: " + order + ", "
	}
	return "{tier: " + tier + ", " + order + "selector: app == 'db', types: [Ingress], ingress: [" + rules + "]}"
}

func TestOrderOfEvaluation(t *testing.T) {
	web, other := "a/web a/db TCP/80", "a/web a/db TCP/81"
	both := []string{web, other}
	play(t, []scene{
		{"2.6 (1) tiers ascend by order",
			tierOf("t1", "{order: 20}") + tierOf("t2", "{order: 10}") +
				global("t1.p", toDB("t1", "1", denyWeb)) + global("t2.p", toDB("t2", "2", allowWeb)),
			[]string{web}, []string{other}},
		{"2.6 (1) tiers of one order go by name",
			tierOf("t2", "{order: 10}") + tierOf("t1", "{order: 10}") +
				global("t2.p", toDB("t2", "1", denyWeb)) + global("t1.p", toDB("t1", "1", allowWeb)),
			[]string{web}, []string{other}},
		{"2.6 (1) a tier without order has 1,000,000: before default by a lower name",
			tierOf("a", "{defaultAction: Pass}") + global("a.p", toDB("a", "", allowWeb)) +
				global("p", toDB("default", "", denyWeb)),
			[]string{web}, []string{other}},
		{"2.6 (1) a tier without order has 1,000,000: after default by a higher name",
			tierOf("z", "{defaultAction: Pass}") + global("z.p", toDB("z", "", allowWeb)) +
				global("p", toDB("default", "", denyWeb)),
			nil, both},
		{"2.6 (1) a tier takes part only with a policy that selects the endpoint",
			tierOf("t1", "{order: 10}") + global("t1.p", "{tier: t1, selector: app == 'nobody', types: [Ingress, Egress]}"),
			both, nil},
		{"2.6 (1) a tier takes part only with a policy of that type",
			tierOf("t1", "{order: 10}") + global("t1.p", "{tier: t1, selector: app == 'db', types: [Egress]}"),
			both, []string{"a/db a/web TCP/80"}},
		{"2.6 (1) rules of a type that is not listed are inert",
			global("p", "{selector: app == 'db', types: [Egress], ingress: ["+denyWeb+"], egress: [{action: Allow}]}"),
			append([]string{"a/db a/web TCP/80"}, both...), nil},
		{"2.6 (2) policies ascend by order",
			global("a", toDB("default", "2", denyWeb)) + global("b", toDB("default", "1", allowWeb)),
			[]string{web}, []string{other}},
		{"2.2 an absent order comes last",
			global("a", toDB("default", "", denyWeb)) + global("b", toDB("default", "1e12", allowWeb)),
			[]string{web}, []string{other}},
		{"2.2 orders may be negative and fractions",
			global("a", toDB("default", "-0.25", denyWeb)) + global("b", toDB("default", "-0.5", allowWeb)),
			[]string{web}, []string{other}},
		{"2.2 equal orders go by name",
			global("b", toDB("default", "1", denyWeb)) + global("a", toDB("default", "1", allowWeb)),
			[]string{web}, []string{other}},
		{"2.2 absent orders go by name",
			global("b", toDB("default", "", denyWeb)) + global("a", toDB("default", "", allowWeb)),
			[]string{web}, []string{other}},
		{"2.2 equal orders and names go by namespace: none comes first",
			local("a/p", toDB("default", "1", denyWeb)) + global("p", toDB("default", "1", allowWeb)),
			[]string{web}, []string{other}},
		{"2.2 the name comes before the namespace",
			local("a/p1", toDB("default", "1", allowWeb)) + global("p2", toDB("default", "1", denyWeb)),
			[]string{web}, []string{other}},
		{"2.6 (2) rules in the order of the list, the first verdict wins",
			global("p", toDB("default", "1", allowWeb+", "+denyWeb)), []string{web}, []string{other}},
		{"2.6 (2) the first verdict wins, denied",
			global("p", toDB("default", "1", denyWeb+", {action: Allow}")), []string{other}, []string{web}},
		{"2.2 Log goes on with the next rule",
			global("p", toDB("default", "1", logWeb+", "+allowWeb)), []string{web}, []string{other}},
		{"2.2 Log is no verdict at the end of a tier either",
			global("p", toDB("default", "1", logWeb)), nil, both},
		{"2.6 (3) no verdict at the end of a tier is a drop",
			tierOf("t1", "{order: 10}") + global("t1.p", toDB("t1", "", passWeb)) + global("p", toDB("default", "", allowWeb)),
			[]string{web}, []string{other}},
		{"2.6 (3) defaultAction Deny is a drop too",
			tierOf("t1", "{order: 10, defaultAction: Deny}") + global("t1.p", toDB("t1", "", passWeb)),
			[]string{web}, []string{other}},
		{"2.6 (3) defaultAction Pass goes to the next tier",
			tierOf("t1", passTier) + global("t1.p", toDB("t1", "", denyWeb)) +
				global("p", toDB("default", "", "{action: Deny, protocol: TCP, destination: {ports: [82]}}, {action: Allow}")),
			[]string{other}, []string{web, "a/web a/db TCP/82"}},
		{"2.2 Pass skips the rest of its tier, other policies included",
			tierOf("t1", passTier) + global("t1.a", toDB("t1", "1", passWeb)) + global("t1.b", toDB("t1", "2", "{action: Deny}")),
			[]string{web}, []string{other}},
		{"2.6 (3) staged policies leave no drop at the end of a tier",
			tierOf("t1", "{order: 10}") +
				object("projectcalico.org/v3", "StagedGlobalNetworkPolicy", "t1.p", toDB("t1", "", denyWeb)) +
				object("projectcalico.org/v3", "StagedNetworkPolicy", "a/t1.p", toDB("t1", "", denyWeb)) +
				object("projectcalico.org/v3", "StagedKubernetesNetworkPolicy", "a/p", isolateDB),
			both, nil},
		{"2.6 (4) what passes the last tier meets the profile, which allows",
			tierOf("t1", "{order: 20000000}") + global("t1.p", toDB("t1", "", passWeb)), []string{web}, []string{other}},
		{"2.6 (4) where no tier applies the profile allows", "", both, nil},
		{"2.6 kube-admin is before default and passes",
			global("kube-admin.p", toDB("kube-admin", "", denyWeb)), []string{other}, []string{web}},
		{"2.6 kube-baseline is after default and passes",
			global("kube-baseline.p", toDB("kube-baseline", "", denyWeb)) + plain("a/p", isolateDB),
			[]string{"a/web b/db TCP/81"}, []string{other, web, "a/web b/db TCP/80"}},
		{"2.6 a NetworkPolicy is in tier default, order 1000: before 1000.5",
			plain("a/p", "{podSelector: {}, ingress: [{ports: [{port: 80}]}]}") + global("q", toDB("default", "1000.5", "{action: Deny}")),
			[]string{web}, []string{other}},
		{"2.6 a NetworkPolicy is in tier default, order 1000: after 999.5",
			plain("a/p", "{podSelector: {}, ingress: [{ports: [{port: 80}, {port: 81}]}]}") + global("q", toDB("default", "999.5", denyWeb)),
			[]string{other}, []string{web}},
		{"1.4 (3) both ends must allow",
			local("a/out", "{selector: app == 'web', types: [Egress], egress: [{action: Allow, protocol: TCP, destination: {ports: ['80:81']}}]}") +
				global("in", toDB("default", "", allowWeb)),
			[]string{web, "a/web 8.8.8.8 TCP/81"}, []string{other, "a/web 8.8.8.8 TCP/82"}},
		{"1.4 (11) a pod always reaches itself",
			global("p", "{types: [Ingress, Egress]}"), []string{"a/web a/web TCP/80", "10.0.0.1 a/web TCP/80"}, both},
	})
}

func TestDefaultsOfTypes(t *testing.T) {
	in, out := "b/web a/db TCP/80", "a/db b/web TCP/80"
	play(t, []scene{
		{"2.2 no rules: Ingress", global("p", "{selector: app == 'db'}"), []string{out}, []string{in}},
		{"2.2 ingress rules: Ingress", global("p", "{selector: app == 'db', ingress: [{action: Deny}]}"),
			[]string{out}, []string{in}},
		{"2.2 egress rules: Egress", global("p", "{selector: app == 'db', egress: [{action: Deny}]}"),
			[]string{in}, []string{out}},
		{"2.2 both: both", local("a/p", "{selector: app == 'db', egress: [{action: Deny}], ingress: [{action: Deny}]}"),
			nil, []string{in, out}},
		{"2.2 types win over rules", global("p", "{selector: app == 'db', types: [Egress, Ingress], ingress: [{action: Allow}]}"),
			[]string{in}, []string{out}},
		{"1.2 NetworkPolicy without types: Ingress, Egress if it has egress rules",
			plain("a/p", "{podSelector: {matchLabels: {app: db}}, egress: []}"), []string{out}, []string{in}},
	})
}
