//! One end of a rule: who fulfills all of its conditions (network-targets.md §2.2, §2.3).

use smallvec::SmallVec;

use super::scope::Scope;
use super::sets::Place;
use super::{Accounts, At, Entity, Wrong, listed, said, unclear};
use crate::manifest::tree::Fault;
use crate::semantics::addresses::AddressSet;
use crate::semantics::ends::EndBox;
use crate::semantics::labels::{Labels, Values};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::verify::inventory::Inventory;
use crate::verify::objects::endpoint;
use crate::verify::selector;

/// Any of these ends.
pub(super) type Ends = SmallVec<[EndBox; 1]>;

/// The most boxes that one end may come to.
const MOST: usize = 4096;

impl Entity<'_> {
    /// Whether it has no condition, ports apart.
    pub(super) fn is_everyone(&self) -> bool {
        listed(&self.nets).is_none() && listed(&self.not_nets).is_none() && !self.is_labeled() && self.services.is_none()
    }

    fn is_labeled(&self) -> bool {
        let texts = [self.selector, self.not_selector, self.namespace_selector];
        texts.into_iter().any(|text| said(text).is_some()) || self.service_accounts.is_some()
    }

    /// The ends that it is about, Services apart.
    pub(super) fn ends(&self, scope: Scope<'_>, at: At, side: &str) -> Result<Ends, Wrong> {
        let path = |field: &str| format!("{at}.{side}.{field}");
        let holders = EndBox::holders(self.addresses(&path)?);
        if !self.is_labeled() {
            return Ok(holders.into_iter().filter(|end| !end.is_empty()).collect());
        }
        let mut ends = self.labeled(scope, &path)?.unwrap_or_else(|| EndBox::everyone().into_iter().collect());
        ends = meet(&ends, &holders);
        if let Some(text) = said(self.not_selector) {
            let scope = scope.other();
            let others = with_labels(scope, &scope.selected(text, || path("notSelector"))?, &Place::Anywhere, &path)?;
            for other in &others {
                ends = ends.iter().flat_map(|end| end.difference(other)).collect();
                few(&ends, &path)?;
            }
        }
        Ok(ends)
    }

    fn addresses(&self, path: &dyn Fn(&str) -> String) -> Result<AddressSet, Wrong> {
        let nets = networks(&self.nets, "nets", path)?;
        let except = networks(&self.not_nets, "notNets", path)?.unwrap_or_default();
        Ok(nets.unwrap_or_else(AddressSet::all).difference(&except))
    }

    /// What selectors choose; none where there is only `notSelector`, and it is of no namespace.
    fn labeled(&self, scope: Scope<'_>, path: &dyn Fn(&str) -> String) -> Result<Option<Ends>, Wrong> {
        let place = match (said(self.namespace_selector), scope.namespace) {
            (Some(text), _) => place(scope, text, path)?,
            (None, Some(own)) => Place::Namespace(own),
            (None, None) => Place::Anywhere,
        };
        let only_not = said(self.selector).is_none() && self.service_accounts.is_none();
        if only_not && matches!(place, Place::Anywhere) {
            return Ok(None);
        }
        let mut alternatives = scope.selected(self.selector.unwrap_or_default(), || path("selector"))?;
        if let Some(accounts) = &self.service_accounts {
            let accounts = of_accounts(scope, accounts, path)?;
            alternatives = alternatives.iter().flat_map(|own| accounts.iter().map(|account| own.intersection(account))).collect();
            alternatives.retain(|labels| !labels.is_empty());
        }
        Ok(Some(with_labels(scope, &alternatives, &place, path)?))
    }
}

fn networks(list: &Option<Vec<&str>>, field: &str, path: &dyn Fn(&str) -> String) -> Result<Option<AddressSet>, Fault> {
    let Some(texts) = listed(list) else { return Ok(None) };
    let mut all = AddressSet::none();
    for (index, text) in texts.iter().enumerate() {
        let network = super::network(text, || path(&format!("{field}[{index}]")))?;
        all = all.union(&AddressSet::network(network));
    }
    Ok(Some(all))
}

