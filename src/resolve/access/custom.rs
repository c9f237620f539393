//! `resource`: kinds that no table holds.

use std::rc::Rc;

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Scope;
use crate::ir::access::{Custom, Resource};
use crate::surface::{self, Lookup, Surface};
use crate::syntax::tree::{Kind, Word};

use super::super::names::{Becomes, check};
use super::super::place::Statement;
use super::Access;

impl Access<'_, '_, '_> {
    /// Takes every declaration, in the order of the files.
    pub(super) fn customs(&mut self, statements: &[Statement<'_>]) {
        for statement in statements {
            self.resolver.report.within(statement.node.used.as_ref());
            let Kind::Resource(declared) = &statement.node.sentence.kind else { continue };
            if !self.is_custom_group(&declared.group) {
                continue;
            }
            for name in &declared.names {
                if let Some(custom) = self.custom(name, &declared.group.text, declared.cluster.is_some(), statement) {
                    self.customs.push(custom);
                }
            }
        }
    }

    fn custom(&mut self, name: &Word, group: &SmolStr, cluster_wide: bool, statement: &Statement<'_>) -> Option<Custom> {
        check(name, Becomes::DnsLabel, "a kind of resource", self.resolver.report).then_some(())?;
        let resource = Resource { group: group.clone(), resource: name.text.clone(), subresource: None };
        let scope = statement.block.home.scope();
        let defined = self.definitions.iter().find(|it| it.group == *group && it.plural == name.text);
        if defined.is_some_and(|it| (it.scope == surface::Scope::Cluster) != cluster_wide) {
            self.resolver.report.push(defined_otherwise(name, group, cluster_wide));
            return None;
        }
        let in_sight = |other: &&Custom| other.scope == scope || other.scope == Scope::Everywhere || scope == Scope::Everywhere;
        if self.customs.iter().filter(in_sight).any(|other| other.resource == resource) {
            self.resolver.report.push(twice(name, group));
            return None;
        }
        if let Some(version) = self.built_in(&resource) {
            self.resolver.report.push(known(name, group, &version));
            return None;
        }
        let clusters = Rc::clone(&statement.block.clusters);
        Some(Custom { sentence: statement.id, resource, cluster_wide, scope, clusters })
    }

    /// The version of a cluster that serves the kind itself.
    fn built_in(&self, resource: &Resource) -> Option<String> {
        let written = format!("{}.{}", resource.resource, resource.group);
        self.clusters.iter().map(|cluster| cluster.kubernetes).find_map(|version| {
            let surface = Surface::of(version.major, version.minor)?;
            matches!(surface.lookup(&written), Lookup::Found(_)).then(|| format!("{}.{}", version.major, version.minor))
        })
    }

    fn is_custom_group(&mut self, group: &Word) -> bool {
        let fits = check(group, Becomes::Subdomain, "a group of resources", self.resolver.report);
        if fits && !group.text.contains('.') {
            let headline = format!("`{}` is no group that custom kinds are in", group.text);
            self.resolver.report.push(
                Diagnostic::new(Code::InvalidName, group.span, headline)
                    .note("the group of a custom kind is a domain; what Kubernetes serves itself needs no `resource`")
                    .help("write it like `resource certificates in cert-manager.io`"),
            );
            return false;
        }
        fits
    }
}

fn defined_otherwise(name: &Word, group: &str, cluster_wide: bool) -> Diagnostic {
    let (said, found) = if cluster_wide { ("of the cluster", "in namespaces") } else { ("in namespaces", "of the cluster") };
    Diagnostic::new(Code::ConflictingSettings, name.span, format!("`{}.{group}` is declared to be {said}", name.text))
        .note(format!("a definition in the manifests given says that its objects are {found}"))
        .help("remove the `resource` sentence: the definition is enough")
}

fn twice(name: &Word, group: &str) -> Diagnostic {
    Diagnostic::new(Code::DuplicateDeclaration, name.span, format!("`{}.{group}` is declared twice", name.text))
        .help("remove one of the two")
}

fn known(name: &Word, group: &str, version: &str) -> Diagnostic {
    Diagnostic::new(Code::DuplicateDeclaration, name.span, format!("`{}.{group}` needs no declaration", name.text))
        .note(format!("Kubernetes {version} serves it itself"))
        .help(format!("remove it here, and name it `{}.{group}` where it is meant", name.text))
}
