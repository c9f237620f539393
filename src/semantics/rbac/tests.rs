//! The matcher against the API server's truth table, and the laws of sets of requests.

use proptest::prelude::*;
use smol_str::SmolStr;

use super::cases::Set;
use super::urls::Urls;
use super::{Reach, Request, Requests, Rule, Target};

fn list(words: &str) -> Vec<SmolStr> {
    words.split(' ').filter(|word| !word.is_empty()).map(|word| if word == "core" { "".into() } else { word.into() }).collect()
}

/// `verbs | groups | resources | names`.
fn rule(text: &str) -> Rule {
    let parts: Vec<Vec<SmolStr>> = text.split('|').map(list).collect();
    let part = |at: usize| parts.get(at).cloned().unwrap_or_default();
    Rule { verbs: part(0), groups: part(1), resources: part(2), names: part(3), urls: Vec::new() }
}

/// `verb group resource[/sub] [name]`.
fn request(text: &str) -> Request {
    let words = list(text);
    let (resource, subresource) = words[2].split_once('/').unwrap_or((&words[2], ""));
    let name = words.get(3).cloned().unwrap_or_default();
    let target = Target::Resource {
        group: words[1].clone(),
        resource: resource.into(),
        subresource: subresource.into(),
        namespace: "a".into(),
        name,
    };
    Request { verb: words[0].clone(), target }
}

#[test]
fn the_truth_table_of_the_api_server() {
    let table = [
        ("create | core | pods/*", "create core pods/exec", false),
        ("create | core | */exec", "create core pods/exec", true),
        ("create | core | *", "create core pods/exec", true),
        ("create | core | pods", "create core pods/exec", false),
        ("get | core | pods", "get core pods/log", false),
        ("* | core | serviceaccounts", "impersonate core serviceaccounts", true),
        ("* | rbac.authorization.k8s.io | roles", "escalate rbac.authorization.k8s.io roles", true),
        ("create | core | configmaps | one", "create core configmaps", false),
        ("create | core | pods/exec | one", "create core pods/exec one", true),
        ("list | core | secrets | one", "list core secrets", false),
        ("list | core | secrets | one", "list core secrets one", true),
        ("get | core | secrets | o*", "get core secrets one", false),
        ("get | extensions | ingresses", "get networking.k8s.io ingresses", false),
        ("GET | core | Pods", "get core pods", false),
        ("impersonate | core | users", "impersonate:user-info core users", false),
        ("get | * | *", "get apps deployments/scale x", true),
        ("get | core | */", "get core pods", false),
        ("get | core | pods/", "get core pods", false),
    ];
    for (of, asked, permitted) in table {
        assert_eq!(rule(of).permits(&request(asked)), permitted, "{of} -> {asked}");
        let set = Requests::of(&rule(of), Reach::Everywhere);
        assert_eq!(set.contains(&request(asked)), permitted, "as a set: {of} -> {asked}");
    }
}

#[test]
fn a_star_in_a_path_stands_only_for_its_rest() {
    let of = |urls: &str| Rule { verbs: list("get"), urls: list(urls), ..Rule::default() };
    let asked = |path: &str| Request { verb: "get".into(), target: Target::Url(path.into()) };
    let table = [
        ("/healthz", "/healthz/a", false),
        ("/healthz*", "/healthz/a", true),
        ("/*/a", "/b/a", false),
        ("*", "/x", true),
        ("/a**", "/ab", true),
    ];
    for (urls, path, permitted) in table {
        assert_eq!(of(urls).permits(&asked(path)), permitted, "{urls} -> {path}");
        assert_eq!(Requests::of(&of(urls), Reach::Everywhere).contains(&asked(path)), permitted, "as a set: {urls} -> {path}");
        assert!(Requests::of(&of(urls), Reach::Namespace("a")).is_empty());
    }
}

#[test]
fn what_is_everything_but_a_kind_is_told_by_a_request() {
    let every = Requests::of(&rule("* | * | *"), Reach::Everywhere);
    let rest = Requests::of(&rule("get | core | pods"), Reach::Namespace("a"));
    assert_eq!(every.intersection(&rest), rest);
    assert!(rest.is_subset(&every) && !every.is_subset(&rest));
    let open = every.difference(&rest);
    assert!(!open.contains(&request("get core pods")) && open.contains(&request("get core pods/log")));
    assert_eq!(open.union(&rest), every);
}

#[test]
fn beginnings_touch_without_a_gap() {
    let either = |a: &str, b: &str| Urls::of(a).combine(&Urls::of(b), |a, b| a || b);
    assert_eq!(either("/a*", "/ab"), Urls::of("/a*"));
    assert_eq!(Urls::of("/a*").combine(&Urls::of("/a*"), |a, b| a && !b), Urls::none());
    assert_eq!(either("/a", "/a*").patterns(), ["/a*"]);
    assert_eq!(either("/healthz", "/healthz/*").patterns(), ["/healthz", "/healthz/*"]);
    let last = format!("/{}*", char::MAX);
    assert!(Urls::of(&last).contains(&format!("/{}x", char::MAX)) && !Urls::of(&last).contains("0"));
}

