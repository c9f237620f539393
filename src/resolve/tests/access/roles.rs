//! `role` and `can`.

use super::{fails, run, sound};

/// What is said of a role of `payments` with one `can`, granted.
fn can(what: &str) -> Vec<String> {
    run(&format!("namespace payments {{ role r {{ can {what} }}; grant r to group g }}")).shown()
}

/// The same in `everywhere`.
fn can_anywhere(what: &str) -> Vec<String> {
    run(&format!("everywhere {{ role r {{ can {what} }}; grant r to group g }}")).shown()
}

#[test]
fn the_roles_of_the_design() {
    let outcome = sound(
        "namespace payments {
           role deployer {
             can read, update, patch on deployments, statefulsets
             can create on pods/exec because \"break-glass debugging\"
             can get on secrets named db-credentials
           }
           grant deployer to group payments-dev, serviceaccount ci
         }
         resource certificates in cert-manager.io
         resource workflows, applications in argoproj.io
         everywhere {
           role auditor { can read on any except secrets; can get on url /metrics }
           role view-crds joins view { can read on certificates.cert-manager.io, any.argoproj.io }
           grant auditor to group auditors
         }",
    );
    assert_eq!(
        outcome.roles(),
        [
            "payments/deployer: get,list,patch,update,watch on deployments.apps,statefulsets.apps; create on pods./exec; get on secrets. named db-credentials",
            "*/auditor: get,list,watch on any except secrets.; get on url /metrics",
            "*/view-crds joins view: get,list,watch on certificates.cert-manager.io,any.argoproj.io",
        ]
    );
    assert_eq!(outcome.customs(), ["*: certificates.cert-manager.io", "*: workflows.argoproj.io", "*: applications.argoproj.io"]);
    let reasons: Vec<bool> =
        outcome.policy.roles[0].permissions.iter().map(|it| outcome.policy.sentence(it.sentence).unwrap().because().is_some()).collect();
    assert_eq!(reasons, [false, true, false]);
}

#[test]
fn read_and_write_are_written_out_and_each_verb_stands_once() {
    let outcome = run("namespace p { role r { can read, write, get, deletecollection on pods }; grant r to group g }");
    assert_eq!(outcome.roles(), ["p/r: create,delete,deletecollection,get,list,patch,update,watch on pods."]);
    fails(&outcome.shown(), "named-twice at «get»");
}

#[test]
fn verbs_exist_and_are_asked_of_the_resource() {
    fails(&can("raed on pods"), "unknown-verb at «raed»: `raed` is no verb | did you mean `read`?");
    fails(&can("view on pods"), "unknown-verb at «view»: `view` is no verb | write `read`");
    fails(&can("\"*\" on pods"), "wildcard-in-role at «\"*\"»");
    fails(&can("create on pods/log"), "unsupported-verb at «create»: `pods/log` takes no `create`");
    fails(&can("get, impersonate on pods"), "unsupported-verb at «impersonate»");
    fails(&can("write on pods/log"), "unsupported-verb at «write»");
    assert_eq!(can("read on pods, pods/log"), Vec::<String>::new());
    assert_eq!(can_anywhere("impersonate on users, groups"), Vec::<String>::new());
    assert_eq!(can_anywhere("bind, escalate on clusterroles"), Vec::<String>::new());
}

#[test]
fn constrained_impersonation_is_known_where_the_version_has_it() {
    let at = |version: &str| {
        let role = "role r { can \"impersonate:user-info\" on users.authentication.k8s.io }; grant r to group g";
        run(&format!("cluster c {{ kubernetes {version} }} everywhere {{ {role} }}")).shown()
    };
    assert_eq!(at("1.36"), Vec::<String>::new());
    assert_eq!(at("1.35").len(), 1);
}

#[test]
fn a_verb_of_another_servers_kind_stands_in_quotes() {
    let on = |verb: &str| {
        run(&format!("resource rollouts in argoproj.io\nnamespace p {{ role r {{ can {verb} on rollouts }}; grant r to group g }}")).shown()
    };
    assert_eq!([on("\"promote\""), on("use")], [Vec::<String>::new(), Vec::new()]);
    fails(&on("promote"), "unknown-verb");
    fails(&can("\"promote\" on pods"), "unsupported-verb");
}

#[test]
fn what_is_in_no_namespace_is_in_no_role_of_one_but_namespaces() {
    fails(&can("get on nodes"), "cluster-resource-in-namespace at «nodes»: `nodes` is in no namespace");
    assert_eq!(can("read, patch on namespaces"), Vec::<String>::new());
    fails(&can("list on namespaces"), "cluster-resource-in-namespace at «list»");
    assert_eq!(can_anywhere("list on namespaces"), Vec::<String>::new());
    fails(&can("get on url /metrics"), "url-in-namespace at «/metrics»");
}

