//! The rules of the targets, each met by a test that names it (network-targets §1, §2 and §6).
//!
//! These are about what is written; what it permits is asked of the judges elsewhere.

use polc::{Files, Options, SourceFile};

fn compiled(text: &str) -> polc::Compilation {
    let file = SourceFile { name: "policy.polc".into(), text: text.into() };
    polc::compile(Files { policies: vec![file], ..Files::default() }, &Options::default())
}

/// The documents of the output, each object's YAML.
fn objects(text: &str) -> Vec<String> {
    let compilation = compiled(text);
    let errors: Vec<_> = compilation.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{text}: {errors:#?}");
    compilation.to_yaml().split("---\n").map(str::to_owned).collect()
}

/// The object of a name; its kind is clear from the name.
fn object(text: &str, name: &str) -> String {
    let all = objects(text);
    let line = format!("  name: {name}\n");
    let named: Vec<&String> = all.iter().filter(|yaml| yaml.contains(&line) && !yaml.starts_with("apiVersion: v1\n")).collect();
    match named.as_slice() {
        [only] => (*only).clone(),
        _ => panic!("{} objects are called {name}:\n{}", named.len(), all.join("---\n")),
    }
}

fn errors(text: &str) -> Vec<&'static str> {
    let compilation = compiled(text);
    assert!(compilation.objects.is_empty() || !compilation.has_errors(), "an error, and yet objects");
    compilation.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.code.as_str()).collect()
}

/// What stands below `spec:`.
fn spec(yaml: &str) -> &str {
    yaml.split_once("spec:\n").map_or("", |(_, spec)| spec)
}

const CALICO: &str = "cluster default { enforce calico 3.31; pods 10.244.0.0/16 }\n";

/// network-targets 1.2: without `policyTypes` the server would guess which sides are isolated.
#[test]
fn policy_types_are_always_written() {
    for yaml in
        objects("namespace a isolate egress { workload w; workload v isolate ingress; allow w -> v 80; allow v -> 203.0.113.7 53/udp }")
    {
        if yaml.contains("kind: NetworkPolicy") {
            assert!(yaml.contains("  policyTypes:\n  - "), "{yaml}");
        }
    }
}

/// network-targets 1.2: a port without `protocol` would be TCP whatever was meant.
#[test]
fn protocol_stands_with_every_port() {
    let all = objects(
        "namespace a isolate { workload w { ports x 80, y 53/udp, z 9000/tcp+udp }; allow pods -> w; allow w -> internet udp, 9-12 }",
    );
    let (ports, protocols) = (all.join("").matches("port:").count(), all.join("").matches("- protocol: ").count());
    assert!(ports > 0 && protocols >= ports, "{ports} ports, {protocols} protocols");
}

/// network-targets 1.3: `endPort` needs a numeric `port` not above it; a range of one is a port.
#[test]
fn ranges_are_port_and_end_port() {
    let allow = object("namespace a isolate ingress { workload w; allow pods -> w 8000-8100, 9000-9000 }", "polc-allow-w");
    assert!(
        allow.contains("    - protocol: TCP\n      port: 8000\n      endPort: 8100\n    - protocol: TCP\n      port: 9000\n"),
        "{allow}"
    );
}

/// network-targets 1.3: a bare address is refused as `cidr`; single addresses get their mask.
#[test]
fn addresses_are_canonical_networks() {
    let allow = object("namespace a isolate egress { workload w; allow w -> 203.0.113.7, 2001:DB8:0::7 443 }", "polc-allow-w");
    assert!(allow.contains("cidr: 203.0.113.7/32") && allow.contains("cidr: 2001:db8::7/128"), "{allow}");
    assert_eq!(
        errors("namespace a isolate egress { workload w; allow w -> 203.0.113.7/24 443 }").len(),
        1,
        "host bits are not silently cut off"
    );
}

