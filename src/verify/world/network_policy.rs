//! networking.k8s.io/v1 NetworkPolicy (network-targets.md §1), with the server's defaults.

use serde::Deserialize;
use smallvec::{SmallVec, smallvec};

use super::head::{Envelope, Head};
use super::label_selector::LabelSelector;
use super::reader::{Placed, Reader, Side};
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
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Spec<'n> {
    #[serde(borrow)]
    pod_selector: Option<LabelSelector<'n>>,
    policy_types: Option<Vec<&'n str>>,
    ingress: Option<Vec<IngressRule<'n>>>,
    egress: Option<Vec<EgressRule<'n>>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a rule")]
struct IngressRule<'n> {
    #[serde(borrow)]
    from: Option<Vec<Peer<'n>>>,
    ports: Option<Vec<Port<'n>>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a rule")]
struct EgressRule<'n> {
    #[serde(borrow)]
    to: Option<Vec<Peer<'n>>>,
    ports: Option<Vec<Port<'n>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a peer")]
struct Peer<'n> {
    #[serde(borrow)]
    pod_selector: Option<LabelSelector<'n>>,
    namespace_selector: Option<LabelSelector<'n>>,
    ip_block: Option<IpBlock<'n>>,
}

#[derive(Deserialize)]
#[serde(expecting = "an ipBlock")]
struct IpBlock<'n> {
    #[serde(default)]
    cidr: &'n str,
    except: Option<Vec<&'n str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a port")]
struct Port<'n> {
    #[serde(borrow)]
    protocol: Option<&'n str>,
    port: Option<NumberOrName<'n>>,
    end_port: Option<i64>,
}

/// A port by number or by name.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a port's number or name")]
enum NumberOrName<'n> {
    Number(i64),
    Name(&'n str),
}

/// Where a rule stands: shown only where something is wrong.
#[derive(Clone, Copy)]
struct At {
    /// `ingress` or `egress`.
    list: &'static str,
    rule: usize,
    /// `from` or `to`.
    peers: &'static str,
}

impl At {
    fn peer(self, index: usize, field: &str) -> String {
        format!("spec.{}[{}].{}[{index}]{field}", self.list, self.rule, self.peers)
    }

    fn port(self, index: usize, field: &str) -> String {
        format!("spec.{}[{}].ports[{index}]{field}", self.list, self.rule)
    }
}

/// Reads one, and hands its policies to the reader.
pub(super) fn read<'n>(reader: &mut Reader<'n>, head: &Head<'n>) -> Result<(), Fault> {
    named(head)?;
    let (object, unknown): (Envelope<Spec<'n>>, _) = typed(head.node, "")?;
    if let Some(field) = unknown.into_iter().next() {
        return wrong(field.path, "NetworkPolicy has no such field");
    }
    let spec = object.spec.unwrap_or_default();
    let (ingress, egress) = spec.types()?;
    let namespace = reader.namespace_called(head.own_namespace());
    let index = reader.object(head);
    let words = &mut reader.words;
    let selector = spec.pod_selector.unwrap_or_default();
    let pod = selector.labels(words, &|| "spec.podSelector".to_owned())?;
    let own = PodBox { namespace: namespace.clone(), pod, ..PodBox::default() };
    // Rules of a direction that the types leave out have no effect, but are checked.
    let ingress_rules = rules(&spec.ingress, |rule| (&rule.from, &rule.ports), ("ingress", "from"), &namespace, index, words)?;
    let egress_rules = rules(&spec.egress, |rule| (&rule.to, &rule.ports), ("egress", "to"), &namespace, index, words)?;
    let key = (words.word(head.name), words.word(head.own_namespace()));
    let subjects: SmallVec<[EndBox; 1]> = if own.is_empty() { smallvec![] } else { smallvec![EndBox::pods(own)] };
    let origin = Origin::Object { object: index, rule: None };
    for (side, applies, rules) in [(Side::Ingress, ingress, ingress_rules), (Side::Egress, egress, egress_rules)] {
        if applies {
            let policy = Policy { origin, subjects: subjects.clone(), rules };
            reader.place(Placed::network_policy(key.clone(), side, policy));
        }
    }
    Ok(())
}

/// Its name and namespace.
fn named(head: &Head<'_>) -> Result<(), Fault> {
    if !valid::is_subdomain(head.name) {
        return wrong("metadata.name", format!("`{}` is no name of a NetworkPolicy", head.name));
    }
    // Where none is written, kubectl takes that of its context; in a dump there always is one.
    if !head.namespace.is_empty() && !valid::is_label(head.namespace) {
        return wrong("metadata.namespace", format!("`{}` is no name of a namespace", head.namespace));
    }
    Ok(())
}

