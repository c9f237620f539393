use smol_str::SmolStr;

use super::*;

mod roles;

fn surface(minor: u16) -> Surface {
    Surface::of(1, minor).expect("a known version")
}

fn all() -> impl Iterator<Item = Surface> {
    Surface::known().map(|(major, minor)| Surface::of(major, minor).expect("a known version"))
}

fn custom(group: &str, plural: &str, subresources: Option<&[&str]>) -> Custom {
    Custom {
        group: group.into(),
        plural: plural.into(),
        kind: SmolStr::default(),
        singular: SmolStr::default(),
        short: Vec::new(),
        scope: Scope::Namespaced,
        subresources: subresources.map(|names| names.iter().map(SmolStr::new).collect()),
    }
}

/// What a lookup comes to, in one line.
fn told(surface: &Surface, name: &str) -> String {
    match surface.lookup(name) {
        Lookup::Found(it) => format!("{} {:?} {:?}: {}", it.written(), it.scope, it.origin, it.verbs.join(",")),
        Lookup::Ambiguous(all) => format!("one of {}", all.iter().map(Resource::written).collect::<Vec<_>>().join(", ")),
        Lookup::Dead(it) => format!("dead {} {} since {}.{}, now {:?}", it.group, it.path, it.since.0, it.since.1, it.instead),
        Lookup::Unknown(it) => format!("unknown, meant {:?}, near {:?}", it.meant, it.near),
    }
}

#[test]
fn every_line_of_every_table_is_read() {
    let mut minors = Vec::new();
    for (minor, resources, roles) in table::texts() {
        let table = table::of(minor).expect("a known version");
        let listed = table::lines(resources).count();
        let read = table.resources.iter().filter(|it| it.origin != Origin::Special).count();
        assert_eq!(read, listed, "resources of 1.{minor}");
        let rules: usize = table.roles.iter().map(|role| role.rules.len()).sum();
        assert_eq!(table.roles.len() + rules, table::lines(roles).count(), "roles of 1.{minor}");
        assert!(listed > 100 && table.roles.len() > 50, "1.{minor}: {listed} resources");
        assert_eq!(table.dead.len(), table::lines(table::BY_HAND[1]).count());
        minors.push(minor);
    }
    assert!(minors.is_sorted(), "{minors:?}");
    // Those with a first version that is later than the oldest table are there in the newest.
    let newest = table::of(*minors.last().expect("a version")).expect("a known version");
    for columns in table::lines(table::BY_HAND[0]) {
        let path = columns[1];
        let known = newest.resources.iter().find(|it| it.group == plain(columns[0]) && it.path() == path).expect(path);
        assert!(words(columns[3]).all(|verb| known.takes(verb)), "{columns:?}");
    }
}

#[test]
fn only_versions_with_a_table_are_known() {
    assert_eq!(Surface::known().collect::<Vec<_>>(), [(1, 33), (1, 34), (1, 35), (1, 36), (1, 37)]);
    for (major, minor) in [(1, 32), (1, 38), (2, 34)] {
        assert!(Surface::of(major, minor).is_none());
    }
}

#[test]
fn a_name_is_found_as_kubectl_writes_it() {
    let surface = surface(34);
    let eight = "create,delete,deletecollection,get,list,patch,update,watch";
    for (name, what) in [
        ("deployments", format!("deployments.apps Namespaced Served: {eight}")),
        ("deployments.apps", format!("deployments.apps Namespaced Served: {eight}")),
        ("deployments/scale", "deployments.apps/scale Namespaced Served: get,patch,update".to_owned()),
        ("deployments.apps/scale", "deployments.apps/scale Namespaced Served: get,patch,update".to_owned()),
        ("pods/exec", "pods.core/exec Namespaced Served: create,get".to_owned()),
        ("pods/log", "pods.core/log Namespaced Served: get".to_owned()),
        ("serviceaccounts/token", "serviceaccounts.core/token Namespaced Served: create".to_owned()),
        ("nodes/proxy", "nodes.core/proxy Cluster Served: create,delete,get,patch,update".to_owned()),
        ("events.events.k8s.io", format!("events.events.k8s.io Namespaced Served: {eight}")),
        ("events.core", format!("events.core Namespaced Served: {eight}")),
        ("namespaces", "namespaces.core Cluster Served: create,delete,get,list,patch,update,watch".to_owned()),
    ] {
        assert_eq!(told(&surface, name), what, "{name}");
    }
}

#[test]
fn a_bare_name_of_two_groups_is_ambiguous() {
    assert_eq!(told(&surface(34), "events"), "one of events.core, events.events.k8s.io");
    let knative = surface(34).with_custom([custom("serving.knative.dev", "services", Some(&["status"]))]);
    assert_eq!(told(&knative, "services"), "one of services.core, services.serving.knative.dev");
    assert_eq!(told(&knative, "services/status"), "one of services.core/status, services.serving.knative.dev/status");
    assert_eq!(told(&knative, "services/proxy").split(' ').next(), Some("services.core/proxy"));
    // A custom resource must not take the place of one that only an authorizer knows.
    let groups = surface(34).with_custom([custom("example.com", "groups", Some(&[]))]);
    assert_eq!(told(&groups, "groups"), "one of groups.core, groups.example.com");
}

