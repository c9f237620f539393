use insta::assert_snapshot;

use super::shown;

fn policy(spec: &str) -> String {
    format!("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: a, namespace: shop}}\nspec: {spec}\n")
}

fn meaning(spec: &str) -> String {
    shown(&policy(spec))
}

#[test]
fn without_types_it_is_about_ingress_and_about_egress_if_it_has_rules_of_it() {
    assert_snapshot!(meaning("{}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
    "#);
    assert_eq!(meaning("{podSelector: {}, egress: []}"), meaning("{}"));
    assert_eq!(meaning("{podSelector: null, policyTypes: [], egress: null}"), meaning("{}"));
    assert_snapshot!(meaning("{egress: [{}]}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
    egress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods( / ) or outside 0.0.0.0/0 ::/0] on [all]
    "#);
}

#[test]
fn rules_of_a_side_that_the_types_leave_out_do_nothing() {
    assert_snapshot!(meaning("{policyTypes: [Egress], ingress: [{}]}"), @r#"
    egress tier default ends in Deny
      for pods(NAME ["shop"] / )
    "#);
    assert_eq!(meaning("{policyTypes: [Ingress, Ingress]}"), meaning("{}"));
}

#[test]
fn no_list_of_peers_and_an_empty_one_are_everybody() {
    let everybody = meaning("{ingress: [{}]}");
    assert_eq!(meaning("{ingress: [{from: [], ports: []}]}"), everybody);
    assert_eq!(meaning("{ingress: [{from: null, ports: null}]}"), everybody);
    assert_eq!(meaning("{ingress: [null]}"), everybody);
    assert_eq!(meaning("{ingress: []}"), meaning("{}"));
}

#[test]
fn a_port_without_protocol_is_tcp_and_without_number_every_port() {
    let rule = "{ingress: [{ports: [{port: 80, endPort: 90}, {protocol: UDP}, {port: web}, {port: 7, protocol: SCTP}]}]}";
    assert_snapshot!(meaning(rule), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods( / ) or outside 0.0.0.0/0 ::/0] on [TCP 80-90, UDP 1-65535, SCTP 7-7, TCP web]
    "#);
    assert_snapshot!(meaning("{ingress: [{ports: [{}]}]}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods( / ) or outside 0.0.0.0/0 ::/0] on [TCP 1-65535]
    "#);
}

#[test]
fn a_pod_selector_alone_is_of_the_own_namespace_and_with_a_namespace_selector_of_those() {
    let rule = "{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}}, \
        {namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [b, c]}, \
        {key: x, operator: Exists}, {key: z, operator: DoesNotExist}]}}]}]}";
    assert_snapshot!(meaning(rule), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / app ["api"])
        allow [pods(NAME ["shop"] / ) or pods( / ) or pods(team ["a"] / app not ["b","c"] or absent, x not [], z [] or absent)] on [all]
    "#);
}

#[test]
fn an_address_block_is_whoever_holds_the_addresses() {
    let rule = "{policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.3.4/32]}}, \
        {ipBlock: {cidr: 'fd00::/8'}}]}]}";
    assert_snapshot!(meaning(rule), @r#"
    egress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [pods( / ) at 10.0.0.0/8 but 10.1.0.0/16 10.2.3.4/32 fd00::/8 or outside 10.0.0.0/8 but 10.1.0.0/16 10.2.3.4/32 fd00::/8] on [all]
    "#);
}

#[test]
fn a_peer_that_nobody_can_be_is_nobody_and_not_everybody() {
    let rule = "{ingress: [{from: [{podSelector: {matchExpressions: [{key: a, operator: Exists}, {key: a, operator: DoesNotExist}]}}]}]}";
    assert_snapshot!(meaning(rule), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
        allow [] on [all]
    "#);
}

#[test]
fn what_the_server_would_refuse_is_an_error_at_its_place() {
    let wrong = [
        "{podSelector: {}, order: 5}",
        "{ingress: [{from: [{}]}]}",
        "{ingress: [{from: [{podSelector: null}]}]}",
        "{ingress: [{from: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]}",
        "{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]}",
        "{ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: ['fd00::/8']}}]}]}",
        "{ingress: [{from: [{ipBlock: {cidr: 10.0.0.1}}]}]}",
        "{ingress: [{from: [{ipBlock: {}}]}]}",
        "{ingress: [{ports: [{port: 80, endPort: 79}]}]}",
        "{ingress: [{ports: [{port: http, endPort: 90}]}]}",
        "{ingress: [{ports: [{endPort: 90}]}]}",
        "{ingress: [{ports: [{port: abcdefghijklmnop}]}]}",
        "{ingress: [{ports: [{port: '8080'}]}]}",
        "{ingress: [{ports: [{port: 0}]}]}",
        "{ingress: [{ports: [{port: 1.5}]}]}",
        "{ingress: [{ports: [{port: 70000}]}]}",
        "{ingress: [{ports: [{protocol: tcp}]}]}",
        "{ingress: {}}",
        "{policyTypes: [ingress]}",
        "{policyTypes: [Ingress, Egress, Ingress]}",
        "{podSelector: {matchExpressions: [{key: a, operator: In}]}}",
        "{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [x]}]}}",
        "{podSelector: {matchExpressions: [{key: a, operator: Is, values: [x]}]}}",
        "{podSelector: {matchLabels: {a: true}}}",
        "{podSelector: {matchLabels: {a: a b}}}",
        "{podSelector: {matchLabels: {a/b/c: x}}}",
    ];
    let said: String = wrong.iter().map(|spec| meaning(spec)).collect();
    assert_snapshot!(said, @r"
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.order: NetworkPolicy has no such field)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].from[0]: a peer needs a selector or an ipBlock)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].from[0]: a peer needs a selector or an ipBlock)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].from[0]: an ipBlock stands alone in its peer)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].from[0].ipBlock.except[0]: `10.0.0.0/8` is not strictly inside `10.0.0.0/8`)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].from[0].ipBlock.except[0]: `fd00::/8` is not strictly inside `0.0.0.0/0`)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].from[0].ipBlock.cidr: `10.0.0.1` is no network with a mask, such as 10.0.0.0/8)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].from[0].ipBlock.cidr: `` is no network with a mask, such as 10.0.0.0/8)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].ports[0].endPort: 79 is below the first port, 80)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].ports[0].endPort: endPort needs a port's number beside it)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].ports[0].endPort: endPort needs a port's number beside it)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].ports[0].port: `abcdefghijklmnop` is no name of a port)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].ports[0].port: `8080` is no name of a port: write a port's number without quotes)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].ports[0].port: 0 is no port: ports are 1 to 65535)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].ports[0].port: a port's number or name)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].ports[0].port: 70000 is no port: ports are 1 to 65535)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress[0].ports[0].protocol: `tcp` is no protocol here: TCP, UDP or SCTP)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.ingress: invalid type: map, expected a sequence)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.policyTypes[0]: `ingress` is no type: Ingress or Egress)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.policyTypes: there are two types at most)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.podSelector.matchExpressions[0].values: `In` needs values)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.podSelector.matchExpressions[0].values: `Exists` has no values)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.podSelector.matchExpressions[0].operator: `Is` is no operator: In, NotIn, Exists or DoesNotExist)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.podSelector.matchLabels.a: invalid type: boolean `true`, expected a string)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.podSelector.matchLabels: `a b` is no value of a label: at most 63 letters, digits, `-`, `_` and `.`, a letter or digit first and last)
    manifest-unreadable line 4: NetworkPolicy `a` is not a valid object of its kind (spec.podSelector.matchLabels: `a/b/c` is no key of a label)
    ");
}

