//! `authority` blocks, and what an authority can sign.

use indexmap::IndexMap;
use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::hash::Seeded;
use crate::ir::SentenceId;
use crate::ir::tls::{Authority, Signer};
use crate::source::Span;
use crate::syntax::tree::{Kind, Sentence, Signing, Word};

use super::super::names::{Becomes, check, shortened};
use super::super::report::Report;
use super::host;

/// All authorities, by name.
pub(crate) type Authorities = IndexMap<SmolStr, Authority, Seeded>;

/// Takes an `authority` block.
pub(in super::super) fn declare(name: &Word, body: &[Sentence], id: SentenceId, all: &mut Authorities, report: &mut Report) {
    if !check(name, Becomes::DnsLabel, "an authority", report) {
        return;
    }
    let Some(signer) = signer(name, body, report) else { return };
    if all.contains_key(&name.text) {
        let headline = format!("the authority `{}` is declared twice", shortened(&name.text));
        report.push(Diagnostic::new(Code::DuplicateDeclaration, name.span, headline).help("keep one of the two, or rename one"));
        return;
    }
    all.insert(name.text.clone(), Authority { sentence: id, name: name.text.clone(), signer });
}

fn signer(name: &Word, body: &[Sentence], report: &mut Report) -> Option<Signer> {
    let lines =
        || body.iter().filter_map(|line| if let Kind::Signing(signing) = &line.kind { Some((line.keyword, signing)) } else { None });
    let mut kinds = lines().filter(|(_, line)| !matches!(line, Signing::Email(_)));
    let mut emails = lines().filter_map(|(span, line)| if let Signing::Email(word) = line { Some((span, word)) } else { None });
    let (Some((_, kind)), second) = (kinds.next(), kinds.next()) else {
        report.push(incomplete(name));
        return None;
    };
    if let Some((span, _)) = second {
        report
            .push(invalid(span, "an authority signs in one way").help("keep one of `self-signed`, `acme` and `existing`, or declare two"));
        return None;
    }
    let email = emails.next();
    if let Some((span, _)) = emails.next() {
        report.push(invalid(span, "`email` is stated twice").help("keep one of the two"));
        return None;
    }
    if let (Some((span, _)), Signing::SelfSigned | Signing::Existing { .. }) = (&email, kind) {
        report.push(invalid(*span, "`email` belongs to `acme`: nobody else writes to it").help("remove the line"));
        return None;
    }
    match kind {
        Signing::SelfSigned => Some(Signer::SelfSigned),
        Signing::Existing { cluster_wide, name } => {
            let fits = check(name, Becomes::Subdomain, "an issuer", report);
            fits.then(|| Signer::Existing { cluster_wide: *cluster_wide, name: name.text.clone() })
        }
        Signing::Acme(directory) if !directory.text.starts_with("https://") => {
            report.push(invalid(directory.span, "an ACME directory is an `https://` URL").help("write it as its authority states it"));
            None
        }
        Signing::Acme(directory) => {
            Some(Signer::Acme { directory: directory.text.clone(), email: email.map(|(_, word)| word.text.clone()) })
        }
        Signing::Email(_) => None,
    }
}

fn invalid(span: Span, headline: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidAuthority, span, headline)
}

fn incomplete(name: &Word) -> Diagnostic {
    let shown = shortened(&name.text);
    invalid(name.span, &format!("`{shown}` does not say how it signs"))
        .help(format!("write `authority {shown} {{ self-signed }}`, `{{ acme \"https://…\" }}` or `{{ existing cluster-issuer NAME }}`"))
}

/// The authority a word names; says so if there is none.
pub(in super::super) fn known(word: &Word, all: &Authorities, report: &mut Report) -> Option<SmolStr> {
    if let Some(found) = all.get(&word.text) {
        return Some(found.name.clone());
    }
    let shown = shortened(&word.text);
    let found = Diagnostic::new(Code::UnknownAuthority, word.span, format!("no authority is called `{shown}`"));
    let found = match report.near(&word.text, all.keys().map(SmolStr::as_str)) {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found.help(format!("declare it: `authority {shown} {{ self-signed }}`, or `{{ existing cluster-issuer NAME }}`")),
    };
    report.push_once(word.text.clone(), found);
    None
}

/// What is wrong with an authority's signing for a host, if anything is.
pub(crate) fn cannot_sign(authority: &Authority, host: &Word, reasoned: bool) -> Option<Diagnostic> {
    let (name, shown) = (&authority.name, shortened(&host.text));
    match &authority.signer {
        Signer::Acme { .. } if host.text.starts_with("*.") => Some(
            Diagnostic::new(Code::AuthorityCannotSign, host.span, format!("`{name}` cannot prove that `{shown}` is yours"))
                .note("polc writes ACME's proof over HTTP, and a wildcard is proved over DNS alone")
                .help("name the Secret of a certificate made otherwise (`secret NAME`), or an `existing` issuer that proves over DNS"),
        ),
        Signer::Acme { .. } if host::is_private(&host.text) => Some(
            Diagnostic::new(Code::AuthorityCannotSign, host.span, format!("no public authority signs for `{shown}`"))
                .note(format!("`{name}` proves names over the internet; this one is private"))
                .help("name a `self-signed` authority, or one that is `existing`"),
        ),
        Signer::SelfSigned if !host::is_private(&host.text) && !reasoned => Some(
            Diagnostic::new(Code::SelfSignedInPublic, host.span, format!("`{shown}` is public, and only this cluster trusts `{name}`"))
                .note("its clients would have to be told to trust the authority, or not to look")
                .help("name an authority that they trust, or say why: `because \"only our own devices ask for it\"`"),
        ),
        _ => None,
    }
}
