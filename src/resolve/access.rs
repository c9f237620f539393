//! Access: roles, grants, kinds of resources, and what is asserted of them.
//!
//! A name of a resource or role means what the API server of each cluster says. One that means different things in
//! the clusters that its sentence is said for is an error: the sentence could not be reviewed on its own.

mod any;
mod custom;
mod grant;
mod group;
mod index;
mod kind;
mod named;
mod nobody;
mod objects;
mod role;
mod subject;
mod urls;
mod verbs;
mod wrong;

use std::collections::BTreeMap;
use std::rc::Rc;

use smol_str::SmolStr;

use crate::ir::{self, access::Custom};
use crate::source::Span;
use crate::surface::{self, Surface};

use super::gather::Gathered;
use super::peer::Resolver;
use super::place::{Block, Home, Statement};

use index::Index;

/// Resolves everything about access. The policy holds its clusters already.
pub(super) fn resolve(
    gathered: &Gathered<'_>,
    grants: &[&Statement<'_>],
    nobody: &[&Statement<'_>],
    resolver: &mut Resolver<'_, '_>,
    policy: &mut ir::Policy,
) {
    if gathered.roles.is_empty() && gathered.resources.is_empty() && grants.is_empty() && nobody.is_empty() {
        return;
    }
    let index = Index::new(&gathered.roles, resolver.report);
    let (clusters, definitions) = (policy.clusters.as_slice(), policy.definitions.as_slice());
    let mut access = Access { resolver, clusters, definitions, customs: Vec::new(), surfaces: BTreeMap::new(), index };
    access.customs(&gathered.resources);
    let mut roles = Vec::with_capacity(gathered.roles.len());
    for (statement, permissions) in &gathered.roles {
        access.resolver.report.within(statement.node.used.as_ref());
        roles.extend(access.role(statement, permissions));
    }
    let mut granted = Vec::with_capacity(grants.len());
    for statement in grants {
        access.resolver.report.within(statement.node.used.as_ref());
        granted.extend(access.grant(statement));
    }
    let mut claimed = Vec::with_capacity(nobody.len());
    for statement in nobody {
        access.resolver.report.within(statement.node.used.as_ref());
        claimed.extend(access.nobody(statement));
    }
    access.check_granted();
    let customs = access.customs;
    grant::repeated(&granted, &gathered.sentences, resolver.report);
    (policy.roles, policy.grants, policy.nobody, policy.customs) = (roles, granted, claimed, customs);
}

/// What names of resources and roles are looked up in.
struct Access<'r, 't, 'a> {
    /// Names of namespaces, and what is wrong.
    resolver: &'r mut Resolver<'t, 'a>,
    /// The clusters.
    clusters: &'r [ir::Cluster],
    /// Kinds that the manifests given define.
    definitions: &'r [surface::Custom],
    /// Kinds that sentences declare.
    customs: Vec<Custom>,
    /// What each cluster serves, as the sentences of a namespace, or of none, may name it; none where there is no table
    /// of its version.
    surfaces: BTreeMap<(usize, Option<SmolStr>), Option<Rc<Surface>>>,
    /// The roles declared.
    index: Index<'r>,
}

/// What one of the clusters serves that a sentence is said for.
#[derive(Clone)]
struct Served<'r> {
    /// The cluster.
    cluster: &'r ir::Cluster,
    /// What it serves.
    surface: Rc<Surface>,
    /// Whether the sentence is said for other clusters too, so that a message has to name this one.
    one_of_several: bool,
}

impl Served<'_> {
    /// ` in cluster …`, where there are several.
    fn place(&self) -> String {
        if self.one_of_several { format!(" in cluster `{}`", self.cluster.name) } else { String::new() }
    }
}

impl<'r> Access<'r, '_, '_> {
    /// What each cluster of a block serves; none, which is said, if polc does not know that of one of them.
    fn served(&mut self, block: &Block, span: Span) -> Option<Vec<Served<'r>>> {
        let clusters = self.clusters;
        let mut all = Vec::new();
        for (place, cluster) in clusters.iter().enumerate().filter(|(_, cluster)| block.clusters.contains(&cluster.name)) {
            let home = block.home.namespace().map(SmolStr::from);
            let known = self.surfaces.get(&(place, home.clone())).cloned();
            let surface = match known {
                Some(surface) => surface,
                None => {
                    let made = self.surface(cluster, &block.home).map(Rc::new);
                    self.surfaces.insert((place, home), made.clone());
                    made
                }
            };
            let Some(surface) = surface else {
                self.resolver.report.push_once(cluster.name.as_str(), wrong::no_table(cluster, span));
                return None;
            };
            all.push(Served { cluster, surface, one_of_several: false });
        }
        let one_of_several = all.len() > 1;
        all.iter_mut().for_each(|served| served.one_of_several = one_of_several);
        (!all.is_empty()).then_some(all)
    }

    /// What a cluster serves: the table of its version, and the kinds declared in sight.
    fn surface(&self, cluster: &ir::Cluster, home: &Home) -> Option<Surface> {
        ir::served::surface(cluster, &home.scope(), &self.customs, self.definitions)
    }
}