/// Where a namespace selector looks: `all()` is in any namespace, `global()` in none.
fn place(scope: Scope<'_>, text: &str, path: &dyn Fn(&str) -> String) -> Result<Place<'static>, Wrong> {
    if selector::is_global(text) {
        return Ok(Place::Global);
    }
    if text.contains("all()") && text.contains("||") {
        return unclear(path("namespaceSelector"), "`all()` among other tests");
    }
    let labels = scope.selected(text, || path("namespaceSelector"))?;
    Ok(Place::Namespaces { labels, any_thing: !text.contains("all()") })
}

/// Pods, and members of sets, that have such labels and are there.
fn with_labels(scope: Scope<'_>, alternatives: &[Labels], place: &Place<'_>, path: &dyn Fn(&str) -> String) -> Result<Ends, Wrong> {
    let members = scope.sets.members(alternatives, place);
    let mut ends: Ends = EndBox::holders(members).into_iter().filter(|end| !end.is_empty()).collect();
    let namespaces = match place {
        Place::Anywhere => vec![Labels::any()],
        Place::Global => Vec::new(),
        Place::Namespace(name) => vec![PodBox::namespace_called(*name)],
        Place::Namespaces { labels, .. } => labels.iter().map(endpoint::namespaces).collect(),
    };
    for pods in pods(scope, alternatives, &|| path("selector"))? {
        for namespace in &namespaces {
            let both = pods.intersection(&PodBox { namespace: namespace.clone(), ..PodBox::default() });
            if !both.is_empty() {
                ends.push(EndBox::pods(both));
            }
        }
        few(&ends, path)?;
    }
    Ok(ends)
}

fn few(ends: &Ends, path: &dyn Fn(&str) -> String) -> Result<(), Wrong> {
    if ends.len() > MOST { unclear(path("selector"), "more alternatives than are looked at") } else { Ok(()) }
}

/// The pods among the endpoints that have such labels. Labels of service accounts are those of the accounts that are declared.
pub(super) fn pods(scope: Scope<'_>, alternatives: &[Labels], path: &dyn Fn() -> String) -> Result<Vec<PodBox>, Wrong> {
    let mut found = Vec::new();
    for labels in alternatives {
        let (of_account, others) = apart(labels);
        let chosen = match endpoint::pods_by(&others, &|values| Ok(scope.account(values, path))) {
            Ok(Some(pods)) => pods,
            Ok(None) => continue,
            Err(_) => return unclear(path(), "labels of service accounts"),
        };
        if of_account.is_any() {
            found.push(chosen);
        } else {
            found.extend(accounts_with(scope.inventory, &of_account, path)?.iter().map(|pods| pods.intersection(&chosen)));
        }
    }
    found.retain(|pods| !pods.is_empty());
    Ok(found)
}

/// The conditions on labels of service accounts, without their prefix, and the other conditions.
fn apart(labels: &Labels) -> (Labels, Labels) {
    let (mut of_account, mut others) = (Labels::any(), Labels::any());
    for (key, values) in labels.iter() {
        match key.strip_prefix("pcsa.") {
            Some(own) if own != "projectcalico.org/name" => of_account = of_account.and(own, values.clone()),
            _ => others = others.and(key, values.clone()),
        }
    }
    (of_account, others)
}

/// The pods of declared accounts with such labels. An account that nobody declares has none.
fn accounts_with(inventory: &Inventory, labels: &Labels, path: &dyn Fn() -> String) -> Result<Vec<PodBox>, Wrong> {
    if inventory.accounts.is_empty() {
        return unclear(path(), "labels of service accounts, and none of them is given");
    }
    let plain = |set: &crate::verify::inventory::LabelSet| set.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    let mut found = Vec::new();
    // Without labels it is chosen by conditions that hold of what lacks them: all accounts but those that are declared.
    if labels.admits(&std::collections::BTreeMap::new()) {
        let mut undeclared = vec![PodBox::default()];
        for key in inventory.accounts.keys() {
            let declared = of_account(key);
            undeclared = undeclared.iter().flat_map(|pods| pods.difference(&declared)).collect();
            if undeclared.len() > MOST {
                return unclear(path(), "more alternatives than are looked at");
            }
        }
        found.extend(undeclared);
    }
    let chosen = inventory.accounts.iter().filter(|(_, set)| labels.admits(&plain(set)));
    found.extend(chosen.map(|(key, _)| of_account(key)));
    Ok(found)
}

fn of_account((namespace, name): &crate::verify::inventory::Key) -> PodBox {
    let namespace = Labels::equal(smol_str::SmolStr::new_static(NAMESPACE_NAME), namespace.clone());
    PodBox { namespace, account: Values::one_of([name.clone()]).into(), ..PodBox::default() }
}

/// The labels that whoever runs under such accounts has: Calico looks for accounts by labels of endpoints, and a
/// network set, which has none of these, fulfills every condition that holds where a label is absent.
fn of_accounts(scope: Scope<'_>, accounts: &Accounts<'_>, path: &dyn Fn(&str) -> String) -> Result<Vec<Labels>, Wrong> {
    let names = listed(&accounts.names).map(|names| Values::one_of(names.iter().copied()));
    let named = names.map_or_else(Labels::any, |names| Labels::any().and("projectcalico.org/serviceaccount", names));
    let Some(text) = said(accounts.selector) else { return Ok(vec![named]) };
    let with_prefix =
        |labels: &Labels| labels.iter().fold(named.clone(), |all, (key, values)| all.and(format!("pcsa.{key}"), values.clone()));
    Ok(scope.selected(text, || path("serviceAccounts.selector"))?.iter().map(with_prefix).collect())
}

/// Pods whose account has such labels, its name among them.
pub(super) fn account_pods(inventory: &Inventory, labels: &Labels, path: &dyn Fn() -> String) -> Result<Vec<PodBox>, Wrong> {
    let name = labels.get("projectcalico.org/name").cloned().unwrap_or_else(Values::any);
    let others = labels.clone().without("projectcalico.org/name");
    let all = if others.is_any() { vec![PodBox::default()] } else { accounts_with(inventory, &others, path)? };
    Ok(all.into_iter().map(|pods| PodBox { account: pods.account.intersection(&name).into(), ..pods }).collect())
}

/// Ends that are in one of either.
pub(super) fn meet(all: &[EndBox], others: &[EndBox]) -> Ends {
    all.iter().flat_map(|end| others.iter().filter_map(|other| end.intersection(other))).collect()
}
