//! Many questions, each answered in a word.

use std::collections::BTreeMap;

use super::answer::Verdict;
use super::model::{Cluster, Model};
use super::Wrong;

/// A model that answers one question after another.
#[derive(Debug)]
pub struct Batch<'m> {
    cluster: Cluster<'m>,
    /// Answers given already: real lists repeat themselves.
    given: BTreeMap<String, Verdict>,
}

impl Model {
    /// Makes ready for many questions.
    #[must_use]
    pub fn batch(&self) -> Batch<'_> {
        Batch { cluster: self.cluster(), given: BTreeMap::new() }
    }
}

impl Batch<'_> {
    /// The answer in a word. A question of which only a part passes has no one answer: that is
    /// [`Verdict::Partly`].
    ///
    /// # Errors
    ///
    /// The question cannot be read, or names somebody who is not known.
    pub fn answer(&mut self, question: &str) -> Result<Verdict, Wrong> {
        if let Some(verdict) = self.given.get(question) {
            return Ok(*verdict);
        }
        let verdict = self.cluster.ask(question)?.verdict;
        self.given.insert(question.to_owned(), verdict);
        Ok(verdict)
    }
}
