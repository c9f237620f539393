//! The one form that the rules of every enforcer, and of the policy itself, have here: tiers of
//! policies of rules, in the order in which they decide, for one direction.
//!
//! - NetworkPolicy: a tier whose policies only allow and that ends in Deny.
//! - Calico (network-targets.md §2.6): its tiers as they are, NetworkPolicies among the policies of
//!   the tier `default`; after the last tier the profiles, which let pods' traffic through.
//! - ClusterNetworkPolicy: a tier before and one after NetworkPolicy's; both end in Pass.
//! - The policy (docs/src/reference/flows.md): a tier of denies that ends in Pass, then one of
//!   isolations and allows that ends in Deny.

use smallvec::SmallVec;
use smol_str::SmolStr;

use crate::semantics::ends::EndBox;
use crate::semantics::ports::{PortSet, Protocol};

/// What the same objects, or the same policy, say of both directions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sides {
    /// Of connections that a pod receives.
    pub(crate) ingress: Stack,
    /// Of connections that a pod opens.
    pub(crate) egress: Stack,
}

/// Everything that decides about one direction, first to last. What no tier decides passes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stack {
    pub(crate) tiers: Vec<Tier>,
}

/// One tier. It takes part only for pods that one of its policies selects.
#[derive(Debug, Clone)]
pub(crate) struct Tier {
    /// Its name in answers.
    pub(crate) name: SmolStr,
    /// First to last; where no rule denies or passes on, the order says nothing.
    pub(crate) policies: Vec<Policy>,
    /// What becomes of a connection that a policy of the tier was asked about and none decided.
    pub(crate) end: End,
}

/// The end of a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Closed.
    Deny,
    /// On to the next tier.
    Pass,
}

/// One policy: whom it selects, and its rules, of which the first that matches decides.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    /// Who says so: the reader of an answer is led there.
    pub(crate) origin: Origin,
    /// The pods it selects: any of the boxes, which are [`EndBox::Pods`]; of any address, but where
    /// a rule is about the addresses of the pod itself (a deny between two ranges).
    pub(crate) subjects: SmallVec<[EndBox; 1]>,
    /// First to last.
    pub(crate) rules: Vec<Rule>,
}

/// One rule.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    /// Who says so; a rule of a policy says so itself (a sentence, an item of a list).
    pub(crate) origin: Origin,
    /// What it does.
    pub(crate) action: Action,
    /// The other ends: any of the boxes. None: it matches nothing.
    pub(crate) peers: SmallVec<[EndBox; 1]>,
    /// The destination's ports.
    pub(crate) ports: PortSet,
    /// Ports by name besides: they are numbers only where the destination's pod is known.
    pub(crate) named: SmallVec<[NamedPort; 0]>,
    /// Whether it is not known which of these connections it matches: some, all or none. Only foreign manifests have
    /// such rules, and what decides has none ([`crate::verify::world::World::if_all`]).
    pub(crate) doubt: bool,
}

/// What a rule does. Logging decides nothing and is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Let through.
    Allow,
    /// Close.
    Deny,
    /// On to the next tier.
    Pass,
}

/// A container port's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedPort {
    pub(crate) name: SmolStr,
    /// None: of any protocol.
    pub(crate) protocol: Option<Protocol>,
}

/// Where something was said: an index whose meaning the maker of the stack holds (a sentence of
/// the policy; an object and a rule in it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Origin {
    /// A sentence of the policy.
    Sentence(crate::ir::SentenceId),
    /// An object, by its place in the list of objects, and a rule of it by its place in its list.
    Object { object: u32, rule: Option<u32> },
    /// What holds without being written (name resolution of an isolated pod).
    Default,
}
