use proptest::prelude::*;

use super::{Comparison, Difference, Side, compare};
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::{Labels, Values, Word};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::semantics::ports::{PortSet, Protocol};
use crate::semantics::traffic::Traffic;
use crate::verify::classes::split;
use crate::verify::concrete::{Concrete, Truth};
use crate::verify::decide::{self, Port};
use crate::verify::index::Index;
use crate::verify::meaning::allowed;
use crate::verify::pieces::Budget;
use crate::verify::random::{PORTS, all_ends, all_pods, allows, holds, passes, stack};
use crate::verify::stack::{Action, End, Origin, Policy, Rule, Sides, Stack, Tier};
use crate::verify::universe::Universe;

fn differences(intended: &Sides, enforced: &Sides, universe: &Universe) -> Vec<Difference> {
    compare(&Comparison { intended, enforced, universe, denies: &[], most: 20 }).unwrap()
}

fn ingress(ingress: Stack) -> Sides {
    Sides { ingress, egress: Stack::default() }
}

/// Whether both stacks say the same of every connection of the small world.
fn agree(a: &Stack, b: &Stack) -> bool {
    let (pods, ends) = (all_pods(), all_ends());
    let same = |own, other| {
        PORTS.iter().filter(|port| can_be(own, other, **port)).all(|port| passes(a, own, other, *port) == passes(b, own, other, *port))
    };
    pods.iter().all(|own| ends.iter().all(|other| same(own, other)))
}

/// Whether both ends have addresses of one family, with which the protocol goes: nothing else is compared, since it cannot be.
fn can_be(own: &Concrete, other: &Concrete, port: Port) -> bool {
    let is_v4 = |end: &Concrete| match end {
        Concrete::Pod(pod) => !pod.addresses.is_disjoint(&AddressSet::all_v4()),
        Concrete::Outside(addresses) => !addresses.is_disjoint(&AddressSet::all_v4()),
    };
    is_v4(own) == is_v4(other) && (port.protocol != 1 || is_v4(own))
}

/// Shows every difference by its witness, judged rule by rule.
fn check(intended: &Stack, enforced: &Stack) -> Result<usize, TestCaseError> {
    let found = differences(&ingress(intended.clone()), &ingress(enforced.clone()), &Universe::default());
    for difference in &found {
        let witness = &difference.witness;
        prop_assert!(difference.side == Side::Ingress);
        prop_assert_eq!(passes(intended, &witness.pod, &witness.other, witness.port), !difference.more);
        prop_assert_eq!(passes(enforced, &witness.pod, &witness.other, witness.port), difference.more);
    }
    if found.is_empty() {
        prop_assert!(agree(intended, enforced), "no difference was found");
    }
    Ok(found.len())
}

/// One change of one rule or policy.
fn mutate(stack: &mut Stack, at: &prop::sample::Index, how: usize) {
    let mut places = Vec::new();
    for (tier, of) in stack.tiers.iter().enumerate() {
        for (policy, it) in of.policies.iter().enumerate() {
            places.extend((0..it.rules.len().max(1)).map(|rule| (tier, policy, rule)));
        }
    }
    if places.is_empty() {
        return;
    }
    let (tier, policy, rule) = places[at.index(places.len())];
    let tier = &mut stack.tiers[tier];
    match (how, tier.policies[policy].rules.get_mut(rule)) {
        (0, _) => drop(tier.policies.remove(policy)),
        (1, _) => tier.end = if tier.end == End::Deny { End::Pass } else { End::Deny },
        (_, None) => drop(tier.policies[policy].subjects.pop()),
        (2, Some(rule)) => drop(rule.peers.pop()),
        (3, Some(rule)) => rule.ports = rule.ports.union(&PortSet::range(Protocol::Tcp, 90, 90)),
        (4, Some(rule)) => rule.action = if rule.action == Action::Allow { Action::Deny } else { Action::Allow },
        (5, Some(rule)) => rule.action = Action::Pass,
        (_, Some(_)) => drop(tier.policies[policy].rules.remove(rule)),
    }
}

fn pods(namespace: &str) -> EndBox {
    EndBox::pods(PodBox { namespace: PodBox::namespace_called(namespace), ..PodBox::default() })
}

fn http() -> PortSet {
    PortSet::range(Protocol::Tcp, 80, 80)
}

