//! A failed assertion as a message: a counterexample, and the sentences that decide it.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, Assertion, Claim};
use crate::source::Span;
use crate::verify::compare::Side;
use crate::verify::concrete::{Concrete, Truth};
use crate::verify::decide::{By, Decision, Trail, World, decide};
use crate::verify::given::Given;
use crate::verify::meaning::Unclear;
use crate::verify::proof::words::{end, port};
use crate::verify::stack::Origin;

use super::{Counterexample, Found, Outcome, Stacks};

/// How many policies of others are named at most.
const MOST: usize = 5;

pub(super) fn told(
    policy: &ir::Policy,
    cluster: &ir::Cluster,
    stacks: &Stacks<'_>,
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
        Outcome::Unclear(Unclear::NamedPort(rule)) => failed("whether this holds cannot be known")
            .note(stacks.given.and_then(|given| given.by_name(rule)).unwrap_or_else(|| "a rule has a port by name".to_owned())),
        Outcome::InDoubt(doubts) => doubts
            .into_iter()
            .take(MOST)
            .fold(failed("this is not shown to hold"), |all, doubt| all.note(format!("it could hang on what is not understood: {doubt}")))
            .help("write what it says as sentences, or leave the manifest out if it is not applied there"),
        Outcome::Fails(Counterexample::Open { pod, side }) => {
            let side = if side == Side::Ingress { "ingress" } else { "egress" };
            failed("this does not hold").label(format!("{} is not isolated for {side}", end(&pod)))
        }
        Outcome::Fails(Counterexample::Connection(found)) => {
            let Found { source, destination, port: at } = *found;
            let meant = decide(&stacks.meant, &source, &destination, at);
            let decision = stacks.found.as_ref().map_or_else(|| meant.clone(), |found| decide(found, &source, &destination, at));
            let passes = !matches!(assertion.claim, Claim::Allow(_));
            let how = if passes { "passes" } else { "does not pass" };
            let diagnostic =
                failed("this does not hold").label(format!("{how}: {} -> {} on {}", end(&source), end(&destination), port(at)));
            let diagnostic = deciding(policy, stacks.given, diagnostic, &decision, &meant, passes);
            carried(cluster, diagnostic, &source, passes)
        }
    };
    Some(several(diagnostic))
}

/// The sentences and the policies of others that let a connection through, or close it; and where none stands
/// in its way.
fn deciding(
    policy: &ir::Policy,
    given: Option<&Given>,
    diagnostic: Diagnostic,
    decision: &Decision,
    meant: &Decision,
    passes: bool,
) -> Diagnostic {
    let egress = (&decision.egress, &meant.egress, "source", "leave");
    let ingress = (&decision.ingress, &meant.ingress, "destination", "reach");
    [egress, ingress].into_iter().fold(diagnostic, |diagnostic, (trail, meant, whose, verb)| {
        if (trail.allowed == Truth::Yes) != passes {
            return diagnostic;
        }
        let done = if passes { format!("lets it {verb} the {whose}") } else { format!("does not let it {verb} the {whose}") };
        let others: Vec<String> = given.map(|given| foreign(given, trail)).unwrap_or_default();
        let is_others = !others.is_empty();
        let diagnostic = others.into_iter().take(MOST).fold(diagnostic, |all, other| all.note(format!("{other} {done}")));
        match &meant.by {
            // What the policy's own objects do, its sentences are cited for.
            _ if meant.allowed != trail.allowed || (is_others && passes) => diagnostic,
            By::NoPolicy | By::PassedOn if passes => {
                diagnostic.note(format!("no sentence isolates the {whose}, so everything may {verb} it"))
            }
            By::Rule { rule: Origin::Default, .. } => diagnostic.note("isolation keeps the way to DNS open, unless it says `without dns`"),
            by => origins(by).into_iter().filter_map(|origin| sentence(policy, origin)).fold(diagnostic, |all, span| all.also(span, &done)),
        }
    })
}

/// The policies of others that decide a side.
fn foreign(given: &Given, trail: &Trail) -> Vec<String> {
    origins(&trail.by).into_iter().filter_map(|origin| given.foreign(origin)).map(|object| given.cited(object)).collect()
}

/// What in the worst case would decide otherwise than is asserted and is not understood.
pub(super) fn doubts(given: &Given, worst: &World<'_>, found: &Found) -> Vec<String> {
    let decision = decide(worst, &found.source, &found.destination, found.port);
    let sides = [(&decision.egress, false), (&decision.ingress, true)];
    let doubts: Vec<String> = sides.into_iter().flat_map(|(trail, is_ingress)| given.doubts(&trail.by, is_ingress)).collect();
    if doubts.is_empty() { vec!["a rule has a port by name".to_owned()] } else { doubts }
}

fn origins(by: &By) -> Vec<Origin> {
    match by {
        By::Rule { rule, .. } => vec![*rule],
        By::Isolated { by, .. } => by.clone(),
        By::NoPod | By::NoPolicy | By::PassedOn | By::Unknown { .. } => Vec::new(),
    }
}

fn sentence(policy: &ir::Policy, origin: Origin) -> Option<Span> {
    match origin {
        Origin::Sentence(id) => policy.sentence(id).map(|sentence| sentence.span),
        Origin::Object { .. } | Origin::Default => None,
    }
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
