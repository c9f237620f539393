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

/// Drops what both lists hold word for word, which is most of two lists that say the same.
pub(crate) fn drop_common(left: &mut Vec<Part>, right: &mut Vec<Part>) {
    for list in [&mut *left, &mut *right] {
        list.sort_unstable();
        list.dedup();
    }
    let common: Vec<Part> = left.iter().filter(|part| right.binary_search(part).is_ok()).cloned().collect();
    if !common.is_empty() {
        left.retain(|part| common.binary_search(part).is_err());
        right.retain(|part| common.binary_search(part).is_err());
    }
}
