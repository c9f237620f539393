//! The index of what polc wrote: the only files it may change or remove later.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::folder::{self, OnDisk};
use super::layout::{is_ours, is_safe};
use crate::cli::exit::Failure;

/// Its name in the output folder.
pub(super) const FILE: &str = ".polc-index.json";

/// Name and version of its schema.
const SCHEMA: &str = "polc.dev/index/v1";

/// What polc wrote into an output folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Index {
    schema: String,
    /// By cluster.
    pub(super) clusters: BTreeMap<String, Entry>,
}

/// What polc wrote for one cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// SHA-256 of each file, in hexadecimal, by its name in the cluster's folder.
    pub(super) files: BTreeMap<String, String>,
    /// The policy files it was built from, relative to the output folder.
    pub(super) sources: BTreeSet<String>,
}

impl Default for Index {
    fn default() -> Self {
        Index { schema: SCHEMA.into(), clusters: BTreeMap::new() }
    }
}

impl Index {
    /// Reads the index of a folder; an empty one where there is none.
    pub(super) fn read(dir: &Path) -> Result<Self, Failure> {
        let path = dir.join(FILE);
        let text = match folder::look(&path)? {
            OnDisk::Missing => return Ok(Index::default()),
            OnDisk::File(text) => text,
            OnDisk::Other(what) => return Err(Failure::new(format!("`{}` is {what}, not a file that polc wrote", path.display()))),
        };
        let damaged = |why: &str| {
            Failure::new(format!("`{}` cannot be used: {why}", path.display()))
                .help("restore it from version control; without it polc does not know which files are its own")
        };
        let index: Index = serde_json::from_slice(&text).map_err(|why| damaged(&why.to_string()))?;
        if index.schema != SCHEMA {
            return Err(damaged("it is of a schema that this version of polc does not know"));
        }
        if index.is_safe() { Ok(index) } else { Err(damaged("it names files that polc never writes")) }
    }

    /// Its text.
    pub(super) fn text(&self) -> Result<String, Failure> {
        let text = serde_json::to_string_pretty(self).map_err(|why| Failure::new(format!("cannot write the index: {why}")))?;
        Ok(text + "\n")
    }

    /// What is in the index was read from a file that anybody may have changed: it must not
    /// lead to files elsewhere.
    fn is_safe(&self) -> bool {
        self.clusters.iter().all(|(cluster, entry)| is_safe(cluster) && entry.files.keys().all(|name| is_ours(name)))
    }
}

/// SHA-256 in hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
