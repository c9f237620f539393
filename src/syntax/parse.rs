//! Sentences to nodes of the tree.

mod access;
mod clause;
mod cluster;
mod expect;
mod explain;
mod flow;
mod foreign;
mod namespace;
mod peer;
mod pieces;
mod port;
mod reuse;
mod selector;
mod sentence;
mod slip;
mod tls;
mod unknown;
mod word;

use super::layout::{self, Raw};
use super::matcher::Node;
use super::place::Place;
use super::{Reader, hygiene, tree};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use sentence::Where;

/// What a node's builder hands back.
type Built<T> = Result<T, Box<Diagnostic>>;

/// Reads a whole file.
pub(super) fn file(reader: Reader<'_>) -> (tree::File, Vec<Diagnostic>) {
    let mut tree = tree::File { file: reader.file, sentences: Vec::new(), comments: Vec::new(), names_lost: true };
    if reader.text.len() > super::MAX_FILE {
        let text = format!("the file is larger than {} MiB", super::MAX_FILE / 1024 / 1024);
        let found = Diagnostic::new(Code::FileTooLarge, reader.span(0, 0), text).help("split it into several files");
        return (tree, vec![found]);
    }
    let outline = layout::split(reader);
    let mut errors = Errors { told: Vec::new(), untold: 0, last: None, names_lost: outline.too_deep.is_some(), nodes: Vec::new() };
    tree.comments = outline.comments;
    tree.sentences = top(reader, &outline.sentences, &mut errors);
    if let Some(brace) = outline.blamed {
        errors.told.retain(|told| !follows(told, brace));
    }
    if let Some(place) = outline.too_deep {
        errors.push_once(layout::too_deep(place));
    }
    let unclean = hygiene::check(reader);
    tree.names_lost = errors.names_lost || !unclean.is_empty();
    (tree, with_unclean(unclean, errors.finish()))
}

/// The forbidden characters and all other errors in the order of the text; a sentence
/// with such a character tells of nothing else.
fn with_unclean(unclean: Vec<Diagnostic>, mut errors: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if unclean.is_empty() {
        return errors;
    }
    errors.retain(|error| !unclean.contains(error));
    errors.extend(unclean);
    errors.sort_by_key(|error| error.primary.as_ref().map(|label| label.span));
    errors
}

/// Whether a sentence was found at a wrong place only because a brace before it is not closed.
fn follows(told: &Diagnostic, brace: Span) -> bool {
    told.code == Code::MisplacedSentence && told.primary.as_ref().is_some_and(|label| label.span.start > brace.start)
}

/// Sentences outside all blocks, or those of the namespace that opens the file.
fn top(reader: Reader<'_>, sentences: &[Raw], errors: &mut Errors) -> Vec<tree::Sentence> {
    let mut found = Vec::new();
    let mut may_open = true;
    for (index, raw) in sentences.iter().enumerate() {
        if may_open && sentence::opens_file(reader, raw) {
            let header = sentence::read(reader, raw, Where::opening(), errors);
            let place = Where::new(Place::Namespace, Some(raw.head), false);
            let body = sentence::read_all(reader, sentences.get(index + 1..).unwrap_or_default(), place, errors);
            found.extend(header.map(|header| sentence::fill_opening(header, body)));
            return found;
        }
        let read = sentence::read(reader, raw, Where::new(Place::Top, None, index == 0), errors);
        may_open = index == 0 && read.as_ref().is_some_and(|s| matches!(s.kind, tree::Kind::Edition(_)));
        found.extend(read);
    }
    found
}

/// Sentences that declare no name that another could use.
const DECLARES_NOTHING: [&str; 13] = [
    "allow",
    "deny",
    "isolate",
    "labels",
    "pod-security",
    "include",
    "assert",
    "expose",
    "redirect",
    "grant",
    "require",
    "mutual",
    "edition",
];

/// The errors of a file, up to a bound, and what its sentences share while they are read.
struct Errors {
    told: Vec<Diagnostic>,
    untold: usize,
    last: Option<Span>,
    /// Whether a sentence is lost that may have declared a name.
    names_lost: bool,
    /// The parts of the sentences that are being read.
    nodes: Vec<Node>,
}

impl Errors {
    /// Tells of a sentence that is lost, by its first word.
    fn push_lost(&mut self, word: &str, found: Diagnostic) {
        self.names_lost |= !DECLARES_NOTHING.contains(&word);
        self.push(found);
    }

    fn push(&mut self, found: Diagnostic) {
        if found.headline == unknown::YAML && self.told.iter().any(|told| told.headline == unknown::YAML) {
            return;
        }
        if !self.is_full() {
            self.told.push(found);
            return;
        }
        self.untold += 1;
        self.last = self.last.or_else(|| found.primary.map(|label| label.span));
    }

    /// Whether a text is a line of a manifest whose first line has been told of: the rest of it follows from that.
    fn is_more_yaml(&self, text: &str) -> bool {
        self.told.iter().any(|told| told.headline == unknown::YAML) && foreign::is_yaml(text)
    }

    /// Whether no more errors are told, only counted.
    fn is_full(&self) -> bool {
        self.told.len() >= super::MAX_ERRORS
    }

    /// Tells of something that another error may have told of already.
    fn push_once(&mut self, found: Diagnostic) {
        if !self.told.contains(&found) {
            self.push(found);
        }
    }

    fn finish(mut self) -> Vec<Diagnostic> {
        if let Some(span) = self.last {
            let text = format!("{} more sentences of this file cannot be read", self.untold);
            self.told.push(Diagnostic::new(Code::TooManyErrors, span, text).help("correct the errors above first"));
        }
        self.told
    }
}
