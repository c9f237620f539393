//! policy.networking.k8s.io: ClusterNetworkPolicy, and the AdminNetworkPolicy and
//! BaselineAdminNetworkPolicy before it (network-targets.md §4).

use serde::Deserialize;
use serde::de::IgnoredAny;
use smallvec::SmallVec;

use super::Reach;
use super::head::{Envelope, Head};
use super::label_selector::LabelSelector;
use super::reader::{Placed, Reader, Side, ends};
use super::valid::{self, wrong};
use super::words::Words;
use crate::manifest::tree::{Fault, typed};
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::Labels;
use crate::semantics::pods::PodBox;
use crate::semantics::ports::{PortSet, Protocol};
use crate::verify::stack::{Action, NamedPort, Origin, Policy, Rule};

#[derive(Deserialize, Default)]
#[serde(expecting = "an object")]
struct Spec<'n> {
    #[serde(borrow)]
    tier: Option<&'n str>,
    priority: Option<i64>,
    subject: Option<Pods<'n>>,
    ingress: Option<Vec<RuleSpec<'n>>>,
    egress: Option<Vec<RuleSpec<'n>>>,
}

/// A rule; `from` of ingress, `to` of egress; `ports` of the older kinds, `protocols` of the newer.
#[derive(Deserialize)]
#[serde(expecting = "a rule")]
struct RuleSpec<'n> {
    #[serde(rename = "name")]
    _name: Option<IgnoredAny>,
    #[serde(default, borrow)]
    action: &'n str,
    from: Option<Vec<Peer<'n>>>,
    to: Option<Vec<Peer<'n>>>,
    ports: Option<Vec<OldPort<'n>>>,
    protocols: Option<Vec<NewPort<'n>>>,
}

