use super::{Enforcer, NotCovered, What, stacks};
use crate::manifest::calico::{Action, Entity, Policy, Rule};
use crate::manifest::network_policy::{NetworkPolicy, Selector};
use crate::manifest::{Metadata, Object};
use crate::verify::stack::End;

fn network_policy() -> Object {
    let metadata = Metadata { name: "closed".into(), namespace: Some("a".into()), ..Metadata::default() };
    Object::NetworkPolicy(NetworkPolicy { metadata, pod_selector: Selector::default(), ingress: Some(Vec::new()), egress: None })
}

fn global(tier: &str, selector: &str, source: Entity) -> Object {
    let rule = Rule { action: Action::Deny, protocol: None, ip_version: None, source, destination: Entity::default() };
    Object::GlobalNetworkPolicy(Policy {
        metadata: Metadata { name: "global".into(), ..Metadata::default() },
        tier: tier.to_owned(),
        order_tenths: 5,
        selector: selector.to_owned(),
        ingress: Some(vec![rule]),
        egress: None,
    })
}

#[test]
fn network_policies_are_a_tier_that_closes_and_calicos_others_come_by_their_order() {
    let objects = [network_policy(), global("default", "projectcalico.org/orchestrator == 'k8s'", Entity::default())];
    let alone = stacks(&objects[..1], Enforcer::NetworkPolicy).unwrap();
    let [tier] = alone.ingress.tiers.as_slice() else { panic!("{alone:?}") };
    assert_eq!((tier.name.as_str(), tier.end, tier.policies.len()), ("NetworkPolicy", End::Deny, 1));
    assert!(alone.egress.tiers.is_empty());
    let calico = stacks(&objects, Enforcer::Calico).unwrap();
    let orders: Vec<usize> = calico.ingress.tiers[0].policies.iter().map(|policy| policy.rules.len()).collect();
    assert_eq!((calico.ingress.tiers[0].name.as_str(), orders), ("default", vec![1, 0]), "0.5 comes before 1000");
}

#[test]
fn what_is_not_covered_is_said() {
    let of = |object: Object, enforcer| {
        stacks(&[network_policy(), object], enforcer).map_err(|NotCovered { object, what }| (object, what)).unwrap_err()
    };
    let pods = "projectcalico.org/orchestrator == 'k8s'";
    let named = |selector: &str| Entity { selector: Some(selector.to_owned()), ..Entity::default() };
    for (object, what) in [
        (global("default", "all()", Entity::default()), What::HostEndpoints),
        (global("default", pods, named("has(a)")), What::HostEndpoints),
        (global("none", pods, Entity::default()), What::NoTier("none".to_owned())),
        (global("default", pods, named(&format!("{pods} && pcsa.a == 'x'"))), What::Field("labels of service accounts")),
    ] {
        assert_eq!(of(object, Enforcer::Calico), (1, what));
    }
    assert_eq!(of(global("default", pods, Entity::default()), Enforcer::NetworkPolicy), (1, What::NotEnforced));
}
