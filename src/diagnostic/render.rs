//! Diagnostics as people and programs read them.
//!
//! Each renderer is a pure function of the diagnostics, the sources and the
//! [`Options`]; `docs/src/reference/formats.md` documents what they write.

pub mod github;
pub mod human;
pub mod json;
pub mod junit;
mod place;
pub mod plain;
pub mod sarif;
mod summary;
mod text;

#[cfg(test)]
mod fixture;

pub use summary::summary;

use super::{Code, Severity};

/// How diagnostics are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Whether to use ANSI colors. Only the human form does.
    pub color: bool,
    /// How wide a line may be, in columns. Only the human form asks.
    pub width: usize,
    /// Codes that count as a failure although they are no errors. Only JUnit asks.
    pub denied: Vec<Code>,
}

impl Default for Options {
    fn default() -> Self {
        Options { color: false, width: 100, denied: Vec::new() }
    }
}

impl Severity {
    /// The word that messages show.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}
