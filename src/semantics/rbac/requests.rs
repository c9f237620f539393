//! Sets of requests, exactly: what rules permit, and what of it is left, shared or missing.

use std::rc::Rc;

use smol_str::SmolStr;

use super::cases::{Cases, Operation, Set};
use super::urls::Urls;
use super::{Request, Rule, Target};

/// Names of objects; the empty one is a request for a collection.
pub type Names = Cases<bool>;
/// Verbs, each with names.
pub type Verbs = Cases<Rc<Names>>;
/// Subresources, the empty one for none, each with verbs.
pub type Subresources = Cases<Rc<Verbs>>;
/// Resources, each with subresources.
pub type Resources = Cases<Rc<Subresources>>;
/// API groups, each with resources.
pub type Groups = Cases<Rc<Resources>>;
/// Namespaces, the empty one for what is asked cluster-wide, each with groups.
pub type Namespaces = Cases<Rc<Groups>>;

/// A set of requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requests {
    /// Those for resources.
    pub resources: Namespaces,
    /// Those for paths, by their verbs.
    pub paths: Cases<Urls>,
}

/// Where a binding lets its role's rules hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach<'a> {
    /// In one namespace, and for no paths: a RoleBinding.
    Namespace(&'a str),
    /// In each namespace, and for nothing that is asked cluster-wide: the same RoleBinding in every one.
    EveryNamespace,
    /// In all namespaces, cluster-wide and for paths: a ClusterRoleBinding.
    Everywhere,
}

impl Requests {
    /// What a rule permits where a binding lets it hold.
    #[must_use]
    pub fn of(rule: &Rule, reach: Reach<'_>) -> Self {
        let groups = Rc::new(groups(rule));
        match reach {
            Reach::Namespace(namespace) => Requests { resources: Cases::only([SmolStr::new(namespace)], &groups), paths: Cases::none() },
            Reach::EveryNamespace => {
                let cluster_wide = Cases::only([SmolStr::default()], &Rc::new(Groups::all()));
                Requests { resources: Cases::every(groups).combine(&cluster_wide, |a, b| a && !b), paths: Cases::none() }
            }
            Reach::Everywhere => Requests { resources: Cases::every(groups), paths: words(&rule.verbs, &urls(rule)) },
        }
    }

    /// What any of some rules permits.
    #[must_use]
    pub fn of_all<'r>(rules: impl IntoIterator<Item = &'r Rule>, reach: Reach<'_>) -> Self {
        rules.into_iter().fold(Self::none(), |all, rule| all.union(&Self::of(rule, reach)))
    }

    /// The requests of a namespace; the empty one: what is asked cluster-wide, paths among it.
    #[must_use]
    pub fn only_in(&self, namespace: &str) -> Self {
        let paths = if namespace.is_empty() { self.paths.clone() } else { Cases::none() };
        Requests { resources: Cases::only([SmolStr::new(namespace)], self.resources.get(namespace)), paths }
    }

    /// Whether a request is in it.
    #[must_use]
    pub fn contains(&self, request: &Request) -> bool {
        match &request.target {
            Target::Resource { group, resource, subresource, namespace, name } => {
                let verbs = self.resources.get(namespace).get(group).get(resource).get(subresource);
                *verbs.get(&request.verb).get(name)
            }
            Target::Url(path) => self.paths.get(&request.verb).contains(path),
        }
    }

    /// Either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a || b)
    }

    /// Both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a && b)
    }

    /// This, and not the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a && !b)
    }

    /// Whether no request is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.is_none()
    }

    /// Whether all of it is in another.
    #[cfg(test)]
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.difference(other).is_empty()
    }

    /// A request that is in it, made of words that it names where it names any.
    #[must_use]
    pub fn some(&self) -> Option<Request> {
        self.some_resource().or_else(|| {
            let (verb, urls) = self.paths.some_usual("get")?;
            Some(Request { verb, target: Target::Url(urls.some()?) })
        })
    }

    fn some_resource(&self) -> Option<Request> {
        let (namespace, groups) = self.resources.some("default")?;
        let (group, resources) = groups.some("")?;
        let (resource, subresources) = resources.some("pods")?;
        let (subresource, verbs) = subresources.some_usual("")?;
        let (verb, names) = verbs.some_usual("get")?;
        let (name, _) = names.some_usual("")?;
        Some(Request { verb, target: Target::Resource { group, resource, subresource, namespace, name } })
    }
}

impl Set for Requests {
    fn none() -> Self {
        Requests { resources: Cases::none(), paths: Cases::none() }
    }

    fn all() -> Self {
        Requests { resources: Cases::all(), paths: Cases::all() }
    }

    fn combine(&self, other: &Self, keeps: Operation) -> Self {
        Requests { resources: self.resources.combine(&other.resources, keeps), paths: self.paths.combine(&other.paths, keeps) }
    }

    fn is_none(&self) -> bool {
        self.resources.is_none() && self.paths.is_none()
    }
}

/// These words, or all where one of them is a star.
fn words<T: Set>(list: &[SmolStr], each: &T) -> Cases<T> {
    if list.iter().any(|word| word == "*") { Cases::every(each.clone()) } else { Cases::only(list.iter().cloned(), each) }
}

fn urls(rule: &Rule) -> Urls {
    rule.urls.iter().fold(Urls::none(), |all, url| all.combine(&Urls::of(url), |a, b| a || b))
}

fn groups(rule: &Rule) -> Groups {
    let names: Names = if rule.names.is_empty() { Cases::all() } else { Cases::only(rule.names.iter().cloned(), &true) };
    let verbs = Rc::new(words(&rule.verbs, &Rc::new(names)));
    words(&rule.groups, &Rc::new(resources(rule, &verbs)))
}

/// `*` and `*/sub` are for every resource; all others by their names. A name that ends in `/` matches nothing.
fn resources(rule: &Rule, verbs: &Rc<Verbs>) -> Resources {
    let parts = |own: &SmolStr| own.split_once('/').map_or((own.clone(), SmolStr::default()), |(of, sub)| (of.into(), sub.into()));
    let (mut every, mut plain): (Vec<SmolStr>, Vec<SmolStr>) = (Vec::new(), Vec::new());
    let mut by_name: Vec<(SmolStr, SmolStr)> = Vec::new();
    for own in rule.resources.iter().filter(|own| !own.ends_with('/')) {
        match parts(own) {
            (of, sub) if of == "*" && sub.is_empty() => return Cases::every(Rc::new(Cases::every(Rc::clone(verbs)))),
            (of, sub) if of == "*" => every.push(sub),
            (of, sub) if sub.is_empty() => plain.push(of),
            both => by_name.push(both),
        }
    }
    let union = |a: bool, b: bool| a || b;
    let whole = Cases::only(plain, &Rc::new(Cases::only([SmolStr::default()], verbs)));
    let all = whole.combine(&Cases::every(Rc::new(Cases::only(every, verbs))), union);
    by_name.sort_by(|a, b| a.1.cmp(&b.1));
    by_name.chunk_by(|a, b| a.1 == b.1).fold(all, |all, chunk| {
        let sub = chunk.first().map(|(_, sub)| sub.clone()).unwrap_or_default();
        let each = Rc::new(Cases::only([sub], verbs));
        all.combine(&Cases::only(chunk.iter().map(|(of, _)| of.clone()), &each), union)
    })
}
