//! One sentence: found by its first word, read by its rule, with its block.

use super::pieces::{Context, Pieces};
use super::{Built, Errors, access, clause, cluster, expect, explain, flow, namespace, reuse, selector, tls, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::Reader;
use crate::syntax::grammar::{self, Rule};
use crate::syntax::layout::Raw;
use crate::syntax::matcher;
use crate::syntax::place::{self, Braces, Form, Place};
use crate::syntax::tree::{Clauses, Kind, RangeKind, Sentence, Setting};

/// Where a sentence stands.
#[derive(Clone, Copy)]
pub(super) struct Where {
    /// The block around it.
    pub(super) place: Place,
    /// The header that opened the file, if the sentence stands below one.
    pub(super) opened_by: Option<Span>,
    /// Whether nothing stands before it.
    pub(super) first: bool,
    /// Whether it may be a namespace's header without a block.
    opening: bool,
}

impl Where {
    /// A place outside or inside a block.
    pub(super) fn new(place: Place, opened_by: Option<Span>, first: bool) -> Self {
        Where { place, opened_by, first, opening: false }
    }

    /// The header that opens a file.
    pub(super) fn opening() -> Self {
        Where { place: Place::Top, opened_by: None, first: false, opening: true }
    }
}

/// Whether a sentence is a namespace's header without a block; `namespaces` must not
/// be one, but what follows is read as if it were, so that only the header is told of.
pub(super) fn opens_file(reader: Reader<'_>, raw: &Raw) -> bool {
    raw.block.is_none() && matches!(first_word(reader.slice(raw.head)), "namespace" | "namespaces")
}

/// Puts the rest of a file below the header that opened it.
pub(super) fn fill_opening(mut header: Sentence, body: Vec<Sentence>) -> Sentence {
    if let (Kind::Namespace(namespace), Some(last)) = (&mut header.kind, body.last()) {
        header.span = header.span.to(last.span);
        namespace.body = body;
    }
    header
}

/// The letters, digits and marks of a word that a text begins with.
pub(super) fn first_word(text: &str) -> &str {
    let length = text.bytes().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))).unwrap_or(text.len());
    text.get(..length).unwrap_or("")
}

/// Reads one sentence with its block; what is wrong with it goes to `errors`.
pub(super) fn read(reader: Reader<'_>, raw: &Raw, at: Where, errors: &mut Errors) -> Option<Sentence> {
    let blanked = raw.commented.then(|| blank_comments(reader.slice(raw.head)));
    let text = blanked.as_deref().unwrap_or_else(|| reader.slice(raw.head));
    let context = Context { reader, head: raw.head, text, nodes: &[] };
    if errors.is_more_yaml(text) {
        return None;
    }
    let word = first_word(text);
    let form = place::find(word, at.place);
    // The sentences of its block note their parts behind its own.
    let first = errors.nodes.len();
    let header = match (&raw.fault, form) {
        (Some(fault), _) => Err(fault.clone()),
        (None, None) => Err(Box::new(unknown::sentence(context, at.place))),
        (None, Some(form)) => check_outline(context, raw, form, at).and_then(|()| parse(context, form, at.place, errors)),
    };
    let header = header.map_err(|found| errors.push_lost(word, *found)).ok();
    let body = body(reader, raw, form, at, errors);
    let (form, ()) = form.zip(header)?;
    let built = build(Context { nodes: errors.nodes.get(first..).unwrap_or_default(), ..context }, form, at.place, body);
    errors.nodes.truncate(first);
    match built {
        Ok((kind, clauses, keyword)) => {
            let end = raw.block.as_ref().map_or(raw.head.end, |block| block.end);
            Some(Sentence { span: Span { end, ..raw.head }, keyword, clauses, kind })
        }
        Err(found) => {
            errors.push_lost(word, *found);
            None
        }
    }
}

/// The sentences of a block, also of one whose header is wrong.
fn body(reader: Reader<'_>, raw: &Raw, form: Option<&Form>, at: Where, errors: &mut Errors) -> Option<Vec<Sentence>> {
    let block = raw.block.as_ref()?;
    let place = form.and_then(Form::inside)?;
    let inside = match (place, at.place) {
        (Place::Namespace, Place::Template) => Place::Template,
        (place, _) => place,
    };
    let inside = Where::new(inside, None, false);
    Some(read_all(reader, &block.body, inside, errors))
}

