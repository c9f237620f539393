//! What of the policies of others is not understood and could open a closed end, or defeat a deny.

use crate::diagnostic::Diagnostic;
use crate::ir::Flow;
use crate::source::Span;
use crate::verify::compare::Failure;
use crate::verify::given::called;
use crate::verify::meaning::Unclear;
use crate::verify::stack::Origin;
use crate::verify::world::NotUnderstood;

use super::Judge;
use super::defeats::Defeat;
use super::opens::closed;

/// Something that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Doubt {
    /// Where, in the texts that were given.
    pub(super) place: Span,
    /// What, and why.
    pub(super) text: String,
}

impl Judge<'_> {
    /// What is not understood or cannot be read, and could matter.
    pub(super) fn not_understood(&self) -> Vec<Doubt> {
        let world = &self.given.world;
        let mut doubts: Vec<Doubt> = world.not_understood.iter().filter(|what| self.matters(what)).map(|what| self.doubt(what)).collect();
        doubts.extend(self.given.found.iter().filter(|it| it.is_error()).filter_map(|error| self.unreadable(error)));
        doubts
    }

    /// Whether something could open an end that the policy closes.
    fn matters(&self, what: &NotUnderstood) -> bool {
        let meets = |ingress| {
            let mut ends = closed(&self.intent.sides, ingress);
            ends.any(|end| what.reach.subjects.iter().any(|subject| !subject.is_disjoint(end)))
        };
        (what.reach.ingress && meets(true)) || (what.reach.egress && meets(false))
    }

    fn doubt(&self, what: &NotUnderstood) -> Doubt {
        let object = self.given.world.objects.get(what.object as usize).map(called).unwrap_or_default();
        let field = if what.field.is_empty() { String::new() } else { format!(", `{}`", what.field) };
        Doubt { place: what.place, text: format!("{object}{field}: {}", what.why) }
    }

    fn unreadable(&self, error: &Diagnostic) -> Option<Doubt> {
        let label = error.primary.as_ref()?;
        let why = if label.text.is_empty() { String::new() } else { format!(": {}", label.text) };
        Some(Doubt { place: label.span, text: format!("{}{why}", error.headline) })
    }

    /// Why it is not known what is opened.
    pub(super) fn unclear(&self, failure: &Failure) -> Vec<Doubt> {
        match failure {
            Failure::NamedPort { origin, .. } => self.of_rule(*origin),
            Failure::TooMany { namespace: Some(name) } => {
                self.of_all_files(&format!("the pods of `{name}` fall into more cases than are looked at"))
            }
            Failure::TooMany { namespace: None } => {
                self.of_all_files("the pods that no policy names fall into more cases than are looked at")
            }
            Failure::Internal(_) => self.of_all_files("the comparison contradicts itself: a bug in polc"),
        }
    }

    /// Why it is not known whether a deny holds.
    pub(super) fn unsettled(&self, _deny: &Flow, unclear: &Unclear) -> Vec<Doubt> {
        match unclear {
            Unclear::NamedPort(origin) => self.of_rule(*origin),
            Unclear::TooMany => self.of_all_files("whether a `deny` holds beside it falls into more cases than are looked at"),
        }
    }

    /// A deny that a port by name may defeat.
    pub(super) fn by_name(&self, defeat: &Defeat) -> Vec<Doubt> {
        defeat.rules.iter().flatten().flat_map(|rule| self.of_rule(*rule)).collect()
    }

    fn of_rule(&self, rule: Origin) -> Vec<Doubt> {
        let Some(object) = self.given.foreign(rule) else { return Vec::new() };
        let text = format!("{}: a rule has a port by name, which each pod may give another number", called(object));
        vec![Doubt { place: object.place, text }]
    }
}
