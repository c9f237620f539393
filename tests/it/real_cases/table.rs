//! Expected outcomes: `source,dest,port,proto,expected` and, in recipes, on what the expectation rests.

use crate::judges::Probe;
use std::fmt;
use std::fs;
use std::path::Path;

/// One row that can be judged.
pub(crate) struct Row {
    pub(crate) probe: Probe,
    pub(crate) allowed: bool,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is expected to be {}", self.probe, if self.allowed { "allowed" } else { "denied" })
    }
}

/// The rows of a table. A pod's connection to itself is no policy's business, and such rows are left out.
pub(crate) fn rows(path: &Path) -> Vec<Row> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let lines = text.lines().skip(1).filter(|line| !line.contains(",ignored-loopback"));
    let rows: Vec<Row> = lines.map(|line| row(line).unwrap_or_else(|| panic!("{}: `{line}`", path.display()))).collect();
    assert!(!rows.is_empty(), "{} has no rows", path.display());
    rows
}

fn row(line: &str) -> Option<Row> {
    // Only the last column, which is not read, may hold commas of its own.
    let mut columns = line.splitn(6, ',');
    let mut next = || columns.next();
    let (source, destination, port, protocol, expected) = (next()?, next()?, next()?, next()?, next()?);
    let allowed = match expected {
        "allowed" => true,
        "denied" => false,
        _ => return None,
    };
    let probe =
        Probe { source: source.to_owned(), destination: destination.to_owned(), protocol: protocol.to_owned(), port: port.parse().ok()? };
    Some(Row { probe, allowed })
}
