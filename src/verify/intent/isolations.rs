//! Who is closed, and what stays open to name servers all the same.

use std::collections::BTreeMap;

use smallvec::smallvec;

use crate::ir::{self, Isolation};
use crate::semantics::ends::EndBox;
use crate::verify::stack::{Action, Origin, Policy, Rule};

use super::Draft;
use super::ends::{Ends, Reader};

/// Adds every isolation of the cluster, and the way to DNS of each that keeps it.
pub(super) fn read(reader: &Reader<'_>, policy: &ir::Policy, draft: &mut Draft) {
    let here = policy.isolations.iter().filter(|isolation| isolation.clusters.contains(&reader.cluster.name));
    let isolated: Vec<(&Isolation, Ends)> = here.map(|isolation| (isolation, reader.pods(&isolation.subject))).collect();
    let mut silent = Silent::default();
    isolated.iter().filter(|(isolation, _)| isolation.sides.egress && !isolation.dns).for_each(|(_, pods)| silent.add(pods));
    let servers = reader.name_servers();
    for (isolation, pods) in &isolated {
        if isolation.sides.egress && isolation.dns {
            draft.egress.allows.extend(way_to(&servers, silent.cut_out_of(pods), reader));
        }
        let closed = Policy { origin: Origin::Sentence(isolation.sentence), subjects: pods.clone(), rules: Vec::new() };
        if closed.subjects.is_empty() {
            continue;
        }
        if isolation.sides.ingress {
            draft.ingress.isolations.push(closed.clone());
        }
        if isolation.sides.egress {
            draft.egress.isolations.push(closed);
        }
    }
}

fn way_to(servers: &Ends, pods: Ends, reader: &Reader<'_>) -> Option<Policy> {
    let ports = reader.cluster.dns.ports.clone();
    let rule = Rule { origin: Origin::Default, action: Action::Allow, peers: servers.clone(), ports, named: smallvec![], doubt: false };
    (!pods.is_empty() && !servers.is_empty()).then(|| Policy { origin: Origin::Default, subjects: pods, rules: vec![rule] })
}

/// The pods of isolations that say `without dns`, by the namespace's name where there is one.
#[derive(Debug, Default)]
struct Silent<'a> {
    of: BTreeMap<&'a str, Vec<&'a EndBox>>,
    anywhere: Vec<&'a EndBox>,
}

fn namespace(end: &EndBox) -> Option<&str> {
    match end {
        EndBox::Pods { pods, .. } => pods.namespace_name(),
        EndBox::Outside(_) => None,
    }
}

impl<'a> Silent<'a> {
    fn add(&mut self, pods: &'a Ends) {
        for end in pods {
            match namespace(end) {
                Some(name) => self.of.entry(name).or_default().push(end),
                None => self.anywhere.push(end),
            }
        }
    }

    fn cut_out_of(&self, pods: &Ends) -> Ends {
        let one = |end: &EndBox| {
            let rest = cut(vec![end.clone()], &self.anywhere);
            match namespace(end) {
                Some(name) => cut(rest, self.of.get(name).map(Vec::as_slice).unwrap_or_default()),
                None => self.of.values().fold(rest, |rest, silent| cut(rest, silent)),
            }
        };
        pods.iter().flat_map(one).collect()
    }
}

fn cut(ends: Vec<EndBox>, silent: &[&EndBox]) -> Vec<EndBox> {
    silent.iter().fold(ends, |rest, silent| rest.iter().flat_map(|end| end.difference(silent)).collect())
}
