package tiers

import (
	"strings"
	"testing"
)

func TestLoadRefuses(t *testing.T) {
	rule := func(match string) string {
		return global("p", "{types: [Ingress], ingress: [{action: Allow, "+match+"}]}")
	}
	admin := func(name, rest string) string {
		return cluster(name, "{tier: Admin, priority: 1, subject: {namespaces: {}}, "+rest+"}")
	}
	pod := func(rest string) string {
		return "apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: a}\n" + rest + "\n---\n"
	}
	cases := map[string]struct{ text, want string }{
		"unknown kind":              {object("v1", "Service", "a/s", "{}"), "a kind that calico-tiers does not know"},
		"host endpoint":             {object("projectcalico.org/v3", "HostEndpoint", "h", "{node: n}"), "a kind that calico-tiers does not know"},
		"the storage form":          {object("crd.projectcalico.org/v1", "GlobalNetworkPolicy", "p", "{}"), "a kind that calico-tiers does not know"},
		"not YAML":                  {"kind: [", "did not find expected"},
		"unknown field":             {global("p", "{ordre: 1}"), `unknown field "spec.ordre"`},
		"case of a field":           {global("p", "{Order: 1}"), `unknown field "spec.Order"`},
		"unknown field of a rule":   {rule("sources: {}"), `unknown field "spec.ingress[0].sources"`},
		"a field of GNP":            {local("a/p", "{namespaceSelector: all()}"), `unknown field "spec.namespaceSelector"`},
		"duplicate key":             {global("p", "{order: 1, order: 2}"), `"order" already set`},
		"a tag for a selector":      {global("p", "{selector: !has(app) }"), "is a YAML tag"},
		"text as order":             {global("p", "{order: '1'}"), "order"},
		"doNotTrack":                {global("p", "{doNotTrack: true, applyOnForward: true}"), "not covered: spec."},
		"preDNAT":                   {global("p", "{preDNAT: true}"), "not covered: spec.preDNAT"},
		"applyOnForward":            {global("p", "{applyOnForward: true}"), "not covered: spec.applyOnForward"},
		"services":                  {rule("source: {services: {name: s, namespace: a}}"), "not covered: services"},
		"http":                      {rule("protocol: TCP, http: {methods: [GET]}"), "not covered: http"},
		"no action":                 {global("p", "{ingress: [{protocol: TCP}]}"), `action ""`},
		"action":                    {global("p", "{ingress: [{action: allow}]}"), `action "allow"`},
		"selector":                  {global("p", "{selector: app = 'x'}"), "spec.selector"},
		"global() in a selector":    {global("p", "{selector: global()}"), "spec.selector"},
		"global() of a policy":      {global("p", "{namespaceSelector: global()}"), "spec.namespaceSelector"},
		"account selector":          {global("p", "{serviceAccountSelector: a b}"), "spec.serviceAccountSelector"},
		"global() not alone":        {rule("source: {namespaceSelector: global() || all()}"), "must stand alone"},
		"notSelector":               {rule("source: {notSelector: global()}"), "notSelector"},
		"name of an account":        {rule("source: {serviceAccounts: {names: [\"x' }\"]}}"), "serviceAccounts.names"},
		"protocol's case":           {rule("protocol: tcp"), `"tcp" is not a protocol`},
		"protocol 0":                {rule("protocol: 0"), "not within 1 and 255"},
		"protocol 256":              {rule("notProtocol: 256"), "not within 1 and 255"},
		"ports without protocol":    {rule("destination: {ports: [80]}"), "needs protocol"},
		"ports of ICMP":             {rule("protocol: ICMP, destination: {notPorts: ['1:2']}"), "needs protocol"},
		"port 0":                    {rule("protocol: TCP, destination: {ports: [0]}"), "neither a port nor a range"},
		"port 65536":                {rule("protocol: TCP, destination: {ports: ['1:65536']}"), "neither a port nor a range"},
		"range":                     {rule("protocol: TCP, source: {ports: ['9:8']}"), "neither a port nor a range"},
		"port name":                 {rule("source: {ports: [Has_Case]}"), "Has_Case"},
		"host bits":                 {rule("source: {nets: [10.0.0.1/8]}"), "10.0.0.0/8 would be"},
		"no mask":                   {rule("source: {notNets: [10.0.0.1]}"), "no '/'"},
		"families mixed":            {rule("source: {nets: [10.0.0.0/8]}, destination: {notNets: ['fd00::/8']}"), "mixed in one rule"},
		"family and ipVersion":      {rule("ipVersion: 6, source: {nets: [10.0.0.0/8]}"), "mixed in one rule"},
		"ipVersion":                 {rule("ipVersion: 5"), "ipVersion 5"},
		"icmp without protocol":     {rule("icmp: {type: 8}"), "icmp needs protocol"},
		"code without type":         {rule("protocol: ICMP, notICMP: {code: 8}"), "a code needs a type"},
		"ICMP type":                 {rule("protocol: ICMP, icmp: {type: 255}"), "0 to 254"},
		"type":                      {global("p", "{types: [ingress]}"), "neither Ingress nor Egress"},
		"no types, an empty list":   {global("p", "{ingress: [], egress: [{action: Allow}]}"), "not covered: types are left out"},
		"policy twice":              {global("p", "{}") + global("p", "{order: 1}"), "is there twice"},
		"policy without name":       {global("''", "{}"), "needs a name"},
		"namespace":                 {local("p", "{}"), "needs a namespace"},
		"no namespace":              {global("a/p", "{}"), "has no namespace"},
		"unknown namespace":         {local("c/p", "{}"), "its namespace is not given"},
		"tier twice":                {tierOf("t", "{}") + tierOf("t", "{}"), "there twice"},
		"tier's action":             {tierOf("t", "{defaultAction: Allow}"), "spec.defaultAction"},
		"tier default":              {tierOf("default", "{order: 5}"), "built in"},
		"tier kube-admin":           {tierOf("kube-admin", "{order: 1000}"), "built in"},
		"set of two kinds":          {strings.Replace(set("s", "{}", "[]"), "GlobalNetworkSet", "NetworkSet", 1), "a NetworkSet has a namespace"},
		"set's nets":                {set("s", "{}", "[example.com]"), "spec.nets"},
		"set's namespace label":     {set("s", "{projectcalico.org/namespace: a}", "[]"), "Calico's own"},
		"set's namespace":           {set("c/s", "{}", "[]"), "namespace c is not given"},
		"set twice":                 {set("s", "{}", "[]") + set("s", "{}", "[]"), "there twice"},
		"invalid NetworkPolicy":     {plain("a/p", "{podSelector: {}, ingress: [{from: [{}]}]}"), "must specify a peer"},
		"NetworkPolicy's field":     {plain("a/p", "{podSelector: {}, order: 1}"), `unknown field "spec.order"`},
		"pod twice":                 {pod("") + pod(""), "is there twice"},
		"pod's address":             {pod("status: {podIP: 10.0.0.2}"), "the address of pod a/db"},
		"pod's account":             {pod("spec: {serviceAccountName: nobody}"), "its ServiceAccount nobody is not given"},
		"pod's second address":      {pod("status: {podIP: 10.0.0.7, podIPs: [{ip: 10.0.0.7}, {ip: 10.0.0.8}]}"), "two addresses"},
		"pod that has ended":        {pod("status: {phase: Failed}"), "a pod that has ended"},
		"pod's init container":      {pod("spec: {initContainers: [{name: c, ports: [{name: x, containerPort: 1}]}]}"), "an init container"},
		"pod's namespace":           {strings.Replace(pod(""), "namespace: a", "namespace: c", 1), "its namespace c is not given"},
		"labels that differ":        {"apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {team: x}}\n", `label team is "blue" in one object`},
		"CNP: two peers in one":     {admin("p", "ingress: [{action: Deny, from: [{namespaces: {}, pods: {podSelector: {}}}]}]"), "exactly one"},
		"CNP: no peer":              {admin("p", "ingress: [{action: Deny, from: []}]"), "at least one peer"},
		"CNP: to in ingress":        {admin("p", "ingress: [{action: Deny, from: [{namespaces: {}}], to: []}]"), "an ingress rule has from"},
		"CNP: unknown peer":         {admin("p", "ingress: [{action: Deny, from: [{}]}]"), "exactly one"},
		"CNP: networks in ingress":  {admin("p", "ingress: [{action: Deny, from: [{networks: [10.0.0.0/8]}]}]"), "in egress rules"},
		"CNP: domainNames":          {admin("p", "egress: [{action: Accept, to: [{domainNames: [x.org]}]}]"), "not covered: nodes and domainNames"},
		"CNP: nodes":                {admin("p", "egress: [{action: Accept, to: [{nodes: {}}]}]"), "not covered: nodes and domainNames"},
		"CNP: Allow":                {admin("p", "ingress: [{action: Allow, from: [{namespaces: {}}]}]"), `action "Allow"`},
		"CNP: ports of v1alpha1":    {admin("p", "ingress: [{action: Deny, from: [{namespaces: {}}], ports: []}]"), "no such field"},
		"CNP: no protocol":          {admin("p", "ingress: [{action: Deny, from: [{namespaces: {}}], protocols: []}]"), "an empty list"},
		"CNP: tcp of any port":      {admin("p", "ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {}}]}]"), "destinationPort"},
		"CNP: named port, networks": {admin("p", "egress: [{action: Deny, to: [{networks: [10.0.0.0/8]}], protocols: [{destinationNamedPort: x}]}]"), "named port"},
		"CNP: tier":                 {cluster("p", "{tier: admin, priority: 1, subject: {namespaces: {}}}"), `spec.tier: "admin"`},
		"CNP: priority":             {cluster("p", "{tier: Admin, priority: 1001, subject: {namespaces: {}}}"), "0 to 1000"},
		"CNP: subject":              {cluster("p", "{tier: Admin, priority: 1}"), "spec.subject"},
		"BANP: Pass":                {baseline("{subject: {namespaces: {}}, ingress: [{action: Pass, from: [{namespaces: {}}]}]}"), `action "Pass"`},
		"BANP: priority":            {baseline("{priority: 1, subject: {namespaces: {}}}"), "neither priority nor tier"},
		"CNP and BANP":              {admin("p", "ingress: [{action: Deny, from: [{namespaces: {}}]}]") + baseline("{subject: {namespaces: {}}}"), "no version of Calico has both"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := load(fivePods + c.text)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestProbesRefuse(t *testing.T) {
	host := "apiVersion: v1\nkind: Pod\nmetadata: {name: host, namespace: a}\nspec: {hostNetwork: true, containers: [{name: c}]}\nstatus: {podIP: 172.16.0.1}\n---\n" +
		"apiVersion: v1\nkind: Pod\nmetadata: {name: new, namespace: a}\n---\n"
	cases := []struct{ policies, probe, want string }{
		{"", "a/web a/nobody TCP/80", "neither a pod of this world nor an address"},
		{"", "web a/db TCP/80", "neither a pod of this world nor an address"},
		{"", "::ffff:10.0.0.1 a/db TCP/80", "neither a pod"},
		{"", "a/web a/db TCP/0", "want 1 to 65535"},
		{"", "a/web a/db TCP/65536", "want 1 to 65535"},
		{"", "a/web a/db TCP", "need a port"},
		{"", "a/web a/db ICMP/80", "need a port"},
		{"", "a/web a/db tcp/80", "protocol tcp"},
		{"", "a/web a/db 0", "protocol 0"},
		{"", "a/web a/db 256", "protocol 256"},
		{"", "a/web a/db TCP/80 type=8", "icmpType is for ICMP"},
		{"", "a/web a/db ICMP code=8", "icmpCode beside icmpType"},
		{"", "a/web a/db TCP/80 v=5", "ipVersion 5"},
		{"", "b/old a/db TCP/80 v=6", "no addresses of one family"},
		{"", "b/old a/db ICMPv6", "no addresses of one family"},
		{"", "8.8.8.8 fd00::1 TCP/80", "no addresses of one family"},
		{host, "a/host a/db TCP/80", "in the host network"},
		{host, "172.16.0.1 a/db TCP/80", "in the host network"},
		{host, "a/web a/new TCP/80", "no status.podIP"},
		{with("source: {nets: [10.0.0.0/8]}"), "a/web a/db TCP/80", "name an ipVersion"},
		{with("protocol: TCP, source: {ports: [80]}"), "a/web a/db TCP/80", "names no sourcePort"},
		{with("protocol: ICMP, icmp: {type: 8}"), "a/web a/db ICMP", "names no icmpType"},
		{with("protocol: ICMP, icmp: {type: 8, code: 0}"), "a/web a/db ICMP type=8", "names no icmpCode"},
		{plain("a/p", isolateDB) + global("q", toDB("default", "1000", allowWeb)), "a/web a/db TCP/80", "have the same order, 1000"},
		{cluster("p", "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}") +
			cluster("q", "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Accept, from: [{namespaces: {}}]}]}"),
			"a/web a/db TCP/80", "have the same order, 1"},
	}
	for _, c := range cases {
		judge, err := load(fivePods + c.policies)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := judge.Ask(readProbe(t, c.probe))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, %v, want %q", c.probe, answer, err, c.want)
		}
	}
}

// What a probe does not say is missed only where it decides.
func TestProbesNeedNotSayWhatDoesNotMatter(t *testing.T) {
	play(t, []scene{
		{"an earlier rule decides", global("p", toDB("default", "1", "{action: Allow}, {action: Deny, protocol: TCP, source: {ports: [80]}}")),
			[]string{"a/web a/db TCP/80"}, nil},
		{"another criterion fails", global("p", toDB("default", "1", "{action: Deny, protocol: TCP, source: {ports: [80], selector: app == 'x'}}, {action: Allow}")),
			[]string{"a/web a/db TCP/80", "a/web a/db ICMP"}, nil},
		{"a Log decides nothing", global("p", toDB("default", "1", "{action: Log, protocol: ICMP, icmp: {type: 8}}, {action: Allow}")),
			[]string{"a/web a/db ICMP"}, nil},
		{"a tie with a NetworkPolicy that is about other pods", plain("b/p", isolateDB) + local("a/q", toDB("default", "1000", allowWeb)),
			[]string{"a/web a/db TCP/80"}, []string{"a/web b/db TCP/80"}},
	})
}
