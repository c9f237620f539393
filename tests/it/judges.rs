//! The outside judges: programs that know Kubernetes and nothing of polc.
//!
//! A judge that cannot run is a failure, never a skip: each function panics with what has to be built first.

mod kubelint;
mod nca;
mod reach;

pub(crate) use kubelint::kubelint;
pub(crate) use nca::{Connections, Network, nca};
pub(crate) use reach::reach;

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One attempt to connect: whether it passes is what the judges are asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Probe {
    /// `namespace/pod`, or an address outside the cluster.
    pub(crate) source: String,
    /// As `source`.
    pub(crate) destination: String,
    /// `TCP`, `UDP` or `SCTP`.
    pub(crate) protocol: String,
    /// The destination pod's port.
    pub(crate) port: u16,
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {} {}/{}", self.source, self.destination, self.port, self.protocol)
    }
}

/// A judge's path, from its path in the repository.
fn judge(path: &str) -> PathBuf {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    assert!(program.is_file(), "no judge at {}: run conformance/build.sh, which puts it there", program.display());
    program
}

/// Runs a judge to its end and gives its standard output. An exit code not in `expected` is a failure.
fn run(command: &mut Command, expected: &[i32]) -> String {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?} cannot be started: {e}"));
    let stdout = String::from_utf8(output.stdout).expect("a judge writes UTF-8");
    let code = output.status.code();
    assert!(
        code.is_some_and(|c| expected.contains(&c)),
        "{command:?} ended with {code:?}:\n{stdout}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    stdout
}
