//! What a `can` is about: kinds of resources, or paths.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::access::{Kinds, Objects, Verbs};
use crate::syntax::tree::{Can, Form, On, ResourceName, Word};

use super::super::place::Block;
use super::kind::{Found, is_namespaces, shown};
use super::verbs::{EVERYTHING, Written};
use super::{Access, Served, verbs, wrong};

/// Verbs of requests that name no single object.
const OF_NO_SINGLE_ONE: [&str; 4] = ["create", "deletecollection", "list", "watch"];

/// Where verbs and kinds are said.
pub(super) struct Said<'p, 'r> {
    /// The block.
    pub(super) block: &'p Block,
    /// What its clusters serve.
    pub(super) clusters: &'p [Served<'r>],
    /// Whether somebody says why, or need not since nothing is opened.
    pub(super) reason: bool,
    /// Whether it is asserted that nobody can.
    pub(super) asserted: bool,
}

impl<'r> Access<'r, '_, '_> {
    /// Verbs and what they are about; none if something of it is wrong.
    pub(super) fn permission(&mut self, can: &Can, said: &Said<'_, 'r>) -> Option<(Verbs, Objects)> {
        let written = verbs::read(&can.verbs, self.resolver.report);
        let objects = match &can.on {
            On::Urls(urls) => self.urls(urls, written.as_ref(), said),
            On::Resources { kinds, except, named } => self.resources((kinds, except, named), written.as_ref(), said),
        };
        Some((written?.verbs(), objects?))
    }

    fn resources(
        &mut self,
        (kinds, except, named): (&[ResourceName], &[ResourceName], &[Word]),
        written: Option<&Written<'_>>,
        said: &Said<'_, 'r>,
    ) -> Option<Objects> {
        let mut found = Vec::with_capacity(kinds.len());
        let mut sound = true;
        for (place, kind) in kinds.iter().enumerate() {
            if let Some(first) = kinds.get(..place).unwrap_or_default().iter().find(|first| shown(first) == shown(kind)) {
                self.resolver
                    .report
                    .push(wrong::named_twice(&Word { span: kind.span, text: shown(kind).into(), ..kind.name.clone() }, first.span));
            }
            match self.kinds(kind, written, said) {
                Some(one) => found.push(one),
                None => sound = false,
            }
        }
        let group = found.iter().find_map(|kind| if let Kinds::Any { group } = kind { Some(group.clone()) } else { None });
        let except = self.except(except, group, said);
        let names = self.names(named, (kinds, &found), written, said.asserted);
        found.sort();
        found.dedup();
        (sound && !found.is_empty()).then_some(Objects::Resources { kinds: found, except: except?, names: names? })
    }

    fn kinds(&mut self, name: &ResourceName, written: Option<&Written<'_>>, said: &Said<'_, 'r>) -> Option<Kinds> {
        match any_of(name) {
            Some(Wide::Everything) => Some(Kinds::Everything),
            Some(Wide::Any(group)) => self.any(name, group, written, said),
            Some(Wide::Wrong) => {
                self.resolver.report.push(below_any(name));
                None
            }
            None => {
                let found = self.kind(name, said.block, said.clusters)?;
                if let Some(written) = written {
                    self.takes(&found.served, &shown(name), written).then_some(())?;
                    self.reaches(name, &found, written, said).then_some(())?;
                }
                Some(Kinds::One(found.resource))
            }
        }
    }

    /// Of `namespaces`, a role of one namespace holds what names that namespace; says so of every other verb.
    fn reaches(&mut self, name: &ResourceName, found: &Found<'_>, written: &Written<'_>, said: &Said<'_, 'r>) -> bool {
        let Some(namespace) = said.block.home.namespace().filter(|_| is_namespaces(&found.resource)) else { return true };
        let of_none = |verbs: &[&str]| !verbs.is_empty() && verbs.iter().all(|verb| OF_NO_SINGLE_ONE.contains(verb));
        match written.words.iter().find(|(_, verbs)| of_none(verbs)) {
            Some((word, _)) => {
                self.resolver.report.push(namespaces(word, name, namespace));
                false
            }
            None => true,
        }
    }
}

/// A word for more than one kind.
enum Wide<'n> {
    /// `any`, `any.argoproj.io`.
    Any(Option<&'n str>),
    /// `everything`.
    Everything,
    /// `any/log`, `everything.apps`.
    Wrong,
}

fn any_of(name: &ResourceName) -> Option<Wide<'_>> {
    let (word, group) = name.name.text.split_once('.').map_or((name.name.text.as_str(), None), |(word, group)| (word, Some(group)));
    match (name.name.form, word, group, &name.subresource) {
        (Form::Bare, "any", group, None) => Some(Wide::Any(group)),
        (Form::Bare, EVERYTHING, None, None) => Some(Wide::Everything),
        (Form::Bare, "any" | EVERYTHING, ..) => Some(Wide::Wrong),
        _ => None,
    }
}

fn below_any(name: &ResourceName) -> Diagnostic {
    let (headline, help) = match &name.subresource {
        Some(subresource) => (
            format!("`{}` names no subresource of its own", shown(name)),
            format!("name each kind whose `{}` is meant, for example `pods/{}`", subresource.text, subresource.text),
        ),
        None => (format!("`{}` is no kind of resource", shown(name)), "write `any.GROUP` for the kinds of a group".to_owned()),
    };
    Diagnostic::new(Code::SubresourceOfAny, name.span, headline)
        .note("subresources do what their names say (`exec`, `token`, `proxy`), so each is named")
        .help(help)
}

fn namespaces(verb: &Word, name: &ResourceName, namespace: &str) -> Diagnostic {
    Diagnostic::new(Code::ClusterResourceInNamespace, verb.span, format!("`{}` on `namespaces` is about no single namespace", verb.text))
        .also(name.span, format!("a role of `{namespace}` reaches `{namespace}` alone"))
        .note("a namespace is listed, watched and created in the cluster, so a permission for that does nothing here")
        .help("write `can get on namespaces`; nobody can list just the namespaces that are theirs")
}
