package tiers

import (
	"strings"
	"testing"
)

// with is a policy of the default tier about connections to pods with app=db, which allows what the match says.
func with(match string) string {
	return global("p", toDB("default", "1", "{action: Allow, "+match+"}"))
}

// localWith is the same in namespace a alone.
func localWith(match string) string {
	return local("a/p", toDB("default", "1", "{action: Allow, "+match+"}"))
}

func TestProtocolsAndPorts(t *testing.T) {
	play(t, []scene{
		{"2.2 protocol by name", with("protocol: UDP"), []string{"a/web a/db UDP/80"}, []string{"a/web a/db TCP/80", "a/web a/db 47"}},
		{"2.2 protocol by number", with("protocol: 47"), []string{"a/web a/db 47"}, []string{"a/web a/db TCP/80"}},
		{"2.2 a number is its name", with("protocol: 6"), []string{"a/web a/db TCP/80"}, []string{"a/web a/db 17/80"}},
		{"2.2 notProtocol", with("notProtocol: TCP"), []string{"a/web a/db UDP/80", "a/web a/db ICMP"}, []string{"a/web a/db TCP/80"}},
		{"2.2 no protocol: all", with(""), []string{"a/web a/db TCP/80", "a/web a/db ICMPv6", "a/web a/db 47", "a/web a/db UDPLite"}, nil},
		{"2.2 ports: numbers and ranges", with("protocol: TCP, destination: {ports: [80, '90:92']}"),
			[]string{"a/web a/db TCP/80", "a/web a/db TCP/90", "a/web a/db TCP/92"},
			[]string{"a/web a/db TCP/89", "a/web a/db TCP/93", "a/web a/db UDP/80"}},
		{"2.2 notPorts", with("protocol: TCP, destination: {notPorts: [80, '90:92']}"),
			[]string{"a/web a/db TCP/89"}, []string{"a/web a/db TCP/80", "a/web a/db TCP/91"}},
		{"2.2 ports and notPorts are ANDed", with("protocol: TCP, destination: {ports: ['80:90'], notPorts: [85]}"),
			[]string{"a/web a/db TCP/84"}, []string{"a/web a/db TCP/85", "a/web a/db TCP/91"}},
		{"2.2 a named port is the destination pod's", with("protocol: TCP, destination: {ports: [sql]}"),
			[]string{"a/web a/db TCP/5432", "a/web b/db TCP/3306"},
			[]string{"a/web a/db TCP/3306", "a/web b/db TCP/5432", "a/web a/db UDP/5432"}},
		{"2.2 a named port is of the rule's protocol", with("protocol: UDP, destination: {ports: [metrics, sql]}"),
			[]string{"a/web a/db UDP/9090"}, []string{"a/web a/db UDP/5432", "a/web a/db TCP/9090", "a/web b/db UDP/3306"}},
		{"2.2 a named port may go without a protocol", with("destination: {ports: [sql]}"),
			[]string{"a/web a/db TCP/5432"}, []string{"a/web a/db UDP/5432", "a/web a/db UDP/9090", "a/web a/db ICMP"}},
		{"2.2 a named port without a protocol is one of TCP", with("destination: {ports: [metrics]}"),
			nil, []string{"a/web a/db UDP/9090", "a/web a/db TCP/9090"}},
		{"2.2 named and numeric ports are ORed", with("protocol: TCP, destination: {ports: [sql, 80]}"),
			[]string{"a/web a/db TCP/80", "a/web a/db TCP/5432"}, []string{"a/web a/db TCP/81"}},
		{"2.2 notPorts by name", with("protocol: TCP, destination: {notPorts: [sql]}"),
			[]string{"a/web a/db TCP/80", "a/web b/db TCP/5432"}, []string{"a/web a/db TCP/5432"}},
		{"2.2 source ports", with("protocol: TCP, source: {ports: [1000], notPorts: []}"),
			[]string{"a/web a/db TCP/80 from=1000"}, []string{"a/web a/db TCP/1000 from=80", "a/web a/db UDP/80"}},
		{"2.2 a named port in egress is the peer's",
			global("p", "{selector: app == 'web', types: [Egress], egress: [{action: Allow, protocol: TCP, destination: {ports: [sql]}}]}"),
			[]string{"a/web a/db TCP/5432", "a/web b/db TCP/3306"}, []string{"a/web b/db TCP/5432", "a/web 8.8.8.8 TCP/5432"}},
		{"2.2 a named port is looked up at the pods the selector selects, not at those in a set it selects",
			set("overlap", "{app: overlap}", "[10.0.1.2/32]") + with("protocol: TCP, destination: {selector: app == 'overlap', ports: [sql, 80]}"),
			[]string{"8.8.8.8 b/db TCP/80"}, []string{"8.8.8.8 b/db TCP/3306"}},
		{"2.2 a named port is looked up at the pods the selector selects",
			global("p", "{selector: app == 'web', types: [Egress], egress: [{action: Allow, protocol: TCP, destination: {ports: [sql], selector: has(extra)}}]}"),
			[]string{"a/web b/db TCP/3306"}, []string{"a/web a/db TCP/5432"}},
	})
}

