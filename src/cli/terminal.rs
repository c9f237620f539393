//! stdout for data, stderr for messages.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;

use super::exit::Failure;

/// When messages are colored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorWhen {
    /// Whether messages on stderr are colored.
    pub(crate) fn on_stderr(self) -> bool {
        match self {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => is_interactive() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }
}

/// Whether somebody watches stderr on a terminal that can do more than print.
pub(crate) fn is_interactive() -> bool {
    io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// The width messages are fitted to: `COLUMNS`, or 100.
pub(crate) fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).filter(|columns| (40..=400).contains(columns)).unwrap_or(100)
}

/// Writes a message. That nobody hears it is no reason to fail.
pub(crate) fn tell(message: &str) {
    let _ = io::stderr().lock().write_all(message.as_bytes());
}

/// Writes data to stdout, all of it or an error.
pub(crate) fn answer(data: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(data.as_bytes()).and_then(|()| stdout.flush()).map_err(|why| match why.kind() {
        io::ErrorKind::BrokenPipe => Failure::ReaderGone,
        _ => Failure::new(format!("cannot write to stdout: {why}")),
    })
}
