//! What decides in a cluster besides the policy: its own objects together with the files it includes
//! and every manifest given.

use super::decide::By;
use super::stack::{Action, Origin, Rule, Sides, Stack};
use super::world::doubt::{NOT_UNDERSTOOD, rules};
use super::world::{NotUnderstood, ObjectRef, World, world_under};
use crate::diagnostic::Diagnostic;
use crate::ir;
use crate::manifest::Object;
use crate::semantics::ends::EndBox;
use crate::semantics::ports::{PortSet, Protocol};
use crate::source::{FileId, SourceFile, Sources};

/// What the policy's own objects are called as a file.
pub(crate) const OURS: &str = "";

/// Objects of a policy, of the files it includes and of manifests, read together.
#[derive(Debug)]
pub(crate) struct Given {
    /// What they say.
    pub(crate) world: World,
    /// The texts that its places are in.
    pub(crate) sources: Sources,
    /// What could not be read.
    pub(crate) found: Vec<Diagnostic>,
    /// How many of the files are applied with the policy: its own objects, and what it includes.
    applied: usize,
}

/// Who gives a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose<'a> {
    /// The policy is compiled to it.
    Ours,
    /// A file of this path that it includes.
    Included(&'a str),
    /// A manifest of this name that is given.
    Given(&'a str),
}

impl Given {
    /// Reads them. What is applied, the policy's own objects and the included files, takes the place of
    /// what manifests say of objects of the same names.
    pub(crate) fn read<'a>(
        own: impl Iterator<Item = &'a Object>,
        includes: impl Iterator<Item = &'a ir::Include>,
        manifests: Vec<SourceFile>,
    ) -> Self {
        let mut text = String::new();
        for object in own.filter(|object| !matches!(object, Object::Included(_))) {
            text.push_str("---\n");
            object.write_yaml(&mut text);
        }
        let mut applied: Vec<SourceFile> = includes.map(|it| SourceFile { name: it.path.clone(), text: it.text.clone() }).collect();
        applied.sort_by(|a, b| a.name.cmp(&b.name));
        applied.dedup_by(|a, b| a.name == b.name);
        if !text.is_empty() {
            applied.push(SourceFile { name: OURS.into(), text });
        }
        let count = applied.len();
        let last = u32::try_from(count).ok().and_then(|count| count.checked_sub(1)).map(FileId);
        let sources = Sources::default().with_manifests(applied).with_manifests(manifests);
        let (world, found) = world_under(&sources, last);
        Given { world, sources, found, applied: count }
    }

    /// Who gives a file.
    pub(crate) fn whose(&self, file: FileId) -> Whose<'_> {
        match self.sources.name(file) {
            OURS => Whose::Ours,
            name if (file.0 as usize) < self.applied => Whose::Included(name),
            name => Whose::Given(name),
        }
    }

    /// Whether nothing of it decides about connections, for all that is known.
    pub(crate) fn is_silent(&self) -> bool {
        let none = |stack: &Stack| stack.tiers.is_empty();
        let Sides { ingress, egress } = &self.world.sides;
        none(ingress) && none(egress) && self.world.not_understood.is_empty() && !self.found.iter().any(Diagnostic::is_error)
    }

    /// Whether nothing of it says who may do what, for all that is known.
    pub(crate) fn grants_nothing(&self) -> bool {
        let access = &self.world.access;
        access.roles.is_empty() && access.bindings.is_empty() && self.world.unclear_access.is_empty()
    }

    /// An object that the policy is not compiled to.
    pub(crate) fn foreign(&self, origin: Origin) -> Option<&ObjectRef> {
        let Origin::Object { object, .. } = origin else { return None };
        let object = self.world.objects.get(object as usize)?;
        (self.whose(object.place.file) != Whose::Ours).then_some(object)
    }

    /// An object by its place, if the policy is not compiled to it.
    pub(crate) fn object(&self, at: u32) -> Option<&ObjectRef> {
        let object = self.world.objects.get(at as usize)?;
        (self.sources.name(object.place.file) != OURS).then_some(object)
    }

    /// `legacy.yaml:3: NetworkPolicy shop/allow-web`.
    pub(crate) fn cited(&self, object: &ObjectRef) -> String {
        format!("{}:{}: {}", self.sources.name(object.place.file), self.sources.position(object.place).line, called(object))
    }

    /// Something that is not understood, with its place and why.
    pub(crate) fn told(&self, what: &NotUnderstood) -> String {
        told(&self.world, &self.sources, what)
    }

    /// What could not be read; what it says is not known.
    pub(crate) fn unreadable(&self) -> Option<String> {
        let error = self.found.iter().find(|it| it.is_error())?;
        let place = error
            .primary
            .as_ref()
            .map_or(String::new(), |label| format!("{}:{}: ", self.sources.name(label.span.file), self.sources.position(label.span).line));
        Some(format!("{place}{}", error.headline))
    }

    /// Whether anything is unknown about what decides.
    pub(crate) fn is_in_doubt(&self) -> bool {
        let named = |stack: &Stack| rules(stack).any(|rule| !rule.named.is_empty());
        let Sides { ingress, egress } = &self.world.sides;
        named(ingress) || named(egress) || self.world.is_in_doubt()
    }

    /// What would decide if all that is unknown were decided this way: what is not understood for all that it may
    /// reach, and a port by name for every port or none.
    pub(crate) fn if_all(&self, action: Action) -> Sides {
        with_names(self.world.if_all(action), action)
    }

    /// What decides if rules of this action hold every port that they have by name, and the others none of theirs.
    pub(crate) fn if_named(&self, action: Action) -> Sides {
        with_names(self.world.sides.clone(), action)
    }

    /// What is not understood and could isolate some pods, or open them.
    pub(crate) fn reaching(&self, sides: ir::Sides, pods: &[EndBox]) -> Vec<String> {
        let matters = |what: &&NotUnderstood| {
            let reaches = (sides.ingress && what.reach.ingress) || (sides.egress && what.reach.egress);
            reaches && what.rule.is_none() && what.reach.subjects.iter().any(|subject| pods.iter().any(|end| !subject.is_disjoint(end)))
        };
        self.world.not_understood.iter().filter(matters).map(|what| self.told(what)).collect()
    }

    /// What is in doubt of what decides at one side of a stack of [`Self::if_all`].
    pub(crate) fn doubts(&self, by: &By, is_ingress: bool) -> Vec<String> {
        let of_side = |what: &&NotUnderstood| if is_ingress { what.reach.ingress } else { what.reach.egress };
        let told = |wanted: &dyn Fn(&NotUnderstood) -> bool| {
            self.world.not_understood.iter().filter(of_side).filter(|what| wanted(what)).map(|what| self.told(what)).collect::<Vec<_>>()
        };
        match by {
            By::Rule { tier, rule: Origin::Object { object, rule }, .. } => {
                let whole = tier == NOT_UNDERSTOOD;
                let found =
                    told(&|what| what.object == *object && if whole { what.rule.is_none() } else { what.rule == *rule && rule.is_some() });
                if found.is_empty() { self.by_name(Origin::Object { object: *object, rule: *rule }).into_iter().collect() } else { found }
            }
            // A rule that may open is in doubt.
            By::Isolated { by, .. } => told(&|what| {
                what.rule.is_some() && by.iter().any(|it| matches!(it, Origin::Object { object, .. } if *object == what.object))
            }),
            _ => Vec::new(),
        }
    }

    /// That a rule has ports by name, if it has.
    pub(crate) fn by_name(&self, origin: Origin) -> Option<String> {
        let Origin::Object { object, .. } = origin else { return None };
        let Sides { ingress, egress } = &self.world.sides;
        rules(ingress).chain(rules(egress)).find(|rule| rule.origin == origin && !rule.named.is_empty())?;
        let object = self.world.objects.get(object as usize)?;
        Some(format!("{}: a rule has a port by name, which each pod may give another number", self.cited(object)))
    }
}

