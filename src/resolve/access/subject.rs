//! Who is granted something: people, groups, service accounts.

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Identity;
use crate::ir::access::Subject;
use crate::source::Span;
use crate::syntax::tree::{self, SubjectKind, Word};

use super::super::names::{Becomes, check, shortened};
use super::super::place::Block;
use super::super::unknown;
use super::Access;
use super::Served;

/// Names that `plan` judges itself: nobody is granted anything by the first, and the others have not signed in.
const JUDGED_LATER: [&str; 3] = ["system:masters", "system:anonymous", "system:unauthenticated"];

/// Where subjects are named.
pub(super) struct By<'p, 'r> {
    /// The block.
    pub(super) block: &'p Block,
    /// The clusters it is said for.
    pub(super) clusters: &'p [Served<'r>],
    /// Whether the sentence says why.
    pub(super) reason: bool,
    /// Whether something is granted to them: else they are those whom an assertion leaves out.
    pub(super) grants: bool,
}

impl Access<'_, '_, '_> {
    /// Subjects, sorted, each once; none if one of them is wrong.
    pub(super) fn subjects(&mut self, written: &[tree::Subject], by: &By<'_, '_>) -> Option<Vec<Subject>> {
        let mut found: Vec<(Subject, Span)> = Vec::with_capacity(written.len());
        let mut sound = true;
        for one in written {
            let Some(subject) = self.subject(one, by) else {
                sound = false;
                continue;
            };
            match found.iter().find(|(first, _)| *first == subject) {
                Some((_, first)) => self.resolver.report.push(twice(one.span, *first)),
                None => found.push((subject, one.span)),
            }
        }
        let mut subjects: Vec<Subject> = found.into_iter().map(|(subject, _)| subject).collect();
        subjects.sort_unstable();
        sound.then_some(subjects)
    }

    fn subject(&mut self, written: &tree::Subject, by: &By<'_, '_>) -> Option<Subject> {
        match &written.kind {
            SubjectKind::ServiceAccount(namespace, name) => self.account(namespace.as_ref(), name, written.span, by),
            SubjectKind::Group(name) => self.is_group(name, by).then(|| Subject::Group(name.text.clone())),
            SubjectKind::User(name) => self.is_user(name, by).then(|| Subject::User(name.text.clone())),
        }
    }

    fn account(&mut self, namespace: Option<&Word>, name: &Word, span: Span, by: &By<'_, '_>) -> Option<Subject> {
        let namespace: SmolStr = match namespace {
            Some(word) => self.resolver.known_namespace(word)?.0.clone(),
            None => {
                let home = by.block.home.namespace().map(SmolStr::from);
                if home.is_none() {
                    self.resolver.report.push(unknown::no_home(&format!("serviceaccount {}", shortened(&name.text)), span));
                }
                home?
            }
        };
        let fits = check(name, Becomes::Subdomain, "a service account", self.resolver.report);
        fits.then(|| Subject::ServiceAccount { namespace, name: name.text.clone() })
    }

    fn is_group(&mut self, name: &Word, by: &By<'_, '_>) -> bool {
        let problem =
            named(name, "group").or_else(|| like_account(name)).or_else(|| prefixed(name, by)).or_else(|| reasoned(name, "group", by));
        self.tell(problem)
    }

    fn is_user(&mut self, name: &Word, by: &By<'_, '_>) -> bool {
        let problem = named(name, "user")
            .or_else(|| like_account(name))
            .or_else(|| like_iam(name, by))
            .or_else(|| like_certificate(name))
            .or_else(|| prefixed(name, by))
            .or_else(|| reasoned(name, "user", by));
        self.tell(problem)
    }

    fn tell(&mut self, problem: Option<Diagnostic>) -> bool {
        let sound = problem.is_none();
        problem.into_iter().for_each(|it| self.resolver.report.push(it));
        sound
    }
}

