//! `role`, `can`, `grant`, `resource`, and what an assertion says of access.

use super::pieces::{Context, Part, Pieces};
use super::{Built, peer, word};
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{Can, Grant, Kind, Nobody, On, ResourceDeclaration, ResourceName, Role, Sentence, Subject, SubjectKind, Word};

/// `role NAME [joins … | joined by …]`.
pub(super) fn role(pieces: &mut Pieces<'_>, body: Option<Vec<Sentence>>) -> Built<Kind> {
    let name = pieces.word()?;
    let joins = if pieces.mark(Rule::kw_joins).is_some() { pieces.enter(Rule::words)?.words()? } else { Vec::new() };
    let joined_by = if pieces.mark(Rule::kw_joined).is_some() {
        let _by = pieces.need(Rule::kw_by)?;
        Some(pieces.word()?)
    } else {
        None
    };
    Ok(Kind::Role(Role { name, joins, joined_by, body }))
}

/// `VERBS on …`.
pub(super) fn can(pieces: &mut Pieces<'_>) -> Built<Can> {
    let verbs = pieces.enter(Rule::words)?.words()?;
    let _on = pieces.need(Rule::kw_on)?;
    let on = if pieces.mark(Rule::kw_url).is_some() { urls(pieces)? } else { resources(pieces)? };
    Ok(Can { verbs, on })
}

fn urls(pieces: &mut Pieces<'_>) -> Built<On> {
    let mut found = vec![pieces.word()?];
    while pieces.mark(Rule::comma).is_some() {
        found.push(pieces.word()?);
    }
    Ok(On::Urls(found))
}

fn resources(pieces: &mut Pieces<'_>) -> Built<On> {
    let kinds = kinds(pieces)?;
    let except = if pieces.mark(Rule::kw_except).is_some() { self::kinds(pieces)? } else { Vec::new() };
    let named = if pieces.mark(Rule::kw_named).is_some() { pieces.enter(Rule::words)?.words()? } else { Vec::new() };
    Ok(On::Resources { kinds, except, named })
}

fn kinds(pieces: &mut Pieces<'_>) -> Built<Vec<ResourceName>> {
    listed(pieces, |pieces| {
        let part = pieces.need(Rule::resource_name)?;
        kind(pieces.context, part)
    })
}

fn kind<'a>(context: Context<'a>, part: Part<'a>) -> Built<ResourceName> {
    let span = context.span(&part);
    let (name, subresource) = peer::names(context.inside(part))?;
    Ok(ResourceName { name, subresource, span })
}

/// `grant ROLE to SUBJECT, …`.
pub(super) fn grant(pieces: &mut Pieces<'_>) -> Built<Kind> {
    let role = pieces.word()?;
    let _to = pieces.need(Rule::kw_to)?;
    Ok(Kind::Grant(Grant { role, subjects: listed(pieces, subject)? }))
}

fn subject(pieces: &mut Pieces<'_>) -> Built<Subject> {
    let context = pieces.context;
    let keyword = pieces.next().ok_or_else(|| context.broken())?;
    let start = context.span(&keyword);
    let part = pieces.next().ok_or_else(|| context.broken())?;
    let span = start.to(context.span(&part));
    let kind = match keyword.as_rule() {
        Rule::kw_group => SubjectKind::Group(word::read(context, &part)?),
        Rule::kw_user => SubjectKind::User(word::read(context, &part)?),
        Rule::kw_serviceaccount => match peer::names(context.inside(part))? {
            (namespace, Some(name)) => SubjectKind::ServiceAccount(Some(namespace), name),
            (name, None) => SubjectKind::ServiceAccount(None, name),
        },
        _ => return Err(context.broken()),
    };
    Ok(Subject { kind, span })
}

/// `resource NAME, … in GROUP [cluster]`.
pub(super) fn resource(pieces: &mut Pieces<'_>) -> Built<Kind> {
    let names: Vec<Word> = pieces.enter(Rule::words)?.words()?;
    let _in = pieces.need(Rule::kw_in)?;
    let group = pieces.word()?;
    Ok(Kind::Resource(ResourceDeclaration { names, group, cluster: pieces.mark(Rule::kw_cluster) }))
}

/// `nobody [except SUBJECT, …] can … [in NAMESPACE, …]`.
pub(super) fn nobody(pieces: &mut Pieces<'_>) -> Built<Nobody> {
    let _nobody = pieces.need(Rule::kw_nobody)?;
    let except = if pieces.mark(Rule::kw_except).is_some() { listed(pieces, subject)? } else { Vec::new() };
    let _can = pieces.need(Rule::kw_can)?;
    let can = can(pieces)?;
    let namespaces = if pieces.mark(Rule::kw_in).is_some() { pieces.enter(Rule::words)?.words()? } else { Vec::new() };
    Ok(Nobody { except, can, namespaces })
}

/// One or more, joined by commas.
fn listed<'a, T>(pieces: &mut Pieces<'a>, read: impl Fn(&mut Pieces<'a>) -> Built<T>) -> Built<Vec<T>> {
    let mut found = vec![read(pieces)?];
    while pieces.mark(Rule::comma).is_some() {
        found.push(read(pieces)?);
    }
    Ok(found)
}
