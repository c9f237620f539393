//! NetworkPolicy and GlobalNetworkPolicy of Calico (network-targets.md §2.2, §2.6).

use super::super::head::{Envelope, Head};
use super::super::reader::{Placed, Reader, Side};
use super::super::valid::{self, wrong};
use super::super::{Reach, tiers};
use super::entity::{self, Ends, Scope, meet};
use super::{At, RuleSpec, Spec, Wrong, listed, rule, said, selected, unclear};
use crate::manifest::tree::{Fault, typed};
use crate::semantics::ends::EndBox;
use crate::semantics::labels::Labels;
use crate::semantics::pods::PodBox;
use crate::verify::objects::endpoint;
use crate::verify::selector;
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
    let reach = |subjects: Ends| Reach { ingress, egress, subjects };
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
    let subjects = match subjects(reader, &spec, namespace) {
        Ok(subjects) => subjects,
        Err(Wrong::Invalid(fault)) => return Err(fault),
        Err(Wrong::Unclear { path, why }) => {
            reader.not_understood(head, &path, &why, reach(Ends::from_iter([EndBox::pods(whole)])));
            return Ok(());
        }
    };
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

/// The pods that it selects.
fn subjects(reader: &Reader<'_>, spec: &Spec<'_>, namespace: Option<&str>) -> Result<Ends, Wrong> {
    let scope = scope(reader, namespace);
    let chosen = selected(spec.selector.unwrap_or_default(), || "spec.selector".to_owned())?;
    let mut pods = entity::pods(scope, &chosen, &|| "spec.selector".to_owned())?;
    let namespaces = match (namespace, said(spec.namespace_selector)) {
        (Some(name), _) => vec![PodBox::namespace_called(name)],
        (None, None) => vec![Labels::any()],
        (None, Some(text)) if selector::is_global(text) => {
            return wrong("spec.namespaceSelector", "`global()` selects no pods").map_err(Wrong::from);
        }
        (None, Some(text)) => selected(text, || "spec.namespaceSelector".to_owned())?.iter().map(endpoint::namespaces).collect(),
    };
    let limits = namespaces.into_iter().map(|namespace| PodBox { namespace, ..PodBox::default() }).collect::<Vec<_>>();
    pods = pods.iter().flat_map(|pods| limits.iter().map(|limit| pods.intersection(limit))).collect();
    if let Some(text) = said(spec.service_account_selector) {
        let path = || "spec.serviceAccountSelector".to_owned();
        let mut accounts = Vec::new();
        for labels in selected(text, path)? {
            accounts.extend(entity::account_pods(&reader.known, &labels, &path)?);
        }
        pods = pods.iter().flat_map(|pods| accounts.iter().map(|account| pods.intersection(account))).collect();
    }
    if pods.len() > 4096 {
        return unclear("spec.selector", "more alternatives than are looked at");
    }
    Ok(super::super::reader::ends(pods))
}

fn scope<'a>(reader: &'a Reader<'_>, namespace: Option<&'a str>) -> Scope<'a> {
    Scope { namespace, sets: &reader.sets, inventory: &reader.known }
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
        let reach = Reach { ingress, egress, ..Reach::everything() };
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
        let at = At { list, rule: index };
        let mut words = std::mem::take(&mut reader.words);
        let read = rule::read(spec, at, side, scope(reader, namespace), &mut words);
        reader.words = words;
        let meant = match read {
            Ok(Some(meant)) => meant,
            Ok(None) => continue,
            Err(Wrong::Invalid(fault)) => return Err(fault),
            Err(Wrong::Unclear { path, why }) => {
                let reach = Reach { ingress: side == Side::Ingress, egress: side == Side::Egress, subjects: subjects.clone() };
                reader.not_understood(head, &path, &why, reach);
                continue;
            }
        };
        let (ports, named) = meant.ports;
        let origin_of_rule = Origin::Object { object, rule: u32::try_from(index).ok() };
        let read = Rule { origin: origin_of_rule, action: meant.action, peers: meant.peers, ports, named };
        let about = meant.own.map_or_else(|| subjects.clone(), |own| meet(subjects, &own));
        match policies.last_mut() {
            Some(last) if last.subjects == about => last.rules.push(read),
            _ => policies.push(Policy { origin, subjects: about, rules: vec![read] }),
        }
    }
    Ok(policies)
}
