//! Pairs that no narrow rule is about, in blocks.

use std::collections::BTreeMap;

use super::boxes::{Boxes, Member};
use super::side::{self, Selecting, SideOf};
use super::{Block, Group};
use crate::semantics::ports::Protocol;
use crate::verify::decide::World;

/// What decides how a group behaves in a block: its policies of one side, the boxes of many groups that it is in, and, where
/// it is a destination, its ports' names.
type Kind<'a> = (Selecting, Vec<Member>, Vec<(&'a str, Protocol, u16)>);

/// Sources and destinations that behave alike.
pub(super) type Open<'a> = BTreeMap<(bool, Kind<'a>), Vec<u32>>;

/// Enters a group that may have connections in a block.
pub(super) fn enter<'a>(open: &mut Open<'a>, boxes: &Boxes<'_>, number: u32, group: &Group<'a>) {
    let broad: Vec<Member> = group.member.iter().filter(|(id, _)| !boxes.is_narrow(*id)).copied().collect();
    let mut add = |is_destination, side: &SideOf, ports| {
        if side.is_broad(boxes) {
            open.entry((is_destination, (side.selecting.clone(), broad.clone(), ports))).or_default().push(number);
        }
    };
    add(false, &group.egress, Vec::new());
    add(true, &group.ingress, side::named_ports(group.end));
}

/// The blocks through which something passes.
pub(super) fn blocks(world: &World<'_>, boxes: &Boxes<'_>, groups: &[Group<'_>], open: Open<'_>) -> Vec<Block> {
    let (destinations, sources): (Vec<_>, Vec<_>) = open.into_iter().partition(|((is_destination, _), _)| *is_destination);
    let mut blocks = Vec::new();
    for (_, from) in &sources {
        for (_, to) in &destinations {
            let first = |numbers: &[u32]| numbers.first().and_then(|number| groups.get(*number as usize));
            let (Some(source), Some(destination)) = (first(from), first(to)) else { continue };
            let ports = side::broad_ports(world, boxes, source, destination);
            if !ports.possible.is_empty() {
                blocks.push(Block { sources: from.clone(), destinations: to.clone(), ports });
            }
        }
    }
    blocks
}
