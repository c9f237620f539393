//! The same question with what decides it: sentences and objects, side by side.

use super::answer::{Answer, Verdict};
use super::ask::read;
use super::cite::Citation;
use super::lookup::Group;
use super::model::{Cluster, Model};
use super::{Wrong, shown};
use crate::semantics::ends::EndBox;
use crate::semantics::ports::PortSet;
use crate::verify::stack::{Action, Stack};
use crate::verify::why::{Asked, Matching, Near, Reasons, Respect, Side, reasons};

/// How many connections one question may explain.
const EXPLAINED: usize = 100;

/// An answer with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The answer.
    pub answer: Answer,
    /// For each pair of the answer, both sides.
    pub reasons: Vec<[SideReasons; 2]>,
    /// What no policy stops.
    pub never_stopped: Vec<String>,
    /// What is taken for granted.
    pub assumptions: Vec<String>,
}

/// Why one side lets a connection through, or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideReasons {
    /// `egress` or `ingress`.
    pub side: &'static str,
    /// Whose side it is.
    pub end: String,
    /// Whether it is a pod's: other ends have no side.
    pub is_pod: bool,
    /// What closes it but for what is allowed.
    pub isolated_by: Vec<Citation>,
    /// What lets the connection through.
    pub allowed_by: Vec<Citation>,
    /// What closes it whatever is allowed.
    pub denied_by: Vec<Citation>,
    /// Where nothing allows: what nearly does, and in what respect it does not.
    pub nearest: Option<(Citation, String)>,
}

impl Model {
    /// Answers a question and says what decides it.
    ///
    /// # Errors
    ///
    /// The question cannot be read, names somebody who is not known, or is about too many at once.
    pub fn why(&self, question: &str) -> Result<Why, Wrong> {
        let cluster = self.cluster();
        let answer = cluster.ask(question)?;
        if answer.pairs.len() > EXPLAINED {
            return Err(Wrong::new(format!("the question is about {} connections at once", answer.pairs.len()))
                .help("ask about one of them; `polc query` lists them"));
        }
        let read = read(question)?;
        let (sources, destinations) = (cluster.groups(&read.sources)?, cluster.destinations(&read.destinations)?);
        let find = |groups: &[Group], name: &str| groups.iter().find(|group| group.name == name).cloned();
        let mut all = Vec::new();
        for pair in &answer.pairs {
            let (Some(source), Some(destination)) = (find(&sources, &pair.source), find(&destinations, &pair.destination)) else {
                continue;
            };
            let asked = cluster.ports(&read.ports, &destination)?;
            all.push(cluster.both(&source, &destination, asked.as_ref(), pair.verdict));
        }
        Ok(Why { answer, reasons: all, never_stopped: never_stopped(), assumptions: self.assumptions() })
    }
}

