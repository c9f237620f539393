//! NetworkPolicy and GlobalNetworkPolicy of Calico (network-targets.md §2.2, §2.6).

use super::super::head::{Envelope, Head};
use super::super::reader::{Placed, Reader, Side};
use super::super::valid::{self, wrong};
use super::super::{Reach, tiers};
use super::entity::{self, Ends, meet};
use super::rule::Meant;
use super::scope::{Doubts, Scope};
use super::{At, RuleSpec, Spec, Wrong, listed, rule, said, unclear};
use crate::manifest::tree::{Fault, typed};
use crate::semantics::ends::EndBox;
use crate::semantics::labels::Labels;
use crate::semantics::pods::PodBox;
use crate::verify::objects::endpoint;
use crate::verify::selector::{self, Bound};
use crate::verify::stack::{Origin, Policy, Rule};

/// The group of the storage form, which kubectl shows where Calico's own API is not there.
const STORAGE: &str = "crd.projectcalico.org";

/// Reads one, and hands its policies to the reader.
pub(in crate::verify::world) fn read<'n>(reader: &mut Reader<'n>, head: &Head<'n>) -> Result<(), Fault> {
    let (object, unknown): (Envelope<Spec<'n>>, _) = typed(head.node, "")?;
    let spec = object.spec.unwrap_or_default();
    let namespace = (head.kind == "NetworkPolicy").then(|| head.own_namespace());
    let (ingress, egress) = types(&spec, head.group() == STORAGE)?;
    if namespace.is_some() {
        of_global_ones(&spec)?;
    }
    let whole = namespace.map_or_else(PodBox::default, |name| PodBox { namespace: reader.namespace_called(name), ..PodBox::default() });
    let reach = |subjects: Ends| Reach { ingress, egress, subjects, closes: false };
    for field in unknown {
        reader.not_understood(
            head,
            &field.path,
            "a field that Calico's open version does not have",
            reach(Ends::from_iter([EndBox::pods(whole.clone())])),
        );
    }
    if head.group() == STORAGE {
        reader.not_understood(head, "", "the form in which Calico stores policies; read as projectcalico.org/v3", Reach::nothing());
    }
    let tier = said(spec.tier).unwrap_or(tiers::DEFAULT);
    if let Some(why) = named(head, namespace, tier)? {
        reader.not_understood(head, "metadata.name", why, Reach::nothing());
    }
    let Some(subjects) = selecting(reader, head, &spec, namespace, &reach, whole)? else { return Ok(()) };
    if tiers::spec(&reader.tiers, tier).is_none() {
        let why = format!("no manifest has the Tier `{tier}`; its pods are closed until there is one");
        reader.not_understood(head, "spec.tier", &why, reach(subjects.clone()));
    }
    if of_hosts(reader, head, &spec, (ingress, egress))? {
        return Ok(());
    }
    let order = spec.order.unwrap_or(f64::INFINITY);
    let object = reader.object(head);
    // All of it is read before any of it counts: an object that is refused is not there.
    let mut placed = Vec::new();
    for (side, applies, list, rules) in [(Side::Ingress, ingress, "ingress", &spec.ingress), (Side::Egress, egress, "egress", &spec.egress)]
    {
        let rules = rules.as_deref().unwrap_or_default();
        let policies = policies(reader, head, (side, list, object), &subjects, rules, namespace)?;
        if applies {
            placed.extend(policies.into_iter().map(|policy| Placed::calico(head, side, tier, order, policy)));
        }
    }
    placed.into_iter().for_each(|placed| reader.place(placed));
    Ok(())
}