/// network-targets 1.3: every `except` lies strictly inside its `cidr`.
#[test]
fn exceptions_lie_inside_their_network() {
    let allow =
        object("namespace a isolate egress { workload w; allow w -> 203.0.113.0/24 except 203.0.113.7, 203.0.113.128/25 }", "polc-allow-w");
    assert!(!allow.contains("203.0.113.128"), "half of the network is a smaller network: {allow}");
    assert!(allow.contains("cidr: 203.0.113.0/25\n        except:\n        - 203.0.113.7/32\n"), "{allow}");
}

/// network-targets 1.4.1: isolation is by side.
#[test]
fn a_side_that_is_left_open_is_not_isolated() {
    let policy = "namespace a isolate ingress { workload w; workload v; allow w -> v 80 }";
    assert_eq!(spec(&object(policy, "polc-isolate")), "  podSelector: {}\n  policyTypes:\n  - Ingress\n");
    assert!(!objects(policy).join("").contains("Egress"), "an allow never isolates the side the policy left open");
}

/// network-targets 1.4.1: a policy that selects an open pod would isolate it.
#[test]
fn an_allow_selects_only_pods_that_are_isolated() {
    let policy = "namespace a { workload db isolate ingress { select app=db, tier=data }; allow pods -> pods(tier=data) 5432 }";
    let allow = objects(policy).into_iter().find(|yaml| yaml.contains("name: polc-allow")).expect("an allow");
    assert!(spec(&allow).starts_with("  podSelector:\n    matchLabels:\n      app: db\n      tier: data\n"), "{allow}");
}

/// network-targets 1.4.3: a connection needs both ends, so both isolated ends are opened.
#[test]
fn both_isolated_ends_are_opened() {
    let policy = "namespace a isolate { workload w; allow w -> b/v 80 } namespace b isolate { workload v }";
    assert!(object(policy, "polc-allow-w").contains("  egress:\n"));
    assert!(object(policy, "polc-allow-v").contains("  ingress:\n"));
}

/// network-targets 1.4.4: an empty list of peers is everyone.
#[test]
fn no_rule_has_an_empty_list_of_peers() {
    let policies = [
        "namespace a isolate { workload w; allow w except pods -> w 80 }",
        "cluster east {} cluster west {} namespace a in east isolate { workload w } namespace b isolate { workload v; allow a/w, v -> v 80 }",
    ];
    for policy in policies {
        let yaml = compiled(policy).to_yaml();
        assert!(
            !yaml.contains("from: []") && !yaml.contains("to: []") && !yaml.contains("from:\n    ports") && !yaml.contains("from: null"),
            "{yaml}"
        );
        assert!(!yaml.contains("ingress:\n  - ports"), "a rule without peers is one for everyone: {yaml}");
    }
}

/// network-targets 1.4.4: everyone is the missing key, and only `anywhere` is everyone.
#[test]
fn anywhere_is_a_rule_without_peers() {
    let allow = object("namespace a isolate ingress { workload w; allow anywhere -> w 80 }", "polc-allow-w");
    assert!(spec(&allow).ends_with("  ingress:\n  - ports:\n    - protocol: TCP\n      port: 80\n"), "{allow}");
}

/// network-targets 1.4.5: namespace and pods of one peer stand in one item, where both must hold.
#[test]
fn namespace_and_pods_of_a_peer_are_one_item() {
    let allow = object("namespace b { workload v } namespace a isolate ingress { workload w; allow b/v -> w 80 }", "polc-allow-w");
    let item = "  - from:\n    - namespaceSelector:\n        matchLabels:\n          kubernetes.io/metadata.name: b\n      podSelector:\n        matchLabels:\n          app: v\n";
    assert!(allow.contains(item), "{allow}");
}

/// network-targets 1.4.5: a podSelector alone means the policy's own namespace.
#[test]
fn pods_of_the_same_namespace_need_no_namespace_selector() {
    let allow = object("namespace a isolate ingress { workload w; allow pods -> w 80 }", "polc-allow-w");
    assert!(allow.contains("  - from:\n    - podSelector: {}\n") && !allow.contains("namespaceSelector"), "{allow}");
}

/// network-targets 1.4.6, 6.3: a namespace is known by the label that cannot be forged.
#[test]
fn a_namespace_is_selected_by_its_name() {
    let all =
        objects("namespace b { labels team=b; workload v } namespace a isolate ingress { workload w; allow b/pods -> w 80 }").join("");
    assert!(all.contains("kubernetes.io/metadata.name: b") && !all.contains("          team: b"), "{all}");
}

