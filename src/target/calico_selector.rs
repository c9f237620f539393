//! Sets of pods in Calico's selector language (network-targets.md §2.4, §2.5).

use crate::semantics::labels::{Labels, Test, Values};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};

/// Every pod, and no host endpoint or network set: Calico puts this label on pods alone.
pub(crate) const PODS: &str = "projectcalico.org/orchestrator == 'k8s'";

/// The label by which network sets of polc's are selected. The key is polc's own, so that no
/// pod's label says the same by accident.
pub(crate) const SET_LABEL: &str = "polc.dev/set";

/// As a `namespaceSelector`: things of no namespace, such as a GlobalNetworkSet. Without it a
/// pod that carries a set's label would be taken for a member of the set.
pub(crate) const GLOBAL: &str = "global()";

/// The label of an endpoint that holds its namespace's name. Calico sets it; nobody else can.
const ENDPOINT_NAMESPACE: &str = "projectcalico.org/namespace";

/// The label of a namespace that holds its name.
const NAMESPACE: &str = "projectcalico.org/name";

/// The label of an endpoint that holds its service account's name, where that has fewer
/// than 63 characters.
const ACCOUNT: &str = "projectcalico.org/serviceaccount";

/// The prefix of a namespace's labels as its pods' endpoints inherit them.
const INHERITED: &str = "pcns.";

/// The longest selector that every version takes (3.33 limits it).
pub(crate) const LONGEST: usize = 1024;

/// The longest service account name that Calico turns into a label.
pub(crate) const LONGEST_ACCOUNT: usize = 62;

/// Which pods of its namespace a namespaced policy is about.
pub(crate) fn in_own_namespace(pods: &PodBox) -> String {
    let mut tests = labels(&pods.pod, |key| key.to_owned());
    tests.extend(values(ACCOUNT, &pods.account));
    if tests.is_empty() { "all()".to_owned() } else { tests.join(" && ") }
}

/// Which pods a global policy is about: those in one of the boxes. Never a host endpoint.
pub(crate) fn everywhere(boxes: &[&PodBox]) -> String {
    let each: Vec<Vec<String>> = boxes.iter().map(|pods| tests_everywhere(pods)).collect();
    match each.as_slice() {
        [] => format!("{PODS} && !{PODS}"),
        [tests] => [PODS.to_owned()].into_iter().chain(tests.iter().cloned()).collect::<Vec<_>>().join(" && "),
        _ if each.iter().any(Vec::is_empty) => PODS.to_owned(),
        several => {
            let parts: Vec<String> = several.iter().map(|tests| format!("({})", tests.join(" && "))).collect();
            format!("{PODS} && ({})", parts.join(" || "))
        }
    }
}

fn tests_everywhere(pods: &PodBox) -> Vec<String> {
    let mut tests =
        labels(&pods.namespace, |key| if key == NAMESPACE_NAME { ENDPOINT_NAMESPACE.to_owned() } else { format!("{INHERITED}{key}") });
    tests.extend(labels(&pods.pod, str::to_owned));
    tests.extend(values(ACCOUNT, &pods.account));
    tests
}

/// A peer's `namespaceSelector`; never empty, since without one the policy's own namespace
/// would be meant, or everything that has labels.
pub(crate) fn peer_namespaces(pods: &PodBox) -> String {
    let tests = labels(&pods.namespace, |key| if key == NAMESPACE_NAME { NAMESPACE.to_owned() } else { key.to_owned() });
    if tests.is_empty() { "all()".to_owned() } else { tests.join(" && ") }
}

/// A peer's `selector`: pods alone, not network sets that somebody put into the namespace.
pub(crate) fn peer_pods(pods: &PodBox) -> String {
    let mut tests = vec![PODS.to_owned()];
    tests.extend(labels(&pods.pod, str::to_owned));
    if named_accounts(pods).is_none() {
        tests.extend(values(ACCOUNT, &pods.account));
    }
    tests.join(" && ")
}

