//! Defects as a compiler could have them, each seeded into objects that are right: the comparison finds every one.

use std::rc::Rc;

use smol_str::SmolStr;

use crate::compile::{Files, Options, compiled};
use crate::ir::access::{Granted, Identity, Joined, Kinds, Objects, Permission, Resource, Subject, Verbs};
use crate::ir::{self, Clusters, Grant, Role, Scope, SentenceId};
use crate::source::SourceFile;
use crate::verify::access::compare::{Difference, differences};
use crate::verify::access::{Access, intent, objects};

/// What a compiler should make of [`policy`].
const RIGHT: &str = "\
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: deployer, namespace: payments}
rules:
- {verbs: [get, list, patch], apiGroups: [apps], resources: [deployments, statefulsets]}
- {verbs: [create], apiGroups: [''], resources: [pods/exec]}
- {verbs: [get], apiGroups: [''], resources: [secrets], resourceNames: [db]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: auditor}
rules:
- {verbs: [get], apiGroups: [batch], resources: [cronjobs]}
- {verbs: [get], nonResourceURLs: [/metrics, /logs/*]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: view-crds, labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true', example.com/ops: 'true'}}
rules:
- {verbs: [get, list], apiGroups: [cert-manager.io], resources: [certificates]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ops}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {example.com/ops: 'true'}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: deployer, namespace: payments}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer}
subjects:
- {kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'oidc:dev'}
- {kind: ServiceAccount, name: ci, namespace: payments}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: view, namespace: payments}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: 'oidc:alice'}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: theirs, namespace: payments}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: theirs}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: 'oidc:alice'}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: auditor}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: auditor}
subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:nodes'}]
";

/// A defect: its name, what stands in the right objects, and what would stand there.
const DEFECTS: [(&str, &str, &str); 38] = [
    ("verb lost", "[get, list, patch]", "[get, list]"),
    ("verb more", "[get, list, patch]", "[get, list, patch, delete]"),
    ("every verb", "[get, list, patch]", "['*']"),
    ("verb in upper case", "[get, list, patch]", "[Get, list, patch]"),
    ("kind lost", "[deployments, statefulsets]", "[deployments]"),
    ("kind more", "[deployments, statefulsets]", "[deployments, statefulsets, replicasets]"),
    ("every kind", "[deployments, statefulsets]", "['*']"),
    ("kind in upper case", "[deployments, statefulsets]", "[Deployments, statefulsets]"),
    ("group lost", "apiGroups: [apps]", "apiGroups: ['']"),
    ("group more", "apiGroups: [apps]", "apiGroups: [apps, '']"),
    ("every group", "apiGroups: [apps]", "apiGroups: ['*']"),
    ("dead group", "apiGroups: [apps]", "apiGroups: [extensions]"),
    ("subresource lost", "[pods/exec]", "[pods]"),
    ("every subresource", "[pods/exec]", "['*/exec']"),
    ("a subresource that is none", "[pods/exec]", "[pods/*]"),
    ("names lost", ", resourceNames: [db]", ""),
    ("name more", "resourceNames: [db]", "resourceNames: [db, other]"),
    ("name with a star", "resourceNames: [db]", "resourceNames: [db*]"),
    ("rule lost", "- {verbs: [create], apiGroups: [''], resources: [pods/exec]}\n", ""),
    ("path lost", "[/metrics, /logs/*]", "[/metrics]"),
    ("path widened", "/logs/*", "/logs*"),
    ("path narrowed", "/logs/*", "/logs/"),
    ("every path", "/metrics", "'*'"),
    ("role in another namespace", "{name: deployer, namespace: payments}\nrules", "{name: deployer, namespace: other}\nrules"),
    ("binding in another namespace", "{name: view, namespace: payments}", "{name: view, namespace: other}"),
    ("binding lost", "kind: RoleBinding\nmetadata: {name: view,", "kind: ConfigMap\nmetadata: {name: view,"),
    (
        "binding made cluster-wide",
        "kind: RoleBinding\nmetadata: {name: view, namespace: payments}",
        "kind: ClusterRoleBinding\nmetadata: {name: view}",
    ),
    ("another role bound", "kind: ClusterRole, name: view}", "kind: ClusterRole, name: edit}"),
    ("kind of the role bound", "kind: Role, name: deployer}", "kind: ClusterRole, name: deployer}"),
    ("an unknown role bound", "kind: ClusterRole, name: theirs}", "kind: ClusterRole, name: their}"),
    ("subject lost", "- {kind: ServiceAccount, name: ci, namespace: payments}\n", ""),
    (
        "kind of a subject",
        "{kind: User, apiGroup: rbac.authorization.k8s.io, name: 'oidc:alice'}]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: theirs",
        "{kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'oidc:alice'}]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: theirs",
    ),
    ("account in another namespace", "name: ci, namespace: payments", "name: ci, namespace: other"),
    ("prefix lost", "'oidc:dev'", "dev"),
    ("prefix on a reserved name", "'system:nodes'", "'oidc:system:nodes'"),
    ("label of aggregation lost", "rbac.authorization.k8s.io/aggregate-to-view: 'true', ", ""),
    ("label of aggregation more", "rbac.authorization.k8s.io/aggregate-to-view", "rbac.authorization.k8s.io/aggregate-to-admin"),
    ("aggregation by another label", "matchLabels: {example.com/ops: 'true'}", "matchLabels: {example.com/ops: 'yes'}"),
];

fn words(text: &str) -> Vec<SmolStr> {
    text.split(' ').map(SmolStr::from).collect()
}

fn one(group: &str, path: &str) -> Kinds {
    let (resource, subresource) = path.split_once('/').map_or((path, None), |(of, sub)| (of, Some(sub.into())));
    Kinds::One(Resource { group: group.into(), resource: resource.into(), subresource })
}

fn can(verbs: &str, kinds: Vec<Kinds>, names: &[&str]) -> Permission {
    let names = names.iter().map(|name| SmolStr::from(*name)).collect();
    let objects = Objects::Resources { kinds, except: Vec::new(), names };
    Permission { sentence: SentenceId(0), verbs: Verbs::Named(words(verbs)), objects }
}

fn role(name: &str, scope: &Scope, permissions: Vec<Permission>, joins: Vec<Joined>, joined_by: Option<(&str, &str)>) -> Role {
    let joined_by = joined_by.map(|(key, value)| (key.into(), value.into()));
    let clusters = Rc::new(Clusters::All);
    Role { sentence: SentenceId(0), name: name.into(), scope: scope.clone(), permissions, joins, joined_by, clusters }
}

fn grant(role: Granted, subjects: Vec<Subject>, scope: &Scope) -> Grant {
    Grant { sentence: SentenceId(0), role, subjects, scope: scope.clone(), clusters: Rc::new(Clusters::All) }
}

/// The policy that the objects are right for.
pub(super) fn policy() -> ir::Policy {
    let policies = vec![SourceFile { name: "a.polc".into(), text: "namespace payments isolate".into() }];
    let (_, mut policy) = compiled(Files { policies, ..Files::default() }, &Options::default());
    policy.clusters[0].identity = Identity::Oidc { prefix: "oidc:".into() };
    let (home, everywhere) = (Scope::Namespace("payments".into()), Scope::Everywhere);
    let paths = Objects::Urls(words("/metrics /logs/*"));
    policy.roles = vec![
        role(
            "deployer",
            &home,
            vec![
                can("get list patch", vec![one("apps", "deployments"), one("apps", "statefulsets")], &[]),
                can("create", vec![one("", "pods/exec")], &[]),
                can("get", vec![one("", "secrets")], &["db"]),
            ],
            vec![],
            None,
        ),
        role(
            "auditor",
            &everywhere,
            vec![
                can("get", vec![one("batch", "cronjobs")], &[]),
                Permission { sentence: SentenceId(0), verbs: Verbs::Named(words("get")), objects: paths },
            ],
            vec![],
            None,
        ),
        role(
            "view-crds",
            &everywhere,
            vec![can("get list", vec![one("cert-manager.io", "certificates")], &[])],
            vec![Joined::Builtin("view".into()), Joined::Declared("ops".into())],
            None,
        ),
        role("ops", &everywhere, vec![], vec![], Some(("example.com/ops", "true"))),
    ];
    let ci = Subject::ServiceAccount { namespace: "payments".into(), name: "ci".into() };
    let alice = || vec![Subject::User("alice".into())];
    policy.grants = vec![
        grant(Granted::Role("deployer".into()), vec![Subject::Group("dev".into()), ci], &home),
        grant(Granted::Builtin("view".into()), alice(), &home),
        grant(Granted::Given { cluster_wide: true, name: "theirs".into() }, alice(), &home),
        grant(Granted::ClusterRole("auditor".into()), vec![Subject::Group("system:nodes".into())], &everywhere),
    ];
    policy
}

fn found(text: &str) -> Result<Vec<Difference>, String> {
    let policy = policy();
    let cluster = &policy.clusters[0];
    let meant: Access = intent::read(&policy, cluster);
    let (granted, _) = objects::read_text(text.to_owned())?;
    Ok(differences(&meant, &granted.with_builtin(cluster.kubernetes)))
}

#[test]
fn right_objects_grant_what_the_policy_says() {
    assert_eq!(found(RIGHT), Ok(Vec::new()));
}

#[test]
fn objects_written_another_way_grant_the_same() {
    let split = RIGHT.replace(
        "- {verbs: [get, list, patch], apiGroups: [apps], resources: [deployments, statefulsets]}",
        "- {verbs: [patch, get], apiGroups: [apps], resources: [statefulsets, deployments]}\n- {verbs: [list, get], apiGroups: [apps], resources: [deployments, statefulsets]}",
    );
    assert_ne!(split, RIGHT);
    assert_eq!(found(&split), Ok(Vec::new()));
}

#[test]
fn every_defect_is_found() {
    for (name, right, wrong) in DEFECTS {
        let text = RIGHT.replacen(right, wrong, 1);
        assert_ne!(text, RIGHT, "{name} is not seeded");
        // What cannot be read is found as well.
        assert!(found(&text).is_ok_and(|found| !found.is_empty()) || found(&text).is_err(), "{name} is not found");
    }
}

#[test]
fn a_role_that_nobody_said_is_found() {
    let more = format!(
        "{RIGHT}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: more, labels: {{rbac.authorization.k8s.io/aggregate-to-edit: 'true'}}}}\nrules: [{{verbs: [get], apiGroups: [''], resources: [nodes]}}]\n"
    );
    let found = found(&more).unwrap();
    assert!(found.contains(&Difference::Extra((None, "more".into()))), "{found:?}");
    assert!(found.len() > 2, "whoever has edit or admin gets it: {found:?}");
}
