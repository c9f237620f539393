use insta::assert_snapshot;

use super::shown;

fn object(kind: &str, name: &str, spec: &str) -> String {
    let namespace = if kind == "NetworkPolicy" || kind == "NetworkSet" { ", namespace: shop" } else { "" };
    format!("apiVersion: projectcalico.org/v3\nkind: {kind}\nmetadata: {{name: {name}{namespace}}}\nspec: {spec}\n---\n")
}

fn global(spec: &str) -> String {
    shown(&object("GlobalNetworkPolicy", "a", spec))
}

fn namespaced(spec: &str) -> String {
    shown(&object("NetworkPolicy", "a", spec))
}

const ISOLATION: &str = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: shop}\nspec: {}\n---\n";

#[test]
fn tiers_and_policies_decide_by_their_orders_and_network_policies_at_1000() {
    let tier = object("Tier", "guard", "{order: 500, defaultAction: Pass}");
    let of =
        |name: &str, more: &str| object("GlobalNetworkPolicy", name, &format!("{{types: [Ingress], selector: name == '{name}', {more}}}"));
    let policies = of("late", "order: 1000.5") + &of("last", "") + &of("early", "order: -1") + &of("guard.a", "tier: guard, order: 7");
    assert_snapshot!(shown(&(ISOLATION.to_owned() + &policies + &tier)), @r#"
    ingress tier guard ends in Pass
      for pods( / name ["guard.a"])
    ingress tier default ends in Deny
      for pods( / name ["early"])
      for pods(NAME ["shop"] / )
      for pods( / name ["late"])
      for pods( / name ["last"])
    "#);
}

#[test]
fn a_policy_of_a_tier_that_is_not_given_is_not_understood() {
    assert_snapshot!(global("{tier: guard, types: [Egress], selector: has(a)}"), @r#"not understood: GlobalNetworkPolicy a line 4 `spec.tier`: no manifest has the Tier `guard`; its pods are closed until there is one; ["egress"] of ["pods( / a not [])"]"#);
}

#[test]
fn types_follow_the_rules_where_none_are_written() {
    let types = |spec: &str| {
        let shown = global(spec);
        (shown.contains("ingress tier"), shown.contains("egress tier"))
    };
    assert_eq!(types("{}"), (true, false));
    assert_eq!(types("{ingress: [{action: Allow}]}"), (true, false));
    assert_eq!(types("{egress: [{action: Allow}]}"), (false, true));
    assert_eq!(types("{ingress: [{action: Allow}], egress: [{action: Allow}]}"), (true, true));
    assert_eq!(types("{types: [Egress], ingress: [{action: Allow}]}"), (false, true));
}

#[test]
fn log_decides_nothing_and_pass_goes_on() {
    assert_snapshot!(namespaced("{ingress: [{action: Log}, {action: Pass, protocol: ICMP, icmp: {type: 8}}, {action: Deny}]}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        pass [pods( / ) or outside 0.0.0.0/0 ::/0] on [protocol 1 in part]
        deny [pods( / ) or outside 0.0.0.0/0 ::/0] on [all]
    "#);
}

#[test]
fn subjects_are_chosen_by_labels_namespaces_and_accounts() {
    assert_snapshot!(global("{selector: \"app == 'a' && projectcalico.org/namespace in {'x', 'y'} && pcns.team == 'b'\", namespaceSelector: \
        \"projectcalico.org/name != 'z'\", serviceAccountSelector: projectcalico.org/name == 's'}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["x","y"], team ["b"] / app ["a"] account ["s"])
    "#);
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s, namespace: shop, labels: {role: db}}\n---\n";
    let by_label = object("NetworkPolicy", "a", "{serviceAccountSelector: role == 'db'}");
    assert_snapshot!(shown(&(account.to_owned() + &by_label)), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] /  account ["s"])
    "#);
    assert_snapshot!(shown(&by_label), @r#"not understood: NetworkPolicy a line 4 `spec.serviceAccountSelector`: labels of service accounts, and none of them is given; ["ingress"] of ["pods(NAME [\"shop\"] / )"]"#);
}

#[test]
fn a_namespaced_rule_that_selects_is_about_its_own_namespace_and_one_that_does_not_about_everybody() {
    let peer = |entity: &str| namespaced(&format!("{{ingress: [{{action: Allow, source: {entity}}}]}}"));
    assert_snapshot!(peer("{selector: app == 'a'}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods(NAME ["shop"] / app ["a"])] on [all]
    "#);
    assert_snapshot!(peer("{notSelector: app == 'a'}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods(NAME ["shop"] / app not ["a"] or absent)] on [all]
    "#);
    assert_snapshot!(peer("{namespaceSelector: team == 'b'}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods(team ["b"] / )] on [all]
    "#);
    assert_snapshot!(peer("{nets: [10.0.0.0/8], notNets: [10.1.0.0/16]}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods( / ) at 10.0.0.0/8 but 10.1.0.0/16 or outside 10.0.0.0/8 but 10.1.0.0/16] on [all]
    "#);
    assert_snapshot!(peer("{serviceAccounts: {names: [s, t]}}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods(NAME ["shop"] /  account ["s","t"])] on [all]
    "#);
}

#[test]
fn a_rule_with_networks_is_about_packets_of_their_family() {
    let peer = |rule: &str| global(&format!("{{types: [Egress], egress: [{{action: Allow, {rule}}}]}}"));
    assert!(!peer("destination: {notNets: [10.0.0.0/8]}").contains("::"), "only IPv4 passes");
    let none = peer("source: {notNets: ['::/0']}");
    assert!(!none.contains("0.0.0.0"), "no IPv4 passes: {none}");
    assert!(peer("source: {nets: [10.0.0.0/8]}, destination: {nets: ['fd00::/8']}").contains("one family"));
}

#[test]
fn a_global_rule_with_not_selector_is_about_everybody_else_the_world_outside_too() {
    assert_snapshot!(global("{ingress: [{action: Allow, source: {notSelector: has(a)}}]}"), @r"
    ingress tier default ends in Deny
      for pods( / )
        allow [pods( / a [] or absent) or outside 0.0.0.0/0 ::/0] on [all]
    ");
}

#[test]
fn network_sets_are_whoever_holds_their_addresses() {
    let set = |kind: &str, name: &str, net: &str| {
        object(kind, name, &format!("{{nets: [{net}]}}")).replace("metadata: {", "metadata: {labels: {set: office}, ")
    };
    let sets = set("GlobalNetworkSet", "a", "192.0.2.0/24") + &set("NetworkSet", "b", "198.51.100.0/24");
    let of = |kind: &str, entity: &str| {
        shown(&(sets.clone() + &object(kind, "p", &format!("{{egress: [{{action: Allow, destination: {entity}}}]}}"))))
    };
    assert_snapshot!(of("GlobalNetworkPolicy", "{selector: set == 'office'}"), @r#"
    egress tier default ends in Deny
      for pods( / )
        allow [pods( / ) at 192.0.2.0/24 198.51.100.0/24 or outside 192.0.2.0/24 198.51.100.0/24 or pods( / set ["office"])] on [all]
    "#);
    assert_snapshot!(of("GlobalNetworkPolicy", "{selector: set == 'office', namespaceSelector: global()}"), @r"
    egress tier default ends in Deny
      for pods( / )
        allow [pods( / ) at 192.0.2.0/24 or outside 192.0.2.0/24] on [all]
    ");
    assert_snapshot!(of("NetworkPolicy", "{selector: set == 'office'}"), @r#"
    egress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods( / ) at 198.51.100.0/24 or outside 198.51.100.0/24 or pods(NAME ["shop"] / set ["office"])] on [all]
    "#);
    assert_snapshot!(of("GlobalNetworkPolicy", "{namespaceSelector: projectcalico.org/name == 'shop'}"), @r#"
    egress tier default ends in Deny
      for pods( / )
        allow [pods( / ) at 198.51.100.0/24 or outside 198.51.100.0/24 or pods(NAME ["shop"] / )] on [all]
    "#);
}

#[test]
fn protocols_are_names_or_numbers_and_ports_numbers_ranges_or_names() {
    let rule = |rule: &str| namespaced(&format!("{{ingress: [{{action: Allow, {rule}}}]}}"));
    assert_snapshot!(rule("protocol: 132, destination: {ports: [80, '90:99', web], notPorts: []}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods( / ) or outside 0.0.0.0/0 ::/0] on [SCTP 80-80, SCTP 90-99, SCTP web]
    "#);
    assert_snapshot!(rule("protocol: TCP, destination: {ports: ['1:100'], notPorts: [50]}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods( / ) or outside 0.0.0.0/0 ::/0] on [TCP 1-49, TCP 51-100]
    "#);
    assert_snapshot!(rule("notProtocol: UDP, ipVersion: 6"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods( / ) at ::/0 or outside ::/0] on [all but protocols [17]]
    "#);
    assert_snapshot!(rule("destination: {ports: [web]}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods( / ) or outside 0.0.0.0/0 ::/0] on [TCP web]
    "#);
    assert_snapshot!(rule("protocol: TCP, destination: {ports: [web], notPorts: [80]}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods( / ) or outside 0.0.0.0/0 ::/0] on []
        in doubt: allow [pods( / ) or outside 0.0.0.0/0 ::/0] on [TCP web]
    not understood: NetworkPolicy a line 4 `spec.ingress[0].destination.notPorts`: ports by name that are left out, or left out of; ["ingress"] of ["pods(NAME [\"shop\"] / )"]
    "#);
}

#[test]
fn a_port_by_name_is_of_tcp_where_no_protocol_is_written() {
    let rule = |rule: &str| namespaced(&format!("{{ingress: [{{action: Allow, destination: {{ports: [web]}}, {rule}}}]}}"));
    assert!(rule("notProtocol: UDP").contains("TCP web"));
    assert!(rule("protocol: UDP").contains("UDP web"));
    assert!(!rule("notProtocol: TCP").contains("web") && !rule("protocol: ICMP").contains("web"));
}

#[test]
fn a_rule_about_some_of_the_policys_pods_decides_for_them_alone_and_in_its_turn() {
    assert_snapshot!(namespaced("{ingress: [{action: Deny, destination: {selector: app == 'a'}}, {action: Allow}]}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
      for pods(NAME ["shop"] / app ["a"])
        deny [pods( / ) or outside 0.0.0.0/0 ::/0] on [all]
      for pods(NAME ["shop"] / )
        allow [pods( / ) or outside 0.0.0.0/0 ::/0] on [all]
    "#);
}

#[test]
fn a_service_is_the_pods_behind_it_on_their_ports() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n\
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}, {port: 81, targetPort: side}]}\n---\n";
    let policy = object("NetworkPolicy", "a", "{egress: [{action: Allow, destination: {services: {name: web}}}]}");
    assert_snapshot!(shown(&(service.to_owned() + &policy)), @r#"
    egress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods(NAME ["shop"] / app ["web"])] on [TCP 8080-8080, TCP side]
    "#);
    assert_snapshot!(shown(&policy), @r#"
    egress tier default ends in Deny
      for pods(NAME ["shop"] / )
        in doubt: allow [pods( / ) or outside 0.0.0.0/0 ::/0] on [all]
    not understood: NetworkPolicy a line 4 `spec.egress[0].destination.services`: no manifest says which pods are behind this Service; ["egress"] of ["pods(NAME [\"shop\"] / )"]
    "#);
}

#[test]
fn what_the_model_does_not_cover_is_said_with_whom_it_may_touch() {
    assert_snapshot!(namespaced("{selector: app contains 'a'}"), @r#"not understood: NetworkPolicy a line 4 `spec.selector`: a test of a part of the value of `app`; ["ingress"] of ["pods(NAME [\"shop\"] / app not [])"]"#);
    assert_snapshot!(namespaced("{ingress: [{action: Allow, http: {methods: [GET]}}, {action: Allow, protocol: TCP, source: {ports: [1]}}]}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        in doubt: allow [pods( / ) or outside 0.0.0.0/0 ::/0] on [all]
        in doubt: allow [pods( / ) or outside 0.0.0.0/0 ::/0] on [TCP 1-65535]
    not understood: NetworkPolicy a line 4 `spec.ingress[0].http`: what is said inside a connection; ["ingress"] of ["pods(NAME [\"shop\"] / )"]
    not understood: NetworkPolicy a line 4 `spec.ingress[1].source.ports`: ports of the end that opens the connection; ["ingress"] of ["pods(NAME [\"shop\"] / )"]
    "#);
    assert_snapshot!(namespaced("{ingress: [{action: Allow, source: {domains: [a.example]}}]}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods( / ) or outside 0.0.0.0/0 ::/0] on [all]
    not understood: NetworkPolicy a line 4 `spec.ingress[0].source.domains`: a field that Calico's open version does not have; ["ingress"] of ["pods(NAME [\"shop\"] / )"]
    "#);
    assert_snapshot!(global("{selector: ibm.role == 'worker_public', preDNAT: true, applyOnForward: true, types: [Ingress]}"), @r#"not understood: GlobalNetworkPolicy a line 4 `spec.preDNAT`: traffic that passes through a host on its way to or from pods; ["ingress"] of ["pods( / )"]"#);
    assert_snapshot!(global("{selector: projectcalico.org/orchestrator == 'k8s', applyOnForward: true, types: [Ingress]}"), @r"
    ingress tier default ends in Deny
      for pods( / )
    ");
    let stored =
        object("GlobalNetworkPolicy", "default.a", "{selector: all()}").replace("projectcalico.org/v3", "crd.projectcalico.org/v1");
    assert_snapshot!(shown(&stored), @r"
    ingress tier default ends in Deny
      for pods( / )
    egress tier default ends in Deny
      for pods( / )
    not understood: GlobalNetworkPolicy default.a line 1 ``: the form in which Calico stores policies; read as projectcalico.org/v3; [] of []
    ");
}

#[test]
fn what_calico_would_refuse_is_an_error() {
    let wrong = [
        "{selector: app = 'a'}",
        "{types: [ingress]}",
        "{tier: a.b}",
        "{preDNAT: true}",
        "{ingress: [{}]}",
        "{ingress: [{action: allow}]}",
        "{ingress: [{action: Allow, protocol: tcp}]}",
        "{ingress: [{action: Allow, protocol: 0}]}",
        "{ingress: [{action: Allow, ipVersion: 5}]}",
        "{ingress: [{action: Allow, icmp: {type: 1}}]}",
        "{ingress: [{action: Allow, protocol: ICMP, icmp: {code: 1}}]}",
        "{ingress: [{action: Allow, protocol: ICMP, icmp: {type: 255}}]}",
        "{ingress: [{action: Allow, destination: {ports: [80]}}]}",
        "{ingress: [{action: Allow, protocol: TCP, destination: {ports: ['9:8']}}]}",
        "{ingress: [{action: Allow, protocol: TCP, destination: {ports: ['8-9']}}]}",
        "{ingress: [{action: Allow, source: {nets: [10.0.0.1]}}]}",
        "{ingress: [{action: Allow, source: {selector: 'app ~ x'}}]}",
        "{ingress: [{action: Allow, destination: {services: {name: a, namespace: b}}}]}",
        "{order: first}",
    ];
    let said: String = wrong.iter().map(|spec| global(spec)).collect();
    assert_snapshot!(said, @r#"
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.selector: expected an operator after the label at character 5 of `app = 'a'`)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.types[0]: `ingress` is no type: Ingress or Egress)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.tier: `a.b` is no name of a Tier)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.preDNAT: it needs `applyOnForward: true`)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].action: a rule needs an action)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].action: `allow` is no action: Allow, Deny, Log or Pass)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].protocol: `tcp` is no protocol: TCP, UDP, SCTP, ICMP, ICMPv6, UDPLite or a number)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].protocol: 0 is no protocol: 1 to 255)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].ipVersion: 5 is none: 4 or 6)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].icmp: needs the protocol ICMP or ICMPv6)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].icmp: a code needs its type)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].icmp.type: 255 is none: 0 to 254)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].destination.ports[0]: ports by number need the protocol TCP, UDP or SCTP)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].destination.ports[0]: 8 is below the first port, 9)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].destination.ports[0]: `8-9` is no name of a port)
    ingress tier default ends in Deny
      for pods( / )
        allow [pods( / ) at 10.0.0.1/32 or outside 10.0.0.1/32] on [all]
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].source.selector: expected an operator after the label at character 5 of `app ~ x`)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].destination.services: Services are named of the other end)
    manifest-unreadable line 4: GlobalNetworkPolicy `a` is not a valid object of its kind (spec.order: invalid type: string "first", expected f64)
    "#);
}
