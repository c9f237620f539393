//! Characters that stand nowhere in a policy, comments included: they make a
//! text read differently from what it says.

use super::Reader;
use crate::diagnostic::{Code, Diagnostic};

/// The forbidden characters: the first of each line, up to the number of errors that are told.
pub(super) fn check(reader: Reader<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some((at, character, what)) = next_forbidden(reader, start) {
        found.push(message(reader, at, character, what));
        let rest = reader.text.get(at..).unwrap_or("");
        let Some(line) = rest.find('\n') else { break };
        if found.len() >= super::MAX_ERRORS {
            break;
        }
        start = at + line + 1;
    }
    found
}

/// The first forbidden character from a place on; plain ASCII is passed by as bytes.
fn next_forbidden(reader: Reader<'_>, start: usize) -> Option<(usize, char, &'static str)> {
    let bytes = reader.text.as_bytes();
    let suspicious = |byte: &u8| (*byte < 0x20 && !matches!(byte, b'\t' | b'\n')) || *byte >= 0x7f;
    let mut at = start;
    loop {
        // Many bytes at once, without a branch for each.
        while bytes.get(at..at + 64).is_some_and(|some| !some.iter().fold(false, |found, byte| found | suspicious(byte))) {
            at += 64;
        }
        at += bytes.get(at..)?.iter().position(suspicious)?;
        let character = reader.text.get(at..)?.chars().next()?;
        let ends_line = character == '\r' && bytes.get(at + 1) == Some(&b'\n');
        match forbidden(character) {
            Some(what) if !ends_line => return Some((at, character, what)),
            _ => at += character.len_utf8(),
        }
    }
}

/// The message for the character at a place, if it stands nowhere.
pub(super) fn at(reader: Reader<'_>, at: usize) -> Option<Diagnostic> {
    let character = reader.text.get(at..)?.chars().next()?;
    let ends_line = character == '\r' && reader.text.as_bytes().get(at + 1) == Some(&b'\n');
    forbidden(character).filter(|_| !ends_line).map(|what| message(reader, at, character, what))
}

fn message(reader: Reader<'_>, at: usize, character: char, what: &str) -> Diagnostic {
    let span = reader.span(at, at + character.len_utf8());
    let headline = format!("{what} U+{:04X} stands in the text", u32::from(character));
    let found = Diagnostic::new(Code::ForbiddenCharacter, span, headline);
    match character {
        '\r' => found.help("end lines with a line feed, or with carriage return and line feed"),
        '\u{feff}' => found.help("save the file as UTF-8 without a byte-order mark"),
        _ => found.help("remove it"),
    }
}

/// What a character is that stands nowhere: none for all others.
pub(super) fn forbidden(character: char) -> Option<&'static str> {
    match character {
        '\t' | '\n' => None,
        '\0' => Some("the NUL character"),
        '\r' => Some("a carriage return without a line feed,"),
        '\u{feff}' => Some("a byte-order mark"),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some("the text-direction character"),
        '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{ad}' => Some("the invisible character"),
        '\u{2028}' | '\u{2029}' => Some("the line separator"),
        other if other.is_control() => Some("the control character"),
        _ => None,
    }
}
