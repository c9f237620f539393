//! Texts of which many objects have the same.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::semantics::pods::NAMESPACE_NAME;

/// Gives equal texts that are too long to be copied in place one piece of memory.
#[derive(Debug, Default)]
pub(in crate::verify) struct Words(BTreeSet<SmolStr>);

/// The longest text that a `SmolStr` holds in place.
const IN_PLACE: usize = 23;

impl Words {
    pub(in crate::verify) fn word(&mut self, text: &str) -> SmolStr {
        if text == NAMESPACE_NAME {
            return SmolStr::new_static(NAMESPACE_NAME);
        }
        if text.len() <= IN_PLACE {
            return SmolStr::new(text);
        }
        match self.0.get(text) {
            Some(word) => word.clone(),
            None => {
                let word = SmolStr::new(text);
                self.0.insert(word.clone());
                word
            }
        }
    }
}
