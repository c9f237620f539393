//! Permissions as few rules: equal verbs on kinds of one group stand together, so that a rule is as long as its sentence.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::{SmolStr, format_smolstr};

use super::super::Sentences;
use super::cite;
use crate::ir::access::{Kinds, Objects, Resource, Verbs};
use crate::ir::{self, Scope, SentenceId};
use crate::semantics::rbac::Rule;
use crate::surface::{Scope as Place, Surface};

/// Verbs, and the sentences that give them.
type Given = BTreeMap<SmolStr, Sentences>;

/// Resources or paths that one rule can hold, and the sentences behind them.
type Same = (Vec<SmolStr>, Sentences);

/// What is permitted, piece by piece.
#[derive(Default)]
struct Pieces {
    /// By names of objects, group and resource.
    resources: BTreeMap<(Vec<SmolStr>, SmolStr, SmolStr), Given>,
    urls: BTreeMap<SmolStr, Given>,
}

/// The rules of a role's permissions, each with its sentences, sorted.
pub(super) fn rules(role: &ir::Role, surface: &Surface) -> Vec<(Rule, Sentences)> {
    let mut pieces = Pieces::default();
    for permission in &role.permissions {
        let verbs = match &permission.verbs {
            Verbs::Named(verbs) => verbs.clone(),
            Verbs::Everything => vec![ALL],
        };
        match &permission.objects {
            Objects::Urls(urls) => {
                urls.iter().for_each(|url| give(pieces.urls.entry(url.clone()).or_default(), &verbs, permission.sentence))
            }
            Objects::Resources { kinds, except, names } => {
                for (group, resource) in self::kinds(role, surface, kinds, except) {
                    let key = (names.clone(), group, resource);
                    give(pieces.resources.entry(key).or_default(), &verbs, permission.sentence);
                }
            }
        }
    }
    pieces.into_rules()
}

const ALL: SmolStr = SmolStr::new_static("*");

fn give(given: &mut Given, verbs: &[SmolStr], sentence: SentenceId) {
    for verb in verbs {
        cite(given.entry(verb.clone()).or_default(), &[sentence]);
    }
}

/// Groups and resources that a permission is about, as rules write them. What is taken out is taken out of `any` alone.
fn kinds(role: &ir::Role, surface: &Surface, kinds: &[Kinds], except: &[Resource]) -> BTreeSet<(SmolStr, SmolStr)> {
    let mut all = BTreeSet::new();
    for kind in kinds {
        match kind {
            Kinds::One(resource) => {
                all.insert((resource.group.clone(), path(resource)));
            }
            Kinds::Everything => {
                all.insert((ALL, ALL));
            }
            Kinds::Any { group } => {
                let listed = any(surface, role, group.as_deref()).into_iter();
                all.extend(listed.filter(|(group, name)| !except.iter().any(|out| out.group == *group && path(out) == *name)));
            }
        }
    }
    all
}

/// Today's kinds. What is in no namespace does nothing in a namespace's role, and is left out of it (access-targets R5).
fn any(surface: &Surface, role: &ir::Role, group: Option<&str>) -> Vec<(SmolStr, SmolStr)> {
    let here = |it: &&crate::surface::Resource| role.scope == Scope::Everywhere || it.scope == Place::Namespaced;
    surface.any(group).into_iter().filter(here).map(|it| (it.group.clone(), it.name.clone())).collect()
}

fn path(resource: &Resource) -> SmolStr {
    match &resource.subresource {
        Some(subresource) => format_smolstr!("{}/{subresource}", resource.resource),
        None => resource.resource.clone(),
    }
}

impl Pieces {
    fn into_rules(self) -> Vec<(Rule, Sentences)> {
        let mut same: BTreeMap<(SmolStr, Vec<SmolStr>, Vec<SmolStr>), Same> = BTreeMap::new();
        for ((names, group, resource), given) in self.resources {
            let (verbs, sentences) = verbs(given);
            let (resources, cited) = same.entry((group, names, verbs)).or_default();
            resources.push(resource);
            cite(cited, &sentences);
        }
        let mut same_urls: BTreeMap<Vec<SmolStr>, Same> = BTreeMap::new();
        for (url, given) in self.urls {
            let (verbs, sentences) = verbs(given);
            let (urls, cited) = same_urls.entry(verbs).or_default();
            urls.push(url);
            cite(cited, &sentences);
        }
        let about_resources = same.into_iter().map(|((group, names, verbs), (resources, sentences))| {
            (Rule { verbs, groups: vec![group], resources, names, urls: Vec::new() }, sentences)
        });
        let about_urls = same_urls.into_iter().map(|(verbs, (urls, sentences))| (Rule { verbs, urls, ..Rule::default() }, sentences));
        let mut all: Vec<(Rule, Sentences)> = about_resources.collect();
        all.sort_by(|(a, _), (b, _)| (&a.groups, &a.resources, &a.names, &a.verbs).cmp(&(&b.groups, &b.resources, &b.names, &b.verbs)));
        all.extend(about_urls);
        all
    }
}

/// The verbs of a piece, sorted, and all their sentences. `*` holds every other.
fn verbs(given: Given) -> (Vec<SmolStr>, Sentences) {
    let mut sentences = Sentences::new();
    given.values().for_each(|more| cite(&mut sentences, more));
    if given.contains_key(&ALL) { (vec![ALL], sentences) } else { (given.into_keys().collect(), sentences) }
}
