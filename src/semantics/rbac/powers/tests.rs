//! Each power by its ways, beside what is nearly one.

use super::*;

fn rule(group: &str, resource: &str, verbs: &[&str], names: &[&str]) -> Rule {
    let words = |list: &[&str]| list.iter().map(SmolStr::new).collect();
    Rule { verbs: words(verbs), groups: words(&[group]), resources: words(&[resource]), names: words(names), urls: Vec::new() }
}

fn found(minor: u16, scope: Scope, rule: Rule) -> Vec<Power> {
    powers(&[rule], minor, scope).into_iter().map(|(power, _)| power).collect()
}

fn in_cluster(group: &str, resource: &str, verbs: &[&str]) -> Vec<Power> {
    found(34, Scope::Cluster, rule(group, resource, verbs, &[]))
}

const RBAC: &str = "rbac.authorization.k8s.io";

/// access-targets R13: each of the three reads them, and one of a name is what it says.
#[test]
fn secrets_are_read_by_get_list_and_watch() {
    for verb in ["get", "list", "watch"] {
        assert_eq!(in_cluster("", "secrets", &[verb]), [Power::ReadSecrets], "{verb}");
    }
    assert_eq!(in_cluster("", "secrets", &["create", "delete"]), []);
    assert_eq!(found(34, Scope::Namespace, rule("", "secrets", &["get"], &["db"])), []);
    assert_eq!(in_cluster("example.com", "secrets", &["get"]), [], "of another group");
}

/// access-targets R14: by WebSocket `get` was enough before 1.35; `get` of a node's proxy runs commands on every version.
#[test]
fn reading_can_be_running() {
    for (resource, power) in
        [("pods/exec", Power::RunCommands), ("pods/attach", Power::RunCommands), ("pods/portforward", Power::ReachPods)]
    {
        for scope in [Scope::Namespace, Scope::Cluster] {
            assert_eq!(found(34, scope, rule("", resource, &["get"], &[])), [power], "{resource}");
            assert_eq!(found(35, scope, rule("", resource, &["get"], &[])), [], "{resource}");
            assert_eq!(found(35, scope, rule("", resource, &["create"], &[])), [power], "{resource}");
        }
    }
    assert_eq!(found(37, Scope::Cluster, rule("", "nodes/proxy", &["get"], &[])), [Power::NodeProxy]);
    assert_eq!(found(37, Scope::Namespace, rule("", "nodes/proxy", &["get"], &[])), []);
    assert_eq!(in_cluster("", "pods/log", &["get"]), []);
    assert_eq!(in_cluster("", "pods", &["get", "list", "delete"]), []);
}

/// access-targets R15: bind is asked in the binding's namespace, so it counts there; escalation counts by name too.
#[test]
fn roles_are_escalated_and_bound() {
    assert_eq!(found(34, Scope::Namespace, rule(RBAC, "clusterroles", &["bind"], &["view"])), [Power::Bind]);
    assert_eq!(found(34, Scope::Namespace, rule(RBAC, "clusterroles", &["escalate"], &[])), []);
    assert_eq!(in_cluster(RBAC, "clusterroles", &["escalate"]), [Power::Escalate]);
    assert_eq!(in_cluster(RBAC, "roles", &["escalate", "bind"]), [Power::Escalate, Power::Bind]);
    assert_eq!(in_cluster(RBAC, "rolebindings", &["create", "update"]), [], "one hands on what one holds");
}

/// access-targets R16: constrained verbs from 1.36 on, on whatever they stand.
#[test]
fn impersonation_has_many_forms() {
    assert_eq!(in_cluster("", "groups", &["impersonate"]), [Power::Impersonate]);
    assert_eq!(in_cluster("authentication.k8s.io", "userextras/scopes", &["impersonate"]), [Power::Impersonate]);
    assert_eq!(found(34, Scope::Namespace, rule("", "users", &["impersonate"], &["jane"])), []);
    assert_eq!(found(34, Scope::Namespace, rule("", "serviceaccounts", &["impersonate"], &["ci"])), [Power::Impersonate]);
    let in_part = |minor| found(minor, Scope::Cluster, rule("", "pods", &["impersonate-on:user-info:list"], &[]));
    assert_eq!((in_part(35), in_part(36)), (vec![], vec![Power::Impersonate]));
}

