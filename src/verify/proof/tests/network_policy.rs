//! Defects of NetworkPolicies.

use super::defects::{Defect, each, without};
use crate::manifest::network_policy::{NetworkPolicy, Operator, Peer, Port, Rule, Selector};
use crate::manifest::{Object, OneOrMore, Texts};
use crate::semantics::ports::Protocol;

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new("np: side lost", |all| policies(all, |it| sides(it, |rules| rules.is_some().then_some(None).into_iter().collect()))),
    Defect::new("np: side added", |all| policies(all, |it| sides(it, |rules| rules.is_none().then(|| Some(vec![])).into_iter().collect()))),
    Defect::new("np: every rule lost", |all| {
        policies(all, |it| sides(it, |rules| some(rules).map(|_| Some(vec![])).into_iter().collect()))
    }),
    Defect::new("np: rule lost", |all| policies(all, |it| sides(it, |rules| lists(rules, without)))),
    Defect::new("np: rule for everyone added", |all| policies(all, |it| sides(it, |rules| lists(rules, everyone)))),
    Defect::new("np: sides swapped", |all| policies(all, swapped)),
    Defect::new("np: rules on the other side", |all| policies(all, moved)),
    Defect::new("np: peers lost, so everyone", |all| {
        rules(all, |rule| changed(rule.peers.is_some(), || Rule { peers: None, ..rule.clone() }))
    }),
    Defect::new("np: ports lost, so every port", |all| {
        rules(all, |rule| changed(rule.ports.is_some(), || Rule { ports: None, ..rule.clone() }))
    }),
    Defect::new("np: peer lost", |all| peer_lists(all, without)),
    Defect::new("np: port lost", |all| port_lists(all, without)),
    Defect::new("np: port widened to its protocol", |all| {
        ports(all, |port| changed(port.range.is_some(), || Port { range: None, ..*port }))
    }),
    Defect::new("np: port off by one", |all| ports(all, |port| ranges(port, |low, high| (low + 1, high + 1)))),
    Defect::new("np: endPort one more", |all| ports(all, |port| ranges(port, |low, high| (low, high + 1)))),
    Defect::new("np: endPort one fewer", |all| {
        ports(all, |port| if port.range.is_some_and(|(low, high)| low < high) { ranges(port, |low, high| (low, high - 1)) } else { vec![] })
    }),
    Defect::new("np: protocol changed", |all| {
        ports(all, |port| vec![Port { protocol: if port.protocol == Protocol::Tcp { Protocol::Udp } else { Protocol::Tcp }, ..*port }])
    }),
    Defect::new("np: namespaceSelector lost", |all| {
        pods(all, |namespace, pods| namespace.is_some().then(|| (None, Some(pods.cloned().unwrap_or_default()))))
    }),
    Defect::new("np: namespaceSelector for every namespace", |all| {
        pods(all, |namespace, pods| namespace.filter(|it| **it != Selector::default()).map(|_| (Some(Selector::default()), pods.cloned())))
    }),
    Defect::new("np: podSelector of a peer lost", |all| {
        pods(all, |namespace, pods| {
            pods.filter(|it| **it != Selector::default()).map(|_| (Some(namespace.cloned().unwrap_or_default()), None))
        })
    }),
    Defect::new("np: podSelector of the policy lost", |all| {
        policies(all, |it| {
            changed(it.pod_selector != Selector::default(), || NetworkPolicy { pod_selector: Selector::default(), ..it.clone() })
        })
    }),
    Defect::new("np: label of a selector lost", |all| {
        selectors(all, |it| {
            let kept = |lost: &str| {
                it.labels.iter().filter(|(key, _)| *key != lost).map(|(key, value)| (key.to_owned(), value.to_owned())).collect::<Texts>()
            };
            it.labels.iter().map(|(key, _)| Selector { labels: kept(key), ..it.clone() }).collect()
        })
    }),
    Defect::new("np: label's value changed", |all| {
        selectors(all, |it| {
            let other = |changed: &str| {
                it.labels
                    .iter()
                    .map(|(key, value)| (key.to_owned(), if key == changed { format!("{value}-2") } else { value.to_owned() }))
                    .collect::<Texts>()
            };
            it.labels.iter().map(|(key, _)| Selector { labels: other(key), ..it.clone() }).collect()
        })
    }),
    Defect::new("np: expression lost", |all| expressions(all, without)),
    Defect::new("np: operator negated", |all| {
        expressions(all, |list| {
            each(list, |it| {
                let operator = match it.operator {
                    Operator::In => Operator::NotIn,
                    Operator::NotIn => Operator::In,
                    Operator::Exists => Operator::DoesNotExist,
                    Operator::DoesNotExist => Operator::Exists,
                };
                vec![crate::manifest::network_policy::Expression { operator, ..it.clone() }]
            })
        })
    }),
    Defect::new("np: value lost", |all| {
        expressions(all, |list| {
            each(list, |it| {
                if it.values.len() < 2 {
                    vec![]
                } else {
                    without(&it.values)
                        .into_iter()
                        .map(|values| crate::manifest::network_policy::Expression { values, ..it.clone() })
                        .collect()
                }
            })
        })
    }),
    Defect::new("np: network widened", |all| {
        blocks(all, |network, except| network.supernet().map(|wide| (wide, except.to_vec())).into_iter().collect())
    }),
    Defect::new("np: network narrowed", |all| {
        blocks(all, |network, except| {
            network
                .subnets(network.prefix_len() + 1)
                .into_iter()
                .flatten()
                .next()
                .map(|half| (half, except.iter().copied().filter(|net| half.contains(net) && half != *net).collect()))
                .into_iter()
                .collect()
        })
    }),
    Defect::new("np: except lost", |all| {
        blocks(all, |network, except| without(except).into_iter().map(|except| (network, except)).collect())
    }),
    Defect::new("np: except widened", |all| {
        blocks(all, |network, except| {
            each(except, |net| net.supernet().filter(|wide| network.contains(wide) && *wide != network).into_iter().collect())
                .into_iter()
                .map(|except| (network, except))
                .collect()
        })
    }),
];

