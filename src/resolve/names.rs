//! What may become a Kubernetes name or label (apimachinery's validation).

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::Word;

use super::report::Report;

/// What a word becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Becomes {
    /// A namespace, or a value polc puts into a folder or object name: DNS-1123 label.
    DnsLabel,
    /// A service account: DNS-1123 subdomain.
    Subdomain,
    /// A label's key: `[subdomain/]name`.
    LabelKey,
    /// A label's value.
    LabelValue,
    /// A workload, template or peer list: a label's value that is not empty.
    Name,
}

impl Becomes {
    fn admits(self, text: &str) -> bool {
        match self {
            Becomes::DnsLabel => is_dns_label(text),
            Becomes::Subdomain => text.len() <= 253 && text.split('.').all(is_dns_part),
            Becomes::LabelKey => is_label_key(text),
            Becomes::LabelValue => text.is_empty() || is_label_text(text),
            Becomes::Name => is_label_text(text),
        }
    }

    fn rule(self) -> &'static str {
        match self {
            Becomes::DnsLabel => "use 1 to 63 lower-case letters, digits and `-`, beginning and ending with a letter or digit",
            Becomes::Subdomain => {
                "use lower-case letters, digits, `-` and `.`, at most 253, each part beginning and ending with a letter or digit"
            }
            Becomes::LabelKey => "use at most 63 letters, digits, `-`, `_` and `.`, if need be after a domain and `/`",
            Becomes::LabelValue | Becomes::Name => {
                "use at most 63 letters, digits, `-`, `_` and `.`, beginning and ending with a letter or digit"
            }
        }
    }
}

/// Whether the word may become that; says so if not. `what` names it: `a namespace`.
pub(super) fn check(word: &Word, becomes: Becomes, what: &str, report: &mut Report) -> bool {
    let fits = becomes.admits(&word.text);
    if !fits {
        report.push(invalid_name(word, becomes, what));
    }
    fits
}

fn invalid_name(word: &Word, becomes: Becomes, what: &str) -> Diagnostic {
    let shown = shortened(&word.text);
    let diagnostic = Diagnostic::new(Code::InvalidName, word.span, format!("`{shown}` cannot be {what}")).help(becomes.rule());
    if word.text.len() > 63 { diagnostic.label(format!("{} characters", word.text.chars().count())) } else { diagnostic }
}

/// A name as a message shows it: one of 300 characters does not fill the screen.
pub(super) fn shortened(text: &str) -> String {
    let escaped: String = text.escape_debug().collect();
    if escaped.chars().count() <= 40 { escaped } else { escaped.chars().take(39).chain(['…']).collect() }
}

fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn is_dns_part(text: &str) -> bool {
    let bytes = text.as_bytes();
    let end = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    end(bytes.first()) && end(bytes.last()) && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
}

/// Whether the text is a DNS-1123 label.
pub(super) fn is_dns_label(text: &str) -> bool {
    text.len() <= 63 && is_dns_part(text)
}

fn is_label_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    let end = |byte: Option<&u8>| byte.copied().is_some_and(is_alphanumeric);
    text.len() <= 63
        && end(bytes.first())
        && end(bytes.last())
        && bytes.iter().all(|b| is_alphanumeric(*b) || matches!(b, b'-' | b'_' | b'.'))
}

fn is_label_key(text: &str) -> bool {
    match text.split_once('/') {
        Some((domain, name)) => domain.len() <= 253 && domain.split('.').all(is_dns_part) && is_label_text(name),
        None => is_label_text(text),
    }
}
