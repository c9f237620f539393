use super::super::*;
use super::{all, surface};

/// Whether rules of a role let a verb pass, as Kubernetes matches them: a resource and its subresources are apart.
fn may(surface: &Surface, role: &str, verb: &str, group: &str, path: &str) -> bool {
    let role = surface.role(role).expect("a role of every cluster");
    let has = |list: &[&str], what: &str| list.contains(&what) || list.contains(&"*");
    surface.rules(role).iter().any(|rule| has(&rule.verbs, verb) && has(&rule.groups, group) && has(&rule.resources, path))
}

#[test]
fn view_edit_and_admin_are_what_they_join() {
    for surface in all() {
        let role = surface.role("view").expect("view");
        assert!(role.rules.is_empty() && role.joins == [("rbac.authorization.k8s.io/aggregate-to-view", "true")]);
        for name in ["view", "edit", "admin"] {
            assert!(may(&surface, name, "get", "", "configmaps") && may(&surface, name, "get", "", "pods/log"), "{name}");
            assert_eq!(may(&surface, name, "get", "", "secrets"), name != "view");
            assert_eq!(may(&surface, name, "create", "", "pods/exec"), name != "view");
            assert_eq!(may(&surface, name, "create", "", "serviceaccounts/token"), name != "view");
            assert_eq!(may(&surface, name, "impersonate", "", "serviceaccounts"), name != "view");
            assert_eq!(may(&surface, name, "update", "networking.k8s.io", "networkpolicies"), name != "view");
            assert_eq!(may(&surface, name, "create", "rbac.authorization.k8s.io", "rolebindings"), name == "admin");
            assert!(!may(&surface, name, "update", "", "resourcequotas") && !may(&surface, name, "update", "", "endpoints"), "{name}");
        }
        assert!(may(&surface, "cluster-admin", "escalate", "rbac.authorization.k8s.io", "clusterroles"));
    }
}

#[test]
fn a_role_without_resources_has_its_urls() {
    let discovery = surface(34);
    let discovery = discovery.role("system:discovery").expect("a role of every cluster");
    assert!(discovery.rules.iter().any(|rule| rule.urls.contains(&"/api/*") && rule.verbs == ["get"] && rule.resources.is_empty()));
}

#[test]
fn every_rule_of_every_cluster_names_what_the_tables_know() {
    let mut seen = 0;
    for surface in all() {
        for role in surface.roles() {
            for rule in role.rules.iter().filter(|rule| !rule.groups.contains(&"*")) {
                for (group, path) in rule.groups.iter().flat_map(|group| rule.resources.iter().map(move |path| (group, path))) {
                    let (name, below) = path.split_once('/').map_or((*path, String::new()), |(name, sub)| (name, format!("/{sub}")));
                    let written = format!("{name}.{}{below}", if group.is_empty() { "core" } else { group });
                    let found = surface.lookup(&written);
                    let known = matches!(found, Lookup::Found(_) | Lookup::Dead(_));
                    assert!(known || *path == "*", "1.{}, {}: {written} is {found:?}", surface.minor, role.name);
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 2000, "{seen}");
}
