//! What a proof takes for true: nobody can know it from the policy alone.

use crate::ir::Cluster;
use crate::ir::cluster::Range;

/// Something a proof rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assumption {
    /// A stable name, in kebab case.
    pub name: &'static str,
    /// What is taken for true, as one sentence.
    pub text: &'static str,
}

const OTHER_POLICIES: Assumption =
    Assumption { name: "other-policies", text: "No other network policy selects these pods: one could open what this one closes." };
const EARLIER_TIERS: Assumption = Assumption {
    name: "earlier-tiers",
    text: "No tier of Calico stands before `polc`, and no policy of the tier `default` has an order below 1000: what they decide is decided.",
};
const NODES: Assumption = Assumption {
    name: "nodes",
    text: "A pod's own node reaches it, and a node's address may carry anyone's traffic: no network policy stops that.",
};
const NODES_LOCAL: Assumption =
    Assumption { name: "nodes", text: "A pod's own node reaches it, and what runs in its network: no network policy stops that." };
const HOST_NETWORK: Assumption =
    Assumption { name: "host-network", text: "Pods in the network of their node are not among `pods`: selectors do not see them." };
const OTHER_PROTOCOLS: Assumption = Assumption {
    name: "other-protocols",
    text: "NetworkPolicy leaves open what becomes of protocols other than TCP, UDP and SCTP: each network plugin decides it.",
};
const POD_RANGE: Assumption = Assumption {
    name: "pod-range",
    text: "The cluster states no range of pods: an address is taken as the network plugin takes it, whether a pod holds it or not.",
};

/// What a proof for this cluster takes for true.
pub(super) fn of(cluster: &Cluster) -> Vec<Assumption> {
    let calico = cluster.calico.is_some();
    let mut all = vec![OTHER_POLICIES];
    all.extend(calico.then_some(EARLIER_TIERS));
    all.push(if cluster.external_traffic_local { NODES_LOCAL } else { NODES });
    all.push(HOST_NETWORK);
    all.extend((!calico).then_some(OTHER_PROTOCOLS));
    all.extend((!matches!(cluster.pods, Range::Stated(_))).then_some(POD_RANGE));
    all
}
