//! What can be wrong with the outline of a sentence, in words.

use super::{Ended, MAX_NESTING, Raw, Scanner};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

impl Scanner<'_> {
    /// A sentence that begins with a word that only goes on, or with a brace.
    pub(super) fn misplaced_start(&self, before: Ended, last: Option<&Raw>) -> Option<Box<Diagnostic>> {
        if self.peek(0) == b'{' {
            return Some(Box::new(self.lonely_brace(last)));
        }
        let word = self.continuation_at(self.at)?;
        let span = self.reader.span(self.at, self.at + word.len());
        let wrong = |text: &str| Diagnostic::new(Code::ContinuationNotIndented, span, text);
        let found = match (before, last) {
            (Ended::Nothing, _) | (_, None) => {
                wrong(&format!("`{word}` continues no sentence")).help(format!("write `{word}` at the end of the sentence it belongs to"))
            }
            (Ended::Line(next), _) if next == self.line => {
                wrong(&format!("`{word}` belongs to the sentence above, but is not indented deeper"))
                    .help(format!("indent the line, or put `{word}` at the end of the line above"))
            }
            (Ended::Line(_), _) => wrong(&format!("`{word}` is cut off from the sentence it belongs to"))
                .help(format!("put `{word}` on the very next line, indented deeper, or at the end of the sentence")),
            (Ended::Block, _) if word != "->" => wrong(&format!("`{word}` stands before the `{{` of a block, not after it"))
                .help(format!("move `{word}` to the header, before `{{`")),
            _ => wrong(&format!("`{word}` continues no sentence")).help(format!("remove the `;` before `{word}`")),
        };
        let found = match last {
            Some(last) if before != Ended::Nothing => found.also(self.first_line(last.head), "the sentence it would continue"),
            _ => found,
        };
        Some(Box::new(found))
    }

    /// The part of a range that lies on its first line.
    pub(super) fn first_line(&self, span: Span) -> Span {
        let text = self.reader.slice(span);
        let length = text.find('\n').unwrap_or(text.len());
        let length = text.get(..length).unwrap_or("").trim_end().len();
        self.reader.span(span.start as usize, span.start as usize + length)
    }

    pub(super) fn lonely_brace(&self, last: Option<&Raw>) -> Diagnostic {
        let brace = self.reader.span(self.at, self.at + 1);
        let found = Diagnostic::new(Code::UnbalancedBracket, brace, "this `{` has no header before it");
        match last {
            Some(last) if last.block.is_none() && last.fault.is_none() => {
                found.also(self.first_line(last.head), "this sentence has ended with its line").help("put `{` on the line of the header")
            }
            _ => found.help("write what the block belongs to: `namespace payments {`"),
        }
    }

    pub(super) fn unclosed(&self, open: usize) -> Diagnostic {
        let span = self.reader.span(open, open + 1);
        Diagnostic::new(Code::UnbalancedBracket, span, "this `(` is never closed").help("add the `)` that ends the list")
    }

    pub(super) fn glued_comment(&self, start: usize) -> Diagnostic {
        let before = self.bytes.get(start..self.at).unwrap_or_default();
        let width = before.iter().rev().position(|b| matches!(b, b' ' | b'\t' | b'\n' | b',' | b';' | b'(')).unwrap_or(before.len());
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b',' | b';')).unwrap_or(rest.len());
        let word = self.reader.slice(self.reader.span(self.at - width, self.at + length));
        let mark = self.reader.span(self.at, self.at + 1);
        let found = Diagnostic::new(Code::GluedComment, mark, "`#` is glued to a word");
        if word.contains('"') {
            return found.help("put a blank before `#` to begin a comment");
        }
        found.help(format!("quote it if it is part of the name: `\"{word}\"`")).help("put a blank before `#` to begin a comment")
    }
}

/// Brackets in brackets in brackets.
pub(in crate::syntax) fn too_deep(span: Span) -> Diagnostic {
    let text = format!("brackets are nested more than {MAX_NESTING} deep");
    Diagnostic::new(Code::NestingTooDeep, span, text).note("nothing after this place was read").help("close the brackets that are open")
}