func TestICMP(t *testing.T) {
	play(t, []scene{
		{"2.2 icmp type", with("protocol: ICMP, icmp: {type: 8}"),
			[]string{"a/web a/db ICMP type=8", "a/web a/db ICMP type=8 code=3"},
			[]string{"a/web a/db ICMP type=0", "a/web a/db ICMPv6 type=8", "a/web a/db TCP/8"}},
		{"2.2 icmp type and code", with("protocol: ICMP, icmp: {type: 3, code: 4}"),
			[]string{"a/web a/db ICMP type=3 code=4"}, []string{"a/web a/db ICMP type=3 code=1", "a/web a/db ICMP type=8 code=4"}},
		{"2.2 notICMP", with("protocol: ICMPv6, notICMP: {type: 128}"),
			[]string{"a/web a/db ICMPv6 type=129"}, []string{"a/web a/db ICMPv6 type=128", "a/web a/db ICMP type=129"}},
		{"2.2 notICMP type and code", with("protocol: ICMP, notICMP: {type: 3, code: 4}"),
			[]string{"a/web a/db ICMP type=3 code=1"}, []string{"a/web a/db ICMP type=3 code=4"}},
		{"2.2 the protocol alone", with("protocol: 1"), []string{"a/web a/db ICMP"}, []string{"a/web a/db ICMPv6"}},
	})
}

func TestNetworksAndFamilies(t *testing.T) {
	play(t, []scene{
		{"2.2 nets, pods' addresses included", with("source: {nets: [10.0.0.0/24, 8.8.8.8/32]}"),
			[]string{"a/web a/db TCP/80 v=4", "8.8.8.8 a/db TCP/80"}, []string{"b/web a/db TCP/80", "8.8.8.9 a/db TCP/80", "a/web a/db TCP/80 v=6"}},
		{"2.2 notNets", with("source: {notNets: [10.0.0.0/24]}"),
			[]string{"b/web a/db TCP/80 v=4", "8.8.8.8 a/db TCP/80"}, []string{"a/web a/db TCP/80 v=4"}},
		{"2.2 notNets of one family are about packets of that family", with("source: {notNets: [10.0.0.0/24]}"),
			[]string{"8.8.8.8 a/db TCP/80"}, []string{"2001:db8::1 a/db TCP/80"}},
		{"2.2 nets and notNets are ANDed", with("source: {nets: [10.0.0.0/8], notNets: [10.0.1.0/24]}"),
			[]string{"a/web a/db TCP/80 v=4"}, []string{"b/web a/db TCP/80", "8.8.8.8 a/db TCP/80"}},
		{"2.2 nets of IPv6", with("source: {nets: ['fd00::/64', '2001:db8::/32']}"),
			[]string{"a/web a/db TCP/80 v=6", "2001:db8::1 a/db TCP/80"}, []string{"b/web a/db TCP/80", "a/web a/db TCP/80 v=4"}},
		{"2.2 ipVersion", with("ipVersion: 6"), []string{"a/web a/db TCP/80 v=6", "2001:db8::1 a/db TCP/80", "a/web fd00::2 TCP/80"},
			[]string{"a/web a/db TCP/80 v=4", "8.8.8.8 a/db TCP/80", "b/old a/db TCP/80"}},
		{"2.2 the destination's nets", with("destination: {nets: [10.0.0.2/32]}"),
			[]string{"a/web a/db TCP/80 v=4"}, []string{"a/web b/db TCP/80"}},
	})
}

