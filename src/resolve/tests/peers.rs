//! Who is meant by a peer, and which ends an allow opens.

use super::{run, sound};

#[test]
fn an_allow_opens_the_ends_it_names() {
    let outcome = sound(
        "namespace orders { workload proxy }
         namespace monitoring external { workload prometheus }
         namespace ci { workload runner }
         namespace shop {
           workload web; workload api
           allow web -> api, pods, pods(tier=data), orders/proxy, orders/pods, serviceaccount web, serviceaccount ci/deployer
           allow web -> any/pods, any/pods(a=b), namespaces(env=prod), anywhere, internet, 203.0.113.7, ingress, nodes, dns, apiserver
           allow monitoring/prometheus, monitoring/pods -> web
         }",
    );
    assert_eq!(
        outcome.flows(),
        [
            "allow shop/web! -> shop/api! [all], shop/pods()! [all], shop/pods(tier=data)! [all], orders/proxy! [all], orders/pods()! [all], \
         serviceaccount shop/web! [all], serviceaccount ci/deployer! [all]",
            "allow shop/web! -> namespaces()/pods() [all], namespaces()/pods(a=b) [all], namespaces(env=prod)/pods() [all], anywhere [all], internet [all], \
         203.0.113.7 [all], ingress [all], nodes [all], dns [as-the-cluster-says], apiserver [as-the-cluster-says]",
            "allow monitoring/prometheus, monitoring/pods() -> shop/web! [all]",
        ]
    );
}

#[test]
fn everywhere_opens_both_sides() {
    let outcome = sound(
        "namespace monitoring { workload prometheus }
         namespace logs external { workload shipper }
         everywhere { allow monitoring/prometheus, logs/shipper -> any/pods, namespaces(env=prod), logs/pods }",
    );
    assert_eq!(
        outcome.flows(),
        [
            "allow monitoring/prometheus!, logs/shipper! -> namespaces()/pods()! [all], namespaces(env=prod)/pods()! [all], logs/pods()! [all]"
        ]
    );
}

#[test]
fn a_namespace_named_by_a_cluster_counts_as_external() {
    let outcome = sound(
        "cluster default { ingress nginx }
         namespace shop { workload web; allow ingress-nginx/pods -> web }",
    );
    assert_eq!(outcome.flows(), ["allow ingress-nginx/pods() -> shop/web! [all]"]);
}

#[test]
fn but_a_block_of_ones_own_makes_it_ones_own() {
    let outcome = sound("cluster default { ingress nginx } namespace ingress-nginx isolate { allow anywhere -> pods 443 }");
    assert_eq!(outcome.flows(), ["allow anywhere -> ingress-nginx/pods()! [443]"]);
}

#[test]
fn namespaces_of_every_cluster_are_known() {
    sound("namespace shop { workload web; allow web -> kube-system/pods, default/pods, kube-public/pods, kube-node-lease/pods }");
}

#[test]
fn namespaces_of_calico_are_known_where_it_enforces() {
    sound(
        "cluster a { enforce calico 3.31 } everywhere { isolate any/pods except kube-system/pods, calico-system/pods, tigera-operator/pods }",
    );
    let outcome = run("everywhere { isolate any/pods except calico-system/pods }");
    assert_eq!(
        outcome.shown(),
        [
            "unknown-namespace at «calico-system»: no namespace is called `calico-system` | declare it: `namespace calico-system external {}`, or without `external` if it is yours"
        ]
    );
}

#[test]
fn a_bare_name_is_a_workload_then_a_list_then_a_label() {
    let outcome = sound(
        "peers office = 203.0.113.0/24
         namespace a { workload api; allow office -> api }
         namespace b { allow office, web -> api }",
    );
    assert_eq!(outcome.flows(), ["allow office:addresses -> a/api! [all]", "allow office:addresses, b/web! -> b/api! [all]"]);
}

#[test]
fn once_a_workload_is_declared_every_name_is() {
    let outcome = run("namespace payments { workload frontend; allow frontnd -> frontend }");
    assert_eq!(
        outcome.shown(),
        ["unknown-workload at «frontnd»: `frontnd` is neither a workload of `payments` nor a peer list | did you mean `frontend`?"]
    );
    let outcome = run("namespace payments { workload frontend; allow frontend -> ledger }");
    assert_eq!(
        outcome.shown(),
        [
            "unknown-workload at «ledger»: `ledger` is neither a workload of `payments` nor a peer list | declare it in `payments`: `workload ledger`"
        ]
    );
}

#[test]
fn also_when_it_is_named_from_elsewhere() {
    let outcome = run("namespace orders { workload proxy } namespace shop { workload web; allow web -> orders/prox }");
    assert_eq!(outcome.shown(), ["unknown-workload at «prox»: `orders` has no workload `prox` | did you mean `proxy`?"]);
    let outcome = sound("namespace orders {} namespace shop { workload web; allow web -> orders/proxy }");
    assert_eq!(outcome.flows(), ["allow shop/web! -> orders/proxy! [all]"]);
}

#[test]
fn a_missing_workload_is_told_of_once() {
    let outcome = run("namespace p { workload a; allow a -> b; allow b -> a; allow a -> b 443 }");
    assert_eq!(outcome.diagnostics.len(), 1, "{:#?}", outcome.shown());
}

