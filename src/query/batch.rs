//! Many questions, each answered in a word.
//!
//! Long lists repeat their ends and differ in ports: an end is looked up once, and what passes
//! between two of them is found once.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Wrong;
use super::access::is_about_access;
use super::answer::Verdict;
use super::ask::{of_all, read};
use super::doubt::Found;
use super::lookup::Group;
use super::model::{Cluster, Model};
use crate::semantics::ports::{PortSet, Protocol};

/// A model that answers one question after another.
#[derive(Debug)]
pub struct Batch<'m> {
    pub(super) cluster: Cluster<'m>,
    ends: BTreeMap<String, Rc<[Group]>>,
    pairs: BTreeMap<(String, String), Rc<[Found]>>,
}

impl Model {
    /// Makes ready for many questions.
    #[must_use]
    pub fn batch(&self) -> Batch<'_> {
        Batch { cluster: self.cluster(), ends: BTreeMap::new(), pairs: BTreeMap::new() }
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
        if is_about_access(question) {
            return self.access(question);
        }
        let Some((source, destination, port)) = plain(question) else { return Ok(self.cluster.ask(question)?.verdict) };
        let pairs = self.pairs(source, destination)?;
        // Between two ends that are no pods no policy decides.
        let decided = of_all(pairs.iter().map(|found| found.verdict(port.as_ref())));
        Ok(if pairs.is_empty() { Verdict::Unknown } else { decided })
    }

    fn pairs(&mut self, source: &str, destination: &str) -> Result<Rc<[Found]>, Wrong> {
        let key = (source.to_owned(), destination.to_owned());
        if let Some(pairs) = self.pairs.get(&key) {
            return Ok(Rc::clone(pairs));
        }
        let (from, to) = (self.ends(source)?, self.ends(destination)?);
        self.cluster.must_be_known(&to)?;
        let mut pairs = Vec::new();
        for destination in to.iter() {
            for source in from.iter().filter(|source| source.has_pods() || destination.has_pods()) {
                pairs.push(self.cluster.found(source, destination));
            }
        }
        let pairs: Rc<[Found]> = pairs.into();
        self.pairs.insert(key, Rc::clone(&pairs));
        Ok(pairs)
    }

    fn ends(&mut self, text: &str) -> Result<Rc<[Group]>, Wrong> {
        if let Some(ends) = self.ends.get(text) {
            return Ok(Rc::clone(ends));
        }
        let question = read(&format!("{text} -> anywhere"))?;
        let ends: Rc<[Group]> = self.cluster.groups(&question.sources)?.into();
        self.ends.insert(text.to_owned(), Rc::clone(&ends));
        Ok(ends)
    }
}

/// A question of single words: source, destination, and the number of a port where there is one. None: it is to be
/// read as the language reads it.
fn plain(question: &str) -> Option<(&str, &str, Option<PortSet>)> {
    let words: Vec<&str> = question.split_whitespace().collect();
    let is_word = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._/:*".contains(&byte));
    match words.as_slice() {
        [source, "->", destination] if [source, destination].into_iter().all(is_word) => Some((source, destination, None)),
        [source, "->", destination, port] if [source, destination, port].into_iter().all(is_word) => {
            Some((source, destination, Some(number(port)?)))
        }
        _ => None,
    }
}

/// `443`, `53/udp`.
fn number(word: &str) -> Option<PortSet> {
    let (number, protocol) = word.split_once('/').unwrap_or((word, "tcp"));
    let protocol = Protocol::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(protocol))?;
    let port = number.parse::<u16>().ok().filter(|port| *port > 0 && !number.starts_with(['0', '+']))?;
    let lower = word.bytes().all(|byte| !byte.is_ascii_uppercase());
    lower.then(|| PortSet::range(protocol, port, port))
}
