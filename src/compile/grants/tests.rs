//! Every request that applying makes is permitted, and no other but what the written roles permit themselves.

use std::collections::BTreeSet;

use super::*;
use crate::semantics::rbac::{Request, Rule, Target};
use crate::{Files, Options, Output, SourceFile};

const POLICY: &str = r#"
cluster default { enforce calico 3.31; pods 10.244.0.0/16 }
everywhere {
  deny any/pods -> metadata
  role auditor { can read on configmaps; can get on url /metrics }
  role ops joined by "example.com/ops"
  role nodes joins ops { can read on nodes }
  grant auditor to group auditors
  grant ops to group ops
  grant view to group developers
}
namespace payments isolate {
  workload api { ports https 8443; serviceaccount api }
  role deployer { can patch on deployments }
  grant deployer to group developers
  grant view to group developers
}
namespace shop { role reader { can get on pods }; grant reader to serviceaccount payments/api }
"#;

fn compiled(text: &str) -> Compilation {
    let policies = vec![SourceFile { name: "p.polc".into(), text: text.into() }];
    let compilation = crate::compile(Files { policies, ..Files::default() }, &Options::default());
    assert!(!compilation.has_errors(), "{:#?}", compilation.diagnostics);
    compilation
}

/// Rules by namespace, none for the cluster-wide ones.
fn rules<'a>(objects: impl IntoIterator<Item = &'a Object>) -> Vec<(Option<SmolStr>, Rule)> {
    let texts = |words: &Words| words.iter().cloned().collect::<Vec<_>>();
    let of = |rule: &ResourceRule| Rule {
        verbs: texts(&rule.verbs),
        groups: texts(&rule.groups),
        resources: texts(&rule.resources),
        names: rule.names.iter().flat_map(OneOrMore::iter).cloned().collect(),
        urls: Vec::new(),
    };
    let mut all = Vec::new();
    for object in objects {
        match object {
            Object::Role(role) => all.extend(role.rules.iter().map(|rule| (role.metadata.namespace.clone(), of(rule)))),
            Object::ClusterRole(ClusterRole { rules: ClusterRules::Own(rules), .. }) => {
                all.extend(rules.iter().filter_map(|rule| match rule {
                    ClusterRule::Resources(rule) => Some((None, of(rule))),
                    ClusterRule::Urls { .. } => None,
                }));
            }
            _ => {}
        }
    }
    all
}

fn permits(rules: &[(Option<SmolStr>, Rule)], (verb, key, namespace, name): &Asked) -> bool {
    let target = Target::Resource {
        group: key.0.clone(),
        resource: key.1.clone(),
        subresource: SmolStr::default(),
        namespace: namespace.clone(),
        name: name.clone(),
    };
    let request = Request { verb: verb.clone(), target };
    rules.iter().any(|(place, rule)| place.as_ref().is_none_or(|place| place == namespace) && rule.permits(&request))
}

/// Verb, group and resource, namespace (empty: none), name (empty: none).
type Asked = (SmolStr, (SmolStr, SmolStr), SmolStr, SmolStr);

/// What applying asks for, object by object, and what the server asks in between.
fn needed(compilation: &Compilation) -> BTreeSet<Asked> {
    let mut all = BTreeSet::new();
    for Output { object, .. } in &compilation.objects {
        if matches!(object, Object::ClusterRole(ClusterRole { rules: ClusterRules::Aggregated { .. }, .. })) {
            continue;
        }
        let (resource, scope) = resource_of(object).expect("a known kind");
        let key = (SmolStr::new(group_of(object)), resource);
        let metadata = object.metadata();
        let namespace = if scope == Scope::Cluster { SmolStr::default() } else { metadata.namespace.clone().expect("a namespace") };
        for verb in APPLY {
            all.insert((verb.into(), key.clone(), namespace.clone(), metadata.name.clone()));
        }
        all.insert(("create".into(), key, namespace.clone(), SmolStr::default()));
        let bound = match object {
            Object::RoleBinding(binding) => binding.role.kind_and_name(),
            Object::ClusterRoleBinding(binding) => ("ClusterRole", &binding.role),
            _ => continue,
        };
        let kind = if bound.0 == "Role" { "roles" } else { "clusterroles" };
        all.insert(("bind".into(), (rbac::GROUP.into(), kind.into()), namespace, bound.1.clone()));
    }
    all
}

#[test]
fn who_applies_holds_what_it_takes_and_nothing_else() {
    let compilation = compiled(POLICY);
    let grants = compilation.grants("default");
    let given = rules(&grants.roles);
    let written = rules(compilation.objects.iter().map(|output| &output.object));
    let needed = needed(&compilation);
    assert!(needed.len() > 50, "{}", needed.len());
    for one in &needed {
        assert!(permits(&given, one), "not permitted: {one:?}");
    }
    let keys: BTreeSet<_> =
        needed.iter().map(|one| one.1.clone()).chain([("".into(), "secrets".into()), ("".into(), "pods".into())]).collect();
    let places: BTreeSet<_> = needed.iter().map(|one| one.2.clone()).chain(["kube-system".into()]).collect();
    let names: BTreeSet<_> = needed.iter().map(|one| one.3.clone()).chain(["other".into(), SmolStr::default()]).collect();
    let verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "escalate", "bind", "impersonate"];
    let mut asked = 0;
    for verb in verbs.map(SmolStr::from) {
        for key in &keys {
            for (place, name) in places.iter().flat_map(|place| names.iter().map(move |name| (place, name))) {
                let one = (verb.clone(), key.clone(), place.clone(), name.clone());
                let may = permits(&given, &one);
                // A request that makes an object carries no name; one with a name is none that is ever made. What is
                // cluster-wide is in no namespace, and `get` on a tier is what Calico's server asks for.
                let made = one.0 == "create" && !name.is_empty();
                let elsewhere = !place.is_empty() && needed.contains(&(one.0.clone(), one.1.clone(), SmolStr::default(), name.clone()));
                let tier = one.0 == "get" && one.1.1 == "tiers" && name == "default";
                asked += 1;
                assert!(!may || needed.contains(&one) || permits(&written, &one) || made || elsewhere || tier, "permitted: {one:?}");
            }
        }
    }
    assert!(asked > 10_000, "{asked}");
    assert!(!given.iter().any(|(_, rule)| rule.verbs.iter().any(|verb| verb == "escalate" || verb == "*" || verb == "delete")));
}

#[test]
fn what_nobody_but_an_administrator_can_write_is_named() {
    let grants = compiled(POLICY).grants("default");
    assert_eq!(grants.beyond, ["ClusterRole `ops` takes in others: only who may do everything can write it, so it is not in these roles"]);
    assert_eq!(compiled(POLICY).grants("other"), Grants::default());
}

/// access-targets R23: a policy's tier is asked for too.
#[test]
fn policies_of_calico_need_their_tiers() {
    let grants = compiled(POLICY).grants("default");
    let given = rules(&grants.roles);
    let of = |place: Option<&str>, resource: &str, name: &str| {
        given.iter().any(|(own, rule)| {
            own.as_deref() == place && rule.resources.iter().any(|it| it == resource) && rule.names.iter().any(|it| it == name)
        })
    };
    assert!(of(None, "tiers", "polc") && of(None, "tiers", "default"));
    assert!(of(None, "tier.globalnetworkpolicies", "polc.*"));
    assert!(of(Some("payments"), "tier.networkpolicies", "default.*"));
}