fn some(rules: &Option<Vec<Rule>>) -> Option<&Vec<Rule>> {
    rules.as_ref().filter(|rules| !rules.is_empty())
}

fn changed<T>(applies: bool, other: impl FnOnce() -> T) -> Vec<T> {
    applies.then(other).into_iter().collect()
}

fn everyone(rules: &[Rule]) -> Vec<Vec<Rule>> {
    vec![rules.iter().cloned().chain([Rule { peers: None, ports: None }]).collect()]
}

fn swapped(it: &NetworkPolicy) -> Vec<NetworkPolicy> {
    changed(it.ingress != it.egress, || NetworkPolicy { ingress: it.egress.clone(), egress: it.ingress.clone(), ..it.clone() })
}

/// Rules of one side at the other, too.
fn moved(it: &NetworkPolicy) -> Vec<NetworkPolicy> {
    let (Some(ingress), Some(egress)) = (&it.ingress, &it.egress) else { return vec![] };
    let both = || [ingress.clone(), egress.clone()].concat();
    let mut found = changed(!egress.is_empty(), || NetworkPolicy { ingress: Some(both()), ..it.clone() });
    found.extend(changed(!ingress.is_empty(), || NetworkPolicy { egress: Some(both()), ..it.clone() }));
    found
}

fn ranges(port: &Port, other: impl Fn(u16, u16) -> (u16, u16)) -> Vec<Port> {
    port.range.filter(|(_, high)| *high < u16::MAX).map(|(low, high)| Port { range: Some(other(low, high)), ..*port }).into_iter().collect()
}

fn lists(rules: &Option<Vec<Rule>>, ways: impl Fn(&[Rule]) -> Vec<Vec<Rule>>) -> Vec<Option<Vec<Rule>>> {
    rules.iter().flat_map(|rules| ways(rules)).map(Some).collect()
}

fn policies(all: &[Object], ways: impl Fn(&NetworkPolicy) -> Vec<NetworkPolicy>) -> Vec<Vec<Object>> {
    each(all, |object| match object {
        Object::NetworkPolicy(policy) => ways(policy).into_iter().map(Object::NetworkPolicy).collect(),
        _ => vec![],
    })
}

