//! `grant`.

use std::collections::BTreeMap;
use std::rc::Rc;

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::access::{Granted, ServiceRole, Subject};
use crate::ir::{Grant, Identity, Scope};
use crate::syntax::tree::{Kind, Word};

use super::super::clauses::Sentences;
use super::super::names::shortened;
use super::super::place::{Block, Statement};
use super::super::report::Report;
use super::index::overlap;
use super::role::{SERVICE_ROLES, said_why};
use super::subject::By;
use super::{Access, Served};

impl<'r> Access<'r, '_, '_> {
    /// The grant; none if something of it is wrong.
    pub(super) fn grant(&mut self, statement: &Statement<'_>) -> Option<Grant> {
        let sentence = &statement.node.sentence;
        let Kind::Grant(written) = &sentence.kind else { return None };
        let clusters = self.served(&statement.block, written.role.span)?;
        let role = self.granted(&written.role, &statement.block, &clusters);
        let by = By { block: &statement.block, clusters: &clusters, reason: said_why(sentence), grants: true };
        let subjects = self.subjects(&written.subjects, &by);
        Some(Grant {
            sentence: statement.id,
            role: role?,
            subjects: subjects?,
            scope: statement.block.home.scope(),
            clusters: Rc::clone(&statement.block.clusters),
        })
    }

    /// The role that a name means in every cluster of a block: the namespace's own, one of `everywhere`, one of the
    /// cloud service, one that every cluster has, one of the manifests.
    fn granted(&mut self, name: &Word, block: &Block, clusters: &[Served<'_>]) -> Option<Granted> {
        let own = block.home.namespace().map(|namespace| self.declared(Some(namespace), name, clusters));
        let everywhere = || self.declared(None, name, clusters);
        match own.unwrap_or(Known::Nowhere).or_else(everywhere) {
            Known::Everywhere(granted) => return Some(granted),
            Known::Missing(cluster) => {
                self.resolver.report.push(not_in_cluster(name, &cluster));
                return None;
            }
            Known::Nowhere => {}
        }
        if SERVICE_ROLES.contains(&name.text.as_str()) {
            return self.service(name, clusters);
        }
        let builtin = clusters.iter().filter(|served| served.surface.role(&name.text).is_some()).count();
        if builtin == clusters.len() {
            return Some(Granted::Builtin(name.text.clone()));
        }
        if let Some(given) = self.given(&name.text, block.home.namespace()) {
            return Some(given);
        }
        let problem = self.unknown(name, block.home.namespace(), clusters);
        self.resolver.report.push(problem);
        None
    }

    /// A role of the policy, which every cluster has to have.
    fn declared(&self, namespace: Option<&str>, name: &Word, clusters: &[Served<'_>]) -> Known {
        let roles = self.index.find(namespace, &name.text);
        if roles.is_empty() {
            return Known::Nowhere;
        }
        for served in clusters {
            match roles.iter().find(|role| role.clusters.contains(&served.cluster.name)) {
                Some(role) => role.granted.set(true),
                None => return Known::Missing(served.cluster.name.clone()),
            }
        }
        let name = name.text.clone();
        Known::Everywhere(if namespace.is_some() { Granted::Role(name) } else { Granted::ClusterRole(name) })
    }

    fn service(&mut self, name: &Word, clusters: &[Served<'_>]) -> Option<Granted> {
        if let Some(served) = clusters.iter().find(|served| served.cluster.identity != Identity::IbmIam) {
            let headline = format!("`{}` is a role of IBM Cloud, and cluster `{}` knows none", name.text, served.cluster.name);
            let line = served.cluster.with_line("identity ibm-iam");
            self.resolver.report.push(
                Diagnostic::new(Code::UnknownRole, name.span, headline)
                    .note("`reader`, `writer` and `manager` are granted where people sign in with IBM Cloud IAM")
                    .help(format!("where it does, say so: {line}; else name a role of Kubernetes' or of your own")),
            );
            return None;
        }
        Some(Granted::Service(match name.text.as_str() {
            "reader" => ServiceRole::Reader,
            "writer" => ServiceRole::Writer,
            _ => ServiceRole::Manager,
        }))
    }

    /// A role that a manifest declares.
    fn given(&self, name: &SmolStr, namespace: Option<&str>) -> Option<Granted> {
        let roles = &self.resolver.facts.roles;
        let has = |namespace: &str| roles.contains(&(namespace.to_owned(), name.to_string()));
        if namespace.is_some_and(has) {
            return Some(Granted::Given { cluster_wide: false, name: name.clone() });
        }
        has("").then(|| Granted::Given { cluster_wide: true, name: name.clone() })
    }

    /// Whether a manifest binds a role.
    pub(super) fn is_bound(&self, namespace: Option<&str>, name: &str) -> bool {
        self.resolver.facts.bound.contains(&(namespace.unwrap_or_default().to_owned(), name.to_owned()))
    }

    fn unknown(&self, name: &Word, namespace: Option<&str>, clusters: &[Served<'_>]) -> Diagnostic {
        let shown = shortened(&name.text);
        if let Some((other, role)) = self.index.elsewhere(&name.text) {
            return Diagnostic::new(Code::ForeignRole, name.span, format!("`{shown}` is a role of the namespace `{other}`"))
                .also(role.name.span, "declared here")
                .note("a role of a namespace is granted in that namespace")
                .help(format!("grant it in the block of `{other}`, or declare the role in `everywhere`"));
        }
        let diagnostic = Diagnostic::new(Code::UnknownRole, name.span, format!("no role is called `{shown}`"));
        let builtin = clusters.iter().flat_map(|served| served.surface.roles()).map(|role| role.name);
        match self.resolver.report.near(&name.text, self.index.names(namespace).chain(builtin)) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("declare it: `role {} {{ can get on pods }}`, or give the manifest that has it", name.text)),
        }
    }
}

/// Where a name is a role's.
enum Known {
    /// In every cluster.
    Everywhere(Granted),
    /// Not in this one, but in another.
    Missing(String),
    /// Nowhere.
    Nowhere,
}

impl Known {
    fn or_else(self, other: impl FnOnce() -> Known) -> Known {
        if matches!(self, Known::Nowhere) { other() } else { self }
    }
}

fn not_in_cluster(name: &Word, cluster: &str) -> Diagnostic {
    Diagnostic::new(Code::RoleNotInCluster, name.span, format!("cluster `{cluster}` has no role `{}`", shortened(&name.text)))
        .note("the role is declared in a block of other clusters only")
        .help("grant it in a block of the same clusters, or declare it in this one too")
}

/// Warns of grants that give what another one gives.
pub(super) fn repeated(grants: &[Grant], sentences: &Sentences, report: &mut Report) {
    report.outside();
    let mut seen: BTreeMap<(&Granted, Option<&SmolStr>, &Subject), Vec<&Grant>> = BTreeMap::new();
    for grant in grants {
        let namespace = match &grant.scope {
            Scope::Namespace(name) => Some(name),
            Scope::Everywhere => None,
        };
        for subject in &grant.subjects {
            let before = seen.entry((&grant.role, namespace, subject)).or_default();
            let first = before.iter().find(|other| overlap(&other.clusters, &grant.clusters));
            if let (Some(first), Some(second)) = (first.and_then(|it| sentences.get(it.sentence)), sentences.get(grant.sentence)) {
                let diagnostic = Diagnostic::new(Code::DuplicateSentence, second.span, "this grants what another sentence grants");
                report.push(diagnostic.also(first.span, "the other one").help("grant a role to somebody once"));
            }
            before.push(grant);
        }
    }
}
