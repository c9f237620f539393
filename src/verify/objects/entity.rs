//! One end of a Calico rule (network-targets.md §2.2, §2.3).

use smallvec::SmallVec;

use super::network_set::Sets;
use super::{What, endpoint};
use crate::manifest::OneOrMore;
use crate::manifest::calico::Entity;
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::{Labels, Values};
use crate::semantics::pods::PodBox;
use crate::verify::selector;

/// Any of these ends.
pub(super) type Ends = SmallVec<[EndBox; 1]>;

/// Where a rule stands.
pub(super) struct Scope<'a> {
    /// The policy's namespace; none for a global one.
    pub(super) namespace: Option<&'a str>,
    pub(super) sets: &'a Sets,
}

/// Whether an end has no condition but, it may be, ports.
pub(super) fn is_everyone(entity: &Entity) -> bool {
    let Entity { nets, not_nets, selector, namespace_selector, service_accounts, ports: _ } = entity;
    nets.is_none() && not_nets.is_none() && selector.is_none() && namespace_selector.is_none() && service_accounts.is_none()
}

/// The ends that fulfill all conditions of an entity, its ports apart.
pub(super) fn ends(scope: &Scope<'_>, entity: &Entity) -> Result<Ends, What> {
    let holders = EndBox::holders(addresses(entity));
    if entity.selector.is_none() && entity.namespace_selector.is_none() && entity.service_accounts.is_none() {
        return Ok(holders.into_iter().collect());
    }
    let labeled = labeled(scope, entity)?;
    Ok(labeled.iter().flat_map(|end| holders.iter().filter_map(|holder| end.intersection(holder))).collect())
}

fn addresses(entity: &Entity) -> AddressSet {
    let all = |nets: &OneOrMore<_>| nets.iter().fold(AddressSet::none(), |all, net| all.union(&AddressSet::network(*net)));
    let nets = entity.nets.as_ref().map_or_else(AddressSet::all, all);
    entity.not_nets.as_ref().map_or(nets.clone(), |except| nets.difference(&all(except)))
}

/// The ends that selectors and names of service accounts choose.
fn labeled(scope: &Scope<'_>, entity: &Entity) -> Result<Ends, What> {
    let alternatives = selector::parse(entity.selector.as_deref().unwrap_or_default())?;
    let accounts = entity.service_accounts.as_ref().map_or_else(Values::any, |names| Values::one_of(names.iter()));
    match (entity.namespace_selector.as_deref(), scope.namespace) {
        (Some(text), _) if selector::is_global(text) => {
            if entity.service_accounts.is_some() {
                return Err(What::Field("serviceAccounts of no namespace"));
            }
            hosts_apart(&alternatives, entity.selector.is_none())?;
            Ok(EndBox::holders(scope.sets.members(&alternatives)).into_iter().collect())
        }
        (Some(text), _) => {
            let namespaces = selector::parse(text)?;
            pods(&alternatives, &namespaces.iter().map(endpoint::namespaces).collect::<Vec<_>>(), &accounts)
        }
        (None, Some(own)) => pods(&alternatives, &[PodBox::namespace_called(own)], &accounts),
        (None, None) => {
            if entity.service_accounts.is_none() && alternatives.iter().any(endpoint::takes_hosts) {
                return Err(What::HostEndpoints);
            }
            pods(&alternatives, &[Labels::any()], &accounts)
        }
    }
}

/// A set of polc's is selected by a label that no host endpoint has; without a selector, hosts are chosen too.
fn hosts_apart(alternatives: &[Labels], unselected: bool) -> Result<(), What> {
    let by_sets_label = |labels: &Labels| labels.get("polc.dev/set").is_some_and(|values| !values.admits(None));
    if unselected || !alternatives.iter().all(by_sets_label) { Err(What::HostEndpoints) } else { Ok(()) }
}

fn pods(alternatives: &[Labels], namespaces: &[Labels], accounts: &Values) -> Result<Ends, What> {
    let mut ends = Ends::new();
    for labels in alternatives {
        let Some(chosen) = endpoint::pods(labels)? else { continue };
        for namespace in namespaces {
            let limits = PodBox { namespace: namespace.clone(), account: accounts.clone().into(), ..PodBox::default() };
            ends.push(EndBox::pods(chosen.intersection(&limits)));
        }
    }
    ends.retain(|end| !end.is_empty());
    Ok(ends)
}
