//! Names of resources, `resource`, and what nobody can.

use super::{Case, fails, run, sound};
use crate::ir::facts::Facts;
use crate::surface::{Custom, Scope};

/// What is said of a resource in a role of `everywhere`.
fn on(before: &str, name: &str) -> Vec<String> {
    run(&format!("{before}\neverywhere {{ role r {{ can get on {name} }}; grant r to group g }}")).shown()
}

#[test]
fn a_resource_is_the_plural_that_requests_use() {
    fails(&on("", "deployment"), "unknown-resource at «deployment»: no resource is called `deployment` | write the plural");
    fails(&on("", "po"), "unknown-resource");
    fails(&on("", "secrtes"), "unknown-resource at «secrtes»: no resource is called `secrtes` | did you mean `secrets`?");
    fails(&on("", "widgets.example.com"), "unknown-resource at «widgets.example.com»");
    fails(&on("", "\"pods\"/\"*\""), "wildcard-in-role");
    fails(&on("", "events"), "ambiguous-resource at «events»: `events` is in several groups");
    assert_eq!(on("", "events.core, events.events.k8s.io"), Vec::<String>::new());
}

#[test]
fn a_role_that_names_something_dead_still_names_it() {
    let outcome = run("namespace p { role r { can get on ingresses.extensions }; grant r to group g }");
    assert_eq!(outcome.roles(), ["p/r: get on ingresses.extensions"]);
    fails(&outcome.shown(), "dead-resource at «ingresses.extensions»");
}

#[test]
fn a_declared_kind_is_known_where_it_is_declared() {
    assert_eq!(on("resource widgets in example.com cluster", "widgets, widgets/status"), Vec::<String>::new());
    fails(&on("namespace p { resource widgets in example.com }", "widgets"), "unknown-resource");
    let outcome =
        sound("namespace p { resource widgets in example.com; role r { can read on any.example.com, widgets }; grant r to group g }");
    assert_eq!(outcome.roles(), ["p/r: get,list,watch on widgets.example.com,any.example.com"]);
    assert_eq!(outcome.customs(), ["p: widgets.example.com"]);
}

#[test]
fn a_kind_is_declared_once_and_not_if_it_is_built_in() {
    fails(&run("resource widgets in example.com\nresource widgets in example.com").shown(), "duplicate-declaration at «widgets»");
    fails(&run("resource ingresses in networking.k8s.io").shown(), "duplicate-declaration at «ingresses»");
    fails(&run("resource widgets in example").shown(), "invalid-name at «example»");
    fails(&run("resource Widgets in example.com").shown(), "invalid-name at «Widgets»");
}

#[test]
fn definitions_among_the_manifests_declare_kinds() {
    let custom = Custom {
        group: "example.com".into(),
        plural: "widgets".into(),
        kind: "Widget".into(),
        singular: "widget".into(),
        short: Vec::new(),
        scope: Scope::Cluster,
        subresources: Some(vec!["status".into()]),
    };
    let mut facts = Facts::default();
    facts.custom.insert(("example.com".into(), "widgets".into()), custom);
    let with = |text: &str| Case::default().facts(facts.clone()).file("p.polc", text).run().shown();
    assert_eq!(with("everywhere { role r { can get on widgets, widgets/status }; grant r to group g }"), Vec::<String>::new());
    fails(&with("resource widgets in example.com"), "conflicting-settings at «widgets»");
    assert_eq!(with("resource widgets in example.com cluster"), Vec::<String>::new());
    fails(&with("namespace p { role r { can get on widgets }; grant r to group g }"), "cluster-resource-in-namespace");
}

#[test]
fn a_name_means_the_same_in_every_cluster_of_its_sentence() {
    let clusters = "cluster a { kubernetes 1.34 }
        cluster b { kubernetes 1.35 }
        namespace x in a { resource widgets in a.example.com }
        namespace x in b { resource widgets in b.example.com }";
    let role = "{ role r { can get on widgets }; grant r to group g }";
    let shown = run(&format!("{clusters}\nnamespace x {role}")).shown();
    fails(&shown, "resource-differs at «widgets»: `widgets` means another kind in cluster `b`");
    assert_eq!(run(&format!("{clusters}\nnamespace x in a {role}")).shown(), Vec::<String>::new());
    let one = "cluster a {} cluster b {} namespace x in a { resource widgets in a.example.com } namespace x";
    fails(&run(&format!("{one} {role}")).shown(), "unknown-resource at «widgets»: no resource is called `widgets` in cluster `b`");
}

#[test]
fn a_version_without_a_table_compiles_no_access() {
    let shown = run("cluster old { kubernetes 1.29 } namespace p { role r { can get on pods }; grant r to group g }").shown();
    fails(&shown, "unsupported-version");
}

#[test]
fn a_group_that_looks_like_the_one_that_people_use_is_told() {
    let crd = "resource globalnetworkpolicies in crd.projectcalico.org cluster";
    fails(&on(crd, "globalnetworkpolicies.crd.projectcalico.org"), "look-alike-group");
    let served = "resource globalnetworkpolicies in projectcalico.org cluster";
    assert!(on(served, "globalnetworkpolicies.projectcalico.org").iter().all(|it| !it.starts_with("look-alike-group")));
}

#[test]
fn nobody_can_what_exists() {
    let outcome = sound(
        "namespace payments { assert nobody can read on secrets }
         namespace orders {}
         assert nobody except group platform, serviceaccount orders/ci can read on secrets in payments, orders
         assert nobody can everything on everything
         assert nobody can get on nodes",
    );
    assert_eq!(
        outcome.nobody(),
        [
            "but [] get,list,watch on secrets. in [\"payments\"]",
            "but [group platform, account orders/ci] get,list,watch on secrets. in [\"orders\", \"payments\"]",
            "but [] everything on everything in []",
            "but [] get on nodes. in []",
        ]
    );
    fails(&run("assert nobody can read on secret").shown(), "unknown-resource");
    fails(&run("assert nobody can read on secrets in paymnets").shown(), "unknown-namespace");
    fails(&run("namespace p {}\nassert nobody can get on nodes in p").shown(), "cluster-resource-in-namespace");
    fails(&run("assert nobody except serviceaccount ci can get on pods").shown(), "no-namespace-here");
}
