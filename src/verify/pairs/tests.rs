use proptest::prelude::*;

use super::{Pairs, all};
use crate::semantics::addresses::AddressSet;
use crate::semantics::pods::NAMESPACE_NAME;
use crate::semantics::ports::PortSet;
use crate::verify::between::{Ports, ports_between};
use crate::verify::concrete::{Concrete, Pod};
use crate::verify::decide::World;
use crate::verify::objects::{Enforcer, stacks};
use crate::verify::random::{PORTS, all_ends, allows, passes, stack};
use crate::verify::stack::{Sides, Stack};

/// The ports of a pair, looked up in the answer.
fn ports(pairs: &Pairs, source: u32, destination: u32) -> Ports {
    let group = |end: u32| u32::try_from(pairs.groups.iter().position(|group| group.contains(&end)).unwrap()).unwrap();
    let (source, destination) = (group(source), group(destination));
    let single = pairs.single.iter().find(|(from, to, _)| (*from, *to) == (source, destination));
    let block = || pairs.blocks.iter().find(|block| block.holds(source, destination)).map(|block| &block.ports);
    let none = Ports { allowed: PortSet::none(), possible: PortSet::none() };
    single.map(|(_, _, ports)| ports).or_else(block).cloned().unwrap_or(none)
}

fn check(sides: &Sides, ends: &[Concrete]) -> Result<(), TestCaseError> {
    let world = World::new(sides);
    let pairs = all(&world, ends);
    for (from, source) in (0..).zip(ends) {
        for (to, destination) in (0..).zip(ends) {
            let found = ports_between(&world, source, destination);
            prop_assert_eq!(&ports(&pairs, from, to), &found, "{:?} -> {:?}", source, destination);
        }
    }
    Ok(())
}

fn sides() -> impl Strategy<Value = Sides> {
    let side = || prop_oneof![3 => stack(), 2 => allows(), 1 => Just(Stack::default())];
    (side(), side()).prop_map(|(ingress, egress)| Sides { ingress, egress })
}

/// A ring of namespaces, as compiled: nine calls in each, two of them to the next ones.
fn ring(size: usize) -> (Sides, Vec<Concrete>) {
    let inside =
        [("frontend", "api", 8080), ("frontend", "cache", 6379), ("api", "db", 5432), ("api", "cache", 6379), ("worker", "db", 5432)];
    let mut text = "cluster default { ingress nginx in ingress-nginx select app=ingress-nginx }\n".to_owned();
    for at in 0..size {
        text += &format!("namespace t{at} isolate {{ workload frontend; workload api; workload db; workload cache; workload worker\n");
        inside.iter().for_each(|(from, to, port)| text += &format!("allow {from} -> {to} {port}\n"));
        text += &format!(
            "allow api -> t{}/api 8443; allow worker -> t{}/api 8443; allow ingress -> frontend 8080 }}\n",
            (at + 1) % size,
            (at + 2) % size
        );
    }
    let policies = vec![crate::SourceFile { name: "ring.polc".into(), text }];
    let compilation = crate::compile(crate::Files { policies, ..crate::Files::default() }, &crate::Options::default());
    assert!(!compilation.has_errors(), "{:?}", compilation.diagnostics);
    let sides = stacks(compilation.objects.iter().map(|output| &output.object), Enforcer::NetworkPolicy).unwrap();
    let pods = |namespace: String| ["frontend", "api", "db", "cache", "worker"].map(|app| pod(&namespace, "app", app));
    let mut ends: Vec<Concrete> = (0..size).flat_map(|at| pods(format!("t{at}"))).collect();
    ends.push(pod("ingress-nginx", "app", "ingress-nginx"));
    ends.push(pod("kube-system", "k8s-app", "kube-dns"));
    (sides, ends)
}

fn pod(namespace: &str, key: &str, value: &str) -> Concrete {
    let map = |key: &str, value: &str| [(key.to_owned(), value.to_owned())].into();
    Concrete::Pod(Pod {
        namespace: namespace.into(),
        namespace_labels: map(NAMESPACE_NAME, namespace),
        labels: map(key, value),
        account: "default".into(),
        addresses: AddressSet::parse_all(&["10.0.0.0/8"]),
        ports: Vec::new(),
    })
}

#[test]
fn the_answer_grows_with_the_connections_and_not_with_the_pairs() {
    for size in [20, 40] {
        let (sides, ends) = ring(size);
        let pairs = all(&World::new(&sides), &ends);
        // The ingress controller and DNS are open at the side that no policy is about; they may call
        // each other and themselves.
        let calls = pairs.single.iter().filter(|(_, _, ports)| !ports.allowed.is_empty()).count();
        assert_eq!((pairs.groups.len(), calls), (5 * size + 2, size * (5 + 2 + 1 + 5)), "{:?}", pairs.blocks);
        assert_eq!(pairs.blocks.iter().map(|block| block.sources.len() * block.destinations.len()).sum::<usize>(), 4);
    }
}

#[test]
fn workloads_of_manifests_are_ends() {
    let text = "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: a, labels: {app: web}}
spec: {serviceAccountName: s, containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: a}
spec: {hostNetwork: true, containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: a}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: http}]}]}
";
    let manifests = vec![crate::SourceFile { name: "a.yaml".into(), text: text.into() }];
    let (world, diagnostics) = crate::verify::world::world(&crate::Sources::new(Vec::new()).with_manifests(manifests));
    assert_eq!(diagnostics, []);
    let pods = AddressSet::parse_all(&["10.0.0.0/16"]);
    let ends: Vec<Concrete> = world.inventory.workloads.iter().map(|workload| Concrete::of(&world.inventory, workload, &pods)).collect();
    let pairs = all(&World::new(&world.sides), &ends);
    let [agent, web] = [0, 1];
    assert!(matches!(ends[0], Concrete::Outside(_)), "{ends:?}");
    let http = PortSet::range(crate::semantics::ports::Protocol::Tcp, 8080, 8080);
    assert_eq!(ports(&pairs, web, web), Ports { allowed: http.clone(), possible: http.clone() });
    assert_eq!(ports(&pairs, agent, web), Ports { allowed: PortSet::none(), possible: http }, "the node may have an address of the block");
    assert_eq!(ports(&pairs, web, agent), Ports::all());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn all_pairs_are_each_pair_alone(sides in sides(), ends in prop::sample::subsequence(all_ends(), 20..60)) {
        check(&sides, &ends)?;
    }

    #[test]
    fn the_ports_between_two_ends_are_those_that_pass_one_by_one(sides in sides(), source in prop::sample::select(all_ends()), destination in prop::sample::select(all_ends())) {
        let found = ports_between(&World::new(&sides), &source, &destination);
        prop_assert_eq!(&found.allowed, &found.possible);
        let side = |stack: &Stack, own: &Concrete, other, port| matches!(own, Concrete::Outside(_)) || passes(stack, own, other, port);
        for port in PORTS {
            let open = side(&sides.egress, &source, &destination, port) && side(&sides.ingress, &destination, &source, port);
            prop_assert_eq!(found.allowed.holds(port.protocol, port.detail), open);
        }
    }
}
