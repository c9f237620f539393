//! From the words of a question to requests.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::super::Wrong;
use super::super::model::Model;
use super::question::{Asked, Target};
use crate::diagnostic::suggest;
use crate::ir::{self, access::Subject};
use crate::semantics::rbac::{Reach, Requests, Rule};
use crate::surface::{Lookup, Resource, Scope};
use crate::verify::access::{Access, Atom, intent};

/// A kind that is asked about.
struct Kind {
    group: SmolStr,
    /// As a rule has it: `pods/exec`.
    path: String,
    /// Whether its objects are in namespaces; none: nobody says.
    namespaced: Option<bool>,
}

impl Model {
    /// Whom a question means.
    pub(super) fn atom(&self, subject: &Subject) -> Atom {
        let named = intent::atom(&self.cluster.identity, subject);
        let plain = intent::atom(&ir::Identity::Plain, subject);
        // A name that has the cluster's prefix already, or is bound without it, is meant as it stands.
        let known = self.access().atoms();
        if known.contains(&plain) && !known.contains(&named) { plain } else { named }
    }

    /// All requests that a question is about.
    pub(super) fn requests(&self, asked: &Asked) -> Result<Requests, Wrong> {
        let verbs: Vec<SmolStr> = asked.verbs.iter().map(SmolStr::from).collect();
        match &asked.target {
            Target::Urls(urls) => {
                if let Some(namespace) = &asked.namespace {
                    return Err(Wrong::new("a path is in no namespace").help(format!("leave out `in {namespace}`")));
                }
                let urls = urls.iter().map(SmolStr::from).collect();
                Ok(Requests::of(&Rule { verbs, urls, ..Rule::default() }, Reach::Everywhere))
            }
            Target::Kinds(kinds, name) => {
                let mut all = Requests::of_all([], Reach::Everywhere);
                for word in kinds {
                    let kind = self.kind(word)?;
                    let names: Vec<SmolStr> = name.iter().map(SmolStr::from).collect();
                    all = all.union(&requests(&kind, word, &verbs, names, asked.namespace.as_deref())?);
                }
                Ok(all)
            }
        }
    }

    fn kind(&self, word: &str) -> Result<Kind, Wrong> {
        if word == "everything" {
            return Ok(Kind { group: "*".into(), path: "*".to_owned(), namespaced: None });
        }
        let version = self.cluster.kubernetes;
        let Some(surface) = self.policy.surface(&self.cluster, &ir::Scope::Everywhere) else {
            return Err(Wrong::new(format!("it is not known what Kubernetes {}.{} serves", version.major, version.minor)));
        };
        let unknown = match surface.lookup(word) {
            Lookup::Found(found) => return Ok(of(&found)),
            Lookup::Ambiguous(several) => {
                let written: Vec<String> = several.iter().map(|one| format!("`{}`", one.written())).collect();
                return Err(Wrong::new(format!("`{word}` is of several groups")).help(format!("write {}", written.join(" or "))));
            }
            Lookup::Dead(dead) => return Ok(Kind { group: dead.group.into(), path: gone(dead.path, word), namespaced: None }),
            Lookup::Unknown(unknown) => unknown,
        };
        // Custom kinds are known by the rules that name them, and by their full names.
        if let Some(kind) = self.custom(word) {
            return Ok(kind);
        }
        let near = unknown.meant.into_iter().chain(unknown.near).next();
        let wrong = Wrong::new(format!("no resource is called `{word}`"));
        Err(match near {
            Some(near) => wrong.help(format!("did you mean `{near}`?")),
            None => wrong.help("write a custom resource with its group: `certificates.cert-manager.io`"),
        })
    }

