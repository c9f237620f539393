//! `grant`, subjects, `identity`.

use super::{Case, fails, run, sound};
use crate::ir::Identity;
use crate::ir::facts::Facts;

/// What is said of a grant of `view` to somebody in `payments`.
fn to(subject: &str) -> Vec<String> {
    run(&format!("namespace payments {{ grant view to {subject} }} namespace orders {{}}")).shown()
}

#[test]
fn a_role_is_the_namespaces_own_then_everywheres_then_the_clusters() {
    let outcome = sound(
        "namespace payments { role r { can get on pods }; grant r to group a; grant s to group a; grant view to group a }
         everywhere {
           role r { can get on nodes }
           role s { can get on pods }
           grant r to group a
           grant \"system:node\" to group a
         }",
    );
    assert_eq!(
        outcome.grants(),
        [
            "payments: role r to group a",
            "payments: cluster role s to group a",
            "payments: builtin view to group a",
            "*: cluster role r to group a",
            "*: builtin system:node to group a",
        ]
    );
}

#[test]
fn a_role_of_the_manifests_may_be_granted() {
    let mut facts = Facts::default();
    facts.roles.extend([("payments".into(), "given".into()), (String::new(), "wide".into())]);
    let text = "namespace payments { grant given to group a; grant wide to group a } namespace orders { grant given to group a }";
    let outcome = Case::default().facts(facts.clone()).file("p.polc", text).run();
    assert_eq!(outcome.grants(), ["payments: given given to group a", "payments: given cluster wide to group a"]);
    fails(&outcome.shown(), "unknown-role at «given»");
    facts.bound.insert(("payments".into(), "r".into()));
    let bound = Case::default().facts(facts).file("p.polc", "namespace payments { role r { can get on pods } }").run();
    assert_eq!(bound.shown(), Vec::<String>::new());
}

#[test]
fn a_role_has_to_be_there() {
    fails(&run("namespace p { grant veiw to group g }").shown(), "unknown-role at «veiw»: no role is called `veiw` | did you mean `view`?");
    let role = "namespace p { role r { can get on pods }; grant r to group g }";
    fails(&run(&format!("{role} namespace q {{ grant r to group g }}")).shown(), "foreign-role at «r»: `r` is a role of the namespace `p`");
    fails(&run(&format!("{role} everywhere {{ grant r to group g }}")).shown(), "foreign-role");
    let missing = "cluster a {} cluster b {} namespace p in a { role r { can get on pods } } namespace p { grant r to group g }";
    fails(&run(missing).shown(), "role-not-in-cluster at «r»: cluster `b` has no role `r`");
}

#[test]
fn service_roles_are_those_of_ibm_cloud() {
    let outcome = sound("cluster c { identity ibm-iam } namespace p { grant writer to group g } everywhere { grant manager to group g }");
    assert_eq!(outcome.grants(), ["p: service Writer to group g", "*: service Manager to group g"]);
    fails(&run("namespace p { grant reader to group g }").shown(), "unknown-role at «reader»");
    let mixed = "cluster a { identity ibm-iam } cluster b { identity eks } namespace p { grant reader to group g }";
    fails(&run(mixed).shown(), "unknown-role at «reader»: `reader` is a role of IBM Cloud, and cluster `b` knows none");
}

#[test]
fn subjects_say_what_they_are() {
    let outcome = sound("namespace p { grant view to serviceaccount ci, serviceaccount q/ci, user \"a@b.c\", group g } namespace q {}");
    assert_eq!(outcome.grants(), ["p: builtin view to group g, user a@b.c, account p/ci, account q/ci"]);
    fails(&run("everywhere { grant view to serviceaccount ci }").shown(), "no-namespace-here");
    fails(&to("serviceaccount nowhere/ci"), "unknown-namespace");
    fails(&to("serviceaccount Ci"), "invalid-name");
    fails(&to("group \"\""), "invalid-name");
    fails(&to("group a, group b, group a"), "named-twice at «group a»");
}

#[test]
fn names_that_look_like_something_else_are_told() {
    for name in ["system:serviceaccount:orders:ci", "IAM#alice@example.com", "CN=alice,O=dev", "/O=dev/CN=alice", "*"] {
        fails(&to(&format!("user \"{name}\"")), "look-alike-subject");
    }
    fails(&to("group \"system:serviceaccount:orders:ci\""), "look-alike-subject");
    let oidc = "cluster c { identity oidc prefix \"oidc:\" } namespace p { grant view to group \"oidc:devs\" }";
    fails(&run(oidc).shown(), "look-alike-subject at «\"oidc:devs\"»: `oidc:` is written by polc");
    assert_eq!(to("user \"alice@example.com\""), Vec::<String>::new());
}

#[test]
fn names_of_kubernetes_want_a_reason() {
    fails(&to("group \"system:authenticated\""), "grant-to-system at «\"system:authenticated\"»");
    fails(&to("user \"system:kube-scheduler\""), "grant-to-system");
    assert_eq!(to("group \"system:serviceaccounts:orders\" because \"they watch\""), Vec::<String>::new());
}

#[test]
fn a_grant_may_end_and_is_not_said_twice() {
    assert_eq!(to("group g until 2099-01-01"), Vec::<String>::new());
    let expired = Case::default().on("2027-01-01").file("p.polc", "namespace p { grant view to group g until 2026-01-01 }").run();
    fails(&expired.shown(), "expired");
    let twice = "namespace p { grant view to group g; grant view to group h, group g }";
    fails(&run(twice).shown(), "duplicate-sentence at «grant view to group h, group g»");
    assert_eq!(run("namespaces p, q { grant view to group g }").shown(), Vec::<String>::new());
    let apart = "cluster a {} cluster b {} namespace p in a { grant view to group g } namespace p in b { grant view to group g }";
    assert_eq!(run(apart).shown(), Vec::<String>::new());
}

#[test]
fn a_cluster_says_how_people_sign_in() {
    let identity = |line: &str| {
        let outcome = run(&format!("cluster c {{ {line} }}"));
        (outcome.policy.clusters[0].identity.clone(), outcome.shown())
    };
    let is = |line: &str, expected: Identity| assert_eq!(identity(line), (expected, Vec::new()), "{line}");
    is("identity none", Identity::Plain);
    is("identity ibm-iam", Identity::IbmIam);
    is("identity eks", Identity::Eks);
    is("identity gke", Identity::Gke);
    is("identity oidc prefix \"oidc:\"", Identity::Oidc { prefix: "oidc:".into() });
    is("identity oidc prefix \"\"", Identity::Oidc { prefix: "".into() });
    fails(&identity("identity oidc").1, "invalid-setting at «oidc»: `oidc` needs to say what names begin with");
    fails(&identity("identity eks prefix \"x\"").1, "invalid-setting at «\"x\"»");
    fails(&identity("identity oidc prefix \"system:\"").1, "invalid-setting");
    fails(&identity("identity ibm_iam").1, "unknown-word at «ibm_iam»");
    fails(&identity("identity eks; identity gke").1, "conflicting-settings");
}