/// One policy with one rule.
fn tier(end: End, subject: &EndBox, rules: Vec<(Action, Vec<EndBox>)>) -> Tier {
    let rule = |(action, peers): (Action, Vec<EndBox>)| Rule {
        origin: Origin::Default,
        action,
        peers: peers.into(),
        ports: http(),
        named: [].into(),
        doubt: false,
    };
    let policy = Policy { origin: Origin::Default, subjects: [subject.clone()].into(), rules: rules.into_iter().map(rule).collect() };
    Tier { name: "t".into(), policies: vec![policy], end }
}

fn stack_of<const N: usize>(tiers: [Tier; N]) -> Stack {
    Stack { tiers: tiers.into() }
}

#[test]
fn a_pod_of_a_namespace_not_yet_born_and_an_absent_label_are_witnesses() {
    let others = EndBox::pods(PodBox { namespace: Labels::any().and("env", Values::none_of(["prod"])), ..PodBox::default() });
    let a = ingress(stack_of([tier(End::Deny, &others, vec![])]));
    let everyone = EndBox::pods(PodBox::default());
    let b = ingress(stack_of([tier(End::Deny, &everyone, vec![])]));
    let found = differences(&a, &b, &Universe::default());
    let Concrete::Pod(pod) = &found[0].witness.pod else { panic!("no pod") };
    assert!(!found[0].more && pod.namespace_labels.get("env").is_some_and(|env| env == "prod"), "{found:?}");
    assert_eq!(differences(&a, &b, &Universe { unborn: false, ..Universe::default() }), []);

    let labeled = |values| EndBox::pods(PodBox { pod: Labels::any().and("app", values), ..PodBox::default() });
    let allow = |values| ingress(stack_of([tier(End::Deny, &pods("a"), vec![(Action::Allow, vec![labeled(values)])])]));
    let others = Values::none_of(["x"]);
    let present = others.intersection(&Values::present());
    let found = differences(&allow(others), &allow(present), &Universe::default());
    let Concrete::Pod(pod) = &found[0].witness.other else { panic!("no pod") };
    assert!(found.iter().all(|it| !it.more) && pod.labels.is_empty(), "{found:?}");
}

#[test]
fn what_could_not_be_is_no_difference() {
    let prod = EndBox::pods(PodBox { namespace: Labels::equal("env", "prod"), ..PodBox::default() });
    let allow = |peers: Vec<EndBox>| ingress(stack_of([tier(End::Deny, &pods("a"), vec![(Action::Allow, peers)])]));
    let by_name =
        EndBox::pods(PodBox { namespace: PodBox::namespace_called("b").intersection(&Labels::equal("env", "prod")), ..PodBox::default() });
    assert_eq!(differences(&allow(vec![pods("b")]), &allow(vec![by_name.clone()]), &Universe::default()).len(), 1);
    let known = [("b".into(), Labels::equal("env", "prod"))].into();
    let universe = Universe { namespaces: known, ..Universe::default() };
    assert_eq!(differences(&allow(vec![pods("b")]), &allow(vec![by_name]), &universe), []);
    assert!(!differences(&allow(vec![pods("b")]), &allow(vec![prod]), &universe).is_empty());

    let outside = AddressSet::parse_all(&["203.0.113.0/24"]);
    let (holders, alone) = (EndBox::holders(outside.clone()).to_vec(), vec![EndBox::Outside(outside)]);
    assert!(!differences(&allow(holders.clone()), &allow(alone.clone()), &Universe::default()).is_empty());
    let universe = Universe { pods: AddressSet::parse_all(&["10.0.0.0/8"]), ..Universe::default() };
    assert_eq!(differences(&allow(holders), &allow(alone), &universe), []);
}

#[test]
fn the_labels_of_one_namespace_are_the_same_at_both_ends() {
    let named =
        |namespace: Labels| EndBox::pods(PodBox { namespace: PodBox::namespace_called("a").intersection(&namespace), ..PodBox::default() });
    let (prod, rest) = (Labels::equal("env", "prod"), Labels::any().and("env", Values::none_of(["prod"])));
    let allow = |peer: EndBox| ingress(stack_of([tier(End::Deny, &named(prod.clone()), vec![(Action::Allow, vec![peer])])]));
    assert_eq!(differences(&allow(pods("a")), &allow(named(prod.clone())), &Universe::default()), []);
    assert!(!differences(&allow(pods("a")), &allow(named(rest)), &Universe::default()).is_empty());
}

