//! What a build would change in one cluster's folder.

use std::collections::{BTreeMap, BTreeSet};

use super::{KeptNamespace, Plan, Recorded};
use crate::cli::exit::Failure;
use crate::cli::output::folder::{self, OnDisk};
use crate::cli::output::index::{self, Entry};
use crate::cli::output::layout::{ClusterFiles, kustomization};
use crate::cli::output::namespaces;

/// A cluster being planned.
pub(super) struct Cluster<'a> {
    plan: &'a mut Plan,
    name: &'a str,
    /// What should be there.
    files: &'a ClusterFiles,
    /// What the index says is there.
    old: &'a Entry,
    /// The hashes of the files that will be there.
    new: BTreeMap<String, String>,
}

impl<'a> Cluster<'a> {
    pub(super) fn new(plan: &'a mut Plan, name: &'a str, files: &'a ClusterFiles, old: &'a Entry) -> Self {
        Cluster { plan, name, files, old, new: BTreeMap::new() }
    }

    /// Plans its files, and the kustomization that names them; answers their hashes.
    pub(super) fn run(mut self) -> Result<BTreeMap<String, String>, Failure> {
        folder::must_be_folder_or_missing(&self.plan.dir.join(self.name))?;
        let (kustomization_file, _) = kustomization([]);
        let names: BTreeSet<&String> = self.old.files.keys().chain(self.files.texts.keys()).collect();
        for file in names.into_iter().filter(|name| **name != kustomization_file) {
            let before = self.look(file)?;
            let after = self.text(file, &before);
            self.file(file, before, after)?;
        }
        let after = (!self.new.is_empty()).then(|| kustomization(self.new.keys()).1);
        if after.is_some() || self.old.files.contains_key(&kustomization_file) {
            let before = self.look(&kustomization_file)?;
            self.file(&kustomization_file, before, after)?;
        }
        Ok(self.new)
    }

    fn look(&self, file: &str) -> Result<OnDisk, Failure> {
        folder::look(&self.plan.dir.join(self.name).join(file))
    }

    /// A file's text, with the Namespace objects in front that stay although nothing declares them.
    fn text(&mut self, file: &str, before: &OnDisk) -> Option<String> {
        let kept = match before {
            OnDisk::File(bytes) if self.old.files.contains_key(file) => namespaces::kept(bytes, &self.files.namespaces),
            _ => Vec::new(),
        };
        let told = kept.iter().map(|kept| KeptNamespace { cluster: self.name.to_owned(), file: file.to_owned(), name: kept.name.clone() });
        self.plan.kept.extend(told);
        namespaces::before(&kept, self.files.texts.get(file).map(String::as_str))
    }

    /// Plans one file, and notes its hash for the index.
    fn file(&mut self, file: &str, before: OnDisk, after: Option<String>) -> Result<(), Failure> {
        if let Some(text) = &after {
            self.new.insert(file.to_owned(), index::hash(text.as_bytes()));
        }
        let recorded = self.old.files.get(file).map_or(Recorded::No, |hash| Recorded::Hash(hash));
        self.plan.add(format!("{}/{file}", self.name), before, after, recorded)
    }
}