func TestScopeOfSelectors(t *testing.T) {
	sets := set("offices", "{app: office, team: blue}", "[198.51.100.0/24, '2001:db8::/32']") +
		set("b/partners", "{app: partner}", "[203.0.113.0/24]") + set("overlap", "{app: overlap}", "[10.0.1.1/32]")
	office, partner, internet := "198.51.100.7 a/db TCP/80", "203.0.113.7 a/db TCP/80", "8.8.8.8 a/db TCP/80"
	own, other, old := "a/web a/db TCP/80", "b/web a/db TCP/80", "b/old a/db TCP/80"
	play(t, []scene{
		{"2.3 GNP: a selector is about every namespace", with("source: {selector: app == 'web'}"), []string{own, other}, []string{old, internet}},
		{"2.3 NP: a selector is about its own namespace", localWith("source: {selector: app == 'web'}"), []string{own}, []string{other, old, internet}},
		{"2.3 NP: a selector is about sets of its own namespace", sets + localWith("source: {selector: all()}"),
			[]string{own}, []string{other, office, partner, internet}},
		{"2.3 NP: with notSelector too the namespace is its own", localWith("source: {notSelector: app == 'web'}"),
			[]string{"10.0.0.2 a/db TCP/80"}, []string{own, other, old, internet}},
		{"2.3 NP: with nets alone there is no limit", localWith("source: {nets: [0.0.0.0/0]}"), []string{"a/web a/db TCP/80 v=4", old, internet}, nil},
		{"2.3 NP: namespaceSelector", localWith("source: {namespaceSelector: team == 'red'}"), []string{other, old}, []string{own, internet}},
		{"2.3 NP: namespaceSelector and selector are ANDed", localWith("source: {namespaceSelector: team == 'red', selector: app == 'web'}"),
			[]string{other}, []string{own, old}},
		{"2.3 namespaceSelector all(): what is in a namespace", sets + localWith("source: {namespaceSelector: all()}"),
			[]string{own, other, old, partner}, []string{office, internet}},
		{"2.3 namespaceSelector global(): what is in none", sets + localWith("source: {namespaceSelector: global()}"),
			[]string{office}, []string{own, old, partner, internet}},
		{"2.3 GNP: global() with a selector", sets + with("source: {namespaceSelector: global(), selector: app == 'office'}"),
			[]string{office, "2001:db8::9 a/db TCP/80"}, []string{own, partner, internet, "2001:db9::9 a/db TCP/80"}},
		{"2.3 a set's label collides with pods'", sets + with("source: {selector: team == 'blue'}"), []string{office}, []string{own, partner}},
		{"2.2 selector all() is every known thing, not every packet", sets + with("source: {selector: all()}"),
			[]string{own, other, old, office, partner}, []string{internet}},
		{"2.2 no selector is every packet", with("source: {}"), []string{own, other, old, internet}, nil},
		{"2.3 !has(x): known things without it", sets + with("source: {selector: '!has(app)'}"), []string{old}, []string{own, office, internet}},
		{"2.3 notSelector has(x): anything else", sets + with("source: {notSelector: has(app)}"), []string{old, internet}, []string{own, office, partner}},
		{"2.3 selector and notSelector are ANDed", with("source: {selector: has(app), notSelector: app == 'web'}"),
			[]string{"b/db a/db TCP/80"}, []string{own, old, internet}},
		{"2.8 a pod whose address is in a set is matched by the set's labels", sets + with("source: {selector: app == 'overlap'}"),
			[]string{"b/web a/db TCP/80 v=4"}, []string{own, "b/web a/db TCP/80 v=6"}},
		{"2.3 all selectors must hold for one and the same thing", sets + with("source: {selector: app == 'overlap', namespaceSelector: team == 'red'}"),
			[]string{"10.0.1.1 10.0.1.1 TCP/80"}, []string{other}},
		{"2.8 a NetworkSet is in its namespace", sets + localWith("source: {selector: app == 'partner', namespaceSelector: projectcalico.org/name == 'b'}"),
			[]string{partner}, []string{office}},
		{"2.4 projectcalico.org/name of a namespace", with("source: {namespaceSelector: projectcalico.org/name == 'b'}"), []string{other}, []string{own}},
		{"2.4 kubernetes.io/metadata.name of a namespace", with("source: {namespaceSelector: kubernetes.io/metadata.name == 'b'}"), []string{other}, []string{own}},
		{"2.4 projectcalico.org/namespace of a pod", with("source: {selector: projectcalico.org/namespace == 'b'}"), []string{other, old}, []string{own}},
		{"2.4 projectcalico.org/orchestrator of pods alone", sets + with("source: {selector: \"projectcalico.org/orchestrator == 'k8s'\"}"),
			[]string{own, other}, []string{office, partner, internet}},
		{"2.4 pcns. labels", with("source: {selector: pcns.team == 'red'}"), []string{other, old}, []string{own}},
		{"2.4 pcns. labels of a set in a namespace", sets + with("source: {selector: pcns.team == 'red'}"), []string{partner}, []string{office}},
		{"2.4 pcsa. labels", with("source: {selector: pcsa.role == 'reader'}"), []string{other}, []string{own, old}},
		{"2.4 projectcalico.org/serviceaccount", with("source: {selector: projectcalico.org/serviceaccount == 'default'}"), []string{own, old}, []string{other}},
		{"2.2 serviceAccounts by name", with("source: {serviceAccounts: {names: [x, reader]}}"), []string{other}, []string{own, old, internet}},
		{"2.2 serviceAccounts by name, NP: in its own namespace", localWith("source: {serviceAccounts: {names: [reader, default]}}"),
			[]string{own}, []string{other, old}},
		{"2.2 serviceAccounts by name, NP: in the namespaces selected", localWith("source: {serviceAccounts: {names: [reader]}, namespaceSelector: all()}"),
			[]string{other}, []string{own, old}},
		{"2.2 serviceAccounts by selector", with("source: {serviceAccounts: {selector: role == 'reader'}}"), []string{other}, []string{own, old}},
		{"2.2 serviceAccounts: both are ANDed", with("source: {serviceAccounts: {selector: role == 'reader', names: [default]}}"), nil, []string{own, other, old}},
		{"2.4 projectcalico.org/name of a service account", with("source: {serviceAccounts: {selector: projectcalico.org/name == 'default'}}"),
			[]string{own, old}, []string{other}},
	})
}

