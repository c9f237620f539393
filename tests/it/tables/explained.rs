//! Rows that a table has otherwise than polc, and why polc is right: each by a rule of the book.

/// Case by the beginning of its name, a part of the question, polc's answer, the rule.
const EXPLAINED: &[(&str, &str, &str, &str)] = &[];

/// Cases whose manifests the API server refuses, and what polc says of them.
const REFUSED: &[(&str, &str)] =
    &[("example_pods_w_same_owner_and_labels_gap_with_policy_selector_not_in_gap", "is no name of a NetworkPolicy")];

/// What polc says of manifests that no API server takes.
pub(super) fn refusal(case: &str) -> Option<&'static str> {
    REFUSED.iter().find(|(name, _)| *name == case).map(|(_, reason)| *reason)
}

/// The rule that explains a difference.
pub(super) fn rule(case: &str, question: &str, answer: &str) -> Option<&'static str> {
    let fits = |(begin, part, given, _): &&(&str, &str, &str, &str)| case.starts_with(begin) && question.contains(part) && answer == *given;
    EXPLAINED.iter().find(fits).map(|(.., rule)| *rule)
}
