//! Clusters.

use super::{run, sound};
use crate::ir::cluster::{Range, Version};
use crate::ir::{Cluster, PeerKind};
use crate::semantics::labels::Labels;

fn cluster(body: &str) -> Cluster {
    sound(&format!("cluster prod {{ {body} }}")).policy.clusters.remove(0)
}

fn wrong(body: &str) -> Vec<String> {
    run(&format!("cluster prod {{ {body} }}")).shown()
}

#[test]
fn without_a_block_there_is_one_cluster() {
    let outcome = sound("namespace a { }");
    let [only] = outcome.policy.clusters.as_slice() else { panic!("{:?}", outcome.policy.clusters) };
    assert_eq!((only.name.as_str(), only.kubernetes, only.calico, only.declared), ("default", Version { major: 1, minor: 34 }, None, None));
    assert_eq!(only.dns.pods, [("kube-system".to_owned(), Labels::equal("k8s-app", "kube-dns"))]);
    assert_eq!(crate::resolve::port::shown(&only.dns.ports), "53, 53/udp");
    assert_eq!((&only.pods, &only.ingress), (&Range::Unstated, &None));
}

#[test]
fn a_block_changes_only_what_it_names() {
    let prod = cluster(
        "account acme; kubernetes 1.33; enforce networkpolicy, calico 3.31; provider ibm-classic; workload-label k8s.io/name; pods 172.30.0.0/16, 2001:db8::/64; services 172.21.0.0/16; nodes 10.0.0.0/20",
    );
    assert_eq!(
        (prod.account.as_deref(), prod.provider.as_deref(), prod.workload_label.as_deref()),
        (Some("acme"), Some("ibm-classic"), Some("k8s.io/name"))
    );
    assert_eq!((prod.kubernetes, prod.calico), (Version { major: 1, minor: 33 }, Some(Version { major: 3, minor: 31 })));
    let shown = |range: &Range| {
        if let Range::Stated(nets) = range { nets.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ") } else { String::new() }
    };
    assert_eq!(
        [shown(&prod.pods), shown(&prod.services), shown(&prod.nodes)],
        ["172.30.0.0/16 2001:db8::/64", "172.21.0.0/16", "10.0.0.0/20"]
    );
    assert_eq!(cluster("pods unknown").pods, Range::Unknown);
}

#[test]
fn clusters_come_by_name() {
    let outcome = sound("cluster b { } cluster a { }");
    assert_eq!(outcome.policy.clusters.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn dns_is_replaced_and_node_local_is_added() {
    let prod = cluster("dns openshift-dns/pods(dns=default) 5353; dns node-local 169.254.20.10");
    assert_eq!(prod.dns.pods, [("openshift-dns".to_owned(), Labels::equal("dns", "default"))]);
    assert_eq!(crate::resolve::port::shown(&prod.dns.ports), "5353, 5353/udp");
    assert_eq!(prod.dns.addresses.networks().iter().map(ToString::to_string).collect::<Vec<_>>(), ["169.254.20.10/32"]);
    let prod = cluster("dns node-local 169.254.20.10");
    assert_eq!(prod.dns.pods.len(), 1, "the usual servers stay");
}

#[test]
fn dns_is_pods_of_a_namespace() {
    assert_eq!(
        wrong("dns any/pods(k8s-app=dns)"),
        ["invalid-setting at «any/pods(k8s-app=dns)»: `any/pods(k8s-app=dns)` cannot be the cluster's DNS | \
         write the servers' pods, like `dns openshift-dns/pods(dns=default) 5353`; an address on each node is added by `dns node-local 169.254.20.10`"]
    );
    assert_eq!(
        wrong("dns node-local 169.254.20.0/24"),
        ["invalid-address at «169.254.20.0/24»: `169.254.20.0/24` is a range; one address is needed here | write the address without `/`"]
    );
}

#[test]
fn the_api_server_has_endpoints_and_an_origin() {
    let prod = cluster("apiserver 172.20.0.1:2040, [2001:db8::1]:6443 from nodes");
    let server = prod.apiserver.unwrap();
    assert_eq!(
        server.endpoints.iter().map(|(net, port)| format!("{net} {port}")).collect::<Vec<_>>(),
        ["172.20.0.1/32 2040", "2001:db8::1/128 6443"]
    );
    assert_eq!(server.from.map(|peer| peer.kind.clone()), Some(PeerKind::Nodes));
    assert_eq!(wrong("apiserver 10.0.0.1:0").len(), 1);
}

#[test]
fn known_controllers_need_no_more() {
    for (written, namespace, app) in [
        ("nginx", "ingress-nginx", "ingress-nginx"),
        ("traefik", "traefik", "traefik"),
        ("haproxy", "haproxy-controller", "kubernetes-ingress"),
    ] {
        let controller = cluster(&format!("ingress {written}")).ingress.unwrap();
        assert_eq!(
            (controller.namespace.as_str(), controller.pods),
            (namespace, Labels::equal("app.kubernetes.io/name", app)),
            "{written}"
        );
    }
    let controller = cluster("ingress traefik in kube-system select app=public-alb").ingress.unwrap();
    assert_eq!((controller.namespace.as_str(), controller.pods), ("kube-system", Labels::equal("app", "public-alb")));
}

#[test]
fn others_say_where_their_pods_are() {
    assert_eq!(
        wrong("ingress ibm-alb-legacy in kube-system"),
        ["invalid-setting at «ibm-alb-legacy»: where the pods of `ibm-alb-legacy` run is not known | \
         name their namespace and labels: `ingress ibm-alb-legacy in NAMESPACE select KEY=VALUE`"]
    );
    assert_eq!(wrong("ingress gateway eg").len(), 1);
    assert!(cluster("ingress gateway eg in envoy-gateway-system select app=envoy").ingress.unwrap().gateway);
    assert_eq!(wrong("ingress ngnix"), ["unknown-controller at «ngnix»: no Ingress controller is called `ngnix` | did you mean `nginx`?"]);
}

#[test]
fn versions_that_polc_does_not_know() {
    assert_eq!(
        wrong("kubernetes 1.28"),
        [
            "unsupported-version at «1.28»: Kubernetes 1.28 is older than polc knows | state the version that runs in the cluster; if it is older, update the cluster first"
        ]
    );
    assert_eq!(
        wrong("kubernetes 1.38"),
        ["newer-version at «1.38»: Kubernetes 1.38 is newer than polc knows | update polc when a version that knows it is out"]
    );
    assert_eq!(
        wrong("enforce calico 3.28"),
        [
            "unsupported-version at «3.28»: Calico 3.28 is older than polc knows | state the version that runs in the cluster; if it is older, update the cluster first"
        ]
    );
    assert_eq!(wrong("enforce calico 3.34").len(), 1);
    assert_eq!(
        wrong("enforce calico"),
        [
            "unsupported-version at «calico»: `calico` needs its version: what it can do depends on it | write the version that runs in the cluster, like `enforce calico 3.31`"
        ]
    );
    assert_eq!(cluster("kubernetes 1.29; enforce calico 3.29.1").calico, Some(Version { major: 3, minor: 29 }));
}

#[test]
fn reserved_and_unknown_enforcers() {
    for name in ["cilium", "istio", "cluster-network-policy"] {
        let shown = wrong(&format!("enforce {name}"));
        assert!(
            shown.len() == 1 && shown[0].starts_with(&format!("not-yet at «{name}»: the enforcer `{name}` is not compiled for yet")),
            "{shown:?}"
        );
    }
    assert_eq!(
        wrong("enforce calico 3.31, calico 3.30"),
        ["conflicting-settings at «calico»: `calico` is named twice | keep one of the two"]
    );
    assert_eq!(wrong("enforce calcio 3.31"), ["unknown-word at «calcio»: `calcio` is not an enforcer | did you mean `calico`?"]);
}

#[test]
fn ranges_of_pods_and_services_never_overlap() {
    let outcome = run("cluster prod { pods 10.0.0.0/8; services 10.96.0.0/12 }");
    assert_eq!(
        outcome.shown(),
        [
            "ranges-overlap at «services»: pods and Services of `prod` share addresses | take both ranges from the cluster's configuration; they never overlap"
        ]
    );
    assert_eq!(outcome.others(), ["pods"]);
    cluster("pods 10.0.0.0/12; services 10.96.0.0/12; nodes 10.0.0.0/16");
}

#[test]
fn each_setting_is_stated_once() {
    let outcome = run("cluster prod { kubernetes 1.34; kubernetes 1.33 }");
    assert_eq!(
        outcome.shown(),
        [
            "conflicting-settings at «kubernetes»: `kubernetes` is stated twice in this cluster | keep one of the two; several values are joined by commas"
        ]
    );
    assert_eq!(outcome.others(), ["kubernetes"]);
    assert_eq!(wrong("pods unknown; pods 10.0.0.0/8").len(), 1);
}

#[test]
fn each_cluster_is_declared_once_and_named_rightly() {
    let outcome = run("cluster prod { } cluster prod { }");
    assert_eq!(
        outcome.shown(),
        ["duplicate-declaration at «prod»: the cluster `prod` is declared twice | merge the two, or give one another name"]
    );
    let outcome = run("cluster prod-dal10 { } namespace a in prod-dal1 { }");
    assert_eq!(outcome.shown(), ["unknown-cluster at «prod-dal1»: no cluster is called `prod-dal1` | did you mean `prod-dal10`?"]);
    let outcome = run("cluster prod { } namespace a in prd { labels x=y } namespace a { }");
    assert_eq!(outcome.diagnostics.len(), 1, "labels are not held against a cluster that is only misspelled");
    sound("namespace a in default { }");
}

#[test]
fn what_matters_to_later_kinds_only_is_taken() {
    cluster("identity ibm-iam; certificates cert-manager; external traffic local");
}
