//! A look from outside at what manifests are read as: for the tests and the fuzzers.

use std::collections::BTreeMap;

use super::{selector, world};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceFile, Sources};

/// What some manifests came to.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Everything there is to say.
    pub diagnostics: Vec<Diagnostic>,
    /// To show places by.
    pub sources: Sources,
    /// How many policies decide about one direction or the other.
    pub policies: usize,
    /// How many workloads there are.
    pub workloads: Vec<String>,
    /// What is not understood: the object's kind, and why.
    pub not_understood: Vec<(String, String)>,
}

/// Reads manifests.
#[must_use]
pub fn manifests(files: Vec<SourceFile>) -> Look {
    let sources = Sources::new(Vec::new()).with_manifests(files);
    let (world, diagnostics) = world::world(&sources);
    let tiers = world.sides.ingress.tiers.iter().chain(&world.sides.egress.tiers);
    let policies = tiers.map(|tier| tier.policies.len()).sum();
    let workloads = world.inventory.workloads.iter().map(|it| format!("{}/{}[{}]", it.namespace, it.name, it.kind)).collect();
    let kind = |it: &world::NotUnderstood| world.objects.get(it.object as usize).map(|object| object.kind.to_string()).unwrap_or_default();
    let not_understood = world.not_understood.iter().map(|it| (kind(it), it.why.to_string())).collect();
    Look { diagnostics, sources, policies, workloads, not_understood }
}

/// Whether a selector of Calico's selects such labels; none where Calico would not read it. An error where it is no set
/// of labels (`contains` and the like).
///
/// # Errors
///
/// What is no set of labels.
pub fn selects(text: &str, labels: &BTreeMap<String, String>) -> Option<Result<bool, String>> {
    match selector::parse(text) {
        Ok(all) => Some(Ok(all.iter().any(|alternative| alternative.admits(labels)))),
        Err(selector::Fault::Syntax(..)) => None,
        Err(fault) => Some(Err(format!("{fault:?}"))),
    }
}
