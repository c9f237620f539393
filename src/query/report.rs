//! Everything that may connect, in as few lines as say it: the effect of a policy, to be kept beside it.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::Wrong;
use super::everyone::OUTSIDE;
use super::lookup::Group;
use super::model::{Cluster, Model};
use super::text;

/// How many ends `except` may name.
const EXCEPT: usize = 3;

/// Numbers of groups.
type Members = BTreeSet<usize>;

impl Model {
    /// Who is isolated, and every connection that may pass, ends that behave alike together: one line
    /// each, sorted, so that two reports can be compared line by line.
    ///
    /// # Errors
    ///
    /// There is nobody to report on.
    pub fn reachability(&self) -> Result<String, Wrong> {
        let cluster = self.cluster();
        let gathered = Gathered::of(cluster.everyone());
        let mut out = format!("# cluster {}\n", self.cluster.name);
        out.push_str(&cluster.isolated(&gathered));
        out.push_str(&cluster.connections(&gathered)?);
        Ok(out)
    }
}

impl Cluster<'_> {
    fn isolated(&self, gathered: &Gathered<'_>) -> String {
        let mut sides: BTreeMap<&str, Members> = BTreeMap::new();
        for (number, group) in gathered.groups.iter().enumerate() {
            let closed: Vec<(bool, bool)> = group.ends.boxes.iter().map(|end| self.judge.isolates(end)).collect();
            let (ingress, egress) = (closed.iter().any(|(ingress, _)| *ingress), closed.iter().any(|(_, egress)| *egress));
            let side = match (ingress, egress) {
                (true, true) => "isolated",
                (true, false) => "isolated ingress",
                (false, true) => "isolated egress",
                (false, false) => continue,
            };
            sides.entry(side).or_default().insert(number);
        }
        let lines =
            sides.iter().flat_map(|(side, members)| gathered.names(members).into_iter().map(move |name| format!("{side}: {name}\n")));
        lines.collect()
    }

    fn connections(&self, gathered: &Gathered<'_>) -> Result<String, Wrong> {
        let mut by_destination: BTreeMap<(usize, String), Members> = BTreeMap::new();
        for (from, to) in self.may_pass(gathered.groups, gathered.groups) {
            let (Some(source), Some(destination)) = (gathered.groups.get(from), gathered.groups.get(to)) else { continue };
            let ports = self.pair(source, destination, None).map(|pair| text::open(&pair)).unwrap_or_default();
            if !ports.is_empty() {
                by_destination.entry((to, ports)).or_default().insert(from);
            }
        }
        let mut alike: BTreeMap<(Members, String), Members> = BTreeMap::new();
        for ((to, ports), sources) in by_destination {
            alike.entry((sources, ports)).or_default().insert(to);
        }
        let mut lines = BTreeSet::new();
        for ((sources, ports), destinations) in &alike {
            for source in gathered.names(sources) {
                lines.extend(gathered.names(destinations).iter().map(|destination| format!("{source} -> {destination}  {ports}\n")));
            }
        }
        Ok(lines.into_iter().collect())
    }
}

/// A namespace; none: those that nobody names.
type Home<'g> = Option<&'g SmolStr>;

/// All groups, and how several of them are called together.
struct Gathered<'g> {
    groups: &'g [Group],
    /// The groups of pods of each namespace.
    homes: BTreeMap<Home<'g>, Members>,
}

impl<'g> Gathered<'g> {
    fn of(groups: &'g [Group]) -> Self {
        let mut homes: BTreeMap<Home<'g>, Members> = BTreeMap::new();
        for (number, group) in groups.iter().enumerate().filter(|(_, group)| is_pods(group)) {
            homes.entry(group.home.as_ref()).or_default().insert(number);
        }
        Gathered { groups, homes }
    }

    /// Some groups in few words: `shop/pods`, `any/pods except shop/pods`, `anywhere`.
    fn names(&self, members: &Members) -> BTreeSet<SmolStr> {
        if members.len() == self.groups.len() {
            return ["anywhere".into()].into();
        }
        let mut names = BTreeSet::new();
        let mut homes = BTreeMap::new();
        for group in members.iter().filter_map(|number| self.groups.get(*number)) {
            if is_pods(group) {
                homes.extend(self.homes.get_key_value(&group.home.as_ref()));
            } else {
                names.insert(group.name.clone());
            }
        }
        let (whole, some): (BTreeMap<_, _>, BTreeMap<_, _>) = homes.into_iter().partition(|(_, all)| all.is_subset(members));
        if whole.contains_key(&None) {
            let other = self.homes.keys().filter(|home| !whole.contains_key(home));
            let except: Vec<String> = other.copied().flatten().map(|home| format!("{home}/pods")).collect();
            names.insert(if except.is_empty() { "any/pods".into() } else { format!("any/pods except {}", except.join(", ")).into() });
        } else {
            names.extend(whole.into_keys().copied().flatten().map(|home| SmolStr::from(format!("{home}/pods"))));
        }
        for (home, all) in some {
            names.extend(self.some_of(*home, all, members));
        }
        names
    }

    /// Some of a namespace's groups: by what is missing, where that is little.
    fn some_of(&self, home: Option<&SmolStr>, all: &Members, members: &Members) -> Vec<SmolStr> {
        let called = |members: Members| members.into_iter().filter_map(|number| self.groups.get(number)).map(|group| group.name.clone());
        let present: Members = all.intersection(members).copied().collect();
        let missing: Members = all.difference(members).copied().collect();
        match home {
            Some(home) if missing.len() <= EXCEPT && present.len() > 2 * missing.len() => {
                let missing: Vec<SmolStr> = called(missing).collect();
                vec![format!("{home}/pods except {}", missing.join(", ")).into()]
            }
            _ => called(present).collect(),
        }
    }
}

fn is_pods(group: &Group) -> bool {
    group.name != OUTSIDE
}
