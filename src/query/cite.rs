//! Sentences and objects, as answers cite them.

use super::model::{Cluster, Model};
use crate::compile::Compilation;
use crate::ir::SentenceId;
use crate::verify::stack::Origin;
use crate::verify::why::Side;

/// What says something, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Citation {
    /// The file; empty for what holds without being written.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The sentence, or the object with its rule.
    pub text: String,
    /// The ports it decides about, of those asked about; empty: not told.
    pub ports: String,
    /// `because`.
    pub because: Option<String>,
    /// `owner`.
    pub owner: Option<String>,
    /// The objects of the output that it stands in: `NetworkPolicy payments/polc-allow-api`.
    pub objects: Vec<String>,
}

impl Citation {
    /// `FILE:LINE:COLUMN: `; nothing where it stands in no file.
    pub(super) fn place(&self) -> String {
        if self.file.is_empty() { String::new() } else { format!("{}:{}:{}: ", self.file, self.line, self.column) }
    }

    /// What its text does not say itself, a line each: reason, owner, objects.
    pub(super) fn details(&self, indent: &str) -> String {
        let mut out = String::new();
        if let Some(because) = self.because.as_ref().filter(|because| !self.text.contains(because.as_str())) {
            out.push_str(&format!("{indent}because \"{because}\"\n"));
        }
        if let Some(owner) = self.owner.as_ref().filter(|owner| !self.text.contains(&format!("owner {owner}"))) {
            out.push_str(&format!("{indent}owner {owner}\n"));
        }
        if !self.objects.is_empty() {
            out.push_str(&format!("{indent}in {}\n", self.objects.join(", ")));
        }
        out
    }
}

impl Cluster<'_> {
    /// The citation of a rule; none for an origin that leads nowhere.
    pub(super) fn cite(&self, rule: Origin, side: Side) -> Option<Citation> {
        match rule {
            Origin::Sentence(id) => self.sentence(id, side),
            Origin::Object { .. } => self.model.object(rule, side),
            Origin::Default => Some(Citation {
                text: "an isolated pod keeps the way to the cluster's DNS, unless it says `without dns`".to_owned(),
                ..Citation::default()
            }),
        }
    }

    fn sentence(&self, id: SentenceId, side: Side) -> Option<Citation> {
        let objects = objects(&self.model.compilation, id, side);
        Some(Citation { objects, ..self.model.sentence(id)? })
    }
}

impl Model {
    /// A sentence about access, with the objects that it stands in.
    pub(super) fn access_sentence(&self, id: SentenceId) -> Option<Citation> {
        let mut objects: Vec<String> = self.compilation.access_objects_of(id).collect();
        objects.sort();
        objects.dedup();
        Some(Citation { objects, ..self.sentence(id)? })
    }

    fn sentence(&self, id: SentenceId) -> Option<Citation> {
        let sentence = self.policy.sentence(id)?;
        let sources = &self.compilation.sources;
        let position = sources.position(sentence.span);
        Some(Citation {
            file: sources.name(sentence.span.file).to_owned(),
            line: position.line,
            column: position.column,
            text: first_line(sources.slice(sentence.span)),
            ports: String::new(),
            because: sentence.because().map(ToString::to_string),
            owner: sentence.owner().map(ToString::to_string),
            objects: Vec::new(),
        })
    }
}

/// A sentence in one line: without its block, and without what goes on below.
fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let line = line.split(" {").next().unwrap_or(line).trim_end();
    if line.len() < text.trim_end().len() && !text.trim_start_matches(line).trim_start().starts_with('{') {
        format!("{line} …")
    } else {
        line.to_owned()
    }
}

/// The objects that a sentence stands in, on one side.
fn objects(compilation: &Compilation, id: SentenceId, side: Side) -> Vec<String> {
    let side = if side == Side::Egress { "egress" } else { "ingress" };
    let mut all: Vec<String> = compilation.objects_of(id, side).collect();
    all.sort();
    all.dedup();
    all
}