/// Pods, by their namespaces alone or by both.
#[derive(Deserialize)]
#[serde(expecting = "a subject")]
struct Pods<'n> {
    #[serde(borrow)]
    namespaces: Option<LabelSelector<'n>>,
    pods: Option<PodsOf<'n>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct PodsOf<'n> {
    #[serde(borrow)]
    namespace_selector: Option<LabelSelector<'n>>,
    pod_selector: Option<LabelSelector<'n>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a peer")]
struct Peer<'n> {
    #[serde(borrow)]
    namespaces: Option<LabelSelector<'n>>,
    pods: Option<PodsOf<'n>>,
    networks: Option<Vec<&'n str>>,
    nodes: Option<IgnoredAny>,
    domain_names: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a port")]
struct OldPort<'n> {
    #[serde(borrow)]
    port_number: Option<OldNumber<'n>>,
    port_range: Option<OldRange<'n>>,
    named_port: Option<&'n str>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct OldNumber<'n> {
    #[serde(borrow)]
    protocol: Option<&'n str>,
    #[serde(default)]
    port: i64,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct OldRange<'n> {
    #[serde(borrow)]
    protocol: Option<&'n str>,
    #[serde(default)]
    start: i64,
    #[serde(default)]
    end: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a protocol")]
struct NewPort<'n> {
    tcp: Option<Transport>,
    udp: Option<Transport>,
    sctp: Option<Transport>,
    #[serde(borrow)]
    destination_named_port: Option<&'n str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Transport {
    destination_port: Option<NewNumber>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct NewNumber {
    number: Option<i64>,
    range: Option<NewRange>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct NewRange {
    #[serde(default)]
    start: i64,
    #[serde(default)]
    end: i64,
}

/// A field that the model does not cover.
struct Doubt {
    field: String,
    why: &'static str,
    /// Who may be meant at most.
    most: Vec<EndBox>,
}

/// Reads one, and hands its policies to the reader.
pub(super) fn read<'n>(reader: &mut Reader<'n>, head: &Head<'n>) -> Result<(), Fault> {
    let (object, unknown): (Envelope<Spec<'n>>, _) = typed(head.node, "")?;
    let spec = object.spec.unwrap_or_default();
    let (tier, order) = place(head, &spec)?;
    let Some(subject) = &spec.subject else { return wrong("spec.subject", "a policy needs a subject") };
    let subjects = pods(&subject.namespaces, &subject.pods, &mut reader.words, &|| "spec.subject".to_owned())?;
    let Some(subjects) = subjects else { return wrong("spec.subject", "a subject is `namespaces` or `pods`") };
    let subjects = ends([subjects]);
    let reach = |side: Option<Side>| Reach {
        ingress: side != Some(Side::Egress),
        egress: side != Some(Side::Ingress),
        subjects: subjects.clone(),
        closes: false,
    };
    for field in unknown {
        reader.not_understood(head, &field.path, "a field that this version does not have", reach(None));
    }
    let index = reader.object(head);
    // All of it is read before any of it counts: an object that is refused is not there.
    let mut placed = Vec::new();
    for (side, list, rules) in [(Side::Ingress, "ingress", &spec.ingress), (Side::Egress, "egress", &spec.egress)] {
        let mut read_rules = Vec::new();
        for (at, rule) in rules.iter().flatten().enumerate() {
            let path = format!("spec.{list}[{at}]");
            let origin = Origin::Object { object: index, rule: u32::try_from(at).ok() };
            let (rule, doubt) = read_rule(rule, side, origin, &path, head, &mut reader.words)?;
            let in_doubt = doubt.map(|Doubt { field, why, most }| {
                reader.rule_in_doubt(head, &field, why, reach(Some(side)), u32::try_from(at).ok());
                Rule { peers: most.into(), doubt: true, ..rule.clone() }
            });
            let sure = Some(rule).filter(|rule| in_doubt.is_none() || !rule.peers.is_empty());
            read_rules.extend(sure.into_iter().chain(in_doubt));
        }
        if rules.as_ref().is_some_and(|rules| !rules.is_empty()) {
            let origin = Origin::Object { object: index, rule: None };
            let policy = Policy { origin, subjects: subjects.clone(), rules: read_rules };
            placed.push(Placed::cluster(head, side, tier, order, policy));
        }
    }
    placed.into_iter().for_each(|placed| reader.place(placed));
    Ok(())
}

/// Its tier and its order there.
fn place(head: &Head<'_>, spec: &Spec<'_>) -> Result<(&'static str, f64), Fault> {
    if head.kind == "BaselineAdminNetworkPolicy" {
        return Ok(("kube-baseline", 0.0));
    }
    let tier = match (head.kind, spec.tier) {
        ("AdminNetworkPolicy", _) | (_, Some("Admin")) => "kube-admin",
        (_, Some("Baseline")) => "kube-baseline",
        _ => return wrong("spec.tier", "a tier is Admin or Baseline"),
    };
    match spec.priority {
        Some(priority @ 0..=1000) => Ok((tier, f64::from(i32::try_from(priority).unwrap_or_default()))),
        _ => wrong("spec.priority", "a priority is 0 to 1000"),
    }
}

fn pods(
    namespaces: &Option<LabelSelector<'_>>,
    pods: &Option<PodsOf<'_>>,
    words: &mut Words,
    path: &dyn Fn() -> String,
) -> Result<Option<PodBox>, Fault> {
    let mut labels = |selector: &Option<LabelSelector<'_>>, field: &str| match selector {
        Some(selector) => selector.labels(words, &|| format!("{}.{field}", path())),
        None => Ok(Labels::any()),
    };
    match (namespaces, pods) {
        (Some(_), None) => Ok(Some(PodBox { namespace: labels(namespaces, "namespaces")?, ..PodBox::default() })),
        (None, Some(of)) => {
            let namespace = labels(&of.namespace_selector, "pods.namespaceSelector")?;
            Ok(Some(PodBox { namespace, pod: labels(&of.pod_selector, "pods.podSelector")?, ..PodBox::default() }))
        }
        (Some(_), Some(_)) => wrong(path(), "`namespaces` and `pods` exclude one another"),
        (None, None) => Ok(None),
    }
}

/// A rule as far as its peers are known, and what else they may be.
fn read_rule(
    rule: &RuleSpec<'_>,
    side: Side,
    origin: Origin,
    path: &str,
    head: &Head<'_>,
    words: &mut Words,
) -> Result<(Rule, Option<Doubt>), Fault> {
    let action = match (rule.action, head.kind) {
        ("Accept", "ClusterNetworkPolicy") | ("Allow", "AdminNetworkPolicy" | "BaselineAdminNetworkPolicy") => Action::Allow,
        ("Deny", _) => Action::Deny,
        ("Pass", "ClusterNetworkPolicy" | "AdminNetworkPolicy") => Action::Pass,
        (other, kind) => return wrong(format!("{path}.action"), format!("`{other}` is no action of {kind}")),
    };
    let (list, field) = match side {
        Side::Ingress => (&rule.from, "from"),
        Side::Egress => (&rule.to, "to"),
    };
    let listed = list.as_deref().unwrap_or_default();
    if listed.is_empty() {
        return wrong(format!("{path}.{field}"), "a rule needs peers");
    }
    let (mut peers, mut doubt) = (SmallVec::new(), None);
    for (index, peer) in listed.iter().enumerate() {
        match read_peer(peer, side, &format!("{path}.{field}[{index}]"), words)? {
            Ok(found) => peers.extend(found.into_iter().filter(|end: &EndBox| !end.is_empty())),
            Err(other) => {
                let most = doubt.take().into_iter().flat_map(|doubt: Doubt| doubt.most).chain(other.most.clone()).collect();
                doubt = Some(Doubt { most, ..other });
            }
        }
    }
    let (ports, named) = match (&rule.ports, &rule.protocols) {
        (Some(ports), _) if !ports.is_empty() => old_ports(ports, path, words)?,
        (_, Some(protocols)) if !protocols.is_empty() => new_ports(protocols, path, words)?,
        _ => (PortSet::all(), SmallVec::new()),
    };
    Ok((Rule { origin, action, peers, ports, named, doubt: false }, doubt))
}

fn read_peer(peer: &Peer<'_>, side: Side, path: &str, words: &mut Words) -> Result<Result<Vec<EndBox>, Doubt>, Fault> {
    if peer.nodes.is_some() {
        let most = vec![EndBox::Outside(AddressSet::all())];
        return Ok(Err(Doubt { field: format!("{path}.nodes"), why: "nodes as peers", most }));
    }
    if peer.domain_names.is_some() {
        let most = EndBox::everyone().to_vec();
        return Ok(Err(Doubt { field: format!("{path}.domainNames"), why: "names of the DNS as peers", most }));
    }
    let chosen = pods(&peer.namespaces, &peer.pods, words, &|| path.to_owned())?;
    match (chosen, &peer.networks) {
        (Some(pods), None) => Ok(Ok(vec![EndBox::pods(pods)])),
        (None, Some(_)) if side == Side::Ingress => wrong(format!("{path}.networks"), "networks are peers of egress alone"),
        (None, Some(networks)) => {
            let mut all = AddressSet::none();
            for (index, text) in networks.iter().enumerate() {
                all = all.union(&AddressSet::network(valid::network(text, || format!("{path}.networks[{index}]"))?));
            }
            Ok(Ok(EndBox::holders(all).into_iter().collect()))
        }
        (Some(_), Some(_)) => wrong(path, "a peer is one thing"),
        // A field that is unknown here was said already; a peer without any is refused by the server.
        (None, None) => {
            let most = EndBox::everyone().to_vec();
            Ok(Err(Doubt { field: path.to_owned(), why: "a peer of a kind that is not known", most }))
        }
    }
}

type Ports = (PortSet, SmallVec<[NamedPort; 0]>);

fn old_ports(list: &[OldPort<'_>], path: &str, words: &mut Words) -> Result<Ports, Fault> {
    let (mut set, mut named) = (PortSet::none(), SmallVec::new());
    for (index, port) in list.iter().enumerate() {
        let at = |field: &str| format!("{path}.ports[{index}].{field}");
        let protocol = |name: Option<&str>, field: &str| match name {
            None | Some("") => Ok(Protocol::Tcp),
            Some(name) => valid::protocol(name, || at(field)),
        };
        match (&port.port_number, &port.port_range, port.named_port) {
            (Some(it), None, None) => {
                let number = valid::port_number(it.port, || at("portNumber"))?;
                set = set.union(&PortSet::range(protocol(it.protocol, "portNumber.protocol")?, number, number));
            }
            (None, Some(it), None) => {
                let low = valid::port_number(it.start, || at("portRange"))?;
                set = set.union(&valid::range(protocol(it.protocol, "portRange.protocol")?, low, it.end, || at("portRange"))?);
            }
            (None, None, Some(name)) => named.push(NamedPort { name: words.word(name), protocol: None }),
            _ => return wrong(format!("{path}.ports[{index}]"), "a port is one of portNumber, portRange and namedPort"),
        }
    }
    Ok((set, named))
}

fn new_ports(list: &[NewPort<'_>], path: &str, words: &mut Words) -> Result<Ports, Fault> {
    let (mut set, mut named) = (PortSet::none(), SmallVec::new());
    for (index, port) in list.iter().enumerate() {
        let at = || format!("{path}.protocols[{index}]");
        let transports = [(Protocol::Tcp, &port.tcp), (Protocol::Udp, &port.udp), (Protocol::Sctp, &port.sctp)];
        let given: Vec<_> = transports.iter().filter_map(|(protocol, it)| it.as_ref().map(|it| (*protocol, it))).collect();
        match (given.as_slice(), port.destination_named_port) {
            ([(protocol, transport)], None) => set = set.union(&transport.ports(*protocol, &at)?),
            ([], Some(name)) => named.push(NamedPort { name: words.word(name), protocol: None }),
            _ => return wrong(at(), "a protocol is one of tcp, udp, sctp and destinationNamedPort"),
        }
    }
    Ok((set, named))
}

impl Transport {
    fn ports(&self, protocol: Protocol, at: &dyn Fn() -> String) -> Result<PortSet, Fault> {
        let Some(port) = &self.destination_port else { return Ok(PortSet::protocol(protocol)) };
        match (port.number, &port.range) {
            (Some(number), None) => {
                let number = valid::port_number(number, at)?;
                Ok(PortSet::range(protocol, number, number))
            }
            (None, Some(range)) => valid::range(protocol, valid::port_number(range.start, at)?, range.end, at),
            _ => wrong(at(), "a port is a number or a range"),
        }
    }
}
