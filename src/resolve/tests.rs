//! Text in, IR and diagnostics out.

use super::{Input, resolve};
use crate::diagnostic::{Diagnostic, settle};
use crate::ir::facts::Facts;
use crate::ir::{Policy, Sentence};
use crate::source::{SourceFile, Sources};
use crate::syntax;

mod access;
mod clauses;
mod clusters;
mod facts;
mod includes;
mod isolation;
mod lists;
mod namespaces;
mod order;
mod peers;
mod ports;
mod sentence;
mod templates;
mod tls;

/// What came of a policy set.
#[derive(Debug)]
struct Outcome {
    sources: Sources,
    policy: Policy,
    diagnostics: Vec<Diagnostic>,
}

/// A policy set to try.
#[derive(Debug, Default)]
struct Case {
    files: Vec<SourceFile>,
    included: Vec<SourceFile>,
    facts: Facts,
    today: Option<String>,
    incomplete: bool,
}

impl Case {
    fn file(mut self, name: &str, text: &str) -> Self {
        self.files.push(SourceFile { name: name.to_owned(), text: text.to_owned() });
        self
    }

    fn included(mut self, name: &str, text: &str) -> Self {
        self.included.push(SourceFile { name: name.to_owned(), text: text.to_owned() });
        self
    }

    fn facts(mut self, facts: Facts) -> Self {
        self.facts = facts;
        self
    }

    fn on(mut self, today: &str) -> Self {
        self.today = Some(today.to_owned());
        self
    }

    fn incomplete(mut self) -> Self {
        self.incomplete = true;
        self
    }

    fn run(self) -> Outcome {
        let sources = Sources::new(self.files);
        let parsed: Vec<_> = sources.iter().map(|(id, file)| syntax::parse(id, &file.text)).collect();
        let unread: Vec<_> = parsed.iter().flat_map(|(_, found)| found).collect();
        assert!(unread.is_empty(), "the text is read: {unread:?}");
        let trees: Vec<_> = parsed.into_iter().map(|(tree, _)| tree).collect();
        let input = Input {
            sources: &sources,
            trees: &trees,
            included: &self.included,
            facts: &self.facts,
            today: self.today.as_deref(),
            incomplete: self.incomplete,
        };
        let (policy, mut diagnostics) = resolve(&input);
        settle(&mut diagnostics);
        Outcome { sources, policy, diagnostics }
    }
}

/// Resolves one file.
fn run(text: &str) -> Outcome {
    Case::default().file("p.polc", text).run()
}

/// Resolves one file that has nothing wrong with it.
fn sound(text: &str) -> Outcome {
    let outcome = run(text);
    assert!(outcome.diagnostics.is_empty(), "{:#?}", outcome.shown());
    outcome
}

impl Outcome {
    /// Every diagnostic as `code at «text»: headline | help`.
    fn shown(&self) -> Vec<String> {
        let one = |d: &Diagnostic| {
            let place = d.primary.as_ref().map_or("", |label| self.sources.slice(label.span));
            format!("{} at «{place}»: {} | {}", d.code.as_str(), d.headline, d.help.join(" / "))
        };
        self.diagnostics.iter().map(one).collect()
    }

    /// The places beside the first one.
    fn others(&self) -> Vec<&str> {
        self.diagnostics.iter().flat_map(|d| &d.secondary).map(|label| self.sources.slice(label.span)).collect()
    }

    /// Every flow as `allow SOURCES -> DESTINATION PORTS, …`, an opened end with `!`.
    fn flows(&self) -> Vec<String> {
        self.policy.flows.iter().map(shown::flow).collect()
    }

    /// Every isolation.
    fn isolations(&self) -> Vec<String> {
        self.policy.isolations.iter().map(shown::isolation).collect()
    }

    fn sentences(&self) -> &[Sentence] {
        &self.policy.sentences
    }
}

mod shown {
    use crate::ir::{Destination, Flow, Isolation, Peer, PeerKind, Ports, Verdict};
    use crate::semantics::labels::{Labels, Test};

    pub(super) fn flow(flow: &Flow) -> String {
        let verdict = if flow.verdict == Verdict::Allow { "allow" } else { "deny" };
        let to = flow.destinations.iter().map(destination).collect::<Vec<_>>().join(", ");
        format!("{verdict} {} -> {to}{}", ends(&flow.sources.list, &flow.sources.except), except(&flow.except))
    }

    pub(super) fn isolation(isolation: &Isolation) -> String {
        let sides = match (isolation.sides.ingress, isolation.sides.egress) {
            (true, true) => "both",
            (true, false) => "ingress",
            (false, _) => "egress",
        };
        let dns = if isolation.dns { "" } else { " without dns" };
        format!("{sides} {}{dns}", ends(&isolation.subject.list, &isolation.subject.except))
    }

    fn destination(destination: &Destination) -> String {
        let ports = match &destination.ports {
            Ports::AsTheClusterSays => "as-the-cluster-says".to_owned(),
            Ports::These(ports) if ports.is_all() => "all".to_owned(),
            Ports::These(ports) => {
                let icmp = if ports.has_icmp() { "icmp" } else { "" };
                [super::super::port::shown(ports), icmp.to_owned()].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(", ")
            }
        };
        format!("{} [{ports}]", peer(&destination.peer))
    }

    fn ends(list: &[Peer], out: &[Peer]) -> String {
        format!("{}{}", list.iter().map(peer).collect::<Vec<_>>().join(", "), except(out))
    }

    fn except(out: &[Peer]) -> String {
        if out.is_empty() { String::new() } else { format!(" except {}", out.iter().map(peer).collect::<Vec<_>>().join(", ")) }
    }

    fn peer(peer: &Peer) -> String {
        let kind = match &peer.kind {
            PeerKind::Workload { namespace, name, selector: None } => format!("{namespace}/{name}"),
            PeerKind::Workload { namespace, name, selector: Some(pods) } => format!("{namespace}/{name}({})", labels(pods)),
            PeerKind::Pods { namespace, pods } => format!("{namespace}/pods({})", labels(pods)),
            PeerKind::PodsOf { namespaces, pods } => format!("namespaces({})/pods({})", labels(namespaces), labels(pods)),
            PeerKind::ServiceAccount { namespace, name } => format!("serviceaccount {namespace}/{name}"),
            PeerKind::Addresses(crate::ir::Address::Listed(list, _)) => format!("{list}:addresses"),
            PeerKind::Addresses(_) | PeerKind::Anywhere | PeerKind::Ingress | PeerKind::Nodes | PeerKind::Dns | PeerKind::ApiServer => {
                peer.name.to_string()
            }
        };
        let own = if peer.except.is_empty() { String::new() } else { format!("({})", except(&peer.except).trim()) };
        format!("{kind}{own}{}", if peer.opens { "!" } else { "" })
    }

    fn labels(labels: &Labels) -> String {
        let one = |(key, test): (&str, &Test)| match test {
            Test::In(values) if values.len() == 1 => format!("{key}={}", values.concat()),
            Test::In(values) => format!("{key} in {}", values.join("|")),
            Test::NotIn(values) => format!("{key}!={}", values.join("|")),
            Test::Exists => format!("has {key}"),
            Test::DoesNotExist => format!("lacks {key}"),
        };
        let all = labels.iter().flat_map(|(key, values)| values.alternatives().concat().iter().map(|t| one((key, t))).collect::<Vec<_>>());
        all.collect::<Vec<_>>().join(",")
    }
}
