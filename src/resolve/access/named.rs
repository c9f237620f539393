//! `named`: what a name limits, and what it does not.

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::access::Kinds;
use crate::syntax::tree::{ResourceName, Word};

use super::super::names::shortened;
use super::kind::shown;
use super::verbs::Written;
use super::{Access, wrong};

impl Access<'_, '_, '_> {
    /// The names of objects, where verbs can be limited to them; none, which is said, if not.
    pub(super) fn names(
        &mut self,
        named: &[Word],
        (kinds, found): (&[ResourceName], &[Kinds]),
        written: Option<&Written<'_>>,
        asserted: bool,
    ) -> Option<Vec<SmolStr>> {
        if named.is_empty() {
            return Some(Vec::new());
        }
        let sound = named.iter().filter(|name| !self.is_name(name)).count() == 0;
        if let Some(written) = written {
            let of_collection = |kind: &Kinds| !matches!(kind, Kinds::One(resource) if resource.subresource.is_some());
            let created = written.word_of("create").filter(|_| found.iter().any(of_collection));
            if let Some(word) = created.or_else(|| written.word_of("deletecollection")) {
                let place = kinds.iter().find(|kind| kind.subresource.is_none()).or(kinds.first());
                self.resolver.report.push(no_name_yet(word, place));
                return None;
            }
            if let Some(word) = written.word_of("list").or_else(|| written.word_of("watch")).filter(|_| !asserted) {
                self.resolver.report.push(by_selector(word));
            }
        }
        let mut names: Vec<SmolStr> = named.iter().map(|word| word.text.clone()).collect();
        names.sort_unstable();
        names.dedup();
        sound.then_some(names)
    }

    /// Whether an object can have the name; says so if not.
    fn is_name(&mut self, name: &Word) -> bool {
        let text = name.text.as_str();
        if text.contains('*') {
            let help = "write out each name; a rule takes them letter by letter";
            self.resolver.report.push(wrong::wildcard(name.span, help));
            return false;
        }
        let fits = !text.is_empty() && text != "." && text != ".." && !text.contains(['/', '%']) && text.len() <= 253;
        if !fits {
            self.resolver.report.push(
                Diagnostic::new(Code::InvalidName, name.span, format!("`{}` cannot be the name of an object", shortened(text)))
                    .help("write the object's name as `kubectl get` shows it"),
            );
        }
        fits
    }
}

fn no_name_yet(verb: &Word, kind: Option<&ResourceName>) -> Diagnostic {
    let what = kind.map(shown).unwrap_or_default();
    let done = if verb.text == "write" { "create" } else { &verb.text };
    let diagnostic = Diagnostic::new(Code::NameLimitsNothing, verb.span, format!("`{done}` on `{what}` is about no name"))
        .note("a request to create tells its name in its body, one to delete a collection tells none: this would permit nothing");
    if verb.text == "write" {
        return diagnostic.note("`write` is create, update, patch and delete").help("write `can update, patch, delete on … named …`");
    }
    diagnostic.help(format!("take `{done}` out; who needs it for every name has a `can` without `named`"))
}

fn by_selector(verb: &Word) -> Diagnostic {
    Diagnostic::new(Code::NameInList, verb.span, "a list of one name is asked for by a selector")
        .note("it is permitted only if the client sends `--field-selector metadata.name=NAME`, a watch too")
        .help("write `get` if one object is what is read")
}
