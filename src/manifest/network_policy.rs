//! networking.k8s.io/v1 NetworkPolicy.

use ipnet::IpNet;

use super::{Metadata, OneOrMore, Texts};
use crate::semantics::ports::Protocol;

/// A NetworkPolicy. `policyTypes` is always written: the API server's default would
/// isolate a side that was not meant, or not isolate one that was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkPolicy {
    /// Name and namespace.
    pub metadata: Metadata,
    /// Whose pods.
    pub pod_selector: Selector,
    /// Rules for connections to them; none: `Ingress` is not among the types.
    pub ingress: Option<Vec<Rule>>,
    /// Rules for connections they open; none: `Egress` is not among the types.
    pub egress: Option<Vec<Rule>>,
}

/// A LabelSelector.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Selector {
    /// `matchLabels`.
    pub labels: Texts,
    /// `matchExpressions`.
    pub expressions: Vec<Expression>,
}

/// An item of `matchExpressions`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expression {
    /// The label's key.
    pub key: String,
    /// `In`, `NotIn`, `Exists`, `DoesNotExist`.
    pub operator: Operator,
    /// Values, for `In` and `NotIn` alone.
    pub values: Vec<String>,
}

/// The operators of a LabelSelector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the word itself")]
pub enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

/// One rule: any of the peers, on any of the ports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// `from` or `to`; none: everyone (the key is not written).
    pub peers: Option<OneOrMore<Peer>>,
    /// None: every port of every protocol (the key is not written).
    pub ports: Option<OneOrMore<Port>>,
}

/// One peer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// Pods; at least one of the two selectors is there.
    Pods {
        /// None: the policy's own namespace.
        namespace: Option<Selector>,
        /// None: every pod.
        pods: Option<Selector>,
    },
    /// `ipBlock`.
    Block {
        /// The network.
        network: IpNet,
        /// Networks strictly inside it.
        except: Vec<IpNet>,
    },
}

/// One port or range; `protocol` is always written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Port {
    /// The protocol.
    pub protocol: Protocol,
    /// First and last port; none: every port of the protocol.
    pub range: Option<(u16, u16)>,
}
