use proptest::prelude::*;
use smallvec::smallvec;

use super::{By, Decision, Port, World, decide};
use crate::ir::SentenceId;
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::semantics::ports::{PortSet, Protocol};
use crate::verify::concrete::{Concrete, ContainerPort, Pod, Truth};
use crate::verify::random::{PORTS, all_ends, all_pods, stack};
use crate::verify::stack::{Action, End, NamedPort, Origin, Policy, Rule, Sides, Stack, Tier};

fn pod(namespace: &str) -> Pod {
    Pod {
        namespace: namespace.into(),
        namespace_labels: [(NAMESPACE_NAME.to_owned(), namespace.to_owned())].into(),
        labels: [].into(),
        account: "default".into(),
        addresses: AddressSet::parse_all(&["10.0.0.1"]),
        ports: vec![ContainerPort { name: "http".into(), protocol: Protocol::Tcp, number: 8080 }],
    }
}

fn origin(number: u32) -> Origin {
    Origin::Sentence(SentenceId(number))
}

/// One policy about pods of a namespace: a rule about port `http`, and one that closes port 22.
fn sides(ingress: bool) -> Sides {
    let rule = |number, action, named| Rule {
        origin: origin(number),
        action,
        peers: EndBox::everyone().into_iter().collect(),
        ports: if named { PortSet::none() } else { PortSet::range(Protocol::Tcp, 22, 22) },
        named: if named { smallvec![NamedPort { name: "http".into(), protocol: None }] } else { smallvec![] },
        doubt: false,
    };
    let subjects = smallvec![EndBox::pods(PodBox { namespace: PodBox::namespace_called("b"), ..PodBox::default() })];
    let policy = Policy { origin: origin(0), subjects, rules: vec![rule(1, Action::Allow, true), rule(2, Action::Deny, false)] };
    let stack = Stack { tiers: vec![Tier { name: "t".into(), policies: vec![policy], end: End::Deny }] };
    if ingress { Sides { ingress: stack, ..Sides::default() } } else { Sides { egress: stack, ..Sides::default() } }
}

fn asked(sides: &Sides, source: &str, destination: &str, port: u16) -> Decision {
    decide(&World::new(sides), &Concrete::Pod(pod(source)), &Concrete::Pod(pod(destination)), Port { protocol: 6, detail: port })
}

#[test]
fn a_trail_leads_to_what_decides() {
    let sides = sides(true);
    let by = |port| asked(&sides, "a", "b", port).ingress;
    let rule = |number, action| By::Rule { tier: "t".to_owned(), policy: origin(0), rule: origin(number), action };
    assert_eq!((by(8080).allowed, by(8080).by), (Truth::Yes, rule(1, Action::Allow)));
    assert_eq!((by(22).allowed, by(22).by), (Truth::No, rule(2, Action::Deny)));
    assert_eq!((by(80).allowed, by(80).by), (Truth::No, By::Isolated { tier: "t".to_owned(), by: vec![origin(0)] }));
    assert_eq!(by(80).selecting, [origin(0)]);
    let other = asked(&sides, "b", "a", 80);
    assert_eq!((other.allowed, other.egress.by, other.ingress.by), (Truth::Yes, By::NoPolicy, By::NoPolicy));
    let outside = Concrete::Outside(AddressSet::parse_all(&["192.0.2.1"]));
    let from_outside = decide(&World::new(&sides), &outside, &Concrete::Pod(pod("b")), Port { protocol: 6, detail: 80 });
    assert_eq!((from_outside.allowed, from_outside.egress.by), (Truth::No, By::NoPod));
}

#[test]
fn a_port_by_name_is_the_destinations() {
    let sides = sides(false);
    let allowed = |destination: &Concrete| {
        decide(&World::new(&sides), &Concrete::Pod(pod("b")), destination, Port { protocol: 6, detail: 8080 }).allowed
    };
    assert_eq!(allowed(&Concrete::Pod(pod("a"))), Truth::Yes);
    assert_eq!(allowed(&Concrete::Pod(Pod { ports: Vec::new(), ..pod("a") })), Truth::No);
    assert_eq!(allowed(&Concrete::Outside(AddressSet::parse_all(&["192.0.2.1"]))), Truth::No);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn an_address_that_is_not_known_may_be_any_of_its_addresses(
        ingress in stack(),
        egress in stack(),
        own in prop::sample::select(all_pods()),
        other in prop::sample::select(all_ends()),
        incoming in any::<bool>(),
    ) {
        let Concrete::Pod(pod) = own else { unreachable!() };
        let sides = Sides { ingress, egress };
        let world = World::new(&sides);
        let at = |addresses: &[&str]| Concrete::Pod(Pod { addresses: AddressSet::parse_all(addresses), ..pod.clone() });
        let networks = ["10.0.0.1", "10.9.9.9", "203.0.113.5", "fd00::1"];
        let unknown = at(&networks);
        let ends = |pod| if incoming { (other.clone(), pod) } else { (pod, other.clone()) };
        let (source, destination) = ends(unknown);
        for port in PORTS {
            let decided = decide(&world, &source, &destination, port).allowed;
            let each = networks.map(|network| {
                let (source, destination) = ends(at(&[network]));
                decide(&world, &source, &destination, port).allowed
            });
            let (all, any) = (each.iter().all(|it| *it == Truth::Yes), each.contains(&Truth::Yes));
            prop_assert!(match decided { Truth::Yes => all, Truth::No => !any, Truth::Unknown => true }, "{:?}", decided);
        }
    }
}
