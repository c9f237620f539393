//! `assert nobody`.

use std::rc::Rc;

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::access::{Kinds, Nobody, Objects};
use crate::surface::{Lookup, Scope};
use crate::syntax::tree::{Claim, Kind, Word};

use super::super::place::{Block, Home, Statement};
use super::kind::is_namespaces;
use super::objects::Said;
use super::subject::By;
use super::{Access, Served};

impl<'r> Access<'r, '_, '_> {
    /// The assertion; none if something of it is wrong. Names have to be known: one that means nothing would make any
    /// claim true.
    pub(super) fn nobody(&mut self, statement: &Statement<'_>) -> Option<Nobody> {
        let Kind::Assert(Claim::Nobody(claim)) = &statement.node.sentence.kind else { return None };
        let clusters = self.served(&statement.block, statement.node.sentence.keyword)?;
        let by = By { block: &statement.block, clusters: &clusters, reason: true, grants: false };
        let except = self.subjects(&claim.except, &by);
        // What is asserted of a cluster's kinds is asserted of the cluster, wherever the sentence stands.
        let anywhere = Block { home: Home::Top, clusters: Rc::clone(&statement.block.clusters), external: false };
        let wide = claim.namespaces.is_empty();
        let said = Said { block: &anywhere, clusters: &clusters, reason: true, asserted: true };
        let permission = self.permission(&claim.can, &said);
        let namespaces = self.places(&claim.namespaces, &statement.block);
        let (verbs, objects) = permission?;
        let namespaces = namespaces?;
        if let Some(first) = claim.namespaces.first() {
            self.has_place(&objects, first, &clusters).then_some(())?;
        }
        let cluster_wide = wide && self.is_cluster_wide(&objects, &clusters);
        Some(Nobody {
            sentence: statement.id,
            except: except?,
            verbs,
            objects,
            namespaces: if cluster_wide { Vec::new() } else { namespaces },
            clusters: Rc::clone(&statement.block.clusters),
        })
    }

    /// The namespaces named; in a namespace's block, where none is, that one.
    fn places(&mut self, words: &[Word], block: &Block) -> Option<Vec<SmolStr>> {
        if words.is_empty() {
            return Some(block.home.namespace().map(SmolStr::from).into_iter().collect());
        }
        let mut found = Vec::with_capacity(words.len());
        let mut sound = true;
        for word in words {
            match self.resolver.known_namespace(word) {
                Some((name, _)) => found.push(name.clone()),
                None => sound = false,
            }
        }
        found.sort();
        found.dedup();
        sound.then_some(found)
    }

    /// Whether something of it is in namespaces; says so if not.
    fn has_place(&mut self, objects: &Objects, first: &Word, clusters: &[Served<'_>]) -> bool {
        if !matches!(objects, Objects::Urls(_)) && !self.is_cluster_wide(objects, clusters) {
            return true;
        }
        let headline = "what this is about is in no namespace";
        self.resolver.report.push(
            Diagnostic::new(Code::ClusterResourceInNamespace, first.span, headline)
                .note("nobody could do it there, so the assertion would hold whatever is granted")
                .help("take `in …` out"),
        );
        false
    }

    /// Whether all of it is outside namespaces.
    fn is_cluster_wide(&self, objects: &Objects, clusters: &[Served<'_>]) -> bool {
        let Objects::Resources { kinds, .. } = objects else { return true };
        kinds.iter().all(|kind| {
            let Kinds::One(resource) = kind else { return false };
            let group = if resource.group.is_empty() { "core" } else { &resource.group };
            let written = format!("{}.{group}", resource.resource);
            let is_outside =
                |served: &Served<'_>| matches!(served.surface.lookup(&written), Lookup::Found(one) if one.scope == Scope::Cluster);
            !is_namespaces(resource) && clusters.iter().all(is_outside)
        })
    }
}