fn with_names(mut sides: Sides, action: Action) -> Sides {
    let stacks = [&mut sides.ingress, &mut sides.egress];
    let tiers = stacks.into_iter().flat_map(|stack| &mut stack.tiers);
    for rule in tiers.flat_map(|tier| &mut tier.policies).flat_map(|policy| &mut policy.rules) {
        decide_names(rule, action);
    }
    sides
}

/// A rule that passes on keeps its names: what it does is neither to open nor to close.
fn decide_names(rule: &mut Rule, action: Action) {
    if rule.action == Action::Pass {
        return;
    }
    for named in std::mem::take(&mut rule.named) {
        if rule.action == action {
            let all = named.protocol.map_or_else(PortSet::all, |protocol: Protocol| PortSet::protocol(protocol));
            rule.ports = rule.ports.union(&all);
        }
    }
}

/// Something that is not understood: its place, its object, the field and why.
pub(crate) fn told(world: &World, sources: &Sources, what: &NotUnderstood) -> String {
    let object = world.objects.get(what.object as usize).map(called).unwrap_or_default();
    let field = if what.field.is_empty() { String::new() } else { format!(" {}", what.field) };
    format!("{}:{}: {object}{field}: {}", sources.name(what.place.file), sources.position(what.place).line, what.why)
}

/// `NetworkPolicy shop/allow-web`.
pub(crate) fn called(object: &ObjectRef) -> String {
    let home = object.namespace.as_ref().map_or(String::new(), |namespace| format!("{namespace}/"));
    format!("{} {home}{}", object.kind, object.name)
}
