//! Words: quotes and escapes undone, lengths checked.

use super::Built;
use super::pieces::{Context, Part};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::tree::{Form, Word};
use crate::syntax::{hygiene, reserved};

/// A part as a word, by its shape.
pub(super) fn read<'a>(context: Context<'a>, part: &Part<'a>) -> Built<Word> {
    let span = context.span(part);
    let text = part.as_str();
    match text.as_bytes().first() {
        Some(b'"') => Ok(Word { text: unquote(context, span, text)?.into(), form: Form::Quoted, span }),
        Some(b'$') => Ok(Word { text: text.trim_start_matches('$').into(), form: Form::Parameter, span }),
        _ => {
            check_shape(context, span, text)?;
            Ok(Word { text: text.into(), form: Form::Bare, span })
        }
    }
}

/// A bare word is not too long, and ends with a letter or digit.
fn check_shape(context: Context<'_>, span: Span, text: &str) -> Built<()> {
    if text.len() > crate::syntax::MAX_NAME && text.split('/').any(|part| part.len() > crate::syntax::MAX_NAME) {
        let headline = format!("this name is {} characters long", text.len());
        return Err(Box::new(
            Diagnostic::new(Code::NameTooLong, span, headline).help(format!("use at most {} characters", crate::syntax::MAX_NAME)),
        ));
    }
    if matches!(text.as_bytes().last(), Some(b'-' | b'.' | b'_')) {
        let last = context.reader.span(span.end as usize - 1, span.end as usize);
        let right = text.trim_end_matches(['-', '.', '_']);
        let found = Diagnostic::new(Code::UnexpectedText, last, format!("the word `{text}` does not end with a letter or digit"));
        return Err(Box::new(found.help(format!("write `{right}`, or quote the name: `\"{text}\"`"))));
    }
    Ok(())
}

/// The text of a quoted word: `\" \\ \n \t \u{…}` and nothing else.
fn unquote(context: Context<'_>, span: Span, text: &str) -> Built<String> {
    let inner = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    if !inner.contains('\\') {
        return Ok(inner.to_owned());
    }
    let mut said = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        let (before, after) = rest.split_at(at);
        said.push_str(before);
        let place = span.start as usize + 1 + (inner.len() - after.len());
        let Some((character, length)) = escape(after) else {
            return Err(Box::new(wrong_escape(context, place, after)));
        };
        if hygiene::forbidden(character).is_some() {
            let span = context.reader.span(place, place + length);
            let headline = format!("the escape stands for the forbidden character U+{:04X}", u32::from(character));
            return Err(Box::new(Diagnostic::new(Code::ForbiddenCharacter, span, headline).help("remove it")));
        }
        said.push(character);
        rest = after.get(length..).unwrap_or("");
    }
    said.push_str(rest);
    Ok(said)
}

/// What an escape stands for, and its length in bytes.
fn escape(text: &str) -> Option<(char, usize)> {
    match text.as_bytes().get(1)? {
        b'"' => Some(('"', 2)),
        b'\\' => Some(('\\', 2)),
        b'n' => Some(('\n', 2)),
        b't' => Some(('\t', 2)),
        b'u' => {
            let (digits, _) = text.get(2..)?.strip_prefix('{')?.split_once('}')?;
            let valid = (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
            let character = char::from_u32(u32::from_str_radix(digits, 16).ok()?).filter(|_| valid)?;
            Some((character, digits.len() + 4))
        }
        _ => None,
    }
}

fn wrong_escape(context: Context<'_>, place: usize, text: &str) -> Diagnostic {
    let length: usize = text.chars().take(2).map(char::len_utf8).sum();
    let span = context.reader.span(place, place + length);
    let shown = text.get(..length).unwrap_or("\\");
    Diagnostic::new(Code::WrongEscape, span, format!("`{shown}` stands for no character here"))
        .help("use `\\\"`, `\\\\`, `\\n`, `\\t` or `\\u{e9}`; write a backslash as `\\\\`")
}

/// Refuses an unquoted name that the language keeps for peers.
pub(super) fn not_reserved_peer(name: &Word, what: &str) -> Built<()> {
    if name.form == Form::Bare && reserved::is_peer_word(&name.text) {
        return Err(Box::new(reserved_name(name, what)));
    }
    Ok(())
}

/// Refuses an unquoted name that the language keeps for ports.
pub(super) fn not_reserved_port(name: &Word) -> Built<()> {
    if name.form == Form::Bare && reserved::is_port_word(&name.text) {
        return Err(Box::new(reserved_name(name, "port")));
    }
    Ok(())
}

/// The message for a reserved word used as a name.
pub(super) fn reserved_name(name: &Word, what: &str) -> Diagnostic {
    let text = format!("`{}` is a word of the language, not the name of a {what}", name.text);
    Diagnostic::new(Code::ReservedName, name.span, text).help(format!("quote it to use it as a name: `\"{}\"`", name.text))
}
