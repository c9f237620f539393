//! A plain reading of the language, on concrete pods: what §4 says, word by word, and nothing
//! of how it is compiled.

use std::net::IpAddr;

use super::policy::{Block, Flow, Isolation, Peer, PeerList, Policy, Port, Selector, Sentence, Test};
use super::world::{End, Pod, Probe, World};

/// Whether a connection passes: both sides let it, and no deny matches.
pub(crate) fn passes(world: &World, policy: &Policy, probe: &Probe) -> bool {
    let reading = Reading { world, policy, probe, source: &world.ends[probe.source], destination: &world.ends[probe.destination] };
    !reading.flows().any(|(block, flow)| flow.deny && reading.covers(block, flow))
        && reading.side_lets(Side::Egress)
        && reading.side_lets(Side::Ingress)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Ingress,
    Egress,
}

struct Reading<'a> {
    world: &'a World,
    policy: &'a Policy,
    probe: &'a Probe,
    source: &'a End,
    destination: &'a End,
}

/// A peer that is no list, and what the lists that it comes from leave out.
struct Member<'p> {
    peer: &'p Peer,
    except: Vec<&'p Peer>,
}

impl<'a> Reading<'a> {
    fn flows(&self) -> impl Iterator<Item = (&'a Block, &'a Flow)> {
        self.policy.blocks.iter().flat_map(|block| {
            block.sentences.iter().filter_map(move |sentence| match sentence {
                Sentence::Flow(flow) => Some((block, flow)),
                Sentence::Isolate(_) => None,
            })
        })
    }

    /// An address outside has no side. A pod's side lets a connection unless the pod is isolated
    /// there and nothing opens it.
    fn side_lets(&self, side: Side) -> bool {
        let end = if side == Side::Egress { self.source } else { self.destination };
        let Some(pod) = &end.pod else { return true };
        let isolations: Vec<&Isolation> = self.isolations(pod, end, side);
        let asks = side == Side::Egress && isolations.iter().all(|isolation| !isolation.without_dns);
        isolations.is_empty()
            || (asks && self.is_dns())
            || self.flows().any(|(block, flow)| !flow.deny && self.covers(block, flow) && self.opens(block, flow, side))
    }