/// Refuses what cannot be, and says what is wrong with a name: versions differ about names, and not about what a policy means.
fn named(head: &Head<'_>, namespace: Option<&str>, tier: &str) -> Result<Option<&'static str>, Fault> {
    let parts: Vec<&str> = head.name.split('.').collect();
    // What Calico makes of NetworkPolicies and others has longer names in the storage form.
    let stored = head.group() == STORAGE || head.name.starts_with("knp.default.") || head.name.starts_with("ossg.default.");
    if !valid::is_label(tier) {
        return wrong("spec.tier", format!("`{tier}` is no name of a Tier"));
    }
    if namespace.is_none() && !head.namespace.is_empty() {
        return wrong("metadata.namespace", "a global policy is of no namespace");
    }
    let lawful = stored || (parts.len() <= 2 && parts.iter().all(|part| valid::is_label(part)));
    Ok((!lawful).then_some("Calico takes no such name: a DNS label, after the tier's name and a dot"))
}

/// Refuses fields of global policies.
fn of_global_ones(spec: &Spec<'_>) -> Result<(), Fault> {
    let fields = [
        ("namespaceSelector", spec.namespace_selector.is_some()),
        ("doNotTrack", spec.do_not_track.is_some()),
        ("preDNAT", spec.pre_dnat.is_some()),
        ("applyOnForward", spec.apply_on_forward.is_some()),
    ];
    match fields.iter().find(|(_, there)| *there) {
        Some((field, _)) => wrong(format!("spec.{field}"), "only a global policy has this field"),
        None => Ok(()),
    }
}

/// Whether it is about ingress, and about egress. Without `types`: of what it has rules; the storage form is of both.
fn types(spec: &Spec<'_>, stored: bool) -> Result<(bool, bool), Fault> {
    let Some(types) = listed(&spec.types) else {
        let egress = listed(&spec.egress).is_some();
        let ingress = listed(&spec.ingress).is_some();
        return Ok(if stored { (true, true) } else { (ingress || !egress, egress) });
    };
    if let Some((index, other)) = types.iter().enumerate().find(|(_, it)| !matches!(**it, "Ingress" | "Egress")) {
        return wrong(format!("spec.types[{index}]"), format!("`{other}` is no type: Ingress or Egress"));
    }
    Ok((types.contains(&"Ingress"), types.contains(&"Egress")))
}

/// The pods that it surely selects; those that it may select besides are said to be in doubt. None: nothing is known of
/// any of them.
fn selecting<'n>(
    reader: &mut Reader<'n>,
    head: &Head<'n>,
    spec: &Spec<'n>,
    namespace: Option<&'n str>,
    reach: &dyn Fn(Ends) -> Reach,
    whole: PodBox,
) -> Result<Option<Ends>, Fault> {
    let doubts = Doubts::default();
    let most = subjects(spec, scope(reader, namespace, Bound::Most, &doubts));
    let (most, path, why) = match (most, doubts.take()) {
        (Ok(most), None) => return Ok(Some(most)),
        (Ok(most), Some((path, why))) => (most, path, why),
        (Err(Wrong::Invalid(fault)), _) => return Err(fault),
        (Err(Wrong::Unclear { path, why }), _) => {
            reader.not_understood(head, &path, &why, reach(Ends::from_iter([EndBox::pods(whole)])));
            return Ok(None);
        }
    };
    let least = match subjects(spec, scope(reader, namespace, Bound::Least, &doubts)) {
        Ok(least) => least,
        Err(Wrong::Invalid(fault)) => return Err(fault),
        Err(Wrong::Unclear { .. }) => Ends::new(),
    };
    let besides = least.iter().fold(most.to_vec(), |rest, sure| rest.iter().flat_map(|end| end.difference(sure)).collect());
    reader.not_understood(head, &path, &why, reach(if besides.len() > FEW { most } else { besides.into() }));
    Ok(Some(least))
}

/// How many pieces what is in doubt may fall into, before the whole is said to be.
const FEW: usize = 256;

/// The pods that it selects, within the scope's bound.
fn subjects(spec: &Spec<'_>, scope: Scope<'_>) -> Result<Ends, Wrong> {
    let chosen = scope.selected(spec.selector.unwrap_or_default(), || "spec.selector".to_owned())?;
    let mut pods = entity::pods(scope, &chosen, &|| "spec.selector".to_owned())?;
    let namespaces = match (scope.namespace, said(spec.namespace_selector)) {
        (Some(name), _) => vec![PodBox::namespace_called(name)],
        (None, None) => vec![Labels::any()],
        (None, Some(text)) if selector::is_global(text) => {
            return wrong("spec.namespaceSelector", "`global()` selects no pods").map_err(Wrong::from);
        }
        (None, Some(text)) => scope.selected(text, || "spec.namespaceSelector".to_owned())?.iter().map(endpoint::namespaces).collect(),
    };
    let limits = namespaces.into_iter().map(|namespace| PodBox { namespace, ..PodBox::default() }).collect::<Vec<_>>();
    pods = pods.iter().flat_map(|pods| limits.iter().map(|limit| pods.intersection(limit))).collect();
    if let Some(text) = said(spec.service_account_selector) {
        let path = || "spec.serviceAccountSelector".to_owned();
        let mut accounts = Vec::new();
        for labels in scope.selected(text, path)? {
            accounts.extend(entity::account_pods(scope.inventory, &labels, &path)?);
        }
        pods = pods.iter().flat_map(|pods| accounts.iter().map(|account| pods.intersection(account))).collect();
    }
    if pods.len() > 4096 {
        return unclear("spec.selector", "more alternatives than are looked at");
    }
    Ok(super::super::reader::ends(pods))
}

