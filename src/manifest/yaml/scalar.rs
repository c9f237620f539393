//! Strings as YAML scalars that every reader takes for the same string.
//!
//! A string stands bare only where YAML 1.1 and YAML 1.2 agree that it is one: readers in
//! use follow either, and one of them reads `y`, `1_000`, `12:30:45` or `=` as something
//! else. Otherwise it is double-quoted on one line; nothing is ever folded.

use std::fmt::Write as _;

/// The length of the longest word that some reader takes for a truth value, nothing, or a number.
const LONGEST_RESERVED: usize = 8;

/// Writes a string as a scalar, for a value or a key of block style.
pub(super) fn write(out: &mut String, text: &str) {
    if is_name(text) || is_plain(text) {
        out.push_str(text);
    } else {
        write_quoted(out, text);
    }
}

/// Writes a number in decimal.
pub(super) fn write_number(out: &mut String, number: u32) {
    if number > 9 {
        write_number(out, number / 10);
    }
    out.extend(char::from_digit(number % 10, 10));
}

/// Letters, digits and what joins them, by their byte.
static IN_NAMES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'-' | b'.' | b'/' | b'_');
        byte += 1;
    }
    table
};

/// Whether the string is one of those that are nearly all: of letters, digits and what joins them, a
/// letter first, and no word that some reader takes for something else.
fn is_name(text: &str) -> bool {
    let in_names = |byte: u8| IN_NAMES.get(usize::from(byte)).copied().unwrap_or(false);
    text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && text.bytes().all(in_names)
        && (text.len() > LONGEST_RESERVED || !is_reserved_word(text))
}

/// Whether the string may stand bare.
fn is_plain(text: &str) -> bool {
    let Some(first) = text.bytes().next() else { return false };
    let starts_well = match first {
        b'0'..=b'9' => !could_be_a_number_or_time(text),
        b'a'..=b'z' | b'A'..=b'Z' => !is_reserved_word(text),
        b'/' | b'_' | b'(' => true,
        _ => first >= 0x80,
    };
    starts_well && has_only_plain_characters(text)
}

/// Whether every character may stand in a bare scalar at its place.
fn has_only_plain_characters(text: &str) -> bool {
    let mut previous = b' ';
    for byte in text.bytes() {
        let breaks = match byte {
            // ": " ends a key, " #" begins a comment.
            b' ' => previous == b':',
            b'#' => previous == b' ',
            0x21..=0x7e | 0x80.. => false,
            _ => true,
        };
        if breaks {
            return false;
        }
        previous = byte;
    }
    !matches!(previous, b' ' | b':') && (text.is_ascii() || !text.chars().any(needs_escape))
}

/// Whether a string that begins with a digit has only characters of which numbers
/// (also with `_`, `,`, base 60, other bases, exponents), dates and times are made.
fn could_be_a_number_or_time(text: &str) -> bool {
    text.bytes().all(|b| {
        b.is_ascii_hexdigit()
            || matches!(b, b'_' | b'.' | b',' | b':' | b'+' | b'-' | b' ' | b'x' | b'X' | b'o' | b'O' | b't' | b'T' | b'z' | b'Z')
    })
}

/// Words that some reader takes for a truth value, nothing, or a number.
fn is_reserved_word(text: &str) -> bool {
    let words: &[&str] = match text.as_bytes().first().map(u8::to_ascii_lowercase) {
        Some(b'y') => &["y", "yes"],
        Some(b'n') => &["n", "no", "null", "nan"],
        Some(b'o') => &["on", "off"],
        Some(b't') => &["true"],
        Some(b'f') => &["false"],
        Some(b'i') => &["inf", "infinity"],
        _ => &[],
    };
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Characters that a reader cannot see or that some parser takes for a line break.
fn needs_escape(c: char) -> bool {
    c.is_control() || (c != ' ' && c.is_whitespace()) || is_invisible(c)
}

/// Format and direction characters, the byte-order mark, and code points that are no characters.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || u32::from(c) & 0xfffe == 0xfffe
        || matches!(u32::from(c), 0xfdd0..=0xfdef)
}

/// Writes the string in double quotes.
fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if needs_escape(c) => write_escape(out, u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Writes a code point as `\u0085` or `\U0001fffe`.
fn write_escape(out: &mut String, code: u32) {
    // Writing to a string cannot fail.
    let _ = if code > 0xffff { write!(out, "\\U{code:08x}") } else { write!(out, "\\u{code:04x}") };
}

#[cfg(test)]
mod tests {
    use super::write;

    fn written(text: &str) -> String {
        let mut out = String::new();
        write(&mut out, text);
        out
    }

    #[test]
    fn what_people_write_bare_stays_bare() {
        for text in [
            "api",
            "10.0.0.0/8",
            "2001:db8::/32",
            "v1.34",
            "app == 'api' && tier in { 'a', 'b' }",
            "kubernetes.io/metadata.name",
            "2048-game",
            "é",
            "(a == 'b')",
            "a b",
            "/v1",
        ] {
            assert_eq!(written(text), text);
        }
    }

    #[test]
    fn what_a_reader_could_take_for_something_else_is_quoted() {
        for text in [
            "",
            "y",
            "No",
            "on",
            "~",
            "null",
            "1_000",
            "1e3",
            "0x1F",
            "017",
            "12:30:45",
            "2001-01-01",
            "=",
            "<<",
            "8000:8100",
            "1.34",
            "a: b",
            "a #b",
            "a:",
            " a",
            "a ",
            "!has(x)",
            "::/0",
            "-",
            "*",
        ] {
            assert_eq!(written(text), format!("\"{text}\""));
        }
    }

    #[test]
    fn invisible_characters_are_escaped() {
        assert_eq!(written("a\u{85}b\u{2028}\u{feff}\0\u{1fffe}"), r#""a\u0085b\u2028\ufeff\u0000\U0001fffe""#);
        assert_eq!(written("a\"b\\\n"), r#""a\"b\\\n""#);
    }
}