#[test]
fn a_singular_a_short_name_and_a_kind_are_no_names_but_suggest_one() {
    let surface = surface(34);
    for (name, meant) in [
        ("deployment", "deployments"),
        ("deploy", "deployments"),
        ("Deployment", "deployments"),
        ("po/exec", "pods/exec"),
        ("deployment/finalizers", "deployments/finalizers"),
        ("deployment.apps", "deployments.apps"),
        ("endpoint", "endpoints"),
    ] {
        match surface.lookup(name) {
            Lookup::Unknown(it) if meant == "endpoints" => assert_eq!(it.near, [meant]),
            Lookup::Unknown(it) => assert_eq!(it.meant.as_deref(), Some(meant), "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn a_wrong_name_is_unknown_and_near_ones_are_told() {
    let surface = surface(34);
    for (name, near) in [
        ("deploymnets", vec!["deployments"]),
        ("deployments.app", vec!["deployments.apps"]),
        ("deploymnets.apps", vec!["deployments.apps"]),
        ("ingresses.apps/status", vec!["ingresses.networking.k8s.io/status"]),
        ("statefulsets.extensions", vec!["statefulsets.apps"]),
        ("services.serving.knative.dev", vec![]),
        ("gateways.networking.istio.io", vec![]),
        ("pods/exce", vec!["pods/exec"]),
        ("secrets/exec", vec![]),
        ("endpoints/foo", vec![]),
        ("po/foo", vec![]),
        ("certificates.cert-manager.io", vec![]),
        ("", vec![]),
        ("/", vec![]),
        ("pods/exec/x", vec!["pods/exec"]),
        ("*", vec![]),
        (".apps", vec![]),
    ] {
        match surface.lookup(name) {
            Lookup::Unknown(it) => assert_eq!((it.meant, it.near), (None, near.into_iter().map(str::to_owned).collect()), "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn what_is_gone_is_dead_with_the_version_and_what_came_instead() {
    let surface = surface(34);
    for (name, what) in [
        ("deployments.extensions", "dead extensions deployments since 1.16, now Some(\"deployments.apps\")"),
        ("deployments.extensions/scale", "dead extensions deployments since 1.16, now Some(\"deployments.apps\")"),
        ("ingresses.extensions", "dead extensions ingresses since 1.22, now Some(\"ingresses.networking.k8s.io\")"),
        ("podsecuritypolicies", "dead policy podsecuritypolicies since 1.25, now None"),
        ("deployments/rollback", "dead apps deployments/rollback since 1.16, now None"),
    ] {
        assert_eq!(told(&surface, name), what, "{name}");
    }
    assert_eq!(surface.group("extensions"), Group::Dead((1, 22)));
    for dead in &surface.builtin.dead {
        let instead = dead.instead.map(|name| surface.lookup(name));
        assert!(matches!(instead, None | Some(Lookup::Found(_))), "{dead:?}");
    }
}

#[test]
fn what_is_served_on_demand_is_found_and_is_not_any() {
    let (older, newer) = (surface(34), surface(37));
    assert!(told(&older, "clustertrustbundles").starts_with("clustertrustbundles.certificates.k8s.io Cluster OnDemand"));
    assert!(told(&newer, "clustertrustbundles").starts_with("clustertrustbundles.certificates.k8s.io Cluster Served"));
    let has = |surface: &Surface| surface.any(Some("certificates.k8s.io")).iter().any(|it| it.name == "clustertrustbundles");
    assert!(!has(&older) && has(&newer));
}

#[test]
fn any_is_every_kind_served_without_subresources() {
    let surface = surface(34).with_custom([custom("argoproj.io", "rollouts", Some(&["status"]))]);
    let all: Vec<String> = surface.any(None).into_iter().map(Resource::written).collect();
    assert!(all.contains(&"pods.core".to_owned()) && all.contains(&"rollouts.argoproj.io".to_owned()));
    assert!(!all.iter().any(|it| it.contains('/') || it == "users.core" || it == "pods.metrics.k8s.io"), "{all:?}");
    let argo: Vec<String> = surface.any(Some("argoproj.io")).into_iter().map(Resource::written).collect();
    assert_eq!(argo, ["rollouts.argoproj.io"]);
    assert_eq!(surface.any(Some("core")).len(), surface.any(Some("")).len());
    assert!(surface.any(Some("core")).iter().any(|it| it.name == "secrets"));
    assert!(surface.any(Some("extensions")).is_empty());
}

#[test]
fn what_no_api_server_lists_is_found_with_its_verbs() {
    let (older, newer) = (surface(35), surface(36));
    assert_eq!(told(&older, "users"), "users.core Cluster Special: impersonate");
    assert_eq!(told(&newer, "users"), "users.core Cluster Special: impersonate");
    assert_eq!(told(&newer, "users.authentication.k8s.io"), "users.authentication.k8s.io Cluster Special: impersonate:user-info");
    assert!(matches!(older.lookup("users.authentication.k8s.io"), Lookup::Unknown(_)));
    assert_eq!(told(&older, "userextras/scopes"), "userextras.authentication.k8s.io/scopes Cluster Special: impersonate");
    assert_eq!(told(&older, "signers"), "signers.certificates.k8s.io Cluster Special: approve,attest,sign");
    assert_eq!(told(&older, "deployments/finalizers"), "deployments.apps/finalizers Namespaced Special: update");
    assert_eq!(told(&older, "nodes/metrics").split(": ").next(), Some("nodes.core/metrics Cluster Special"));
    assert_eq!(told(&older, "pods.metrics.k8s.io"), "pods.metrics.k8s.io Namespaced Special: get,list,watch");
    assert!(told(&older, "serviceaccounts").contains("impersonate"));
}

#[test]
fn a_verb_is_taken_where_somebody_asks_for_it() {
    let taken = |minor: u16, name: &str, verb: &str| {
        let surface = surface(minor);
        match surface.lookup(name) {
            Lookup::Found(resource) => surface.takes(&resource, verb),
            other => panic!("{name}: {other:?}"),
        }
    };
    assert!(taken(34, "roles", "bind") && taken(34, "clusterroles", "escalate") && !taken(34, "rolebindings", "bind"));
    assert!(taken(34, "pods/log", "get") && !taken(34, "pods/log", "list"));
    assert!(!taken(34, "namespaces", "deletecollection") && taken(34, "pods", "deletecollection"));
    assert!(taken(36, "secrets", "impersonate-on:user-info:list") && !taken(35, "secrets", "impersonate-on:user-info:list"));
    assert!(!taken(36, "secrets", "impersonate-on:user:list") && !taken(36, "secrets", "impersonate-on:user-info:bind"));
}

#[test]
fn custom_resources_join_and_never_replace_what_is_served() {
    let surface = surface(34).with_custom([
        custom("cert-manager.io", "certificates", Some(&["status"])),
        custom("security.openshift.io", "securitycontextconstraints", None),
        Custom { scope: Scope::Cluster, ..custom("apps", "deployments", Some(&["scale", "own"])) },
        custom("cert-manager.io", "certificates", Some(&[])),
        custom("example.com", "widgets", Some(&["status"])),
        custom("example.com", "widgets", None),
    ]);
    assert_eq!(told(&surface, "widgets/status"), "widgets.example.com/status Namespaced Custom: get,patch,update");
    assert!(told(&surface, "widgets/other").starts_with("widgets.example.com/other Namespaced Custom"));
    let eight = "create,delete,deletecollection,get,list,patch,update,watch";
    assert_eq!(told(&surface, "certificates"), format!("certificates.cert-manager.io Namespaced Custom: {eight}"));
    assert_eq!(told(&surface, "certificates/status"), "certificates.cert-manager.io/status Namespaced Custom: get,patch,update");
    assert!(matches!(surface.lookup("certificates/scale"), Lookup::Unknown(_)));
    assert_eq!(told(&surface, "deployments.apps"), format!("deployments.apps Namespaced Served: {eight}"));
    assert_eq!(told(&surface, "deployments.apps/own"), "deployments.apps/own Cluster Custom: get,patch,update");
    assert!(told(&surface, "securitycontextconstraints/anything").starts_with("securitycontextconstraints.security.openshift.io/anything"));
    assert_eq!(
        (surface.group("cert-manager.io"), surface.group("cert-manger.io")),
        (Group::Known, Group::Unknown(vec!["cert-manager.io".to_owned()]))
    );
}

#[test]
fn a_full_name_finds_just_what_wrote_it() {
    let mut seen = 0;
    for surface in all() {
        for resource in surface.all().filter(|it| !it.takes_any_name()) {
            assert_eq!(surface.lookup(&resource.written()), Lookup::Found(Box::new(resource.clone())));
            seen += 1;
        }
    }
    assert!(seen > 600, "{seen}");
}

#[test]
fn a_name_of_an_older_version_means_the_same_in_a_newer_one() {
    let versions: Vec<Surface> = all().collect();
    for pair in versions.windows(2) {
        for resource in pair[0].all().filter(|it| it.origin == Origin::Served) {
            let (older, newer) = (pair[0].lookup(&resource.path()), pair[1].lookup(&resource.path()));
            match (older, newer) {
                (Lookup::Found(a), Lookup::Found(b)) => assert_eq!((a.key(), a.scope), (b.key(), b.scope)),
                (Lookup::Ambiguous(a), Lookup::Ambiguous(b)) => assert_eq!(a.len(), b.len()),
                (a, b) => panic!("{}: {a:?} became {b:?}", resource.written()),
            }
        }
    }
}