fn named(name: &Word, what: &str) -> Option<Diagnostic> {
    let text = name.text.as_str();
    if text.contains('*') && text.trim_matches('*').is_empty() {
        let headline = format!("`{text}` is not every {what}");
        let help = format!("name each {what} that is meant");
        return Some(Diagnostic::new(Code::LookAlikeSubject, name.span, headline).note("names are compared letter by letter").help(help));
    }
    (text.trim().is_empty() || text.trim() != text || text.contains(['\n', '\t'])).then(|| {
        Diagnostic::new(Code::InvalidName, name.span, format!("`{}` cannot be a {what}", shortened(text)))
            .help(format!("write the {what}'s name as the cluster is told it, without blanks around it"))
    })
}

/// A service account by the name that its token has.
fn like_account(name: &Word) -> Option<Diagnostic> {
    let rest = name.text.strip_prefix("system:serviceaccount:")?;
    let (namespace, account) = rest.split_once(':')?;
    let help = format!("write `serviceaccount {}/{}`", shortened(namespace), shortened(account));
    Some(Diagnostic::new(Code::LookAlikeSubject, name.span, "this is a service account").help(help))
}

fn like_iam(name: &Word, by: &By<'_, '_>) -> Option<Diagnostic> {
    let rest = name.text.strip_prefix("IAM#")?;
    let diagnostic = Diagnostic::new(Code::LookAlikeSubject, name.span, "`IAM#` is written by polc")
        .note("what stands before people's names is the cluster's, so one policy serves several clusters");
    let other = by.clusters.iter().find(|served| served.cluster.identity != Identity::IbmIam);
    let line =
        other.map_or_else(String::new, |served| format!(", and say how people sign in: {}", served.cluster.with_line("identity ibm-iam")));
    Some(diagnostic.help(format!("write `user \"{}\"`{line}", shortened(rest))))
}

/// The subject of a certificate: its common name alone is the user.
fn like_certificate(name: &Word) -> Option<Diagnostic> {
    let text = name.text.as_str();
    let parts: Vec<&str> = text.split(['/', ',']).map(str::trim).collect();
    let common = parts.iter().find_map(|part| part.strip_prefix("CN=").or_else(|| part.strip_prefix("cn=")))?;
    Some(
        Diagnostic::new(Code::LookAlikeSubject, name.span, "this is the subject of a certificate, not a user")
            .note("of a certificate, the common name is the user and each organization a group; a certificate cannot be revoked")
            .help(format!("write `user \"{}\"`, or better somebody who signs in", shortened(common))),
    )
}

/// A name with the prefix that the cluster writes before it.
fn prefixed(name: &Word, by: &By<'_, '_>) -> Option<Diagnostic> {
    by.clusters.iter().find_map(|served| {
        let Identity::Oidc { prefix } = &served.cluster.identity else { return None };
        let rest = name.text.strip_prefix(prefix.as_str()).filter(|_| !prefix.is_empty())?;
        Some(
            Diagnostic::new(Code::LookAlikeSubject, name.span, format!("`{}` is written by polc", shortened(prefix)))
                .note(format!("cluster `{}` says that it stands before every name: it would stand there twice", served.cluster.name))
                .help(format!("write `\"{}\"`", shortened(rest))),
        )
    })
}

/// Names of Kubernetes' own, which are granted something only if somebody says why.
fn reasoned(name: &Word, what: &str, by: &By<'_, '_>) -> Option<Diagnostic> {
    let text = name.text.as_str();
    if !text.starts_with("system:") || by.reason || !by.grants || JUDGED_LATER.contains(&text) {
        return None;
    }
    let who = match text {
        "system:authenticated" => "everybody who is known to the cluster, every service account among them",
        "system:serviceaccounts" => "every service account of every namespace, so every pod",
        _ => "a part of the cluster itself, not somebody of yours",
    };
    let headline = format!("a grant to the {what} `{}` needs a reason", shortened(text));
    Some(
        Diagnostic::new(Code::GrantToSystem, name.span, headline)
            .label(format!("it is {who}"))
            .help("name a group of your own; if it must be this one, say why: `… because \"…\"`"),
    )
}

fn twice(span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::NamedTwice, span, "they are already named in this list").also(first, "here").help("remove one of the two")
}
