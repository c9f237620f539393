//! `assert nobody [except …] can … on … [in …]`: whether nobody else may, over all requests.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::access::Nobody;
use crate::ir::{self, Scope};
use crate::semantics::rbac::cases::Set;
use crate::semantics::rbac::{Reach, Request, Requests};
use crate::verify::given::Given;

use super::decide::Ground;
use super::words::request;
use super::{Access, Atom, Source, intent};

/// How many subjects are told of one assertion, and how many doubts.
const MOST: usize = 5;

/// Decides every such assertion of a cluster; says which do not hold. `given` is what decides besides the policy.
pub(crate) fn check(policy: &ir::Policy, cluster: &ir::Cluster, given: Option<&Given>) -> Vec<Diagnostic> {
    let mut here = policy.nobody.iter().filter(|it| it.clusters.contains(&cluster.name)).peekable();
    if here.peek().is_none() {
        return Vec::new();
    }
    let mut meant = intent::read(policy, cluster);
    meant.bindings.extend(intent::of_service(policy, cluster));
    let found = given.map(|given| {
        let mut found = given.world.access.clone().with_builtin(cluster.kubernetes);
        found.bindings.extend(intent::of_service(policy, cluster));
        found
    });
    let decider = Decider { policy, cluster, meant: &meant, found: found.as_ref().unwrap_or(&meant), given };
    here.filter_map(|assertion| decider.decide(assertion)).collect()
}

struct Decider<'a> {
    policy: &'a ir::Policy,
    cluster: &'a ir::Cluster,
    /// The policy, sentence by sentence.
    meant: &'a Access,
    /// What holds in the end.
    found: &'a Access,
    given: Option<&'a Given>,
}

impl Decider<'_> {
    fn decide(&self, assertion: &Nobody) -> Option<Diagnostic> {
        let asked = self.asked(assertion);
        let except: Vec<Atom> = assertion.except.iter().map(|subject| intent::atom(&self.cluster.identity, subject)).collect();
        let others =
            self.found.atoms().into_iter().filter(|atom| !atom.is_master() && !atom.with_groups().iter().any(|it| except.contains(it)));
        let may = others.filter_map(|atom| {
            let held = self.found.own_requests(atom).intersection(&asked);
            Some((atom, held.some()?))
        });
        let all: Vec<(&Atom, Request)> = may.collect();
        match all.first() {
            Some((atom, request)) => Some(self.fails(assertion, (atom, request), all.get(1..).unwrap_or_default())),
            None => self.in_doubt(assertion),
        }
    }

    /// All requests that nobody may make.
    fn asked(&self, assertion: &Nobody) -> Requests {
        let reaches: Vec<Reach<'_>> = assertion.namespaces.iter().map(|namespace| Reach::Namespace(namespace)).collect();
        let reaches = if reaches.is_empty() { vec![Reach::Everywhere] } else { reaches };
        let rules = intent::rules(self.policy, self.cluster, &Scope::Everywhere, &assertion.verbs, &assertion.objects);
        let each = rules.iter().flat_map(|rule| intent::by_scope(self.policy, self.cluster, rule));
        each.fold(Requests::none(), |all, (rule, cluster_wide)| match cluster_wide {
            true => all.union(&Requests::of(&rule, Reach::Namespace(""))),
            false => reaches.iter().fold(all, |all, reach| all.union(&Requests::of(&rule, *reach))),
        })
    }

    fn failed(&self, assertion: &Nobody, headline: &str) -> Diagnostic {
        let span = self.policy.sentence(assertion.sentence).map(|sentence| sentence.span).unwrap_or_default();
        let diagnostic = Diagnostic::new(Code::AssertionFailed, span, headline);
        if self.policy.clusters.len() > 1 { diagnostic.note(format!("in cluster `{}`", self.cluster.name)) } else { diagnostic }
    }

    fn fails(&self, assertion: &Nobody, (atom, asked): (&Atom, &Request), others: &[(&Atom, Request)]) -> Diagnostic {
        let diagnostic = self.failed(assertion, "this does not hold").label(format!("{} may {}", atom.told(), request(asked)));
        let who = std::slice::from_ref(atom);
        let diagnostic = self.meant.grounds(who, asked).iter().fold(diagnostic, |all, ground| self.said(all, ground));
        let diagnostic = self.found.grounds(who, asked).iter().filter_map(|ground| self.foreign(ground)).fold(diagnostic, Diagnostic::note);
        let also = |(atom, asked): &(&Atom, Request)| format!("{} may {} too", atom.told(), request(asked));
        others.iter().take(MOST).map(also).fold(diagnostic, Diagnostic::note)
    }

    /// The sentences that let it through.
    fn said(&self, diagnostic: Diagnostic, ground: &Ground<'_>) -> Diagnostic {
        let span = |source: Source| match source {
            Source::Sentence(id) => self.policy.sentence(id).map(|sentence| sentence.span),
            Source::Object(_) | Source::Builtin => None,
        };
        let permission = self.meant.roles.get(ground.written.role).and_then(|role| role.sentences.get(ground.written.index));
        let permission = permission.and_then(|id| self.policy.sentence(*id)).map(|sentence| sentence.span);
        let diagnostic = span(ground.binding.source).into_iter().fold(diagnostic, |all, span| all.also(span, "grants it"));
        match permission {
            Some(span) => diagnostic.also(span, "permits it"),
            None => diagnostic.note(format!("{} permits it", super::compare::shown(ground.written.role))),
        }
    }

    /// An object of others that lets it through.
    fn foreign(&self, ground: &Ground<'_>) -> Option<String> {
        let given = self.given?;
        let place = |source: Source| match source {
            Source::Object(object) => given.object(object).map(|object| given.cited(object)),
            Source::Sentence(_) | Source::Builtin => None,
        };
        let binding = place(ground.binding.source);
        let role = self.found.roles.get(ground.written.role).and_then(|role| place(role.source));
        match (binding, role) {
            (None, None) => None,
            (binding, role) => Some(
                [binding.map(|it| format!("{it} grants it")), role.map(|it| format!("{it} permits it"))]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
        }
    }

    /// What is not understood may grant whatever it likes.
    fn in_doubt(&self, assertion: &Nobody) -> Option<Diagnostic> {
        let given = self.given?;
        let unclear = given.world.unclear_access.iter().map(|what| given.told(what));
        let doubts: Vec<String> = given.unreadable().into_iter().chain(unclear).take(MOST).collect();
        if doubts.is_empty() {
            return None;
        }
        let diagnostic = self.failed(assertion, "this is not shown to hold");
        let diagnostic =
            doubts.into_iter().fold(diagnostic, |all, doubt| all.note(format!("it could hang on what is not understood: {doubt}")));
        Some(diagnostic.help("write what it says as sentences, or leave the manifest out if it is not applied there"))
    }
}