#[test]
fn a_deny_may_be_enforced_at_the_other_end_alone() {
    let deny = |subject: &EndBox, peer: &EndBox| tier(End::Pass, subject, vec![(Action::Deny, vec![peer.clone()])]);
    let (a, b) = (pods("a"), pods("b"));
    let intended = Sides { ingress: stack_of([deny(&b, &a)]), egress: stack_of([deny(&a, &b)]) };
    let others = EndBox::pods(PodBox { namespace: Labels::any().and(NAMESPACE_NAME, Values::none_of(["a"])), ..PodBox::default() });
    let universe = Universe { ports: http(), ..Universe::default() };
    let at_the_destination = |peers: Vec<EndBox>| ingress(stack_of([tier(End::Deny, &b, vec![(Action::Allow, peers)])]));
    let enforced = at_the_destination(vec![others, EndBox::Outside(AddressSet::all())]);
    let denies = [super::WrittenDeny { sources: vec![a.clone()], destinations: vec![b.clone()], ports: http() }];
    let compared = |enforced: &Sides, denies: &[super::WrittenDeny]| {
        compare(&Comparison { intended: &intended, enforced, universe: &universe, denies, most: 20 }).unwrap()
    };
    assert_eq!(compared(&enforced, &denies), []);
    let strictly = compared(&enforced, &[]);
    assert!(strictly.len() == 1 && strictly[0].side == Side::Egress && strictly[0].more, "{strictly:?}");
    let open = at_the_destination(EndBox::everyone().to_vec());
    assert_eq!(compared(&open, &denies).len(), 2, "neither end refuses, and each is shown");
    let other = [super::WrittenDeny { sources: vec![b.clone()], destinations: vec![a], ports: http() }];
    assert_eq!(compared(&enforced, &other).len(), 1, "no deny says so");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_meaning_of_classes_is_that_of_their_pods(stack in stack()) {
        let index = Index::new(&stack);
        let universe = Universe::default();
        let names: Vec<Word> = index.namespaces().cloned().collect();
        let mut classes = Vec::new();
        for (name, pods) in names.iter().map(|name| (Some(name), universe.namespace(name))).chain([(None, universe.other_namespaces(&names))]) {
            classes.extend(split(pods, &[&index], &[index.relevant(name.map(Word::as_str))], &mut Budget::default()).unwrap());
        }
        let meanings: Vec<_> = classes.iter().map(|class| {
            allowed(&index, &class.policies[0], &Traffic::all(), &mut Budget::default()).unwrap()
        }).collect();
        let ends = all_ends();
        for own in all_pods() {
            let of_it: Vec<usize> = (0..classes.len()).filter(|at| holds(&classes[*at].pods, &own)).collect();
            prop_assert_eq!(of_it.len(), 1, "{:?}", own);
            for (other, port) in ends.iter().flat_map(|other| PORTS.map(|port| (other, port))) {
                let open = meanings[of_it[0]].iter().any(|part| holds(&part.end, other) && part.ports.holds(port.protocol, port.detail));
                prop_assert_eq!(open, passes(&stack, &own, other, port), "{:?} {:?} {:?}", own, other, port);
            }
        }
    }

    #[test]
    fn one_by_one_a_stack_says_what_its_rules_say(stack in stack(), own in prop::sample::select(all_pods())) {
        let index = Index::new(&stack);
        for (other, port) in all_ends().iter().flat_map(|other| PORTS.map(|port| (other, port))) {
            let ports = |rule: &Rule| if rule.ports.holds(port.protocol, port.detail) { Truth::Yes } else { Truth::No };
            let found = decide::side(&index, &own, other, ports).allowed;
            prop_assert_eq!(found, if passes(&stack, &own, other, port) { Truth::Yes } else { Truth::No });
        }
    }

    #[test]
    fn two_stacks_are_equal_or_a_witness_tells_them_apart(a in stack(), b in stack()) {
        check(&a, &b)?;
        prop_assert_eq!(check(&a, &a)?, 0);
    }

    #[test]
    fn a_mutation_is_found_or_says_nothing(stack in stack(), at in any::<prop::sample::Index>(), how in 0..7usize) {
        let mut other = stack.clone();
        mutate(&mut other, &at, how);
        check(&stack, &other)?;
    }

    #[test]
    fn the_order_of_allows_says_nothing(stack in allows(), seed in any::<u64>()) {
        let mut other = stack.clone();
        let policies = &mut other.tiers[0].policies;
        let len = policies.len().max(1);
        for at in 0..policies.len() {
            policies.swap(at, (seed as usize).wrapping_mul(at + 7) % len);
        }
        prop_assert_eq!(check(&stack, &other)?, 0);
    }
}
