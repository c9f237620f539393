//! `url`: paths of the API server.

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::access::Objects;
use crate::syntax::tree::Word;

use super::super::names::shortened;
use super::objects::Said;
use super::verbs::Written;
use super::{Access, wrong};

/// What paths are asked by: methods of HTTP in lower case.
const METHODS: [&str; 7] = ["delete", "get", "head", "options", "patch", "post", "put"];

impl Access<'_, '_, '_> {
    /// Paths, and verbs that are asked of them; none if something of it is wrong.
    pub(super) fn urls(&mut self, urls: &[Word], written: Option<&Written<'_>>, said: &Said<'_, '_>) -> Option<Objects> {
        let mut sound = true;
        for url in urls {
            let problem = if said.block.home.namespace().is_some() { Some(in_namespace(url)) } else { wrong_url(url, said.reason) };
            if let Some(problem) = problem {
                self.resolver.report.push(problem);
                sound = false;
            }
        }
        for (word, verbs) in written.iter().flat_map(|written| &written.words) {
            if !verbs.iter().all(|verb| METHODS.contains(verb)) || matches!(word.text.as_str(), "read" | "write") {
                self.resolver.report.push(no_method(word));
                sound = false;
            }
        }
        let mut paths: Vec<SmolStr> = urls.iter().map(|word| word.text.clone()).collect();
        paths.sort_unstable();
        paths.dedup();
        sound.then_some(Objects::Urls(paths))
    }
}

fn wrong_url(url: &Word, reason: bool) -> Option<Diagnostic> {
    let text = url.text.as_str();
    let before = text.strip_suffix('*').unwrap_or(text);
    if !text.starts_with('/') || before.contains('*') {
        let headline = format!("`{}` is no path of the API server", shortened(text));
        return Some(
            Diagnostic::new(Code::InvalidUrl, url.span, headline)
                .note("a path begins with `/`; a `*` stands at its end only")
                .help("write it like `/metrics`, or `/healthz/*` for all that begin so"),
        );
    }
    (before == "/" && text != "/" && !reason).then(|| wrong::without_reason(url.span))
}

fn in_namespace(url: &Word) -> Diagnostic {
    Diagnostic::new(Code::UrlInNamespace, url.span, "a path of the API server is in no namespace")
        .note("a role of a namespace that holds one is refused")
        .help("move this `can` to a role of `everywhere`, and grant that there to whom it is for")
}

fn no_method(verb: &Word) -> Diagnostic {
    Diagnostic::new(Code::UnsupportedVerb, verb.span, format!("no path is asked by `{}`", shortened(&verb.text)))
        .note(format!("paths are asked by `{}`", METHODS.join("`, `")))
        .help("write `can get on url …`")
}
