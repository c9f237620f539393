//! What polc has to say about a policy: one type for errors, warnings and notes.
//!
//! A diagnostic is data. How it looks — for people, for CI, as JSON or SARIF —
//! is decided by the renderers in [`render`].

pub mod code;
pub mod render;
pub mod suggest;

pub use code::Code;

use crate::source::Span;

/// How much a diagnostic weighs. An error anywhere means no output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The policy is wrong; nothing is written.
    Error,
    /// The output stands, but it is unlikely to be what was meant.
    Warning,
    /// Something worth knowing.
    Note,
}

/// A place with a word about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there; may be empty.
    pub text: String,
}

/// A replacement a machine may make, because it cannot widen access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub replacement: String,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable name; `polc explain CODE` prints its page.
    pub code: Code,
    /// Weight.
    pub severity: Severity,
    /// One line, in words of the policy: lower-case start, no final period.
    pub headline: String,
    /// The smallest wrong piece of text; none only where no text is at fault.
    pub primary: Option<Label>,
    /// Every other place involved.
    pub secondary: Vec<Label>,
    /// Consequences worth saying, one sentence each.
    pub notes: Vec<String>,
    /// What to do, complete enough to paste; never something that opens more than was written.
    pub help: Vec<String>,
    /// The replacement, where there is exactly one.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A diagnostic at a place, with the severity its code has by default.
    #[must_use]
    pub fn new(code: Code, span: Span, headline: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: code.severity(),
            headline: headline.into(),
            primary: Some(Label { span, text: String::new() }),
            secondary: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    /// A diagnostic about what was asked, where no text is at fault.
    #[must_use]
    pub fn nowhere(code: Code, headline: impl Into<String>) -> Self {
        Diagnostic { primary: None, ..Diagnostic::new(code, Span::default(), headline) }
    }

    /// Says something at the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(primary) = &mut self.primary {
            primary.text = text.into();
        }
        self
    }

    /// Points at another place involved.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    /// Adds a consequence.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Offers the one replacement that cannot widen access.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }

    /// Whether it stops the build.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Sorts by place and drops repetitions: the order in which stages ran is nobody's business.
pub fn settle(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.primary.as_ref().map(|l| l.span), d.severity, d.code.as_str(), d.headline.clone());
        key(a).cmp(&key(b))
    });
    diagnostics.dedup();
}
