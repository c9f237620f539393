//! Sets of paths, each said by paths and by beginnings of paths.
//!
//! In the order of their characters the paths that begin alike stand together. So a set is the places where
//! being in it begins and ends, in order, and every operation is one walk along two such lists.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::cases::{Operation, Set};

/// A set of paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urls {
    /// Where being in the set begins, ends, begins again …: each is the first text on its side.
    turns: Vec<SmolStr>,
}

impl Urls {
    /// What a rule's path means: itself, and with a star at its end everything that begins so.
    #[must_use]
    pub fn of(pattern: &str) -> Self {
        let beginning = pattern.trim_end_matches('*');
        if beginning.len() == pattern.len() {
            return Urls { turns: vec![SmolStr::new(pattern), SmolStr::new(format!("{pattern}\0"))] };
        }
        let turns = [Some(SmolStr::new(beginning)), after(beginning)];
        Urls { turns: turns.into_iter().flatten().collect() }
    }

    /// Whether a path is in it.
    #[must_use]
    pub fn contains(&self, path: &str) -> bool {
        self.turns.partition_point(|turn| turn.as_str() <= path) % 2 == 1
    }

    /// A path that is in it, one that begins with `/` if there is one.
    #[must_use]
    pub fn some(&self) -> Option<SmolStr> {
        let near = self.turns.iter().flat_map(|turn| {
            let plain = turn.trim_end_matches('\0');
            [SmolStr::new(plain), SmolStr::new(format!("{plain}/other")), SmolStr::new(format!("{plain}other")), turn.clone()]
        });
        let mut inside: Vec<SmolStr> =
            near.chain([SmolStr::new_static("/"), SmolStr::new_static("/other")]).filter(|path| self.contains(path)).collect();
        inside.sort_by_key(|path| (!path.starts_with('/'), path.contains('\0')));
        inside.into_iter().next()
    }

    /// As patterns: whole paths, and beginnings with a star. What begins inside another is not written apart; of a set
    /// with holes the beginnings alone are told.
    #[must_use]
    pub fn patterns(&self) -> Vec<SmolStr> {
        let turns: Vec<Option<&str>> = self.turns.iter().map(|turn| Some(turn.as_str())).chain([None]).collect();
        let spans = turns.chunks(2).filter_map(|pair| Some(((*pair.first()?)?, pair.get(1).copied().flatten())));
        spans
            .map(
                |(from, to)| if to.is_some_and(|to| to.strip_suffix('\0') == Some(from)) { from.into() } else { format!("{from}*").into() },
            )
            .collect()
    }
}

/// The first text after all that begin so; none after the last.
fn after(beginning: &str) -> Option<SmolStr> {
    let mut rest = beginning;
    while let Some(last) = rest.chars().next_back() {
        let before = rest.get(..rest.len() - last.len_utf8()).unwrap_or_default();
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        match next {
            Some(next) => return Some(SmolStr::new(format!("{before}{next}"))),
            None => rest = before,
        }
    }
    None
}

impl Set for Urls {
    fn none() -> Self {
        Urls { turns: Vec::new() }
    }

    fn all() -> Self {
        Urls { turns: vec![SmolStr::default()] }
    }

    fn combine(&self, other: &Self, keeps: Operation) -> Self {
        let places: BTreeSet<&SmolStr> = self.turns.iter().chain(&other.turns).collect();
        let mut turns = Vec::with_capacity(places.len());
        let mut inside = false;
        if keeps(false, false) {
            turns.push(SmolStr::default());
            inside = true;
        }
        for place in places {
            let now = keeps(self.contains(place), other.contains(place));
            if now != inside {
                inside = now;
                // At the very beginning it turns back what was turned above.
                if place.is_empty() && !turns.is_empty() { turns.clear() } else { turns.push(place.clone()) }
            }
        }
        Urls { turns }
    }

    fn is_none(&self) -> bool {
        self.turns.is_empty()
    }
}
