//! Pairs of ends: each as the plainest evaluator has it, and those that are not looked at at all.

use std::collections::BTreeSet;
use std::rc::Rc;

use proptest::prelude::*;
use smallvec::smallvec;

use super::{Ends, Judge, PortName, Protocol};
use crate::semantics::ends::EndBox;
use crate::semantics::labels::Labels;
use crate::semantics::pods::PodBox;
use crate::semantics::ports::PortSet;
use crate::verify::concrete::Concrete;
use crate::verify::objects::{Enforcer, stacks};
use crate::verify::random::{PORTS, all_ends, boxed, passes, peers, sides};
use crate::verify::stack::{NamedPort, Sides, Stack};

/// Ends of all sorts: one pod or address, or pods and addresses of several kinds; some with the names of their ports.
fn ends() -> impl Strategy<Value = Ends> {
    let boxes = prop_oneof![
        2 => prop::sample::select(all_ends()).prop_map(|end| vec![boxed(&end)]),
        1 => peers(),
    ];
    let http = Rc::from([PortName { name: "http".into(), protocol: Protocol::Tcp, number: 8080 }]);
    let ports = prop::sample::select(vec![None, Some(http), Some(Rc::from([]))]);
    (boxes, ports).prop_map(|(boxes, ports)| Ends { boxes, ports })
}

/// Some rules have a port by name besides.
fn with_names((mut sides, chosen): (Sides, u32)) -> Sides {
    let stacks = [&mut sides.ingress, &mut sides.egress];
    let rules =
        stacks.into_iter().flat_map(|stack| &mut stack.tiers).flat_map(|tier| &mut tier.policies).flat_map(|policy| &mut policy.rules);
    for (_, rule) in (0..u32::BITS).zip(rules).filter(|(at, _)| chosen >> at & 1 == 1) {
        rule.named = smallvec![NamedPort { name: "http".into(), protocol: None }];
        rule.ports = PortSet::none();
    }
    sides
}

/// A ring of namespaces, as compiled: nine calls in each, two of them to the next ones.
fn ring(size: usize) -> (Sides, Vec<Ends>) {
    let inside =
        [("frontend", "api", 8080), ("frontend", "cache", 6379), ("api", "db", 5432), ("api", "cache", 6379), ("worker", "db", 5432)];
    let mut text = "cluster default { ingress nginx in ingress-nginx select app=ingress-nginx }\n".to_owned();
    for at in 0..size {
        let (next, after) = ((at + 1) % size, (at + 2) % size);
        text += &format!("namespace t{at} isolate {{ workload frontend; workload api; workload db; workload cache; workload worker\n");
        inside.iter().for_each(|(from, to, port)| text += &format!("allow {from} -> {to} {port}\n"));
        text += &format!("allow api -> t{next}/api 8443; allow worker -> t{after}/api 8443; allow ingress -> frontend 8080 }}\n");
    }
    let policies = vec![crate::SourceFile { name: "ring.polc".into(), text }];
    let compilation = crate::compile(crate::Files { policies, ..crate::Files::default() }, &crate::Options::default());
    assert!(!compilation.has_errors(), "{:?}", compilation.diagnostics);
    let sides = stacks(compilation.objects.iter().map(|output| &output.object), Enforcer::NetworkPolicy).unwrap();
    let apps = ["frontend", "api", "db", "cache", "worker"];
    let pods = |namespace: &str, labels| super::ends(EndBox::pods(PodBox::in_namespace(namespace).with(&labels)));
    let mut ends: Vec<Ends> = (0..size).flat_map(|at| apps.map(|app| pods(&format!("t{at}"), Labels::equal("app", app)))).collect();
    ends.push(pods("ingress-nginx", Labels::equal("app", "ingress-nginx")));
    ends.push(pods("kube-system", Labels::equal("k8s-app", "kube-dns")));
    (sides, ends)
}

#[test]
fn the_pairs_looked_at_grow_with_the_connections_and_not_with_the_pairs() {
    for size in [20, 40] {
        let (sides, ends) = ring(size);
        let all: Vec<&Ends> = ends.iter().collect();
        let judge = Judge::new(&sides);
        let found = judge.candidates(&all, &all);
        let open = found.iter().filter(|(from, to)| !judge.passes(all[*from as usize], all[*to as usize]).some.is_empty()).count();
        // Of each namespace seven calls, one from the ingress controller, five to the DNS; those two are open to one
        // another and to themselves.
        assert_eq!(open, size * (5 + 2 + 1 + 5) + 4);
        assert!(found.len() < 20 * size, "{}", found.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn between_a_pair_that_is_left_out_nothing_passes(
        sides in (sides(), prop_oneof![Just(0), any::<u32>()]).prop_map(with_names),
        ends in prop::collection::vec(ends(), 4..16),
    ) {
        let all: Vec<&Ends> = ends.iter().collect();
        let judge = Judge::new(&sides);
        let found = judge.candidates(&all, &all);
        prop_assert!(found.is_sorted() && found.windows(2).all(|two| two[0] != two[1]));
        let found: BTreeSet<(u32, u32)> = found.into_iter().collect();
        for (from, source) in (0..).zip(&ends) {
            for (to, destination) in (0..).zip(&ends).filter(|(to, _)| !found.contains(&(from, *to))) {
                let passes = judge.passes(source, destination);
                let closed = passes.some.is_empty() && passes.named.is_empty() && !passes.too_many;
                prop_assert!(closed, "{source:?} -> {destination:?} ({to}): {passes:?}");
            }
        }
    }

    #[test]
    fn what_passes_between_two_ends_is_what_passes_one_by_one(
        sides in sides(),
        source in prop::sample::select(all_ends()),
        destination in prop::sample::select(all_ends()),
    ) {
        let single = |end: &Concrete| Ends { boxes: vec![boxed(end)], ports: None };
        let found = Judge::new(&sides).passes(&single(&source), &single(&destination));
        let side = |stack: &Stack, own: &Concrete, other, port| matches!(own, Concrete::Outside(_)) || passes(stack, own, other, port);
        // The addresses of a connection are of one family: else there is none.
        let families = |end: &Concrete| match end {
            Concrete::Pod(pod) => pod.addresses.clone(),
            Concrete::Outside(addresses) => addresses.clone(),
        };
        let is_v4 = |end: &Concrete| families(end).is_subset(&crate::semantics::addresses::AddressSet::all_v4());
        for port in PORTS.into_iter().filter(|_| is_v4(&source) == is_v4(&destination)) {
            let open = side(&sides.egress, &source, &destination, port) && side(&sides.ingress, &destination, &source, port);
            prop_assert_eq!(found.some.holds(port.protocol, port.detail), open);
            prop_assert_eq!(found.all.holds(port.protocol, port.detail), open);
        }
    }
}
