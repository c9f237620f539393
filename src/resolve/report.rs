//! What resolution has to say, gathered in one place: a diagnostic inside a template
//! shows where the template was used, and one place is told of once.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The diagnostics so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    found: Vec<Diagnostic>,
    told: BTreeSet<(Code, Option<Span>, Option<Span>)>,
    used_at: Option<Rc<[Span]>>,
    named: BTreeSet<(Code, String)>,
}

impl Report {
    /// What follows stands in a template brought here by these `use` sentences, outermost first.
    pub(super) fn within(&mut self, used_at: &Rc<[Span]>) {
        self.used_at = Some(Rc::clone(used_at)).filter(|spans| !spans.is_empty());
    }

    /// What follows stands in no template.
    pub(super) fn outside(&mut self) {
        self.used_at = None;
    }

    /// Takes a diagnostic, unless the same was said of the same place.
    pub(super) fn push(&mut self, mut diagnostic: Diagnostic) {
        let primary = diagnostic.primary.as_ref().map(|label| label.span);
        for used in self.used_at.iter().flat_map(|spans| spans.iter()) {
            if !primary.is_some_and(|span| span.file == used.file && span.start >= used.start && span.end <= used.end) {
                diagnostic = diagnostic.also(*used, "used here");
            }
        }
        let innermost = self.used_at.as_ref().and_then(|spans| spans.last().copied());
        if self.told.insert((diagnostic.code, primary, innermost)) {
            self.found.push(diagnostic);
        }
    }

    /// Takes a diagnostic about a name, unless the same was said of that name: the other
    /// places are consequences of one missing declaration.
    pub(super) fn push_once(&mut self, name: String, diagnostic: Diagnostic) {
        if self.named.insert((diagnostic.code, name)) {
            self.push(diagnostic);
        }
    }

    /// Everything found.
    pub(super) fn finish(self) -> Vec<Diagnostic> {
        self.found
    }
}
