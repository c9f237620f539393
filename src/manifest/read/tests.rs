use std::fmt::Write as _;

use insta::assert_snapshot;

use super::facts;
use crate::source::{SourceFile, Sources};

/// The facts and diagnostics of files, as short text.
fn read(files: &[(&str, &str)]) -> String {
    let files = files.iter().map(|(name, text)| SourceFile { name: (*name).into(), text: (*text).into() }).collect();
    let sources = Sources::new(Vec::new()).with_manifests(files);
    let (facts, diagnostics) = facts(&sources);
    let mut out = String::new();
    for (name, labels) in &facts.namespaces {
        writeln!(out, "namespace {name} {labels:?}").unwrap();
    }
    for ((namespace, name), w) in &facts.workloads {
        let ports: Vec<String> =
            w.ports.iter().map(|p| format!("{}={}/{}", p.name.as_deref().unwrap_or(""), p.number, p.protocol)).collect();
        writeln!(
            out,
            "{} {namespace}/{name} {:?} {ports:?} host={} account={:?} {}",
            w.kind, w.selector, w.host_network, w.service_account, w.file
        )
        .unwrap();
    }
    for ((namespace, name), service) in &facts.services {
        writeln!(out, "Service {namespace}/{name} {:?} {:?}", service.selector, service.ports).unwrap();
    }
    for ((group, plural), custom) in &facts.custom {
        writeln!(
            out,
            "custom {plural}.{group} {} {} {:?} {:?} {:?}",
            custom.kind, custom.singular, custom.short, custom.scope, custom.subresources
        )
        .unwrap();
    }
    for unused in &facts.unused {
        let at = sources.position(unused.place);
        writeln!(
            out,
            "unused {}:{} {} {} {}: {}",
            sources.name(unused.place.file),
            at.line,
            unused.api_version,
            unused.kind,
            unused.name,
            unused.reason
        )
        .unwrap();
    }
    for diagnostic in diagnostics {
        let label = diagnostic.primary.unwrap();
        let at = sources.position(label.span);
        writeln!(
            out,
            "{} {}:{}:{} {} ({})",
            diagnostic.code.as_str(),
            sources.name(label.span.file),
            at.line,
            at.column,
            diagnostic.headline,
            label.text
        )
        .unwrap();
        for also in diagnostic.secondary {
            writeln!(out, "  also {}:{}", sources.name(also.span.file), sources.position(also.span).line).unwrap();
        }
    }
    out
}

const DEPLOYMENT: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api, tier: web}}
    spec:
      serviceAccountName: api
      initContainers:
      - {name: init, ports: [{containerPort: 1}]}
      - {name: proxy, restartPolicy: Always, ports: [{containerPort: 15001}]}
      containers:
      - {name: api, ports: [{containerPort: 8443, name: https}, {containerPort: 53, protocol: UDP}]}
";

#[test]
fn workloads_services_and_namespaces_give_facts() {
    let rest = "
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {env: prod}}
---
# nothing
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{port: 443, targetPort: https}, {port: 80}, {port: 81, targetPort: 0}, {port: 53, targetPort: 5353, protocol: UDP}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: backup}
spec: {jobTemplate: {spec: {template: {metadata: {labels: {job: backup}}, spec: {hostNetwork: true, containers: [{name: b}]}}}}}
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: debug, labels: {run: debug}}, spec: {containers: [{name: c, ports: [{containerPort: 80}]}]}}
- {apiVersion: batch/v1, kind: Job, metadata: {name: migrate}, spec: {template: {spec: {containers: []}}}}
- {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: api-1, ownerReferences: [{kind: Deployment}]}, spec: {selector: {matchLabels: {a: b}}}}
- {apiVersion: v1, kind: Pod, metadata: {name: bare}, spec: {}}
- {apiVersion: v1, kind: Pod, metadata: {generateName: bare-}, spec: {}}
---
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: fn}
spec: {ports: not a list}
---
replicas: 2
";
    assert_snapshot!(read(&[("b.yaml", rest), ("a.yaml", DEPLOYMENT)]), @r#"
    namespace default {}
    namespace shop {"env": "prod"}
    CronJob default/backup {"job": "backup"} [] host=true account=None b.yaml
    Pod default/debug {"run": "debug"} ["=80/TCP"] host=false account=None b.yaml
    Job default/migrate {"batch.kubernetes.io/job-name": "migrate"} [] host=false account=None b.yaml
    Deployment shop/api {"app": "api"} ["https=8443/TCP", "=53/UDP", "=15001/TCP"] host=false account=Some("api") a.yaml
    Service shop/api {"app": "api"} [(443, "https", "TCP"), (80, "80", "TCP"), (81, "81", "TCP"), (53, "5353", "UDP")]
    unused b.yaml:18 apps/v1 ReplicaSet api-1: its owner is what the policy names
    unused b.yaml:18 v1 Pod bare: no label tells its pods from others
    unused b.yaml:18 v1 Pod : it has no name
    unused b.yaml:27 serving.knative.dev/v1 Service fn: its kind says nothing that polc uses
    unused b.yaml:32   : it is not a Kubernetes object
    "#);
}

