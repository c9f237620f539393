//! Names that mean nothing where they stand, with what may have been meant.

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::facts::Facts;
use crate::source::Span;
use crate::syntax::tree::Word;

use super::entry::Entry;
use super::names::shortened;
use super::peer::At;
use super::place::Home;
use super::report::Report;
use super::table::Table;

/// Words of the language that are peers.
const WORDS: [&str; 8] = ["anywhere", "apiserver", "dns", "ingress", "internet", "metadata", "nodes", "pods"];
/// Among how many namespaces the owner of a workload is sought.
const OWNERS: usize = 1_000;

/// A namespace that is neither declared nor in a manifest.
pub(super) fn no_namespace(word: &Word, table: &Table<'_>, report: &Report) -> Diagnostic {
    let name = shortened(&word.text);
    let diagnostic = Diagnostic::new(Code::UnknownNamespace, word.span, format!("no namespace is called `{name}`"));
    match report.near(&word.text, table.by_name().map(|(name, _)| name.as_str())) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("declare it: `namespace {name} external {{}}`, or without `external` if it is yours")),
    }
}

/// A workload that its namespace does not declare.
pub(super) fn no_workload(word: &Word, namespace: &str, table: &Table<'_>, facts: &Facts, at: &At<'_>, report: &Report) -> Diagnostic {
    let name = shortened(&word.text);
    let here = at.home.namespace() == Some(namespace);
    let headline = if here {
        format!("`{name}` is neither a workload of `{namespace}` nor a peer list")
    } else {
        format!("`{namespace}` has no workload `{name}`")
    };
    let mut diagnostic = Diagnostic::new(Code::UnknownWorkload, word.span, headline);
    if let Some(pods) = declared_service(word, namespace, table).or_else(|| behind_service(word, namespace, table, facts)) {
        return diagnostic.note(format!("`{name}` is a Service; a policy names the pods behind it")).help(format!("write `{pods}`"));
    }
    let Some(entry) = table.namespace(namespace) else { return diagnostic };
    if entry.workloads.is_empty() {
        diagnostic = diagnostic.note("only an `allow` takes an undeclared name for the pods with that label");
    }
    if here && table.namespace(&word.text).is_some() && &*word.text != namespace {
        return diagnostic
            .note(format!("`{name}` is a namespace"))
            .help(format!("for its pods write `{name}/pods`, for one of its workloads `{name}/WORKLOAD`"));
    }
    if here && let Some(found) = dotted(&word.text, &diagnostic, table) {
        return found;
    }
    let others = here.then(|| others_in_sight(entry, table, at)).into_iter().flatten();
    match report.near(&word.text, entry.workloads.keys().map(SmolStr::as_str).chain(others)) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("declare it in `{namespace}`: `workload {name}`")),
    }
}

/// What a bare name may mean beside a workload: peer lists, and the words of the language.
fn others_in_sight<'t>(entry: &'t Entry, table: &'t Table<'_>, at: &At<'_>) -> impl Iterator<Item = &'t str> {
    let words: &'static [&'static str] = if at.only_pods { &["pods"] } else { &WORDS };
    entry.lists.keys().chain(table.top_lists.keys()).map(SmolStr::as_str).chain(words.iter().copied())
}

/// `orders.cart`, and names of hosts.
fn dotted(name: &str, diagnostic: &Diagnostic, table: &Table<'_>) -> Option<Diagnostic> {
    let (first, rest) = name.split_once('.')?;
    let diagnostic = diagnostic.clone();
    if table.namespace(first).is_some() {
        return Some(diagnostic.note(format!("`{first}` is a namespace")).help(format!("write `{first}/{}`", shortened(rest))));
    }
    Some(
        diagnostic
            .note("network policies know addresses, not names of hosts")
            .help("if a host is meant, write its addresses, or give them a name: `peers partner = 203.0.113.0/24`"),
    )
}

/// The workload whose block declares a Service of that name.
fn declared_service(word: &Word, namespace: &str, table: &Table<'_>) -> Option<String> {
    let workloads = table.namespace(namespace)?.workloads.iter();
    let serves = |services: &[(SmolStr, u16, SmolStr)]| services.iter().any(|(name, _, _)| *name == word.text);
    workloads.filter(|(_, declared)| serves(declared.services())).map(|(name, _)| name.to_string()).next()
}

fn behind_service(word: &Word, namespace: &str, table: &Table<'_>, facts: &Facts) -> Option<String> {
    let service = facts.services.get(&(namespace.to_owned(), word.text.to_string())).filter(|s| !s.selector.is_empty())?;
    let entry = table.namespace(namespace)?;
    let carries =
        |labels: &std::collections::BTreeMap<String, String>| service.selector.iter().all(|(key, value)| labels.get(key) == Some(value));
    let behind = entry.workloads.iter().filter(|(_, declared)| declared.pod_labels().is_some_and(carries));
    let names: Vec<&str> = behind.map(|(name, _)| name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// A bare name outside every namespace that is no peer list.
pub(super) fn no_list(word: &Word, table: &Table<'_>, at: &At<'_>, report: &Report) -> Diagnostic {
    let name = shortened(&word.text);
    let diagnostic = Diagnostic::new(Code::UnknownWorkload, word.span, format!("no peer list is called `{name}`"));
    let place = if *at.home == Home::Everywhere { "in `everywhere`" } else { "outside a namespace" };
    if let [owner] = owners(&word.text, table).as_slice() {
        return diagnostic.note(format!("{place} a workload is named with its namespace")).help(format!("write `{owner}/{name}`"));
    }
    match report.near(&word.text, table.top_lists.keys().map(SmolStr::as_str)) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("{place} a workload is named with its namespace: `NAMESPACE/{name}`")),
    }
}

/// The namespaces that have a workload of that name, two at most; sought among the first ones only.
fn owners<'t>(name: &str, table: &'t Table<'_>) -> Vec<&'t str> {
    let first = table.by_name().take(OWNERS);
    first.filter(|(_, entry)| entry.workloads.contains_key(name)).map(|(owner, _)| owner.as_str()).take(2).collect()
}

/// `pods` or `serviceaccount NAME` where no namespace is around it.
pub(super) fn no_home(what: &str, span: Span) -> Diagnostic {
    let qualified = match what.split_once(' ') {
        Some((keyword, name)) => format!("{keyword} NAMESPACE/{name}"),
        None => format!("NAMESPACE/{what}"),
    };
    let diagnostic =
        Diagnostic::new(Code::NoNamespaceHere, span, format!("`{what}` means those of the namespace it stands in, and it stands in none"))
            .help(format!("name the namespace: `{qualified}`"));
    if what == "pods" { diagnostic.note("`any/pods` is every pod of the cluster") } else { diagnostic }
}

/// A workload that a manifest puts into the host's network.
pub(super) fn host_network(word: &Word, file: &str) -> Diagnostic {
    Diagnostic::new(Code::HostNetwork, word.span, format!("the pods of `{}` use the network of their node", word.text))
        .note(format!("{file} sets `hostNetwork: true`; no network policy can tell such a pod from its node"))
        .help("name its nodes' addresses instead: `nodes`, or a range")
}

/// The same peer twice in one list.
pub(super) fn named_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::NamedTwice, span, format!("`{}` is named twice", shortened(name))).also(first, "first here").help("remove one")
}