fn sides(it: &NetworkPolicy, ways: impl Fn(&Option<Vec<Rule>>) -> Vec<Option<Vec<Rule>>>) -> Vec<NetworkPolicy> {
    let ingress = ways(&it.ingress).into_iter().map(|ingress| NetworkPolicy { ingress, ..it.clone() });
    let egress = ways(&it.egress).into_iter().map(|egress| NetworkPolicy { egress, ..it.clone() });
    ingress.chain(egress).collect()
}

fn rules(all: &[Object], ways: impl Fn(&Rule) -> Vec<Rule>) -> Vec<Vec<Object>> {
    policies(all, |it| sides(it, |side| lists(side, |rules| each(rules, &ways))))
}

/// An empty list is left to what stands for everyone.
fn peer_lists(all: &[Object], ways: impl Fn(&[Peer]) -> Vec<Vec<Peer>>) -> Vec<Vec<Object>> {
    rules(all, |rule| {
        let items: Vec<Peer> = rule.peers.iter().flat_map(OneOrMore::iter).cloned().collect();
        ways(&items).into_iter().filter_map(OneOrMore::new).map(|peers| Rule { peers: Some(peers), ..rule.clone() }).collect()
    })
}

fn port_lists(all: &[Object], ways: impl Fn(&[Port]) -> Vec<Vec<Port>>) -> Vec<Vec<Object>> {
    rules(all, |rule| {
        let items: Vec<Port> = rule.ports.iter().flat_map(OneOrMore::iter).copied().collect();
        ways(&items).into_iter().filter_map(OneOrMore::new).map(|ports| Rule { ports: Some(ports), ..rule.clone() }).collect()
    })
}

fn ports(all: &[Object], ways: impl Fn(&Port) -> Vec<Port>) -> Vec<Vec<Object>> {
    port_lists(all, |list| each(list, &ways))
}

/// Selectors of a peer's namespace and pods.
type Chosen = (Option<Selector>, Option<Selector>);

fn pods(all: &[Object], way: impl Fn(Option<&Selector>, Option<&Selector>) -> Option<Chosen>) -> Vec<Vec<Object>> {
    peer_lists(all, |list| {
        each(list, |peer| match peer {
            Peer::Pods { namespace, pods } => {
                way(namespace.as_ref(), pods.as_ref()).map(|(namespace, pods)| Peer::Pods { namespace, pods }).into_iter().collect()
            }
            Peer::Block { .. } => vec![],
        })
    })
}

fn blocks(all: &[Object], ways: impl Fn(ipnet::IpNet, &[ipnet::IpNet]) -> Vec<(ipnet::IpNet, Vec<ipnet::IpNet>)>) -> Vec<Vec<Object>> {
    peer_lists(all, |list| {
        each(list, |peer| match peer {
            Peer::Block { network, except } => {
                ways(*network, except).into_iter().map(|(network, except)| Peer::Block { network, except }).collect()
            }
            Peer::Pods { .. } => vec![],
        })
    })
}

/// Of policies and of peers.
fn selectors(all: &[Object], ways: impl Fn(&Selector) -> Vec<Selector>) -> Vec<Vec<Object>> {
    let own = |it: &NetworkPolicy| {
        ways(&it.pod_selector).into_iter().map(|pod_selector| NetworkPolicy { pod_selector, ..it.clone() }).collect::<Vec<_>>()
    };
    let of_peer = |peer: &Peer| match peer {
        Peer::Pods { namespace, pods } => {
            let namespaces = namespace.iter().flat_map(&ways).map(|it| Peer::Pods { namespace: Some(it), pods: pods.clone() });
            let of_pods = pods.iter().flat_map(&ways).map(|it| Peer::Pods { namespace: namespace.clone(), pods: Some(it) });
            namespaces.chain(of_pods).collect()
        }
        Peer::Block { .. } => vec![],
    };
    let mut found = policies(all, own);
    found.extend(peer_lists(all, |list| each(list, of_peer)));
    found
}

fn expressions<F>(all: &[Object], ways: F) -> Vec<Vec<Object>>
where
    F: Fn(&[crate::manifest::network_policy::Expression]) -> Vec<Vec<crate::manifest::network_policy::Expression>>,
{
    selectors(all, |it| ways(&it.expressions).into_iter().map(|expressions| Selector { expressions, ..it.clone() }).collect())
}
