//! Questions about access: `can …`, `who can …`, `what can …`.

mod amounts;
mod ask;
mod batch;
mod differ;
mod everybody;
mod find;
mod json;
mod lines;
mod question;
mod text;
mod why;

use super::answer::Verdict;
use super::cite::Citation;

pub use differ::AccessDiffering;
pub use everybody::Held;

/// Whether a text is a question about access, and not about connections.
#[must_use]
pub fn is_about_access(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(2).collect();
    matches!(words.as_slice(), ["can", _] | ["who" | "what", "can"]) && !text.contains("->")
}

/// The answer to a question about access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The question, as it was asked.
    pub question: String,
    /// The cluster it was asked about.
    pub cluster: String,
    /// The answer in a word. Of `who` and `what`: whether there is anybody or anything.
    pub verdict: Verdict,
    /// What was asked about, read out in full; nothing for `what can`.
    pub asked: Vec<Permit>,
    /// Whether several subjects are listed: `who can`.
    pub listed: bool,
    /// Each subject with what of it they may.
    pub subjects: Vec<Subject>,
    /// What there is to say beside it.
    pub notes: Vec<String>,
    /// What the manifests hold that may grant access and is not understood.
    pub not_understood: Vec<String>,
}

/// Somebody and what they may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// As the language writes it: `group ops`, `serviceaccount payments/ci`.
    pub name: String,
    /// Whether they may all that was asked about.
    pub verdict: Verdict,
    /// What of it they may.
    pub permits: Vec<Permit>,
}

/// Some requests, as one line of an answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permit {
    /// `in payments`, `in every namespace`, `everywhere`, `cluster-wide`.
    pub place: String,
    /// Verbs; `read` is get, list and watch; `everything` is every verb.
    pub verbs: Vec<String>,
    /// Kinds of resources, or paths.
    pub kinds: Vec<String>,
    /// Names of objects; empty: every name.
    pub names: Vec<String>,
    /// Whether `kinds` are paths.
    pub urls: bool,
}

/// An answer with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessWhy {
    /// The answer.
    pub answer: Access,
    /// What grants it: sentences, and objects of others.
    pub granted_by: Vec<Citation>,
    /// Where nothing does: what comes nearest, and in what respect it does not.
    pub nearest: Option<(Citation, String)>,
    /// What the permission comes to beyond what it says.
    pub amounts_to: Vec<String>,
    /// What is taken for granted.
    pub assumptions: Vec<String>,
}
