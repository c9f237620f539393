//! The grammar as plain code: whether a text is right, and which parts it has.
//!
//! `grammar/compile.rs` writes a function for each rule of the grammar; here is what they are made of. pest, which
//! reads the same grammar, is asked only about a text that is refused here: it knows what it had expected. A test
//! holds the two against each other.

use super::grammar::Rule;

/// One part of a sentence, its own parts right behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    /// The rule that found it.
    pub(super) rule: Rule,
    /// First byte in the sentence.
    pub(super) start: u32,
    /// One past the last byte that is no blank.
    pub(super) end: u32,
    /// The node behind it and all its parts.
    pub(super) next: u32,
}

/// Notes the parts of a sentence in the order they stand in, if its rule matches it.
pub(super) fn matches(rule: Rule, text: &str, nodes: &mut Vec<Node>) -> bool {
    let mut matcher = Matcher { bytes: text.as_bytes(), at: 0, base: nodes.len(), nodes, unsure: false };
    let found = compiled::sentence(rule, &mut matcher) && !matcher.unsure;
    let base = matcher.base;
    if !found {
        nodes.truncate(base);
    }
    found
}

/// Blanks may stand between words, and parts are noted.
const APART: u8 = 0;
/// No blanks, but parts are noted: inside a rule marked `$`.
const GLUED: u8 = 1;
/// Neither: inside a rule marked `@`.
const ATOMIC: u8 = 2;

/// A text and the place in it.
struct Matcher<'a> {
    bytes: &'a [u8],
    at: usize,
    nodes: &'a mut Vec<Node>,
    /// How many nodes there were before.
    base: usize,
    /// A class of characters met one that is not ASCII: pest has to say whether it belongs there.
    unsure: bool,
}

impl Matcher<'_> {
    /// Notes what matches as a part.
    #[inline]
    fn note<const MODE: u8>(&mut self, rule: Rule, inside: impl FnOnce(&mut Self) -> bool) -> bool {
        if MODE == ATOMIC {
            return inside(self);
        }
        let (here, start) = (self.nodes.len(), self.at);
        self.nodes.push(Node { rule, start: fit(start), end: 0, next: 0 });
        if !inside(self) {
            return false;
        }
        let next = fit(self.nodes.len() - self.base);
        let end = start + self.bytes.get(start..self.at).unwrap_or_default().trim_ascii_end().len();
        if let Some(node) = self.nodes.get_mut(here) {
            (node.end, node.next) = (fit(end), next);
        }
        true
    }

    /// Puts place and parts back if nothing matches.
    #[inline]
    fn attempt(&mut self, inside: impl FnOnce(&mut Self) -> bool) -> bool {
        let (at, nodes) = (self.at, self.nodes.len());
        let found = inside(self);
        if !found {
            self.at = at;
            self.nodes.truncate(nodes);
        }
        found
    }

    /// Whether something would match here.
    #[inline]
    fn ahead(&mut self, inside: impl FnOnce(&mut Self) -> bool) -> bool {
        let (at, nodes) = (self.at, self.nodes.len());
        let found = inside(self);
        self.at = at;
        self.nodes.truncate(nodes);
        found
    }

    #[inline]
    fn optional(&mut self, inside: impl FnOnce(&mut Self) -> bool) -> bool {
        self.attempt(inside);
        true
    }

    /// As often as it matches, with something between.
    #[inline]
    fn repeat(&mut self, between: impl Fn(&mut Self) -> bool, inside: impl Fn(&mut Self) -> bool) -> bool {
        let mut again = self.attempt(&inside);
        while again {
            again = self.attempt(|m| between(m) && inside(m));
        }
        true
    }

    #[inline]
    fn text<const LENGTH: usize>(&mut self, text: &[u8; LENGTH]) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let found = rest.first_chunk() == Some(text);
        self.at += if found { LENGTH } else { 0 };
        found
    }

    /// Goes to the next of some texts, or to the end.
    #[inline]
    fn skip_until(&mut self, texts: &[&str]) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let found = (0..rest.len()).find(|at| texts.iter().any(|text| rest.get(*at..).unwrap_or_default().starts_with(text.as_bytes())));
        self.at += found.unwrap_or(rest.len());
        true
    }

    /// A character of a class, of which only the ASCII part is known here.
    #[inline]
    fn class(&mut self, holds: impl Fn(u8) -> bool) -> bool {
        let Some(byte) = self.bytes.get(self.at) else { return false };
        self.unsure |= !byte.is_ascii();
        let found = holds(*byte);
        self.at += usize::from(found);
        found
    }
}

/// A place in a sentence, which is never so long that it does not fit.
pub(super) fn fit(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// What pest has built in, as far as the grammar uses it, by pest's names.
#[allow(non_snake_case, reason = "pest's names")]
impl Matcher<'_> {
    #[inline]
    fn SOI<const MODE: u8>(&mut self) -> bool {
        self.at == 0
    }

    #[inline]
    fn EOI<const MODE: u8>(&mut self) -> bool {
        self.note::<MODE>(Rule::EOI, |m| m.at >= m.bytes.len())
    }

    #[inline]
    fn ANY<const MODE: u8>(&mut self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some((_, after)) = rest.split_first() else { return false };
        self.at += 1 + after.iter().take_while(|byte| (0x80..0xc0).contains(*byte)).count();
        true
    }

    #[inline]
    fn ASCII_DIGIT<const MODE: u8>(&mut self) -> bool {
        self.class(|byte| byte.is_ascii_digit())
    }

    #[inline]
    fn ASCII_HEX_DIGIT<const MODE: u8>(&mut self) -> bool {
        self.class(|byte| byte.is_ascii_hexdigit())
    }

    #[inline]
    fn ALPHABETIC<const MODE: u8>(&mut self) -> bool {
        self.class(|byte| byte.is_ascii_alphabetic())
    }

    #[inline]
    fn XID_CONTINUE<const MODE: u8>(&mut self) -> bool {
        self.class(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    }

    #[inline]
    fn WHITE_SPACE<const MODE: u8>(&mut self) -> bool {
        self.class(|byte| matches!(byte, b' ' | b'\t'..=b'\r'))
    }
}

/// Blanks between words.
#[inline]
fn blanks<const MODE: u8>(m: &mut Matcher<'_>) -> bool {
    if MODE == APART { m.repeat(|_| true, compiled::WHITESPACE::<ATOMIC>) } else { true }
}

#[allow(clippy::all, clippy::pedantic, non_snake_case, unused, reason = "written by grammar/compile.rs")]
mod compiled {
    use super::{APART, ATOMIC, GLUED, Matcher, Rule, blanks};

    include!(concat!(env!("OUT_DIR"), "/matcher.rs"));
}