func TestSubjects(t *testing.T) {
	own, other := "8.8.8.8 a/web TCP/80", "8.8.8.8 b/web TCP/80"
	play(t, []scene{
		{"2.2 selector: all, by default", global("p", "{}"), nil, []string{own, other}},
		{"2.2 NP: its own namespace", local("a/p", "{}"), []string{other}, []string{own}},
		{"2.2 NP: a selector does not widen that", local("a/p", "{selector: has(app) || has(x)}"), []string{other, "8.8.8.8 b/old TCP/80"}, []string{own}},
		{"2.2 GNP: namespaceSelector", global("p", "{namespaceSelector: team == 'red'}"), []string{own}, []string{other}},
		{"2.2 GNP: namespaceSelector and selector are ANDed", global("p", "{namespaceSelector: team == 'red', selector: app == 'db'}"),
			[]string{own, other}, []string{"8.8.8.8 b/db TCP/80"}},
		{"2.2 GNP: namespaceSelector all() is any pod", global("p", "{namespaceSelector: all()}"), nil, []string{own, other}},
		{"2.2 serviceAccountSelector", global("p", "{serviceAccountSelector: role == 'reader'}"), []string{own}, []string{other}},
		{"2.2 serviceAccountSelector, NP", local("b/p", "{serviceAccountSelector: has(role)}"), []string{own, "8.8.8.8 b/db TCP/80"}, []string{other}},
		{"2.4 a pod's own label does not hide its namespace", global("p", "{selector: projectcalico.org/namespace != 'b'}"), []string{other}, []string{own}},
	})
}

// 2.4: a service account whose name has 63 characters or more is no label of its pods.
func TestLongNamesOfServiceAccountsAreNoLabels(t *testing.T) {
	for length, allowed := range map[int]bool{62: true, 63: false} {
		name := strings.Repeat("x", length)
		judge, err := load(fivePods + "apiVersion: v1\nkind: ServiceAccount\nmetadata: {namespace: a, name: " + name + "}\n---\n" +
			"apiVersion: v1\nkind: Pod\nmetadata: {name: long, namespace: a}\nspec: {serviceAccountName: " + name + ", containers: [{name: c}]}\n" +
			"status: {podIP: 10.0.0.9}\n---\n" + with("source: {serviceAccounts: {names: ["+name+"]}}"))
		if err != nil {
			t.Fatal(err)
		}
		expect(t, judge, []string{"a/long a/db TCP/80"}, allowed)
	}
}
