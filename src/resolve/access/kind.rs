//! One kind of resource, as kubectl writes it.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::access;
use crate::surface::{Dead, Lookup, Resource, Scope, Unknown};
use crate::syntax::tree::ResourceName;

use super::super::names::shortened;
use super::super::place::Block;
use super::{Access, Served, group, wrong};

/// A kind, and what each cluster knows of it; nothing where it is dead.
pub(super) struct Found<'r> {
    /// As the IR has it.
    pub(super) resource: access::Resource,
    /// As each cluster serves it.
    pub(super) served: Vec<(Served<'r>, Resource)>,
}

/// The name as written.
pub(super) fn shown(name: &ResourceName) -> String {
    match &name.subresource {
        Some(subresource) => format!("{}/{}", shortened(&name.name.text), shortened(&subresource.text)),
        None => shortened(&name.name.text),
    }
}

fn written(name: &ResourceName) -> String {
    match &name.subresource {
        Some(subresource) => format!("{}/{}", name.name.text, subresource.text),
        None => name.name.text.to_string(),
    }
}

impl<'r> Access<'r, '_, '_> {
    /// What a name means: the same in every cluster. None, which is said, if it means nothing or several things.
    pub(super) fn kind(&mut self, name: &ResourceName, block: &Block, clusters: &[Served<'r>]) -> Option<Found<'r>> {
        let text = written(name);
        if text.contains('*') {
            let headline = "name each kind and subresource that is meant, for example `pods, pods/log`";
            self.resolver.report.push(wrong::wildcard(name.span, headline));
            return None;
        }
        let mut found: Option<Found<'r>> = None;
        for served in clusters {
            let (resource, alive) = match served.surface.lookup(&text) {
                Lookup::Found(one) => (of(&one), Some(*one)),
                Lookup::Dead(gone) => {
                    self.resolver.report.push(dead(name, served, &gone));
                    (of_dead(&gone, name), None)
                }
                Lookup::Ambiguous(several) => {
                    self.resolver.report.push(ambiguous(name, served, &several));
                    return None;
                }
                Lookup::Unknown(near) => {
                    let problem = unknown(name, served, &near);
                    self.resolver.report.push_once(text, problem);
                    return None;
                }
            };
            match &mut found {
                Some(first) if first.resource != resource => {
                    self.resolver.report.push(differs(name, served, &first.resource, &resource));
                    return None;
                }
                Some(first) => first.served.extend(alive.map(|one| (served.clone(), one))),
                None => found = Some(Found { resource, served: alive.map(|one| (served.clone(), one)).into_iter().collect() }),
            }
        }
        let found = found?;
        self.fits(name, block, &found).then_some(())?;
        if let Some(diagnostic) = group::look_alike(name, &found.resource) {
            self.resolver.report.push(diagnostic);
        }
        Some(found)
    }

    /// Whether a role of a namespace can hold it; says so if not.
    fn fits(&mut self, name: &ResourceName, block: &Block, found: &Found<'_>) -> bool {
        let Some(namespace) = block.home.namespace() else { return true };
        let cluster_wide = found.served.iter().any(|(_, resource)| resource.scope == Scope::Cluster);
        if !cluster_wide || is_namespaces(&found.resource) {
            return true;
        }
        self.resolver.report.push(cluster_scoped(name, namespace));
        false
    }
}

/// Requests for one namespace are made in it (apiserver's requestinfo).
pub(super) fn is_namespaces(resource: &access::Resource) -> bool {
    resource.group.is_empty() && resource.resource == "namespaces"
}

fn of(resource: &Resource) -> access::Resource {
    access::Resource { group: resource.group.clone(), resource: resource.name.clone(), subresource: resource.subresource.clone() }
}

fn of_dead(dead: &Dead, name: &ResourceName) -> access::Resource {
    let (resource, subresource) = dead.path.split_once('/').map_or((dead.path, None), |(resource, sub)| (resource, Some(sub)));
    access::Resource {
        group: dead.group.into(),
        resource: resource.into(),
        subresource: name.subresource.as_ref().map(|word| word.text.clone()).or_else(|| subresource.map(Into::into)),
    }
}

fn unknown(name: &ResourceName, served: &Served<'_>, near: &Unknown) -> Diagnostic {
    let shown = shown(name);
    let diagnostic = Diagnostic::new(Code::UnknownResource, name.span, format!("no resource is called `{shown}`{}", served.place()));
    if let Some(meant) = &near.meant {
        return diagnostic.help(format!("write the plural that requests use: `{meant}`"));
    }
    if !near.near.is_empty() {
        return diagnostic.help(format!("did you mean `{}`?", near.near.join("` or `")));
    }
    if let Some((plural, group)) = name.name.text.split_once('.').filter(|(_, group)| group.contains('.')) {
        return diagnostic.help(format!("declare a kind that a definition brings: `resource {plural} in {group}`"));
    }
    diagnostic
        .help("write it as kubectl does, `deployments` or `pods/log`; a custom one is declared: `resource certificates in cert-manager.io`")
}

fn ambiguous(name: &ResourceName, served: &Served<'_>, several: &[Resource]) -> Diagnostic {
    let headline = format!("`{}` is in several groups{}", shown(name), served.place());
    let all: Vec<String> = several.iter().map(Resource::written).collect();
    Diagnostic::new(Code::AmbiguousResource, name.span, headline)
        .note(format!("it may be `{}`; a permission for one is none for the other", all.join("` or `")))
        .help(format!("write which is meant: `{}`", all.join("`, or `")))
}

fn dead(name: &ResourceName, served: &Served<'_>, dead: &Dead) -> Diagnostic {
    let (major, minor) = dead.since;
    let diagnostic = Diagnostic::new(
        Code::DeadResource,
        name.span,
        format!("nothing has served `{}` since {major}.{minor}{}", shown(name), served.place()),
    )
    .note("a permission for it does nothing");
    match dead.instead {
        Some(instead) => diagnostic.help(format!("it is `{instead}` today; name that, or remove this")),
        None => diagnostic.help("remove it"),
    }
}

fn differs(name: &ResourceName, served: &Served<'_>, first: &access::Resource, other: &access::Resource) -> Diagnostic {
    let full = |resource: &access::Resource| {
        let group = if resource.group.is_empty() { "core" } else { &resource.group };
        format!("{}.{group}", resource.resource)
    };
    let headline = format!("`{}` means another kind in cluster `{}`", shown(name), served.cluster.name);
    Diagnostic::new(Code::ResourceDiffers, name.span, headline)
        .note(format!("there it is `{}`, elsewhere `{}`", full(other), full(first)))
        .help("write the group too, or a sentence for each cluster in a block of its own")
}

fn cluster_scoped(name: &ResourceName, namespace: &str) -> Diagnostic {
    Diagnostic::new(Code::ClusterResourceInNamespace, name.span, format!("`{}` is in no namespace", shown(name)))
        .label(format!("no role of `{namespace}` reaches it"))
        .note("a role of a namespace is about what is in it; a permission for anything else does nothing")
        .help("remove it here; who needs it is granted a role of `everywhere`")
}