/// network-targets 1.4.7, 6.9 N012: a policy holds for the pod's port; a Service's says nothing.
#[test]
fn a_flow_opens_the_pods_port_behind_the_service() {
    let policy = "namespace a isolate ingress { workload w { ports https 8443 tls; service w-svc 443 -> https }; allow pods -> w tls }";
    let allow = object(policy, "polc-allow-w");
    assert!(allow.contains("port: 8443") && !allow.contains("port: 443"), "{allow}");
}

/// network-targets 1.4.8: a port's name is resolved by each pod for itself; numbers are what was meant.
#[test]
fn port_names_become_numbers() {
    let yaml =
        objects("namespace a isolate ingress { workload w { ports web 8080 }; workload v { ports web 9090 }; allow any/pods -> pods web }")
            .join("");
    assert!(yaml.contains("port: 8080") && yaml.contains("port: 9090") && !yaml.contains("port: web"), "{yaml}");
}

/// network-targets 1.4.9: some plugins match pods by address, so the cluster's own are cut out.
#[test]
fn the_internet_is_what_is_not_the_cluster() {
    let policy =
        "cluster default { pods 10.244.0.0/16, 203.0.113.0/24 } namespace a isolate egress { workload w; allow w -> internet 443 }";
    let allow = object(policy, "polc-allow-w");
    for left_out in ["10.0.0.0/8", "203.0.113.0/24", "169.254.0.0/16"] {
        assert!(allow.contains(&format!("        - {left_out}\n")), "{left_out} is left out: {allow}");
    }
    assert!(!allow.contains("::"), "the cluster has IPv4 alone: {allow}");
}

/// network-targets 1.4.9: an allow never relies on a pod's address.
#[test]
fn addresses_of_pods_are_not_allowed() {
    assert_eq!(
        errors("cluster default { pods 10.244.0.0/16 } namespace a isolate { workload w; allow w -> 10.244.1.1 80 }"),
        ["address-inside-cluster"]
    );
    assert_eq!(errors("namespace a isolate { workload w; allow w -> 10.1.1.1 80 }"), ["cluster-ranges-unstated"]);
}

/// network-targets 1.4.13, 6.9 N006: NetworkPolicy has no ICMP; nothing weaker is written in its place.
#[test]
fn icmp_by_name_needs_calico() {
    assert_eq!(errors("namespace a isolate { workload w; allow pods -> w icmp }"), ["needs-calico"]);
    let yaml = objects(&format!("{CALICO}namespace a isolate {{ workload w; allow pods -> w icmp }}")).join("---\n");
    assert!(yaml.contains("protocol: ICMP\n") && yaml.contains("protocol: ICMPv6\n") && yaml.contains("order: 1000.4"), "{yaml}");
}

/// network-targets 1.4.14: replies pass by themselves.
#[test]
fn no_rule_is_written_for_replies() {
    let policy = "namespace a isolate { workload w; workload v; allow w -> v 80 }";
    assert!(!object(policy, "polc-allow-w").contains("  ingress:"));
    assert!(!object(policy, "polc-allow-v").contains("  egress:"));
}

/// network-targets 1.4.17, 6.5, 6.9 N001: a deny is exact or refused.
#[test]
fn a_deny_that_network_policy_cannot_hold_is_refused() {
    assert_eq!(errors("namespace a { workload w; workload v; deny w -> v }"), ["deny-not-expressible"]);
    assert_eq!(
        errors("namespace a isolate egress { workload w } namespace b { workload v; deny any/pods -> v }"),
        ["deny-not-expressible"]
    );
    assert!(errors("namespace a isolate egress { workload w; allow w -> b/v; deny w -> b/v 22 } namespace b { workload v }").is_empty());
}

/// network-targets 1.4.17: who a pod runs as is no label.
#[test]
fn service_accounts_need_calico() {
    assert_eq!(errors("namespace a isolate { workload w; allow serviceaccount ci -> w 80 }"), ["needs-calico"]);
}

