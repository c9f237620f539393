//! Decisions about access, from what the author means to what is written.

use std::rc::Rc;

use super::*;
use crate::ir::access::{Grant, Kinds, Objects, Permission, Resource, Verbs};
use crate::ir::cluster::Version;
use crate::ir::{Clauses, Clusters, Identity, Sentence, SentenceId};

fn cluster(minor: u16, identity: Identity) -> Cluster {
    Cluster { kubernetes: Version { major: 1, minor }, identity, ..Cluster::stating_nothing("default", None) }
}

/// A policy being made, sentence by sentence.
#[derive(Default)]
struct Made(Policy);

impl Made {
    fn sentence(&mut self, because: bool) -> SentenceId {
        let clauses = because.then(|| Box::new(Clauses { because: Some("it must be".into()), ..Clauses::default() }));
        self.0.sentences.push(Sentence { span: Span::default(), used_at: Box::default(), clauses });
        SentenceId(u32::try_from(self.0.sentences.len() - 1).expect("few sentences"))
    }

    fn namespace(mut self, name: &str) -> Self {
        let namespace = crate::ir::Namespace {
            name: name.into(),
            held: Held::Ours,
            labels: std::collections::BTreeMap::new(),
            pod_security: None,
            clusters: Clusters::All,
            workloads: std::collections::BTreeMap::new(),
            sentences: Vec::new(),
        };
        self.0.namespaces.insert(name.into(), namespace);
        self
    }

    /// A role of a namespace, or of everywhere; each permission as `verb,verb on resource,resource`, with `!` for a reason.
    fn role(mut self, scope: &str, name: &str, permissions: &[&str]) -> Self {
        let sentence = self.sentence(false);
        let permissions = permissions.iter().map(|text| self.permission(text)).collect();
        self.0.roles.push(crate::ir::Role {
            sentence,
            name: name.into(),
            scope: scope_of(scope),
            permissions,
            joins: Vec::new(),
            joined_by: None,
            clusters: Rc::new(Clusters::All),
        });
        self
    }

    fn permission(&mut self, text: &str) -> Permission {
        let sentence = self.sentence(text.ends_with('!'));
        let (verbs, rest) = text.trim_end_matches('!').split_once(" on ").expect("verbs on kinds");
        let (kinds, except) = rest.split_once(" except ").unwrap_or((rest, ""));
        let words = |list: &str| list.split(',').filter(|word| !word.is_empty()).map(SmolStr::new).collect::<Vec<_>>();
        let verbs = if verbs == "everything" { Verbs::Everything } else { Verbs::Named(words(verbs)) };
        let kind = |word: SmolStr| match word.as_str() {
            "any" => Kinds::Any { group: None },
            "everything" => Kinds::Everything,
            word => Kinds::One(resource(word)),
        };
        let objects = Objects::Resources {
            kinds: words(kinds).into_iter().map(kind).collect(),
            except: words(except).iter().map(|word| resource(word)).collect(),
            names: Vec::new(),
        };
        Permission { sentence, verbs, objects }
    }

    fn grant(mut self, scope: &str, role: Granted, subjects: &[&str], because: bool) -> Self {
        let sentence = self.sentence(because);
        let subjects = subjects.iter().map(|word| subject(word)).collect();
        self.0.grants.push(Grant { sentence, role, subjects, scope: scope_of(scope), clusters: Rc::new(Clusters::All) });
        self
    }

    fn plan(&self, minor: u16, identity: Identity) -> (Access, Vec<&'static str>) {
        let (access, found) = plan(&self.0, &cluster(minor, identity));
        (access, found.iter().map(|it| it.code.as_str()).collect())
    }

    fn codes(&self) -> Vec<&'static str> {
        self.plan(34, Identity::Plain).1
    }
}

fn scope_of(name: &str) -> Scope {
    if name.is_empty() { Scope::Everywhere } else { Scope::Namespace(name.into()) }
}

fn resource(word: &str) -> Resource {
    let (name, group) = word.split_once('.').unwrap_or((word, ""));
    let (name, subresource) = name.split_once('/').map_or((name, None), |(name, below)| (name, Some(below.into())));
    Resource { group: group.into(), resource: name.into(), subresource }
}

fn subject(word: &str) -> Subject {
    match word.split_once(' ').expect("a kind and a name") {
        ("group", name) => Subject::Group(name.into()),
        ("user", name) => Subject::User(name.into()),
        (_, name) => {
            let (namespace, name) = name.split_once('/').expect("a namespace and a name");
            Subject::ServiceAccount { namespace: namespace.into(), name: name.into() }
        }
    }
}

fn role(name: &str) -> Granted {
    Granted::Role(name.into())
}

