//! A failed assertion as a message: a counterexample, and the sentences that decide it.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Assertion, Claim};
use crate::source::Span;
use crate::verify::compare::Side;
use crate::verify::concrete::Concrete;
use crate::verify::decide::{By, Decision, Trail, World, decide};
use crate::verify::meaning::Unclear;
use crate::verify::proof::words::{end, port};
use crate::verify::stack::Origin;

use super::{Counterexample, Found, Outcome};

pub(super) fn told(
    policy: &ir::Policy,
    cluster: &ir::Cluster,
    world: &World<'_>,
    assertion: &Assertion,
    outcome: Outcome,
) -> Option<Diagnostic> {
    let span = policy.sentence(assertion.sentence).map(|sentence| sentence.span).unwrap_or_default();
    let failed = |headline: &str| Diagnostic::new(Code::AssertionFailed, span, headline);
    let several = |diagnostic: Diagnostic| {
        if policy.clusters.len() > 1 { diagnostic.note(format!("in cluster `{}`", cluster.name)) } else { diagnostic }
    };
    let diagnostic = match outcome {
        Outcome::Holds | Outcome::Nobody => return None,
        Outcome::Unclear(Unclear::TooMany) => failed("whether this holds cannot be known")
            .note("it falls into more cases than are looked at")
            .help("assert it in several sentences"),
        Outcome::Unclear(Unclear::NamedPort(_)) => failed("whether this holds cannot be known").note("a rule has a port by name"),
        Outcome::Fails(Counterexample::Open { pod, side }) => {
            let side = if side == Side::Ingress { "ingress" } else { "egress" };
            failed("this does not hold").label(format!("{} is not isolated for {side}", end(&pod)))
        }
        Outcome::Fails(Counterexample::Connection(found)) => {
            let Found { source, destination, port: at } = *found;
            let decision = decide(world, &source, &destination, at);
            let passes = !matches!(assertion.claim, Claim::Allow(_));
            let how = if passes { "passes" } else { "does not pass" };
            let diagnostic =
                failed("this does not hold").label(format!("{how}: {} -> {} on {}", end(&source), end(&destination), port(at)));
            let diagnostic = deciding(policy, diagnostic, &decision, passes);
            carried(cluster, diagnostic, &source, passes)
        }
    };
    Some(several(diagnostic))
}

/// The sentences that let a connection through, or close it; and where none stands in its way.
fn deciding(policy: &ir::Policy, diagnostic: Diagnostic, decision: &Decision, passes: bool) -> Diagnostic {
    let sides = [(&decision.egress, "source", "leave"), (&decision.ingress, "destination", "reach")];
    sides.into_iter().fold(diagnostic, |diagnostic, (trail, whose, verb)| match (&trail.by, passes) {
        (By::NoPod, _) => diagnostic,
        (By::NoPolicy | By::PassedOn, true) => diagnostic.note(format!("no sentence isolates the {whose}, so everything may {verb} it")),
        (By::Rule { rule: Origin::Default, .. }, _) => diagnostic.note("isolation keeps the way to DNS open, unless it says `without dns`"),
        (By::NoPolicy | By::PassedOn, false) | (By::Unknown { .. }, _) => diagnostic,
        _ if (trail.allowed == crate::verify::concrete::Truth::Yes) != passes => diagnostic,
        _ => spans(policy, trail).into_iter().fold(diagnostic, |diagnostic, span| {
            diagnostic
                .also(span, if passes { format!("lets it {verb} the {whose}") } else { format!("does not let it {verb} the {whose}") })
        }),
    })
}

fn spans(policy: &ir::Policy, trail: &Trail) -> Vec<Span> {
    let origins = match &trail.by {
        By::Rule { rule, .. } => vec![*rule],
        By::Isolated { by, .. } => by.clone(),
        By::NoPod | By::NoPolicy | By::PassedOn | By::Unknown { .. } => Vec::new(),
    };
    let sentence = |origin: Origin| match origin {
        Origin::Sentence(id) => policy.sentence(id).map(|sentence| sentence.span),
        Origin::Object { .. } | Origin::Default => None,
    };
    origins.into_iter().filter_map(sentence).collect()
}

/// A node's address may be anybody's.
fn carried(cluster: &ir::Cluster, diagnostic: Diagnostic, source: &Concrete, passes: bool) -> Diagnostic {
    let nodes = cluster.nodes.addresses();
    let is_node = matches!(source, Concrete::Outside(address) if !nodes.is_empty() && address.is_subset(&nodes));
    if !is_node || !passes || cluster.external_traffic_local {
        return diagnostic;
    }
    diagnostic.note("it comes from a node's address, which may carry anyone's traffic").help(format!(
        "if what comes from outside keeps its address on the way to every pod, say so: {}",
        cluster.with_line("external traffic local")
    ))
}
