//! Slips in roles and grants: a `*`, a missing `on` or `to`, a subject that does not say what it is.

use super::{Stop, is_word, with, wrong};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::grammar::Rule;
use crate::syntax::place::Form;

/// What was meant, if the place looks like one of these slips.
pub(super) fn find(stop: &Stop<'_>, form: &Form) -> Option<Diagnostic> {
    match form.rule {
        Rule::can => permission(stop, form),
        Rule::assertion if stop.text.contains(" nobody ") => permission(stop, form),
        Rule::grant => grant(stop, form),
        _ => None,
    }
}

fn permission(stop: &Stop<'_>, form: &Form) -> Option<Diagnostic> {
    if stop.token.starts_with('*') {
        let found = Diagnostic::new(Code::WildcardInRole, stop.span(), "a role has no `*`");
        let found = found.note("in a rule, `*` holds what comes in later versions too, and `pods/*` matches nothing at all");
        return Some(found.help("name what is meant, for example `can read on pods, pods/log`"));
    }
    if stop.token.starts_with('/') && stop.previous == "url" {
        let path = stop.rest().split([',', ' ', '\n']).next().unwrap_or_default();
        return Some(
            wrong(stop.previous_span(), "paths and resources do not stand in one `can`")
                .help(format!("write another one: `can get on url {path}`")),
        );
    }
    if stop.expected.contains(&"`on`") && is_word(stop.token) && is_word(stop.previous) {
        let help = with(stop, form, " on ").unwrap_or_else(|| format!("write it like `{}`", form.example));
        return Some(wrong(stop.span(), "`on` stands between what is done and what it is done to").help(help));
    }
    None
}

fn grant(stop: &Stop<'_>, form: &Form) -> Option<Diagnostic> {
    if stop.expected.contains(&"`to`") && is_word(stop.token) {
        let help = with(stop, form, " to ").unwrap_or_else(|| format!("write it like `{}`", form.example));
        return Some(wrong(stop.span(), "`to` stands between a role and those who get it").help(help));
    }
    if stop.expected.contains(&"`group`") && (is_word(stop.token) || stop.token.starts_with('"')) && matches!(stop.previous, "to" | ",") {
        let name = stop.token.trim_matches('"');
        return Some(
            wrong(stop.span(), "a subject says what it is")
                .help(format!("write `group {name}`, `user \"{name}\"` or `serviceaccount {name}`")),
        );
    }
    None
}
