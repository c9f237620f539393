//! How a run ends.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use super::terminal;

/// The exit codes, the same for every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Fine.
    Fine = 0,
    /// The policy has errors; nothing was written.
    PolicyErrors = 1,
    /// A difference or a finding that was asked about.
    Finding = 2,
    /// The command line is wrong, or a file could not be read or written.
    Usage = 3,
    /// A bug in polc.
    Bug = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command could not do its work: wrong usage, or input and output that failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Told to the user.
    Told {
        /// What is wrong: lower-case start, no final period.
        headline: String,
        /// What to do about it.
        help: Vec<String>,
    },
    /// Whoever read our output went away: nothing to tell.
    ReaderGone,
}

impl Failure {
    /// A failure without help yet.
    pub(crate) fn new(headline: impl Into<String>) -> Self {
        Failure::Told { headline: headline.into(), help: Vec::new() }
    }

    /// A file operation that failed: `cannot read x: why`.
    pub(crate) fn io(verb: &str, path: &Path, why: impl Display) -> Self {
        Failure::new(format!("cannot {verb} `{}`: {why}", path.display()))
    }

    /// Adds what to do.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        if let Failure::Told { help, .. } = &mut self {
            help.push(text.into());
        }
        self
    }

    /// Tells it, and gives the exit code.
    pub(crate) fn report(self) -> Exit {
        match self {
            Failure::Told { headline, help } => {
                let help: String = help.iter().map(|text| format!("  help: {text}\n")).collect();
                terminal::tell(&format!("error: {headline}\n{help}"));
                Exit::Usage
            }
            Failure::ReaderGone => Exit::Fine,
        }
    }
}

/// What every command answers.
pub(crate) type Answer = Result<Exit, Failure>;