fn scope<'a>(reader: &'a Reader<'_>, namespace: Option<&'a str>, bound: Bound, doubts: &'a Doubts) -> Scope<'a> {
    Scope { namespace, sets: &reader.sets, inventory: &reader.known, bound, doubts }
}

/// Says what a policy about traffic through hosts may do; whether it is about hosts alone (network-targets.md §2.7).
fn of_hosts<'n>(reader: &mut Reader<'n>, head: &Head<'n>, spec: &Spec<'n>, (ingress, egress): (bool, bool)) -> Result<bool, Fault> {
    let [untracked, pre_dnat, forward] = [spec.do_not_track, spec.pre_dnat, spec.apply_on_forward].map(Option::unwrap_or_default);
    let field = match (untracked, pre_dnat, forward) {
        (true, true, _) => return wrong("spec.preDNAT", "it cannot stand beside doNotTrack"),
        (true, _, false) => return wrong("spec.doNotTrack", "it needs `applyOnForward: true`"),
        (_, true, false) => return wrong("spec.preDNAT", "it needs `applyOnForward: true`"),
        (true, _, _) => "spec.doNotTrack",
        (_, true, _) => "spec.preDNAT",
        (_, _, true) => "spec.applyOnForward",
        (false, false, false) => return Ok(false),
    };
    let hosts = said(spec.namespace_selector).is_none()
        && selector::parse(spec.selector.unwrap_or_default()).is_ok_and(|all| all.iter().any(endpoint::takes_hosts));
    if hosts {
        // Beside the pods' own policies such a policy is a further gate, unless it acts before they are asked.
        let reach = Reach { ingress, egress, closes: !untracked && !pre_dnat, ..Reach::everything() };
        reader.not_understood(head, field, "traffic that passes through a host on its way to or from pods", reach);
    }
    Ok(untracked || pre_dnat)
}

/// A policy as one that selects all its pods, and after it one for each run of rules that are about some of them alone:
/// first to last they decide as the rules do.
fn policies<'n>(
    reader: &mut Reader<'n>,
    head: &Head<'n>,
    (side, list, object): (Side, &'static str, u32),
    subjects: &Ends,
    rules: &[RuleSpec<'n>],
    namespace: Option<&'n str>,
) -> Result<Vec<Policy>, Fault> {
    let origin = Origin::Object { object, rule: None };
    let mut policies = vec![Policy { origin, subjects: subjects.clone(), rules: Vec::new() }];
    for (index, spec) in rules.iter().enumerate() {
        let doubts = Doubts::default();
        let read = |reader: &mut Reader<'n>, bound| {
            let mut words = std::mem::take(&mut reader.words);
            let read = rule::read(spec, At { list, rule: index }, side, scope(reader, namespace, bound, &doubts), &mut words);
            reader.words = words;
            read
        };
        let most = read(reader, Bound::Most)?;
        let number = u32::try_from(index).ok();
        let least = match doubts.take().filter(|_| most.is_some()) {
            None => None,
            Some((path, why)) => {
                let (ingress, egress) = (side == Side::Ingress, side == Side::Egress);
                let reach = Reach { ingress, egress, subjects: subjects.clone(), closes: false };
                reader.rule_in_doubt(head, &path, &why, reach, number);
                Some(read(reader, Bound::Least)?)
            }
        };
        let doubt = least.is_some();
        let sure = least.flatten().filter(|meant| !meant.peers.is_empty()).map(|meant| (meant, false));
        for (meant, doubt) in sure.into_iter().chain(most.map(|meant| (meant, doubt))) {
            add(&mut policies, subjects, meant, Origin::Object { object, rule: number }, doubt);
        }
    }
    Ok(policies)
}

/// Adds a rule behind the others.
fn add(policies: &mut Vec<Policy>, subjects: &Ends, meant: Meant, origin: Origin, doubt: bool) {
    let (ports, named) = meant.ports;
    let rule = Rule { origin, action: meant.action, peers: meant.peers, ports, named, doubt };
    let about = meant.own.map_or_else(|| subjects.clone(), |own| meet(subjects, &own));
    match policies.last_mut() {
        Some(last) if last.subjects == about => last.rules.push(rule),
        Some(first) => {
            let origin = first.origin;
            policies.push(Policy { origin, subjects: about, rules: vec![rule] });
        }
        None => {}
    }
}