    fn isolations(&self, pod: &Pod, end: &End, side: Side) -> Vec<&'a Isolation> {
        let on_side = |isolation: &&Isolation| if side == Side::Ingress { isolation.ingress } else { isolation.egress };
        let mut found = Vec::new();
        for block in &self.policy.blocks {
            let own = block.namespace == Some(pod.namespace);
            found.extend(block.header.iter().filter(|_| own));
            found.extend(block.sentences.iter().filter_map(|sentence| match sentence {
                Sentence::Isolate(isolation) => {
                    isolation.subject.as_ref().is_some_and(|list| self.in_list(list, end, true)).then_some(isolation)
                }
                Sentence::Flow(_) => None,
            }));
        }
        found.into_iter().filter(on_side).collect()
    }

    /// Asking a name server: pods that are isolated may, and servers that are isolated answer.
    fn is_dns(&self) -> bool {
        let server = self.destination.pod.as_ref();
        server.is_some_and(|pod| pod.namespace == "kube-system" && pod.labels.get("k8s-app") == Some(&"kube-dns"))
            && self.probe.port == 53
            && self.probe.protocol != "SCTP"
    }

    /// Whether a flow means this connection.
    fn covers(&self, _: &Block, flow: &Flow) -> bool {
        self.in_list(&flow.sources, self.source, flow.deny) && self.destination_peers(flow).next().is_some()
    }

    /// The destinations, lists replaced by their members, that hold this end on this port, if no
    /// exception takes it out.
    fn destination_peers<'f>(&'f self, flow: &'f Flow) -> impl Iterator<Item = &'f Peer> {
        let excepted = flow.destinations.except.iter().any(|peer| self.is_in(peer, self.destination, true));
        let members = flow.destinations.list.iter().flat_map(|peer| self.members(peer));
        let hit = move |member: &Member<'_>| {
            !excepted && self.is_member(member, self.destination, flow.deny) && self.port_matches(member.peer, flow)
        };
        members.filter(hit).map(|member| member.peer).collect::<Vec<_>>().into_iter()
    }

    fn port_matches(&self, peer: &Peer, flow: &Flow) -> bool {
        let Probe { protocol, port, .. } = *self.probe;
        if flow.ports.0.is_empty() {
            let declares = matches!(peer, Peer::Workload(_, "w1"));
            return flow.deny || !declares || (protocol, port) == ("TCP", 80) || (protocol, port) == ("UDP", 53);
        }
        flow.ports.0.iter().any(|wanted| match wanted {
            Port::Numbers(name, low, high) => {
                let right = match name {
                    Some(name) => name.eq_ignore_ascii_case(protocol),
                    None => flow.deny || protocol == "TCP",
                };
                right && (*low..=*high).contains(&port)
            }
            Port::Icmp => protocol == "ICMP",
            // Only the workloads called `w1` declare ports, and kube-system declares no workload.
            Port::Name(name) => {
                let declared = self.destination.pod.as_ref().is_some_and(|pod| pod.namespace != "kube-system" && is_workload(pod, "w1"));
                let (number, of) = if *name == "http" { (80, "TCP") } else { (53, "UDP") };
                declared && port == number && (flow.deny || protocol == of)
            }
        })
    }

    /// Whether the flow opens the side of this connection's end: the ends it names, no others.
    fn opens(&self, block: &Block, flow: &Flow, side: Side) -> bool {
        let named = |peer: &Peer| match block.namespace {
            None => true,
            Some(_) => matches!(peer, Peer::Workload(..) | Peer::Pods(..) | Peer::Account(..)),
        };
        match side {
            Side::Egress => {
                let mut members = flow.sources.list.iter().flat_map(|peer| self.members(peer));
                members.any(|member| named(member.peer) && self.is_member(&member, self.source, flow.deny))
            }
            Side::Ingress => self.destination_peers(flow).any(named),
        }
    }

    fn in_list(&self, list: &PeerList, end: &End, wide: bool) -> bool {
        list.list.iter().any(|peer| self.is_in(peer, end, wide)) && !list.except.iter().any(|peer| self.is_in(peer, end, true))
    }

    fn is_in(&self, peer: &Peer, end: &End, wide: bool) -> bool {
        self.members(peer).iter().any(|member| self.is_member(member, end, wide))
    }

    /// What a list takes out of itself is taken as written, whoever holds an address.
    fn is_member(&self, member: &Member<'_>, end: &End, wide: bool) -> bool {
        self.holds(member.peer, end, wide) && !member.except.iter().any(|peer| self.is_in(peer, end, true))
    }

    /// What a peer stands for: itself, or a declared list's members less what the list leaves out.
    fn members<'p>(&'p self, peer: &'p Peer) -> Vec<Member<'p>> {
        let Peer::List(at) = peer else { return vec![Member { peer, except: Vec::new() }] };
        let list = &self.policy.lists[*at];
        let mut members: Vec<Member<'_>> = list.list.iter().flat_map(|peer| self.members(peer)).collect();
        members.iter_mut().for_each(|member| member.except.extend(&list.except));
        members
    }

    /// `wide`: addresses mean whoever holds them; else only those outside the cluster.
    fn holds(&self, peer: &Peer, end: &End, wide: bool) -> bool {
        let pod = end.pod.as_ref();
        let labels = |pod: &Pod, selector: &Selector| selector.0.iter().all(|(key, test)| holds(test, pod.labels.get(key).copied()));
        match peer {
            Peer::Workload(namespace, name) => pod.is_some_and(|pod| pod.namespace == *namespace && is_workload(pod, name)),
            Peer::Account(namespace, name) => pod.is_some_and(|pod| pod.namespace == *namespace && pod.account == *name),
            Peer::Pods(namespace, selector) => pod.is_some_and(|pod| pod.namespace == *namespace && labels(pod, selector)),
            Peer::AnyPods(selector) => pod.is_some_and(|pod| labels(pod, selector)),
            Peer::Namespaces(wanted, selector) => pod.is_some_and(|pod| {
                let own = &self.world.namespaces[pod.namespace];
                wanted.0.iter().all(|(key, test)| holds(test, own.get(key).copied())) && labels(pod, selector)
            }),
            Peer::Address(text) => (wide || pod.is_none()) && end.address(self.probe.family).is_some_and(|it| in_network(text, it)),
            Peer::Internet => pod.is_none() && end.address(self.probe.family).is_some_and(is_internet),
            Peer::Anywhere => true,
            Peer::List(_) => unreachable!("a list stands for its members"),
        }
    }
}

fn is_workload(pod: &Pod, name: &str) -> bool {
    let tier = pod.labels.get("tier");
    pod.labels.get("app") == Some(&name) && (name != "w2" || tier == Some(&"x") || tier == Some(&"y"))
}

fn holds(test: &Test, value: Option<&str>) -> bool {
    match test {
        Test::Is(values) => value.is_some_and(|value| values.contains(&value)),
        Test::IsNot(values) => !value.is_some_and(|value| values.contains(&value)),
        Test::Has => value.is_some(),
        Test::Lacks => value.is_none(),
    }
}

/// Of the addresses outside that the world has, those of the internet.
fn is_internet(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => [203, 198].contains(&v4.octets()[0]),
        IpAddr::V6(v6) => [0x2001, 0x2600].contains(&v6.segments()[0]),
    }
}

fn in_network(text: &str, address: IpAddr) -> bool {
    let (base, bits) = text.split_once('/').map_or((text, None), |(base, bits)| (base, Some(bits)));
    let base: IpAddr = base.parse().expect("an address");
    let of_all = |address: IpAddr| match address {
        IpAddr::V4(v4) => (32, u128::from(v4.to_bits())),
        IpAddr::V6(v6) => (128, v6.to_bits()),
    };
    let ((width, base), (other, address)) = (of_all(base), of_all(address));
    let left_out: u32 = width - bits.map_or(width, |bits| bits.parse().expect("a length"));
    width == other && base.checked_shr(left_out).unwrap_or(0) == address.checked_shr(left_out).unwrap_or(0)
}