fn builtin(name: &str) -> Granted {
    Granted::Builtin(name.into())
}

fn rules(access: &Access) -> Vec<String> {
    let Some(Role { content: Content::Rules(rules), .. }) = access.roles.first() else { return Vec::new() };
    let shown =
        |(rule, _): &(rbac::Rule, Sentences)| format!("{} on {}:{}", rule.verbs.join(","), rule.groups.join(","), rule.resources.join(","));
    rules.iter().map(shown).collect()
}

#[test]
fn equal_verbs_on_kinds_of_a_group_are_one_rule() {
    let made = Made::default().namespace("shop").role(
        "shop",
        "deployer",
        &["get,list,watch on deployments.apps,pods", "patch on deployments.apps,statefulsets.apps", "get,list,watch on statefulsets.apps"],
    );
    let (access, codes) = made.plan(34, Identity::Plain);
    assert_eq!(codes, [] as [&str; 0]);
    assert_eq!(rules(&access), ["get,list,watch on :pods", "get,list,patch,watch on apps:deployments,statefulsets"]);
    let Content::Rules(rules) = &access.roles[0].content else { panic!("rules") };
    assert_eq!(rules[1].1.as_slice(), [SentenceId(1), SentenceId(2), SentenceId(3)], "every sentence that gives some of it");
}

/// access-targets R5: what is in no namespace does nothing in a namespace's role.
#[test]
fn any_is_a_list_without_subresources_and_without_what_is_elsewhere() {
    let here = Made::default().namespace("shop").role("shop", "reader", &["get on any except secrets"]);
    let everywhere = Made::default().role("", "reader", &["get on any except secrets"]);
    let (here, everywhere) = (here.plan(34, Identity::Plain), everywhere.plan(34, Identity::Plain));
    assert_eq!((here.1, everywhere.1), (vec![], vec![]));
    let (here, everywhere) = (rules(&here.0).join(" "), rules(&everywhere.0).join(" "));
    assert!(everywhere.contains("nodes") && !here.contains("nodes") && !here.contains("namespaces"), "{here}");
    for all in [&here, &everywhere] {
        assert!(!all.contains('/') && !all.contains('*') && !all.contains("secrets"), "{all}");
        assert!(all.contains("configmaps") && all.contains("networkpolicies"), "{all}");
    }
}

#[test]
fn a_role_has_one_binding_in_a_scope_with_everybody_in_it() {
    let made = Made::default()
        .namespace("shop")
        .role("shop", "reader", &["get on pods"])
        .grant("shop", role("reader"), &["user b", "group a"], false)
        .grant("shop", role("reader"), &["serviceaccount shop/ci", "user b"], false)
        .grant("", builtin("view"), &["group a"], false);
    let (access, codes) = made.plan(34, Identity::Oidc { prefix: "oidc:".into() });
    assert_eq!(codes, [] as [&str; 0]);
    let shown: Vec<String> = access
        .bindings
        .iter()
        .map(|it| format!("{:?} {} {:?}", it.namespace, it.role, it.subjects.iter().map(|(one, by)| (one, by.len())).collect::<Vec<_>>()))
        .collect();
    assert_eq!(
        shown,
        [
            r#"None view [(Group("oidc:a"), 1)]"#,
            r#"Some("shop") reader [(Group("oidc:a"), 1), (User("oidc:b"), 2), (ServiceAccount { namespace: "shop", name: "ci" }, 1)]"#,
        ]
    );
    assert_eq!(access.accounts.len(), 1, "the account is the policy's own: {:?}", access.accounts);
}

#[test]
fn what_amounts_to_more_owes_a_reason() {
    let exec = |permission: &str, because: &[bool]| {
        let made = Made::default().namespace("shop").role("shop", "debugger", &[permission]);
        because.iter().fold(made, |made, because| made.grant("shop", role("debugger"), &["group a"], *because)).codes()
    };
    assert_eq!(exec("create on pods/exec", &[]), ["permission-needs-reason"]);
    assert_eq!(exec("create on pods/exec!", &[]), [] as [&str; 0]);
    assert_eq!(exec("create on pods/exec", &[true]), [] as [&str; 0], "the only grant says why");
    assert_eq!(exec("create on pods/exec", &[true, false]), ["permission-needs-reason"], "one grant of two says why");
    assert_eq!(exec("get on pods/log", &[false]), [] as [&str; 0]);
}

