//! Whether rules hold all that other rules do, as the API server judges it before it lets somebody write a role
//! (access-targets R17): piece by piece, `*` only by `*`.

use smol_str::SmolStr;

use super::Rule;

/// Whether every piece of `rules` is in one of `holder`.
#[must_use]
pub fn covers(holder: &[Rule], rules: &[Rule]) -> bool {
    rules.iter().all(|rule| pieces(rule).all(|piece| holder.iter().any(|own| piece.is_in(own))))
}

/// One verb on one resource or path.
struct Piece<'a> {
    verb: &'a SmolStr,
    target: Target<'a>,
}

enum Target<'a> {
    Resource { group: &'a SmolStr, resource: &'a SmolStr, name: Option<&'a SmolStr> },
    Url(&'a SmolStr),
}

fn pieces(rule: &Rule) -> impl Iterator<Item = Piece<'_>> {
    let names = || rule.names.iter().map(Some).chain(rule.names.is_empty().then_some(None));
    let of_group =
        move |group| rule.resources.iter().flat_map(move |resource| names().map(move |name| Target::Resource { group, resource, name }));
    let targets = move || rule.groups.iter().flat_map(of_group).chain(rule.urls.iter().map(Target::Url));
    rule.verbs.iter().flat_map(move |verb| targets().map(move |target| Piece { verb, target }))
}

impl Piece<'_> {
    fn is_in(&self, rule: &Rule) -> bool {
        let has = |list: &[SmolStr], word: &SmolStr| list.iter().any(|own| own == "*" || own == word);
        has(&rule.verbs, self.verb)
            && match self.target {
                Target::Resource { group, resource, name } => {
                    has(&rule.groups, group)
                        && (has(&rule.resources, resource) || any_of_its_kind(&rule.resources, resource))
                        && (rule.names.is_empty() || name.is_some_and(|name| rule.names.contains(name)))
                }
                Target::Url(url) => rule.urls.iter().any(|own| own == url || own.strip_suffix('*').is_some_and(|own| url.starts_with(own))),
            }
    }
}

/// `*/scale` holds `deployments/scale`.
fn any_of_its_kind(resources: &[SmolStr], resource: &str) -> bool {
    let Some((_, subresource)) = resource.split_once('/') else { return false };
    resources.iter().any(|own| own.strip_prefix("*/") == Some(subresource))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(verbs: &[&str], resources: &[&str], names: &[&str]) -> Rule {
        let words = |list: &[&str]| list.iter().map(SmolStr::new).collect();
        Rule { verbs: words(verbs), groups: words(&[""]), resources: words(resources), names: words(names), urls: Vec::new() }
    }

    #[test]
    fn pieces_may_be_held_by_several_rules() {
        let holder = [rule(&["get"], &["pods", "secrets"], &[]), rule(&["list"], &["pods"], &[])];
        assert!(covers(&holder, &[rule(&["get", "list"], &["pods"], &[])]));
        assert!(!covers(&holder, &[rule(&["get", "list"], &["secrets"], &[])]));
        assert!(covers(&holder, &[]));
    }

    #[test]
    fn names_hold_themselves_alone_and_everything_only_everything() {
        let named = [rule(&["get"], &["secrets"], &["a", "b"])];
        assert!(covers(&named, &[rule(&["get"], &["secrets"], &["a"])]));
        assert!(!covers(&named, &[rule(&["get"], &["secrets"], &["a", "c"])]));
        assert!(!covers(&named, &[rule(&["get"], &["secrets"], &[])]));
        assert!(!covers(&[rule(&["get"], &["pods"], &[])], &[rule(&["*"], &["pods"], &[])]));
        assert!(covers(&[rule(&["*"], &["*"], &[])], &[rule(&["*"], &["*"], &[])]));
        assert!(covers(&[rule(&["*"], &["*/scale"], &[])], &[rule(&["get"], &["deployments/scale"], &[])]));
    }

    #[test]
    fn paths_are_held_by_their_beginnings() {
        let url = |urls: &[&str]| Rule { verbs: vec!["get".into()], urls: urls.iter().map(SmolStr::new).collect(), ..Rule::default() };
        assert!(covers(&[url(&["/healthz*"])], &[url(&["/healthz/etcd"])]));
        assert!(!covers(&[url(&["/healthz"])], &[url(&["/healthz/etcd"])]));
    }
}
