//! Characters outside ASCII where only ASCII stands, and what they resemble.

use super::Reader;
use crate::diagnostic::{Code, Diagnostic};

/// A character that looks like another one, with what it resembles.
fn resembles(character: char) -> Option<&'static str> {
    Some(match character {
        'а' | 'ɑ' | 'α' => "a",
        'А' | 'Α' => "A",
        'В' | 'Β' => "B",
        'с' | 'ϲ' => "c",
        'С' => "C",
        'ԁ' => "d",
        'е' | 'є' => "e",
        'Е' | 'Ε' => "E",
        'ɡ' => "g",
        'һ' => "h",
        'Н' | 'Η' => "H",
        'і' | 'ı' | 'ι' => "i",
        'І' | 'Ι' => "I",
        'ј' => "j",
        'К' | 'Κ' => "K",
        'к' => "k",
        'ӏ' => "l",
        'М' | 'Μ' => "M",
        'Ν' => "N",
        'о' | 'ο' | 'օ' => "o",
        'О' | 'Ο' => "O",
        'р' | 'ρ' => "p",
        'Р' | 'Ρ' => "P",
        'ѕ' => "s",
        'Ѕ' => "S",
        'Т' | 'Τ' => "T",
        'υ' => "u",
        'ν' | 'ѵ' => "v",
        'х' | 'χ' => "x",
        'Х' | 'Χ' => "X",
        'у' => "y",
        'У' | 'Υ' => "Y",
        'Ζ' => "Z",
        '“' | '”' | '„' | '«' | '»' => "\"",
        '‘' | '’' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '−' => "-",
        '→' | '⇒' | '⟶' => "->",
        '，' => ",",
        '；' => ";",
        '（' => "(",
        '）' => ")",
        '＝' => "=",
        '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => " ",
        other => return full_width(other),
    })
}

/// Full-width forms of ASCII letters and digits.
fn full_width(character: char) -> Option<&'static str> {
    const ASCII: &str = "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz";
    let offset = u32::from(character).checked_sub(0xff10)? as usize;
    ASCII.get(offset..=offset)
}

/// The message for a character outside ASCII, in no quotes and no comment.
pub(super) fn explain(reader: Reader<'_>, at: usize) -> Diagnostic {
    let character = reader.text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or('\u{fffd}');
    let span = reader.span(at, at + character.len_utf8());
    let code = format!("U+{:04X}", u32::from(character));
    let found = |headline: String| Diagnostic::new(Code::LookAlikeLetter, span, headline);
    match resembles(character) {
        Some(" ") => found(format!("the blank {code} is not an ordinary blank")).help("type an ordinary blank"),
        Some("\"") => found(format!("the quote `{character}` ({code}) is not `\"`")).help("quote text with `\"`"),
        Some(ascii) if ascii.starts_with(|c: char| c.is_ascii_alphanumeric()) => {
            found(format!("`{character}` ({code}) is not `{ascii}`, though it looks like it"))
                .help(format!("type `{ascii}`, or quote the name if it is really written so"))
        }
        Some(ascii) => found(format!("`{character}` ({code}) is not `{ascii}`")).help(format!("type `{ascii}`")),
        None => found(format!("`{character}` ({code}) is no letter of an unquoted name"))
            .help("quote the name, or write it with ASCII letters, digits, `-`, `.` and `_`"),
    }
}
