//! One rule: what it does, to whom of its policy's pods, with whom and on which ports.

use smallvec::SmallVec;

use super::super::reader::Side;
use super::super::valid::wrong;
use super::super::words::Words;
use super::entity::{Ends, meet};
use super::ports::{Ports, ports};
use super::scope::Scope;
use super::{At, Entity, RuleSpec, Services, Wrong, listed, unclear};
use crate::manifest::tree::Fault;
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::{Labels, Values};
use crate::semantics::pods::PodBox;
use crate::semantics::ports::PortSet;
use crate::verify::inventory::Target;
use crate::verify::selector::Bound;
use crate::verify::stack::{Action, NamedPort};

/// A rule that decides.
pub(super) struct Meant {
    /// The pods at its own end; none: all of its policy's.
    pub(super) own: Option<Ends>,
    pub(super) action: Action,
    pub(super) peers: Ends,
    pub(super) ports: Ports,
}

/// Reads one, as far as the scope's bound goes; none if it decides nothing.
pub(super) fn read(rule: &RuleSpec<'_>, at: At, side: Side, scope: Scope<'_>, words: &mut Words) -> Result<Option<Meant>, Fault> {
    let action = match rule.action {
        Some("Allow") => Some(Action::Allow),
        Some("Deny") => Some(Action::Deny),
        Some("Pass") => Some(Action::Pass),
        // Logging goes on to the next rule.
        Some("Log") => None,
        Some(other) if !other.is_empty() => {
            return wrong(format!("{at}.action"), format!("`{other}` is no action: Allow, Deny, Log or Pass"));
        }
        _ => return wrong(format!("{at}.action"), "a rule needs an action"),
    };
    let nobody = Entity::default();
    let source = rule.source.as_ref().unwrap_or(&nobody);
    let destination = rule.destination.as_ref().unwrap_or(&nobody);
    let family = family(rule, at)?;
    let mut meant_ports = ports(rule, at, scope, words)?;
    let (own, own_side, peer, peer_side) = match side {
        Side::Ingress => (destination, "destination", source, "source"),
        Side::Egress => (source, "source", destination, "destination"),
    };
    let peers = match &peer.services {
        Some(services) => behind(services, peer, side, &format!("{at}.{peer_side}"), scope, words, &mut meant_ports),
        None => peer.ends(scope, at, peer_side),
    };
    let mut peers = scope.known(peers, Ends::new(), EndBox::everyone().into_iter().collect())?;
    if own.services.is_some() {
        return wrong(format!("{at}.{own_side}.services"), "Services are named of the other end");
    }
    let of_own = if own.is_everyone() { Ok(None) } else { own.ends(scope, at, own_side).map(Some) };
    let mut own = scope.known(of_own, Some(Ends::new()), None)?;
    if is_narrower(rule, source, at, scope) && scope.bound == Bound::Least {
        return Ok(None);
    }
    if let Some(family) = family.map(EndBox::holders) {
        peers = meet(&peers, &family);
        own = own.map(|own| meet(&own, &family));
    }
    Ok(action.map(|action| Meant { own, action, peers, ports: meant_ports }))
}

/// Whether it has conditions that no connection is known to fulfill.
fn is_narrower(rule: &RuleSpec<'_>, source: &Entity<'_>, at: At, scope: Scope<'_>) -> bool {
    let ports = listed(&source.ports).is_some() || listed(&source.not_ports).is_some();
    if ports {
        scope.doubt(format!("{at}.source.ports"), "ports of the end that opens the connection");
    }
    if rule.http.is_some() {
        scope.doubt(format!("{at}.http"), "what is said inside a connection");
    }
    ports || rule.http.is_some()
}

/// The family of a rule's packets: `ipVersion`, or that of its networks, those that it leaves out among them (§2.2).
fn family(rule: &RuleSpec<'_>, at: At) -> Result<Option<AddressSet>, Fault> {
    let ends = rule.source.iter().chain(&rule.destination);
    let networks = ends.flat_map(|end| end.nets.iter().chain(&end.not_nets)).flatten();
    let mut families = rule.ip_version.into_iter().chain(networks.map(|network| if network.contains(':') { 6 } else { 4 }));
    let first = families.next();
    if families.any(|other| Some(other) != first) {
        return wrong(at.to_string(), "a rule is of one family: IPv4 or IPv6");
    }
    match first {
        None => Ok(None),
        Some(4) => Ok(Some(AddressSet::all_v4())),
        Some(6) => Ok(Some(AddressSet::all_v6())),
        Some(other) => wrong(format!("{at}.ipVersion"), format!("{other} is none: 4 or 6")),
    }
}

/// The pods behind a Service; at the other end of egress, on the ports that it has there.
fn behind(
    services: &Services<'_>,
    entity: &Entity<'_>,
    side: Side,
    path: &str,
    scope: Scope<'_>,
    words: &mut Words,
    ports: &mut Ports,
) -> Result<Ends, Wrong> {
    if !(Entity { services: None, ports: None, not_ports: None, ..clone(entity) }).is_everyone() {
        return wrong(path, "Services stand with no other condition").map_err(Wrong::from);
    }
    let Some(namespace) = services.namespace.filter(|it| !it.is_empty()).or(scope.namespace) else {
        return wrong(format!("{path}.services"), "a global policy names the Service's namespace").map_err(Wrong::from);
    };
    let found = scope.inventory.services.get(&(words.word(namespace), words.word(services.name)));
    let Some(service) = found.filter(|service| !service.selector.is_empty()) else {
        return unclear(format!("{path}.services"), "no manifest says which pods are behind this Service");
    };
    if side == Side::Egress {
        let (mut set, mut named) = (PortSet::none(), SmallVec::new());
        for port in &service.ports {
            match &port.target {
                Target::Number(number) => set = set.union(&PortSet::range(port.protocol, *number, *number)),
                Target::Name(name) => named.push(NamedPort { name: name.clone(), protocol: Some(port.protocol) }),
            }
        }
        *ports = (set.intersection(&ports.0), named);
    }
    let pod = service.selector.iter().fold(Labels::any(), |all, (key, value)| all.and(key.clone(), Values::one_of([value.clone()])));
    let pods = PodBox { namespace: PodBox::namespace_called(words.word(namespace)), pod, ..PodBox::default() };
    Ok(Ends::from_iter([EndBox::pods(pods)]))
}

/// The conditions of an entity that exclude Services.
fn clone<'n>(entity: &Entity<'n>) -> Entity<'n> {
    Entity {
        nets: entity.nets.clone(),
        not_nets: entity.not_nets.clone(),
        selector: entity.selector,
        not_selector: entity.not_selector,
        namespace_selector: entity.namespace_selector,
        service_accounts: entity.service_accounts.as_ref().map(|_| super::Accounts { names: None, selector: None }),
        ..Entity::default()
    }
}
