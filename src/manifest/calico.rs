//! projectcalico.org/v3: policies, tiers and network sets.

use ipnet::IpNet;

use super::{Metadata, OneOrMore};

/// A Tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// Its name.
    pub metadata: Metadata,
    /// Lower first.
    pub order: u32,
    /// What happens to a selected endpoint's packet that no policy of the tier decides.
    pub default_action: Action,
}

/// A GlobalNetworkSet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlobalNetworkSet {
    /// Its name and labels (it is selected by its labels).
    pub metadata: Metadata,
    /// Its networks, canonical, with explicit masks.
    pub networks: Vec<IpNet>,
}

/// A GlobalNetworkPolicy or NetworkPolicy. `types` is always written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its name; a namespace for a NetworkPolicy.
    pub metadata: Metadata,
    /// Its tier.
    pub tier: String,
    /// Lower first, in tenths: 10005 is 1000.5.
    pub order_tenths: u32,
    /// Which endpoints.
    pub selector: String,
    /// Rules for connections to them; none: `Ingress` is not among the types.
    pub ingress: Option<Vec<Rule>>,
    /// Rules for connections they open; none: `Egress` is not among the types.
    pub egress: Option<Vec<Rule>>,
}

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the word itself")]
pub enum Action {
    Allow,
    Deny,
    Pass,
}

/// One rule. The first that matches decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Allow or Deny.
    pub action: Action,
    /// `TCP`, `UDP`, `SCTP`, `ICMP`, `ICMPv6`; none: every protocol.
    pub protocol: Option<&'static str>,
    /// 4 or 6, where the rule is for one family alone.
    pub ip_version: Option<u8>,
    /// Where the connection comes from.
    pub source: Entity,
    /// Where it goes.
    pub destination: Entity,
}

/// One end of a rule; what is not given matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entity {
    /// Networks, all of one family.
    pub nets: Option<OneOrMore<IpNet>>,
    /// Networks strictly inside those, which are left out; of the same family.
    pub not_nets: Option<OneOrMore<IpNet>>,
    /// Endpoints and network sets by labels.
    pub selector: Option<String>,
    /// Their namespaces.
    pub namespace_selector: Option<String>,
    /// Service accounts by name, in the namespaces selected.
    pub service_accounts: Option<OneOrMore<String>>,
    /// First and last port of each range.
    pub ports: Option<OneOrMore<(u16, u16)>>,
}
