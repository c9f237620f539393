//! What passes where something is not understood: the answer is certain if it is the same whichever way that decides.

use super::answer::Verdict;
use super::controller::led;
use super::lookup::Group;
use super::model::Cluster;
use crate::semantics::ports::PortSet;
use crate::verify::query::{Judge, Passes};
use crate::verify::stack::{Action, Sides};
use crate::verify::why::Side;

/// What decides if all that is not understood opens, and if all of it closes.
#[derive(Debug)]
pub(super) struct Extremes<T> {
    pub(super) most: T,
    pub(super) least: T,
}

impl Extremes<Sides> {
    /// None: all is understood.
    pub(super) fn of(world: &crate::verify::world::World) -> Option<Self> {
        world.is_in_doubt().then(|| Extremes { most: world.if_all(Action::Allow), least: world.if_all(Action::Deny) })
    }

    pub(super) fn judges(&self) -> Extremes<Judge<'_>> {
        Extremes { most: Judge::new(&self.most), least: Judge::new(&self.least) }
    }
}

/// What passes between two groups.
#[derive(Debug)]
pub(super) struct Found {
    /// By what is understood.
    pub(super) passes: Passes,
    /// At most and at least, where something is not.
    doubt: Option<Extremes<Passes>>,
    /// What is said where nothing passes: of the host network that it is denied cannot be said.
    closed: Verdict,
}

impl Cluster<'_> {
    /// What passes between two groups.
    pub(super) fn found(&self, source: &Group, destination: &Group) -> Found {
        let passes = |judge: &Judge<'_>| led(judge.passes(&source.ends, &destination.ends), source, destination);
        let reaches = |side, group: &Group| self.model.not_understood(side, &group.ends.boxes).next().is_some();
        let in_doubt = self.extremes.as_ref().filter(|_| reaches(Side::Egress, source) || reaches(Side::Ingress, destination));
        let doubt = in_doubt.map(|judges| Extremes { most: passes(&judges.most), least: passes(&judges.least) });
        Found { passes: passes(&self.judge), doubt, closed: self.on_hosts(Verdict::Denied, [source, destination]) }
    }

    /// What could matter between two groups and is not understood.
    pub(super) fn not_understood(&self, source: &Group, destination: &Group) -> impl Iterator<Item = String> {
        let of =
            |side, group: &Group| self.model.not_understood(side, &group.ends.boxes).map(|what| self.model.told(what)).collect::<Vec<_>>();
        of(Side::Egress, source).into_iter().chain(of(Side::Ingress, destination))
    }
}

impl Found {
    /// Whether nothing hangs on what is not understood.
    pub(super) fn is_certain(&self) -> bool {
        self.doubt.as_ref().is_none_or(|found| found.most == found.least)
    }

    /// The answer in a word, for the ports asked about; none: the question is which.
    pub(super) fn verdict(&self, asked: Option<&PortSet>) -> Verdict {
        let found = self.by_policies(asked);
        if found == Verdict::Denied { self.closed } else { found }
    }

    fn by_policies(&self, asked: Option<&PortSet>) -> Verdict {
        let Some(Extremes { most, least }) = &self.doubt else { return verdict(&self.passes, asked) };
        let found = verdict(most, asked);
        let whole = match found {
            Verdict::Denied => true,
            Verdict::Allowed => asked.is_some(),
            Verdict::Partly | Verdict::Unknown => false,
        };
        let same = verdict(least, asked) == found && (whole || within(most, asked) == within(least, asked));
        if same { found } else { Verdict::Unknown }
    }
}

/// What passes of some ports.
fn within(passes: &Passes, asked: Option<&PortSet>) -> Passes {
    let Some(asked) = asked else { return passes.clone() };
    let mut within = passes.clone();
    within.all = within.all.intersection(asked);
    within.some = within.some.intersection(asked);
    within.open.iter_mut().for_each(|open| open.ports = open.ports.intersection(asked));
    within.open.retain(|open| !open.ports.is_empty());
    within
}

fn verdict(found: &Passes, asked: Option<&PortSet>) -> Verdict {
    if found.too_many {
        return Verdict::Unknown;
    }
    let some = asked.map_or(!found.some.is_empty(), |asked| !found.some.is_disjoint(asked));
    let all = asked.map_or(!found.all.is_empty(), |asked| asked.is_subset(&found.all) && !asked.is_empty());
    match (all, some) {
        (true, _) => Verdict::Allowed,
        (false, true) => Verdict::Partly,
        (false, false) if !found.named.is_empty() => Verdict::Partly,
        (false, false) => Verdict::Denied,
    }
}