#[test]
fn paths_begin_with_a_slash_and_end_with_a_star_at_most() {
    assert_eq!(can_anywhere("get, post on url /metrics, /healthz/*"), Vec::<String>::new());
    for wrong in ["\"metrics\"", "\"/a*b\"", "\"*\""] {
        fails(&can_anywhere(&format!("get on url {wrong}")), "invalid-url");
    }
    fails(&can_anywhere("read on url /metrics"), "unsupported-verb at «read»");
    fails(&can_anywhere("get on url /*"), "permission-needs-reason at «/*»");
    assert_eq!(can_anywhere("get on url /* because \"probe\""), Vec::<String>::new());
}

#[test]
fn a_name_limits_only_what_names_an_object() {
    fails(&can("create on configmaps named a"), "name-limits-nothing at «create»");
    fails(&can("write on configmaps named a"), "name-limits-nothing at «write»");
    fails(&can("deletecollection on configmaps named a"), "name-limits-nothing");
    assert_eq!(can("create on pods/exec named web-0"), Vec::<String>::new());
    fails(&can("read on secrets named a"), "name-in-list at «read»");
    fails(&can("get on secrets named \"a*\""), "wildcard-in-role at «\"a*\"»");
    assert_eq!(can("get, update, delete on secrets named a, b"), Vec::<String>::new());
}

#[test]
fn things_are_taken_out_of_any_alone_and_have_to_be_in_it() {
    fails(&can("read on pods except secrets"), "except-without-any at «secrets»");
    fails(&can("read on everything except secrets"), "except-without-any");
    fails(&can("read on any except nodes"), "cluster-resource-in-namespace at «nodes»");
    fails(&can_anywhere("read on any.apps except secrets"), "except-cuts-nothing at «secrets»");
    fails(&can("get on any except pods/log"), "except-cuts-nothing at «pods/log»");
    fails(&can("get on any/log"), "subresource-of-any at «any/log»");
    fails(&can("get on any.exampel.com"), "unknown-resource at «any.exampel.com»");
    fails(&can_anywhere("promote, get on any"), "unknown-verb at «promote»");
}

#[test]
fn names_of_others_are_not_declared() {
    for name in ["view", "cluster-admin", "ibm-edit", "\"system:reader\""] {
        fails(&run(&format!("everywhere {{ role {name} {{ can get on pods }} }}")).shown()[..1], "reserved-role");
    }
    let service = "namespace p { role reader { can get on pods }; grant reader to group g }";
    assert_eq!(run(service).shown(), Vec::<String>::new());
    fails(&run(&format!("cluster c {{ identity ibm-iam }} {service}")).shown(), "reserved-role at «reader»");
}

#[test]
fn a_role_permits_something_and_somebody_has_it() {
    fails(&run("namespace p { role r; grant r to group g }").shown(), "role-without-permission at «r»");
    fails(&run("namespace p { role r { can get on pods } }").shown(), "role-not-granted at «r»");
    let twice = "namespace p { role r { can get on pods }; role r { can get on secrets }; grant r to group g }";
    fails(&run(twice).shown(), "duplicate-declaration at «r»");
    let hidden = "everywhere { role r { can get on pods } } namespace p { role r { can get on secrets }; grant r to group g }";
    fails(&run(hidden).shown(), "role-not-granted at «r»");
}

#[test]
fn roles_of_everywhere_are_put_together() {
    let outcome = sound(
        "everywhere {
           role ops joined by \"example.com/to-ops\"
           role nodes joins ops, edit, \"example.com/x=y\" { can read on nodes }
           grant ops to group g
         }",
    );
    assert_eq!(
        outcome.roles(),
        ["*/ops joined by example.com/to-ops=true: ", "*/nodes joins edit, own ops, example.com/x=y: get,list,watch on nodes."]
    );
    let in_everywhere = |text: &str| run(&format!("everywhere {{ {text} }}")).shown();
    fails(&in_everywhere("role r joins cluster-admin { can get on pods }"), "role-not-joined");
    fails(&in_everywhere("role a { can get on pods }; role r joins a { can get on pods }; grant a to group g"), "role-not-joined");
    fails(&in_everywhere("role r joins veiw { can get on pods }"), "unknown-role at «veiw»");
    fails(&in_everywhere("role r joins \"no label\" { can get on pods }"), "invalid-name");
    let both = "role r joined by \"a.b/c\" { can get on pods }; grant r to group g";
    fails(&in_everywhere(both), "permissions-of-joined-role");
    fails(&run("namespace p { role r joins view { can get on pods } }").shown(), "joins-misplaced at «view»");
}

#[test]
fn templates_hold_roles_with_parameters() {
    let outcome = sound(
        "template team(name, what, one) {
           role $name { can get on $what named $one; can get on $what/log }
           grant $name to group $name, serviceaccount $one
         }
         namespace p { use team(reader, pods, web) }",
    );
    assert_eq!(outcome.grants(), ["p: role reader to group reader, account p/web"]);
    assert_eq!(outcome.roles(), ["p/reader: get on pods. named web; get on pods./log"]);
}
