//! Characters that stand nowhere in a policy, comments included: they make a
//! text read differently from what it says.

use super::Reader;
use crate::diagnostic::{Code, Diagnostic};

/// Every forbidden character, at most one a line.
pub(super) fn check(reader: Reader<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut last_line_end = None;
    for (at, byte) in reader.text.bytes().enumerate() {
        let suspicious = (byte < 0x20 && !matches!(byte, b'\t' | b'\n')) || byte == 0x7f || byte >= 0x80;
        if !suspicious {
            continue;
        }
        let Some(character) = reader.text.get(at..).and_then(|rest| rest.chars().next()) else { continue };
        let carriage_return_ends_line = character == '\r' && reader.text.as_bytes().get(at + 1) == Some(&b'\n');
        if carriage_return_ends_line {
            continue;
        }
        let Some(what) = forbidden(character) else { continue };
        if found.len() >= super::MAX_ERRORS {
            break;
        }
        let line_end = reader.text.get(at..).and_then(|rest| rest.find('\n')).map_or(reader.text.len(), |length| at + length);
        if last_line_end == Some(line_end) {
            continue;
        }
        last_line_end = Some(line_end);
        found.push(message(reader, at, character, what));
    }
    found
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
