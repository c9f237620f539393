//! Verbs: `read` and `write` written out, and whether a kind takes them.

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::access::Verbs;
use crate::surface::{Origin, Resource};
use crate::syntax::tree::{Form, Word};

use super::super::names::shortened;
use super::super::report::Report;
use super::{Access, Served, wrong};

/// `read`.
const READ: [&str; 3] = ["get", "list", "watch"];
/// `write`. `deletecollection` is said by name.
const WRITE: [&str; 4] = ["create", "update", "patch", "delete"];
/// Every other verb of requests to the API server.
const OTHERS: [&str; 1] = ["deletecollection"];
/// Verbs that only an authorizer is asked for (rbac-good-practices.md; plugins of admission).
const CUSTOM: [&str; 7] = ["approve", "attest", "bind", "escalate", "impersonate", "sign", "use"];
/// The modes of constrained impersonation (apiserver's `filters/impersonation/mode.go`), which is on from 1.36.
const MODES: [&str; 4] = ["arbitrary-node", "associated-node", "serviceaccount", "user-info"];
/// What everything is said with.
pub(super) const EVERYTHING: &str = "everything";

/// Verbs as written: what each word stands for.
pub(super) struct Written<'w> {
    /// Each word with its verbs; `everything` has none.
    pub(super) words: Vec<(&'w Word, Vec<&'w str>)>,
    /// `everything`, where it stands.
    pub(super) everything: Option<&'w Word>,
}

impl Written<'_> {
    /// As the IR has them.
    pub(super) fn verbs(&self) -> Verbs {
        if self.everything.is_some() {
            return Verbs::Everything;
        }
        let mut all: Vec<SmolStr> = self.words.iter().flat_map(|(_, verbs)| verbs.iter().map(SmolStr::new)).collect();
        all.sort_unstable();
        all.dedup();
        Verbs::Named(all)
    }

    /// The word that brings a verb.
    pub(super) fn word_of(&self, verb: &str) -> Option<&Word> {
        self.words.iter().find(|(_, verbs)| verbs.contains(&verb)).map(|(word, _)| *word)
    }
}

/// Reads verbs; none if one of them is wrong.
pub(super) fn read<'w>(words: &'w [Word], report: &mut Report) -> Option<Written<'w>> {
    let mut written = Written { words: Vec::with_capacity(words.len()), everything: None };
    let mut sound = true;
    for word in words {
        let verbs = match word.text.as_str() {
            EVERYTHING if word.form == Form::Bare => {
                written.everything = Some(word);
                Vec::new()
            }
            "read" => READ.to_vec(),
            "write" => WRITE.to_vec(),
            verb if is_known(verb) || (word.form == Form::Quoted && is_plain(verb)) => vec![verb],
            _ => {
                report.push(unknown(word, report));
                sound = false;
                continue;
            }
        };
        let said = |other: &(&Word, Vec<&str>)| !verbs.is_empty() && verbs.iter().all(|verb| other.1.contains(verb));
        if let Some((first, _)) = written.words.iter().find(|other| said(other) || other.0.text == word.text) {
            report.push(wrong::named_twice(word, first.span));
        }
        written.words.push((word, verbs));
    }
    if let Some(everything) = written.everything.filter(|_| written.words.len() > 1) {
        report.push(beside_everything(everything));
    }
    sound.then_some(written)
}

fn is_known(verb: &str) -> bool {
    let plain = [&READ[..], &WRITE, &OTHERS, &CUSTOM].concat().contains(&verb);
    let mode = |rest: &str| MODES.contains(&rest);
    let on = |rest: &str| rest.split_once(':').is_some_and(|(first, verb)| mode(first) && is_request(verb));
    plain || verb.strip_prefix("impersonate:").is_some_and(mode) || verb.strip_prefix("impersonate-on:").is_some_and(on)
}

/// Whether it is a verb of a request about a resource.
fn is_request(verb: &str) -> bool {
    READ.contains(&verb) || WRITE.contains(&verb) || OTHERS.contains(&verb)
}

/// Whether a verb in quotes could be one of a server that polc does not know.
fn is_plain(verb: &str) -> bool {
    verb.starts_with(|c: char| c.is_ascii_lowercase())
        && verb.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-:.".contains(&b))
}

impl Access<'_, '_, '_> {
    /// Whether a kind takes each verb in every cluster; says so if not. Of `read` and `write` it has to take one.
    pub(super) fn takes(&mut self, kind: &[(Served<'_>, Resource)], shown: &str, written: &Written<'_>) -> bool {
        let mut sound = true;
        for (word, verbs) in &written.words {
            let fails =
                |(served, resource): &&(Served<'_>, Resource)| !verbs.is_empty() && !verbs.iter().any(|verb| takes(served, resource, verb));
            if let Some((served, resource)) = kind.iter().find(fails) {
                self.resolver.report.push(unsupported(word, shown, served, resource));
                sound = false;
            }
        }
        sound
    }
}

/// Whether a resource takes a verb. Another server's own kinds take what polc cannot know.
pub(super) fn takes(served: &Served<'_>, resource: &Resource, verb: &str) -> bool {
    served.surface.takes(resource, verb) || (resource.origin == Origin::Custom && !is_request(verb) && !verb.starts_with("impersonate"))
}

fn unknown(word: &Word, report: &Report) -> Diagnostic {
    if word.text.contains('*') {
        return wrong::wildcard(word.span, "name each verb that is meant, for example `can read on pods`");
    }
    let diagnostic = Diagnostic::new(Code::UnknownVerb, word.span, format!("`{}` is no verb", shortened(&word.text)));
    let modes: Vec<String> = MODES.iter().map(|mode| format!("impersonate:{mode}")).collect();
    let known = ["read", "write"].iter().chain(&READ).chain(&WRITE).chain(&OTHERS).chain(&CUSTOM).copied();
    if let Some(near) = report.near(&word.text, known.chain(modes.iter().map(String::as_str))) {
        return diagnostic.help(format!("did you mean `{near}`?"));
    }
    match word.text.as_str() {
        "view" | "see" | "show" | "describe" => diagnostic.help("write `read`: get, list and watch"),
        "exec" | "log" | "logs" | "portforward" | "scale" => diagnostic
            .note("what is done by a subresource is a verb on it: `can get on pods/log`, `can create on pods/exec`")
            .help("name the subresource that is meant"),
        _ => diagnostic
            .note("`read` is get, list and watch; `write` is create, update, patch and delete")
            .help("write `read`, `write`, or the verbs one by one; a verb of another server's own kind stands in quotes"),
    }
}

fn unsupported(word: &Word, shown: &str, served: &Served<'_>, resource: &Resource) -> Diagnostic {
    let headline = format!("`{shown}` takes no `{}`{}", shortened(&word.text), served.place());
    let taken: Vec<&str> = resource.verbs.iter().map(SmolStr::as_str).collect();
    Diagnostic::new(Code::UnsupportedVerb, word.span, headline)
        .note(format!("it takes `{}`; a permission of another verb does nothing", taken.join("`, `")))
        .help(format!("take `{}` out, or name what is meant in a `can` of its own", shortened(&word.text)))
}

fn beside_everything(everything: &Word) -> Diagnostic {
    Diagnostic::new(Code::NamedTwice, everything.span, "`everything` holds the verbs beside it")
        .help("write `everything` alone, or the verbs without it")
}
