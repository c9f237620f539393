//! `any`: the kinds of today, less those that are taken out.

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::access::{self, Kinds};
use crate::surface::{Group, Resource, Scope};
use crate::syntax::tree::ResourceName;

use super::super::names::shortened;
use super::kind::shown;
use super::objects::Said;
use super::verbs::{self, Written};
use super::{Access, Served};

impl<'r> Access<'r, '_, '_> {
    /// `any`, `any.argoproj.io`.
    pub(super) fn any(
        &mut self,
        name: &ResourceName,
        group: Option<&str>,
        written: Option<&Written<'_>>,
        said: &Said<'_, 'r>,
    ) -> Option<Kinds> {
        for served in said.clusters {
            let listed = listed(served, group, said);
            if listed.is_empty() {
                self.resolver.report.push(no_kinds(name, group.unwrap_or_default(), served, said));
                return None;
            }
            for (word, verbs) in written.iter().flat_map(|written| &written.words) {
                let none = !verbs.is_empty() && !listed.iter().any(|kind| verbs.iter().any(|verb| verbs::takes(served, kind, verb)));
                if none {
                    let headline = format!("none of `{}` takes `{}`{}", shown(name), shortened(&word.text), served.place());
                    self.resolver.report.push(
                        Diagnostic::new(Code::UnsupportedVerb, word.span, headline)
                            .help("take the verb out, or name the kind that takes it in a `can` of its own"),
                    );
                    return None;
                }
            }
        }
        let group = group.map(|group| if group == "core" { SmolStr::default() } else { group.into() });
        Some(Kinds::Any { group })
    }

    /// The kinds that are taken out of `any`; each has to be in it somewhere.
    pub(super) fn except(
        &mut self,
        names: &[ResourceName],
        any: Option<Option<SmolStr>>,
        said: &Said<'_, 'r>,
    ) -> Option<Vec<access::Resource>> {
        let Some(first) = names.first() else { return Some(Vec::new()) };
        let Some(group) = any else {
            self.resolver.report.push(without_any(first));
            return None;
        };
        let mut found = Vec::with_capacity(names.len());
        for name in names {
            let kind = self.excepted(name, said)?;
            let is_it = |one: &&Resource| one.group == kind.group && one.name == kind.resource;
            let cuts = said.clusters.iter().any(|served| listed(served, group.as_deref(), said).iter().any(is_it));
            if kind.subresource.is_some() || !cuts {
                self.resolver.report.push(cuts_nothing(name, &kind, said));
                return None;
            }
            found.push(kind);
        }
        found.sort();
        found.dedup();
        self.leaves_something(&found, group.as_deref(), first, said).then_some(found)
    }

    /// A kind that is taken out. One of the cluster is none that a role of a namespace could not hold.
    fn excepted(&mut self, name: &ResourceName, said: &Said<'_, 'r>) -> Option<access::Resource> {
        if name.name.text == "any" || name.name.text.starts_with("any.") || name.name.text == verbs::EVERYTHING {
            self.resolver.report.push(
                Diagnostic::new(Code::ExceptWithoutAny, name.span, format!("`{}` is taken out of `any` kind by kind", shown(name)))
                    .help("name each kind that is left out"),
            );
            return None;
        }
        self.kind(name, said.block, said.clusters).map(|found| found.resource)
    }

    fn leaves_something(&mut self, out: &[access::Resource], group: Option<&str>, first: &ResourceName, said: &Said<'_, 'r>) -> bool {
        let left = |served: &Served<'_>| {
            let all = listed(served, group, said);
            all.iter().any(|one| !out.iter().any(|other| other.group == one.group && other.resource == one.name))
        };
        let empty = said.clusters.iter().find(|served| !left(served)).map(Served::place);
        if let Some(place) = &empty {
            let headline = format!("nothing is left of `any`{place}");
            self.resolver
                .report
                .push(Diagnostic::new(Code::EmptySet, first.span, headline).help("take fewer kinds out, or remove the sentence"));
        }
        empty.is_none()
    }
}

/// The kinds that `any` stands for in a block: in a namespace those that are in namespaces.
fn listed<'s>(served: &'s Served<'_>, group: Option<&str>, said: &Said<'_, '_>) -> Vec<&'s Resource> {
    let mut all = served.surface.any(group);
    if said.block.home.namespace().is_some() {
        all.retain(|kind| kind.scope == Scope::Namespaced);
    }
    all
}

fn no_kinds(name: &ResourceName, group: &str, served: &Served<'_>, said: &Said<'_, '_>) -> Diagnostic {
    let headline = format!("no resource is in the group `{}`{}", shortened(group), served.place());
    let diagnostic = Diagnostic::new(Code::UnknownResource, name.span, headline);
    match served.surface.group(group) {
        Group::Known if said.block.home.namespace().is_some() => diagnostic
            .note("what is in it is in no namespace, or has to be turned on")
            .help("name its kinds one by one, in a role of `everywhere`"),
        Group::Known => diagnostic.note("what is in it has to be turned on").help("name its kinds one by one"),
        Group::Dead((major, minor)) => diagnostic.note(format!("nothing of it is served since {major}.{minor}")).help("remove it"),
        Group::Unknown(near) => match near.first() {
            Some(near) => diagnostic.help(format!("did you mean `any.{near}`?")),
            None => diagnostic.help(format!("declare its kinds: `resource certificates in {}`", shortened(group))),
        },
    }
}

fn without_any(name: &ResourceName) -> Diagnostic {
    Diagnostic::new(Code::ExceptWithoutAny, name.span, "only `any` has something taken out")
        .note("a role only adds: from kinds that are named, and from `everything`, nothing can be taken away")
        .help("name just what is meant, or write `any except secrets`")
}

fn cuts_nothing(name: &ResourceName, kind: &access::Resource, said: &Said<'_, '_>) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::ExceptCutsNothing, name.span, format!("`{}` is not in `any`, so this takes nothing out", shown(name)));
    let why = match (&kind.subresource, said.block.home.namespace()) {
        (Some(_), _) => "`any` holds no subresources: each is permitted by name",
        (None, Some(_)) => "in a namespace, `any` holds the kinds that are in namespaces and served by default",
        (None, None) => "`any` holds the kinds that are served by default, or declared, of the group that is named",
    };
    diagnostic.note(why).help("remove it")
}
