//! What the targets' tests begin with.

use crate::ir::cluster::Version;
use crate::ir::{Clauses, Cluster, Policy, Sentence};
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
    Cluster { calico: Some(Version { major: 3, minor: 31 }), ..Cluster::stating_nothing("default", None) }
}
