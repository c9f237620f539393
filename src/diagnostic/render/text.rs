//! Text of a policy in a message: what could steer a terminal or fool a reader is spelled out.

/// Replaces control and text-direction characters by `\u{…}`; a line break and a
/// tab become a blank, so that a message stays on its line.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => shown.push(' '),
            c if c.is_control() || is_invisible(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

/// A value as indented JSON with a line end. Only maps with keys that are no strings
/// cannot be written, and no format has one.
pub(super) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).map(|text| text + "\n").unwrap_or_default()
}

/// Characters that show nothing or turn the text around them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{061C}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn an_escape_sequence_cannot_reach_the_terminal() {
        assert_eq!(visible("a\u{1b}[31mb\u{202e}c\nd"), "a\\u{1b}[31mb\\u{202e}c d");
    }
}