    fn custom(&self, word: &str) -> Option<Kind> {
        let (head, subresource) = word.split_once('/').map_or((word, None), |(head, sub)| (head, Some(sub)));
        let (resource, group) = head.split_once('.').map_or((head, None), |(resource, group)| (resource, Some(group)));
        let path = subresource.map_or_else(|| resource.to_owned(), |sub| format!("{resource}/{sub}"));
        let declared = self
            .policy
            .customs
            .iter()
            .find(|custom| custom.resource.resource == resource && group.is_none_or(|group| custom.resource.group == group));
        if let Some(custom) = declared {
            return Some(Kind { group: custom.resource.group.clone(), path, namespaced: Some(!custom.cluster_wide) });
        }
        if let Some(group) = group.filter(|group| group.contains('.')) {
            return Some(Kind { group: group.into(), path, namespaced: None });
        }
        let groups = groups_of(self.access(), &path);
        match groups.iter().next() {
            Some(only) if groups.len() == 1 => Some(Kind { group: only.clone(), path, namespaced: None }),
            _ => None,
        }
    }

    /// That no binding names somebody, and whom they may have meant.
    pub(super) fn stranger(&self, atom: &Atom) -> Option<String> {
        let known = self.access().atoms();
        if known.contains(atom) || atom.is_master() {
            return None;
        }
        let names: Vec<String> = known.iter().map(|atom| atom.told()).collect();
        let told = atom.told();
        let near = suggest::nearest(&told, names.iter().map(String::as_str));
        let meant = near.first().map_or(String::new(), |near| format!("; `{near}` is named"));
        Some(format!("no binding names {told}{meant}"))
    }
}

fn groups_of(access: &Access, path: &str) -> BTreeSet<SmolStr> {
    let rules = access.roles.values().flat_map(|role| &role.rules);
    rules
        .filter(|rule| rule.resources.iter().any(|own| own == path))
        .flat_map(|rule| rule.groups.iter().cloned())
        .filter(|group| group != "*")
        .collect()
}

/// The path of a kind that is gone, with the subresource that is asked about: what is told of the kind holds for all.
fn gone(path: &str, word: &str) -> String {
    match word.split_once('/') {
        Some((_, subresource)) if !path.contains('/') => format!("{path}/{subresource}"),
        _ => path.to_owned(),
    }
}

fn of(resource: &Resource) -> Kind {
    // What stands for any subresource is asked about by its own name, which the caller wrote.
    Kind { group: resource.group.clone(), path: resource.path().into_owned(), namespaced: Some(resource.scope == Scope::Namespaced) }
}

fn requests(kind: &Kind, word: &str, verbs: &[SmolStr], names: Vec<SmolStr>, namespace: Option<&str>) -> Result<Requests, Wrong> {
    let is_namespaces = kind.group.is_empty() && (kind.path == "namespaces" || kind.path.starts_with("namespaces/"));
    let path = match (kind.path.strip_suffix("/*"), word.split_once('/')) {
        (Some(resource), Some((_, sub))) => format!("{resource}/{sub}"),
        _ => kind.path.clone(),
    };
    let rule = |names: Vec<SmolStr>| {
        let (groups, resources) = (vec![kind.group.clone()], vec![SmolStr::from(path.as_str())]);
        Rule { verbs: verbs.to_vec(), groups, resources, names, urls: Vec::new() }
    };
    match (kind.namespaced, namespace) {
        // A request for one namespace is one in it (access-tls-audit R5).
        (Some(false), Some(namespace)) if is_namespaces => Ok(Requests::of(&rule(vec![namespace.into()]), Reach::Namespace(namespace))),
        (Some(false), None) if is_namespaces => match names.first() {
            Some(name) => Ok(Requests::of(&rule(names.clone()), Reach::Namespace(name))),
            None => Ok(Requests::of(&rule(names), Reach::Everywhere)),
        },
        (Some(false), Some(namespace)) => {
            Err(Wrong::new(format!("`{word}` are in no namespace")).help(format!("leave out `in {namespace}`")))
        }
        (Some(false), None) => Ok(Requests::of(&rule(names), Reach::Namespace(""))),
        (_, Some(namespace)) => Ok(Requests::of(&rule(names), Reach::Namespace(namespace))),
        (_, None) => Ok(Requests::of(&rule(names), Reach::Everywhere)),
    }
}
