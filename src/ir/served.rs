//! What a cluster serves, as the sentences of a scope may name it.

use smol_str::SmolStr;

use super::access::Custom;
use super::{Cluster, Policy, Scope};
use crate::surface::{self, Surface};

/// The table of a cluster's version with the kinds that definitions bring, and with those that sentences declare for
/// the cluster in sight of the scope. None if there is no table of the version.
///
/// A definition says more than a sentence about the same kind, which then adds nothing.
#[must_use]
pub fn surface<'a>(
    cluster: &Cluster,
    scope: &Scope,
    declared: impl IntoIterator<Item = &'a Custom>,
    definitions: &[surface::Custom],
) -> Option<Surface> {
    let defined = |custom: &Custom| definitions.iter().any(|it| it.group == custom.resource.group && it.plural == custom.resource.resource);
    let in_sight = |custom: &&Custom| {
        custom.clusters.contains(&cluster.name) && (custom.scope == Scope::Everywhere || custom.scope == *scope) && !defined(custom)
    };
    let declared = declared.into_iter().filter(in_sight).map(definition);
    let table = Surface::of(cluster.kubernetes.major, cluster.kubernetes.minor)?;
    Some(table.with_custom(definitions.iter().cloned().chain(declared)))
}

impl Policy {
    /// What a cluster serves, as the sentences of a scope may name it (see [`surface`]).
    #[must_use]
    pub fn surface(&self, cluster: &Cluster, scope: &Scope) -> Option<Surface> {
        surface(cluster, scope, &self.customs, &self.definitions)
    }
}

/// A kind that a sentence declares, of whose subresources nobody says anything.
fn definition(custom: &Custom) -> surface::Custom {
    surface::Custom {
        group: custom.resource.group.clone(),
        plural: custom.resource.resource.clone(),
        kind: SmolStr::default(),
        singular: SmolStr::default(),
        short: Vec::new(),
        scope: if custom.cluster_wide { surface::Scope::Cluster } else { surface::Scope::Namespaced },
        subresources: None,
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::super::access::Resource;
    use super::super::cluster::Version;
    use super::super::{Clusters, SentenceId};
    use super::*;

    fn cluster(name: &str, minor: u16) -> Cluster {
        Cluster { kubernetes: Version { major: 1, minor }, ..Cluster::stating_nothing(name, None) }
    }

    /// `gears` in every cluster, `cogs` in `prod` alone, `teeth` to the roles of `shop`; a definition of `gears`.
    fn policy() -> Policy {
        let custom = |plural: &str, scope: Scope, clusters: Clusters| Custom {
            sentence: SentenceId(0),
            resource: Resource { group: "example.com".into(), resource: plural.into(), subresource: None },
            cluster_wide: true,
            scope,
            clusters: Rc::new(clusters),
        };
        let prod = Clusters::Only(["prod".into()].into());
        let gears = custom("gears", Scope::Everywhere, Clusters::All);
        let defined =
            surface::Custom { scope: surface::Scope::Namespaced, subresources: Some(vec!["status".into()]), ..definition(&gears) };
        let customs = vec![gears, custom("cogs", Scope::Everywhere, prod), custom("teeth", Scope::Namespace("shop".into()), Clusters::All)];
        Policy { customs, definitions: vec![defined], ..Policy::default() }
    }

    fn kinds(cluster: &Cluster, scope: &Scope) -> Vec<String> {
        let surface = policy().surface(cluster, scope).expect("a version with a table");
        surface.any(Some("example.com")).into_iter().map(|it| format!("{} {:?}", it.name, it.scope)).collect()
    }

    #[test]
    fn a_kind_is_served_where_its_sentence_says_and_as_its_definition_says() {
        let (shop, blog) = (Scope::Namespace("shop".into()), Scope::Namespace("blog".into()));
        assert_eq!(kinds(&cluster("prod", 34), &Scope::Everywhere), ["cogs Cluster", "gears Namespaced"]);
        assert_eq!(kinds(&cluster("test", 34), &blog), ["gears Namespaced"]);
        assert_eq!(kinds(&cluster("test", 34), &shop), ["gears Namespaced", "teeth Cluster"]);
        assert!(policy().surface(&cluster("test", 29), &shop).is_none());
    }

    #[test]
    fn a_sentence_about_a_defined_kind_brings_no_subresources() {
        let surface = policy().surface(&cluster("prod", 34), &Scope::Everywhere).expect("a version with a table");
        let found = |name: &str| matches!(surface.lookup(name), surface::Lookup::Found(_));
        assert!(found("gears/status") && !found("gears/scale") && found("cogs/scale"));
    }
}
