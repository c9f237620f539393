//! Workloads: their pods, ports, Services and service account.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use std::rc::Rc;

use smallvec::SmallVec;
use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::facts::{Facts, WorkloadFacts};
use crate::ir::{self, WorkloadPort};
use crate::semantics::labels::{Labels, Values};
use crate::semantics::ports::{PortSet, Protocol};
use crate::source::Span;
use crate::syntax::tree::{self, Kind, PortDeclaration, PortKind, PortNumbers, Sentence, Word};

use super::entry::Declared;
use super::gather::Gather;
use super::names::{Becomes, check, shortened};
use super::place::{Block, Node};
use super::report::Report;
use super::table::Table;
use super::{later, number, selector};

/// Takes a workload's declaration; its `isolate` is kept for the second pass.
pub(super) fn declare<'a>(gather: &mut Gather<'a, '_>, node: Node<'a>, block: &Rc<Block>) {
    let Kind::Workload(written) = &node.sentence.kind else { return };
    let sound = check(&written.name, Becomes::Name, "a workload", gather.report);
    let declared = sound.then(|| read(written, gather.report));
    let is_broken = declared.as_ref().is_none_or(Declared::is_broken);
    gather.out.table.unread |= is_broken;
    let Some(entry) = gather.out.table.own_mut(&block.home) else { return };
    let Some(declared) = declared else {
        entry.broken = true;
        return;
    };
    entry.unread |= is_broken;
    match entry.workloads.entry(written.name.text.clone()) {
        Slot::Occupied(first) => gather.report.push(declared_twice(&written.name, first.get().workload.declared)),
        Slot::Vacant(slot) => {
            slot.insert(declared);
        }
    }
    if let Some(isolation) = &written.isolation {
        if block.external {
            let headline = format!("`{}` cannot be isolated here: its namespace is external", written.name.text);
            gather.report.push(
                Diagnostic::new(Code::ExternalNamespace, isolation.span, headline)
                    .help("remove `isolate`: the namespace's owner decides about it"),
            );
            return;
        }
        gather.state(node, block);
    }
}

/// A workload as its block says.
fn read(written: &tree::Workload, report: &mut Report) -> Declared {
    let mut declared = named(written.name.text.clone(), Some(written.name.span));
    read_lines(written.body.iter().flatten(), &mut declared, report);
    if !declared.is_broken() {
        check_service_ports(written.body.iter().flatten(), &declared, report);
    }
    declared
}

/// A workload of which only the name is known.
fn named(name: SmolStr, declared: Option<Span>) -> Declared {
    Declared::new(ir::Workload { name, selector: None, ports: SmallVec::new(), services: Vec::new(), service_account: None, declared })
}

fn read_lines<'s>(lines: impl Iterator<Item = &'s Sentence>, declared: &mut Declared, report: &mut Report) {
    let mut stated: BTreeMap<&str, Span> = BTreeMap::new();
    for line in lines {
        let word = later::word(&line.kind);
        let once = matches!(line.kind, Kind::Select(_) | Kind::ServiceAccount(_));
        if once && let Some(first) = stated.insert(word, line.keyword) {
            report.push(stated_twice(word, line.keyword, first));
            declared.beside().broken = true;
            continue;
        }
        read_line(line, declared, report);
    }
}

/// Names of pod ports behind a Service that the workload does not declare.
fn check_service_ports<'s>(lines: impl Iterator<Item = &'s Sentence>, declared: &Declared, report: &mut Report) {
    let known = |name: &str| declared.workload.ports.iter().any(|port| port.name.as_deref() == Some(name));
    for line in lines {
        let Kind::Service { ports, .. } = &line.kind else { continue };
        let inner = ports.iter().filter_map(|(_, inner)| match &inner.kind {
            PortKind::Name(word) => Some(word),
            PortKind::Numbers(numbers) => Some(&numbers.numbers).filter(|word| !number::is_numeric(word)),
            PortKind::Tls | PortKind::Icmp | PortKind::Protocol(_) => None,
        });
        for word in inner.filter(|word| !known(&word.text)) {
            report.push(unknown_pod_port(word, &declared.workload, report));
        }
    }
}

fn unknown_pod_port(word: &Word, workload: &ir::Workload, report: &Report) -> Diagnostic {
    let name = shortened(&word.text);
    let diagnostic = Diagnostic::new(Code::UnknownPort, word.span, format!("`{}` declares no port `{name}`", workload.name));
    match report.near(&word.text, workload.ports.iter().filter_map(|port| port.name.as_deref())) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("write the number of the pods' port, or declare it: `ports {name} NUMBER`")),
    }
}

fn stated_twice(word: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::ConflictingSettings, span, format!("`{word}` is stated twice in this workload"))
        .also(first, "first stated here")
        .help("keep one of the two; conditions that must all hold are joined by commas")
}

fn read_line(line: &Sentence, declared: &mut Declared, report: &mut Report) {
    match &line.kind {
        Kind::Select(requirements) => {
            declared.workload.selector = selector::labels(requirements, report);
            if declared.workload.selector.is_none() {
                declared.beside().broken = true;
            }
        }
        Kind::Ports(declarations) => {
            declared.workload.ports.reserve_exact(declarations.len());
            declarations.iter().for_each(|d| port(d, declared, report));
        }
        Kind::Service { name, ports } => {
            if check(name, Becomes::DnsLabel, "a Service", report) {
                let one = |(outer, inner): &(PortNumbers, tree::Port)| {
                    Some((name.text.clone(), outer.numbers.text.parse().ok()?, pod_port(&inner.kind)?))
                };
                declared.beside().services.extend(ports.iter().filter_map(one));
                if ports.is_empty() {
                    declared.beside().service = Some(name.text.clone());
                }
            }
        }
        Kind::ServiceAccount(name) => {
            if check(name, Becomes::Subdomain, "a service account", report) {
                declared.workload.service_account = Some(name.text.clone());
            }
        }
        _ => report.push(later::misplaced(line, "in a workload")),
    }
}