/// Reads sentences that stand behind each other. What goes on with one that could not be read is no error of its own.
pub(super) fn read_all(reader: Reader<'_>, sentences: &[Raw], at: Where, errors: &mut Errors) -> Vec<Sentence> {
    let mut found = Vec::with_capacity(sentences.len());
    let mut unread = false;
    for raw in sentences {
        if unread && raw.fault.as_ref().is_some_and(|fault| fault.code == Code::ContinuationNotIndented) {
            continue;
        }
        unread = match read(reader, raw, at, errors) {
            Some(sentence) => {
                found.push(sentence);
                false
            }
            None => true,
        };
    }
    found
}

/// Place and braces, before the words are looked at.
fn check_outline(context: Context<'_>, raw: &Raw, form: &Form, at: Where) -> Built<()> {
    let keyword = context.reader.span(raw.head.start as usize, raw.head.start as usize + form.word.len());
    if form.rule == Rule::edition && !at.first {
        let text = "`edition` must be the first sentence of a file";
        return Err(Box::new(Diagnostic::new(Code::MisplacedSentence, keyword, text).help("move it to the first line of the file")));
    }
    if form.word == "default" && at.place != Place::Cluster && context.reader.slice(raw.head).contains("deny") {
        let text = "a namespace is closed with `isolate`, not `default deny`";
        return Err(Box::new(Diagnostic::new(Code::ForeignForm, raw.head, text).help("write it like `namespace payments isolate`")));
    }
    if !form.places.contains(&at.place) {
        return Err(Box::new(misplaced(form, keyword, at)));
    }
    match (form.braces, &raw.block) {
        (Braces::Never, Some(block)) if block.open.start == raw.head.end && form.rule != Rule::edition => {
            Err(Box::new(braces_for_others(context, block.open)))
        }
        (Braces::Never, Some(block))
            if block.body.first().is_some_and(|inner| inner.head.start == block.open.end && inner.block.is_some()) =>
        {
            Err(Box::new(variable(block.open)))
        }
        (Braces::Never, Some(block)) => {
            let text = format!("`{}` takes no block", form.word);
            Err(Box::new(
                Diagnostic::new(Code::UnexpectedText, block.open, text).help(format!("end the sentence before `{{`: `{}`", form.example)),
            ))
        }
        (Braces::Must(_), None) if !at.opening || form.rule == Rule::namespaces => Err(Box::new(needs_block(form, keyword))),
        _ => Ok(()),
    }
}

/// `pods{app=api}`, `${NAME}`: braces right behind a word.
fn braces_for_others(context: Context<'_>, open: Span) -> Diagnostic {
    let before = context.reader.slice(context.head);
    if before.ends_with('$') {
        return variable(open);
    }
    Diagnostic::new(Code::ForeignForm, open, "labels stand in `( )`, not in `{ }`").help("write it like `pods(app=api)`")
}

fn variable(open: Span) -> Diagnostic {
    Diagnostic::new(Code::ForeignForm, open, "polc puts in no variables")
        .help("write the name itself; what is alike is said with `template`")
}

fn needs_block(form: &Form, keyword: Span) -> Diagnostic {
    let text = format!("`{}` needs a block in braces here", form.word);
    let found = Diagnostic::new(Code::UnexpectedText, keyword, text).help(format!("write `{}`", form.example));
    if matches!(form.rule, Rule::namespace | Rule::namespaces) {
        return found.note("only the first sentence of a file may be a namespace without braces; the whole file then stands in it");
    }
    found
}

fn misplaced(form: &Form, keyword: Span, at: Where) -> Diagnostic {
    let homes: Vec<&str> = form.places.iter().filter(|p| **p != Place::Template).map(|p| p.describe()).collect();
    let preposition = if form.places.first() == Some(&Place::Top) { "at" } else { "in" };
    let headline = format!("`{}` may not stand {}", form.word, at.place.locative());
    let found = Diagnostic::new(Code::MisplacedSentence, keyword, headline)
        .label(format!("it stands {preposition} {}", expect::list(&homes, "or")));
    let found = match at.opened_by {
        Some(header) => found
            .also(header, "the whole file stands in this namespace")
            .help(format!("move `{}` to another file, or give the namespace a block in braces", form.word)),
        None => found.help(where_to_put(form)),
    };
    let here = expect::quoted_list(place::forms_in(at.place).map(|form| form.word), "and");
    found.note(format!("{} may stand {here}", at.place.locative()))
}

