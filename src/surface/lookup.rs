//! From a name to what it means.

use smol_str::SmolStr;

use super::bare;
use super::resource::{Origin, Resource};
use super::{Surface, plain};
use crate::diagnostic::suggest::nearest;

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// Just one resource.
    Found(Box<Resource>),
    /// Resources of several groups have it. [`Resource::written`] tells them apart.
    Ambiguous(Vec<Resource>),
    /// No version serves it any more. A rule may name it, and does nothing.
    Dead(Dead),
    /// Nothing.
    Unknown(Unknown),
}

/// A resource that is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dead {
    /// Its group, as in a rule's `apiGroups`.
    pub group: &'static str,
    /// As in a rule's `resources`.
    pub path: &'static str,
    /// The first version without it, as (major, minor).
    pub since: (u16, u16),
    /// What is served instead, as a policy writes it.
    pub instead: Option<&'static str>,
}

/// A name that nothing has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unknown {
    /// The resource whose singular, short name or kind it is, as a policy writes it.
    pub meant: Option<String>,
    /// Names that look like it, nearest first, as a policy writes them.
    pub near: Vec<String>,
}

/// What a group is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Group {
    /// Something in it is served, or was defined.
    Known,
    /// Nothing of it is served since this version, (major, minor).
    Dead((u16, u16)),
    /// Nobody knows it; groups that look like it.
    Unknown(Vec<String>),
}

pub(super) fn find(surface: &Surface, name: &str) -> Lookup {
    let (head, subresource) = name.split_once('/').map_or((name, None), |(head, sub)| (head, Some(sub)));
    let (resource, group) = head.split_once('.').map_or((head, None), |(resource, group)| (resource, Some(plain(group))));
    let path = subresource.map_or_else(|| resource.to_owned(), |sub| format!("{resource}/{sub}"));
    let found = match group {
        Some(group) => surface.matching(&path).into_iter().filter(|it| it.group == group).cloned().collect(),
        None => bare::candidates(surface, &path),
    };
    match <[Resource; 1]>::try_from(found) {
        Ok([one]) => Lookup::Found(Box::new(asked(one, subresource))),
        Err(several) if !several.is_empty() => Lookup::Ambiguous(several.into_iter().map(|it| asked(it, subresource)).collect()),
        Err(_) => finalizers(surface, name)
            .or_else(|| dead(surface, resource, group, &path))
            .unwrap_or_else(|| unknown(surface, name, resource, group, subresource)),
    }
}

/// A subresource of any name gets the name that was asked for.
fn asked(mut resource: Resource, subresource: Option<&str>) -> Resource {
    if resource.takes_any_name() {
        resource.subresource = subresource.map(SmolStr::new);
    }
    resource
}

/// A subresource of every resource, which no API server lists.
const FINALIZERS: &str = "finalizers";

/// `update` on `finalizers` of any resource is asked for where an object is to block the deletion of its owner
/// (admission plugin `OwnerReferencesPermissionEnforcement`).
fn finalizers(surface: &Surface, name: &str) -> Option<Lookup> {
    let owner = name.strip_suffix(FINALIZERS)?.strip_suffix('/')?;
    let of = |owner: Resource| Resource {
        subresource: Some(SmolStr::new_static(FINALIZERS)),
        verbs: vec![SmolStr::new_static("update")],
        short: Vec::new(),
        singular: SmolStr::default(),
        origin: Origin::Special,
        ..owner
    };
    match find(surface, owner) {
        Lookup::Found(owner) if owner.subresource.is_none() => Some(Lookup::Found(Box::new(of(*owner)))),
        Lookup::Ambiguous(owners) => Some(Lookup::Ambiguous(owners.into_iter().map(of).collect())),
        _ => None,
    }
}

/// A resource that is gone, or a subresource of one. A name without a group is dead only if nothing alive has it.
fn dead(surface: &Surface, resource: &str, group: Option<&str>, path: &str) -> Option<Lookup> {
    let gone = surface.builtin.dead.iter().filter(|it| group.is_none_or(|group| it.group == group));
    let gone = gone.filter(|it| it.path == path || it.path == resource);
    let alive = group.is_none() && !bare::candidates(surface, resource).is_empty();
    gone.filter(|it| it.path == path || !alive).max_by_key(|it| it.since).map(|it| Lookup::Dead(*it))
}

fn unknown(surface: &Surface, name: &str, resource: &str, group: Option<&str>, subresource: Option<&str>) -> Lookup {
    let called = |it: &&Resource| {
        !resource.is_empty()
            && it.name != resource
            && it.subresource.is_none()
            && (it.singular == resource || it.short.iter().any(|short| short == resource) || it.kind.eq_ignore_ascii_case(resource))
            && group.is_none_or(|group| it.group == group)
    };
    let below = |head: &str| subresource.map_or_else(|| head.to_owned(), |sub| format!("{head}/{sub}"));
    let has = |it: &&Resource| match subresource {
        Some(sub) => sub == FINALIZERS || surface.matching(&format!("{}/{sub}", it.name)).iter().any(|other| other.group == it.group),
        None => true,
    };
    let meant = surface.all().filter(called).find(has).map(|it| match group {
        Some(_) => below(&it.written()),
        None => below(&it.name),
    });
    let near = match group {
        Some(group) => elsewhere(surface, group, &below(resource)),
        None => near(name, surface.all().filter(|it| alike(it, name)).map(|it| it.path().into_owned())),
    };
    Lookup::Unknown(Unknown { meant, near })
}

/// What somebody may mean who names a group: the same resource in another one, or else another one in the group. A group
/// that nobody knows is one of custom resources, unless it looks like the right one.
fn elsewhere(surface: &Surface, group: &str, path: &str) -> Vec<String> {
    let same = surface.matching(path).into_iter().filter(|it| !it.takes_any_name());
    match group_of(surface, group) {
        Group::Unknown(groups) => same.filter(|it| groups.iter().any(|near| plain(near) == it.group)).map(Resource::written).collect(),
        Group::Known | Group::Dead(_) => {
            let same: Vec<String> = same.map(Resource::written).collect();
            if same.is_empty() { inside(surface, group, path) } else { same }
        }
    }
}

/// Names in a group that look like this one.
fn inside(surface: &Surface, group: &str, path: &str) -> Vec<String> {
    let all: Vec<&Resource> = surface.all().filter(|it| it.group == group && alike(it, path)).collect();
    let near = near(path, all.iter().map(|it| it.path().into_owned()));
    near.iter().filter_map(|near| all.iter().find(|it| it.is(near))).map(|it| it.written()).collect()
}

/// Whether both are a resource, or both a subresource: one covers much that the other does not.
fn alike(resource: &Resource, name: &str) -> bool {
    resource.subresource.is_some() == name.contains('/') && !resource.takes_any_name()
}

fn near(name: &str, candidates: impl Iterator<Item = String>) -> Vec<String> {
    let candidates: Vec<String> = candidates.collect();
    nearest(name, candidates.iter().map(String::as_str)).into_iter().map(str::to_owned).collect()
}

pub(super) fn group_of(surface: &Surface, name: &str) -> Group {
    let group = plain(name);
    if surface.all().any(|it| it.group == group) {
        return Group::Known;
    }
    match surface.builtin.dead.iter().filter(|it| it.group == group).map(|it| it.since).max() {
        Some(since) => Group::Dead(since),
        None => {
            let groups = surface.all().map(|it| it.group.as_str()).filter(|it| !it.is_empty()).chain(["core"]);
            Group::Unknown(nearest(name, groups).into_iter().map(str::to_owned).collect())
        }
    }
}
