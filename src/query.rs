//! Questions to a policy set, to manifests, or to both, and the answers: may a connection pass, on
//! which ports, and what decides it.
//!
//! ```
//! use polc::query::{Model, Verdict};
//! use polc::{Files, Options, SourceFile};
//!
//! let text = "namespace payments isolate; allow frontend -> api 8443".into();
//! let policies = vec![SourceFile { name: "payments.polc".into(), text }];
//! let model = Model::new(Files { policies, ..Files::default() }, &Options::default()).unwrap();
//! let answer = model.ask("payments/frontend -> payments/api 8443").unwrap();
//! assert_eq!(answer.verdict, Verdict::Allowed);
//! ```

mod access;
mod answer;
mod ask;
mod batch;
mod cite;
mod doubt;
mod everyone;
mod exposure;
mod json;
mod known;
mod lookup;
mod model;
mod reach;
mod report;
mod shown;
mod text;
mod verify;
mod verify_json;
mod why;
mod why_json;
mod why_text;

pub use access::{Access, AccessDiffering, AccessWhy, Held, Permit, Subject, is_about_access};
pub use answer::{Answer, Pair, Piece, Verdict};
pub use batch::Batch;
pub use cite::Citation;
pub use model::Model;
pub use reach::{Closed, Reach};
pub use verify::{Differing, Verification};
pub use why::{SideReasons, Why};

/// What the answers rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Basis {
    /// Whether there were policies.
    pub policies: bool,
    /// Whether there were manifests.
    pub manifests: bool,
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong: lower-case start, no final period.
    pub headline: String,
    /// What to do about it.
    pub help: Vec<String>,
}

impl Wrong {
    pub(crate) fn new(headline: impl Into<String>) -> Self {
        Wrong { headline: headline.into(), help: Vec::new() }
    }

    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }
}

#[cfg(test)]
mod tests;
