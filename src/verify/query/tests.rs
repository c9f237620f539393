//! Small stacks, asked.

mod pairs;

use smallvec::smallvec;

use super::{Ends, Judge, PortName};
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::Labels;
use crate::semantics::pods::PodBox;
use crate::semantics::ports::{PortSet, Protocol};
use crate::verify::stack::{Action, End, NamedPort, Origin, Policy, Rule, Sides, Stack, Tier};

fn pods(app: &str) -> PodBox {
    PodBox::in_namespace("shop").with(&Labels::equal("app", app))
}

fn ends(end: EndBox) -> Ends {
    Ends { boxes: vec![end], ports: None }
}

fn tcp(low: u16, high: u16) -> PortSet {
    PortSet::range(Protocol::Tcp, low, high)
}

fn rule(action: Action, peer: EndBox, ports: PortSet) -> Rule {
    Rule { origin: Origin::Default, action, peers: smallvec![peer], ports, named: smallvec![], doubt: false }
}

fn policy(subject: PodBox, rules: Vec<Rule>) -> Policy {
    Policy { origin: Origin::Default, subjects: smallvec![EndBox::pods(subject)], rules }
}

fn stack(policies: Vec<Policy>) -> Stack {
    Stack { tiers: vec![Tier { name: "networkpolicy".into(), policies, end: End::Deny }] }
}

#[test]
fn what_one_side_alone_opens_does_not_pass() {
    let ingress = stack(vec![policy(pods("api"), vec![rule(Action::Allow, EndBox::pods(pods("web")), tcp(443, 444))])]);
    let egress = stack(vec![policy(pods("web"), vec![rule(Action::Allow, EndBox::pods(pods("api")), tcp(444, 445))])]);
    let sides = Sides { ingress, egress };
    let judge = Judge::new(&sides);
    let found = judge.passes(&ends(EndBox::pods(pods("web"))), &ends(EndBox::pods(pods("api"))));
    assert_eq!((found.all, found.some), (tcp(444, 444), tcp(444, 444)));
    let back = judge.passes(&ends(EndBox::pods(pods("api"))), &ends(EndBox::pods(pods("web"))));
    assert!(back.all.is_all());
}

#[test]
fn what_holds_for_some_ends_is_told_with_them() {
    let office = AddressSet::parse_all(&["203.0.113.0/24"]);
    let ingress = stack(vec![policy(pods("web"), vec![rule(Action::Allow, EndBox::Outside(office.clone()), tcp(80, 80))])]);
    let egress = Stack::default();
    let sides = Sides { ingress, egress };
    let judge = Judge::new(&sides);
    let found = judge.passes(&ends(EndBox::Outside(AddressSet::all_v4())), &ends(EndBox::pods(pods("web"))));
    assert!(found.all.is_empty());
    assert_eq!(found.some, tcp(80, 80));
    assert_eq!(found.open.iter().map(|open| open.source.clone()).collect::<Vec<_>>(), [EndBox::Outside(office)]);
}

#[test]
fn pods_that_are_closed_by_a_further_label_are_seen() {
    let frozen = PodBox { pod: Labels::equal("frozen", "yes"), ..PodBox::default() };
    let ingress = stack(vec![policy(frozen.clone(), vec![])]);
    let egress = Stack::default();
    let sides = Sides { ingress, egress };
    let found = Judge::new(&sides).passes(&ends(EndBox::pods(pods("a"))), &ends(EndBox::pods(pods("b"))));
    assert!(found.all.is_empty() && found.some.is_all());
    assert_eq!(found.open.len(), 1);
    assert!(found.open[0].destination.is_disjoint(&EndBox::pods(frozen)));
}

#[test]
fn a_deny_before_an_allow_wins_and_one_behind_it_does_not() {
    let deny = || rule(Action::Deny, EndBox::pods(pods("web")), tcp(80, 80));
    let allow = || rule(Action::Allow, EndBox::pods(pods("web")), tcp(80, 81));
    for (rules, open) in [(vec![deny(), allow()], tcp(81, 81)), (vec![allow(), deny()], tcp(80, 81))] {
        let ingress = stack(vec![policy(pods("api"), rules)]);
        let sides = Sides { ingress, egress: Stack::default() };
        let found = Judge::new(&sides).passes(&ends(EndBox::pods(pods("web"))), &ends(EndBox::pods(pods("api"))));
        assert_eq!(found.all, open);
    }
}

#[test]
fn both_addresses_of_a_connection_are_of_one_family() {
    let both = |app, number: u8| {
        let addresses = AddressSet::parse_all(&[&format!("10.1.0.{number}/32"), &format!("fd00::{number}/128")]);
        ends(EndBox::Pods { pods: pods(app), addresses })
    };
    let block = |text: &str| EndBox::Pods { pods: PodBox::default(), addresses: AddressSet::parse_all(&[text]) };
    let allow = |text| rule(Action::Allow, block(text), tcp(80, 80));
    let four_out_and = |into| Sides {
        egress: stack(vec![policy(pods("web"), vec![allow("10.0.0.0/8")])]),
        ingress: stack(vec![policy(pods("api"), vec![allow(into)])]),
    };
    let sides = four_out_and("::/0");
    let found = Judge::new(&sides).passes(&both("web", 1), &both("api", 2));
    assert!(found.some.is_empty(), "{found:?}");
    let sides = four_out_and("10.0.0.0/8");
    let found = Judge::new(&sides).passes(&both("web", 1), &both("api", 2));
    assert!(found.all.is_empty() && found.some == tcp(80, 80), "{found:?}");
    let only_four = ends(EndBox::Pods { pods: pods("web"), addresses: AddressSet::parse_all(&["10.1.0.1/32"]) });
    assert_eq!(Judge::new(&sides).passes(&only_four, &both("api", 2)).all, tcp(80, 80));
}

#[test]
fn an_address_has_no_port_by_name() {
    let by_name = NamedPort { name: "http".into(), protocol: None };
    let by_name = Rule { named: smallvec![by_name], ..rule(Action::Allow, EndBox::Outside(AddressSet::all()), PortSet::none()) };
    let sides = Sides { egress: stack(vec![policy(pods("web"), vec![by_name])]), ingress: Stack::default() };
    let found = Judge::new(&sides).passes(&ends(EndBox::pods(pods("web"))), &ends(EndBox::Outside(AddressSet::all_v4())));
    assert!(found.some.is_empty() && found.named.is_empty(), "{found:?}");
}

#[test]
fn a_port_by_name_is_the_destination_s() {
    let named = NamedPort { name: "http".into(), protocol: Some(Protocol::Tcp) };
    let by_name = Rule { named: smallvec![named], ..rule(Action::Allow, EndBox::pods(PodBox::default()), PortSet::none()) };
    let egress = stack(vec![policy(pods("web"), vec![by_name])]);
    let ingress = Stack::default();
    let sides = Sides { ingress, egress };
    let judge = Judge::new(&sides);
    let web = ends(EndBox::pods(pods("web")));
    let port = PortName { name: "http".into(), protocol: Protocol::Tcp, number: 8080 };
    let known = Ends { ports: Some([port].into()), ..ends(EndBox::pods(pods("api"))) };
    assert_eq!(judge.passes(&web, &known).all, tcp(8080, 8080));
    let unknown = judge.passes(&web, &ends(EndBox::pods(pods("api"))));
    assert_eq!((unknown.some, unknown.named), (PortSet::none(), vec!["http".into()]));
}
