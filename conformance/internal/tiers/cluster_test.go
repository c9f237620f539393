package tiers

import "testing"

func TestClusterNetworkPolicy(t *testing.T) {
	isolated := plain("a/p", "{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [{ports: [{port: 5432}]}]}")
	open := plain("a/p", "{podSelector: {}, ingress: [{}]}")
	tcp80 := "protocols: [{tcp: {destinationPort: {number: 80}}}]"
	subject := "subject: {pods: {podSelector: {matchLabels: {app: db}}}}"
	all := "from: [{namespaces: {}}]"
	web, sql := "a/web a/db TCP/80", "a/web a/db TCP/5432"
	play(t, []scene{
		{"4.1 Admin comes before NetworkPolicy: Deny",
			open + cluster("p", "{tier: Admin, priority: 1, "+subject+", ingress: [{action: Deny, "+all+", "+tcp80+"}]}"),
			[]string{sql, "8.8.8.8 a/db TCP/80"}, []string{web, "b/web b/db TCP/80"}},
		{"4.1 Admin comes before NetworkPolicy: Accept",
			isolated + cluster("p", "{tier: Admin, priority: 1, "+subject+", ingress: [{action: Accept, "+all+", "+tcp80+"}]}"),
			[]string{web, sql}, []string{"a/web a/db TCP/81", "8.8.8.8 a/db TCP/80"}},
		{"4.1 Pass jumps to the NetworkPolicies",
			isolated + cluster("p", "{tier: Admin, priority: 1, "+subject+", ingress: [{action: Pass, "+all+"}, {action: Deny, "+all+"}]}"),
			[]string{sql}, []string{web}},
		{"4.1 no implicit deny: what no rule matches goes on",
			cluster("p", "{tier: Admin, priority: 1, "+subject+", ingress: [{action: Accept, "+all+", "+tcp80+"}]}"),
			[]string{web, sql}, nil},
		{"4.1 a lower priority number comes first",
			cluster("a", "{tier: Admin, priority: 2, "+subject+", ingress: [{action: Deny, "+all+"}]}") +
				cluster("b", "{tier: Admin, priority: 1, "+subject+", ingress: [{action: Accept, "+all+", "+tcp80+"}]}"),
			[]string{web}, []string{sql}},
		{"4.1 Accept is final for its direction alone",
			isolated + cluster("p", "{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Accept, to: [{namespaces: {}}]}]}"),
			[]string{sql}, []string{web}},
		{"4.1 Baseline comes after NetworkPolicy, which is final",
			isolated + cluster("p", "{tier: Baseline, priority: 1, "+subject+", ingress: [{action: Deny, "+all+"}]}"),
			[]string{sql}, []string{web, "a/web b/db TCP/80"}},
		{"4.1 Baseline: a pod selected by a NetworkPolicy never reaches it",
			isolated + cluster("p", "{tier: Baseline, priority: 1, "+subject+", ingress: [{action: Accept, "+all+"}]}"),
			[]string{sql}, []string{web}},
		{"4.1 Baseline: Pass meets the cluster's default, which allows",
			cluster("p", "{tier: Baseline, priority: 1, "+subject+", ingress: [{action: Pass, "+all+", "+tcp80+"}, {action: Deny, "+all+"}]}"),
			[]string{web}, []string{sql}},
		{"4.1 subjects and peers by namespace",
			cluster("p", "{tier: Admin, priority: 0, subject: {namespaces: {matchLabels: {team: blue}}}, ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: red}}}]}]}"),
			[]string{web, "a/web b/db TCP/80", "8.8.8.8 a/db TCP/80"}, []string{"b/web a/db TCP/80", "b/old a/web ICMP"}},
		{"4.1 peers by pod and namespace are ANDed",
			cluster("p", "{tier: Admin, priority: 0, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{pods: {namespaceSelector: {matchLabels: {team: red}}, podSelector: {matchLabels: {app: web}}}}]}]}"),
			[]string{web, "b/old a/db TCP/80"}, []string{"b/web a/db TCP/80"}},
		{"4.1 networks match pods' addresses too, of both families",
			cluster("p", "{tier: Admin, priority: 0, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [10.0.0.0/24, 'fd00::/64', 8.8.8.8/32]}]}]}"),
			[]string{"a/web b/db TCP/80", "a/web 8.8.4.4 TCP/80"}, []string{web, "a/web 8.8.8.8 TCP/80"}},
		{"4.1 ranges, and protocols without which all are meant",
			cluster("p", "{tier: Admin, priority: 0, "+subject+", ingress: [{action: Deny, "+all+", protocols: [{udp: {destinationPort: {range: {start: 80, end: 82}}}}, {sctp: {destinationPort: {number: 1}}}]}]}"),
			[]string{web, "a/web a/db UDP/83", "a/web a/db UDP/79", "a/web a/db ICMP"}, []string{"a/web a/db UDP/80", "a/web a/db UDP/82", "a/web a/db SCTP/1"}},
		{"4.1 a named port",
			cluster("p", "{tier: Admin, priority: 0, "+subject+", ingress: [{action: Deny, "+all+", protocols: [{destinationNamedPort: sql}]}]}"),
			[]string{"a/web a/db TCP/3306"}, []string{sql, "a/web b/db TCP/3306"}},
		{"4.1 without rules of a direction it is not about it",
			cluster("p", "{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [8.8.8.8/32]}]}]}") +
				cluster("q", "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, "+all+", "+tcp80+"}]}"),
			[]string{sql}, []string{web}},
	})
}

func TestAdminNetworkPolicy(t *testing.T) {
	isolated := plain("a/p", "{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [{ports: [{port: 5432}]}]}")
	subject, all := "subject: {namespaces: {}}", "from: [{namespaces: {}}]"
	web, sql, red := "a/web a/db TCP/80", "a/web a/db TCP/5432", "a/web b/db TCP/80"
	play(t, []scene{
		{"4.2 AdminNetworkPolicy comes before NetworkPolicy",
			isolated + admin("p", "{priority: 3, "+subject+", ingress: [{action: Allow, "+all+", ports: [{portNumber: {port: 80}}]}, {action: Deny, "+all+", ports: [{portRange: {protocol: TCP, start: 5000, end: 6000}}]}]}"),
			[]string{web}, []string{sql, "a/web a/db TCP/81", "a/web a/db UDP/80"}},
		{"4.2 BaselineAdminNetworkPolicy comes after it",
			isolated + baseline("{"+subject+", ingress: [{action: Deny, "+all+"}]}"), []string{sql}, []string{web, red}},
		{"4.2 Pass, then the baseline",
			admin("p", "{priority: 3, "+subject+", ingress: [{action: Pass, "+all+", ports: [{namedPort: sql}]}, {action: Allow, "+all+"}]}") +
				baseline("{"+subject+", ingress: [{action: Deny, "+all+"}]}"),
			[]string{web, red}, []string{sql}},
		{"2.6 in Calico its tier has order 1000 and a name of its own",
			tierOf("z", "{order: 1000}") + global("z.p", toDB("z", "", "{action: Allow}")) +
				admin("p", "{priority: 3, "+subject+", ingress: [{action: Deny, "+all+", ports: [{portNumber: {port: 80, protocol: TCP}}]}]}"),
			[]string{sql}, []string{web}},
	})
}
