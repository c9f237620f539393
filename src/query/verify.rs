//! Whether manifests mean exactly what a policy says.

use super::Wrong;
use super::access::AccessDiffering;
use super::model::Model;
use crate::diagnostic::Diagnostic;
use crate::verify::compare::{Comparison, Difference, Failure, Side as Of, compare};
use crate::verify::concrete::Truth;
use crate::verify::decide::{By, side};
use crate::verify::given::called;
use crate::verify::index::Index;
use crate::verify::intent;
use crate::verify::proof::{universe, words};
use crate::verify::stack::{Origin, Rule, Sides};
use crate::verify::why::Side;
use crate::verify::world::{ObjectRef, World};

use super::cite::Citation;

/// With so many differences the search ends.
const MOST: usize = 100;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The cluster.
    pub cluster: String,
    /// Where manifests and policy differ.
    pub differences: Vec<Differing>,
    /// Where they differ in what is granted to those that the policy speaks of.
    pub access: Vec<AccessDiffering>,
    /// Policies of the manifests that polc did not write: `place: kind namespace/name`.
    pub foreign: Vec<String>,
    /// What the manifests hold that is not understood: `place: object field: why`.
    pub not_understood: Vec<String>,
    /// Whether some of that could matter; or why nothing is known.
    pub unknown: Option<String>,
    /// What is taken for granted.
    pub assumptions: Vec<String>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    /// Whether the manifests let through what the policy closes; else they close what it opens.
    pub opened: bool,
    /// `egress` of the source or `ingress` of the destination.
    pub side: &'static str,
    /// A connection that shows it: who opens it.
    pub source: String,
    /// To whom.
    pub destination: String,
    /// On which port.
    pub port: String,
    /// What the policy says of it.
    pub sentences: Vec<Citation>,
    /// What decides it in the manifests.
    pub objects: Vec<Citation>,
}

impl Verification {
    /// Whether the manifests mean exactly what the policy says.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.differences.is_empty() && self.access.is_empty() && self.unknown.is_none()
    }
}

impl Model {
    /// Holds the manifests against the policy. The model is one of both.
    ///
    /// # Errors
    ///
    /// The policy or the manifests are missing.
    pub fn verify(&self) -> Result<Verification, Wrong> {
        if !self.basis.policies || !self.basis.manifests {
            return Err(Wrong::new("a policy and manifests are needed to be compared"));
        }
        let Some(given) = &self.world else { return Err(Wrong::new("there are no manifests")) };
        if let Some(error) = &self.unreadable {
            return Err(self.told_of(error));
        }
        let cluster = self.cluster();
        let intent = intent::read(&self.policy, &self.cluster);
        let universe = universe(&self.policy, &self.cluster);
        let (intended, enforced) = (&intent.sides, &given.sides);
        let comparison = Comparison { intended, enforced, universe: &universe, denies: &intent.denies, most: MOST };
        let (differences, unclear) = match compare(&comparison) {
            Ok(differences) => (differences, None),
            Err(failure) => (Vec::new(), Some(why(&failure))),
        };
        let matters = given.not_understood.iter().any(|what| !what.reach.subjects.is_empty());
        let grants = !self.policy.grants.is_empty() || !self.policy.roles.is_empty();
        let matters = matters || (grants && !given.unclear_access.is_empty());
        let unknown = unclear.or_else(|| matters.then(|| "something in the manifests is not understood and could matter".to_owned()));
        let differing = |difference: &Difference| {
            let [said, decided] = [intended, enforced].map(|sides| origins(difference, sides));
            let side = if difference.side == Of::Egress { Side::Egress } else { Side::Ingress };
            let cite = |origins: Vec<Origin>| origins.into_iter().filter_map(|origin| cluster.cite(origin, side)).collect();
            let objects = decided.into_iter().filter_map(|origin| self.object(origin, side)).collect();
            let (source, destination) = ends(difference);
            Differing {
                opened: difference.more,
                side: if side == Side::Egress { "egress" } else { "ingress" },
                source,
                destination,
                port: words::port(difference.witness.port),
                sentences: cite(said),
                objects,
            }
        };
        Ok(Verification {
            cluster: self.cluster.name.clone(),
            differences: differences.iter().map(differing).collect(),
            access: self.access_differences(given),
            foreign: self.foreign(given),
            not_understood: given.not_understood.iter().chain(&given.unclear_access).map(|what| self.told(what)).collect(),
            unknown,
            assumptions: self.assumptions(),
        })
    }