#[test]
fn one_value_expressions_are_plain_labels_and_others_are_said() {
    let with =
        |operator: &str| DEPLOYMENT.replace("matchLabels: {app: api}", &format!("matchExpressions: [{{key: app, operator: {operator}}}]"));
    assert_snapshot!(read(&[("a.yaml", &with("In, values: [api]"))]), @r#"
    namespace shop {}
    Deployment shop/api {"app": "api"} ["https=8443/TCP", "=53/UDP", "=15001/TCP"] host=false account=Some("api") a.yaml
    "#);
    assert_snapshot!(read(&[("a.yaml", &with("Exists"))]), @r"
    namespace shop {}
    unused a.yaml:2 apps/v1 Deployment api: its selector is more than labels with one value each
    manifest-selector-not-plain a.yaml:2:1 the selector of Deployment `api` is more than plain labels ()
    ");
}

#[test]
fn what_two_files_say_alike_counts_once_and_what_differs_not_at_all() {
    assert_snapshot!(read(&[("a.yaml", DEPLOYMENT), ("b.yaml", DEPLOYMENT)]), @r#"
    namespace shop {}
    Deployment shop/api {"app": "api"} ["https=8443/TCP", "=53/UDP", "=15001/TCP"] host=false account=Some("api") a.yaml
    "#);
    assert_snapshot!(read(&[("a.yaml", DEPLOYMENT), ("b.yaml", &DEPLOYMENT.replace("8443", "9443")), ("c.yaml", DEPLOYMENT)]), @r"
    namespace shop {}
    manifest-conflict b.yaml:2:1 manifests disagree about workload `api` of namespace `shop` (one of them)
      also a.yaml:2
    ");
    let namespace = |env: &str| format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {{env: {env}, team: a}}}}");
    assert_snapshot!(read(&[("a.yaml", &namespace("prod")), ("b.yaml", &namespace("dev"))]), @r#"
    namespace shop {"team": "a"}
    manifest-conflict b.yaml:1:1 manifests disagree about label `env` of namespace `shop` (one of them)
      also a.yaml:1
    "#);
}

#[test]
fn what_kubectl_would_not_take_is_an_error_with_its_place() {
    assert_snapshot!(read(&[("a.yaml", "kind: Pod\nmetadata: {name: a\n---\nx")]), @r"manifest-unreadable a.yaml:2:1 this manifest is not valid YAML (unclosed bracket '{')");
    assert_snapshot!(read(&[("a.yaml", "kind: Pod\nmetadata:\n  labels:\n    app: a\n    app: b\n")]), @r"manifest-unreadable a.yaml:5:5 this manifest is not valid YAML (duplicate mapping key: app)");
    assert_snapshot!(read(&[("a.yaml", "# a comment\n\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {app: on}}\n")]), @r"manifest-unreadable a.yaml:3:1 Namespace `shop` is not a valid object of its kind (metadata.labels.app: invalid type: boolean `true`, expected a string)");
    assert_snapshot!(read(&[("a.yaml", &DEPLOYMENT.replace("8443", "http"))]), @r#"manifest-unreadable a.yaml:2:1 Deployment `api` is not a valid object of its kind (spec.template.spec.containers[0].ports[0].containerPort: invalid type: string "http", expected a port number from 1 to 65535)"#);
    assert_snapshot!(read(&[("a.yaml", &DEPLOYMENT.replace("8443", "70000"))]), @r"manifest-unreadable a.yaml:2:1 Deployment `api` is not a valid object of its kind (spec.template.spec.containers[0].ports[0].containerPort: invalid value: integer `70000`, expected a port number from 1 to 65535)");
    assert_snapshot!(read(&[("a.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: on}")]), @r"manifest-unreadable a.yaml:1:1 the name of this Namespace is not a string ()");
    assert_snapshot!(read(&[("a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: []")]), @r"manifest-unreadable a.yaml:1:1 Pod `a` is not a valid object of its kind (spec: invalid type: sequence, expected an object)");
    assert_snapshot!(read(&[("a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 1, targetPort: 1.5}]}")]), @r"manifest-unreadable a.yaml:1:1 Service `a` is not a valid object of its kind (spec.ports[0].targetPort: invalid type: floating point `1.5`, expected a port number from 1 to 65535 or a port name)");
    assert_snapshot!(read(&[("a.yaml", "image: {{ .Values.image }}")]), @r"manifest-unreadable a.yaml:1:9 this manifest is not valid YAML (expected string scalar)");
    assert_snapshot!(read(&[("a.yaml", &"[".repeat(200_000))]), @r"manifest-unreadable a.yaml:1:1 this manifest is not valid YAML (recursion limit exceeded)");
}

const WIDGETS: &str = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {plural: widgets, kind: Widget, shortNames: [wd]}
  scope: Namespaced
  versions:
  - {name: v1alpha1, served: false, storage: false, subresources: {scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}}
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}, subresources: {status: {}}}
  - {name: v2, served: true, storage: false}
";

#[test]
fn a_definition_gives_the_resource_that_is_served() {
    let gears = WIDGETS
        .replace("widgets", "gears")
        .replace("kind: Widget, ", "kind: Gear, singular: cog, ")
        .replace("Namespaced", "Cluster")
        .replace("served: false", "served: true");
    let off = WIDGETS.replace("widgets", "offs").replace("served: true", "served: false");
    let old = "apiVersion: apiextensions.k8s.io/v1beta1\nkind: CustomResourceDefinition\nmetadata: {name: olds.example.com}\nspec: {group: example.com, version: v1}\n";
    let all = [WIDGETS, &gears, &off, old].join("---\n");
    assert_snapshot!(read(&[("a.yaml", &all), ("b.yaml", WIDGETS)]), @r#"
    custom gears.example.com Gear cog ["wd"] Cluster Some(["scale", "status"])
    custom widgets.example.com Widget widget ["wd"] Namespaced Some(["status"])
    unused a.yaml:28 apiextensions.k8s.io/v1 CustomResourceDefinition offs.example.com: no version of it is served
    unused a.yaml:40 apiextensions.k8s.io/v1beta1 CustomResourceDefinition olds.example.com: its kind says nothing that polc uses
    "#);
}

#[test]
fn a_definition_that_the_api_server_refuses_is_an_error() {
    for (from, to) in [
        ("name: widgets.example.com", "name: widget.example.com"),
        ("example.com", "core"),
        ("Namespaced", "namespaced"),
        ("  scope: Namespaced\n", ""),
        ("kind: Widget, ", ""),
        ("served: true, ", ""),
        ("subresources: {status: {}}", "subresources: {status: true}"),
    ] {
        assert!(WIDGETS.contains(from), "{from}");
        let out = read(&[("a.yaml", &WIDGETS.replace(from, to))]);
        assert!(out.starts_with("manifest-unreadable a.yaml:2:1 CustomResourceDefinition `widget"), "{to}: {out}");
    }
    assert_snapshot!(read(&[("a.yaml", &WIDGETS.replace("name: widgets", "name: wid"))]), @"manifest-unreadable a.yaml:2:1 CustomResourceDefinition `wid.example.com` is not a valid object of its kind (metadata.name: must be the plural name and the group, `widgets.example.com`)");
    assert_snapshot!(read(&[("a.yaml", WIDGETS), ("b.yaml", &WIDGETS.replace("Namespaced", "Cluster"))]), @r"
    manifest-conflict b.yaml:2:1 manifests disagree about the custom resource `widgets.example.com` (one of them)
      also a.yaml:2
    ");
}
