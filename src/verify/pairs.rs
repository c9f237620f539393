//! Who may connect to whom, over all pairs of many ends, in time of about the size of the answer.
//!
//! Ends that no policy and no rule tells apart are one group. A rule whose peers are few groups
//! leads to them (`narrow`); so every pair that such a rule is about is looked at, one by one. What
//! is left are pairs of which each side is open, or has a rule about many: there sources that behave
//! alike and destinations that behave alike are one block, whose pairs are not written out.

mod block;
mod boxes;
mod side;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::between::Ports;
use super::concrete::Concrete;
use super::decide::World;
use boxes::{Boxes, Member};
use side::SideOf;

/// All connections.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    /// Ends that behave alike, by their places in the list of ends; ordered by the first.
    pub(crate) groups: Vec<Vec<u32>>,
    /// Pairs of groups (source, destination) looked at one by one, sorted, with their ports: none, where
    /// the pair is an exception to a block.
    pub(crate) single: Vec<(u32, u32, Ports)>,
    /// Every source with every destination, but for the pairs in `single`.
    pub(crate) blocks: Vec<Block>,
}

/// Groups that all have the same ports with one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// Groups, sorted.
    pub(crate) sources: Vec<u32>,
    /// Groups, sorted.
    pub(crate) destinations: Vec<u32>,
    /// Not none.
    pub(crate) ports: Ports,
}

/// A group: what tells its ends from others.
struct Group<'a> {
    /// One of the ends.
    end: &'a Concrete,
    /// The boxes of rules' peers that hold it, sorted.
    member: Vec<Member>,
    egress: SideOf,
    ingress: SideOf,
}

/// The connections between the ends. An end may be its own source and destination: a workload of
/// several pods talks to itself.
pub(crate) fn all(world: &World<'_>, ends: &[Concrete]) -> Pairs {
    let mut boxes = Boxes::new([&world.egress, &world.ingress]);
    let (groups, list) = group(world, &boxes, ends);
    boxes.enter(list.iter().map(|group| group.member.as_slice()));
    let mut pairs = Pairs { groups, ..Pairs::default() };
    let mut open = BTreeMap::new();
    for (number, group) in (0..).zip(&list) {
        block::enter(&mut open, &boxes, number, group);
    }
    pairs.blocks = block::blocks(world, &boxes, &list, open);
    pairs.single = single(world, &boxes, &list);
    let in_block = |source: u32, destination: u32| pairs.blocks.iter().any(|block| block.holds(source, destination));
    pairs.single.retain(|(source, destination, ports)| !ports.possible.is_empty() || in_block(*source, *destination));
    pairs
}

impl Block {
    fn holds(&self, source: u32, destination: u32) -> bool {
        self.sources.binary_search(&source).is_ok() && self.destinations.binary_search(&destination).is_ok()
    }
}

/// The ends in groups, and what each group is.
fn group<'a>(world: &World<'_>, boxes: &Boxes<'_>, ends: &'a [Concrete]) -> (Vec<Vec<u32>>, Vec<Group<'a>>) {
    let mut numbers: BTreeMap<_, usize> = BTreeMap::new();
    let (mut groups, mut list): (Vec<Vec<u32>>, Vec<Group<'a>>) = (Vec::new(), Vec::new());
    for (at, end) in (0..).zip(ends) {
        let member = boxes.holding(end);
        let (egress, ingress) = (side::selecting(&world.egress, end), side::selecting(&world.ingress, end));
        let key = (member.clone(), egress.clone(), ingress.clone(), side::named_ports(end));
        let number = *numbers.entry(key).or_insert(groups.len());
        match groups.get_mut(number) {
            Some(group) => group.push(at),
            None => {
                groups.push(vec![at]);
                let side = |index, selecting| SideOf::new(index, boxes, selecting);
                list.push(Group { end, member, egress: side(&world.egress, egress), ingress: side(&world.ingress, ingress) });
            }
        }
    }
    (groups, list)
}

/// Every pair that a narrow rule of one of the two is about.
fn single(world: &World<'_>, boxes: &Boxes<'_>, groups: &[Group<'_>]) -> Vec<(u32, u32, Ports)> {
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for (number, group) in (0..).zip(groups) {
        pairs.extend(group.egress.narrow(boxes).map(|other| (number, other)));
        pairs.extend(group.ingress.narrow(boxes).map(|other| (other, number)));
    }
    pairs.sort_unstable();
    pairs.dedup();
    let ports = |(source, destination): (u32, u32)| {
        let (from, to) = (groups.get(source as usize)?, groups.get(destination as usize)?);
        Some((source, destination, side::ports(world, from, to)))
    };
    pairs.into_iter().filter_map(ports).collect()
}