#[test]
fn names_are_checked_and_an_old_api_is_not_understood() {
    assert_snapshot!(shown("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: A_b}\nspec: {}"), @r"manifest-unreadable line 3: NetworkPolicy `A_b` is not a valid object of its kind (metadata.name: `A_b` is no name of a NetworkPolicy)");
    assert_snapshot!(shown("apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {}"), @r#"not understood: NetworkPolicy a line 1 ``: an API that no server has any more; write networking.k8s.io/v1; ["ingress", "egress"] of ["pods(NAME [\"default\"] / )"]"#);
}

#[test]
fn two_files_that_disagree_about_a_policy_leave_it_unknown() {
    let twice = |second: &str| shown(&format!("{}---\n{}", policy("{}"), policy(second)));
    assert_eq!(twice("{}"), meaning("{}"));
    assert_snapshot!(twice("{ingress: [{}]}"), @r#"
    ingress tier default ends in Deny
      for pods(NAME ["shop"] / )
    manifest-conflict line 6: two manifests of NetworkPolicy `a` disagree (one of them)
    not understood: NetworkPolicy a line 6 ``: another manifest of the same name says otherwise; ["ingress", "egress"] of ["pods(NAME [\"shop\"] / )"]
    "#);
}

#[test]
fn networks_of_one_rule_are_one_set() {
    let one = meaning("{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}");
    let many = "{ipBlock: {cidr: 10.0.0.0/9}}, {ipBlock: {cidr: 10.128.0.0/9}}, {ipBlock: {cidr: 10.1.0.0/16}}";
    assert_eq!(meaning(&format!("{{ingress: [{{from: [{many}]}}]}}")), one);
}
