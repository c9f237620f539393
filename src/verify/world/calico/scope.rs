//! What the conditions of a policy are judged by, and what about them is in doubt.
//!
//! What the model cannot say exactly is read twice: as what it says at least, and as what it says at most.

use std::cell::RefCell;

use smol_str::SmolStr;

use super::Wrong;
use super::sets::Sets;
use crate::manifest::tree::Fault;
use crate::semantics::labels::{Labels, Values, Word};
use crate::verify::inventory::{Inventory, LabelSet};
use crate::verify::objects::endpoint;
use crate::verify::selector::{self, Bound};

/// What conditions are judged by.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The policy's namespace; none for a global one.
    pub(super) namespace: Option<&'a str>,
    pub(super) sets: &'a Sets,
    pub(super) inventory: &'a Inventory,
    /// Whether conditions are read as what they say at least, or at most.
    pub(super) bound: Bound,
    /// What is in doubt.
    pub(super) doubts: &'a Doubts,
}

/// The first thing that was found to be in doubt: its field, and why.
#[derive(Debug, Default)]
pub(super) struct Doubts(RefCell<Option<(String, SmolStr)>>);

impl Doubts {
    fn note(&self, path: String, why: SmolStr) {
        self.0.borrow_mut().get_or_insert((path, why));
    }

    pub(super) fn take(&self) -> Option<(String, SmolStr)> {
        self.0.borrow_mut().take()
    }
}

impl<'a> Scope<'a> {
    /// Of what is left out.
    pub(super) fn other(self) -> Self {
        Scope { bound: self.bound.other(), ..self }
    }

    /// What something says, by the bound: `least` or `most` where it is in doubt.
    pub(super) fn known<T>(self, found: Result<T, Wrong>, least: T, most: T) -> Result<T, Fault> {
        match found {
            Ok(found) => Ok(found),
            Err(Wrong::Invalid(fault)) => Err(fault),
            Err(Wrong::Unclear { path, why }) => {
                self.doubts.note(path, why);
                Ok(if self.bound == Bound::Least { least } else { most })
            }
        }
    }

    /// Notes something that is in doubt.
    pub(super) fn doubt(self, path: String, why: &'static str) {
        self.doubts.note(path, SmolStr::new_static(why));
    }

    /// Labels that a selector selects.
    pub(super) fn selected(self, text: &str, path: impl Fn() -> String) -> Result<Vec<Labels>, Wrong> {
        let parsed = match selector::parse(text) {
            Err(selector::Fault::PartOfValue(key)) => {
                self.doubts.note(path(), format!("a test of a part of the value of `{key}`").into());
                selector::parse_within(text, self.bound, &|key| self.values(key))
            }
            parsed => parsed,
        };
        parsed.map_err(|fault| match fault {
            selector::Fault::Syntax(expected, at) => {
                Wrong::Invalid(Fault { path: path(), text: format!("expected {expected} at character {} of `{text}`", at + 1) })
            }
            selector::Fault::PartOfValue(_) => wrong(path(), "a test of a part of a value"),
            selector::Fault::Global => wrong(path(), "`global()` among other tests"),
            selector::Fault::TooMany => wrong(path(), "more alternatives than are looked at"),
        })
    }

    /// The names of accounts that a test of their label on endpoints says.
    pub(super) fn account(self, values: &Values, path: &dyn Fn() -> String) -> Values {
        endpoint::account(values).unwrap_or_else(|| {
            self.doubt(path(), "whether a service account's name is a label");
            endpoint::account_within(values, self.bound, &self.accounts())
        })
    }

    /// The names of all accounts that are known.
    fn accounts(self) -> Vec<Word> {
        let declared = self.inventory.accounts.keys().map(|(_, name)| name);
        let mut all: Vec<Word> = declared.chain(self.inventory.workloads.iter().map(|workload| &workload.account)).cloned().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The values that a label is known to have anywhere: of pods, namespaces, accounts and sets.
    fn values(self, key: &str) -> Vec<Word> {
        let own = ["pcns.", "pcsa."].into_iter().find_map(|prefix| key.strip_prefix(prefix)).unwrap_or(key);
        let inventory = self.inventory;
        let pods = inventory.workloads.iter().map(|workload| &workload.labels);
        let namespaces = inventory.namespaces.values().map(|namespace| &namespace.labels);
        let sets: Vec<&LabelSet> = pods.chain(namespaces).chain(inventory.accounts.values()).collect();
        let mut all: Vec<Word> = sets.iter().filter_map(|labels| labels.get(own)).cloned().collect();
        all.extend(self.sets.values(key));
        match key {
            "projectcalico.org/orchestrator" => all.push("k8s".into()),
            "projectcalico.org/namespace" | "projectcalico.org/name" | "pcns.projectcalico.org/name" => {
                all.extend(inventory.namespaces.keys().cloned());
            }
            _ => {}
        }
        if own.starts_with("projectcalico.org/") {
            all.extend(self.accounts());
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

fn wrong(path: String, why: &'static str) -> Wrong {
    Wrong::Unclear { path, why: SmolStr::new_static(why) }
}
