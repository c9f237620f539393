//! Custom resources that are known by their definitions alone.

use polc::query::{Model, Verdict};
use polc::{Compilation, Files, Options, SourceFile};

const DEFINITION: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {plural: widgets, kind: Widget}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, subresources: {status: {}}}]
";

fn files(permission: &str, manifest: &str) -> Files {
    let policy = format!("namespace shop {{ role maker {{ {permission} }}; grant maker to group makers }}");
    Files {
        policies: vec![SourceFile { name: "shop.polc".into(), text: policy }],
        manifests: vec![SourceFile { name: "crd.yaml".into(), text: manifest.to_owned() }],
        ..Files::default()
    }
}

fn compile(permission: &str, manifest: &str) -> Compilation {
    polc::compile(files(permission, manifest), &Options::default())
}

fn codes(compilation: &Compilation) -> Vec<&'static str> {
    compilation.diagnostics.iter().map(|it| it.code.as_str()).collect()
}

#[test]
fn a_role_may_name_what_a_definition_brings() {
    let permission = "can read on any.example.com; can patch on widgets/status";
    let built = compile(permission, DEFINITION);
    assert!(!built.has_errors(), "{:?}", built.diagnostics);
    let yaml = built.to_yaml();
    let has = |rule: &str| yaml.contains(rule);
    assert!(has("  - example.com\n  resources:\n  - widgets\n  verbs:\n  - get\n  - list\n  - watch\n"), "{yaml}");
    assert!(has("  - example.com\n  resources:\n  - widgets/status\n  verbs:\n  - patch\n"), "{yaml}");
    assert_eq!(codes(&compile(permission, "")), ["unknown-resource", "unknown-resource"]);
}

#[test]
fn a_definition_says_the_scope_and_the_subresources() {
    assert_eq!(codes(&compile("can patch on widgets/scale", DEFINITION)), ["unknown-resource"]);
    let cluster = DEFINITION.replace("Namespaced", "Cluster");
    assert_eq!(codes(&compile("can read on widgets", &cluster)), ["cluster-resource-in-namespace"]);
}

#[test]
fn a_question_may_name_what_a_definition_brings() {
    let model = Model::new(files("can read on widgets", DEFINITION), &Options::default()).expect("one cluster");
    let asked = |question: &str| model.ask_access(question).expect(question).verdict;
    assert_eq!(asked("can group makers get widgets in shop"), Verdict::Allowed);
    assert_eq!(asked("can group makers delete widgets in shop"), Verdict::Denied);
}
