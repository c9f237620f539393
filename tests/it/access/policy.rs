//! Access of a policy: its objects, its assertions and questions to it.

use polc::query::{Model, Verdict};
use polc::{Compilation, Files, Options, SourceFile};

const POLICY: &str = r#"cluster default { identity oidc prefix "oidc:" }
namespace payments {
  role deployer {
    can read, patch on deployments
    can create on pods/exec because "debugging"
  }
  grant deployer to group dev, serviceaccount ci because "reviewed"
  grant view to user alice
}
everywhere {
  role auditor { can read on any except secrets; can get on url /metrics }
  role more joins view { can get on certificates.cert-manager.io }
  grant auditor to group auditors
}
resource certificates in cert-manager.io
"#;

fn files(text: &str, manifests: &str) -> Files {
    let file = |name: &str, text: &str| SourceFile { name: name.into(), text: text.into() };
    let manifests = if manifests.is_empty() { Vec::new() } else { vec![file("given.yaml", manifests)] };
    Files { policies: vec![file("a.polc", text)], manifests, ..Files::default() }
}

fn compile(more: &str, manifests: &str) -> Compilation {
    polc::compile(files(&format!("{POLICY}{more}\n"), manifests), &Options::default())
}

fn model(manifests: &str) -> Model {
    let model = Model::new(files(POLICY, manifests), &Options::default()).expect("one cluster");
    assert!(!model.compilation().has_errors(), "{:#?}", model.compilation().diagnostics);
    model
}

#[test]
fn a_policy_answers_by_what_it_says() {
    let table = [
        ("can group dev patch deployments in payments", Verdict::Allowed),
        ("can group \"oidc:dev\" patch deployments in payments", Verdict::Allowed),
        ("can serviceaccount payments/ci create pods/exec in payments", Verdict::Allowed),
        ("can group dev patch deployments in shop", Verdict::Denied),
        ("can group auditors list nodes", Verdict::Allowed),
        ("can group auditors list secrets", Verdict::Denied),
        ("can group auditors get pods/log in payments", Verdict::Denied),
        ("can group auditors get url /metrics", Verdict::Allowed),
        ("can user alice get certificates in payments", Verdict::Allowed),
        ("can user alice get secrets in payments", Verdict::Denied),
        ("who can get secrets in payments", Verdict::Denied),
    ];
    let model = model("");
    for (question, verdict) in table {
        assert_eq!(model.ask_access(question).expect(question).verdict, verdict, "{question}");
    }
}

#[test]
fn reasons_are_sentences_with_their_objects() {
    let why = model("").why_access("can group dev create pods/exec in payments").expect("an answer").to_text();
    assert!(why.contains("granted by a.polc:7:3: grant deployer to group dev, serviceaccount ci because \"reviewed\"\n"), "{why}");
    assert!(why.contains("granted by a.polc:5:5: can create on pods/exec because \"debugging\"\n    in Role payments/deployer\n"), "{why}");
}

const GIVEN: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: legacy}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: User, name: eve}]
";

#[test]
fn assertions_are_decided_beside_what_is_given() {
    let errors = |more: &str, manifests: &str| -> Vec<String> {
        let found = compile(more, manifests).diagnostics;
        let errors = found.iter().filter(|it| it.is_error());
        errors.map(|it| format!("{}: {}", it.code.as_str(), it.primary.as_ref().map_or("", |label| label.text.as_str()))).collect()
    };
    let holds = "assert nobody can read on secrets\nassert nobody except group dev, serviceaccount payments/ci can create on pods/exec";
    assert_eq!(errors(holds, ""), [""; 0]);
    assert_eq!(
        errors("assert nobody except serviceaccount payments/ci can create on pods/exec in payments", ""),
        ["assertion-failed: group \"oidc:dev\" may create pods/exec in payments"]
    );
    assert_eq!(errors("assert nobody except group auditors can get on nodes", ""), [""; 0]);
    assert_eq!(errors("assert nobody can get on nodes", ""), ["assertion-failed: group \"oidc:auditors\" may get nodes cluster-wide"]);
    assert_eq!(errors("assert nobody can get on url /metrics", ""), ["assertion-failed: group \"oidc:auditors\" may get url /metrics"]);
    assert_eq!(errors("assert nobody can get on certificates in payments", "").len(), 1, "`view` holds it");
    assert_eq!(errors("assert nobody can read on secrets", GIVEN), ["assertion-failed: user eve may get secrets in default"]);
    let old = "apiVersion: rbac.authorization.k8s.io/v1beta1\nkind: RoleBinding\nmetadata: {name: old, namespace: payments}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: x}\n";
    assert_eq!(errors("assert nobody can read on secrets", old), ["assertion-failed: "]);
}

#[test]
fn what_is_given_counts_in_answers() {
    let model = model(GIVEN);
    let ask = |question: &str| model.ask_access(question).expect(question).to_text();
    assert_eq!(model.ask_access("can user eve get secrets in payments").expect("an answer").verdict, Verdict::Allowed);
    assert!(ask("who can delete nodes").starts_with("user eve\n"), "{}", ask("who can delete nodes"));
    assert_eq!(model.ask_access("can group dev patch deployments in payments").expect("an answer").verdict, Verdict::Allowed);
}

#[test]
fn manifests_that_grant_otherwise_are_not_equal() {
    let compilation = compile("", "");
    assert!(!compilation.has_errors(), "{:#?}", compilation.diagnostics);
    let yaml = compilation.to_yaml();
    let verify = |yaml: &str| {
        let model = Model::beside(files(POLICY, yaml), &Options::default()).expect("one cluster");
        model.verify().expect("both are there")
    };
    assert!(verify(&yaml).holds(), "{}", verify(&yaml).to_text());
    let wider = yaml.replacen("  - pods/exec\n", "  - pods/exec\n  - pods/attach\n", 1);
    assert_ne!(wider, yaml);
    let found = verify(&wider);
    assert!(!found.holds());
    let told = found.to_text();
    assert!(told.contains("granted: group \"oidc:dev\": create pods/attach in payments is permitted, and should not be\n"), "{told}");
}
