//! Rows that a table has otherwise than polc, and why polc is right: each by a rule of the book.

/// Case by the beginning of its name, a part of the question, polc's answer, the rule.
const EXPLAINED: &[(&str, &str, &str, &str)] = &[];

/// The rule that explains a difference.
pub(super) fn rule(case: &str, question: &str, answer: &str) -> Option<&'static str> {
    let fits = |(begin, part, given, _): &&(&str, &str, &str, &str)| case.starts_with(begin) && question.contains(part) && answer == *given;
    EXPLAINED.iter().find(fits).map(|(.., rule)| *rule)
}
