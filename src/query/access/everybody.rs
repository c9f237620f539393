//! Who may do what, all of it, for a file beside the policy.

use super::super::model::Model;
use super::lines::lines;
use super::{Permit, Subject};
use crate::query::Verdict;

/// Everybody whom a binding names, and what that grants them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The cluster.
    pub cluster: String,
    /// Subject by subject; what comes to somebody by their groups stands at the groups.
    pub subjects: Vec<Subject>,
}

impl Model {
    /// Everybody and what they may.
    #[must_use]
    pub fn held_access(&self) -> Held {
        let subject =
            |atom| Subject { name: crate::verify::access::Atom::told(atom), verdict: Verdict::Allowed, permits: lines(&self.held(atom)) };
        let mut subjects: Vec<Subject> = self.access().atoms().into_iter().map(subject).collect();
        subjects.sort_by(|a, b| a.name.cmp(&b.name));
        Held { cluster: self.cluster.name.clone(), subjects }
    }
}

impl Held {
    /// One block a subject; empty where no binding names anybody.
    #[must_use]
    pub fn to_text(&self) -> String {
        if self.subjects.is_empty() {
            return String::new();
        }
        let mut out = format!("cluster {}\n", self.cluster);
        for subject in &self.subjects {
            out.push_str(&format!("\n{}\n", subject.name));
            if subject.permits.is_empty() {
                out.push_str("  nothing\n");
            }
            subject.permits.iter().map(Permit::to_text).for_each(|line| out.push_str(&format!("  {line}\n")));
        }
        out
    }
}
