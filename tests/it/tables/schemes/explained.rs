//! Queries of which polc finds another number than their authors expect, each with the rule.

const HOST_NETWORK: &str = "network-targets 1.4.12: all pods of the case are in the host's network, where no policy reaches them";

const EXPLAINED: &[(&str, u64, &str)] = &[
    ("semanticDiff-multiple-resources-scheme.yaml semantic_diff_old1_new1", 0, HOST_NETWORK),
    ("semanticDiff-same-topologies-scheme.yaml semantic_diff_old1_new1", 0, HOST_NETWORK),
    ("semanticDiff-same-topologies-scheme.yaml semantic_diff_old1_new1a", 0, HOST_NETWORK),
    ("semanticDiff-same-topologies-scheme.yaml semantic_diff_old2_new2", 0, HOST_NETWORK),
];

/// The rule by which polc finds this number and no other.
pub(super) fn difference(case: &str, answer: u64) -> Option<&'static str> {
    EXPLAINED.iter().find(|(name, found, _)| *name == case && *found == answer).map(|(_, _, rule)| *rule)
}