impl Cluster<'_> {
    fn both(&self, source: &Group, destination: &Group, asked: Option<&PortSet>, verdict: Verdict) -> [SideReasons; 2] {
        let open = self.found(source, destination).passes.some;
        // Where no port was named, what is open is explained, and where nothing is, everything that is not.
        let wanted = match (asked, verdict) {
            (Some(asked), _) => asked.clone(),
            (None, Verdict::Denied | Verdict::Unknown) => PortSet::all(),
            (None, _) => open,
        };
        [Side::Egress, Side::Ingress].map(|side| {
            let end = if side == Side::Egress { source } else { destination };
            self.side(side, end, Asked::of(side, &source.ends, &destination.ends, &wanted))
        })
    }

    fn side(&self, side: Side, end: &Group, asked: Asked<'_>) -> SideReasons {
        let (meant, found) = (self.stack(side, true), self.stack(side, false));
        let mut told = SideReasons {
            side: if side == Side::Egress { "egress" } else { "ingress" },
            end: end.name.to_string(),
            is_pod: end.ends.boxes.iter().any(|end| matches!(end, EndBox::Pods { .. })),
            isolated_by: Vec::new(),
            allowed_by: Vec::new(),
            denied_by: Vec::new(),
            nearest: None,
        };
        if told.is_pod {
            for stack in meant.into_iter().chain(found) {
                self.tell(&mut told, side, reasons(stack, asked));
            }
        }
        told
    }

    /// What decides: the policy as it is written, and objects of others.
    fn stack(&self, side: Side, meant: bool) -> Option<&Stack> {
        let sides = if meant {
            self.model.basis.policies.then_some(&self.model.meant)
        } else {
            self.model.world.as_ref().map(|world| &world.sides)
        };
        sides.map(|sides| if side == Side::Egress { &sides.egress } else { &sides.ingress })
    }

    fn tell(&self, told: &mut SideReasons, side: Side, reasons: Reasons) {
        let Reasons { isolated_by, matching, nearest } = reasons;
        told.isolated_by.extend(isolated_by.iter().filter_map(|origin| self.cite(*origin, side)));
        let by = |action| matching.iter().filter(move |matching: &&Matching| matching.action == action);
        told.allowed_by.extend(by(Action::Allow).filter_map(|matching| self.cite_matching(matching, side)));
        told.denied_by.extend(by(Action::Deny).filter_map(|matching| self.cite_matching(matching, side)));
        for list in [&mut told.isolated_by, &mut told.allowed_by, &mut told.denied_by] {
            let mut seen = std::collections::BTreeSet::new();
            list.retain(|citation| seen.insert((citation.file.clone(), citation.line, citation.column, citation.text.clone())));
        }
        if told.allowed_by.is_empty() && told.nearest.is_none() {
            told.nearest = nearest.and_then(|near| Some((self.cite(near.rule, side)?, self.respect(&near))));
        }
    }

    fn cite_matching(&self, matching: &Matching, side: Side) -> Option<Citation> {
        let mut citation = self.cite(matching.rule, side)?;
        citation.ports = shown::ports(&matching.ports);
        Some(citation)
    }

    fn respect(&self, near: &Near) -> String {
        match &near.respect {
            Respect::Ports(ports, names) => {
                let named = names.iter().map(|name| format!("port \"{name}\""));
                let ports = Some(shown::ports(ports)).filter(|ports| !ports.is_empty());
                format!("it is for {}", ports.into_iter().chain(named).collect::<Vec<_>>().join(", "))
            }
            Respect::Peers(ends) => format!("it is for {}", self.shown(ends)),
            Respect::Subjects(ends) => format!("it is about {}", self.shown(ends)),
        }
    }

    /// Ends as the language writes them; workloads by their names.
    fn shown(&self, ends: &[EndBox]) -> String {
        let one = |end: &EndBox| match end {
            EndBox::Pods { pods, addresses } if *addresses == crate::semantics::addresses::AddressSet::all() => Some(self.called(pods)),
            // Pods that hold addresses are told by the addresses.
            EndBox::Pods { .. } => None,
            EndBox::Outside(addresses) => Some(shown::addresses(addresses, &crate::semantics::addresses::AddressSet::all(), &self.names)),
        };
        let mut all: Vec<String> = ends.iter().filter_map(one).collect();
        all.sort();
        all.dedup();
        if all.is_empty() { "nobody".to_owned() } else { all.join(", ") }
    }

    fn called(&self, pods: &crate::semantics::pods::PodBox) -> String {
        let own = self.known.at_home(pods);
        let same = |workload: &super::known::Workload| {
            workload.pods.pod == own.pod && workload.pods.namespace == own.namespace && !own.pod.is_any()
        };
        let name =
            self.known.workloads.iter().find(|(_, workload)| same(workload)).map(|((namespace, name), _)| format!("{namespace}/{name}"));
        name.unwrap_or_else(|| shown::peer(pods))
    }
}

/// docs/src/reference/isolation.md.
fn never_stopped() -> Vec<String> {
    [
        "connections between a pod and its own node, and what runs in that node's network",
        "pods in the host network, which are no pods to a policy",
        "replies, and connections that are already open",
    ]
    .map(str::to_owned)
    .to_vec()
}
