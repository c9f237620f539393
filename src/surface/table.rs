//! The tables of each version, read once.

use std::sync::OnceLock;

use smol_str::SmolStr;

use super::lookup::Dead;
use super::resource::{Origin, Resource, Scope};
use super::role::{self, Role};
use super::{names, plain, words};

/// One version.
#[derive(Debug)]
pub(super) struct Table {
    /// By name.
    pub(super) resources: Vec<Resource>,
    /// By name.
    pub(super) roles: Vec<Role>,
    pub(super) dead: Vec<Dead>,
}

/// What stands in the files of one version.
struct Files {
    minor: u16,
    resources: &'static str,
    roles: &'static str,
    read: OnceLock<Table>,
}

macro_rules! files {
    ($minor:literal) => {
        Files {
            minor: $minor,
            resources: include_str!(concat!("tables/resources-1.", $minor, ".tsv")),
            roles: include_str!(concat!("tables/roles-1.", $minor, ".tsv")),
            read: OnceLock::new(),
        }
    };
}

/// All versions, oldest first. A new one is a line here and two files that the generator writes.
static VERSIONS: [Files; 5] = [files!(33), files!(34), files!(35), files!(36), files!(37)];
const SPECIAL: &str = include_str!("tables/special.tsv");
const DEAD: &str = include_str!("tables/dead.tsv");

pub(super) fn minors() -> impl Iterator<Item = u16> {
    VERSIONS.iter().map(|version| version.minor)
}

pub(super) fn of(minor: u16) -> Option<&'static Table> {
    let files = VERSIONS.iter().find(|version| version.minor == minor)?;
    Some(files.read.get_or_init(|| read(files)))
}

fn read(files: &Files) -> Table {
    let mut resources: Vec<Resource> = lines(files.resources).filter_map(resource).collect();
    for special in lines(SPECIAL).filter_map(|columns| special(columns, files.minor)) {
        match resources.iter_mut().find(|it| it.key() == special.key()) {
            Some(known) => {
                known.verbs.extend(special.verbs);
                known.verbs.sort_unstable();
            }
            None => resources.push(special),
        }
    }
    resources.sort_by(|a, b| a.by_name().cmp(&b.by_name()));
    Table { resources, roles: role::read(lines(files.roles)), dead: lines(DEAD).filter_map(dead).collect() }
}

/// The columns of every line that is no comment.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

fn resource(columns: Vec<&'static str>) -> Option<Resource> {
    let [group, path, kind, scope, verbs, short, singular, served, _] = columns.try_into().ok()?;
    let origin = if served == "-" { Origin::OnDemand } else { Origin::Served };
    let singular = words(singular).next().unwrap_or_default();
    Some(Resource {
        kind: SmolStr::new_static(kind),
        short: names(short),
        singular: SmolStr::new_static(singular),
        ..row(group, path, scope, verbs, origin)?
    })
}

fn special(columns: Vec<&'static str>, minor: u16) -> Option<Resource> {
    let [group, path, scope, verbs, since, _] = columns.try_into().ok()?;
    let there = since == "-" || version(since)? <= (1, minor);
    row(group, path, scope, verbs, Origin::Special).filter(|_| there)
}

fn row(group: &'static str, path: &'static str, scope: &str, verbs: &'static str, origin: Origin) -> Option<Resource> {
    let (name, subresource) = path.split_once('/').map_or((path, None), |(name, sub)| (name, Some(sub)));
    let scope = match scope {
        "namespaced" => Scope::Namespaced,
        "cluster" => Scope::Cluster,
        _ => return None,
    };
    Some(Resource {
        group: SmolStr::new(plain(group)),
        name: SmolStr::new_static(name),
        subresource: subresource.map(SmolStr::new_static),
        kind: SmolStr::default(),
        scope,
        verbs: names(verbs),
        short: Vec::new(),
        singular: SmolStr::default(),
        origin,
    })
}

fn dead(columns: Vec<&'static str>) -> Option<Dead> {
    let [group, path, since, instead] = columns.try_into().ok()?;
    Some(Dead { group: plain(group), path, since: version(since)?, instead: words(instead).next() })
}

fn version(text: &str) -> Option<(u16, u16)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
pub(super) fn texts() -> impl Iterator<Item = (u16, &'static str, &'static str)> {
    VERSIONS.iter().map(|version| (version.minor, version.resources, version.roles))
}

#[cfg(test)]
pub(super) const BY_HAND: [&str; 2] = [SPECIAL, DEAD];