/// network-targets 1.5: names are asked for by UDP, and by TCP where the answer is long.
#[test]
fn isolated_pods_may_still_ask_for_names() {
    let allow = object("namespace a isolate egress", "polc-allow");
    assert!(
        allow.contains("k8s-app: kube-dns")
            && allow.contains("protocol: TCP\n      port: 53")
            && allow.contains("protocol: UDP\n      port: 53"),
        "{allow}"
    );
    assert!(
        !allow.contains("- to:\n    - namespaceSelector: {}") && !allow.contains("egress:\n  - ports"),
        "port 53 of the servers, not of the world"
    );
    assert!(!objects("namespace a isolate egress without dns").join("").contains("53"));
}

/// network-targets 1.5: OpenShift's servers listen on 5353; node-local caches are addresses.
#[test]
fn dns_is_where_the_cluster_says() {
    let cluster = "cluster default { dns openshift-dns/pods(dns=default) 5353; dns node-local 169.254.20.10 }";
    let allow = object(&format!("{cluster} namespace a isolate egress {{ workload w }}"), "polc-allow");
    assert!(
        allow.contains("kubernetes.io/metadata.name: openshift-dns")
            && allow.contains("port: 5353")
            && allow.contains("cidr: 169.254.20.10/32"),
        "{allow}"
    );
    assert!(!allow.contains("kube-system"), "{allow}");
}

/// network-targets 1.6: one order of keys, sorted labels, sorted peers and ports.
#[test]
fn the_same_meaning_has_the_same_bytes() {
    let one = "namespace a isolate ingress { workload w { select b=2, a=1 }; workload v; allow v, pods(x=y) -> w 80, 443, 53/udp }";
    let two = "namespace a isolate ingress { workload v; workload w { select a=1, b=2 }; allow pods(x=y), v -> w 53/udp, 443, 80 }";
    assert_eq!(compiled(one).to_yaml(), compiled(two).to_yaml());
}

/// network-targets 2.1: the storage form skips Calico's own checks.
#[test]
fn calico_objects_are_of_the_user_facing_group() {
    let yaml = objects(&format!("{CALICO}namespace a isolate {{ }}")).join("---\n");
    assert!(yaml.contains("apiVersion: projectcalico.org/v3") && !yaml.contains("crd.projectcalico.org"), "{yaml}");
}

/// network-targets 2.0, 6.9 N016, N021: no correct denies, and no tiers, before Calico 3.29.
#[test]
fn old_calico_is_refused() {
    assert_eq!(errors("cluster default { enforce calico 3.28 } namespace a isolate { }"), ["unsupported-version"]);
    assert!(errors("cluster default { enforce calico 3.29 } namespace a isolate { }").is_empty());
}

/// network-targets 2.9: NetworkPolicy isolation is not final on Calico; an explicit Deny behind it is.
#[test]
fn isolation_is_sealed_on_calico() {
    let seal = object(&format!("{CALICO}namespace a isolate {{ }}"), "polc-seal");
    assert!(seal.starts_with("apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\n"), "{seal}");
    assert_eq!(
        spec(&seal),
        "  tier: default\n  order: 1000.5\n  selector: all()\n  types:\n  - Ingress\n  - Egress\n  ingress:\n  - action: Deny\n  egress:\n  - action: Deny\n"
    );
}

/// network-targets 2.6b, 2.9, 6.6: a deny stands in a tier of its own, which passes what it does not deny, and the tier comes first.
#[test]
fn denies_have_a_tier_of_their_own() {
    let policy = format!("{CALICO}everywhere {{ deny any/pods except kube-system/pods -> metadata }}");
    let all = objects(&policy);
    assert!(all[0].contains("kind: Tier") && all[0].contains("order: 500") && all[0].contains("defaultAction: Pass"), "{}", all[0]);
    let deny = &all[1];
    assert!(deny.contains("kind: GlobalNetworkPolicy") && deny.contains("tier: polc") && deny.contains("action: Deny"), "{deny}");
    assert!(!deny.contains("Pass") && !deny.contains("tier: default"), "an exception is a selector, never a Pass rule: {deny}");
    assert!(deny.contains("projectcalico.org/namespace != 'kube-system'"), "{deny}");
}