#[test]
fn denies_isolations_and_exceptions_need_declared_workloads() {
    for text in ["deny a -> pods", "isolate a", "allow pods except a -> pods", "allow pods -> pods except a"] {
        let outcome = run(&format!("namespace p {{ {text} }}"));
        assert_eq!(
            outcome.shown(),
            ["unknown-workload at «a»: `a` is neither a workload of `p` nor a peer list | declare it in `p`: `workload a`"],
            "{text}"
        );
    }
}

#[test]
fn in_everywhere_a_workload_is_named_with_its_namespace() {
    let outcome = run("namespace monitoring { workload prometheus } everywhere { allow prometheus -> any/pods 9090 }");
    assert_eq!(outcome.shown(), ["unknown-workload at «prometheus»: no peer list is called `prometheus` | write `monitoring/prometheus`"]);
}

#[test]
fn pods_need_a_namespace_around_them() {
    let outcome = run("everywhere { deny pods -> metadata }");
    assert_eq!(
        outcome.shown(),
        [
            "no-namespace-here at «pods»: `pods` means those of the namespace it stands in, and it stands in none | name the namespace: `NAMESPACE/pods`"
        ]
    );
    let outcome = run("peers builders = serviceaccount ci");
    assert_eq!(
        outcome.shown(),
        [
            "no-namespace-here at «serviceaccount ci»: `serviceaccount ci` means those of the namespace it stands in, and it stands in none | name the namespace: `serviceaccount NAMESPACE/ci`"
        ]
    );
}

#[test]
fn an_unknown_namespace_is_suggested_and_told_of_once() {
    let outcome =
        run("namespace payments { workload api } namespace shop { workload web; allow web -> paymnts/api; allow paymnts/pods -> web }");
    assert_eq!(outcome.shown(), ["unknown-namespace at «paymnts»: no namespace is called `paymnts` | did you mean `payments`?"]);
}

#[test]
fn one_side_is_of_the_blocks_own_namespace() {
    let outcome = run("namespace a { workload x } namespace b { workload y } namespace c { workload z; allow a/x, z -> b/y }");
    assert_eq!(
        outcome.shown(),
        [
            "foreign-flow at «a/x»: neither side of this sentence is `c`'s alone | write it in the block of the namespace at one of its ends, one sentence for each namespace"
        ]
    );
    assert_eq!(outcome.others(), ["b/y"]);
    sound("namespace a { workload x } namespace b { workload y } namespace c { workload z; allow a/x, b/y -> z }");
}

#[test]
fn a_peer_named_twice_is_a_warning() {
    let outcome = run("namespace p { workload a; workload b; allow a, a -> b }");
    assert_eq!(outcome.shown(), ["named-twice at «a»: `a` is named twice | remove one"]);
    assert_eq!(outcome.flows(), ["allow p/a! -> p/b! [all]"]);
}

#[test]
fn hosts_and_node_ports_are_not_compiled_yet() {
    let outcome = run("everywhere { allow anywhere -> hosts 443 }");
    assert_eq!(
        outcome.shown(),
        ["not-yet at «hosts»: `hosts` is not compiled yet | remove it, and keep the manifest that does its work beside the policy"]
    );
    assert_eq!(
        run("hosts public { isolate ingress }").shown(),
        ["not-yet at «hosts»: `hosts` is not compiled yet | remove it, and keep the manifest that does its work beside the policy"]
    );
}

#[test]
fn addresses_are_taken_in_canonical_form_only() {
    for (written, help) in [
        ("10.0.0.1/8", "if that range is meant, write `10.0.0.0/8`; for one address, write it without `/`"),
        ("10.00.0.0/8", "if that range is meant, write `10.0.0.0/8`; for one address, write it without `/`"),
        ("10.0.0.0/08", "if that range is meant, write `10.0.0.0/8`; for one address, write it without `/`"),
        ("::ffff:10.0.0.0/104", "write `10.0.0.0/8`"),
        ("10.0.0.0/33", "write an address like `203.0.113.7`, or a range like `10.0.0.0/8`"),
        ("300.0.0.1", "write an address like `203.0.113.7`, or a range like `10.0.0.0/8`"),
    ] {
        let outcome = run(&format!("namespace p {{ workload a; deny a -> {written} }}"));
        let shown = outcome.shown();
        assert!(
            shown.len() == 1
                && shown[0].starts_with(&format!("invalid-address at «{written}»"))
                && shown[0].ends_with(&format!("| {help}")),
            "{shown:?}"
        );
    }
    sound("namespace p { workload a; deny a -> 10.0.0.0/8, 203.0.113.7, 2001:db8::/32, ::1 }");
}

#[test]
fn a_name_may_have_meant_a_word_of_the_language_or_a_namespace() {
    let outcome = run("namespace p { workload a; allow ingres -> a }");
    assert_eq!(
        outcome.shown(),
        ["unknown-workload at «ingres»: `ingres` is neither a workload of `p` nor a peer list | did you mean `ingress`?"]
    );
    let outcome = run("namespace orders { } namespace p { workload a; allow orders -> a }");
    assert_eq!(
        outcome.shown(),
        [
            "unknown-workload at «orders»: `orders` is neither a workload of `p` nor a peer list | for its pods write `orders/pods`, for one of its workloads `orders/WORKLOAD`"
        ]
    );
    let outcome = run("namespace p { workload a; isolate intrnet }");
    assert_eq!(
        outcome.shown(),
        ["unknown-workload at «intrnet»: `intrnet` is neither a workload of `p` nor a peer list | declare it in `p`: `workload intrnet`"],
        "only what can be isolated"
    );
}
