//! What is held against the policy before anything is handed out: the objects, and what it asserts.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::manifest::Object;
use crate::source::SourceFile;
use crate::verify::given::Given;
use crate::verify::proof::{self, Proof};
use crate::verify::{access, assertion};
use crate::{ir, target};

use super::Compilation;

/// Proves that the objects of a cluster mean what the policy says.
pub(super) fn prove(policy: &ir::Policy, cluster: &ir::Cluster, emitted: &[target::Emitted]) -> Result<Proof, Box<Diagnostic>> {
    let objects = || emitted.iter().map(|one| &one.object);
    let proof = proof::prove(policy, cluster, objects()).map_err(|refutation| {
        let objects: Vec<&Object> = objects().collect();
        Box::new(proof::told(policy, cluster, &objects, &refutation))
    })?;
    access::proof::prove(policy, cluster, objects())?;
    Ok(proof)
}

/// The assertions that do not hold in the clusters compiled for, and those that are about nobody in any cluster.
pub(super) fn assertions(policy: &ir::Policy, compilation: &Compilation) -> Vec<Diagnostic> {
    let chosen = &compilation.clusters;
    let mut decided = BTreeSet::new();
    let asked = policy.clusters.iter().filter(|cluster| chosen.iter().any(|(name, _)| *name == cluster.name));
    let mut found: Vec<Diagnostic> = asked
        .flat_map(|cluster| {
            assertion::check(policy, cluster, given(policy, cluster, compilation).as_ref(), |id| {
                decided.insert(id);
            })
        })
        .collect();
    if chosen.len() == policy.clusters.len() {
        let vain = policy.assertions.iter().filter(|it| !decided.contains(&it.sentence));
        found.extend(vain.map(|it| about_nobody(policy, it)));
    }
    found
}

/// What decides in a cluster besides the policy; none where nothing is given or included.
fn given(policy: &ir::Policy, cluster: &ir::Cluster, compilation: &Compilation) -> Option<Given> {
    let asserted = policy.assertions.iter().any(|it| it.clusters.contains(&cluster.name));
    let mut includes = policy.includes.iter().filter(|it| it.clusters.contains(&cluster.name)).peekable();
    let manifests: Vec<SourceFile> = compilation.sources.manifests().map(|(_, file)| file.clone()).collect();
    if !asserted || (manifests.is_empty() && includes.peek().is_none()) {
        return None;
    }
    let own = compilation.objects.iter().filter(|output| output.cluster == cluster.name.as_str()).map(|output| &output.object);
    Some(Given::read(own, includes, manifests))
}

fn about_nobody(policy: &ir::Policy, assertion: &ir::Assertion) -> Diagnostic {
    let span = policy.sentence(assertion.sentence).map(|sentence| sentence.span).unwrap_or_default();
    Diagnostic::new(Code::EmptySet, span, "this asserts something of nobody")
        .note("one of its sides is no pod and no address in any cluster")
        .help("remove it, or name somebody who is there")
}