impl Spec<'_> {
    /// Whether it is about ingress, and about egress: without `policyTypes`, about ingress, and about egress if it has rules of it.
    fn types(&self) -> Result<(bool, bool), Fault> {
        let types = self.policy_types.as_deref().unwrap_or_default();
        if types.len() > 2 {
            return wrong("spec.policyTypes", "there are two types at most");
        }
        if let Some((index, other)) = types.iter().enumerate().find(|(_, it)| !matches!(**it, "Ingress" | "Egress")) {
            return wrong(format!("spec.policyTypes[{index}]"), format!("`{other}` is no type: Ingress or Egress"));
        }
        if types.is_empty() {
            return Ok((true, self.egress.as_ref().is_some_and(|rules| !rules.is_empty())));
        }
        Ok((types.contains(&"Ingress"), types.contains(&"Egress")))
    }
}

fn rules<'n, R>(
    rules: &Option<Vec<R>>,
    parts: impl Fn(&R) -> (&Option<Vec<Peer<'n>>>, &Option<Vec<Port<'n>>>),
    (list, peers): (&'static str, &'static str),
    namespace: &Labels,
    object: u32,
    words: &mut Words,
) -> Result<Vec<Rule>, Fault> {
    let one = |(index, rule): (usize, &R)| {
        let at = At { list, rule: index, peers };
        let (peers, ports) = parts(rule);
        let (ports, named) = all_ports(ports.as_deref().unwrap_or_default(), at, words)?;
        let peers = all_peers(peers.as_deref().unwrap_or_default(), at, namespace, words)?;
        let origin = Origin::Object { object, rule: u32::try_from(index).ok() };
        Ok(Rule { origin, action: Action::Allow, peers, ports, named, doubt: false })
    };
    rules.iter().flatten().enumerate().map(one).collect()
}

/// No list and an empty one are every peer.
fn all_peers(peers: &[Peer<'_>], at: At, namespace: &Labels, words: &mut Words) -> Result<SmallVec<[EndBox; 1]>, Fault> {
    if peers.is_empty() {
        return Ok(EndBox::everyone().into_iter().collect());
    }
    let mut ends = smallvec![];
    // Networks of one rule are one set: a list of a thousand is no thousand peers.
    let mut networks = Vec::new();
    for (index, peer) in peers.iter().enumerate() {
        match (&peer.ip_block, &peer.pod_selector, &peer.namespace_selector) {
            (None, None, None) => return wrong(at.peer(index, ""), "a peer needs a selector or an ipBlock"),
            (None, pods, namespaces) => {
                let pod = match pods {
                    Some(selector) => selector.labels(words, &|| at.peer(index, ".podSelector"))?,
                    None => Labels::any(),
                };
                let namespace = match namespaces {
                    Some(selector) => selector.labels(words, &|| at.peer(index, ".namespaceSelector"))?,
                    None => namespace.clone(),
                };
                ends.push(EndBox::pods(PodBox { namespace, pod, ..PodBox::default() }));
            }
            (Some(block), None, None) => networks.push(block.addresses(at, index)?),
            _ => return wrong(at.peer(index, ""), "an ipBlock stands alone in its peer"),
        }
    }
    ends.extend(EndBox::holders(AddressSet::union_all(networks)));
    ends.retain(|end: &mut EndBox| !end.is_empty());
    Ok(ends)
}

impl IpBlock<'_> {
    fn addresses(&self, at: At, index: usize) -> Result<AddressSet, Fault> {
        let whole = valid::network(self.cidr, || at.peer(index, ".ipBlock.cidr"))?;
        let mut set = AddressSet::network(whole);
        for (place, text) in self.except.iter().flatten().enumerate() {
            let path = || at.peer(index, &format!(".ipBlock.except[{place}]"));
            let except = valid::network(text, path)?;
            if !whole.contains(&except) || except.prefix_len() <= whole.prefix_len() {
                return wrong(path(), format!("`{text}` is not strictly inside `{}`", self.cidr));
            }
            set = set.difference(&AddressSet::network(except));
        }
        Ok(set)
    }
}

/// No list and an empty one are every port of every protocol.
fn all_ports(ports: &[Port<'_>], at: At, words: &mut Words) -> Result<(PortSet, SmallVec<[NamedPort; 0]>), Fault> {
    if ports.is_empty() {
        return Ok((PortSet::all(), smallvec![]));
    }
    let (mut set, mut named) = (PortSet::none(), smallvec![]);
    for (index, port) in ports.iter().enumerate() {
        let protocol = match port.protocol {
            Some(name) if !name.is_empty() => valid::protocol(name, || at.port(index, ".protocol"))?,
            _ => Protocol::Tcp,
        };
        let path = || at.port(index, ".port");
        let last = || at.port(index, ".endPort");
        match (&port.port, port.end_port) {
            (None, None) => set = set.union(&PortSet::protocol(protocol)),
            (Some(NumberOrName::Number(number)), end) => {
                let low = valid::port_number(*number, path)?;
                set = set.union(&valid::range(protocol, low, end.unwrap_or(i64::from(low)), last)?);
            }
            (Some(NumberOrName::Name(name)), None) => {
                valid::port_name(name, path)?;
                named.push(NamedPort { name: words.word(name), protocol: Some(protocol) });
            }
            (None | Some(NumberOrName::Name(_)), Some(_)) => return wrong(last(), "endPort needs a port's number beside it"),
        }
    }
    Ok((set, named))
}
