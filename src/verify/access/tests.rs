//! What roles and bindings come to, by the rules of access-tls-audit §5.

use super::{Access, Atom};
use crate::semantics::rbac::{Request, Target};
use crate::source::{SourceFile, Sources};
use crate::verify::world::world;

fn access(text: &str) -> Access {
    let text: String = text.lines().map(|line| format!("---\n{}\n", line.trim().replace("RBAC", "rbac.authorization.k8s.io/v1"))).collect();
    let sources = Sources::new(Vec::new()).with_manifests(vec![SourceFile { name: "a.yaml".into(), text }]);
    let (world, diagnostics) = world(&sources);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    world.access
}

fn get(namespace: &str, resource: &str, name: &str) -> Request {
    let target = Target::Resource {
        group: "".into(),
        resource: resource.into(),
        subresource: "".into(),
        namespace: namespace.into(),
        name: name.into(),
    };
    Request { verb: "get".into(), target }
}

const READER: &str = "{apiVersion: RBAC, kind: ClusterRole, metadata: {name: reader}, rules: [{verbs: [get], apiGroups: [''], resources: [secrets, namespaces]}]}";

#[test]
fn a_role_binding_holds_in_its_namespace_and_for_that_namespace_itself() {
    let all = access(&format!(
        "{READER}\n{{apiVersion: RBAC, kind: RoleBinding, metadata: {{name: b, namespace: shop}}, roleRef: {{kind: ClusterRole, name: reader}}, subjects: [{{kind: Group, name: ops}}]}}"
    ));
    let ops = Atom::Group("ops".into()).with_groups();
    assert!(all.permits(&ops, &get("shop", "secrets", "x")) && !all.permits(&ops, &get("pay", "secrets", "x")));
    assert!(all.permits(&ops, &get("shop", "namespaces", "shop")) && !all.permits(&ops, &get("", "namespaces", "")));
}

#[test]
fn a_service_account_is_its_user_and_in_its_groups() {
    let all = access(&format!(
        "{READER}
        {{apiVersion: RBAC, kind: RoleBinding, metadata: {{name: a, namespace: shop}}, roleRef: {{kind: ClusterRole, name: reader}}, subjects: [{{kind: User, name: 'system:serviceaccount:shop:ci'}}]}}
        {{apiVersion: RBAC, kind: RoleBinding, metadata: {{name: b, namespace: pay}}, roleRef: {{kind: ClusterRole, name: reader}}, subjects: [{{kind: ServiceAccount, name: ci}}]}}
        {{apiVersion: RBAC, kind: RoleBinding, metadata: {{name: c, namespace: ops}}, roleRef: {{kind: ClusterRole, name: reader}}, subjects: [{{kind: Group, name: 'system:serviceaccounts:pay'}}]}}"
    ));
    let may = |namespace: &str, account: &str, of: &str| {
        let who = Atom::account(of, account).with_groups();
        all.permits(&who, &get(namespace, "secrets", ""))
    };
    assert!(may("shop", "ci", "shop") && !may("shop", "ci", "pay") && may("pay", "ci", "pay"));
    assert!(may("ops", "any", "pay") && !may("ops", "any", "shop"));
    assert_eq!(Atom::account("shop", "ci").told(), "serviceaccount shop/ci");
}

#[test]
fn aggregation_goes_through_aggregated_roles_and_round_in_circles() {
    let all = access(&format!(
        "{}
        {{apiVersion: RBAC, kind: ClusterRole, metadata: {{name: one, labels: {{to: two}}}}, aggregationRule: {{clusterRoleSelectors: [{{matchLabels: {{to: one}}}}]}}, rules: [{{verbs: [get], apiGroups: [''], resources: [pods]}}]}}
        {{apiVersion: RBAC, kind: ClusterRole, metadata: {{name: two, labels: {{to: one}}}}, aggregationRule: {{clusterRoleSelectors: [{{matchLabels: {{to: two}}}}]}}}}
        {{apiVersion: RBAC, kind: ClusterRoleBinding, metadata: {{name: b}}, roleRef: {{kind: ClusterRole, name: two}}, subjects: [{{kind: User, name: eve}}]}}",
        READER.replace("name: reader", "name: reader, labels: {to: one}")
    ));
    let eve = Atom::User("eve".into()).with_groups();
    assert!(all.permits(&eve, &get("x", "secrets", "")), "through `one`");
    assert!(!all.permits(&eve, &get("x", "pods", "")), "what stands in an aggregated role is overwritten");
    let found: Vec<String> = all.grounds(&eve, &get("x", "secrets", "")).iter().map(|it| it.written.role.1.to_string()).collect();
    assert_eq!(found, ["reader"]);
}

#[test]
fn masters_are_asked_nothing_and_a_lost_role_grants_nothing() {
    let all = access(
        "{apiVersion: RBAC, kind: ClusterRoleBinding, metadata: {name: b}, roleRef: {kind: ClusterRole, name: gone}, subjects: [{kind: User, name: eve}]}",
    );
    assert!(all.permits(&[Atom::Group("system:masters".into())], &get("x", "secrets", "")));
    assert!(!all.permits(&Atom::User("eve".into()).with_groups(), &get("x", "secrets", "")));
    assert_eq!(all.dangling().count(), 1);
    assert_eq!(all.by_atom().keys().map(Atom::told).collect::<Vec<_>>(), ["user eve"]);
    assert_eq!(all.by_atom().values().filter(|it| it.is_empty()).count(), 1);
}

mod defects;
