//! The labels of Calico's endpoints, as pods (network-targets.md §2.4).
//!
//! Taken for true: nobody labels a pod with a key that Calico gives to endpoints itself
//! (`projectcalico.org/…`, `pcns.…`, `pcsa.…`).

use super::What;
use crate::semantics::labels::{Labels, Values, Word};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};
use crate::verify::selector::Bound;

/// The longest service account name that becomes a label.
const LONGEST_ACCOUNT: usize = 62;

/// The pods among the endpoints that have such labels; none if only others have.
pub(in crate::verify) fn pods(labels: &Labels) -> Result<Option<PodBox>, What> {
    pods_by(labels, &|values| account(values).ok_or(What::Field("whether a service account's name is a label")))
}

/// The same, where something else says which names of accounts a test of their label means.
pub(in crate::verify) fn pods_by(labels: &Labels, account: &dyn Fn(&Values) -> Result<Values, What>) -> Result<Option<PodBox>, What> {
    let mut pods = PodBox::default();
    for (key, values) in labels.iter() {
        match key {
            "projectcalico.org/orchestrator" if values.admits(Some("k8s")) => {}
            "projectcalico.org/orchestrator" => return Ok(None),
            "projectcalico.org/namespace" | "pcns.projectcalico.org/name" => {
                pods.namespace = pods.namespace.and(NAMESPACE_NAME, values.clone());
            }
            "projectcalico.org/serviceaccount" => pods.account = pods.account.intersection(&account(values)?).into(),
            "pcsa.projectcalico.org/name" => pods.account = pods.account.intersection(values).into(),
            _ if key.starts_with("pcsa.") => return Err(What::Field("labels of service accounts")),
            _ => match key.strip_prefix("pcns.") {
                Some(key) => pods.namespace = pods.namespace.and(key, values.clone()),
                None => pods.pod = pods.pod.and(key, values.clone()),
            },
        }
    }
    Ok((!pods.is_empty()).then_some(pods))
}

/// Names of accounts that such a label says; none where that hangs on the length of names that nobody lists. A longer
/// name is no label.
pub(in crate::verify) fn account(values: &Values) -> Option<Values> {
    let excluded = values.complement();
    match (values.list(), excluded.list(), values.admits(None)) {
        (Some(listed), _, false) => Some(Values::one_of(listed.iter().filter(|name| is_label(name)).cloned())),
        (_, Some(excluded), true) => Some(Values::none_of(excluded.iter().filter(|name| is_label(name)).cloned())),
        _ => None,
    }
}

/// The names of accounts that it says, for the names that are known.
pub(in crate::verify) fn account_within(values: &Values, bound: Bound, known: &[Word]) -> Values {
    let excluded = values.complement();
    let listed = values.list().or_else(|| excluded.list()).unwrap_or_default();
    bound.of_values(known.iter().chain(listed), |name| values.admits(Some(name).filter(|name| is_label(name))))
}

/// Whether an account's name becomes a label.
fn is_label(name: &str) -> bool {
    name.len() <= LONGEST_ACCOUNT
}

/// The namespaces that have such labels.
pub(in crate::verify) fn namespaces(labels: &Labels) -> Labels {
    labels.iter().fold(Labels::any(), |all, (key, values)| {
        let key = if key == "projectcalico.org/name" { NAMESPACE_NAME } else { key };
        all.and(key, values.clone())
    })
}

/// Whether a host endpoint could have such labels: it is of no namespace and no orchestrator.
pub(in crate::verify) fn takes_hosts(labels: &Labels) -> bool {
    labels.iter().all(|(key, values)| match key {
        "projectcalico.org/orchestrator" | "projectcalico.org/namespace" | "projectcalico.org/serviceaccount" => values.admits(None),
        _ => !key.starts_with("pcns.") && !key.starts_with("pcsa.") || values.admits(None),
    })
}