    /// The policies of the manifests that the policy is not compiled to.
    fn foreign(&self, given: &World) -> Vec<String> {
        let own = |object: &ObjectRef| {
            self.compilation.objects.iter().any(|output| {
                let metadata = output.object.metadata();
                output.object.kind() == object.kind.as_str()
                    && metadata.name == object.name.as_str()
                    && metadata.namespace.as_deref() == object.namespace.as_deref()
            })
        };
        let place = |object: &ObjectRef| {
            format!("{}:{}: {}", self.sources.name(object.place.file), self.sources.position(object.place).line, called(object))
        };
        given.objects.iter().filter(|object| !own(object)).map(place).collect()
    }

    fn told_of(&self, error: &Diagnostic) -> Wrong {
        let sources = &self.sources;
        let place = error
            .primary
            .as_ref()
            .map_or(String::new(), |label| format!("{}:{}: ", sources.name(label.span.file), sources.position(label.span).line));
        let label = error.primary.as_ref().map_or(String::new(), |label| format!(": {}", label.text));
        error.help.iter().fold(Wrong::new(format!("{place}{}{label}", error.headline)), |wrong, help| wrong.help(help.clone()))
    }
}

/// Source and destination of a difference's connection.
fn ends(difference: &Difference) -> (String, String) {
    let (own, other) = (words::end(&difference.witness.pod), words::end(&difference.witness.other));
    if difference.side == Of::Egress { (own, other) } else { (other, own) }
}

/// What decides a difference's connection in one of the two.
fn origins(difference: &Difference, sides: &Sides) -> Vec<Origin> {
    let index = Index::new(if difference.side == Of::Ingress { &sides.ingress } else { &sides.egress });
    let (protocol, detail) = (difference.witness.port.protocol, difference.witness.port.detail);
    let ports = |rule: &Rule| if rule.ports.holds(protocol, detail) { Truth::Yes } else { Truth::No };
    match side(&index, &difference.witness.pod, &difference.witness.other, ports).by {
        By::Rule { rule, .. } | By::Unknown { rule, .. } => vec![rule],
        By::Isolated { by, .. } => by,
        By::NoPod | By::NoPolicy | By::PassedOn => Vec::new(),
    }
}

fn why(failure: &Failure) -> String {
    match failure {
        Failure::TooMany { namespace: Some(name) } => format!("the pods of `{name}` fall into more cases than are looked at"),
        Failure::TooMany { namespace: None } => "the pods that no policy names fall into more cases than are looked at".to_owned(),
        Failure::NamedPort { .. } => "a rule of the manifests has a port by name, which each pod may give another number".to_owned(),
        Failure::Internal(_) => "the comparison contradicts itself: a bug in polc".to_owned(),
    }
}

impl Verification {
    /// Every difference with a connection that shows it; what is foreign and what is not understood; the verdict last.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        for differing in &self.differences {
            out.push_str(&differing.to_text());
        }
        self.access.iter().for_each(|differing| out.push_str(&differing.to_text()));
        let list = |title: &str, lines: &[String]| lines.iter().map(|line| format!("{title}: {line}\n")).collect::<String>();
        out.push_str(&list("not of this policy", &self.foreign));
        out.push_str(&list("not understood", &self.not_understood));
        let count = self.differences.len() + self.access.len();
        out.push_str(&match (&self.unknown, count) {
            (_, 1..) => format!("different: {count} difference{}\n", if count == 1 { "" } else { "s" }),
            (Some(why), 0) => format!("unknown: {why}\n"),
            (None, 0) => format!("equal: in cluster `{}` the manifests mean exactly what the policy says\n", self.cluster),
        });
        out
    }
}

impl Differing {
    fn to_text(&self) -> String {
        let word = if self.opened { "opened" } else { "closed" };
        let mut out = format!("{word}: {} -> {} on {}\n", self.source, self.destination, self.port);
        let cited = |citation: &Citation| match citation.file.as_str() {
            "" => citation.text.clone(),
            file => format!("{file}:{}: {}", citation.line, citation.text),
        };
        let said = if self.opened { "the policy closes it" } else { "the policy opens it" };
        let done = if self.opened { "the manifests let it through" } else { "the manifests close it" };
        for (who, citations) in [(said, &self.sentences), (done, &self.objects)] {
            let by: Vec<String> = citations.iter().map(cited).collect();
            let by = if by.is_empty() { "nothing stands against it".to_owned() } else { by.join("; ") };
            out.push_str(&format!("  {who} ({}): {by}\n", self.side));
        }
        out
    }
}
