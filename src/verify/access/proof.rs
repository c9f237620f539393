//! The proof that objects grant what the policy says, and nothing else: for every subject, over all requests.

use super::compare::{Difference, What, differences, shown};
use super::words::{place, request};
use super::{Access, Source, intent, objects};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir;
use crate::manifest::Object;
use crate::source::Span;

/// So many differences are told at most.
const MOST: usize = 3;

/// Shows that the objects of a cluster grant what the policy says.
///
/// # Errors
///
/// What stands against it; it is a bug in polc.
pub(crate) fn prove<'a>(
    policy: &ir::Policy,
    cluster: &ir::Cluster,
    objects: impl Iterator<Item = &'a Object>,
) -> Result<(), Box<Diagnostic>> {
    let (granted, called) = objects::read(objects).map_err(|why| Box::new(unclear(cluster, &why)))?;
    if policy.roles.is_empty() && policy.grants.is_empty() && granted == Access::default() {
        return Ok(());
    }
    let meant = intent::read(policy, cluster);
    let granted = granted.with_builtin(cluster.kubernetes);
    let found = differences(&meant, &granted);
    if found.is_empty() { Ok(()) } else { Err(Box::new(differs(policy, cluster, &Sides { meant, granted, called }, &found))) }
}

/// Both, and how the objects are called.
struct Sides {
    meant: Access,
    granted: Access,
    called: Vec<String>,
}

fn unclear(cluster: &ir::Cluster, why: &str) -> Diagnostic {
    let headline = "it could not be proved that the manifests grant what the policy says";
    foot(cluster, Diagnostic::nowhere(Code::ProofFailed, headline).note(why))
}

fn differs(policy: &ir::Policy, cluster: &ir::Cluster, sides: &Sides, found: &[Difference]) -> Diagnostic {
    let headline = "the manifests do not grant what the policy says";
    let mut spans: Vec<Span> = found.first().map(|first| sides.sentences(policy, first)).unwrap_or_default();
    spans.sort();
    spans.dedup();
    let mut spans = spans.into_iter();
    let diagnostic = match spans.next() {
        Some(span) => Diagnostic::new(Code::ProofFailed, span, headline).label("the policy says this"),
        None => Diagnostic::nowhere(Code::ProofFailed, headline),
    };
    let diagnostic = spans.fold(diagnostic, |all, span| all.also(span, "and this"));
    let diagnostic = found.iter().take(MOST).fold(diagnostic, |all, difference| all.note(told(difference)));
    let objects = found.first().map(|first| sides.objects(first)).unwrap_or_default();
    foot(cluster, objects.into_iter().fold(diagnostic, |all, object| all.note(format!("decided by {object}"))))
}

fn foot(cluster: &ir::Cluster, diagnostic: Diagnostic) -> Diagnostic {
    diagnostic
        .note(format!("cluster `{}`; this is a bug in polc and no fault of the policy; nothing is written", cluster.name))
        .help("please report it with these lines, the output of `polc --version` and, if you may share it, the policy")
}

/// A difference, by a request that shows it.
pub(crate) fn told(difference: &Difference) -> String {
    let done = |more: &bool| if *more { "is permitted, and should not be" } else { "is not permitted, and should be" };
    match difference {
        Difference::Request { what, more, request: asked } => {
            let of = match what {
                What::Subject(atom) => format!("{}: ", atom.told()),
                What::Role(key) => format!("whoever is bound to {}: ", shown(key)),
                What::Labelled(key, value) => format!("whoever gets the roles labelled `{key}={value}`: "),
            };
            format!("{of}{} {}", request(asked), done(more))
        }
        Difference::Binding { subject, place: at, role, more } => {
            let done = if *more { "is granted, and should not be" } else { "is not granted, and should be" };
            format!("{}: {} {} {done}", subject.told(), shown(role), place(at))
        }
        Difference::Aggregation(key) => format!("{} takes in other roles than it should", shown(key)),
        Difference::Extra(key) => format!("{} is there, and no sentence says so", shown(key)),
    }
}

impl Sides {
    /// The sentences that say what is not so.
    fn sentences(&self, policy: &ir::Policy, difference: &Difference) -> Vec<Span> {
        let of = |source: Source| match source {
            Source::Sentence(id) => policy.sentence(id).map(|sentence| sentence.span),
            Source::Object(_) | Source::Builtin => None,
        };
        self.meant.behind(difference).into_iter().filter_map(of).collect()
    }

    fn objects(&self, difference: &Difference) -> Vec<&str> {
        let of = |source: Source| match source {
            Source::Object(place) => self.called.get(place as usize).map(String::as_str),
            Source::Sentence(_) | Source::Builtin => None,
        };
        self.granted.behind(difference).into_iter().filter_map(of).collect()
    }
}

impl Access {
    /// What has to do with a difference: the grounds of its request, and the role or bindings it is about.
    pub(crate) fn behind(&self, difference: &Difference) -> Vec<Source> {
        let role = |key| self.roles.get(key).map(|role| role.source).into_iter().collect::<Vec<_>>();
        let mut found = match difference {
            Difference::Request { what: What::Subject(atom), request, .. } => self
                .grounds(std::slice::from_ref(atom), request)
                .into_iter()
                .flat_map(|ground| [Some(ground.binding.source), self.roles.get(ground.written.role).map(|role| role.source)])
                .flatten()
                .collect(),
            Difference::Request { what: What::Role(key), .. } | Difference::Aggregation(key) | Difference::Extra(key) => role(key),
            Difference::Request { what: What::Labelled(key, value), .. } => {
                self.roles.values().filter(|role| role.labels.get(key) == Some(value)).map(|role| role.source).collect()
            }
            Difference::Binding { subject, role, .. } => {
                let its = self.bindings.iter().filter(|binding| binding.role == *role && binding.subjects.contains(subject));
                its.map(|binding| binding.source).collect()
            }
        };
        found.sort_unstable();
        found.dedup();
        found
    }
}