/// A peer's service accounts by name, where they are a list of names.
pub(crate) fn named_accounts(pods: &PodBox) -> Option<Vec<String>> {
    match pods.account.alternatives().as_slice() {
        [tests] => match tests.as_slice() {
            [Test::In(names)] => Some(names.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The members of a network set, as `selector`.
pub(crate) fn members(set: &str) -> String {
    format!("{SET_LABEL} == {}", quoted(set))
}

/// Every test that the labels must pass, keys sorted.
fn labels(labels: &Labels, name: impl Fn(&str) -> String) -> Vec<String> {
    labels.iter().flat_map(|(key, of)| values(&name(key), of)).collect()
}

fn values(key: &str, values: &Values) -> Vec<String> {
    let alternatives: Vec<Vec<String>> =
        values.alternatives().into_iter().map(|tests| tests.iter().map(|test| self::test(key, test)).collect()).collect();
    match alternatives.as_slice() {
        // No value is possible: nothing is selected.
        [] => vec![format!("has({key}) && !has({key})")],
        [tests] => tests.clone(),
        several => vec![format!("({})", several.iter().map(|tests| tests.join(" && ")).collect::<Vec<_>>().join(" || "))],
    }
}

fn test(key: &str, test: &Test) -> String {
    match test {
        Test::In(values) => match values.as_slice() {
            [value] => format!("{key} == {}", quoted(value)),
            values => format!("{key} in {}", set(values)),
        },
        Test::NotIn(values) => match values.as_slice() {
            [value] => format!("{key} != {}", quoted(value)),
            values => format!("{key} not in {}", set(values)),
        },
        Test::Exists => format!("has({key})"),
        Test::DoesNotExist => format!("!has({key})"),
    }
}

fn set(values: &[String]) -> String {
    format!("{{ {} }}", values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", "))
}

/// Calico's strings have no escapes; a label's value holds no quotes.
fn quoted(value: &str) -> String {
    if value.contains('\'') { format!("\"{value}\"") } else { format!("'{value}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pods(namespace: Labels, pod: Labels) -> PodBox {
        PodBox { namespace, pod, ..PodBox::default() }
    }

    /// network-targets 2.4: a namespace is known by its name, its other labels by `pcns.`.
    #[test]
    fn namespaces_are_named_by_labels_that_calico_sets() {
        let boxed = pods(Labels::equal(NAMESPACE_NAME, "shop").and("env", Values::none_of(["dev", "test"])), Labels::equal("app", "db"));
        assert_eq!(
            everywhere(&[&boxed]),
            "projectcalico.org/orchestrator == 'k8s' && pcns.env not in { 'dev', 'test' } && projectcalico.org/namespace == 'shop' && app == 'db'"
        );
        assert_eq!(peer_namespaces(&boxed), "env not in { 'dev', 'test' } && projectcalico.org/name == 'shop'");
        assert_eq!(peer_pods(&boxed), "projectcalico.org/orchestrator == 'k8s' && app == 'db'");
    }

    /// network-targets 2.6c: a selector that every host endpoint satisfies would cut off nodes.
    #[test]
    fn no_selector_of_a_global_policy_hits_a_host_endpoint() {
        let every = PodBox::default();
        assert_eq!(everywhere(&[&every]), PODS);
        assert_eq!(everywhere(&[&every, &PodBox::in_namespace("a")]), PODS);
        assert_eq!(
            everywhere(&[&PodBox::in_namespace("a"), &PodBox::in_namespace("b")]),
            "projectcalico.org/orchestrator == 'k8s' && ((projectcalico.org/namespace == 'a') || (projectcalico.org/namespace == 'b'))"
        );
    }

    /// network-targets 2.3: without a namespaceSelector a peer's selector means the policy's own namespace.
    #[test]
    fn a_peer_always_says_its_namespaces() {
        assert_eq!(peer_namespaces(&PodBox::default()), "all()");
    }

    #[test]
    fn each_test_of_a_label_has_its_form() {
        let of = |values| in_own_namespace(&pods(Labels::any(), Labels::any().and("k", values)));
        assert_eq!(of(Values::one_of(["a"])), "k == 'a'");
        assert_eq!(of(Values::one_of(["a", "b"])), "k in { 'a', 'b' }");
        assert_eq!(of(Values::none_of(["a"])), "k != 'a'");
        assert_eq!(of(Values::present()), "has(k)");
        assert_eq!(of(Values::absent()), "!has(k)");
        assert_eq!(of(Values::present().intersection(&Values::none_of(["a"]))), "has(k) && k != 'a'");
        let a_or_absent = Values::none_of(["a"]).intersection(&Values::present()).complement();
        assert_eq!(of(a_or_absent), "(!has(k) || k == 'a')");
        assert_eq!(in_own_namespace(&PodBox::default()), "all()");
    }

    #[test]
    fn accounts_are_names_where_they_are_a_list() {
        let of = |account: Values| PodBox { account: account.into(), ..PodBox::in_namespace("a") };
        let ci = of(Values::one_of(["ci"]));
        assert_eq!(named_accounts(&ci), Some(vec!["ci".to_owned()]));
        assert_eq!(peer_pods(&ci), PODS);
        assert_eq!(in_own_namespace(&ci), "projectcalico.org/serviceaccount == 'ci'");
        let not_ci = of(Values::none_of(["ci"]));
        assert_eq!(named_accounts(&not_ci), None);
        assert_eq!(peer_pods(&not_ci), "projectcalico.org/orchestrator == 'k8s' && projectcalico.org/serviceaccount != 'ci'");
    }
}