#[test]
fn what_isolates_is_undone_by_writing_it() {
    for (group, resource) in [("networking.k8s.io", "networkpolicies"), ("projectcalico.org", "networkpolicies")] {
        for verb in ["create", "update", "patch", "delete", "deletecollection"] {
            assert_eq!(found(34, Scope::Namespace, rule(group, resource, &[verb], &[])), [Power::ChangeIsolation], "{group} {verb}");
        }
        assert_eq!(in_cluster(group, resource, &["get", "list", "watch"]), []);
    }
    assert_eq!(in_cluster("extensions", "networkpolicies", &["create"]), [], "a group that is gone (access-targets R18)");
    assert_eq!(found(34, Scope::Namespace, rule("projectcalico.org", "tiers", &["delete"], &[])), []);
    assert_eq!(in_cluster("projectcalico.org", "tiers", &["delete"]), [Power::ChangeIsolation]);
}

/// access-targets R5: a request about a namespace is asked in it.
#[test]
fn labels_of_a_namespace_are_changed_from_within() {
    assert_eq!(found(34, Scope::Namespace, rule("", "namespaces", &["patch"], &[])), [Power::LabelNamespaces]);
    assert_eq!(found(34, Scope::Namespace, rule("", "namespaces", &["create"], &[])), []);
    assert_eq!(in_cluster("", "namespaces", &["create"]), [Power::LabelNamespaces]);
    assert_eq!(in_cluster("", "namespaces", &["get", "list", "delete"]), []);
}

/// access-targets R3: a name cannot be in a request that makes an object, but it is in one about an object's subresource.
#[test]
fn names_keep_everybody_from_making() {
    assert_eq!(found(34, Scope::Namespace, rule("", "pods", &["create"], &["web"])), []);
    assert_eq!(found(34, Scope::Namespace, rule("", "pods/exec", &["create"], &["web"])), [Power::RunCommands]);
    assert_eq!(found(34, Scope::Namespace, rule("", "serviceaccounts/token", &["create"], &["ci"])), [Power::IssueTokens]);
}

#[test]
fn a_star_is_everything_and_nothing_smaller() {
    assert_eq!(in_cluster("*", "*", &["*"]), [Power::Everything]);
    assert_eq!(in_cluster("", "*", &["get"]), [Power::Everything]);
    assert_eq!(in_cluster("", "pods", &["*"]), [Power::Everything]);
    let urls = |urls: &[&str], verbs: &[&str]| Rule {
        verbs: verbs.iter().map(SmolStr::new).collect(),
        urls: urls.iter().map(SmolStr::new).collect(),
        ..Rule::default()
    };
    assert_eq!(found(34, Scope::Cluster, urls(&["*"], &["*"])), [Power::Everything]);
    assert_eq!(found(34, Scope::Cluster, urls(&["/metrics"], &["get"])), []);
}

#[test]
fn the_rest_has_its_ways_too() {
    for (group, resource, verb, power) in [
        ("certificates.k8s.io", "certificatesigningrequests/approval", "update", Power::SignCertificates),
        ("certificates.k8s.io", "signers", "approve", Power::SignCertificates),
        ("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "create", Power::InterceptRequests),
        ("", "persistentvolumes", "create", Power::MountNodes),
        ("", "nodes/status", "patch", Power::Redirect),
        ("discovery.k8s.io", "endpointslices", "create", Power::Redirect),
        ("apps", "deployments", "patch", Power::RunWorkloads),
        ("", "pods", "create", Power::RunWorkloads),
    ] {
        assert_eq!(in_cluster(group, resource, &[verb]), [power], "{verb} {resource}");
        assert_eq!(in_cluster(group, resource, &["get"]), [], "get {resource}");
    }
    assert_eq!(in_cluster("", "pods", &["update"]), [], "a pod keeps its service account");
}

#[test]
fn every_power_has_a_way() {
    for power in Power::ALL.into_iter().filter(|power| *power != Power::Everything) {
        assert!(ways::all().any(|way| way.power == power), "{power:?}");
    }
    assert!(Power::ALL.is_sorted());
}