fn pod_port(kind: &PortKind) -> Option<SmolStr> {
    match kind {
        PortKind::Name(word) => Some(word.text.clone()),
        PortKind::Numbers(numbers) => Some(numbers.numbers.text.clone()),
        PortKind::Tls | PortKind::Icmp | PortKind::Protocol(_) => None,
    }
}

fn port(written: &PortDeclaration, declared: &mut Declared, report: &mut Report) {
    let Some(ports) = number::ports(&written.numbers, &[Protocol::Tcp], report) else {
        declared.beside().broken = true;
        return;
    };
    let name = written.name.as_ref().map(|word| word.text.clone());
    if let Some(word) = &written.name
        && declared.workload.ports.iter().any(|p| p.name == name)
    {
        report.push(
            Diagnostic::new(Code::DuplicateDeclaration, word.span, format!("the port `{}` is declared twice", word.text))
                .help("remove one, or give it another name"),
        );
        return;
    }
    declared.workload.ports.push(WorkloadPort { name, ports, tls: written.tls.is_some() });
}

fn declared_twice(name: &Word, first: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::DuplicateDeclaration, name.span, format!("the workload `{}` is declared twice", name.text))
        .help("merge the two, or give one another name");
    first.into_iter().fold(diagnostic, |d, span| d.also(span, "first declared here"))
}

/// Adds the workloads of the manifests, and says what they and declared ones disagree on.
pub(super) fn add_facts(table: &mut Table<'_>, facts: &Facts, report: &mut Report) {
    let by_cluster = table.workload_label.clone();
    for ((namespace, name), found) in &facts.workloads {
        let entry = table.entry(namespace);
        let label = entry.workload_label.as_ref().map(|(key, _)| key.clone()).or_else(|| by_cluster.clone());
        let declared = entry.workloads.entry(name.into()).or_insert_with(|| found_workload(name, found));
        declared.beside().host_network = found.host_network.then(|| found.file.clone());
        declared.beside().pod_labels = Some(found.pod_labels.clone());
        if let Some(label) = label
            && let Some(problem) = check_facts(namespace, declared, &label, found)
        {
            report.push(problem);
        }
    }
}

fn found_workload(name: &str, found: &WorkloadFacts) -> Declared {
    let mut declared = named(name.into(), None);
    let selector = found.selector.iter().fold(Labels::any(), |all, (key, value)| all.and(key.clone(), Values::one_of([value.clone()])));
    declared.workload.selector = Some(selector);
    declared.workload.service_account = found.service_account.as_deref().map(SmolStr::from);
    declared.workload.ports = found
        .ports
        .iter()
        .map(|port| {
            let protocol = Protocol::ALL.into_iter().find(|p| p.as_str() == port.protocol).unwrap_or(Protocol::Tcp);
            WorkloadPort {
                name: port.name.as_deref().map(SmolStr::from),
                ports: PortSet::range(protocol, port.number, port.number),
                tls: false,
            }
        })
        .collect();
    declared
}

/// What the manifests and a declared workload of one name disagree on.
fn check_facts(namespace: &str, declared: &Declared, label: &str, found: &WorkloadFacts) -> Option<Diagnostic> {
    let place = declared.workload.declared?;
    let name = &declared.workload.name;
    let selector = declared.workload.selector.clone().unwrap_or_else(|| Labels::equal(label, name.clone()));
    if !selector.admits(&found.pod_labels) {
        let headline = format!("the {} `{namespace}/{name}` does not have the labels of this workload", found.kind);
        let carried = found.pod_labels.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(", ");
        return Some(
            Diagnostic::new(Code::WorkloadDiffersFromManifest, place, headline)
                .note(format!("its pods carry {carried} ({})", found.file))
                .help("put the labels of its pods into `select`"),
        );
    }
    let held = found.ports.iter().fold(PortSet::none(), |all, port| {
        Protocol::ALL
            .into_iter()
            .filter(|p| p.as_str() == port.protocol)
            .fold(all, |all, p| all.union(&PortSet::range(p, port.number, port.number)))
    });
    let missing = declared.workload.ports.iter().find(|port| !held.is_empty() && port.ports.intersection(&held).is_empty())?;
    let shown = missing.name.clone().unwrap_or_else(|| super::port::shown(&missing.ports).into());
    let headline = format!("no container of `{namespace}/{name}` names the port `{shown}`");
    Some(
        Diagnostic::new(Code::WorkloadDiffersFromManifest, place, headline)
            .note(format!("{} names {}", found.file, super::port::shown(&held)))
            .help("check the number: a pod's port is meant, not that of its Service"),
    )
}

/// The labels that a declared workload's pods carry for certain.
pub(super) fn certain_labels(declared: &Declared, label: &str) -> BTreeMap<String, String> {
    if let Some(labels) = declared.pod_labels() {
        return labels.clone();
    }
    let selector = declared.workload.selector.clone().unwrap_or_else(|| Labels::equal(label, declared.workload.name.clone()));
    selector.iter().filter_map(|(key, values)| Some((key.to_owned(), values.only()?.to_owned()))).collect()
}
