//! What the tables ask and polc does not answer, each with the reason.

/// What polc says of a question that a table asks, and the rule by which there is no answer.
const NOT_ASKED: &[(&str, &str)] = &[
    ("is in the host network", "network-targets 1.4.12: pods in the host's network are no pods to a policy"),
    ("there is no workload `ingress-nginx-admission-", "a pod that has ended has no connections"),
];

/// Cases whose manifests the API server refuses, and what polc says of them.
const REFUSED: &[(&str, &str)] = &[
    ("example_pods_w_same_owner_and_labels_gap_with_policy_selector_not_in_gap", "is no name of a NetworkPolicy"),
    ("netpol_named_port_test", "missing field `containerPort`"),
    ("netpol_named_port_test_2", "missing field `containerPort`"),
];

/// What polc says of manifests that no API server takes.
pub(super) fn refusal(case: &str) -> Option<&'static str> {
    REFUSED.iter().find(|(name, _)| *name == case).map(|(_, reason)| *reason)
}

/// The rule by which a question has no answer.
pub(super) fn rule(said: &str) -> Option<&'static str> {
    NOT_ASKED.iter().find(|(part, _)| said.contains(part)).map(|(_, rule)| *rule)
}

/// Cases in which `ipBlock` stands and pods have no addresses: whether it means a pod is the plugin's choice
/// (network-targets 1.4.9), which np-guard decides and polc leaves open.
///
/// And who the Ingress controller is, nobody says: some of the pods that it may be are closed for egress.
pub(super) fn depends(case: &str, question: &str) -> bool {
    case == "semanticDiff-different-topologies-policy-b-with-ipblock"
        || (case == "acs-security-demos-with-netpol-list" && question.starts_with("ingress -> "))
}
