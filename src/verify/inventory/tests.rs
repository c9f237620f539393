use std::fmt::Write as _;

use insta::assert_snapshot;

use super::Inventory;
use crate::source::{SourceFile, Sources};
use crate::verify::world::world;

fn inventory(text: &str) -> Inventory {
    let file = SourceFile { name: "a.yaml".into(), text: text.into() };
    let (world, diagnostics) = world(&Sources::new(Vec::new()).with_manifests(vec![file]));
    assert_eq!(diagnostics, []);
    world.inventory
}

fn shown(text: &str) -> String {
    let inventory = inventory(text);
    let mut out = String::new();
    for (name, namespace) in &inventory.namespaces {
        writeln!(out, "namespace {name} {:?} declared={}", namespace.labels.iter().collect::<Vec<_>>(), namespace.declared).unwrap();
    }
    for it in &inventory.workloads {
        let ports: Vec<String> = it.ports.iter().map(|p| format!("{:?}={}/{}", p.name, p.number, p.protocol.as_str())).collect();
        let labels: Vec<String> = it.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let host = if it.host_network { " host" } else { "" };
        let (name, at, on) = (format!("{}/{}[{}]", it.namespace, it.name, it.kind), &it.addresses, &it.hosts);
        writeln!(out, "{name} {labels:?} account {} {ports:?} at {at:?} on {on:?}{host}", it.account).unwrap();
    }
    for ((namespace, name), labels) in &inventory.accounts {
        writeln!(out, "account {namespace}/{name} {labels:?}").unwrap();
    }
    for (name, node) in &inventory.nodes {
        writeln!(out, "node {name} {:?} {:?}", node.labels, node.addresses).unwrap();
    }
    for it in inventory.reached_by_ingress() {
        let protocol = it.protocol.as_str();
        writeln!(out, "{} reaches {}/{} on {protocol} {}", it.entry.object, it.workload.namespace, it.workload.name, it.number).unwrap();
    }
    out
}

#[test]
fn every_namespace_has_the_label_of_its_name_whatever_is_written() {
    let text = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: a, kubernetes.io/metadata.name: other}}\n---\n\
        apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: api, namespace: pay, labels: {tier: one}}\n";
    assert_snapshot!(shown(text), @r#"
    namespace pay [("kubernetes.io/metadata.name", "pay")] declared=false
    namespace shop [("kubernetes.io/metadata.name", "shop"), ("team", "a")] declared=true
    account pay/api {"tier": "one"}
    "#);
}

#[test]
fn every_kind_that_makes_pods_gives_their_labels_account_and_ports() {
    let pod = "{metadata: {labels: {app: a}}, spec: {containers: [{ports: [{containerPort: 80, name: web}, {containerPort: 53, protocol: UDP}]}]}}";
    let of = |api: &str, kind: &str, spec: &str| format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x}}\nspec: {spec}\n---\n");
    let template = format!("{{template: {pod}}}");
    let mut text = of("batch/v1", "CronJob", &format!("{{jobTemplate: {{spec: {template}}}}}"));
    for (api, kind) in [
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("apps/v1", "ReplicaSet"),
        ("v1", "ReplicationController"),
        ("batch/v1", "Job"),
    ] {
        text += &of(api, kind, &template);
    }
    text += "apiVersion: v1\nkind: PodList\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {serviceAccountName: s, \
        hostNetwork: true}, status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: 'fd00::1'}], hostIP: 192.168.0.1}}\n";
    assert_snapshot!(shown(&text), @r#"
    namespace default [("kubernetes.io/metadata.name", "default")] declared=false
    default/x[CronJob] ["app=a"] account default ["Some(\"web\")=80/TCP", "None=53/UDP"] at [] on []
    default/x[DaemonSet] ["app=a"] account default ["Some(\"web\")=80/TCP", "None=53/UDP"] at [] on []
    default/x[Deployment] ["app=a"] account default ["Some(\"web\")=80/TCP", "None=53/UDP"] at [] on []
    default/x[Job] ["app=a"] account default ["Some(\"web\")=80/TCP", "None=53/UDP"] at [] on []
    default/x[Pod] [] account s [] at [10.0.0.1, fd00::1] on [192.168.0.1] host
    default/x[ReplicaSet] ["app=a"] account default ["Some(\"web\")=80/TCP", "None=53/UDP"] at [] on []
    default/x[ReplicationController] ["app=a"] account default ["Some(\"web\")=80/TCP", "None=53/UDP"] at [] on []
    default/x[StatefulSet] ["app=a"] account default ["Some(\"web\")=80/TCP", "None=53/UDP"] at [] on []
    "#);
}

