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

/// `update` on `finalizers` of any resource is asked for where an object is to block the deletion of its owner
/// (admission plugin `OwnerReferencesPermissionEnforcement`).
fn finalizers(surface: &Surface, name: &str) -> Option<Lookup> {
    let owner = name.strip_suffix("/finalizers")?;
    let of = |owner: Resource| Resource {
        subresource: Some(SmolStr::new_static("finalizers")),
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
            && it.subresource.is_none()
            && (it.singular == resource || it.short.iter().any(|short| short == resource) || it.kind.eq_ignore_ascii_case(resource))
            && group.is_none_or(|group| it.group == group)
    };
    let below = |head: &str| subresource.map_or_else(|| head.to_owned(), |sub| format!("{head}/{sub}"));
    let meant = surface.all().find(called).map(|it| match group {
        Some(_) => below(&it.written()),
        None => below(&it.name),
    });
    let written: Vec<String> = surface.all().filter(|it| !it.takes_any_name()).map(|it| shown(it, group)).collect();
    let near = nearest(name, written.iter().map(String::as_str)).into_iter().map(str::to_owned).collect();
    Lookup::Unknown(Unknown { meant, near })
}

/// A resource as somebody would write it who writes the group, or does not.
fn shown(resource: &Resource, group: Option<&str>) -> String {
    if group.is_some() { resource.written() } else { resource.path().into_owned() }
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