/// How to move a sentence to where it may stand.
fn where_to_put(form: &Form) -> String {
    match form.places.first() {
        Some(Place::Top) => format!("move it out of the block: `{}`", form.example),
        Some(Place::Namespace) => format!("put it into a namespace: `namespace payments {{ {} }}`", form.example),
        Some(Place::Workload) => format!("put it into a workload: `workload api {{ {} }}`", form.example),
        Some(Place::Cluster) => format!("put it into a cluster: `cluster default {{ {} }}`", form.example),
        Some(place) => format!("put it {}: `{}`", place.locative(), form.example),
        None => String::new(),
    }
}

/// Notes the parts of a sentence, by its rule.
fn parse(context: Context<'_>, form: &Form, place: Place, errors: &mut Errors) -> Built<()> {
    if matcher::matches(form.rule, context.text, &mut errors.nodes) {
        return Ok(());
    }
    match grammar::parse(form.rule, context.text, &mut errors.nodes) {
        Ok(()) => Ok(()),
        // Nobody reads it: only their number is told.
        Err(_) if errors.is_full() => Err(context.broken()),
        Err(error) => Err(Box::new(explain::sentence(context, form, place, &error))),
    }
}

/// Whether the end of a sentence's validity opens nothing.
fn may_end(rule: Rule) -> bool {
    matches!(rule, Rule::allow | Rule::grant | Rule::expose | Rule::include)
}

fn build(context: Context<'_>, form: &Form, place: Place, body: Option<Vec<Sentence>>) -> Built<(Kind, Option<Box<Clauses>>, Span)> {
    let mut pieces = context.pieces();
    let keyword = match form.rule {
        Rule::isolate => None,
        _ => pieces.next().map(|part| context.span(&part)),
    };
    let keyword =
        keyword.unwrap_or_else(|| context.reader.span(context.head.start as usize, context.head.start as usize + form.word.len()));
    let mut keyword = keyword;
    let kind = match form.rule {
        Rule::allow => Kind::Allow(flow::flow(&mut pieces)?),
        Rule::deny => Kind::Deny(flow::flow(&mut pieces)?),
        Rule::isolate => flow::isolate(&mut pieces, place)?,
        Rule::namespace => namespace::namespace(&mut pieces, false, body)?,
        Rule::namespaces => namespace::namespace(&mut pieces, true, body)?,
        Rule::workload => namespace::workload(&mut pieces, body)?,
        Rule::labels => namespace::labels(&mut pieces)?,
        Rule::pod_security => Kind::PodSecurity(pieces.word()?),
        Rule::select => Kind::Select(selector::requirements(pieces.enter(Rule::requirements)?)?),
        Rule::declare_ports => namespace::ports(&mut pieces)?,
        Rule::service => namespace::service(&mut pieces)?,
        Rule::service_account => Kind::ServiceAccount(pieces.word()?),
        Rule::declare_peers => namespace::peers(&mut pieces)?,
        Rule::template => reuse::template(&mut pieces, body.unwrap_or_default())?,
        Rule::use_template => reuse::use_template(&mut pieces)?,
        Rule::include => reuse::include(&mut pieces)?,
        Rule::role => access::role(&mut pieces, body)?,
        Rule::can => Kind::Can(access::can(&mut pieces)?),
        Rule::grant => access::grant(&mut pieces)?,
        Rule::resource => access::resource(&mut pieces)?,
        Rule::assertion => reuse::assertion(&mut pieces, place)?,
        Rule::edition => Kind::Edition(pieces.word()?),
        Rule::everywhere => Kind::Everywhere(body.unwrap_or_default()),
        Rule::hosts => Kind::Hosts { name: pieces.word()?, body: body.unwrap_or_default() },
        Rule::cluster => Kind::Cluster { name: pieces.word()?, body: body.unwrap_or_default() },
        Rule::workload_label if place == Place::Cluster => Kind::Setting(Box::new(Setting::WorkloadLabel(pieces.word()?))),
        Rule::workload_label => Kind::WorkloadLabel(pieces.word()?),
        Rule::authority => Kind::Authority { name: pieces.word()?, body: body.unwrap_or_default() },
        rule @ (Rule::self_signed | Rule::acme | Rule::email | Rule::existing) => tls::signing(&mut pieces, rule)?,
        Rule::expose => tls::expose(&mut pieces)?,
        Rule::redirect => tls::redirect(&mut pieces)?,
        Rule::require => tls::require(&mut pieces)?,
        Rule::mutual => {
            keyword = pieces.mark(Rule::kw_tls).map_or(keyword, |tls| keyword.to(tls));
            Kind::MutualTls
        }
        rule if place == Place::Cluster => Kind::Setting(Box::new(setting(context, rule, &mut pieces)?)),
        rule => {
            let kind = Kind::Later { name: form.word, text: plain(context.text), body };
            let clauses = later_clauses(&mut pieces, rule)?;
            return Ok((kind, clauses, keyword));
        }
    };
    let clauses = clause::clauses(&mut pieces, may_end(form.rule))?;
    Ok((kind, clauses, keyword))
}

