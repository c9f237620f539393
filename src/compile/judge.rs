//! What is held against the policy before anything is handed out: the objects, the policies of others, and what it
//! asserts.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::manifest::Object;
use crate::source::{SourceFile, Span};
use crate::verify::given::Given;
use crate::verify::proof::{self, Proof};
use crate::verify::{access, assertion, foreign};
use crate::{ir, target};

use super::Compilation;

/// Whether the policies of others are judged, or only counted beside the policy's own objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    Judged,
    Counted,
}

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

/// What policies of others open that the policy closes, and the assertions that do not hold beside them, in the
/// clusters compiled for; and assertions that are about nobody in any cluster.
pub(super) fn beside(policy: &ir::Policy, compilation: &Compilation, others: Others) -> Vec<Diagnostic> {
    let chosen = &compilation.clusters;
    let all = chosen.len() == policy.clusters.len();
    let (mut found, mut decided, mut doubted) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for cluster in policy.clusters.iter().filter(|cluster| chosen.iter().any(|(name, _)| *name == cluster.name)) {
        let given = given(policy, cluster, compilation);
        if let (Some(given), Others::Judged) = (&given, others) {
            let judgment = foreign::judge(policy, cluster, given, &compilation.sources);
            found.extend(judgment.found);
            doubted.extend(judgment.doubted);
        }
        found.extend(assertion::check(policy, cluster, given.as_ref(), |id| {
            decided.insert(id);
        }));
        found.extend(access::nobody::check(policy, cluster, given.as_ref()));
    }
    if all {
        let vain = policy.assertions.iter().filter(|it| !decided.contains(&it.sentence));
        found.extend(vain.map(|it| about_nobody(policy, it)));
    }
    if all && others == Others::Judged {
        let needless = policy.includes.iter().filter(|it| it.known && !doubted.contains(&it.path));
        found.extend(needless.filter_map(|it| Some(without_need(it, it.unanalysed?))));
    }
    found
}

/// What decides in a cluster besides the policy; none where nothing of it does.
fn given(policy: &ir::Policy, cluster: &ir::Cluster, compilation: &Compilation) -> Option<Given> {
    let includes = || policy.includes.iter().filter(|it| it.clusters.contains(&cluster.name));
    let manifests = || compilation.sources.manifests().map(|(_, file)| file.clone()).collect::<Vec<SourceFile>>();
    if includes().next().is_none() && compilation.sources.manifests().next().is_none() {
        return None;
    }
    // Most manifests say who is there and decide nothing: then the policy's own objects need not be read again.
    let others = Given::read(std::iter::empty(), includes(), manifests());
    if others.is_silent() && (policy.nobody.is_empty() || others.grants_nothing()) {
        return None;
    }
    let own = compilation.objects.iter().filter(|output| output.cluster == cluster.name.as_str()).map(|output| &output.object);
    Some(Given::read(own, includes(), manifests()))
}

fn without_need(include: &ir::Include, span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnanalysedWithoutNeed, span, format!("polc understands all of `{}`, and judges it", include.path))
        .help("remove `unanalysed`: it would let through what is not understood and is added later")
}

fn about_nobody(policy: &ir::Policy, assertion: &ir::Assertion) -> Diagnostic {
    let span = policy.sentence(assertion.sentence).map(|sentence| sentence.span).unwrap_or_default();
    Diagnostic::new(Code::EmptySet, span, "this asserts something of nobody")
        .note("one of its sides is no pod and no address in any cluster")
        .help("remove it, or name somebody who is there")
}
