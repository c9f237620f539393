//! A question about access in a word.

use super::super::Wrong;
use super::super::answer::Verdict;
use super::super::batch::Batch;

impl Batch<'_> {
    /// `who can` and `what can` are allowed where there is anybody or anything.
    pub(in crate::query) fn access(&self, question: &str) -> Result<Verdict, Wrong> {
        Ok(self.cluster.model.ask_access(question)?.verdict)
    }
}
