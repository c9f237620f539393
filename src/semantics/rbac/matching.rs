//! Whether one rule permits one request: word for word what the API server's `evaluation_helpers.go` does
//! (access-tls-audit R1–R3, R18). Nothing is folded, trimmed or understood: `Pods` is not `pods`.

use smol_str::SmolStr;

use super::{Request, Rule, Target};

/// What stands for everything in verbs, groups, resources and paths.
const ALL: &str = "*";

impl Rule {
    /// Whether it permits a request.
    #[must_use]
    pub fn permits(&self, request: &Request) -> bool {
        holds(&self.verbs, &request.verb)
            && match &request.target {
                Target::Resource { group, resource, subresource, name, .. } => {
                    holds(&self.groups, group)
                        && self.resources.iter().any(|own| is_resource(own, resource, subresource))
                        && (self.names.is_empty() || self.names.contains(name))
                }
                Target::Url(path) => self.urls.iter().any(|own| is_path(own, path)),
            }
    }
}

fn holds(list: &[SmolStr], word: &str) -> bool {
    list.iter().any(|own| own == ALL || own == word)
}

/// `pods/*` is no pattern: only `*` and `*/sub` are.
fn is_resource(own: &str, resource: &str, subresource: &str) -> bool {
    if own == ALL {
        return true;
    }
    if subresource.is_empty() {
        return own == resource;
    }
    own.strip_suffix(subresource).and_then(|own| own.strip_suffix('/')).is_some_and(|own| own == ALL || own == resource)
}

/// All stars at the end stand for any rest.
fn is_path(own: &str, path: &str) -> bool {
    own == path || (own.ends_with('*') && path.starts_with(own.trim_end_matches('*')))
}
