//! What each workload is open to beyond those who are there: pods and namespaces to come, and the world outside.

use std::collections::BTreeMap;

use super::Wrong;
use super::everyone::OUTSIDE;
use super::lookup::Group;
use super::model::{Cluster, Model};
use super::text;

/// How all pods together are called that are no known workload's.
const WHOLE_CLUSTER: &str = "any other pods";

impl Model {
    /// For each workload and side, who may connect that is no known workload: a line for each set of ports, sorted.
    ///
    /// # Errors
    ///
    /// There is no workload.
    pub fn exposure(&self) -> Result<String, Wrong> {
        let cluster = self.cluster();
        let (known, others): (Vec<&Group>, Vec<&Group>) = cluster.everyone().iter().partition(|group| group.workload.is_some());
        if known.is_empty() {
            return Err(Wrong::new("no workload is known").help("give the manifests of the workloads: `--manifests DIR`"));
        }
        let mut out = format!("# cluster {}\n", self.cluster.name);
        for workload in known {
            let ingress = cluster.open_to(&others, |other| (other, workload));
            let egress = cluster.open_to(&others, |other| (workload, other));
            for (side, word, open) in [("ingress", "from", ingress), ("egress", "to", egress)] {
                if open.is_empty() {
                    out.push_str(&format!("{} {side}: closed\n", workload.name));
                }
                for (ports, ends) in open {
                    out.push_str(&format!("{} {side} {word} {}  {ports}\n", workload.name, ends.join(", ")));
                }
            }
        }
        Ok(out)
    }
}

impl Cluster<'_> {
    /// Who of the others may connect, by ports.
    fn open_to<'g>(&self, others: &[&'g Group], pair: impl Fn(&'g Group) -> (&'g Group, &'g Group)) -> BTreeMap<String, Vec<String>> {
        let mut open: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for other in others {
            let (source, destination) = pair(other);
            let ports = self.pair(source, destination, None).map(|pair| text::open(&pair)).unwrap_or_default();
            if !ports.is_empty() {
                open.entry(ports).or_default().push(other.name.to_string());
            }
        }
        let pods = others.iter().filter(|group| group.name != OUTSIDE).count();
        for ends in open.values_mut() {
            let outside = ends.iter().any(|end| end == OUTSIDE);
            if ends.len() - usize::from(outside) == pods && pods > 0 {
                *ends = [WHOLE_CLUSTER].into_iter().chain(outside.then_some(OUTSIDE)).map(str::to_owned).collect();
            }
        }
        open
    }
}
