//! Sets of requests as lines: where, which verbs, on what.

use std::rc::Rc;

use smol_str::SmolStr;

use super::Permit;
use crate::semantics::rbac::Requests;
use crate::semantics::rbac::cases::{Cases, Set};
use crate::semantics::rbac::requests::{Groups, Names, Subresources, Verbs};
use crate::verify::access::words::kind;

/// What a set holds, place by place.
pub(super) fn lines(requests: &Requests) -> Vec<Permit> {
    let mut all = Vec::new();
    let spaces = &requests.resources;
    let (every, cluster_wide) = (spaces.other(), spaces.get(""));
    let minus = |from: &Groups, out: &Groups| from.combine(out, |a, b| a && !b);
    let reaches_out = minus(every, cluster_wide).is_none();
    let place = if reaches_out { "everywhere" } else { "in every namespace" };
    all.extend(groups(place, every));
    let rest = if reaches_out { minus(cluster_wide, every) } else { (**cluster_wide).clone() };
    all.extend(groups("cluster-wide", &rest));
    for (name, own) in spaces.named().filter(|(name, _)| !name.is_empty()) {
        all.extend(groups(&format!("in {name}"), &minus(own, every)));
        let less = minus(every, own);
        if !less.is_none() {
            all.extend(groups(&format!("not in {name}"), &less));
        }
    }
    all.extend(paths(requests));
    all
}

fn groups(place: &str, groups: &Groups) -> Vec<Permit> {
    let mut rows: Vec<(String, &Rc<Verbs>)> = Vec::new();
    for (group, resources) in each(groups) {
        for (resource, subresources) in each(resources) {
            rows.extend(kinds(group, resource, subresources));
        }
    }
    let mut lines: Vec<Permit> = Vec::new();
    for (kind, verbs) in rows {
        for (verbs, names) in verb_lists(verbs) {
            match lines.iter_mut().find(|line| line.verbs == verbs && line.names == names) {
                Some(line) => line.kinds.push(kind.clone()),
                None => lines.push(Permit { place: place.to_owned(), verbs, kinds: vec![kind.clone()], names, urls: false }),
            }
        }
    }
    lines
}

/// Each word with what it has, and all others at the end.
fn each<T: Set>(cases: &Cases<T>) -> impl Iterator<Item = (Option<&SmolStr>, &T)> {
    let other = Some((None, cases.other()));
    cases.named().map(|(word, each)| (Some(word), each)).chain(other).filter(|(_, each)| !each.is_none())
}

fn kinds<'s>(group: Option<&SmolStr>, resource: Option<&SmolStr>, subresources: &'s Subresources) -> Vec<(String, &'s Rc<Verbs>)> {
    let shown = |sub: &str| match (group, resource) {
        (None, None) if sub.is_empty() => "*.*".to_owned(),
        (None, None) => format!("*.*/{sub}"),
        (group, resource) => {
            let core = resource.is_none() && group.is_some_and(|group| group.is_empty());
            kind(if core { "core" } else { group.map_or("*", SmolStr::as_str) }, resource.map_or("*", SmolStr::as_str), sub)
        }
    };
    if subresources.named().next().is_none() {
        let whole = if (group, resource) == (None, None) { "everything".to_owned() } else { format!("{} and all below it", shown("")) };
        return vec![(whole, subresources.other())];
    }
    each(subresources).map(|(sub, verbs)| (shown(sub.map_or("*", SmolStr::as_str)), verbs)).collect()
}

/// Verbs that have the same names, together.
fn verb_lists(verbs: &Verbs) -> Vec<(Vec<String>, Vec<String>)> {
    let mut all: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    let other = verbs.other();
    if !other.is_none() {
        all.push((vec!["everything".to_owned()], names(other)));
    }
    for (words, own) in verbs.alike() {
        if !own.is_none() {
            all.push((short(&words), names(own)));
        } else if !other.is_none() {
            all.push((short(&words).into_iter().map(|verb| format!("not {verb}")).collect(), Vec::new()));
        }
    }
    all
}

/// `read` for get, list and watch.
fn short(words: &[&SmolStr]) -> Vec<String> {
    let reads = ["get", "list", "watch"];
    let has_all = reads.iter().all(|read| words.iter().any(|word| word == read));
    let rest = words.iter().filter(|word| !has_all || !reads.contains(&word.as_str())).map(|word| word.to_string());
    has_all.then(|| "read".to_owned()).into_iter().chain(rest).collect()
}

/// The names; none: every one.
fn names(names: &Names) -> Vec<String> {
    let plain = |word: &SmolStr| if word.is_empty() { "no name".to_owned() } else { word.to_string() };
    let own = names.named().map(|(name, is_in)| if *is_in { plain(name) } else { format!("not {}", plain(name)) });
    own.collect()
}

fn paths(requests: &Requests) -> Vec<Permit> {
    let line = |verbs: Vec<String>, urls: &crate::semantics::rbac::urls::Urls| Permit {
        place: "everywhere".to_owned(),
        verbs,
        kinds: urls.patterns().iter().map(ToString::to_string).collect(),
        names: Vec::new(),
        urls: true,
    };
    let other = Some(requests.paths.other()).filter(|urls| !urls.is_none()).map(|urls| line(vec!["everything".to_owned()], urls));
    let named = requests.paths.alike().into_iter().filter(|(_, urls)| !urls.is_none());
    other.into_iter().chain(named.map(|(words, urls)| line(short(&words), urls))).collect()
}