const VERBS: [&str; 5] = ["get", "list", "create", "bind", "*"];
const GROUPS: [&str; 4] = ["", "apps", "extensions", "*"];
const RESOURCES: [&str; 8] = ["pods", "pods/exec", "secrets", "secrets/*", "*/exec", "*/scale", "*", "deployments"];
const NAMES: [&str; 3] = ["one", "two", "three"];
const URLS: [&str; 7] = ["/metrics", "/healthz", "/healthz/*", "/health*", "*", "/", "/m*"];

fn some(of: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<SmolStr>> {
    prop::collection::vec(prop::sample::select(of).prop_map(SmolStr::new_static), 0..=most)
}

prop_compose! {
    fn any_rule()(verbs in some(&VERBS, 3), groups in some(&GROUPS, 2), resources in some(&RESOURCES, 4), names in some(&NAMES, 2),
        urls in some(&URLS, 2)) -> Rule {
        Rule { verbs, groups, resources, names, urls }
    }
}

fn any_set() -> impl Strategy<Value = (Vec<Rule>, Option<&'static str>)> {
    (prop::collection::vec(any_rule(), 0..4), prop::option::of(prop::sample::select(&["a", "b"][..])))
}

fn of((rules, namespace): &(Vec<Rule>, Option<&'static str>)) -> Requests {
    Requests::of_all(rules, namespace.map_or(Reach::Everywhere, Reach::Namespace))
}

/// Every request that the words above can make, and some that they cannot.
fn all_requests() -> Vec<Request> {
    let mut all = Vec::new();
    for verb in VERBS.into_iter().chain(["watch"]) {
        for group in GROUPS.into_iter().chain(["batch"]) {
            for resource in ["pods", "secrets", "deployments", "jobs"] {
                for subresource in ["", "exec", "scale", "log", "*"] {
                    for (namespace, name) in [("", ""), ("a", ""), ("a", "one"), ("b", "two"), ("c", "four")] {
                        let target = Target::Resource {
                            group: group.into(),
                            resource: resource.into(),
                            subresource: subresource.into(),
                            namespace: namespace.into(),
                            name: name.into(),
                        };
                        all.push(Request { verb: verb.into(), target });
                    }
                }
            }
        }
        for path in ["/", "/metrics", "/metricsx", "/healthz", "/healthz/x", "/healthy", "", "/m*"] {
            all.push(Request { verb: verb.into(), target: Target::Url(path.into()) });
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn a_set_has_what_its_rules_permit((rules, namespace) in any_set()) {
        let set = of(&(rules.clone(), namespace));
        for request in all_requests() {
            let reaches = match (&request.target, namespace) {
                (_, None) => true,
                (Target::Resource { namespace: own, .. }, Some(namespace)) => own == namespace,
                (Target::Url(_), Some(_)) => false,
            };
            prop_assert_eq!(set.contains(&request), reaches && rules.iter().any(|rule| rule.permits(&request)), "{:?}", request);
        }
    }

    #[test]
    fn operations_are_those_of_sets(a in any_set(), b in any_set(), c in any_set()) {
        let (a, b, c) = (of(&a), of(&b), of(&c));
        let (union, both, rest) = (a.union(&b), a.intersection(&b), a.difference(&b));
        for request in all_requests() {
            let (in_a, in_b) = (a.contains(&request), b.contains(&request));
            prop_assert_eq!(union.contains(&request), in_a || in_b);
            prop_assert_eq!(both.contains(&request), in_a && in_b);
            prop_assert_eq!(rest.contains(&request), in_a && !in_b);
        }
        prop_assert_eq!(&union, &b.union(&a));
        prop_assert_eq!(&both, &b.intersection(&a));
        prop_assert_eq!(union.union(&c), a.union(&b.union(&c)));
        prop_assert_eq!(a.intersection(&b.union(&c)), both.union(&a.intersection(&c)));
        prop_assert_eq!(rest.union(&both), a.clone());
        prop_assert_eq!(Requests::all().difference(&Requests::all().difference(&a)), a.clone());
        prop_assert!(a.difference(&union).is_empty() && both.is_subset(&a) && a.difference(&a).is_empty());
    }

    #[test]
    fn what_is_not_empty_has_a_request(a in any_set(), b in any_set()) {
        let rest = of(&a).difference(&of(&b));
        match rest.some() {
            Some(request) => prop_assert!(rest.contains(&request), "{:?}", request),
            None => prop_assert!(rest.is_empty() && all_requests().iter().all(|request| !rest.contains(request))),
        }
    }
}