fn setting(context: Context<'_>, rule: Rule, pieces: &mut Pieces<'_>) -> Built<Setting> {
    Ok(match rule {
        Rule::cloud_account => Setting::Account(pieces.word()?),
        Rule::kubernetes => Setting::Kubernetes(pieces.word()?),
        Rule::provider => Setting::Provider(pieces.word()?),
        Rule::enforce => cluster::enforce(pieces)?,
        Rule::controller => cluster::controller(pieces)?,
        Rule::pod_ranges => cluster::ranges(pieces, RangeKind::Pods)?,
        Rule::service_ranges => cluster::ranges(pieces, RangeKind::Services)?,
        Rule::node_ranges => cluster::ranges(pieces, RangeKind::Nodes)?,
        Rule::dns => cluster::dns(pieces)?,
        Rule::api_server => cluster::api_server(pieces)?,
        Rule::identity => cluster::identity(pieces)?,
        Rule::certificates => Setting::Certificates(pieces.word()?),
        Rule::default_authority => Setting::DefaultAuthority(tls::default_authority(pieces)?),
        Rule::external_traffic => Setting::ExternalTrafficLocal,
        _ => return Err(context.broken()),
    })
}

/// The clauses of a sentence whose own words are not built.
fn later_clauses(pieces: &mut Pieces<'_>, rule: Rule) -> Built<Option<Box<Clauses>>> {
    while let Some(next) = pieces.peek() {
        if matches!(next, Rule::because | Rule::owner | Rule::until | Rule::id) {
            break;
        }
        let _passed = pieces.next();
    }
    clause::clauses(pieces, may_end(rule))
}

/// A sentence's words on one line, comments left out.
fn plain(text: &str) -> String {
    let mut said = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => quoted_length(rest),
            _ => rest.find([' ', '\t', '\n', '\r', '"']).unwrap_or(rest.len()).max(1),
        };
        let (piece, after) = rest.split_at(length);
        match first {
            ' ' | '\t' | '\n' | '\r' if said.ends_with(' ') => {}
            ' ' | '\t' | '\n' | '\r' => said.push(' '),
            _ => said.push_str(piece),
        }
        rest = after;
    }
    said.trim_end().to_owned()
}

/// The same text with blanks for its comments, so that places stay what they are.
fn blank_comments(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['"', '#']) {
        let (before, after) = rest.split_at(at);
        said.push_str(before);
        let quoted = after.starts_with('"');
        let length = if quoted { quoted_length(after) } else { after.find('\n').unwrap_or(after.len()) };
        let (piece, behind) = after.split_at(length);
        if quoted {
            said.push_str(piece);
        } else {
            said.extend(std::iter::repeat_n(' ', piece.len()));
        }
        rest = behind;
    }
    said.push_str(rest);
    said
}

/// The bytes of a text in quotes, quotes included.
fn quoted_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}
