//! A refuted proof as a message: what differs, by one connection, and who says so.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, SentenceId};
use crate::manifest::Object;
use crate::source::Span;
use crate::verify::compare::{Difference, Failure, Side};
use crate::verify::concrete::Truth;
use crate::verify::decide::{By, Port, Trail, side};
use crate::verify::index::Index;
use crate::verify::objects::{NotCovered, What};
use crate::verify::stack::{Origin, Rule, Sides};

use super::words::{end, port};
use super::{Cause, Refutation};

/// How an object is called.
pub(super) fn called(object: &Object) -> String {
    let metadata = object.metadata();
    match &metadata.namespace {
        Some(namespace) => format!("{} {namespace}/{}", object.kind(), metadata.name),
        None => format!("{} {}", object.kind(), metadata.name),
    }
}

/// The message.
pub(crate) fn told(policy: &ir::Policy, cluster: &ir::Cluster, objects: &[&Object], refutation: &Refutation) -> Diagnostic {
    let teller = Teller { policy, objects, refutation };
    let diagnostic = match &refutation.cause {
        Cause::Differs(differences) => teller.differs(differences),
        Cause::NotCovered(NotCovered { object, what }) => teller.unclear(&format!("{}: {}", teller.object(*object), not_covered(what))),
        Cause::Foreign(object) => teller.unclear(&format!("{} stands in a namespace that is not ours", teller.object(*object))),
        Cause::Unclear(failure) => teller.unclear(&why(failure)),
    };
    diagnostic
        .note(format!("cluster `{}`; this is a bug in polc and no fault of the policy; nothing is written", cluster.name))
        .help("please report it with these lines, the output of `polc --version` and, if you may share it, the policy")
}

struct Teller<'a> {
    policy: &'a ir::Policy,
    objects: &'a [&'a Object],
    refutation: &'a Refutation,
}

impl Teller<'_> {
    fn unclear(&self, what: &str) -> Diagnostic {
        Diagnostic::nowhere(Code::ProofFailed, "it could not be proved that the manifests mean what the policy says").note(what)
    }

    fn differs(&self, differences: &[Difference]) -> Diagnostic {
        let headline = "the manifests do not mean what the policy says";
        let Some(first) = differences.first() else { return self.unclear("no difference") };
        let trails = self.trails(first);
        let sentences: Vec<SentenceId> = trails[0].iter().flat_map(origins).filter_map(sentence).collect();
        let mut places = sentences.iter().filter_map(|id| self.policy.sentence(*id)).map(|sentence| sentence.span).collect::<Vec<Span>>();
        places.dedup();
        let mut spans = places.into_iter();
        let text = if first.more { "the policy closes it" } else { "the policy opens it" };
        let diagnostic = match spans.next() {
            Some(span) => Diagnostic::new(Code::ProofFailed, span, headline).label(text),
            None => Diagnostic::nowhere(Code::ProofFailed, headline),
        };
        let diagnostic = spans.fold(diagnostic, |all, span| all.also(span, "and so does this"));
        let diagnostic = differences.iter().fold(diagnostic, |all, difference| all.note(connection(difference)));
        trails[1].iter().flat_map(origins).filter_map(|origin| self.object_of(origin)).fold(diagnostic, Diagnostic::note)
    }

    /// What decides the witness: of the policy, of the objects.
    fn trails(&self, difference: &Difference) -> [Option<Trail>; 2] {
        let of = |sides: &Sides| {
            let index = Index::new(if difference.side == Side::Ingress { &sides.ingress } else { &sides.egress });
            let Port { protocol, detail } = difference.witness.port;
            let ports = |rule: &Rule| if rule.ports.holds(protocol, detail) { Truth::Yes } else { Truth::No };
            Some(side(&index, &difference.witness.pod, &difference.witness.other, ports))
        };
        [of(&self.refutation.intended), of(&self.refutation.enforced)]
    }

    fn object(&self, at: u32) -> String {
        self.objects.get(at as usize).map_or_else(|| "an object".to_owned(), |object| called(object))
    }

    fn object_of(&self, origin: Origin) -> Option<String> {
        match origin {
            Origin::Object { object, .. } => Some(format!("decided by {}", self.object(object))),
            Origin::Sentence(_) | Origin::Default => None,
        }
    }
}

fn origins(trail: &Trail) -> Vec<Origin> {
    match &trail.by {
        By::Rule { policy, .. } | By::Unknown { policy, .. } => vec![*policy],
        By::Isolated { by, .. } => by.clone(),
        By::NoPod | By::NoPolicy | By::PassedOn => Vec::new(),
    }
}

fn sentence(origin: Origin) -> Option<SentenceId> {
    match origin {
        Origin::Sentence(id) => Some(id),
        Origin::Object { .. } | Origin::Default => None,
    }
}

fn connection(difference: &Difference) -> String {
    let witness = &difference.witness;
    let (own, other) = (end(&witness.pod), end(&witness.other));
    let (source, destination, at) = match difference.side {
        Side::Ingress => (other, own, "ingress side of the destination"),
        Side::Egress => (own, other, "egress side of the source"),
    };
    let outcome = if difference.more { "passes, and should not" } else { "does not pass, and should" };
    format!("{source} -> {destination} on {}: it {outcome} (at the {at})", port(witness.port))
}

fn why(failure: &Failure) -> String {
    match failure {
        Failure::TooMany { namespace: Some(name) } => format!("the pods of `{name}` fall into more cases than are looked at"),
        Failure::TooMany { namespace: None } => "the pods that no policy names fall into more cases than are looked at".to_owned(),
        Failure::NamedPort { .. } => "a rule has a port by name".to_owned(),
        Failure::Internal(difference) => format!("the proof contradicts itself: {}", connection(difference)),
    }
}

fn not_covered(what: &What) -> String {
    match what {
        What::Selector(fault) => format!("its selector is not understood: {fault:?}"),
        What::HostEndpoints => "it selects host endpoints too".to_owned(),
        What::Field(name) => format!("`{name}` is not understood"),
        What::NoTier(tier) => format!("there is no tier `{tier}`"),
        What::NotEnforced => "nothing here enforces it".to_owned(),
    }
}
