//! Questions about access over manifests alone, and over a policy that says nothing of it.

use polc::query::{Model, Verdict};
use polc::{Files, Options, SourceFile};

const MANIFESTS: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: deployer, namespace: payments}
rules:
- {verbs: [get, list, watch, patch], apiGroups: [apps], resources: [deployments]}
- {verbs: [create], apiGroups: [''], resources: [pods/exec]}
- {verbs: [get], apiGroups: [''], resources: [secrets], resourceNames: [db]}
- {verbs: [get], apiGroups: [example.com], resources: [widgets]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: deployer, namespace: payments}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer}
subjects:
- {kind: Group, name: payments-dev}
- {kind: ServiceAccount, name: ci}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: scraper}
rules:
- {verbs: [get], nonResourceURLs: [/metrics, /healthz/*]}
- {verbs: [get, list], apiGroups: [''], resources: [nodes, secrets]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: scraper}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: scraper}
subjects: [{kind: ServiceAccount, name: prometheus, namespace: payments}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: view, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: User, name: alice@example.com}]
";

fn model(manifests: &str) -> Model {
    let manifests = vec![SourceFile { name: "rbac.yaml".into(), text: manifests.into() }];
    Model::new(Files { manifests, ..Files::default() }, &Options::default()).expect("one cluster")
}

#[test]
fn each_question_has_its_answer_in_a_word() {
    let table = [
        ("can group payments-dev patch deployments in payments", Verdict::Allowed),
        ("can group payments-dev read on deployments.apps in payments", Verdict::Allowed),
        ("can group payments-dev patch deployments in shop", Verdict::Denied),
        ("can group payments-dev patch deployments", Verdict::Partly),
        ("can group payments-dev delete deployments in payments", Verdict::Denied),
        ("can group payments-dev get, delete deployments in payments", Verdict::Partly),
        ("can group payments-dev get secrets in payments", Verdict::Partly),
        ("can group payments-dev get secrets named db in payments", Verdict::Allowed),
        ("can group payments-dev list secrets named db in payments", Verdict::Denied),
        ("can serviceaccount payments/ci create pods/exec in payments", Verdict::Allowed),
        ("can serviceaccount payments/ci create pods in payments", Verdict::Denied),
        ("can user \"system:serviceaccount:payments:ci\" create pods/exec in payments", Verdict::Allowed),
        ("can serviceaccount shop/ci create pods/exec in payments", Verdict::Denied),
        ("can group payments-dev get widgets in payments", Verdict::Allowed),
        ("can group payments-dev get widgets.example.com in payments", Verdict::Allowed),
        ("can serviceaccount payments/prometheus get url /metrics", Verdict::Allowed),
        ("can serviceaccount payments/prometheus get url /metrics/x", Verdict::Denied),
        ("can serviceaccount payments/prometheus get url /healthz/x", Verdict::Allowed),
        ("can serviceaccount payments/prometheus list nodes", Verdict::Allowed),
        ("can serviceaccount payments/prometheus list secrets", Verdict::Allowed),
        ("can serviceaccount payments/prometheus list secrets in shop", Verdict::Allowed),
        ("can user alice@example.com get configmaps in shop", Verdict::Allowed),
        ("can user alice@example.com get secrets in shop", Verdict::Denied),
        ("can user alice@example.com get namespaces in shop", Verdict::Allowed),
        ("can user alice@example.com get namespaces named shop", Verdict::Allowed),
        ("can user alice@example.com get namespaces named pay", Verdict::Denied),
        ("can user bob get pods in shop", Verdict::Denied),
        ("can group \"system:masters\" delete nodes", Verdict::Allowed),
        ("who can get secrets in payments", Verdict::Allowed),
        ("who can delete nodes", Verdict::Denied),
        ("what can user bob", Verdict::Denied),
        ("what can user alice@example.com in shop", Verdict::Allowed),
    ];
    let model = model(MANIFESTS);
    let mut batch = model.batch();
    for (question, verdict) in table {
        assert_eq!(model.ask_access(question).expect(question).verdict, verdict, "{question}");
        assert_eq!(batch.answer(question).expect(question), verdict, "{question}");
    }
}

#[test]
fn answers_are_read_out() {
    let model = model(MANIFESTS);
    let told = |question: &str| model.ask_access(question).expect(question).to_text();
    assert_eq!(
        told("can group payments-dev get secrets in payments"),
        "partly: group payments-dev get on secrets in payments\n  allowed: get on secrets named db in payments\n"
    );
    assert_eq!(
        told("can group payment-dev get secrets in payments"),
        "denied: group payment-dev get on secrets in payments\n  note: no binding names group payment-dev; `group payments-dev` is named\n"
    );
    assert_eq!(
        told("who can get secrets in payments"),
        "group payments-dev\n  only get on secrets named db in payments\n\
         serviceaccount payments/ci\n  only get on secrets named db in payments\n\
         serviceaccount payments/prometheus\n\
         \x20 note: members of system:masters may do everything, whatever is written\n"
    );
    assert_eq!(
        told("what can serviceaccount payments/prometheus"),
        "serviceaccount payments/prometheus\n  get, list on nodes, secrets everywhere\n  get on url /healthz/*, /metrics\n"
    );
}

#[test]
fn reasons_name_what_grants_and_what_it_comes_to() {
    let model = model(MANIFESTS);
    let told = |question: &str| model.why_access(question).expect(question).to_text();
    let exec = told("can serviceaccount payments/ci create pods/exec in payments");
    let granted =
        "  granted by rbac.yaml:10:1: RoleBinding payments/deployer to serviceaccount payments/ci: rule 2 of Role payments/deployer\n";
    assert!(exec.contains(granted), "{exec}");
    assert!(exec.contains("  - to run commands in pods, as their service accounts in payments\n"), "{exec}");
    assert!(exec.contains("may so act as serviceaccount payments/prometheus, which may get, list on nodes, secrets everywhere"), "{exec}");
    let shop = told("can group payments-dev patch deployments in shop");
    let nearest = "  nearest rbac.yaml:10:1: RoleBinding payments/deployer to group payments-dev: rule 1 of Role payments/deployer\n    but it holds in payments\n";
    assert!(shop.contains(nearest), "{shop}");
    let builtin = told("can user alice@example.com get configmaps in shop");
    assert!(
        builtin.contains("RoleBinding shop/view to user \"alice@example.com\": rule 1 of ClusterRole system:aggregate-to-view"),
        "{builtin}"
    );
}

#[test]
fn what_is_not_understood_makes_a_denial_unknown() {
    let old = format!(
        "{MANIFESTS}---\napiVersion: rbac.authorization.k8s.io/v1beta1\nkind: RoleBinding\nmetadata: {{name: old, namespace: payments}}\n"
    );
    let model = model(&old);
    let verdict = |question: &str| model.ask_access(question).expect(question).verdict;
    assert_eq!(verdict("can group payments-dev patch deployments in payments"), Verdict::Allowed);
    assert_eq!(verdict("can group payments-dev delete deployments in payments"), Verdict::Unknown);
}

#[test]
fn a_question_that_cannot_be_answered_says_why() {
    let model = model(MANIFESTS);
    let wrong = |question: &str| {
        let wrong = model.ask_access(question).expect_err(question);
        [vec![wrong.headline], wrong.help].concat().join("; ")
    };
    assert_eq!(wrong("can group ops get pod in shop"), "no resource is called `pod`; did you mean `pods`?");
    assert_eq!(wrong("can group ops get nodes in shop"), "`nodes` are in no namespace; leave out `in shop`");
    assert_eq!(wrong("can group ops get events in shop"), "`events` is of several groups; write `events.core` or `events.events.k8s.io`");
    assert_eq!(wrong("can group ops get url /metrics in shop"), "a path is in no namespace; leave out `in shop`");
}
