//! Kubernetes' NetworkPolicy (network-targets.md §1.4): additive allows that isolate whom they select.

use smallvec::{SmallVec, smallvec};

use super::{DEFAULT_TIER, NETWORK_POLICY_ORDER, Place, Reader, Side, What};
use crate::manifest::network_policy::{NetworkPolicy, Operator, Peer, Port, Rule, Selector};
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::{Labels, Values};
use crate::semantics::pods::PodBox;
use crate::semantics::ports::PortSet;
use crate::verify::stack::{self, Action, Origin, Policy};
use crate::verify::tiers::NETWORK_POLICY;

impl Reader {
    pub(super) fn network_policy(&mut self, index: u32, policy: &NetworkPolicy) -> Result<(), What> {
        let Some(namespace) = &policy.metadata.namespace else { return Err(What::Field("metadata.namespace")) };
        let own = PodBox::namespace_called(namespace.as_str());
        let place = Place {
            order: NETWORK_POLICY_ORDER,
            name: policy.metadata.name.as_str().into(),
            namespace: namespace.as_str().into(),
            kind: NETWORK_POLICY,
        };
        let subjects = PodBox { namespace: own.clone(), pod: labels(&policy.pod_selector), ..PodBox::default() };
        for (side, rules) in [(Side::Ingress, &policy.ingress), (Side::Egress, &policy.egress)] {
            let Some(rules) = rules else { continue };
            let rules = (0..).zip(rules).map(|(at, rule)| read_rule(&own, Origin::Object { object: index, rule: Some(at) }, rule));
            let policy = Policy {
                origin: Origin::Object { object: index, rule: None },
                subjects: smallvec![EndBox::pods(subjects.clone())],
                rules: rules.collect(),
            };
            self.add(side, DEFAULT_TIER.0, &place, vec![policy])?;
        }
        Ok(())
    }
}

fn read_rule(own: &Labels, origin: Origin, rule: &Rule) -> stack::Rule {
    let peers: SmallVec<[EndBox; 1]> = match &rule.peers {
        None => EndBox::everyone().into_iter().collect(),
        Some(peers) => peers.iter().flat_map(|peer| read_peer(own, peer)).collect(),
    };
    let ports =
        rule.ports.as_ref().map_or_else(PortSet::all, |ports| ports.iter().fold(PortSet::none(), |all, port| all.union(&read_port(port))));
    stack::Rule { origin, action: Action::Allow, peers, ports, named: smallvec![], doubt: false }
}

fn read_peer(own: &Labels, peer: &Peer) -> SmallVec<[EndBox; 2]> {
    match peer {
        Peer::Pods { namespace, pods } => {
            let namespace = namespace.as_ref().map_or_else(|| own.clone(), labels);
            let pod = pods.as_ref().map_or_else(Labels::any, labels);
            smallvec![EndBox::pods(PodBox { namespace, pod, ..PodBox::default() })]
        }
        Peer::Block { network, except } => {
            let block = except.iter().fold(AddressSet::network(*network), |rest, net| rest.difference(&AddressSet::network(*net)));
            EndBox::holders(block).into_iter().collect()
        }
    }
}

fn read_port(port: &Port) -> PortSet {
    port.range.map_or_else(|| PortSet::protocol(port.protocol), |(low, high)| PortSet::range(port.protocol, low, high))
}

/// A LabelSelector: all of its tests.
fn labels(selector: &Selector) -> Labels {
    let equal = selector.labels.iter().fold(Labels::any(), |all, (key, value)| all.and(key, Values::one_of([value])));
    selector.expressions.iter().fold(equal, |all, test| {
        let values = match test.operator {
            Operator::In => Values::one_of(&test.values),
            Operator::NotIn => Values::none_of(&test.values),
            Operator::Exists => Values::present(),
            Operator::DoesNotExist => Values::absent(),
        };
        all.and(test.key.as_str(), values)
    })
}
