//! Plan to objects: one file a kind, and what each enforcer can do.

mod admission;
mod annotate;
mod calico;
mod calico_global_network_policy;
mod calico_global_network_set;
mod calico_limit;
mod calico_network_policy;
mod calico_policy;
mod calico_rule;
mod calico_selector;
mod calico_set;
mod calico_tier;
mod certificate;
mod collision;
mod controller;
#[cfg(test)]
mod fixture;
pub(crate) mod ibm_iam;
mod include;
mod ingress;
#[cfg(test)]
mod meaning;
pub(crate) mod name;
mod namespace;
mod network_policy;
pub(crate) mod order;
mod role;
mod role_binding;
mod service_account;
mod split;

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::ir::{Cluster, Policy};
use crate::manifest::Object;
use crate::plan::{Capabilities, Plan, Sentences, Side};

#[cfg(test)]
pub(crate) use meaning::{enforced, world};

/// An object and the sentences it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Emitted {
    /// The object.
    pub(crate) object: Object,
    /// Where it comes from: all of it first, then its pieces.
    pub(crate) origins: Origins,
}

/// Pieces of an object, and the sentences behind each.
pub(crate) type Origins = Vec<(Piece, Sentences)>;

/// A piece of an object; shown as a JSON pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// All of it.
    Whole,
    /// One rule of its spec: the side, and the rule's place there.
    Rule(Side, u32),
    /// One rule of a role, by its place.
    AccessRule(u32),
    /// One subject of a binding, by its place.
    Subject(u32),
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Piece::Whole => Ok(()),
            Piece::Rule(Side::Ingress, at) => write!(f, "/spec/ingress/{at}"),
            Piece::Rule(Side::Egress, at) => write!(f, "/spec/egress/{at}"),
            Piece::AccessRule(at) => write!(f, "/rules/{at}"),
            Piece::Subject(at) => write!(f, "/subjects/{at}"),
        }
    }
}

/// What a cluster's enforcers can do together.
#[must_use]
pub(crate) fn capabilities(cluster: &Cluster) -> Capabilities {
    let calico = cluster.calico.is_some();
    let controller = controller::capabilities(cluster);
    Capabilities { deny: calico, service_accounts: calico, icmp: calico, unborn_namespaces: calico, controller }
}

/// All objects of one cluster, in the order output has.
pub(crate) fn emit(policy: &Policy, plan: &Plan<'_>) -> (Vec<Emitted>, Vec<Diagnostic>) {
    let mut emitted = namespace::emit(policy, plan.cluster);
    network_policy::emit(policy, plan, &mut emitted);
    let (mut calico, mut diagnostics) = calico::emit(policy, plan);
    emitted.append(&mut calico);
    emitted.append(&mut admission::emit(policy, plan));
    emitted.append(&mut certificate::emit(policy, plan));
    emitted.append(&mut ingress::emit(policy, plan));
    emitted.append(&mut service_account::emit(policy, plan));
    emitted.append(&mut role::emit(policy, plan));
    emitted.append(&mut role_binding::emit(policy, plan));
    let (included, found) = include::emit(policy, plan.cluster);
    service_account::without_included(&mut emitted, &included);
    emitted.extend(included);
    diagnostics.extend(found);
    diagnostics.extend(collision::check(policy, &emitted));
    order::sort(&mut emitted);
    (emitted, diagnostics)
}
