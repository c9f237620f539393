//! The proof of a build: the objects let through what the policy says, and nothing else, for all
//! pods and namespaces that could exist.

mod assumed;
#[cfg(test)]
mod tests;
mod told;
pub(crate) mod words;

use std::collections::BTreeSet;

use crate::ir::{self, Held, PeerKind};
use crate::manifest::Object;
use crate::semantics::addresses::AddressSet;
use crate::semantics::labels::{Labels, Values, Word};
use crate::semantics::ports::{PortSet, Protocol};

pub use assumed::Assumption;
pub(crate) use told::told;

use super::compare::{Comparison, Difference, Failure, compare};
use super::intent::{self, Intent};
use super::objects::{self, Enforcer, NotCovered};
use super::stack::Sides;
use super::universe::Universe;

/// What was shown for one cluster, and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The cluster.
    pub cluster: String,
    /// What is taken for true and cannot be known here.
    pub assumptions: Vec<Assumption>,
    /// The namespaces of which pods are isolated by name, sorted.
    pub isolated: Vec<String>,
    /// Whether pods are isolated in namespaces that nobody named too.
    pub isolated_anywhere: bool,
    /// Manifests passed through, which the proof is not about; they are judged on their own: `kind namespace/name`.
    pub not_read: Vec<String>,
}

/// Why there is no proof.
#[derive(Debug)]
pub(crate) struct Refutation {
    /// Why.
    pub(crate) cause: Cause,
    /// What the policy says.
    pub(crate) intended: Sides,
    /// What the objects say; nothing where they could not be read.
    pub(crate) enforced: Sides,
}

/// What stands against a proof.
#[derive(Debug)]
pub(crate) enum Cause {
    /// An object says what is not covered.
    NotCovered(NotCovered),
    /// An object stands in a namespace that is somebody else's, by its place.
    Foreign(u32),
    /// It cannot be known.
    Unclear(Failure),
    /// The two differ.
    Differs(Vec<Difference>),
}

/// With so many differences the search ends: one is a bug already.
const MOST: usize = 3;

/// Shows that objects mean what the policy says for a cluster.
///
/// # Errors
///
/// What stands against it; it is a bug in polc.
pub(crate) fn prove<'a, I>(policy: &ir::Policy, cluster: &ir::Cluster, objects: I) -> Result<Proof, Box<Refutation>>
where
    I: IntoIterator<Item = &'a Object>,
    I::IntoIter: Clone,
{
    let objects = objects.into_iter();
    let intent = intent::read(policy, cluster);
    match held_against(policy, cluster, objects.clone(), &intent) {
        Ok(()) => Ok(header(policy, cluster, objects)),
        Err((cause, enforced)) => Err(Box::new(Refutation { cause, intended: intent.sides, enforced })),
    }
}

fn held_against<'a>(
    policy: &ir::Policy,
    cluster: &ir::Cluster,
    objects: impl Iterator<Item = &'a Object> + Clone,
    intent: &Intent,
) -> Result<(), (Cause, Sides)> {
    if let Some(at) = objects.clone().position(|object| is_foreign(policy, object)) {
        return Err((Cause::Foreign(u32::try_from(at).unwrap_or(u32::MAX)), Sides::default()));
    }
    let enforcer = if cluster.calico.is_some() { Enforcer::Calico } else { Enforcer::NetworkPolicy };
    let enforced = objects::stacks(objects, enforcer).map_err(|what| (Cause::NotCovered(what), Sides::default()))?;
    let universe = universe(policy, cluster);
    let comparison = Comparison { intended: &intent.sides, enforced: &enforced, universe: &universe, denies: &intent.denies, most: MOST };
    match compare(&comparison) {
        Ok(differences) if differences.is_empty() => Ok(()),
        Ok(differences) => Err((Cause::Differs(differences), enforced)),
        Err(failure) => Err((Cause::Unclear(failure), enforced)),
    }
}

/// Whether polc wrote something into a namespace that is somebody else's.
fn is_foreign(policy: &ir::Policy, object: &Object) -> bool {
    let written = matches!(object, Object::NetworkPolicy(_) | Object::CalicoNetworkPolicy(_));
    let namespace = object.metadata().namespace.as_ref().and_then(|name| policy.namespaces.get(name.as_str()));
    written && namespace.is_none_or(|namespace| namespace.held == Held::External)
}

/// What could be, as far as the policy states it.
pub(crate) fn universe(policy: &ir::Policy, cluster: &ir::Cluster) -> Universe {
    let stated = cluster.pods.addresses();
    let (pods, outside) =
        if stated.is_empty() { (AddressSet::all(), AddressSet::all()) } else { (stated.clone(), AddressSet::all().difference(&stated)) };
    let transport = Protocol::ALL.into_iter().fold(PortSet::none(), |all, protocol| all.union(&PortSet::protocol(protocol)));
    let known = |namespace: &ir::Namespace| {
        let labels = namespace.labels.iter();
        labels.fold(Labels::any(), |all, (key, value)| all.and(Word::from(key.as_str()), Values::one_of([value.as_str()])))
    };
    let here = policy.namespaces.iter().filter(|(_, namespace)| !namespace.labels.is_empty());
    Universe {
        pods,
        outside,
        ports: if cluster.calico.is_some() { PortSet::all() } else { transport },
        namespaces: here.map(|(name, namespace)| (Word::from(name.as_str()), known(namespace))).collect(),
        unborn: true,
    }
}

fn header<'a>(policy: &ir::Policy, cluster: &ir::Cluster, objects: impl Iterator<Item = &'a Object>) -> Proof {
    let here = policy.isolations.iter().filter(|isolation| isolation.clusters.contains(&cluster.name));
    let subjects: Vec<&PeerKind> = here.flat_map(|isolation| &isolation.subject.list).map(|peer| &peer.kind).collect();
    let named: BTreeSet<&str> = subjects.iter().filter_map(|kind| namespace_of(kind)).collect();
    let included = objects.filter(|object| matches!(object, Object::Included(_)));
    Proof {
        cluster: cluster.name.clone(),
        assumptions: assumed::of(cluster),
        isolated: named.into_iter().map(str::to_owned).collect(),
        isolated_anywhere: subjects.iter().any(|kind| namespace_of(kind).is_none()),
        not_read: included.map(told::called).collect(),
    }
}

fn namespace_of(kind: &PeerKind) -> Option<&str> {
    match kind {
        PeerKind::Workload { namespace, .. } | PeerKind::Pods { namespace, .. } | PeerKind::ServiceAccount { namespace, .. } => {
            Some(namespace)
        }
        _ => None,
    }
}
