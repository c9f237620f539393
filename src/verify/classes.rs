//! Pods in classes that no policy tells apart.

use std::collections::BTreeMap;

use super::index::{Index, PolicyRef};
use super::pieces::{Budget, TooMany};
use crate::semantics::ends::EndBox;

/// Pods that the same policies select.
#[derive(Debug, Clone)]
pub(crate) struct Class {
    /// The pods; never none.
    pub(crate) pods: EndBox,
    /// The policies that select all of them, of each stack, in the order in which they decide.
    pub(crate) policies: Vec<Vec<PolicyRef>>,
}

/// Policies that select the same pods.
type Groups<'a> = BTreeMap<&'a [EndBox], Vec<(usize, PolicyRef)>>;

/// Splits some pods into disjoint classes by the policies of several stacks. `relevant` is, for each
/// stack, the policies that may select some of the pods; no other one does.
pub(crate) fn split(pods: EndBox, stacks: &[&Index<'_>], relevant: &[Vec<PolicyRef>], budget: &mut Budget) -> Result<Vec<Class>, TooMany> {
    let mut groups = Groups::new();
    for (stack, (index, refs)) in stacks.iter().zip(relevant).enumerate() {
        for at in refs {
            let Some((_, policy)) = index.get(*at) else { continue };
            groups.entry(policy.subjects.as_slice()).or_default().push((stack, *at));
        }
    }
    let mut classes = vec![Class { pods, policies: vec![Vec::new(); stacks.len()] }];
    for (subjects, policies) in groups {
        classes = split_by(classes, subjects, &policies, budget)?;
    }
    for class in &mut classes {
        class.policies.iter_mut().for_each(|policies| policies.sort_unstable());
    }
    Ok(classes)
}

fn split_by(classes: Vec<Class>, subjects: &[EndBox], policies: &[(usize, PolicyRef)], budget: &mut Budget) -> Result<Vec<Class>, TooMany> {
    let mut all = Vec::with_capacity(classes.len() + 1);
    for mut class in classes {
        if subjects.iter().all(|subject| class.pods.is_disjoint(subject)) {
            all.push(class);
            continue;
        }
        if subjects.iter().any(|subject| class.pods.is_subset(subject)) {
            class.enter(policies);
            all.push(class);
            continue;
        }
        let mut rest = vec![class.pods.clone()];
        for subject in subjects.iter().filter(|subject| !class.pods.is_disjoint(subject)) {
            for pods in rest.iter().filter_map(|piece| piece.intersection(subject)) {
                let mut inside = Class { pods, policies: class.policies.clone() };
                inside.enter(policies);
                all.push(inside);
            }
            rest = rest.iter().flat_map(|piece| piece.difference(subject)).collect();
        }
        budget.spend(rest.len())?;
        all.extend(rest.into_iter().map(|pods| Class { pods, policies: class.policies.clone() }));
    }
    budget.spend(all.len() / 64)?;
    Ok(all)
}

impl Class {
    fn enter(&mut self, policies: &[(usize, PolicyRef)]) {
        for (stack, at) in policies {
            if let Some(list) = self.policies.get_mut(*stack) {
                list.push(*at);
            }
        }
    }
}
