//! Words and marks of other languages, and the right form of what they say.

use pest::Parser;

use super::sentence::first_word;
use crate::syntax::grammar::Grammar;
use crate::syntax::place::{self, Form, Place};

/// What other languages write for the arrow.
const ARROWS: &[&str] = &["-->", "==>", "=>", "~>", "to", "into", "=", ">", "→", "⇒", "–>", "—>"];
/// Words before a port that say nothing.
const PORT_PREFIXES: &[&str] = &["on", "port", "ports", "via", "over"];
/// What other languages join lists with.
const JOINS: &[&str] = &["and", "&&", "&", "+", "or", "|"];
/// Transport protocols.
pub(super) const PROTOCOLS: &[&str] = &["tcp", "udp", "sctp"];

/// The word of the language for a word of another one that begins a sentence.
pub(super) fn keyword(word: &str) -> Option<&'static str> {
    Some(match word {
        "permit" | "accept" | "allows" | "open" => "allow",
        "block" | "drop" | "reject" | "forbid" | "denies" | "disallow" => "deny",
        "import" => "include",
        "ns" => "namespace",
        "app" | "deployment" | "statefulset" | "daemonset" => "workload",
        "expect" | "test" => "assert",
        "bind" | "rolebinding" => "grant",
        _ => return None,
    })
}

/// Whether a text looks like a line of a manifest: `kind: NetworkPolicy`, `- ports:`, `---`.
pub(super) fn is_yaml(text: &str) -> bool {
    let line = text.lines().next().unwrap_or("");
    let rest = line.strip_prefix("- ").unwrap_or(line);
    let word = first_word(rest);
    let after = rest.get(word.len()..).unwrap_or("");
    line.starts_with("---") || line == "-" || (!word.is_empty() && (after == ":" || after.starts_with(": ")))
}

/// Why a token of a sentence is a habit of another language.
pub(super) fn habit(token: &str, previous: &str, after: &str) -> Option<String> {
    let lower = previous.to_ascii_lowercase();
    if token.starts_with("//") || token.starts_with("/*") {
        return Some(format!("a comment begins with `#`, not `{}`", token.get(..2).unwrap_or(token)));
    }
    if ARROWS.contains(&token) {
        return Some(format!("the arrow is written `->`, not `{token}`"));
    }
    if JOINS.contains(&token) {
        return Some(format!("a list is joined with `,`, not `{token}`"));
    }
    if token == "'" || token == "`" {
        return Some(format!("text is quoted with `\"`, not with {}", if token == "'" { "`'`" } else { "a backquote" }));
    }
    if token == "<-" || token == "<->" {
        return Some("an arrow points from the one who connects to the one who listens".to_owned());
    }
    if token == "!" || token == "not" {
        return Some("whom a sentence leaves out is said with `except`".to_owned());
    }
    if token == "*" {
        return Some("`*` stands bare only in `delegate`".to_owned());
    }
    if token == ":" || (after.starts_with(':') && !PROTOCOLS.contains(&token)) {
        return Some("a port stands behind its peer with a blank between, not `:`".to_owned());
    }
    if (PROTOCOLS.contains(&previous) && (token == "/" || token.bytes().all(|b| b.is_ascii_digit())))
        || (PROTOCOLS.contains(&token) && after.starts_with(':'))
    {
        return Some("a port's number stands before its protocol".to_owned());
    }
    if PORT_PREFIXES.contains(&lower.as_str()) && !token.is_empty() {
        return Some(format!("a port stands alone, without `{previous}`"));
    }
    if lower == "from" && !token.is_empty() {
        return Some("the source stands first, without `from`".to_owned());
    }
    if JOINS.contains(&previous) && !token.is_empty() {
        return Some(format!("a list is joined with `,`, not `{previous}`"));
    }
    None
}

/// The sentence with every habit of other languages put right, if that makes it one.
pub(super) fn rewrite(text: &str, place: Place) -> Option<String> {
    let right = put_all_right(text)?;
    let form = place::find(first_word(&right), place).filter(|form| form.places.contains(&place))?;
    (right != text && Grammar::parse(form.rule, &right).is_ok()).then_some(right)
}

