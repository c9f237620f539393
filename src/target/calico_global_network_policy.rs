//! projectcalico.org/v3 GlobalNetworkPolicy: isolation and allows of pods in namespaces not
//! yet born, and denies.

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use super::Emitted;
use super::calico_policy::{Draft, close};
use super::calico_rule::{addresses, ends, one_sided, pods, two_sided};
use super::calico_selector::{LONGEST, everywhere};
use super::calico_set::{Ends, Sets};
use super::name::{label, object_name};
use super::order::{ALLOW_TENTHS, DEFAULT_TIER, DENY_TIER, SEAL_TENTHS};
use super::split::{is_in_one_namespace, split};
use crate::ir::Policy;
use crate::manifest::calico::Action;
use crate::plan::{Deny, Isolated, Plan, Side, Subject};
use crate::semantics::pods::PodBox;

/// The order of denies in their tier. They are all of one order: none is more than another.
const DENY_TENTHS: u32 = 1_000;

/// The longest piece of a deny's name that is made of its words.
const LONGEST_WORDS: usize = 120;

/// The GlobalNetworkPolicies of one cluster.
pub(crate) fn emit(policy: &Policy, plan: &Plan<'_>, sets: &Sets) -> Vec<Emitted> {
    let mut named = Named::default();
    for isolated in plan.isolated.iter().filter(|isolated| !is_in_one_namespace(policy, &isolated.subject.pods)) {
        named.add(object_name("polc-isolate", &isolated.subject.name), isolation(isolated));
    }
    allows(policy, plan, sets, &mut named);
    for deny in &plan.denies {
        self::deny(deny, sets, &mut named);
    }
    named.emit(policy)
}

/// Closes what is isolated, with an explicit Deny: without one a later policy could open it.
fn isolation(isolated: &Isolated) -> Draft {
    let mut draft = Draft::new(DEFAULT_TIER, SEAL_TENTHS, everywhere(&[&isolated.subject.pods]));
    for side in [Side::Ingress, Side::Egress] {
        if isolated.closes(side) {
            draft.add(side, close(), &isolated.sentences);
        }
    }
    draft
}

fn allows(policy: &Policy, plan: &Plan<'_>, sets: &Sets, named: &mut Named) {
    let mut drafts: BTreeMap<&Subject, Draft> = BTreeMap::new();
    for rule in plan.rules.iter().filter(|rule| !is_in_one_namespace(policy, &rule.subject.pods)) {
        let Some(part) = split(policy, rule).1 else { continue };
        let draft =
            drafts.entry(&rule.subject).or_insert_with(|| Draft::new(DEFAULT_TIER, ALLOW_TENTHS, everywhere(&[&rule.subject.pods])));
        draft.add(rule.side, one_sided(Action::Allow, rule.side, &ends(sets, &part.peers), &part.ports), &rule.sentences);
    }
    for (subject, draft) in drafts {
        named.add(object_name("polc-allow", &subject.name), draft);
    }
}

/// A deny, at the ends where a policy can stand: pods as destinations close on their ingress
/// side whoever comes, pods as sources on their egress side whatever address is called.
/// Where both ends are addresses, whoever holds one of them closes: any pod may.
fn deny(deny: &Deny, sets: &Sets, named: &mut Named) {
    let (sources, destinations) = (Ends::of(&deny.sources), Ends::of(&deny.destinations));
    let name = format!("{}.{}", DENY_TIER, label(&deny.name, LONGEST_WORDS));
    let (from, to) = (addresses(sets, &sources), addresses(sets, &destinations));
    let incoming = if sources.anyone { from.clone() } else { [pods(&sources), from.clone()].concat() };
    let sided = |side, ends: &[_]| one_sided(Action::Deny, side, ends, &deny.ports);
    for selector in subjects(&destinations.pods) {
        let mut draft = Draft::new(DENY_TIER, DENY_TENTHS, selector);
        draft.add(Side::Ingress, sided(Side::Ingress, &incoming), &[deny.sentence]);
        named.add(format_smolstr!("{name}-ingress"), draft);
    }
    for selector in subjects(&sources.pods) {
        let mut draft = Draft::new(DENY_TIER, DENY_TENTHS, selector);
        draft.add(Side::Egress, sided(Side::Egress, &to), &[deny.sentence]);
        named.add(format_smolstr!("{name}-egress"), draft);
    }
    let mut draft = Draft::new(DENY_TIER, DENY_TENTHS, everywhere(&[&PodBox::default()]));
    for side in [Side::Ingress, Side::Egress] {
        draft.add(side, two_sided(Action::Deny, &from, &to, &deny.ports), &[deny.sentence]);
    }
    named.add(format_smolstr!("{name}-addresses"), draft);
}

/// Selectors that together are the boxes: as few as the length of a selector allows.
fn subjects(boxes: &[&PodBox]) -> Vec<String> {
    let mut selectors = Vec::new();
    let mut rest = boxes;
    while !rest.is_empty() {
        let fitting = (2..=rest.len()).take_while(|many| rest.get(..*many).is_some_and(|some| everywhere(some).len() <= LONGEST)).last();
        let (some, others) = rest.split_at(fitting.unwrap_or(1));
        selectors.push(everywhere(some));
        rest = others;
    }
    selectors
}

/// Policies by name. Two that say the same are one; two that differ and would have one name
/// both get a hash of what they say.
#[derive(Default)]
struct Named(BTreeMap<SmolStr, Vec<Draft>>);

impl Named {
    fn add(&mut self, name: SmolStr, draft: Draft) {
        if draft.is_empty() {
            return;
        }
        let drafts = self.0.entry(name).or_default();
        match drafts.iter_mut().find(|other| other.says_the_same(&draft)) {
            Some(same) => same.merge(&draft),
            None => drafts.push(draft),
        }
    }

    fn emit(&self, policy: &Policy) -> Vec<Emitted> {
        let each = |(name, drafts): (&SmolStr, &Vec<Draft>)| {
            let name = name.clone();
            let several = drafts.len() > 1;
            let full = move |draft: &Draft| if several { format_smolstr!("{name}-{}", draft.hash()) } else { name.clone() };
            drafts.iter().map(|draft| draft.emit(policy, None, full(draft))).collect::<Vec<_>>()
        };
        self.0.iter().flat_map(each).collect()
    }
}