#[test]
fn pods_are_their_owners_and_only_those_that_differ_stay_apart() {
    let pod = |name: &str, labels: &str, owner: &str, ip: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: a, {labels}}}, ownerReferences: [{{kind: ReplicaSet, \
             name: {owner}, controller: true}}]}}\nspec: {{}}\nstatus: {{podIP: {ip}}}\n---\n"
        )
    };
    let pods = pod("a-1", "pod-template-hash: x", "rs", "10.0.0.1") + &pod("a-2", "pod-template-hash: z", "rs", "10.0.0.2");
    assert_snapshot!(shown(&(pods.clone() + &pod("a-3", "debug: d", "rs", "10.0.0.3"))), @r#"
    namespace default [("kubernetes.io/metadata.name", "default")] declared=false
    default/a-3[Pod] ["app=a", "debug=d"] account default [] at [10.0.0.3] on []
    default/rs[ReplicaSet] ["app=a"] account default [] at [10.0.0.1, 10.0.0.2] on []
    "#);
    let set = "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: rs, ownerReferences: [{kind: Deployment, name: a}]}\n\
        spec: {template: {metadata: {labels: {app: a, pod-template-hash: x}}}}\n---\n";
    assert_snapshot!(shown(&(pods + set)), @r#"
    namespace default [("kubernetes.io/metadata.name", "default")] declared=false
    default/a[Deployment] ["app=a"] account default [] at [10.0.0.1, 10.0.0.2] on []
    "#);
}

#[test]
fn a_pod_that_is_over_is_not_there() {
    assert_snapshot!(shown("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {}\nstatus: {phase: Succeeded}\n"), @"");
}

const BEHIND: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{ports: [{containerPort: 8080, name: http}]}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: main, port: 80, targetPort: http}, {name: side, port: 81}]}
---
apiVersion: v1
kind: Service
metadata: {name: nobody, namespace: shop}
spec: {ports: [{port: 80}]}
---
";

#[test]
fn an_ingress_controller_reaches_the_target_ports_of_the_backends_pods() {
    let of = |api: &str, kind: &str, spec: &str| {
        shown(&format!("{BEHIND}apiVersion: {api}\nkind: {kind}\nmetadata: {{name: i, namespace: shop}}\nspec: {spec}\n"))
            .lines()
            .filter(|line| line.contains("reaches"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let path = |port: &str| format!("{{rules: [{{http: {{paths: [{{backend: {{service: {{name: web, port: {port}}}}}}}]}}}}]}}");
    let ingress = |spec: &str| of("networking.k8s.io/v1", "Ingress", spec);
    assert_eq!(ingress(&path("{number: 80}")), "Ingress shop/i reaches shop/web on TCP 8080");
    assert_eq!(ingress(&path("{name: side}")), "Ingress shop/i reaches shop/web on TCP 81");
    assert_eq!(ingress(&path("{number: 8080}")), "");
    assert_eq!(ingress("{defaultBackend: {service: {name: nobody, port: {number: 80}}}}"), "");
    assert_eq!(of("extensions/v1beta1", "Ingress", "{backend: {serviceName: web, servicePort: main}}"), ingress(&path("{number: 80}")));
    let route = |spec: &str| of("route.openshift.io/v1", "Route", spec);
    assert_eq!(route("{to: {kind: Service, name: web}, port: {targetPort: http}}"), "Route shop/i reaches shop/web on TCP 8080");
    assert_eq!(route("{to: {name: web}}").lines().count(), 2);
    let http = of("gateway.networking.k8s.io/v1", "HTTPRoute", "{rules: [{backendRefs: [{name: web, port: 81}]}]}");
    assert_eq!(http, "HTTPRoute shop/i reaches shop/web on TCP 81");
}