#[test]
fn roles_of_the_cluster_owe_a_reason_but_view() {
    let granted = |scope: &str, name: &str, because: bool| {
        Made::default().namespace("shop").grant(scope, builtin(name), &["group a"], because).codes()
    };
    for minor in 33..=37 {
        let made = Made::default().grant("", builtin("view"), &["group a"], false);
        assert_eq!(made.plan(minor, Identity::Plain).1, [] as [&str; 0], "view is what it says in 1.{minor}");
    }
    for name in ["edit", "admin", "cluster-admin"] {
        for scope in ["shop", ""] {
            assert_eq!(granted(scope, name, false), ["grant-needs-reason"], "{name}");
            assert_eq!(granted(scope, name, true), [] as [&str; 0], "{name}");
        }
    }
    let given = Granted::Given { cluster_wide: true, name: "operator".into() };
    assert_eq!(Made::default().grant("", given, &["group a"], false).codes(), ["grant-needs-reason"]);
}

#[test]
fn running_workloads_owes_a_reason_beside_a_stronger_account() {
    let beside = |keeper: &str, because: bool| {
        Made::default()
            .namespace("shop")
            .namespace("vault")
            .role("shop", "deployer", &["update,patch on deployments.apps"])
            .role(keeper, "keeper", &["get on configmaps"])
            .grant("shop", role("deployer"), &["group a", "serviceaccount shop/ci"], because)
            .grant(keeper, role("keeper"), &[&format!("serviceaccount {keeper}/backup")], false)
            .codes()
    };
    assert_eq!(beside("shop", false), ["stronger-service-account"]);
    assert_eq!(beside("shop", true), [] as [&str; 0]);
    assert_eq!(beside("vault", false), [] as [&str; 0], "in a namespace of its own");
}

#[test]
fn some_subjects_are_nobody_or_everybody() {
    let granted = |subject: &str, identity: Identity| Made::default().grant("", builtin("view"), &[subject], false).plan(34, identity).1;
    assert_eq!(granted("group system:masters", Identity::Plain), ["masters-group"]);
    assert_eq!(granted("group system:unauthenticated", Identity::Plain), ["anonymous-subject"]);
    assert_eq!(granted("user alice", Identity::Gke), ["subject-not-possible"]);
    assert_eq!(granted("user alice", Identity::IbmIam), ["subject-not-possible"]);
    assert_eq!(granted("group admins", Identity::Eks), [] as [&str; 0]);
}

/// access-targets R10: the prefix is the cluster's matter, and never stands before `system:`.
#[test]
fn names_are_written_as_the_cluster_knows_them() {
    let named = |identity: Identity, text: &str| subjects::named(&identity, &subject(text));
    let oidc = || Identity::Oidc { prefix: "oidc:".into() };
    assert_eq!(named(oidc(), "group devs"), Ok(subject("group oidc:devs")));
    assert_eq!(named(oidc(), "user system:kube-scheduler"), Ok(subject("user system:kube-scheduler")));
    assert_eq!(named(oidc(), "serviceaccount shop/ci"), Ok(subject("serviceaccount shop/ci")));
    assert_eq!(named(Identity::IbmIam, "user a@b.com"), Ok(subject("user IAM#a@b.com")));
    assert_eq!(named(Identity::IbmIam, "user IAM#a@b.com"), Ok(subject("user IAM#a@b.com")));
    assert_eq!(named(Identity::IbmIam, "group devs"), Ok(subject("group devs")));
    assert_eq!(named(Identity::Plain, "user a"), Ok(subject("user a")));
}

#[test]
fn service_roles_are_left_to_the_cloud() {
    let granted = |role: ServiceRole, subject: &str, identity: Identity, because: bool| {
        Made::default().namespace("shop").grant("shop", Granted::Service(role), &[subject], because).plan(34, identity)
    };
    let (access, codes) = granted(ServiceRole::Writer, "user a@b.com", Identity::IbmIam, true);
    assert_eq!((access.bindings.len(), access.services.len(), codes.len()), (0, 1, 0));
    assert_eq!(access.services[0].subjects[0].0, subject("user a@b.com"), "as the cloud knows her");
    assert_eq!(granted(ServiceRole::Reader, "group devs", Identity::IbmIam, false).1, [] as [&str; 0]);
    assert_eq!(granted(ServiceRole::Writer, "group devs", Identity::IbmIam, false).1, ["grant-needs-reason"]);
    assert_eq!(granted(ServiceRole::Reader, "serviceaccount shop/ci", Identity::IbmIam, false).1, ["subject-not-possible"]);
}

#[test]
fn a_role_that_is_not_written_is_not_bound() {
    let made = Made::default().namespace("shop").grant("shop", role("reader"), &["group a"], false);
    let (access, codes) = made.plan(34, Identity::Plain);
    assert_eq!((access.bindings.len(), codes.len()), (0, 0));
}
