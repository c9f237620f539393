//! What makes a finding the same finding after lines above it came or went.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::place::Places;
use crate::source::Sources;

/// How much of the marked lines is hashed: enough to tell sentences apart, however long a line is.
const HASHED_CHARACTERS: usize = 1024;

/// Fingerprints of a run: a hash of code, file, the marked lines without their
/// indentation, and how many equal ones stand before.
pub(super) struct Fingerprints<'a> {
    sources: &'a Sources,
    places: Places<'a>,
    seen: BTreeMap<String, usize>,
}

impl<'a> Fingerprints<'a> {
    pub(super) fn new(sources: &'a Sources, places: Places<'a>) -> Self {
        Fingerprints { sources, places, seen: BTreeMap::new() }
    }

    /// 32 hexadecimal digits.
    pub(super) fn of(&mut self, diagnostic: &Diagnostic) -> String {
        let mut subject = format!("{}\n", diagnostic.code.as_str());
        if let Some(primary) = &diagnostic.primary {
            let lines = self.places.whole_lines(primary.span);
            let text = self.sources.text(primary.span.file).get(lines).unwrap_or("").trim();
            let text: String = text.chars().take(HASHED_CHARACTERS).collect();
            subject.push_str(&format!("{}\n{text}\n", self.places.file(primary.span)));
        } else {
            subject.push_str(&diagnostic.headline);
        }
        let base = hex(&subject);
        let before = self.seen.entry(base.clone()).or_insert(0);
        *before += 1;
        if *before == 1 { base } else { hex(&format!("{base} {before}")) }
    }
}

fn hex(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