/// network-targets 2.6c: what selects all endpoints selects nodes too.
#[test]
fn global_policies_never_touch_host_endpoints() {
    let policy = format!(
        "{CALICO}everywhere {{ isolate any/pods except kube-system/pods; deny any/pods -> 203.0.113.0/24; allow any/pods -> any/pods 80 }}"
    );
    for yaml in objects(&policy).iter().filter(|yaml| yaml.contains("kind: GlobalNetworkPolicy")) {
        assert!(yaml.contains("  selector: projectcalico.org/orchestrator == 'k8s'"), "{yaml}");
    }
}

/// network-targets 2.2: address families never stand together in one rule; masks are explicit.
#[test]
fn calico_rules_have_one_family_each() {
    let policy = format!("{CALICO}everywhere {{ deny any/pods -> 203.0.113.7, 2001:db8::/32 }}");
    let deny = objects(&policy).into_iter().find(|yaml| yaml.contains("kind: GlobalNetworkPolicy")).expect("a deny");
    for rule in deny.split("  - action: Deny\n").skip(1) {
        assert!(!(rule.contains("203.0.113.7/32") && rule.contains("2001:db8::/32")), "{rule}");
    }
    assert!(deny.contains("- 203.0.113.7/32\n") && deny.contains("- 2001:db8::/32\n"), "{deny}");
}

/// network-targets 2.2: Calico refuses port numbers without a protocol; a deny by number closes all three.
#[test]
fn calico_ports_stand_with_a_protocol() {
    let policy = format!("{CALICO}everywhere {{ deny any/pods -> any/pods 22, 8000-8100 }}");
    let deny = objects(&policy).into_iter().find(|yaml| yaml.contains("kind: GlobalNetworkPolicy")).expect("a deny");
    assert_eq!(deny.matches("- action: Deny").count(), 3, "{deny}");
    for protocol in ["TCP", "UDP", "SCTP"] {
        assert!(deny.contains(&format!("    protocol: {protocol}\n")), "{deny}");
    }
    assert!(deny.contains("- \"8000:8100\"\n"), "a range is quoted, or YAML 1.1 may take it for a number: {deny}");
}

/// network-targets 6.2, 6.9 N018: isolation of pods not yet born needs Calico, an explicit Deny, and keeps DNS.
#[test]
fn a_baseline_covers_pods_not_yet_born() {
    assert_eq!(errors("everywhere { isolate any/pods except kube-system/pods }"), ["needs-calico"]);
    let all = objects(&format!("{CALICO}everywhere {{ isolate any/pods except kube-system/pods }}")).join("---\n");
    assert!(all.contains("order: 1000.5") && all.contains("- action: Deny") && all.contains("k8s-app == 'kube-dns'"), "{all}");
}

/// network-targets 6.9 N017: Kubernetes' names are DNS labels; Calico's default tier takes no dot.
#[test]
fn object_names_are_valid_everywhere() {
    let yaml = objects(&format!("{CALICO}namespace a isolate {{ workload Api_v1.2; allow Api_v1.2 -> pods 80 }}")).join("");
    for name in yaml.lines().filter_map(|line| line.strip_prefix("  name: ")) {
        assert!(name.len() <= 63 && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{name}");
    }
}

/// network-targets 2.4: a pod's endpoint has its namespace's labels as `pcns.…`, so that a selector by such a
/// label would hold pods that do not carry it.
#[test]
fn a_label_that_calico_sets_itself_is_not_selected_by() {
    for selector in
        ["pods(pcns.env=prod)", "pods(pcsa.team=x)", "pods(projectcalico.org/namespace=b)", "namespaces(projectcalico.org/name=b)"]
    {
        let policy = format!("namespace a isolate {{ allow pods -> {selector} }}\n");
        assert_eq!(errors(&policy), [] as [&str; 0], "{selector}");
        assert_eq!(errors(&format!("{CALICO}{policy}")).first(), Some(&"calico-limit-exceeded"), "{selector}");
    }
}
