//! What the targets' tests begin with.

use crate::ir::cluster::{Dns, Range, Version};
use crate::ir::{Clauses, Cluster, Policy, Sentence};
use crate::semantics::addresses::AddressSet;
use crate::semantics::ports::PortSet;
use crate::source::Span;

/// Two sentences, each with its reason.
pub(super) fn policy() -> Policy {
    let sentence = |because: &str| Sentence {
        span: Span::default(),
        used_at: Box::default(),
        clauses: Some(Box::new(Clauses { because: Some(because.into()), ..Clauses::default() })),
    };
    Policy { sentences: vec![sentence("first"), sentence("second")], ..Policy::default() }
}

/// Kubernetes 1.34, enforced by Calico 3.31.
pub(super) fn cluster() -> Cluster {
    Cluster {
        name: "default".to_owned(),
        account: None,
        kubernetes: Version { major: 1, minor: 34 },
        calico: Some(Version { major: 3, minor: 31 }),
        provider: None,
        ingress: None,
        pods: Range::Unstated,
        services: Range::Unstated,
        nodes: Range::Unstated,
        dns: Dns { pods: Vec::new(), addresses: AddressSet::none(), ports: PortSet::none() },
        apiserver: None,
        external_traffic_local: false,
        certificates: None,
        default_authority: None,
        identity: crate::ir::Identity::default(),
        workload_label: None,
        declared: None,
    }
}
