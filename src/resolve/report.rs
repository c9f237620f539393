//! What resolution has to say, gathered in one place: a diagnostic inside a template
//! shows where the template was used, one place is told of once, and a hostile policy set
//! neither fills the memory nor the screen.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use smol_str::SmolStr;

use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

use super::place::Used;

/// How many errors are told; what comes after them is likely to follow from them.
const ERRORS: usize = 1_000;
/// How many names all suggestions together may be sought among.
const CANDIDATES: usize = 200_000;

/// The diagnostics so far.
#[derive(Debug)]
pub(super) struct Report {
    incomplete: bool,
    errors: usize,
    candidates: Cell<usize>,
    found: Vec<Diagnostic>,
    told: BTreeSet<(Code, Option<Span>, Option<Span>)>,
    used: Option<Rc<Used>>,
    named: BTreeSet<(Code, SmolStr)>,
}

impl Report {
    /// Nothing so far. With `incomplete`, what seems to be missing may just not have been read.
    pub(super) fn new(incomplete: bool) -> Self {
        Report {
            incomplete,
            errors: 0,
            candidates: Cell::new(CANDIDATES),
            found: Vec::new(),
            told: BTreeSet::new(),
            used: None,
            named: BTreeSet::new(),
        }
    }

    /// The name that was most likely meant, while the bound on seeking allows.
    pub(super) fn near<'n>(&self, word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
        let mut left = self.candidates.get();
        if left == 0 {
            return None;
        }
        let sought = names.into_iter().take_while(|_| {
            left = left.saturating_sub(1);
            left > 0
        });
        let found = nearest(word, sought).first().copied();
        self.candidates.set(left);
        found
    }

    /// What follows stands in a template brought here by this use.
    pub(super) fn within(&mut self, used: Option<&Rc<Used>>) {
        self.used = used.cloned();
    }

    /// Where what is said now stands, to come back to it.
    pub(super) fn used(&self) -> Option<Rc<Used>> {
        self.used.clone()
    }

    /// Comes back to a place.
    pub(super) fn restore(&mut self, used: Option<Rc<Used>>) {
        self.used = used;
    }

    /// What follows stands in no template.
    pub(super) fn outside(&mut self) {
        self.used = None;
    }

    /// Takes a diagnostic, unless the same was said of the same place.
    pub(super) fn push(&mut self, mut diagnostic: Diagnostic) {
        if (self.incomplete && is_of_something_missing(diagnostic.code)) || self.errors > ERRORS {
            return;
        }
        if self.errors == ERRORS && diagnostic.is_error() {
            let headline = format!("more than {ERRORS} errors; the rest is left out");
            diagnostic = Diagnostic { primary: None, ..Diagnostic::new(Code::TooManyErrors, Span::default(), headline) }
                .help("put these right first, and check again");
        }
        let primary = diagnostic.primary.as_ref().map(|label| label.span);
        for used in self.used.iter().flat_map(|used| &used.at) {
            if !primary.is_some_and(|span| span.file == used.file && span.start >= used.start && span.end <= used.end) {
                diagnostic = diagnostic.also(*used, "used here");
            }
        }
        let innermost = self.used.as_ref().and_then(|used| used.at.last().copied());
        if self.told.insert((diagnostic.code, primary, innermost)) {
            self.errors += usize::from(diagnostic.is_error());
            self.found.push(diagnostic);
        }
    }

    /// Takes a diagnostic about a name, unless the same was said of that name: the other
    /// places are consequences of one missing declaration.
    pub(super) fn push_once(&mut self, name: impl Into<SmolStr>, diagnostic: Diagnostic) {
        if self.named.insert((diagnostic.code, name.into())) {
            self.push(diagnostic);
        }
    }

    /// Everything found.
    pub(super) fn finish(self) -> Vec<Diagnostic> {
        self.found
    }
}

/// Whether a diagnostic may follow from a declaration that could not be read.
fn is_of_something_missing(code: Code) -> bool {
    matches!(
        code,
        Code::UnknownNamespace
            | Code::UnknownWorkload
            | Code::UnknownPort
            | Code::UnknownTemplate
            | Code::UnknownCluster
            | Code::NoTlsPort
            | Code::TlsPortAssumed
            | Code::ForeignRole
            | Code::RoleNotGranted
            | Code::RoleWithoutPermission
            | Code::UnknownResource
            | Code::UnknownRole
    )
}
