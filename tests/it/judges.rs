//! The outside judges: programs that know Kubernetes and nothing of polc, built by `conformance/build.sh`.
//!
//! A judge that cannot run, or does not understand what it is given, is a failure and never a skip.

mod batch;
mod calico_selector;
mod kubelint;
mod rbac;
mod yaml;

pub(crate) use batch::{Network, calico_tiers, calico_tiers_of, nca, nca_or_why, reach, reach_or_why};
pub(crate) use calico_selector::calico_selectors;
pub(crate) use kubelint::kubelint;
pub(crate) use rbac::{Caller, Question, authorized};
pub(crate) use yaml::{read_by_kubectl, read_by_python};

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One attempt to connect: whether it passes is what the judges are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Probe {
    /// `namespace/pod`, or an address outside the cluster.
    pub(crate) source: String,
    /// As `source`.
    pub(crate) destination: String,
    /// `TCP`, `UDP` or `SCTP`.
    pub(crate) protocol: String,
    /// The destination's port: a pod's own, not its Service's.
    pub(crate) port: u16,
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {} {}/{}", self.source, self.destination, self.port, self.protocol)
    }
}

/// A judge's path, from its path below `conformance/.build`.
fn judge(path: &str) -> PathBuf {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/.build").join(path);
    assert!(program.is_file(), "no judge at {}: run conformance/build.sh, which builds it", program.display());
    program
}

/// Runs a judge to its end and gives its standard output. An exit code not among `expected` is a failure.
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
