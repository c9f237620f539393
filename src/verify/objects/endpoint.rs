//! The labels of Calico's endpoints, as pods (network-targets.md §2.4).
//!
//! Taken for true: nobody labels a pod with a key that Calico gives to endpoints itself
//! (`projectcalico.org/…`, `pcns.…`, `pcsa.…`).

use super::What;
use crate::semantics::labels::{Labels, Values};
use crate::semantics::pods::{NAMESPACE_NAME, PodBox};

/// The longest service account name that becomes a label.
const LONGEST_ACCOUNT: usize = 62;

/// The pods among the endpoints that have such labels; none if only others have.
pub(in crate::verify) fn pods(labels: &Labels) -> Result<Option<PodBox>, What> {
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

/// Names of accounts that such a label says. A longer name is no label, and a test for it is never true.
fn account(values: &Values) -> Result<Values, What> {
    let tests = values.alternatives();
    let names_are_short = |names: &[String]| names.iter().all(|name| name.len() <= LONGEST_ACCOUNT);
    use crate::semantics::labels::Test;
    let exact = tests.iter().flatten().all(|test| match test {
        Test::In(names) | Test::NotIn(names) => names_are_short(names),
        Test::Exists | Test::DoesNotExist => false,
    });
    if exact && tests.len() <= 1 { Ok(values.clone()) } else { Err(What::Field("whether a service account's name is a label")) }
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