/// A sentence of a known form without the `:` and `=` that do not stand in it, if that makes it one.
pub(super) fn rewrite_as(text: &str, form: &Form) -> Option<String> {
    let without: String = text.chars().map(|c| if matches!(c, ':' | '=') { ' ' } else { c }).collect();
    let right = put_all_right(&without)?;
    Grammar::parse(form.rule, &right).is_ok().then_some(right)
}

fn put_all_right(text: &str) -> Option<String> {
    if text.len() > 200 || text.contains('\n') {
        return None;
    }
    let tokens = tokens(text);
    let mut said: Vec<String> = Vec::new();
    let mut rest = tokens.as_slice();
    while let Some((token, after)) = rest.split_first() {
        rest = put_right(token, after, &mut said);
    }
    Some(join(&said))
}

/// Puts one token right, and says what is left of the sentence.
fn put_right<'a>(token: &str, after: &'a [&'a str], said: &mut Vec<String>) -> &'a [&'a str] {
    let lower = token.to_ascii_lowercase();
    let next = after.first().copied().unwrap_or("");
    let is_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match token {
        _ if said.is_empty() => said.push(keyword(&lower).map_or(lower, str::to_owned)),
        "//" => return &[],
        _ if lower == "from" && said.len() == 1 => {}
        _ if ARROWS.contains(&lower.as_str()) => said.push("->".to_owned()),
        _ if JOINS.contains(&lower.as_str()) => said.push(",".to_owned()),
        _ if PORT_PREFIXES.contains(&lower.as_str()) && (is_number(next) || PORT_PREFIXES.contains(&next) || PROTOCOLS.contains(&next)) => {
        }
        ":" if is_number(next) => {}
        _ if PROTOCOLS.contains(&lower.as_str()) => {
            let mark = usize::from(matches!(next, "/" | ":"));
            match after.get(mark) {
                Some(number) if is_number(number) => {
                    said.push(format!("{number}/{lower}"));
                    return after.get(mark + 1..).unwrap_or_default();
                }
                _ => said.push(lower),
            }
        }
        _ if ["because", "owner", "until", "id", "except", "tls"].contains(&lower.as_str()) => said.push(lower),
        _ if token.len() > 1 && token.starts_with('\'') && token.ends_with('\'') => said.push(format!("\"{}\"", token.trim_matches('\''))),
        _ => said.push(token.to_owned()),
    }
    after
}

/// Words, texts in quotes and marks.
fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => rest.get(1..).and_then(|inner| inner.find(first)).map_or(rest.len(), |at| at + 2),
            _ => mark_or_word(rest).len(),
        };
        let (token, after) = rest.split_at(length);
        found.push(token);
        rest = after.trim_start();
    }
    found
}

/// The word or mark that a text begins with.
pub(super) fn mark_or_word(text: &str) -> &str {
    let word = first_word(text);
    let word = word.find("->").and_then(|at| word.get(..at)).unwrap_or(word);
    let word = if text.get(word.len()..).is_some_and(|after| after.starts_with('>')) { word.trim_end_matches('-') } else { word };
    if !word.is_empty() {
        return word;
    }
    let marks = ["<->", "-->", "||", "==>", "=>", "->", "<-", "~>", "//", "/*", "&&", "!=", "–>", "—>", "---"];
    let mark = marks.into_iter().find(|mark| text.starts_with(mark)).map(str::len);
    let length = mark.or_else(|| text.chars().next().map(char::len_utf8)).unwrap_or(0);
    text.get(..length).unwrap_or("")
}

/// Tokens with the blanks a sentence has between them.
fn join(tokens: &[String]) -> String {
    let mut said = String::new();
    let mut glue = true;
    for token in tokens {
        let glued_before = matches!(token.as_str(), "," | ")" | "/" | "(" | "=" | "!=" | ":");
        if !glue && !glued_before {
            said.push(' ');
        }
        said.push_str(token);
        glue = matches!(token.as_str(), "(" | "/" | "=" | "!=" | ":");
    }
    said
}
