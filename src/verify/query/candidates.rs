//! Of many sources and destinations, the pairs between which something may pass, without a look at each pair.
//!
//! Every side says whom it may reach; most name a namespace. A pair that is left out is closed for certain; one
//! that is found need not be open.

use std::collections::BTreeMap;

use super::{Ends, Judge, Side, is_pods, pieces, side};
use crate::semantics::ends::EndBox;
use crate::semantics::labels::Word;
use crate::verify::index::names;

/// Whom one side of some ends may reach.
enum Reach {
    /// Nothing is known but by asking: every pair is to be looked at.
    Ask,
    /// Only some of these, the groups by their places.
    Some(Vec<EndBox>, Vec<u32>),
    /// Some of these, which may be anywhere.
    Broad(Vec<EndBox>),
}

/// Ends by the namespaces they are in.
#[derive(Default)]
struct Places<'e> {
    named: BTreeMap<&'e Word, Vec<u32>>,
    /// Those that may be in any namespace, or are no pods.
    elsewhere: Vec<u32>,
}

impl Judge<'_> {
    /// The pairs (source, destination) between which something may pass, by their places, sorted.
    pub(crate) fn candidates(&self, sources: &[&Ends], destinations: &[&Ends]) -> Vec<(u32, u32)> {
        let (from, to) = (Places::of(sources), Places::of(destinations));
        let leaving: Vec<Reach> = sources.iter().map(|ends| to.reach(self.reached(ends))).collect();
        let entering: Vec<Reach> = destinations.iter().map(|ends| from.reach(self.reaching(ends))).collect();
        let mut pairs = Vec::new();
        for (number, reach) in (0..).zip(&entering) {
            match reach {
                Reach::Ask => pairs.extend((0..).zip(sources).map(|(source, _)| (source, number))),
                Reach::Some(_, list) => pairs.extend(list.iter().map(|source| (*source, number))),
                Reach::Broad(_) => {}
            }
        }
        let broad: Vec<u32> =
            (0..).zip(&entering).filter(|(_, reach)| matches!(reach, Reach::Broad(_))).map(|(number, _)| number).collect();
        for (number, reach) in (0..).zip(&leaving) {
            match reach {
                Reach::Ask => pairs.extend((0..).zip(destinations).map(|(destination, _)| (number, destination))),
                Reach::Some(_, list) => pairs.extend(list.iter().filter(|to| broad.binary_search(to).is_ok()).map(|to| (number, *to))),
                Reach::Broad(_) => pairs.extend(broad.iter().map(|to| (number, *to))),
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs.retain(|(source, destination)| {
            let (source, destination) = (*source as usize, *destination as usize);
            let (Some(out), Some(into)) = (leaving.get(source), entering.get(destination)) else { return false };
            let asks = matches!(out, Reach::Ask) || matches!(into, Reach::Ask);
            asks || (out.meets(destinations.get(destination)) && into.meets(sources.get(source)))
        });
        pairs
    }

    /// Whom sources may reach by their own side; none: that cannot be said of all destinations at once.
    fn reached(&self, ends: &Ends) -> Option<Vec<EndBox>> {
        let (kinds, too_many) = pieces(&self.egress, &ends.boxes);
        // What a rule with a port's name opens is another thing at each destination.
        let by_name = |kind: &EndBox| self.names.egress && is_pods(kind) && side::selected_names_ports(&self.egress, kind);
        if too_many || kinds.iter().any(by_name) {
            return None;
        }
        all_of(kinds.iter().map(|kind| self.leaves(kind, &Ends::default())))
    }

    /// Who may reach destinations by their own side.
    fn reaching(&self, ends: &Ends) -> Option<Vec<EndBox>> {
        let (kinds, too_many) = pieces(&self.ingress, &ends.boxes);
        if too_many { None } else { all_of(kinds.iter().map(|kind| self.enters(kind, ends))) }
    }
}

/// The other ends of all sides together.
fn all_of(sides: impl Iterator<Item = Option<std::rc::Rc<Side>>>) -> Option<Vec<EndBox>> {
    let mut all = Vec::new();
    for side in sides {
        match side {
            None => all.extend(EndBox::everyone()),
            Some(side) if side.named.is_empty() => all.extend(side.passes.iter().map(|part| part.end.clone())),
            Some(_) => return None,
        }
    }
    Some(all)
}

impl Reach {
    fn meets(&self, others: Option<&&Ends>) -> bool {
        let (Reach::Some(boxes, _) | Reach::Broad(boxes)) = self else { return true };
        others.is_some_and(|others| others.boxes.iter().any(|other| boxes.iter().any(|own| !own.is_disjoint(other))))
    }
}

impl<'e> Places<'e> {
    fn of(all: &[&'e Ends]) -> Self {
        let mut places = Places::default();
        for (number, ends) in (0..).zip(all) {
            match ends.boxes.iter().map(names).collect::<Option<Vec<_>>>() {
                None => places.elsewhere.push(number),
                Some(lists) => lists.into_iter().flatten().for_each(|name| places.named.entry(name).or_default().push(number)),
            }
        }
        places
    }

    fn reach(&self, boxes: Option<Vec<EndBox>>) -> Reach {
        let Some(boxes) = boxes else { return Reach::Ask };
        let is_broad = |end: &EndBox| is_pods(end) && names(end).is_none();
        if boxes.iter().any(is_broad) {
            return Reach::Broad(boxes);
        }
        let named = boxes.iter().filter_map(names).flatten().filter_map(|name| self.named.get(name)).flatten();
        let list = named.chain(&self.elsewhere).copied().collect();
        Reach::Some(boxes, list)
    }
}
