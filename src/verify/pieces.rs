//! Lists of parts of traffic, with a bound on how many there may be.
//!
//! A difference of two parts is several parts, so that lists can grow without end. Work ends with
//! an honest error before it takes long: what is too large to compare is never called equal.

use crate::semantics::traffic::Part;

/// More pieces than are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMany;

/// How many more pieces may be made. One budget is for one class of pods, or one namespace's classes.
#[derive(Debug)]
pub(crate) struct Budget(usize);

impl Default for Budget {
    /// 200,000 pieces: about a second's work.
    fn default() -> Self {
        Budget(200_000)
    }
}

impl Budget {
    /// Takes some pieces off.
    pub(crate) fn spend(&mut self, pieces: usize) -> Result<(), TooMany> {
        self.0 = self.0.checked_sub(pieces).ok_or(TooMany)?;
        Ok(())
    }
}

/// Connections of some parts that are in none of the others.
pub(crate) fn subtract(parts: Vec<Part>, others: &[Part], budget: &mut Budget) -> Result<Vec<Part>, TooMany> {
    if others.is_empty() {
        return Ok(parts);
    }
    let mut all = Vec::new();
    for part in parts {
        all.extend(subtract_from(part, others, budget)?);
    }
    Ok(all)
}

fn subtract_from(part: Part, others: &[Part], budget: &mut Budget) -> Result<Vec<Part>, TooMany> {
    if others.iter().any(|other| part.is_subset(other)) {
        return Ok(Vec::new());
    }
    let mut rest = vec![part];
    for other in others {
        if rest.iter().all(|piece| piece.is_disjoint(other)) {
            continue;
        }
        rest = rest.iter().flat_map(|piece| piece.difference(other)).collect();
        budget.spend(rest.len())?;
        if rest.is_empty() {
            break;
        }
    }
    Ok(rest)
}

/// Connections that are in one of the parts and in one of the others.
pub(crate) fn intersect(parts: &[Part], others: &[Part], budget: &mut Budget) -> Result<Vec<Part>, TooMany> {
    let mut both = Vec::new();
    for part in parts {
        let before = both.len();
        both.extend(others.iter().filter_map(|other| part.intersection(other)));
        budget.spend(both.len() - before)?;
    }
    Ok(both)
}

/// The parts sorted, each once.
pub(crate) fn sorted(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// The parts of a list that another one does not hold word for word; both are sorted. They are few if
/// both say the same.
pub(crate) fn only_in(parts: &[Part], others: &[Part]) -> Vec<Part> {
    parts.iter().filter(|part| others.binary_search(part).is_err()).cloned().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Budget, TooMany, intersect, only_in, sorted, subtract};
    use crate::semantics::ends::EndBox;
    use crate::semantics::labels::{Labels, Values};
    use crate::semantics::pods::PodBox;
    use crate::semantics::ports::PortSet;
    use crate::semantics::traffic::{Part, Traffic};
    use crate::verify::concrete::Concrete;
    use crate::verify::decide::Port;
    use crate::verify::random::{PORTS, all_ends, holds, parts};

    fn count(parts: &[Part], end: &Concrete, port: Port) -> usize {
        parts.iter().filter(|part| holds(&part.end, end) && part.ports.holds(port.protocol, port.detail)).count()
    }

    proptest! {
        #[test]
        fn operations_agree_with_membership(a in parts(), b in parts(), ends in prop::sample::subsequence(all_ends(), 12)) {
            let budget = &mut Budget::default();
            let (without, both) = (subtract(a.clone(), &b, budget).unwrap(), intersect(&a, &b, budget).unwrap());
            let (left, right) = (sorted(a.clone()), sorted(b.clone()));
            let (left, right) = (only_in(&left, &right), only_in(&right, &left));
            let traffic = [&a, &b].map(|parts| parts.iter().cloned().collect::<Traffic>());
            let of_traffic: Vec<Part> = traffic[0].difference(&traffic[1]).iter().cloned().collect();
            for (end, port) in ends.iter().flat_map(|end| PORTS.map(|port| (end, port))) {
                let is_in = |parts: &[Part]| count(parts, end, port) > 0;
                prop_assert_eq!(is_in(&without), is_in(&a) && !is_in(&b));
                prop_assert_eq!(is_in(&of_traffic), is_in(&a) && !is_in(&b));
                prop_assert_eq!(is_in(&both), is_in(&a) && is_in(&b));
                prop_assert_eq!(is_in(&left) != is_in(&right) || is_in(&a) == is_in(&b), true);
                for part in &a {
                    let rest = b.first().map(|other| part.difference(other)).unwrap_or_default();
                    prop_assert!(count(&rest, end, port) <= 1, "the parts of a difference are disjoint");
                }
            }
        }
    }

    #[test]
    fn a_difference_without_end_is_an_error() {
        // Twelve others of four keys each: what is left are more than four million boxes.
        let other = |number: usize| {
            let keys = (0..4).map(|key| format!("k{number}-{key}"));
            let pod = keys.fold(Labels::any(), |all, key| all.and(key, Values::one_of(["x"])));
            Part { end: EndBox::pods(PodBox { pod, ..PodBox::default() }), ports: PortSet::all() }
        };
        let others: Vec<Part> = (0..12).map(other).collect();
        let all: Vec<Part> = Traffic::all().iter().cloned().collect();
        assert_eq!(subtract(all.clone(), &others, &mut Budget::default()), Err(TooMany));
        assert!(subtract(all, &others[..4], &mut Budget::default()).is_ok());
    }
}
